"""One polygon in several rows: told with the first that draws it."""

import numpy as np
import shapely

from parcels.surveys.checks.repeated_shapes import check_repeated, find_repeated
from tests.survey_files import square_at
from tests.unit.parcels.surveys.drawn_rows import always

SQUARE = square_at(0, 0)
RING = shapely.difference(square_at(20, 0, 30), square_at(25, 5))
PAIR = shapely.MultiPolygon([square_at(60, 0), square_at(80, 0)])


def repeated(plane, periods=None):
    """Return (row, first row), from 0."""
    plane = np.array(plane, dtype=object)
    days = always(len(plane)) if periods is None else np.array(periods)
    found = find_repeated(plane, np.arange(len(plane)), days)
    return list(zip(found.later.tolist(), found.first.tolist(), strict=True))


def test_rows_that_draw_what_another_draws_are_found_with_the_first():
    plane = [SQUARE, RING, SQUARE, PAIR, RING, SQUARE]
    assert repeated(plane) == [(2, 0), (4, 1), (5, 0)]


def test_a_polygon_is_the_same_wherever_its_rings_begin_and_run():
    turned = shapely.Polygon(SQUARE.exterior.coords[2:-1] + SQUARE.exterior.coords[:2])
    swapped = shapely.MultiPolygon(list(PAIR.geoms)[::-1])
    plane = [SQUARE, turned, shapely.reverse(SQUARE), PAIR, swapped]
    assert repeated(plane) == [(1, 0), (2, 0), (4, 3)]


def test_a_polygon_with_a_vertex_elsewhere_is_another():
    near = shapely.transform(SQUARE, lambda xy: xy + (0.001, 0.0))
    dense = shapely.segmentize(SQUARE, 5.0)
    assert repeated([SQUARE, near, dense, RING, square_at(20, 0, 30)]) == []


def test_versions_of_one_polygon_for_different_days_are_no_repetition():
    assert repeated([SQUARE, SQUARE, SQUARE], [(0, 10), (10, 20), (0, 10)]) == [(2, 0)]


def test_no_rows_repeat_nothing():
    assert repeated([]) == [] and repeated([SQUARE]) == []


def test_each_row_is_told_once_with_the_first_and_how_many_there_are():
    plane = np.array([SQUARE] * 4, dtype=object)
    rows = np.arange(1, 5, dtype=np.int32)
    found = find_repeated(plane, np.arange(4), always(4))
    (issue,) = check_repeated(found, rows, np.array(list("abcd"), dtype=object))
    assert (issue.kind, issue.rows.tolist()) == ("geometry_repeated", [2, 3, 4])
    assert issue.details["first_row"] == [1, 1, 1]
    assert issue.details["other_code"] == ["a", "a", "a"]
    assert issue.details["count"].tolist() == [4, 4, 4]
