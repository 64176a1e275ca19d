"""Repeated points, points within the millimetre, spikes: squares of 10 m."""

import numpy as np
import pytest
import shapely
from shapely import Polygon

from parcels.surveys.checks.vertices import check_vertices
from tests.survey_files import EAST, NORTH, square_at
from tests.unit.parcels.surveys.candidate_rows import told


def ring(*points):
    return Polygon([(EAST + x, NORTH + y) for x, y in points])


def check(*geometries, srid=4526):
    rows = np.arange(1, len(geometries) + 1, dtype=np.int32)
    return list(check_vertices(np.array(geometries, dtype=object), rows, srid))


SQUARE = ((0, 0), (10, 0), (10, 10), (0, 10))


def test_squares_have_no_faults():
    ring_with_hole = shapely.difference(square_at(0, 0, 30), square_at(10, 10))
    assert check(square_at(0, 0), None, ring_with_hole, shapely.Point(1, 1)) == []


@pytest.mark.parametrize(
    ("distance", "kinds"),
    [
        (0.0, {"geometry_repeated_points": [1]}),
        (0.00009, {"geometry_repeated_points": [1]}),
        (0.0005, {"geometry_close_vertices": [1]}),
        (0.0015, {}),
    ],
)
def test_distance_to_the_vertex_before(distance, kinds):
    points = (*SQUARE[:2], (10, distance), *SQUARE[2:])
    assert told(check(ring(*points))) == kinds


def test_vertex_repeated_at_the_end_of_the_ring_is_seen():
    closed = ring(*SQUARE, (0, 0), (0, 0))
    assert told(check(closed)) == {"geometry_repeated_points": [1]}


def test_second_ring_and_second_part_are_looked_at():
    hole = [(EAST + x, NORTH + y) for x, y in ((2, 2), (2, 4), (2, 4), (4, 4))]
    holed = Polygon(square_at(0, 0).exterior, [hole])
    (issue,) = check(square_at(50, 0), shapely.MultiPolygon([square_at(20, 0), holed]))
    assert (issue.kind, issue.rows.tolist()) == ("geometry_repeated_points", [2])
    assert issue.details["x"] == ["38500002"]


# The tip lies 10 m beyond the edge on a base of 10 m × 2 × tan(angle ÷ 2).
@pytest.mark.parametrize(
    ("degrees", "kinds"), [(0.99, {"geometry_spike": [1]}), (1.01, {})]
)
@pytest.mark.parametrize("turn", range(4))
def test_spike_is_an_angle_below_one_degree_wherever_the_ring_begins(
    degrees, kinds, turn
):
    half = 10 * np.tan(np.radians(degrees / 2))
    points = ((0, 0), (10, 0), (10, 5 - half), (20, 5), (10, 5 + half), (10, 10))
    moved = points[turn:] + points[:turn]
    found = check(ring(*moved))
    assert told(found) == kinds
    if found:
        assert found[0].details["x"] == ["38500020"]


def test_repeated_vertex_hides_no_spike():
    points = ((0, 0), (10, 0), (10, 4.99), (20, 5), (20, 5), (10, 5.01), (10, 10))
    assert told(check(ring(*points))) == {
        "geometry_repeated_points": [1],
        "geometry_spike": [1],
    }


def test_faults_are_shown_as_points():
    points = ((0, 0), (0, 0), (10, 0), (10, 10), (10, 10), (0, 10))
    (issue,) = check(ring(*points))
    assert issue.details["count"].tolist() == [2]
    assert [one.geom_type for one in issue.shapes] == ["MultiPoint"]
    assert shapely.get_coordinates(issue.shapes[0])[0] == pytest.approx(
        (114.0, 34.7422), abs=1e-3
    )


def test_degrees_are_compared_in_metres():
    step = 0.0005 / 111_000
    square = [(114.0, 34.0), (114.001, 34.0), (114.001, 34.001), (114.0, 34.001)]
    close = Polygon([*square[:2], (114.001, 34.0 + step), *square[2:]])
    assert told(check(Polygon(square), close, srid=4490)) == {
        "geometry_close_vertices": [2]
    }


def test_many_rings_are_looked_at_block_by_block():
    squares = [square_at(20 * i, 0) for i in range(5000)]
    squares[4999] = ring((0, 0), (10, 0), (10, 0), (10, 10))
    squares[4095] = squares[4096] = squares[4999]
    assert told(check(*squares)) == {"geometry_repeated_points": [4096, 4097, 5000]}
