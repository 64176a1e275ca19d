"""Several parts, slivers among them, tiny holes, and which way rings run."""

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from parcels.surveys.checking import ROW_CHECKS, Survey
from parcels.surveys.checks.parts import check_parts
from parcels.surveys.ground import Ground
from parcels.surveys.mapping import map_fields
from parcels.surveys.request import UploadRequest
from tests.survey_files import square_at
from tests.unit.parcels.surveys.candidate_rows import (
    DAY,
    parcels,
    told,
    with_geometry,
)


def check(*geometries, several="geometry_multipart", srid=4526):
    rows = np.arange(1, len(geometries) + 1, dtype=np.int32)
    plane = np.array(geometries, dtype=object)
    return list(check_parts(plane, rows, srid, several))


def test_one_part_without_holes_has_no_issue():
    assert check(square_at(0, 0), None, MultiPolygon([square_at(0, 0)])) == []


def test_second_part_is_told_and_shown_where_one_is_allowed():
    two = MultiPolygon([square_at(20, 0, 5), square_at(0, 0)])
    (issue,) = check(square_at(50, 0), two)
    assert (issue.kind, issue.rows.tolist()) == ("geometry_multipart", [2])
    assert issue.details["count"].tolist() == [2]
    assert shapely.get_num_geometries(issue.shapes[0]) == 1
    assert check(two, several=None) == []


def test_part_below_a_square_metre_is_a_sliver():
    small = MultiPolygon([square_at(0, 0), square_at(20, 0, 0.99)])
    large = MultiPolygon([square_at(0, 0), square_at(20, 0, 1.01)])
    assert told(check(small, large, several=None)) == {"geometry_sliver_part": [1]}


def test_part_of_nine_centimetres_is_a_sliver():
    strip = shapely.box(*square_at(20, 0, 100).bounds[:2], 38_500_020.09, 3_846_100)
    (issue,) = check(MultiPolygon([square_at(0, 0), strip]), several=None)
    assert issue.details["area_m2"] == [9.0]


def test_hole_below_a_square_metre_is_tiny():
    tiny = shapely.difference(square_at(0, 0), square_at(2, 2, 0.9))
    hole = shapely.difference(square_at(20, 0), square_at(22, 2, 1.1))
    (issue,) = check(tiny, hole)
    assert (issue.kind, issue.rows.tolist()) == ("geometry_tiny_hole", [1])
    assert issue.details["area_m2"] == [0.81]


def test_hole_that_runs_like_its_shell_is_noted():
    shell, hole = square_at(0, 0).exterior, square_at(2, 2, 2).exterior
    assert shell.is_ccw == hole.is_ccw
    same, other = Polygon(shell, [hole]), Polygon(shell, [hole.reverse()])
    assert told(check(other, same)) == {"geometry_ring_direction": [2]}


def test_degrees_are_judged_in_metres():
    side = 0.9 / 111_000
    tiny = shapely.difference(
        shapely.box(114, 34, 114.001, 34.001),
        shapely.box(114.0005, 34.0005, 114.0005 + side, 34.0005 + side),
    )
    assert told(check(tiny, srid=4490)) == {"geometry_tiny_hole": [1]}


def test_land_use_parcel_of_two_parts_is_refused_and_a_parcel_warned_of():
    two = [MultiPolygon([square_at(20, 0), square_at(0, 0)])]
    parts = dict(ROW_CHECKS)["parts"]
    for fields, kind, severity in (
        ({}, "geometry_multipart", "warning"),
        ({"TBBH": ["1"]}, "geometry_multipart_land_survey", "error"),
    ):
        rows = with_geometry(parcels(1, **fields), two)
        declared = UploadRequest("parcel", "999901", DAY, 4526)
        mapping = map_fields(("ZDDM", *fields), declared)
        (issue,) = parts(rows, Survey(declared, mapping, Ground()))
        assert (issue.kind, issue.severity) == (kind, severity)
