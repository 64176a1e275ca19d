"""What does not carry over, and files that are odd: refused with a reason."""

import geopandas
import pytest

from parcels.crs import DatumNotConvertible, UnknownCrs
from parcels.surveys.limits import Limits
from parcels.surveys.read import SurveyFile, read_layer
from tests.real_surveys import (
    ODD,
    PARIS,
    PARIS_MIDDLE,
    REAL_DATA,
    SITE_LAYERS,
    SITES,
    XINZHENG,
    declare,
    family,
    pack,
)
from tests.survey_files import members, parcel_code, zipped

pytestmark = REAL_DATA


@pytest.fixture
def untouched(registry):
    """Look whether a file that is not taken left anything in register or scratch."""
    state = "select number from registry.change_head"
    counts = (
        "select (select count(*) from registry.parcel),"
        " (select count(*) from registry.plot), (select count(*) from registry.change)"
    )
    before = registry.rows(state), registry.rows(counts)
    yield
    assert (registry.rows(state), registry.rows(counts)) == before
    assert registry.scratch() == []


@pytest.mark.parametrize("srid", [2056, 2154, 2249, 26986])
def test_foreign_coordinate_systems_are_refused_by_name(srid):
    with pytest.raises(UnknownCrs) as refusal:
        declare("plot", XINZHENG, srid)
    assert refusal.value.en == (
        f"EPSG:{srid} is not supported; deliver CGCS2000 degrees (4490) or a"
        " Gauss-Krüger zone of 3 or 6 degrees."
    )
    assert f"EPSG:{srid}" in refusal.value.zh


@pytest.mark.parametrize("srid", [2362, 2383, 2435, 4610, 4214])
def test_old_chinese_datums_are_refused_as_not_convertible(srid):
    with pytest.raises(DatumNotConvertible) as refusal:
        declare("parcel", XINZHENG, srid)
    assert "cannot be brought to CGCS2000 reliably" in refusal.value.en


def refused(upload, reason):
    """Return why a file failed as a whole, in English."""
    assert upload.state == "failed" and not upload.issue_counts
    assert upload.failure["reason"] == reason
    return upload.failure["en"]


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("layer", SITE_LAYERS)
def test_swiss_sites_declared_as_local_are_refused_with_their_range(registry, layer):
    request = declare(
        "plot",
        XINZHENG,
        member=f"site_{layer}",
        mapping={"code": "restriction_id", "stage": "status_code"},
    )
    upload, _ = registry.load(SITES.read_bytes(), SITES.name, request, "registrar")
    told = refused(upload, "crs_contradicts_coordinates")
    assert "none of the systems used in China" in told and "EPSG:4547" in told


@pytest.mark.usefixtures("untouched")
def test_swiss_system_is_refused_by_name_when_none_is_declared(registry):
    request = declare("plot", XINZHENG, None, member="site_points", mapping=None)
    upload, _ = registry.load(SITES.read_bytes(), SITES.name, request, "registrar")
    assert "CH1903+ / LV95" in refused(upload, "crs_foreign")


@pytest.mark.usefixtures("untouched")
def test_paris_as_published_is_refused_once_and_not_row_by_row(registry):
    request = declare("parcel", XINZHENG, 4326, mapping={"code": "id"})
    upload, _ = registry.load(PARIS.read_bytes(), PARIS.name, request)
    assert "6821 of 6821 rows" in refused(upload, "crs_contradicts_coordinates")


REFUSED_WHOLE = {
    "noshp": (lambda: (ODD / "shapefile_js/noshp.zip").read_bytes(), "no_layer"),
    "htmlcpg": (
        lambda: family("shapefile_js/htmlcpg", "cpg", "dbf", "prj", "shp"),
        "member_missing",
    ),
    "gbk": (lambda: pack("mapshaper/gbk.dbf"), "no_layer"),
}


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("case", REFUSED_WHOLE)
def test_odd_archive_is_refused_with_its_reason(registry, case):
    make, reason = REFUSED_WHOLE[case]
    request = declare("parcel", XINZHENG, encoding="gbk")
    upload, _ = registry.load(make(), f"{case}.zip", request)
    assert upload.state == "failed", upload.issue_counts
    assert upload.failure["reason"] == reason


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("suffix", ["dbf", "shp"])
def test_bare_member_is_refused_with_what_to_send(registry, suffix):
    data = (ODD / "mapshaper" / f"chinese.{suffix}").read_bytes()
    request = declare("plot", XINZHENG, encoding="gbk")
    upload, _ = registry.load(data, f"chinese.{suffix}", request, "registrar")
    assert upload.failure["reason"] == "bare_shapefile"
    assert "together in one .zip" in upload.failure["en"]


@pytest.mark.usefixtures("untouched")
def test_point_outside_china_is_refused_with_its_numbers(registry):
    data = family("mapshaper/chinese", "dbf", "prj", "shp", "shx")
    mapping = {"code": "NAME", "name": "NAME"}
    request = declare("plot", XINZHENG, None, encoding="gbk", mapping=mapping)
    upload, _ = registry.load(data, "chinese.zip", request, "registrar")
    assert "-248.7" in refused(upload, "crs_contradicts_coordinates")


def test_gbk_text_without_cpg_is_proposed_decoded(tmp_path):
    data = family("mapshaper/chinese", "dbf", "prj", "shp", "shx")
    (tmp_path / "file").write_bytes(data)
    request = declare("plot", XINZHENG, None, encoding=None)
    file = SurveyFile(tmp_path / "file", "chinese.zip", tmp_path)
    encoding = read_layer(file, request, Limits()).findings[1]
    assert (encoding.value, encoding.origin) == ("gb18030", "guessed")
    assert [one.kind for one in encoding.evidence][0] == "driver_byte"


@pytest.mark.usefixtures("untouched")
def test_archive_with_an_upper_case_member_is_read_and_its_other_system_told(registry):
    data = (ODD / "shapefile_js/mixedcase.zip").read_bytes()
    open_ = declare("parcel", XINZHENG, None, encoding="utf-8")
    upload, _ = registry.load(data, "mixedcase.zip", open_)
    assert "Massachusetts" in refused(upload, "crs_foreign")
    declared = declare("parcel", XINZHENG, encoding="utf-8")
    upload, _ = registry.load(data, "mixedcase.zip", declared)
    assert "40 of 40 rows" in refused(upload, "crs_contradicts_coordinates")


@pytest.mark.usefixtures("untouched")
def test_invalid_polygon_is_located_once_the_shapes_are_in_reach(registry):
    frame = geopandas.read_file(ODD / "shapefile_js" / "mixedcase.zip")
    near = frame.geometry.affine_transform([0.01, 0, 0, 0.01, *PARIS_MIDDLE])
    rows = [(parcel_code(n, XINZHENG),) for n in range(1, 41)]
    data = zipped(members(list(near), [("ZDDM", "C", 19, 0)], rows))
    request = declare("parcel", XINZHENG, encoding="gbk")
    upload, issues = registry.load(data, "moved.zip", request)
    assert upload.state == "checked"
    invalid = [one for one in issues if one.kind == "geometry_invalid"]
    assert [one.row for one in invalid] == [7]
    assert "Self-intersection" in invalid[0].message("en")
    assert invalid[0].lonlat is not None


@pytest.mark.usefixtures("untouched")
def test_points_in_feet_without_prj_are_refused_with_their_range(registry):
    data = family("gisdata/points_epsg2249_no_prj", "dbf", "shp", "shx")
    for crs in (None, 4547):
        request = declare("plot", XINZHENG, crs, encoding="utf-8")
        upload, _ = registry.load(data, "points.zip", request, "registrar")
        reason = "crs_contradicts_coordinates" if crs else "coordinates_other"
        assert "73 of 73 rows" in refused(upload, reason)
