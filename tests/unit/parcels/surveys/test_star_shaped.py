"""Rings that are valid for certain: never one that GEOS calls invalid."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from parcels.surveys.checks.rings import list_rings
from parcels.surveys.checks.star_shaped import find_star_shaped
from parcels.surveys.geometry import to_storage
from tests.survey_files import EAST, NORTH, square_at

coordinate = st.floats(-60, 60).map(lambda metres: round(metres, 3))


def rings_of(*polygons):
    """Return the rings of polygons."""
    return list_rings(np.array(polygons, dtype=object))


def polygon(*corners):
    """Return a polygon of corners in metres from the common origin."""
    return shapely.Polygon([(EAST + x, NORTH + y) for x, y in corners])


def is_certain(one, metric=True):
    """Look at one polygon."""
    return bool(find_star_shaped(rings_of(one), metric=metric).certain[0])


def test_square_is_certain_in_either_direction():
    square = square_at(0, 0)
    turns = find_star_shaped(rings_of(square, square.reverse()), metric=True)
    assert turns.certain.all()
    assert turns.clockwise.tolist() == [
        not shapely.is_ccw(square.exterior),
        shapely.is_ccw(square.exterior),
    ]


@pytest.mark.parametrize(
    "corners",
    [
        ((0, 0), (10, 10), (10, 0), (0, 10)),
        # A star of five points drawn in one line goes round twice.
        tuple(
            (10 * np.cos(0.8 * np.pi * i), 10 * np.sin(0.8 * np.pi * i))
            for i in range(5)
        ),
        ((0, 0), (10, 0), (10, 0), (10, 10), (0, 10)),
        ((0, 0), (10, 0), (20, 0)),
        ((0, 0), (10, 0), (10, float("nan")), (0, 10)),
    ],
    ids=["bow-tie", "pentagram", "repeated vertex", "flat", "no number"],
)
def test_what_may_be_invalid_is_not_certain(corners):
    assert not is_certain(polygon(*corners))


def test_comb_is_left_to_geos():
    comb = polygon((0, 0), (30, 0), (30, 20), (20, 20), (20, 1), (10, 1), (10, 20))
    assert comb.is_valid
    assert not is_certain(comb)


def test_edge_along_a_ray_is_not_certain_in_degrees():
    # The notch's tip lies a micrometre beside the line from the middle.
    notched = polygon((-50, -50), (50, -50), (50, 50), (0, 1e-6), (0, 50), (-50, 50))
    assert not is_certain(notched)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=12))
def test_certain_rings_are_valid_here_and_in_degrees(corners):
    one = polygon(*corners)
    if is_certain(one):
        assert one.is_valid
        assert to_storage(np.array([one], dtype=object), 4526)[0].is_valid
    if is_certain(one, metric=False):
        assert one.is_valid


def test_every_block_is_looked_at():
    squares = [square_at(20.0 * i, 0) for i in range(5000)]
    squares[4321] = polygon((0, 0), (10, 10), (10, 0), (0, 10))
    certain = find_star_shaped(rings_of(*squares), metric=True).certain
    assert np.flatnonzero(~certain).tolist() == [4321]
