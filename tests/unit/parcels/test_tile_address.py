"""Where a tile lies, and which names are layers."""

import math

import pytest

from parcels.register.tiles import (
    DEEPEST_ZOOM,
    TILE_LAYERS,
    ImpossibleTile,
    TileAddress,
    UnknownTileLayer,
    check_address,
    find_tile_layer,
)

MARGIN = 64 / 4096


def test_the_tile_of_zoom_nought_is_the_whole_sheet():
    west, south, east, north = TileAddress(0, 0, 0).box()
    assert (west, east) == (-180, 180)
    assert south < -85.06 < 85.06 < north


def test_a_tile_reaches_one_part_in_64_over_its_edges():
    west, _, east, _ = TileAddress(1, 1, 0).box()
    assert (west, east) == (-180 * MARGIN, 180)


def test_rows_count_from_the_north():
    upper, lower = (TileAddress(1, 0, row).box() for row in (0, 1))
    assert upper[3] > 85 and lower[1] < -85
    assert math.isclose(upper[1], -lower[3])


def test_half_a_pixel_grows_fourfold_with_each_zoom():
    near, far = (TileAddress(zoom, 0, 2**zoom // 2) for zoom in (15, 14))
    assert far.half_pixel_m2() / near.half_pixel_m2() == pytest.approx(4, rel=1e-3)


def test_half_a_pixel_at_the_equator_and_zoom_12_is_nearly_ten_metres_wide():
    # 40 075 017 m / 4096 tiles / 1024 half pixels = 9.55 m
    half = TileAddress(12, 0, 2048).half_pixel_m2()
    assert math.sqrt(half) == pytest.approx(9.555, abs=0.01)


@pytest.mark.parametrize(
    ("z", "x", "y"),
    [(0, 0, 0), (12, 4095, 4095), (DEEPEST_ZOOM, 0, 0)],
)
def test_tiles_of_the_scheme_are_accepted(z, x, y):
    check_address(TILE_LAYERS["plot"], TileAddress(z, x, y))


@pytest.mark.parametrize(
    ("z", "x", "y"),
    [(-1, 0, 0), (DEEPEST_ZOOM + 1, 0, 0), (12, 4096, 0), (12, 0, -1), (0, 0, 1)],
)
def test_tiles_outside_the_scheme_are_refused(z, x, y):
    with pytest.raises(ImpossibleTile):
        check_address(TILE_LAYERS["plot"], TileAddress(z, x, y))


@pytest.mark.parametrize(("zoom", "refused"), [(11, True), (12, False)])
def test_parcels_begin_at_zoom_12(zoom, refused):
    if refused:
        with pytest.raises(ImpossibleTile):
            check_address(TILE_LAYERS["parcel"], TileAddress(zoom, 0, 0))
    else:
        check_address(TILE_LAYERS["parcel"], TileAddress(zoom, 0, 0))


def test_a_theme_of_a_bureau_is_a_layer_of_its_own():
    layer = find_tile_layer("flood_way")
    assert (layer.theme, layer.tables) == ("flood_way", ("restriction_area",))


@pytest.mark.parametrize("name", ["", "Flood", "a-b", "x;y", "a'", "_a", "a" * 64])
def test_a_name_that_no_theme_can_have_is_unknown(name):
    with pytest.raises(UnknownTileLayer):
        find_tile_layer(name)
