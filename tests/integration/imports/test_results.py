"""Points and results from file to register, long and wide."""

import pytest

from parcels.surveys.reports import list_issues
from parcels.surveys.request import UploadRequest
from tests.integration.imports.import_steps import FIRST, kinds, open_versions, sheet


def declared(layer, **more):
    return UploadRequest(layer, "999901", FIRST, encoding="utf-8", **more)


@pytest.fixture
def with_points(service, send):
    """Give a connection whose register has a soil point P1 and a well P2."""
    points = sheet(
        ["DWBM", "JZ", "YDLX", "经度", "纬度"],
        ["P1", "土壤", "水田", 114.0, 34.75],
        ["P2", "地下水", "", 114.01, 34.75],
    )
    with service() as connection:
        upload = send(
            connection, points, declared("monitoring_point", crs=4490), "点位.csv"
        )
        assert upload.state == "committed", kinds(upload)
        yield connection


def test_land_of_a_point_is_kept(with_points):
    (first, second) = open_versions(with_points, "monitoring_point")
    assert (first.land_type, second.land_type) == ("paddy", None)


def test_a_wide_table_is_committed_result_by_result(with_points, send):
    data = sheet(
        ["DWBM", "YPBH", "CYRQ", "pH", "镉(mg/kg)", "汞(μg/kg)"],
        ["P1", "S1", "20240501", "6.1", "0.31", "<20"],
        ["P1", "S2", "20240502", "6.3", "", "55"],
    )
    upload = send(with_points, data, declared("sample_result"), "结果.csv")
    assert (upload.state, upload.row_count) == ("committed", 2)
    found = {one.code: one for one in open_versions(with_points, "sample_result")}
    assert sorted(found) == ["S1-Cd", "S1-Hg", "S1-pH", "S2-Hg", "S2-pH"]
    mercury = found["S1-Hg"]
    assert (mercury.value, mercury.non_detect) == (None, True)
    assert (mercury.detection_limit, mercury.unit) == (0.02, "mg/kg")
    assert mercury.raw_value == "<20 μg/kg"


def test_faults_of_a_wide_table_name_the_row_of_the_file(with_points, send):
    data = sheet(
        ["DWBM", "YPBH", "pH", "镉(mg/kg)"],
        ["P1", "S1", "6.1", "0.31"],
        ["P9", "S2", "6.1", "0.3x"],
        ["P1", "S3", "6.3", "0.4"],
    )
    upload = send(with_points, data, declared("sample_result"), "结果.csv")
    told = {
        (one.kind, one.row, one.field) for one in list_issues(with_points, upload.id)
    }
    assert ("number_unreadable", 2, "镉(mg/kg)") in told
    assert ("reference_unknown", 2, "DWBM") in told
    assert (upload.state, upload.row_count, upload.accepted_count) == ("checked", 3, 2)


def test_a_unit_that_does_not_fit_the_points_medium_is_told(with_points, send):
    data = sheet(
        ["DWBM", "YPBH", "镉(mg/L)"], ["P1", "S1", "0.31"], ["P2", "S2", "0.001"]
    )
    upload = send(with_points, data, declared("sample_result"), "结果.csv")
    told = [(one.kind, one.row) for one in list_issues(with_points, upload.id)]
    assert ("unit_unfit", 1) in told and ("unit_unfit", 2) not in told


def test_a_unit_that_does_not_fit_its_own_medium_is_told_once(with_points, send):
    data = sheet(["DWBM", "YPBH", "JZ", "镉(mg/L)"], ["P1", "S1", "土壤", "0.31"])
    upload = send(with_points, data, declared("sample_result"), "结果.csv")
    told = [one.kind for one in list_issues(with_points, upload.id)]
    assert told.count("unit_unfit") == 1


def test_sending_a_wide_table_again_changes_nothing(with_points, send):
    data = sheet(["DWBM", "YPBH", "镉(mg/kg)"], ["P1", "S1", "0.31"])
    send(with_points, data, declared("sample_result"), "结果.csv")
    again = sheet(
        ["DWBM", "YPBH", "镉(mg/kg)"], ["P1", "S1", "0.31"], ["P1", "S2", "1"]
    )
    upload = send(with_points, again, declared("sample_result"), "结果.csv")
    assert (upload.comparison["identical"], upload.comparison["new"]) == (1, 1)
