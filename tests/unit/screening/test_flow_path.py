"""What a river network can prove of the flow path of a new tailings pond (E10).

A pond of 100 m stands at the origin; the river runs 20 m east of it and north, away
from the origin. Metres east and north, drawn by hand.
"""

from dataclasses import replace

import pytest
from shapely import LineString, MultiLineString, Point, box

from parcels.local_plane import LocalPlane
from screening.extract import ExtractItem, Feature, Subject
from screening.facts.flow_path import RECEPTOR, RIVER, derive_flow_path
from screening.facts.nearness import surroundings
from tests.gate_builders import extract_of, multi, rules_in_force

PLANE = LocalPlane(114.0, 34.6)
NUMBERS = rules_in_force().parameters
POND = multi(PLANE.to_lonlat(box(-50, -50, 50, 50)))


def feature(theme, code, shape, accuracy_m=None, **attributes):
    return Feature(
        theme=theme,
        layer=theme,
        code=code,
        name=None,
        category=None,
        division_code="999901",
        geometry=PLANE.to_lonlat(shape),
        attributes=attributes,
        accuracy_m=accuracy_m,
    )


def reach(code, *points, down=None):
    line = MultiLineString([LineString(points)])
    return ExtractItem(
        feature(RIVER, code, line, downstream_code=down), "within", 0.0, 0.0, 20.0
    )


def home(shape, distance_m, relation="within", widened_m=0.0):
    item = ExtractItem(feature(RECEPTOR, "home", shape), relation, 0.0, 0.0, distance_m)
    return item._replace(widened_by_m=widened_m)


# The lower reach is named by the upper one: the way north is not a matter of drawing.
UPPER = reach("R1", (70, -300), (70, 100), down="R2")
LOWER = reach("R2", (70, 1500), (70, 100))
DOWN = home(box(100, 600, 120, 620), 553.0)
UP = home(box(100, -300, 120, -280), 239.0)
BEHIND = home(box(-400, 0, -380, 20), 330.0)


def path(rivers, receptors, **given):
    extract = extract_of(given)
    subject = Subject(POND, 10_000.0, ("999901",), ())
    themes = {
        **extract.themes,
        RIVER: extract.themes[RIVER]._replace(items=tuple(rivers)),
        RECEPTOR: extract.themes[RECEPTOR]._replace(items=tuple(receptors)),
    }
    extract = replace(extract, subject=subject, themes=themes)
    around = surroundings(extract, RECEPTOR, RECEPTOR)
    return derive_flow_path(extract, around, NUMBERS)


def test_a_home_beside_the_river_below_is_on_the_path():
    found = path([UPPER, LOWER], [DOWN])
    assert found.is_true
    assert [one.feature for one in found.evidence] == ["home"]


@pytest.mark.parametrize("aside", [UP, BEHIND])
def test_a_home_above_or_behind_is_not(aside):
    assert path([UPPER, LOWER], [aside]).is_false


@pytest.mark.parametrize("west", [169.98, 170.0])
def test_the_corridor_is_a_hundred_metres_and_its_edge_is_inside(west):
    # The river runs at 70 m east.
    beside = home(box(west, 600, west + 20, 620), 565.0)
    assert path([UPPER, LOWER], [beside]).is_true


def test_just_beyond_the_corridor_is_beside_the_path():
    beside = home(box(170.02, 600, 190, 620), 565.0)
    assert path([UPPER, LOWER], [beside]).is_false


def test_the_kilometre_counts_along_the_path():
    """The way leaves at the pond's nearest place, 20 m off; 1,000 m on it ends."""
    within = home(box(60, 900, 80, 920), 850.0)
    assert path([UPPER, LOWER], [within]).is_true
    # A bend of 700 m on the way: the same home lies 1,550 m down the river.
    bend = reach("R1", (70, -300), (70, 50), (420, 50), (420, 75), (70, 75), down="R2")
    lower = reach("R2", (70, 75), (70, 1500))
    assert path([bend, lower], [within]).is_false


def test_ground_between_pond_and_river_is_a_part_of_the_way():
    """The reach ends nowhere: what stands between is met all the same."""
    river = reach("R1", (140, -300), (140, 100), down="R2")
    lower = reach("R2", (140, 100), (140, 1500))
    between = home(box(60, 40, 65, 45), 10.0)
    assert path([river, lower], [between]).is_true


def test_without_a_river_near_nothing_is_proved():
    far = reach("R1", (500, -300), (500, 1500), down="R2")
    assert path([far], [DOWN]).is_unknown
    assert path([], [DOWN]).is_unknown


def test_a_river_that_ends_on_record_proves_what_it_meets_and_no_absence():
    named = reach("R1", (70, -300), (70, 700), down="R2")
    mouth = reach("R2", (70, 700), (75, 705))
    assert path([named, mouth], [DOWN]).is_true
    assert path([named, mouth], [BEHIND]).is_unknown


def test_a_direction_that_was_only_drawn_proves_nothing():
    drawn = reach("R1", (70, -300), (70, 1500))
    met = path([drawn], [DOWN])
    assert met.is_unknown and [one.feature for one in met.evidence] == ["home"]
    assert path([drawn], [BEHIND]).is_unknown


def test_a_home_that_cannot_be_placed_leaves_it_open():
    vague = home(Point(-60, 0), 0.0, "imprecise", widened_m=50.0)
    assert path([UPPER, LOWER], [vague]).is_unknown


def test_a_point_is_widened_as_in_every_distance():
    # 130 m from the river, known to 40 m.
    vague = home(Point(200, 600), 520.0, widened_m=40.0)
    assert path([UPPER, LOWER], [vague]).is_true


def test_a_home_on_the_ground_itself_needs_no_river():
    assert path([], [home(box(0, 0, 10, 10), 0.0, "on")]).is_true


def test_what_another_division_may_know_leaves_an_absence_open():
    hit = {"theme": RECEPTOR, "relation": "within", "within_m": 500.0}
    found = path([UPPER, LOWER], [BEHIND], border=[hit])
    assert found.is_unknown
    assert {one.cause for one in found.missing} == {"border"}


def test_ground_nobody_tells_of_leaves_an_absence_open():
    assert path([UPPER, LOWER], [BEHIND], no_coverage=[RECEPTOR]).is_unknown


def test_receptors_beyond_the_kilometre_are_not_followed():
    assert path([UPPER, LOWER], [home(box(60, 1100, 80, 1120), 1050.01)]).is_unknown
