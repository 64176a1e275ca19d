"""What does not carry over, and files that are odd: refused with a reason."""

import geopandas
import pytest

from parcels.crs import DatumNotConvertible, UnknownCrs
from tests.real_surveys import (
    LOCAL_SRID,
    ODD,
    PARIS,
    REAL_DATA,
    SITE_LAYERS,
    SITES,
    XINZHENG,
    declare,
    family,
    move,
    pack,
)
from tests.survey_files import members, parcel_code, zipped

pytestmark = REAL_DATA

KINDS = ("crs_contradicts_file", "geometry_outside_crs", "value_not_allowed")


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


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("layer", SITE_LAYERS)
def test_swiss_sites_declared_as_local_are_refused_row_by_row(registry, layer):
    request = declare(
        "plot",
        XINZHENG,
        member=f"site_{layer}",
        mapping={"code": "restriction_id", "stage": "status_code"},
    )
    upload, issues = registry.load(SITES.read_bytes(), SITES.name, request, "registrar")
    assert upload.state == "checked" and upload.accepted_count == 0
    told = {kind: [one for one in issues if one.kind == kind] for kind in KINDS}
    assert told["crs_contradicts_file"][0].details["found"] == "EPSG:2056"
    outside = [one.row for one in told["geometry_outside_crs"]]
    assert outside == list(range(1, upload.row_count + 1))
    assert "'StatusAltlV" in told["value_not_allowed"][0].message("en")


@pytest.mark.usefixtures("untouched")
def test_swiss_sites_of_two_layers_need_one_named(registry):
    request = declare("plot", XINZHENG)
    upload, _ = registry.load(SITES.read_bytes(), SITES.name, request, "registrar")
    assert upload.state == "failed"
    assert upload.failure["reason"] == "several_layers"
    assert "site_polygons, site_points" in upload.failure["en"]


@pytest.mark.usefixtures("untouched")
def test_paris_as_published_is_refused_row_by_row(registry):
    request = declare("parcel", XINZHENG, 4326, mapping={"code": "id"})
    upload, _ = registry.load(PARIS.read_bytes(), PARIS.name, request)
    assert upload.state == "checked" and upload.accepted_count == 0
    assert dict(upload.issue_counts)["code_malformed"] == 6821
    assert dict(upload.issue_counts)["geometry_outside_crs"] == 6821


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
def test_gbk_text_is_read_and_its_point_outside_china_located(registry):
    data = family("mapshaper/chinese", "dbf", "prj", "shp", "shx")
    mapping = {"code": "NAME", "name": "NAME"}
    request = declare("plot", XINZHENG, 4490, encoding="gbk", mapping=mapping)
    upload, issues = registry.load(data, "chinese.zip", request, "registrar")
    assert upload.state == "checked"
    assert next(one for one in issues if one.kind == "code_unusual").value == "简体"
    outside = next(one for one in issues if one.kind == "geometry_outside_crs")
    assert outside.row == 1 and "-248.7" in outside.message("zh")


@pytest.mark.usefixtures("untouched")
def test_archive_with_an_upper_case_member_is_read_and_its_other_system_told(registry):
    data = (ODD / "shapefile_js/mixedcase.zip").read_bytes()
    request = declare("parcel", XINZHENG, encoding="utf-8")
    upload, issues = registry.load(data, "mixedcase.zip", request)
    assert upload.state == "checked" and upload.row_count == 40
    contradiction = next(one for one in issues if one.kind == "crs_contradicts_file")
    assert contradiction.details == {"found": "EPSG:26986", "srid": LOCAL_SRID}
    outside = [one.row for one in issues if one.kind == "geometry_outside_crs"]
    assert outside == list(range(1, 41))


@pytest.mark.usefixtures("untouched")
def test_invalid_polygon_is_located_once_the_shapes_are_in_reach(registry):
    frame = geopandas.read_file(ODD / "shapefile_js" / "mixedcase.zip")
    shapes = list(move(frame.geometry, 300_000, 3_000_000))
    rows = [(parcel_code(n, XINZHENG),) for n in range(1, 41)]
    data = zipped(members(shapes, [("ZDDM", "C", 19, 0)], rows))
    request = declare("parcel", XINZHENG, encoding="gbk")
    upload, issues = registry.load(data, "moved.zip", request)
    assert upload.state == "checked"
    invalid = [one for one in issues if one.kind == "geometry_invalid"]
    assert [one.row for one in invalid] == [7]
    assert "(509058.44" in invalid[0].message("en")
    assert "Self-intersection" in invalid[0].message("en")
    assert invalid[0].lonlat is not None


@pytest.mark.usefixtures("untouched")
def test_points_in_feet_without_prj_are_refused_row_by_row(registry):
    data = family("gisdata/points_epsg2249_no_prj", "dbf", "shp", "shx")
    request = declare("plot", XINZHENG, encoding="utf-8")
    upload, issues = registry.load(data, "points.zip", request, "registrar")
    assert upload.state == "checked" and upload.accepted_count == 0
    outside = [one.row for one in issues if one.kind == "geometry_outside_crs"]
    assert outside == list(range(1, 74))
