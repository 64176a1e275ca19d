"""Files whose declaration is open: stated by themselves, or proposed."""

import pytest

from tests.integration.imports.import_steps import open_versions, request, sheet
from tests.integration.imports.test_formats import geodatabase, geoparquet, written
from tests.survey_files import (
    PARCEL_FIELDS,
    members,
    parcel_code,
    parcel_row_of_squares,
    parcel_rows,
    parcels_zip,
    zipped,
)
from tests.unit.parcels.surveys.test_stated_crs import CGCS2000, projected

OPEN = request(crs=None, encoding=None, mapping=None)
PRJ = projected("CGCS2000_3_Degree_GK_Zone_38", CGCS2000, 114, 38_500_000)


def test_file_that_states_everything_goes_straight_into_the_register(service, send):
    files = members(parcel_row_of_squares(2), PARCEL_FIELDS, parcel_rows(2), prj=PRJ)
    with service() as connection:
        upload = send(connection, zipped(files | {"宗地.cpg": b"GBK"}), OPEN)
        found = open_versions(connection)
    assert upload.state == "committed"
    assert upload.facts["reading"]["crs"] == 4526
    assert upload.facts["reading"]["encoding"] == "gb18030"
    assert [one.survey_srid for one in found] == [4526, 4526]
    assert found[0].location == "净土路0号"


def test_guesses_wait_for_a_person_and_nothing_is_staged(service, send):
    with service() as connection:
        upload = send(connection, parcels_zip(), OPEN)
        found = open_versions(connection)
    assert (upload.state, found) == ("needs_confirmation", [])
    proposed = upload.proposed
    assert proposed["must_confirm"] == ["encoding", "crs"]
    assert (proposed["crs"], proposed["encoding"]) == (4526, "gb18030")
    assert proposed["samples"][0]["ZL"] == "净土路0号"
    assert upload.issue_counts == {} and upload.row_count is None


def test_confirmed_guesses_are_read_as_declared(service, send):
    with service() as connection:
        waiting = send(connection, parcels_zip(), OPEN)
        proposed = waiting.proposed
        confirmed = {name: proposed[name] for name in ("crs", "encoding", "mapping")}
        upload = send(connection, parcels_zip(), request(**confirmed))
    assert upload.state == "committed"
    assert upload.facts["reading"]["must_confirm"] == []


POINT_LIST = [
    ("宗地代码", "圈号", "界址点号", "X坐标", "Y坐标", "坐落"),
    *(
        (parcel_code(1), "1", f"J{i}", 3_846_000 + north, 38_500_000 + east, "净土路")
        for i, (east, north) in enumerate(((0, 0), (10, 0), (10, 10), (0, 10)))
    ),
]


def test_list_of_boundary_points_becomes_parcels(service, send):
    mapping = {"code": "宗地代码"}
    with service() as connection:
        declared = request(mapping=mapping, encoding=None)
        upload = send(connection, sheet(*POINT_LIST), declared, "界址点.csv")
        waiting = upload.proposed["must_confirm"]
        declared = request(mapping=mapping, encoding="utf-8")
        upload = send(connection, sheet(*POINT_LIST), declared, "界址点.csv")
        (found,) = open_versions(connection)
    assert (waiting, upload.state) == (["encoding"], "committed")
    assert found.location == "净土路"
    assert found.mapped_area_m2 == pytest.approx(100, abs=0.01)


@pytest.mark.parametrize("name", ["a.fgb", "a.gdb.zip", "a.parquet", "a.gpkg"])
def test_formats_with_a_system_of_their_own_are_committed(
    service, send, tmp_path, name
):
    with service() as connection:
        upload = send(connection, WRITERS[name](tmp_path), OPEN, name)
        found = open_versions(connection)
    assert (upload.state, upload.failure) == ("committed", None)
    assert [one.survey_srid for one in found] == [4526] * 3


WRITERS = {
    "a.fgb": lambda folder: written(folder, "a.fgb"),
    "a.gpkg": lambda folder: written(folder, "a.gpkg"),
    "a.gdb.zip": lambda folder: geodatabase(folder, "宗地"),
    "a.parquet": lambda _: geoparquet(),
}


def test_contradiction_fails_the_upload_with_its_numbers(service, send):
    prj = projected("国家2000_114", CGCS2000, 114, 500_000)
    files = members(parcel_row_of_squares(2), PARCEL_FIELDS, parcel_rows(2), prj=prj)
    with service() as connection:
        upload = send(connection, zipped(files), OPEN)
    assert upload.state == "failed"
    assert upload.failure["reason"] == "crs_contradicts_coordinates"
    assert "38,000,000" in upload.failure["zh"]
