"""Ways along rivers drawn with a ruler, in metres."""

import pytest
import shapely
from shapely import LineString, Point

from parcels.local_plane import LocalPlane
from screening.upstream.network import Network
from tests.builders import PLACE, make_feature

PLANE = LocalPlane(*PLACE)


def reach(code, *points, down=None, division="999901"):
    shape = PLANE.to_lonlat(shapely.MultiLineString([LineString(points)]))
    return make_feature(
        shape,
        theme="river",
        layer="river",
        code=code,
        division_code=division,
        attributes={"downstream_code": down},
    )


def follow(rivers, place, within_m=100.0, most_m=10_000.0):
    return Network(rivers, PLANE).follow(place, within_m, most_m)


MAIN = reach("A", (0, 0), (1000, 0), down="B")
BELOW = reach("B", (1000, 0), (3000, 0))


def test_a_way_goes_on_into_the_reach_that_is_named():
    way = follow([MAIN, BELOW], Point(400, 30))
    assert way.line.length == pytest.approx(2600, abs=0.01)
    assert (way.offset_m, way.ends, way.assumed) == (30.0, "network", False)


def test_a_way_is_cut_off_where_it_was_asked_to():
    way = follow([MAIN, BELOW], Point(400, 0), most_m=1000.0)
    assert way.ends == "reach" and way.line.length == pytest.approx(1000)
    assert way.line.coords[-1] == pytest.approx((1400, 0), abs=0.01)


def test_the_named_reach_tells_the_direction_not_the_drawing():
    drawn_upwards = reach("A", (1000, 0), (0, 0), down="B")
    way = follow([drawn_upwards, BELOW], Point(400, 0))
    assert way.line.length == pytest.approx(2600, abs=0.01)


def test_the_last_reach_runs_away_from_those_that_join_it():
    drawn_upwards = reach("B", (3000, 0), (1000, 0))
    way = follow([MAIN, drawn_upwards], Point(2000, 0))
    assert way.line.length == pytest.approx(1000, abs=0.01) and not way.assumed
    assert way.line.coords[-1] == pytest.approx((3000, 0), abs=0.01)


def test_a_lone_reach_runs_as_drawn_and_that_is_said():
    way = follow([reach("X", (0, 0), (500, 0))], Point(100, 0))
    assert way.assumed and way.line.length == pytest.approx(400, abs=0.01)


def test_a_tributary_goes_on_from_where_it_joins():
    side = reach("S", (2000, 800), (2000, 0), down="B")
    way = follow([MAIN, BELOW, side], Point(2000, 500))
    assert way.line.length == pytest.approx(500 + 1000, abs=0.01)


def test_a_place_far_from_every_reach_has_no_way():
    assert follow([MAIN, BELOW], Point(400, 100.5)) is None
    assert follow([MAIN, BELOW], Point(400, 99.5)) is not None
    assert follow([], Point(0, 0)) is None


def test_water_leaves_a_pond_on_the_river_where_the_river_does():
    pond = shapely.box(300, -50, 500, 50)
    way = follow([MAIN, BELOW], pond)
    assert way.line.coords[0] == pytest.approx((500, 0), abs=0.01)
    assert way.offset_m == 0


def test_reaches_that_lead_in_a_ring_end_the_way():
    ring = [
        reach("A", (0, 0), (100, 0), down="B"),
        reach("B", (100, 0), (100, 100), down="C"),
        reach("C", (100, 100), (0, 0), down="A"),
    ]
    assert follow(ring, Point(50, 0)).ends == "loop"


def test_a_named_reach_that_lies_elsewhere_ends_the_way():
    away = reach("B", (1100, 0), (3000, 0))
    assert follow([MAIN, away], Point(400, 0)).ends == "gap"


def test_a_reach_that_is_not_on_record_ends_the_way():
    way = follow([MAIN], Point(400, 0))
    assert way.ends == "network" and way.line.length == pytest.approx(600, abs=0.01)


def test_a_code_means_the_reach_of_the_own_division_first():
    theirs = reach("B", (1000, 0), (1000, 900), division="999902")
    way = follow([MAIN, theirs, BELOW], Point(400, 0))
    assert way.line.length == pytest.approx(2600, abs=0.01)
    assert follow([MAIN, theirs], Point(400, 0)).line.length == pytest.approx(1500)
