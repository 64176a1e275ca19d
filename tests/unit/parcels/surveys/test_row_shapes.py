"""Geometries of rows: rings and other geometries side by side answer as an array."""

import numpy as np
import pytest
import shapely
from shapely import GeometryType, box

from parcels.surveys.checks.rings import list_rings
from parcels.surveys.row_shapes import FileShapes, RowShapes

SQUARE, WIDE, HOLED = (
    box(0, 0, 10, 10),
    box(20, 0, 40, 10),
    box(0, 20, 10, 30).difference(box(4, 24, 6, 26)),
)
POINT = shapely.Point(5, 5)


def shapes(*rows):
    """Return rows of which plain polygons are kept as rings."""
    geometries = np.array(rows, dtype=object)
    plain = shapely.get_type_id(geometries) == GeometryType.POLYGON
    plain &= shapely.get_num_interior_rings(geometries) == 0
    owner = np.flatnonzero(plain)
    if not len(owner):
        return RowShapes(geometries)
    rings = list_rings(geometries[owner])._replace(owner=owner)
    geometries[owner] = None
    return RowShapes(geometries, rings)


MIXED = (HOLED, SQUARE, None, WIDE, POINT)


@pytest.mark.parametrize("chosen", [[0, 1, 2, 3, 4], [3, 1, 3], [0, 2], []])
def test_chosen_rows_come_as_an_array_would_give_them(chosen):
    places = np.array(chosen, dtype=np.int64)
    expected = np.array(MIXED, dtype=object)[places]
    same = shapely.equals_exact(shapes(*MIXED)[places], expected)
    assert same.tolist() == [one is not None for one in expected]


def test_rows_may_be_chosen_by_a_mask():
    found = shapes(*MIXED)[np.array([False, True, True, False, False])]
    assert found[0].equals(SQUARE) and found[1] is None


def test_one_row_is_its_geometry():
    assert shapes(*MIXED)[1].equals(SQUARE)


def test_boxes_types_and_lengths_are_those_of_the_geometries():
    rows, array = shapes(*MIXED), np.array(MIXED, dtype=object)
    assert np.array_equal(rows.bounds, shapely.bounds(array), equal_nan=True)
    assert rows.types.tolist() == shapely.get_type_id(array).tolist()
    assert rows.lengths == pytest.approx(np.nan_to_num(shapely.length(array)))
    assert rows.present.tolist() == [True, True, False, True, True]


def test_a_coordinate_that_is_no_number_is_seen_in_rings_and_in_others():
    rows = shapes(SQUARE, WIDE)
    rows.rings.coordinates[-1, 0] = np.inf
    assert rows.finite.tolist() == [True, False]
    assert shapes(shapely.Point(np.inf, 0), SQUARE).finite.tolist() == [False, True]


def test_what_is_left_out_has_no_geometry_and_the_rest_keeps_its_place():
    rows = shapes(*MIXED).without(np.array([True, True, False, False, False]))
    assert rows.present.tolist() == [False, False, False, True, True]
    assert rows[3].equals(WIDE)


def test_rows_of_several_parts_are_counted_through_all_of_them():
    parts = [shapes(HOLED, SQUARE), shapes(), shapes(WIDE, None)]
    rows = FileShapes(parts, np.arange(4))
    assert rows[1].equals(SQUARE) and rows[2].equals(WIDE) and rows[3] is None
    assert rows.bounds[2].tolist() == [20, 0, 40, 10]


def test_some_rows_of_a_file_are_numbered_anew():
    parts = [shapes(*MIXED), shapes(SQUARE, POINT)]
    rows = FileShapes(parts, np.array([1, 3, 6]))
    assert len(rows) == 3
    kinds = [one.geom_type for one in rows[np.array([2, 0])]]
    assert kinds == ["Point", "Polygon"]
    assert rows[1].equals(WIDE)
    assert rows.bounds.tolist() == [[0, 0, 10, 10], [20, 0, 40, 10], [5, 5, 5, 5]]


def test_a_file_without_parts_has_no_rows():
    rows = FileShapes([], np.empty(0, np.int64))
    assert len(rows) == 0 and rows.bounds.shape == (0, 4)
