"""What has a fault stays out, whole, and every fault is told where it is."""

import pytest
import shapely
import sqlalchemy as sa

from parcels.area import measure_area
from parcels.register import tables
from parcels.surveys.errors import DivisionNotYours, LayerNotWritable
from parcels.surveys.reports import list_issues
from tests.integration.imports.import_steps import CODE, kinds, versions
from tests.survey_files import (
    parcel_code,
    parcel_row_of_squares,
    parcels_zip,
    square_at,
    zipped,
)


def test_every_fault_of_every_row_is_told_and_nothing_is_written(service, send):
    bow_tie = shapely.Polygon(
        [
            (x + 38_500_000, y + 3_846_000)
            for x, y in ((0, 0), (10, 10), (10, 0), (0, 10))
        ]
    )
    geometries = [bow_tie, square_at(20, 0), square_at(25, 0), square_at(50, 0)]
    rows = [
        (CODE, "a", 100.0),
        ("12345", "b", 100.0),
        (parcel_code(3), "c", 100.0),
        (CODE, "d", 250.0),
    ]
    with service() as connection:
        upload = send(connection, parcels_zip(geometries, rows))
        issues = list_issues(connection, upload.id)
        assert versions(connection) == []
        assert connection.scalar(sa.select(sa.func.count(tables.change.c.id))) == 0
    assert upload.state == "checked"
    assert [(one.row, one.kind) for one in issues if one.severity == "error"] == [
        (1, "geometry_invalid"),
        (2, "code_malformed"),
        (3, "overlap"),
        (4, "area_differs"),
        (4, "code_duplicate"),
    ]
    invalid, malformed, *_ = issues
    assert invalid.lonlat == pytest.approx((114.00005, 34.7424), abs=1e-4)
    assert "自相交" in invalid.message("zh")
    assert (malformed.field, malformed.value) == ("ZDDM", "12345")
    assert malformed.message("zh").startswith("第 2 行字段 ZDDM：")
    assert all(one.lonlat is not None for one in issues)
    overlap = next(one for one in issues if one.kind == "overlap")
    assert overlap.details["relation_en"] == "partly"
    assert measure_area(overlap.geometry) == pytest.approx(50, abs=0.05)
    assert all(one.advice("zh") and one.advice("en") for one in issues)


def test_file_that_cannot_be_taken_fails_with_its_reason(service, send):
    with service() as connection:
        upload = send(connection, zipped({"a.txt": b"x"}))
    assert (upload.state, upload.failure["reason"]) == ("failed", "no_layer")
    assert upload.failure["zh"] and upload.failure["en"]


def test_rows_of_another_county_are_issues_and_no_database_error(service, send):
    rows = [(CODE, "a", 100.0), (parcel_code(1, "999902"), "b", 100.0)]
    data = parcels_zip(parcel_row_of_squares(2), rows)
    with service() as connection:
        upload = send(connection, data)
        (issue,) = list_issues(connection, upload.id)
    assert (issue.kind, issue.row, issue.value) == ("division_outside", 2, "999902")


def test_warnings_do_not_block(service, send):
    data = parcels_zip([square_at(0, 0, 100)], [(CODE, "a", 10_050.0)])
    with service() as connection:
        upload = send(connection, data)
    assert (upload.state, kinds(upload)) == (
        "committed",
        {"area_differs_slightly": 1},
    )


def test_role_that_may_not_write_the_layer_is_refused_before_reading(service, send):
    with service(role="auditor") as connection, pytest.raises(LayerNotWritable):
        send(connection, b"")


def test_division_of_another_is_refused_before_reading(service, send):
    with service(scope="999902") as connection, pytest.raises(DivisionNotYours):
        send(connection, b"")
