"""The tree over a whole file finds what a plain tree over all its geometries finds."""

import numpy as np
import pytest
import shapely

from parcels.surveys.checks.shape_tree import ShapeTree
from parcels.surveys.row_shapes import RowShapes

SIDE = 110
"""More rows than are searched without the grid."""


def field(*others):
    """Return squares of 10 m, corner by corner, and others behind them."""
    east, north = np.divmod(np.arange(SIDE * SIDE), SIDE)
    corner = np.array([east, north]) * 10.0
    squares = shapely.box(*corner, *(corner + 10.0))
    return np.concatenate([squares, np.array(others, dtype=object)])


def pairs(tree, *question, **terms):
    mine, other = tree.query(*question, **terms)
    return set(zip(mine.tolist(), other.tolist(), strict=True))


ASKED = np.array(
    [
        shapely.box(15, 15, 25, 25),
        shapely.box(-50, -50, -5, -5),
        shapely.box(SIDE * 10, 0, SIDE * 10 + 5, 5),
        shapely.Point(500, 500),
        None,
    ],
    dtype=object,
)


@pytest.mark.parametrize(
    "terms",
    [{}, {"predicate": "intersects"}, {"predicate": "dwithin", "distance": 7.5}],
)
def test_pairs_are_those_of_a_tree_of_all_geometries(terms):
    # One row reaches across the whole field: it lies in every cell.
    geometries = field(shapely.LineString([(0, 0), (SIDE * 10, SIDE * 10)]))
    expected = pairs(shapely.STRtree(geometries), ASKED, **terms)
    assert len(expected) > 9
    assert pairs(ShapeTree(RowShapes(geometries)), ASKED, **terms) == expected


def test_rows_on_one_spot_are_all_found():
    geometries = np.full(SIDE * SIDE, shapely.Point(3, 3), dtype=object)
    found = pairs(ShapeTree(RowShapes(geometries)), ASKED[3:4], "dwithin", 1000.0)
    assert len(found) == SIDE * SIDE


def test_no_question_has_no_answer():
    nothing = np.empty(0, dtype=object)
    assert pairs(ShapeTree(RowShapes(field())), nothing, "intersects") == set()


def test_points_in_some_row_are_found_whatever_its_vertices():
    hole = shapely.segmentize(shapely.box(2010, 10, 2020, 20), 0.01)
    ring = shapely.difference(shapely.box(2000, 0, 2030, 30), hole)
    tree = ShapeTree(RowShapes(field(ring)))
    asked = shapely.points([(2005, 5), (2015, 15), (5, 5), (-1, 5), (2010, 15)])
    assert tree.find_covered(asked).tolist() == [0, 2, 4]
