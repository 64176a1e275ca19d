"""Geometry that is missing, of the wrong kind, out of place or not valid."""

import json

import numpy as np
import pyarrow as pa
import pytest
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon

from parcels.crs import get_crs
from parcels.register.layers import Shape
from parcels.surveys.checks.areas import check_areas
from parcels.surveys.checks.geometries import (
    check_coordinates,
    check_presence,
    check_readable,
    check_stored,
    check_validity,
    extent_of,
)
from parcels.surveys.geometry import flatten, from_wkb, to_storage
from parcels.surveys.issues import Issue, combine
from parcels.surveys.row_shapes import RowShapes
from tests.survey_files import EAST, NORTH, square_at
from tests.unit.parcels.surveys.candidate_rows import (
    candidates,
    parcels,
    told,
    with_geometry,
)

SQUARE = square_at(0, 0)


def array(*geometries):
    return np.array(geometries, dtype=object)


def check(*geometries, shape=Shape.AREA, srid=4526):
    rows = np.arange(1, len(geometries) + 1, dtype=np.int32)
    plane = array(*geometries)
    shapes = RowShapes(plane)
    found = list(check_coordinates(shapes, rows, shape, srid))
    return found or list(check_validity(shapes, rows, srid))


def test_good_geometry_has_no_issue():
    assert check(SQUARE, MultiPolygon([SQUARE]), None) == []


@pytest.mark.parametrize(
    ("shape", "good", "bad"),
    [
        (Shape.AREA, SQUARE, Point(EAST, NORTH)),
        (Shape.AREA_OR_NONE, SQUARE, Point(EAST, NORTH)),
        (
            Shape.PLACE,
            Point(EAST, NORTH),
            LineString([(EAST, NORTH), (EAST, NORTH + 1)]),
        ),
        (Shape.POINT, Point(EAST, NORTH), SQUARE),
        (Shape.LINE, LineString([(EAST, NORTH), (EAST, NORTH + 1)]), SQUARE),
    ],
)
def test_layer_takes_its_own_kind_of_geometry_only(shape, good, bad):
    (issue,) = check(good, bad, shape=shape)
    assert (issue.kind, issue.rows.tolist()) == ("geometry_wrong_type", [2])
    assert issue.details["found"] == [bad.geom_type]


def test_bow_tie_is_told_with_reason_and_place():
    bow_tie = Polygon(
        [(EAST, NORTH), (EAST + 10, NORTH + 10), (EAST + 10, NORTH), (EAST, NORTH + 10)]
    )
    (issue,) = check(SQUARE, bow_tie)
    assert (issue.kind, issue.rows.tolist()) == ("geometry_invalid", [2])
    assert issue.details["reason_zh"] == ["自相交"]
    assert issue.details["x"] == ["38500005"]
    assert issue.lonlat[0] == pytest.approx((114.000055, 34.7423), abs=1e-4)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_coordinate_that_is_no_number_is_told_once(value):
    broken = Polygon([(EAST, NORTH), (EAST + 10, value), (EAST + 10, NORTH)])
    assert told(check(broken)) == {"geometry_not_finite": [1]}


@pytest.mark.parametrize(
    "move",
    [(-38_000_000, 0), (1_000_000, 0), (0, -3_000_000), (NORTH - EAST, EAST - NORTH)],
    ids=["no prefix", "other zone", "no northing", "axes swapped"],
)
def test_coordinates_that_do_not_fit_the_declared_crs_are_told(move):
    moved = shapely.transform(SQUARE, lambda xy: xy + move)
    (issue,) = check(moved)
    assert issue.kind == "geometry_outside_crs"
    assert issue.details["srid"] == 4526
    assert "38166000" in issue.details["expected"]


@pytest.mark.parametrize(
    ("wild", "told"),
    [
        ((1e308, NORTH), ("1e+308", f"{NORTH:.10g}")),
        ((EAST + 10, 9e6), (f"{EAST + 10:.10g}", "9000000")),
        ((-5.0, NORTH), ("-5", f"{NORTH:.10g}")),
    ],
)
def test_vertex_that_does_not_fit_is_told_and_the_row_is_placed(wild, told):
    (issue,) = check(Polygon([(EAST, NORTH), wild, (EAST + 10, NORTH + 10)]))
    assert (issue.details["x"], issue.details["y"]) == ([told[0]], [told[1]])
    assert issue.lonlat[0] == pytest.approx((114.0, 34.7423), abs=1e-4)


def test_degrees_swapped_do_not_fit():
    swapped = shapely.box(34.75, 114.0, 34.751, 114.001)
    assert told(check(swapped, srid=4490)) == {"geometry_outside_crs": [1]}


def test_extent_of_a_zone_follows_its_prefix():
    assert extent_of(get_crs(4526))[::2] == (38_166_000, 38_834_000)
    assert extent_of(get_crs(4547))[::2] == (166_000, 834_000)
    assert extent_of(get_crs(4497))[::2] == (19_000_000, 20_000_000)


def test_missing_and_unreadable_geometry_are_two_things():
    rows = np.array([1, 2, 3], np.int32)
    wkb = pa.array([shapely.to_wkb(SQUARE), None, b"\x01\x03"], pa.binary())
    geometries, unreadable = from_wkb(wkb)
    torn = wkb.take(pa.array(unreadable)).to_numpy(zero_copy_only=False)
    assert told(check_readable(torn, rows[unreadable], 4526)) == {
        "geometry_unreadable": [3]
    }
    assert told(
        check_presence(RowShapes(geometries), unreadable, rows, Shape.AREA)
    ) == {"geometry_missing": [2]}


def test_row_about_a_whole_county_needs_no_geometry():
    rows = np.array([1], np.int32)
    nobody = np.empty(0, np.int64)
    assert (
        list(check_presence(RowShapes(array(None)), nobody, rows, Shape.AREA_OR_NONE))
        == []
    )


def test_empty_geometry_counts_as_missing():
    geometries, unreadable = from_wkb(pa.array([shapely.to_wkb(Polygon())]))
    assert geometries.tolist() == [None]
    assert len(unreadable) == 0


def test_heights_are_dropped_and_counted():
    flat, dropped = flatten(array(Point(1, 2, 3), Point(1, 2), None))
    assert dropped == 1
    assert flat[0].coords[0] == (1, 2)


def test_collection_of_one_point_is_that_point():
    flat, _ = flatten(array(shapely.MultiPoint([(1, 2)]), None))
    assert flat[0] == Point(1, 2)


def test_stored_polygons_are_multi_and_counter_clockwise():
    clockwise = shapely.reverse(SQUARE) if SQUARE.exterior.is_ccw else SQUARE
    ring = shapely.difference(square_at(0, 0, 30), square_at(10, 10))
    stored = to_storage(array(clockwise, MultiPolygon([ring]), None), 4526)
    assert [one and one.geom_type for one in stored] == ["MultiPolygon"] * 2 + [None]
    assert stored[0].geoms[0].exterior.is_ccw
    assert not stored[1].geoms[0].interiors[0].is_ccw


def test_points_and_areas_of_one_layer_keep_their_rows():
    stored = to_storage(array(SQUARE, Point(EAST, NORTH), SQUARE), 4526)
    assert [one.geom_type for one in stored] == [
        "MultiPolygon",
        "Point",
        "MultiPolygon",
    ]


def test_zones_with_and_without_prefix_meet_in_the_same_degrees():
    without = shapely.transform(SQUARE, lambda xy: xy - (38_000_000, 0))
    one, other = to_storage(array(SQUARE), 4526), to_storage(array(without), 4547)
    assert shapely.equals_exact(one[0], other[0], 1e-11)


def test_geometry_that_breaks_in_degrees_is_told():
    bow_tie = MultiPolygon([Polygon([(114, 34), (115, 35), (115, 34), (114, 35)])])
    rows = np.array([7], np.int32)
    (issue,) = check_stored(RowShapes(array(bow_tie)), rows)
    assert (issue.kind, issue.rows.tolist()) == ("geometry_unstable", [7])
    assert issue.lonlat.tolist() == [[114.5, 34.5]]


def area_issues(declared, side=100.0):
    found = with_geometry(parcels(1, ZDMJ=[declared]), [square_at(0, 0, side)])
    return [one.kind for one in check_areas(found)]


# A square of 100 m at the central meridian has 10,000 m² on the ellipsoid.
@pytest.mark.parametrize(
    ("declared", "kinds"),
    [
        ("10000", []),
        ("10009", []),
        ("10011", ["area_differs_slightly"]),
        ("9901", ["area_differs_slightly"]),
        ("9899", ["area_differs"]),
        ("15", ["area_unit"]),
        ("1", ["area_unit"]),
        (None, []),
    ],
)
def test_declared_area_is_compared_with_the_ellipsoidal_one(declared, kinds):
    assert area_issues(declared) == kinds


@pytest.mark.parametrize(
    ("declared", "kinds"),
    [
        ("15.00", []),
        ("15", []),
        ("15.02", ["area_differs_slightly"]),
        ("15.5", ["area_differs"]),
        ("10000", ["area_differs"]),
    ],
)
def test_area_in_mu_may_differ_by_its_rounding(declared, kinds):
    assert area_in_mu(declared) == kinds


@pytest.mark.parametrize(
    ("declared", "kinds"),
    [("0.15", []), ("0.2", []), ("0.16", ["area_differs"]), ("0.3", ["area_differs"])],
)
def test_small_area_in_mu_is_as_exact_as_it_is_written(declared, kinds):
    """100.2 m² are 0.15 mu; 0.2 stands for 100 to 167 m², 0.3 for 167 to 233 m²."""
    assert area_in_mu(declared, side=10.01) == kinds


def area_in_mu(declared, side=100.0):
    return [one.kind for one in issues_in_mu(declared, side)]


def issues_in_mu(declared, side=100.0):
    found, _ = candidates("farmland_unit", LBBM=["1"], SCMJM=[declared])
    with_geometry(found, [square_at(0, 0, side)])
    return check_areas(found)


def test_area_declared_in_mu_is_told_in_mu():
    (row,) = combine(issues_in_mu("15.5")).to_pylist()
    told = [row[name] for name in ("kind", "severity", "row", "field", "value")]
    issue = Issue(1, *told, json.loads(row["details"]), None)
    assert "登记面积 15.5 亩与" in issue.message("zh")
    assert "declared area 15.5 mu differs" in issue.message("en")


def test_small_areas_may_differ_by_a_square_metre():
    assert area_issues("100.9", side=10.0) == []
    assert area_issues("101.1", side=10.0) == ["area_differs"]


def test_strip_of_nine_centimetres_is_a_sliver_and_of_eleven_is_none():
    narrow = shapely.box(EAST, NORTH, EAST + 0.09, NORTH + 100)
    wide = shapely.box(EAST, NORTH, EAST + 0.11, NORTH + 100)
    found = with_geometry(parcels(2), [narrow, wide])
    assert told(check_areas(found)) == {
        "geometry_sliver": [1],
        "geometry_elongated": [2],
    }


# A strip a wide and b long has a compactness of π a b ÷ (a + b)², near π a ÷ b.
@pytest.mark.parametrize(("length", "elongated"), [(300, False), (330, True)])
def test_strip_of_a_metre_is_elongated_above_three_hundred_metres(length, elongated):
    strip = shapely.box(EAST, NORTH, EAST + 1, NORTH + length)
    found = told(check_areas(with_geometry(parcels(1), [strip])))
    assert found == ({"geometry_elongated": [1]} if elongated else {})
