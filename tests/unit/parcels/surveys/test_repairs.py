"""Repairs: done when asked for, told with the area before and after."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
import shapely
from shapely import Polygon

from parcels.register.layers import LAYER_BY_NAME
from parcels.surveys.candidates import Candidates
from parcels.surveys.checks.geometries import check_readable, check_validity
from parcels.surveys.checks.repairs import REPAIRS, made_valid, repair
from parcels.surveys.geometry import from_wkb
from parcels.surveys.placing import place_rows
from parcels.surveys.raw import RawBatch
from parcels.surveys.refusals import FileRefused
from parcels.surveys.request import UploadRequest
from parcels.surveys.row_shapes import RowShapes
from tests.survey_files import EAST, NORTH, square_at
from tests.unit.parcels.surveys.candidate_rows import told


def at(*points):
    return Polygon([(EAST + x, NORTH + y) for x, y in points])


BOW_TIE = at((0, 0), (10, 10), (10, 0), (0, 10))
REPEATED = at((0, 0), (10, 0), (10, 0), (10, 10), (0, 10))


def unclosed():
    """Return the bytes of a square whose last vertex is not its first."""
    closed = bytearray(shapely.to_wkb(square_at(0, 0), byte_order=1))
    closed[9:13] = (4).to_bytes(4, "little")
    return bytes(closed[:-16])


def placed(geometry, *repairs):
    """Return the row of a geometry and what was said of it."""
    rows = np.array([1], np.int32)
    nothing = pa.nulls(1, pa.string())
    days = pa.nulls(1, pa.date32())
    layer = LAYER_BY_NAME["parcel"]
    row = Candidates(layer, rows, {}, {}, {}, nothing, nothing, days, days)
    wkb = geometry if isinstance(geometry, bytes) else shapely.to_wkb(geometry)
    batch = RawBatch(rows, {}, pa.array([wkb], pa.binary()))
    return row, place_rows(row, batch, 4526, None, repairs)


def test_nothing_is_repaired_unless_asked_for():
    for geometry, kind in (
        (BOW_TIE, "geometry_invalid"),
        (unclosed(), "geometry_ring_unclosed"),
    ):
        row, issues = placed(geometry)
        assert told(issues) == {kind: [1]}
        assert row.stored[0] is None
    row, issues = placed(REPEATED)
    assert (told(issues), shapely.get_num_coordinates(row.stored[0])) == ({}, 6)


def test_bow_tie_is_made_valid_when_asked_for():
    row, (issue,) = placed(BOW_TIE, "make_valid")
    assert issue.kind == "repaired_made_valid"
    assert issue.details["area_before_m2"] == [0.0]
    assert issue.details["area_after_m2"] == [pytest.approx(50, abs=0.05)]
    assert row.mapped_area_m2[0] == pytest.approx(50, abs=0.05)
    assert issue.shapes[0].is_valid


def test_repeated_points_are_removed_when_asked_for():
    row, (issue,) = placed(REPEATED, "remove_repeated_points")
    assert issue.kind == "repaired_points_removed"
    assert shapely.get_num_coordinates(row.stored[0]) == 5
    assert issue.details["area_before_m2"] == issue.details["area_after_m2"]


def test_rings_are_closed_when_asked_for():
    row, (issue,) = placed(unclosed(), "close_rings")
    assert issue.kind == "repaired_rings_closed"
    assert row.mapped_area_m2[0] == pytest.approx(100, abs=0.05)


def test_repair_of_one_kind_leaves_other_faults_to_be_told():
    row, issues = placed(BOW_TIE, "close_rings", "remove_repeated_points")
    assert told(issues) == {"geometry_invalid": [1]}


def test_invalid_geometry_is_offered_its_repair_with_both_areas():
    (issue,) = check_validity(
        RowShapes(np.array([BOW_TIE])), np.array([4], np.int32), 4526
    )
    (zh,), (en,) = issue.details["offer_zh"], issue.details["offer_en"]
    assert "“修复不合法图形”（make_valid）：面积由 0 m²" in zh
    assert "make_valid" in en and "to 50 m²" in en


def test_collapsed_polygon_has_no_area_and_no_repair():
    line = at((0, 0), (10, 10), (20, 20))
    plane = np.array([line], dtype=object)
    rows = np.array([1], np.int32)
    assert told(check_validity(RowShapes(plane), rows, 4526)) == {
        "geometry_zero_area": [1]
    }
    assert list(repair(plane, rows, 4526, REPAIRS)) == []


def test_true_arcs_are_told_from_torn_bytes():
    curve = bytes.fromhex("010a00000000000000")
    torn = np.array([curve, b"\x01\x03", b""], dtype=object)
    assert told(check_readable(torn, np.array([1, 2, 3], np.int32), 4526)) == {
        "geometry_curved": [1],
        "geometry_unreadable": [2, 3],
    }


def test_arc_does_not_keep_other_rows_from_being_read():
    curve = bytes.fromhex("010a00000000000000")
    geometries, unreadable = from_wkb(pa.array([shapely.to_wkb(BOW_TIE), curve, None]))
    assert (geometries[0], unreadable.tolist()) == (BOW_TIE, [1])


def test_declaration_names_known_repairs_in_their_order():
    declared = UploadRequest(
        "parcel",
        "999901",
        date(2024, 1, 1),
        4526,
        repairs=["make_valid", "close_rings"],
    )
    assert declared.repairs == ("close_rings", "make_valid")
    assert UploadRequest.from_json(declared.as_json()) == declared
    with pytest.raises(FileRefused) as error:
        UploadRequest("parcel", "999901", date(2024, 1, 1), 4526, repairs=("guess",))
    assert error.value.reason == "repair_unknown"


def test_no_repair_of_a_tangle_is_offered_and_its_file_lives_on():
    rng = np.random.default_rng(0)
    tangle = shapely.Polygon(rng.uniform(0, 1000, (5000, 2)) + (EAST, NORTH))
    turn = np.linspace(0, 2 * np.pi, 200_000, endpoint=False)
    xy = np.column_stack((np.cos(turn), np.sin(turn))) * 500 + (EAST, NORTH)
    xy[[5, 100_000]] = xy[[100_000, 5]]
    crossed = shapely.Polygon(xy)
    after = made_valid(np.array([tangle, crossed], dtype=object), 4526)
    assert after.indices.tolist() == [1]
    assert shapely.is_valid(after.geometries).all()
