"""A list as a file: what the asker may see, at the moment asked for, in any format."""

import io
import zipfile
from datetime import datetime

import pyarrow.parquet as pq
import pytest

from app.routes import layer_exports
from tests.api.bodies import OURS, THEIRS, parcel, parcel_code
from tests.api.survey_uploads import new_county, survey
from tests.survey_files import square_at

FORMATS = {
    "shp": ("application/zip", b"PK"),
    "gpkg": ("application/geopackage+sqlite3", b"SQLite format 3"),
    "parquet": ("application/vnd.apache.parquet", b"PAR1"),
    "fgb": ("application/flatgeobuf", b"fgb"),
}


def rows(answer):
    """Return the rows of a GeoParquet answer."""
    assert answer.status_code == 200, answer.text
    return pq.read_table(io.BytesIO(answer.content)).to_pylist()


def codes(answer):
    return {row["parcel_code"] for row in rows(answer)}


@pytest.mark.parametrize("form", FORMATS)
def test_list_is_answered_as_a_file(api, form):
    answer = api.get(f"/v1/parcels?format={form}&limit=1")
    media_type, magic = FORMATS[form]
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert answer.content.startswith(magic)
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "attachment" in answer.headers["content-disposition"]


def test_file_holds_the_askers_division_alone(api):
    everything = "/v1/parcels?format=parquet"
    ours = codes(api.get(everything))
    theirs = codes(api.as_("planner_other_county").get(everything))
    assert parcel_code(1, OURS) in ours and parcel_code(1, THEIRS) in theirs
    assert {code[:6] for code in ours} == {OURS}
    assert {code[:6] for code in theirs} == {THEIRS}
    beyond = api.get(f"{everything}&division={THEIRS}")
    assert rows(beyond) == []


def test_file_keeps_to_filters_and_moment(api):
    code = parcel_code(60_001)
    api.create("/v1/parcels", parcel(code, 114.07, land_use_code="1201"))
    asked = "/v1/parcels?format=parquet&land_use_code=1201"
    assert codes(api.get(asked)) == {code}
    assert codes(api.get(f"{asked}&bbox=114.07,34.6,114.071,34.601")) == {code}
    assert codes(api.get(f"{asked}&bbox=113,34,113.1,34.1")) == set()
    assert codes(api.get(f"{asked}&as_of=2023-12-31")) == set()


def test_times_for_gis_end_in_whole_milliseconds(api):
    """GDAL makes second 60 of 59.9999, and its readers stop there."""
    kept = [one["recorded_at"] for one in api.get("/v1/parcels").json()["items"]]
    as_geojson = api.get("/v1/parcels?format=geojson").json()["features"]
    served = api.get("/ogc/collections/parcel/items?limit=1000").json()["features"]
    shown = [one["properties"]["recorded_at"] for one in (*as_geojson, *served)]
    times = [row["recorded_at"] for row in rows(api.get("/v1/parcels?format=parquet"))]
    times += [datetime.fromisoformat(one) for one in shown]
    assert len(times) >= 3 * len(kept)
    assert {one.microsecond % 1000 for one in times} == {0}
    assert any(datetime.fromisoformat(one).microsecond % 1000 for one in kept)


def test_too_many_objects_are_refused_with_what_to_do(api, monkeypatch):
    monkeypatch.setattr(layer_exports, "MOST_ROWS", 1)
    answer = api.get("/v1/parcels?format=gpkg", headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert answer.json()["reason"] == "export_too_large"
    assert "jingtu export" in answer.json()["detail"]


def test_layer_without_ground_is_its_table(api):
    refused = api.as_("surveyor").get("/v1/samples?format=fgb")
    assert refused.status_code == 422
    assert refused.json()["reason"] == "format_needs_ground"
    answer = api.as_("surveyor").get("/v1/samples?format=shp")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert set(archive.namelist()) == {
            "sample_result.dbf",
            "sample_result.cpg",
            "sample_result_not_held.csv",
        }


@pytest.mark.parametrize("form", FORMATS)
def test_exported_register_is_identical_when_it_comes_back(bureau, form):
    office = bureau(new_county(70 + list(FORMATS).index(form)))
    squares = {n: square_at(20 * n, 0) for n in (1, 2, 3)}
    office.commit(survey(office.county, squares))
    answer = office.api.get(f"/v1/parcels?format={form}")
    name = f"a.{'zip' if form == 'shp' else form}"
    again = office.upload(answer.content, name=name, crs="4490", encoding="GBK")
    summary = office.diff(again)["summary"]
    assert (summary["identical"], summary["new"], summary["changed"]) == (3, 0, 0)
