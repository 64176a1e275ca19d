"""What lies around a place is remembered by tiles, and found as the register would."""

import random
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest
import shapely

from screening import known_surroundings
from screening.known_surroundings import (
    BOXES,
    GRID,
    KnownSurroundings,
    Read,
    State,
)
from screening.neighbourhood import Feature

DAY = date(2026, 3, 1)
CHANGED = datetime(2026, 2, 1, tzinfo=UTC)
STATE = State(CHANGED, DAY, "999901")
WEST, EAST = (2280, 680), (2281, 680)
"""Tiles from 114.0 to 114.05 and on to 114.1 degrees east, 34.0 to 34.05 north."""
AREA, PLOT, WIDE = range(3)


def around(west, south, east, north, plot_deg=0.001, wide_deg=0.01):
    """The boxes of a place."""

    def grown(by):
        return west - by, south - by, east + by, north + by

    return dict(zip(BOXES, (grown(0.0), grown(plot_deg), grown(wide_deg)), strict=True))


INSIDE = around(114.02, 34.02, 114.021, 34.021)
ACROSS = around(114.049, 34.02, 114.051, 34.021)


def feature(number, geometry, layer="enterprise"):
    return Feature(
        theme=layer,
        layer=layer,
        code=f"F{number}",
        name=None,
        category=None,
        division_code="999901",
        geometry=geometry,
        attributes={},
        version_id=number,
    )


def read(number, bounds, box=WIDE, layer="enterprise"):
    shape = shapely.multipolygons([shapely.box(*bounds)])
    return Read(feature(number, shape, layer), bounds, box)


def known(*tiles, state=STATE):
    """Surroundings that were told these things of these tiles."""
    surroundings = KnownSurroundings()
    for tile, things, *of_others in tiles:
        surroundings.learn(state, tile, things, of_others)
    return surroundings


def found(surroundings, boxes, state=STATE):
    """Codes found around one place; None where the register is to be asked."""
    (answer,) = surroundings.find(state, [boxes])
    return None if answer is None else [each.code for each in answer.features]


NEAR = read(1, (114.025, 34.02, 114.026, 34.021))


def test_nothing_is_found_before_it_was_learned():
    surroundings = KnownSurroundings()
    assert surroundings.find(STATE, [INSIDE, ACROSS]) == [None, None]
    assert surroundings.find(STATE, []) == []


def test_place_in_a_known_tile_is_answered():
    surroundings = known((WEST, [NEAR]))
    assert found(surroundings, INSIDE) == ["F1"]
    assert found(surroundings, around(114.035, 34.035, 114.036, 34.036)) == []


def test_place_across_two_tiles_needs_both_and_finds_what_lies_in_both_once():
    both = read(2, (114.045, 34.02, 114.055, 34.021))
    assert found(known((WEST, [both])), ACROSS) is None
    assert found(known((WEST, [both]), (EAST, [both])), ACROSS) == ["F2"]


def test_things_of_several_layers_with_one_number_are_kept_apart():
    unit = read(1, NEAR.reach, layer="key_unit_list")
    assert found(known((WEST, [NEAR, unit])), INSIDE) == ["F1", "F1"]


@pytest.mark.parametrize(("box", "met"), [(AREA, False), (PLOT, False), (WIDE, True)])
def test_each_thing_is_looked_for_in_its_own_box(box, met):
    # Some 0.004 degrees east of the place: beyond the boxes of areas and of plots.
    surroundings = known((WEST, [read(1, (114.025, 34.02, 114.026, 34.021), box)]))
    assert found(surroundings, INSIDE) == (["F1"] if met else [])


def test_place_too_large_is_left_to_the_register():
    tiles = [((x, y), []) for x in range(2280, 2284) for y in range(680, 684)]
    assert found(known(*tiles), around(114.0, 34.0, 114.2, 34.2)) is None


def test_other_states_are_not_answered_from_this_one():
    surroundings = known((WEST, [NEAR]))
    for other in (
        STATE._replace(changed_at=CHANGED + timedelta(seconds=1)),
        STATE._replace(changed_at=CHANGED - timedelta(seconds=1)),
        STATE._replace(as_of=DAY + timedelta(1)),
        STATE._replace(scope="9999"),
        STATE._replace(scope="999902"),
    ):
        assert found(surroundings, INSIDE, other) is None


def test_what_a_later_change_left_behind_is_forgotten_and_not_learned_again():
    surroundings = known((WEST, [NEAR]))
    later = STATE._replace(changed_at=CHANGED + timedelta(microseconds=1))
    surroundings.learn(later, WEST, [], [])
    assert found(surroundings, INSIDE, later) == []
    surroundings.learn(STATE, WEST, [NEAR], [])
    assert found(surroundings, INSIDE) is None
    assert found(surroundings, INSIDE, later) == []


def test_callers_of_one_state_are_kept_side_by_side():
    surroundings = known((WEST, [NEAR]))
    surroundings.learn(STATE._replace(scope="9999"), WEST, [], [])
    assert found(surroundings, INSIDE) == ["F1"]
    assert found(surroundings, INSIDE, STATE._replace(scope="9999")) == []


def test_tile_is_worth_learning_after_it_was_asked_for_a_few_times():
    surroundings = KnownSurroundings()
    elsewhere = [around(110 + place, 30, 110.001 + place, 30.001) for place in range(4)]
    # None of them is asked for as often as it takes, all together are.
    for place in elsewhere * 4:
        assert surroundings.worth_learning(STATE, [place]) is None
    asked = [surroundings.worth_learning(STATE, [INSIDE] * 2) for _ in range(4)]
    assert asked == [None, None, None, WEST]


def test_of_several_tiles_the_one_most_asked_for_is_learned():
    surroundings = KnownSurroundings()
    asked = [ACROSS] * 11 + [INSIDE] * 13
    assert surroundings.worth_learning(STATE, asked) == WEST
    surroundings.learn(STATE, WEST, [NEAR], [])
    assert surroundings.worth_learning(STATE, [INSIDE] * 24) is None
    assert surroundings.worth_learning(STATE, [ACROSS] * 24) == EAST


def test_learning_takes_no_more_than_the_questions_that_had_to_be_asked():
    surroundings = KnownSurroundings()
    learned = [surroundings.worth_learning(STATE, [INSIDE] * 8) for _ in range(9)]
    assert learned == [None, None, WEST] * 3
    # What was not used is not saved up: after a pause as before.
    rarely = [around(100 + place, 30, 100.001 + place, 30.001) for place in range(60)]
    assert surroundings.worth_learning(STATE, rarely) is None
    learned = [surroundings.worth_learning(STATE, [INSIDE] * 8) for _ in range(3)]
    assert learned == [WEST, None, None]


def test_questions_of_another_state_do_not_count():
    surroundings = KnownSurroundings()
    assert surroundings.worth_learning(STATE, [INSIDE] * 23) is None
    later = STATE._replace(as_of=DAY + timedelta(1))
    assert surroundings.worth_learning(later, [INSIDE] * 23) is None
    assert surroundings.worth_learning(STATE, [INSIDE] * 30) is None
    assert surroundings.worth_learning(later, [INSIDE]) == WEST


def test_when_the_memory_is_full_nothing_more_is_learned(monkeypatch):
    monkeypatch.setattr(known_surroundings, "_MOST_KEPT", 1)
    surroundings = known((WEST, [NEAR]))
    assert surroundings.worth_learning(STATE, [ACROSS] * 30) is None
    assert found(surroundings, INSIDE) == ["F1"]


def test_border_is_clear_where_no_cell_of_the_search_is_anothers():
    # The search of the place goes from 114.01 to 114.031 east, 34.01 to 34.031 north.
    cell = 11_403 * 100_000 + 3_403
    for of_others, clear in (
        ([], True),
        ([cell], False),
        ([cell + 100_000], True),
        ([cell + 1], True),
        ([-1], False),
    ):
        (answer,) = known((WEST, [], *of_others)).find(STATE, [INSIDE])
        assert answer.border_clear is clear, of_others


def test_cells_of_a_tile_are_asked_for_beyond_its_edge():
    west, south, east, north = known_surroundings.cells_box(WEST)
    inner = GRID.bounds(WEST)
    assert west < inner[0] - 0.009
    assert south < inner[1] - 0.009
    assert east > inner[2] + 0.009
    assert north > inner[3] + 0.009


def test_what_has_holes_is_given_to_each_anew_and_all_else_is_shared():
    ring = shapely.box(114.02, 34.02, 114.03, 34.03)
    holed = shapely.multipolygons([ring.difference(ring.buffer(-0.002))])
    whole = shapely.multipolygons([ring])
    kept = [Read(feature(1, holed), ring.bounds, WIDE)]
    kept.append(Read(feature(2, whole), ring.bounds, WIDE))
    answers = known((WEST, kept)).find(STATE, [INSIDE, INSIDE])
    by_code = [
        {each.code: each.geometry for each in answer.features} for answer in answers
    ]
    assert [set(shapes) for shapes in by_code] == [{"F1", "F2"}] * 2
    assert by_code[0]["F1"] is not by_code[1]["F1"]
    assert all(shapes["F1"].equals_exact(holed) for shapes in by_code)
    assert by_code[0]["F2"] is by_code[1]["F2"]


def as_postgis(bounds):
    """Bounds as PostGIS keeps a box: single precision, never inside the true one."""
    low = [np.float32(value) for value in bounds[:2]]
    high = [np.float32(value) for value in bounds[2:]]
    low = [
        np.nextafter(kept, np.float32(-np.inf)) if float(kept) > value else kept
        for kept, value in zip(low, bounds[:2], strict=True)
    ]
    high = [
        np.nextafter(kept, np.float32(np.inf)) if float(kept) < value else kept
        for kept, value in zip(high, bounds[2:], strict=True)
    ]
    west, south, east, north = map(float, (*low, *high))
    return SimpleNamespace(west=west, south=south, east=east, north=north)


def meets(one, other):
    return (
        one.west <= other.east
        and one.east >= other.west
        and one.south <= other.north
        and one.north >= other.south
    )


def test_boxes_meet_as_those_of_postgis_do():
    """Box by box in plain arithmetic, many of them a hair apart."""
    chance = random.Random(11)
    place = around(114.02, 34.02, 114.021, 34.021)
    sides = [value for box in place.values() for value in (box[0], box[2])]
    heights = [value for box in place.values() for value in (box[1], box[3])]
    things = []
    for number in range(2_000):
        hair = chance.choice((0.0, 1e-9, 1e-7, 3e-6, 1e-5, 1e-3))
        west = chance.choice(sides) + chance.uniform(-hair, hair)
        south = chance.choice(heights) + chance.uniform(-hair, hair)
        size = chance.choice((0.0, 1e-6, 1e-3))
        if chance.random() < 0.5:
            west, south = west - size, south - size
        bounds = (west, south, west + size, south + size)
        things.append(Read(feature(number, shapely.Point(0, 0)), bounds, number % 3))
    boxes = [as_postgis(place[name]) for name in BOXES]
    expected = [
        each.feature.code
        for each in things
        if meets(as_postgis(each.reach), boxes[each.box])
    ]
    assert found(known((WEST, things)), place) == expected
    assert 400 < len(expected) < 1_600
