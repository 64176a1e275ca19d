"""Tiles show what is in force today, of the caller's own divisions, and no more."""

import random
from datetime import date, timedelta

import pytest
import shapely
import sqlalchemy as sa

from parcels.register import layers
from parcels.register.history import end_object, insert_version, next_object_id
from parcels.register.layers import LAYER_BY_NAME, LAYERS, PARCEL, Shape
from parcels.register.tiles import (
    _STATEMENTS,
    LABEL_ZOOM,
    PARCEL_ZOOM,
    TILE_LAYERS,
    TileAddress,
    find_tile_layer,
    read_mark,
    render_tile,
)
from tests.integration.register_rows import change, element, narrow
from tests.integration.vector_tiles import read_tile

OURS, THEIRS = "999901", "999902"
DAY = date(2026, 3, 1)
PAST = date(2020, 1, 1)
SPOT = shapely.Point(114.0005, 34.6005)
SQUARE = shapely.multipolygons([shapely.box(114.0, 34.6, 114.001, 34.601)])
LINE = shapely.multilinestrings([[(114.0, 34.6), (114.001, 34.601)]])
GEOMETRY = {
    Shape.AREA: SQUARE,
    Shape.PLACE: SQUARE,
    Shape.POINT: SPOT,
    Shape.LINE: LINE,
}
TILE = TileAddress(14, 13380, 6511)
"""The tile of zoom 14 that holds `SQUARE`."""

PARCEL_TILES = find_tile_layer("parcel")
MAPPED = [layer for layer in LAYERS if layer.shape in GEOMETRY]
OWN_DIVISIONS_ONLY = [layer for layer in MAPPED if layer is not layers.DIVISION]


def add(connection, opened, layer, code, *, valid_from=PAST, **more):
    """Insert an object of any layer at `SQUARE`; required attributes are filled."""
    values = {
        "object_id": next_object_id(connection),
        "code": code,
        "division_code": more.pop("division_code", OURS),
        "valid_from": valid_from,
        "geom": element(more.pop("geometry", GEOMETRY[layer.shape])),
    }
    for attribute in layer.attributes:
        if attribute.required:
            values[attribute.name] = attribute.values[0] if attribute.values else "x"
        if attribute.name == "mapped_area_m2":
            values[attribute.name] = 10_000.0
    if layer is layers.RESTRICTION_AREA:
        values["theme"] = "ecological_redline"
    insert_version(connection, opened, layer, values | more)
    return values["object_id"]


def add_both(connection, layer):
    """Insert one object of ours and one of theirs at the same place."""
    with change(connection, "9999") as opened:
        add(connection, opened, layer, "OURS" if layer.code_name == "code" else "A")
        add(connection, opened, layer, "THEIRS", division_code=THEIRS)


def codes(connection, name, address=TILE, day=DAY):
    """Codes drawn in a tile, over all its layers."""
    tile = read_tile(render_tile(connection, find_tile_layer(name), address, day))
    return {str(feature["code"]) for drawn in tile.values() for feature in drawn}


def tile_name(layer):
    return "ecological_redline" if layer is layers.RESTRICTION_AREA else layer.name


@pytest.mark.parametrize("layer", OWN_DIVISIONS_ONLY, ids=lambda layer: layer.name)
@pytest.mark.parametrize("zoom", [14, LABEL_ZOOM])
def test_no_tile_shows_a_feature_of_another_division(service, layer, zoom):
    address = TILE if zoom == 14 else TileAddress(16, TILE.x * 4 + 1, TILE.y * 4 + 3)
    with service(scope="9999") as connection:
        add_both(connection, layer)
        assert "THEIRS" in codes(connection, tile_name(layer), address)
        narrow(connection, OURS)
        drawn = codes(connection, tile_name(layer), address)
        assert len(drawn) == 1 and "THEIRS" not in drawn


def test_every_mapped_layer_of_the_register_can_be_drawn():
    assert {layer.name for layer in MAPPED} <= TILE_LAYERS.keys()


@pytest.mark.parametrize("name", sorted(TILE_LAYERS))
def test_a_caller_without_a_division_sees_nothing(service, name):
    with service(scope=OURS) as connection:
        with change(connection) as opened:
            add(connection, opened, LAYER_BY_NAME.get(name, PARCEL), "A")
        narrow(connection, "")
        assert codes(connection, name) == set()


def test_boundaries_of_other_counties_are_drawn(service):
    with service(scope="9999") as connection:
        with change(connection, "9999") as opened:
            for code in (OURS, THEIRS):
                add(connection, opened, layers.DIVISION, code, division_code=code)
        narrow(connection, OURS)
        assert codes(connection, "division") == {OURS, THEIRS}


def test_a_theme_is_drawn_from_its_own_areas_only(service):
    with service() as connection:
        with change(connection) as opened:
            for theme in ("ecological_redline", "flood_way"):
                add(connection, opened, layers.RESTRICTION_AREA, theme, theme=theme)
        assert codes(connection, "flood_way") == {"flood_way"}
        assert codes(connection, "restriction_area") == {
            "ecological_redline",
            "flood_way",
        }


@pytest.mark.parametrize(("geometry", "drawn"), [(SQUARE, "enterprise"), (SPOT, "")])
def test_an_enterprise_tells_its_audits_and_emission(service, geometry, drawn):
    told = {
        "clean_production_audited_on": date(2023, 6, 30),
        "clean_production_due_on": date(2028, 6, 30),
        "heavy_metal_emission_kg": 12.5,
        "heavy_metal_emission_year": 2023,
    }
    with service() as connection:
        with change(connection) as opened:
            add(connection, opened, layers.ENTERPRISE, "E", geometry=geometry, **told)
        layer = find_tile_layer("enterprise")
        tile = read_tile(render_tile(connection, layer, TILE, DAY))
    (found,) = tile[drawn or "enterprise_spot"]
    assert {name: str(found[name]) for name in told} == {
        name: str(value) for name, value in told.items()
    }


@pytest.mark.parametrize(
    ("day", "drawn"),
    [
        (date(2026, 2, 28), set()),
        (date(2026, 3, 1), {"A"}),
        (date(2026, 3, 31), {"A"}),
        (date(2026, 4, 1), set()),
    ],
)
def test_a_version_is_drawn_from_its_first_day_until_before_its_end(
    service, day, drawn
):
    with service() as connection:
        with change(connection) as opened:
            add(
                connection,
                opened,
                PARCEL,
                "A",
                valid_from=date(2026, 3, 1),
                valid_to=date(2026, 4, 1),
            )
        assert codes(connection, "parcel", day=day) == drawn


def test_a_plot_closed_as_an_error_is_not_drawn(service):
    with service() as connection:
        with change(connection) as opened:
            add(connection, opened, layers.PLOT, "A", stage="closed_error")
        assert codes(connection, "plot") == set()


def test_a_plot_known_as_a_point_says_so(service):
    with service() as connection:
        with change(connection) as opened:
            add(connection, opened, layers.PLOT, "A", geometry=SPOT)
        tile = read_tile(render_tile(connection, find_tile_layer("plot"), TILE, DAY))
    assert [plot["point_only"] for plot in tile["plot_spot"]] == [True]
    assert "plot" not in tile


def test_a_parcel_below_half_a_pixel_is_left_out(service):
    speck = shapely.multipolygons([shapely.box(114.0, 34.6, 114.00001, 34.60001)])
    with service() as connection:
        with change(connection) as opened:
            add(
                connection,
                opened,
                PARCEL,
                "A",
                geometry=speck,
                mapped_area_m2=1.0,
            )
        wide = TileAddress(PARCEL_ZOOM, TILE.x >> 2, TILE.y >> 2)
        close = TileAddress(18, TILE.x * 16 + 4, TILE.y * 16 + 13)
        assert codes(connection, "parcel", wide) == set()
        assert codes(connection, "parcel", close) == {"A"}


# Sums of townships


def township(connection, day=DAY):
    """The sums of each township drawn, by code: parcels, area, plots."""
    tile = render_tile(connection, find_tile_layer("township"), TILE, day)
    return {
        row["code"]: (row["parcels"], row["area_m2"], row["plots"])
        for row in read_tile(tile).get("township", [])
    }


def test_a_township_tells_its_parcels_their_area_and_its_plots(service):
    with service() as connection:
        with change(connection) as opened:
            add(connection, opened, layers.DIVISION, "999901101")
            for code in ("A", "B"):
                add(connection, opened, PARCEL, code, township_code="999901101")
            add(connection, opened, layers.PLOT, "P")
        assert township(connection) == {"999901101": (2, 20_000, 1)}


def test_parcels_of_a_township_without_boundary_count_with_their_county(service):
    with service() as connection:
        with change(connection) as opened:
            add(connection, opened, layers.DIVISION, OURS)
            add(connection, opened, PARCEL, "A", township_code="999901999")
            add(connection, opened, PARCEL, "B", township_code=None)
        assert township(connection) == {OURS: (2, 20_000, 0)}


def test_a_county_all_of_whose_parcels_are_in_townships_has_no_sum(service):
    with service() as connection:
        with change(connection) as opened:
            add(connection, opened, layers.DIVISION, OURS)
            add(connection, opened, layers.DIVISION, "999901101")
            add(connection, opened, PARCEL, "A", township_code="999901101")
        assert township(connection).keys() == {"999901101"}


def test_sums_of_another_county_are_not_shown(service):
    with service(scope="9999") as connection:
        with change(connection, "9999") as opened:
            add(connection, opened, layers.DIVISION, THEIRS, division_code=THEIRS)
            add(connection, opened, PARCEL, "A", division_code=THEIRS)
        assert township(connection) == {THEIRS: (1, 10_000, 0)}
        narrow(connection, OURS)
        assert township(connection) == {}


def test_sums_follow_every_edit_of_the_register(service):
    """The kept sums equal a fresh count on any day, whatever was done before."""
    dice = random.Random(20260301)
    days = [PAST + timedelta(days=100 * step) for step in range(10)]
    with service() as connection:
        objects = []
        for turn in range(60):
            with change(connection) as opened:
                if objects and dice.random() < 0.4:
                    code, born = objects.pop(dice.randrange(len(objects)))
                    on = born + timedelta(days=dice.randint(1, 400))
                    end_object(connection, opened, PARCEL, code, on)
                else:
                    born = dice.choice(days)
                    add(
                        connection,
                        opened,
                        PARCEL,
                        f"A{turn}",
                        valid_from=born,
                        township_code=dice.choice(["999901101", "999901102", None]),
                    )
                    objects.append((f"A{turn}", born))
        for day in [*days, DAY]:
            assert _kept_sums(connection, day) == _fresh_sums(connection, day)


def _kept_sums(connection, day):
    statement = sa.text(
        "select township_code, sum(parcels) from registry.township_tally"
        " where on_day <= :day group by 1 having sum(parcels) <> 0"
    )
    return dict(connection.execute(statement, {"day": day}).tuples().all())


def _fresh_sums(connection, day):
    statement = sa.text(
        "select coalesce(township_code, division_code), count(*) from registry.parcel"
        " where closed_by is null and valid_from <= :day"
        " and (valid_to is null or valid_to > :day) group by 1"
    )
    return dict(connection.execute(statement, {"day": day}).tuples().all())


# The mark of a layer


def number(connection, name):
    return read_mark(connection, find_tile_layer(name)).number


def test_a_layer_nobody_wrote_has_the_number_nought(service):
    with service() as connection:
        assert number(connection, "river") == 0


def test_a_change_raises_the_number_of_its_own_layer_only(service):
    with service() as connection:
        with change(connection) as opened:
            add(connection, opened, PARCEL, "A")
        before = number(connection, "parcel"), number(connection, "plot")
        with change(connection) as opened:
            add(connection, opened, layers.PLOT, "P")
        after = number(connection, "parcel"), number(connection, "plot")
    assert before[0] == after[0] and before[1] < after[1]


def test_ending_an_object_raises_the_number(service):
    with service() as connection:
        with change(connection) as opened:
            add(connection, opened, PARCEL, "A")
        before = number(connection, "parcel")
        with change(connection) as opened:
            end_object(connection, opened, PARCEL, "A", DAY)
        assert number(connection, "parcel") > before


def test_a_change_of_another_county_is_not_seen_in_the_number(service):
    with service(scope="9999") as connection:
        with change(connection, "9999") as opened:
            add(connection, opened, PARCEL, "A")
        narrow(connection, OURS)
        before = number(connection, "parcel")
        narrow(connection, "9999")
        with change(connection, "9999") as opened:
            add(connection, opened, PARCEL, "B", division_code=THEIRS)
        assert number(connection, "parcel") > before
        narrow(connection, OURS)
        assert number(connection, "parcel") == before


def test_township_sums_follow_changes_of_parcels_and_of_plots(service):
    with service() as connection:
        with change(connection) as opened:
            add(connection, opened, PARCEL, "A")
        first = number(connection, "township")
        with change(connection) as opened:
            add(connection, opened, layers.PLOT, "P")
        assert number(connection, "township") > first > 0


@pytest.mark.parametrize("layer", MAPPED, ids=lambda layer: layer.name)
def test_every_mapped_layer_keeps_its_mark(schema, layer):
    with schema.owner() as connection:
        triggers = connection.execute(
            sa.text(
                "select tgname from pg_trigger where tgrelid = to_regclass(:table)"
                " and tgname like 'written_mark_%' order by 1"
            ),
            {"table": f"registry.{layer.name}"},
        ).scalars()
        assert list(triggers) == ["written_mark_close", "written_mark_open"]


# The plan


@pytest.mark.parametrize("name", sorted(_STATEMENTS.keys() - {"mark", "township"}))
def test_a_tile_is_found_by_the_spatial_index_under_row_level_security(service, name):
    west, south, east, north = TILE.box()
    parameters = {
        **{"z": TILE.z, "x": TILE.x, "y": TILE.y, "day": DAY},
        **{"west": west, "south": south, "east": east, "north": north},
        **{"least_m2": 0.0, "theme": "ecological_redline"},
    }
    with service() as connection:
        cursor = connection.connection.cursor()
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("explain " + _STATEMENTS[name], parameters)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Cond: (geom &&" in plan or "Index Cond: (reach &&" in plan
    assert "Seq Scan" not in plan


@pytest.mark.parametrize("zoom", [14, LABEL_ZOOM])
def test_areas_are_told_to_a_hundredth_of_a_square_metre(service, zoom):
    address = TILE if zoom == 14 else TileAddress(16, TILE.x * 4 + 1, TILE.y * 4 + 3)
    with service(scope=OURS) as connection:
        with change(connection) as opened:
            add(connection, opened, PARCEL, "A", mapped_area_m2=13_955.573_821_9)
        drawn = read_tile(render_tile(connection, PARCEL_TILES, address, DAY))
    assert [one["mapped_area_m2"] for one in drawn["parcel"]] == [13_955.57]
