"""Who holds a place is remembered by tiles, and never told where two might."""

from datetime import UTC, date, datetime

import shapely

from screening.known_ground import GRID, KnownGround
from screening.neighbourhood import County, Coverage

DAY = date(2026, 3, 1)
CHANGED = datetime(2026, 2, 1, tzinfo=UTC)
STATE = (CHANGED, DAY)
WEST, EAST = (1140, 340), (1141, 340)
"""Tiles from 114.0 to 114.1 and on to 114.2 degrees east, 34.0 to 34.1 north."""
INSIDE = (114.02, 34.02, 114.03, 34.03)
ACROSS = (114.09, 34.02, 114.11, 34.03)


def county(code, bounds):
    return County(code, code, code, shapely.box(*bounds))


def told(code, theme="plot", part=None):
    geometry = None if part is None else shapely.box(*part)
    return Coverage(theme, code, DAY, None, geometry)


def known(tiles):
    """Ground that was told these counties and statements of these tiles."""
    ground = KnownGround()
    for tile, counties, coverage in tiles:
        ground.learn(STATE, tile, (tuple(counties), tuple(coverage)))
    return ground


def filled(tile, code="410122"):
    return tile, [county(code, GRID.bounds(tile))], [told(code)]


def test_tile_that_was_not_learned_is_missing():
    assert KnownGround().missing(STATE, ACROSS) == [WEST, EAST]
    assert known([filled(WEST)]).missing(STATE, ACROSS) == [EAST]


def test_county_that_fills_a_tile_holds_every_place_in_it():
    (held,), coverage = known([filled(WEST)]).find(STATE, INSIDE)
    assert (held.division_code, held.geometry.bounds) == ("410122", INSIDE)
    assert coverage == (told("410122"),)


def test_another_state_is_not_answered_from_this_one():
    ground = known([filled(WEST)])
    assert ground.find((datetime(2026, 2, 2, tzinfo=UTC), DAY), INSIDE) is None
    assert ground.find((CHANGED, date(2026, 3, 2)), INSIDE) is None


def test_place_across_two_tiles_needs_both():
    assert known([filled(WEST)]).find(STATE, ACROSS) is None
    found = known([filled(WEST), filled(EAST)]).find(STATE, ACROSS)
    assert found[1] == (told("410122"),)


def test_place_across_two_counties_is_left_to_the_register():
    ground = known([filled(WEST), filled(EAST, "410123")])
    assert ground.find(STATE, ACROSS) is None


def test_county_holds_a_place_alone_only_away_from_its_neighbour():
    west = county("410122", (114.0, 34.0, 114.05, 34.1))
    east = county("410123", (114.05, 34.0, 114.1, 34.1))
    ground = known([(WEST, [west, east], [told("410122"), told("410123")])])
    (held,), coverage = ground.find(STATE, INSIDE)
    assert held.division_code == "410122"
    assert coverage == (told("410122"),)
    assert ground.find(STATE, (114.04, 34.02, 114.06, 34.03)) is None
    # Touching the neighbour's boundary is enough to have to ask.
    assert ground.find(STATE, (114.04, 34.02, 114.05, 34.03)) is None


def test_ground_of_no_county_is_left_to_the_register():
    assert known([(WEST, [], [])]).find(STATE, INSIDE) is None
    hole = county("410122", (114.025, 34.0, 114.1, 34.1))
    assert known([(WEST, [hole], [])]).find(STATE, INSIDE) is None


def test_word_on_a_part_is_told_once_and_only_where_it_reaches():
    near, far = (114.0, 34.0, 114.2, 34.1), (114.05, 34.05, 114.06, 34.06)
    coverage = [told("410122"), told("410122", "river", near), told("410122", "x", far)]
    tiles = [
        (tile, [county("410122", GRID.bounds(tile))], coverage) for tile in (WEST, EAST)
    ]
    assert known(tiles).find(STATE, ACROSS)[1] == tuple(coverage[:2])


def test_place_larger_than_four_tiles_is_left_to_the_register():
    ground = KnownGround()
    wide = (114.0, 34.0, 114.25, 34.15)
    assert ground.missing(STATE, wide) == []
    assert ground.find(STATE, wide) is None
