"""Faults of a file, read and taken away; faulty rows set aside and repaired."""

import csv
import io
import json

import pyogrio
import pytest
import shapely

from tests.api.survey_uploads import codes, new_county
from tests.survey_files import parcels_zip, square_at


def faulty_file(county):
    """Four parcels: one with a formula for a code, two that overlap, and a good one."""
    under, over, good = codes(county, 1, 2, 3)
    squares = [square_at(east, 0) for east in (0, 40, 5, 80)]
    rows = [(under, "甲"), ("=1+1", "乙"), (over, "丙"), (good, "丁")]
    return parcels_zip(squares, [(*row, 100.0) for row in rows])


@pytest.fixture(scope="session")
def counties():
    """Numbers of counties for these tests."""
    return iter(range(20, 60))


@pytest.fixture
def checked(bureau, counties):
    """A bureau and its upload with errors in three of its four rows."""
    ours = bureau(new_county(next(counties)))
    found = ours.upload(faulty_file(ours.county))
    assert found["state"] == "checked", found
    return ours, found


def issues(ours, upload, **query):
    answer = ours.api.get(upload["links"]["issues"], params=query)
    assert answer.status_code == 200, answer.text
    return answer


def test_counts_by_kind_come_first(checked):
    ours, upload = checked
    page = issues(ours, upload, limit=1).json()
    assert {"kind": "overlap", "severity": "error", "count": 1} in page["counts"]
    assert len(page["items"]) == 1 and page["next"] == 1


def test_pages_together_are_the_report(checked):
    ours, upload = checked
    whole = [one["number"] for one in issues(ours, upload).json()["items"]]
    paged, after = [], 0
    while after is not None:
        page = issues(ours, upload, limit=1, after=after).json()
        paged += [one["number"] for one in page["items"]]
        after = page["next"]
    assert paged == whole and len(whole) == sum(upload["issue_counts"].values())


@pytest.mark.parametrize(
    "query", [{"kind": "overlap"}, {"severity": "error", "row": 3}]
)
def test_issues_are_filtered(checked, query):
    ours, upload = checked
    (found,) = issues(ours, upload, **query).json()["items"]
    assert (found["kind"], found["row"]) == ("overlap", 3)
    assert found["geometry"]["type"] in ("Polygon", "MultiPolygon")


@pytest.fixture
def overlapping(bureau, counties):
    """Two parcels of one upload that share 50 m², and the issue that tells it."""
    ours = bureau(new_county(next(counties)))
    first, second = codes(ours.county, 1, 2)
    squares = [square_at(0, 0), square_at(5, 0)]
    rows = [(first, "甲", 100.0), (second, "乙", 100.0)]
    upload = ours.upload(parcels_zip(squares, rows))
    assert upload["issue_counts"] == {"overlap": 1}
    return ours, upload, {"row": 2, "code": second, "other_row": 1, "other_code": first}


def test_an_overlap_names_both_rows_and_codes_once(overlapping):
    ours, upload, both = overlapping
    for row in (1, 2):
        (found,) = issues(ours, upload, row=row).json()["items"]
        assert {name: found[name] for name in both} == both
    for name in ("code", "other_code"):
        assert both[name] in found["message"]
    assert "第 2 行" in found["message"] and "第 1 行" in found["message"]


@pytest.mark.parametrize("form", ["csv", "geojson", "gpkg"])
def test_an_overlap_names_both_rows_in_every_file(overlapping, form, tmp_path):
    ours, upload, both = overlapping
    content = issues(ours, upload, format=form).content
    if form == "csv":
        (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
        assert 100 < float(row["longitude"]) < 130
    elif form == "geojson":
        row = json.loads(content)["features"][0]["properties"]
    else:
        path = tmp_path / "report.gpkg"
        path.write_bytes(content)
        row = pyogrio.read_dataframe(path, layer="polygons").iloc[0]
    assert {name: str(row[name]) for name in both} == {
        name: str(value) for name, value in both.items()
    }
    assert float(row["area_m2"]) == pytest.approx(50, abs=0.05)


def test_texts_come_in_the_caller_s_language(checked):
    ours, upload = checked
    answer = ours.api.get(upload["links"]["issues"], headers={"Accept-Language": "en"})
    messages = [one["message"] for one in answer.json()["items"] if one["row"]]
    assert all(one.startswith("Row ") for one in messages) and messages


def test_no_spreadsheet_finds_a_formula(checked):
    ours, upload = checked
    answer = issues(ours, upload, format="csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == sum(upload["issue_counts"].values())
    cells = [cell for row in rows for cell in row.values()]
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))]
    assert all(row["longitude"] for row in rows)


def test_geojson_holds_every_issue(checked):
    ours, upload = checked
    document = issues(ours, upload, format="geojson").json()
    kinds = {one["properties"]["kind"] for one in document["features"]}
    assert kinds == set(upload["issue_counts"])


def test_geopackage_opens_as_points_and_polygons(checked, tmp_path):
    ours, upload = checked
    path = tmp_path / "issues.gpkg"
    answer = issues(ours, upload, format="gpkg")
    path.write_bytes(answer.content)
    assert "issues.gpkg" in answer.headers["content-disposition"]
    layers = dict(pyogrio.list_layers(path))
    assert layers == {
        "points": "MultiPoint",
        "lines": "MultiLineString",
        "polygons": "MultiPolygon",
    }
    info = pyogrio.read_info(path, layer="polygons")
    assert (info["features"], info["crs"]) == (1, "EPSG:4490")


def test_a_report_leaves_nothing_behind(checked, data_dir):
    ours, upload = checked
    for form in ("csv", "geojson", "gpkg"):
        issues(ours, upload, format=form)
        ours.api.get(upload["links"]["set_aside"], params={"format": form})
    assert list((data_dir / "uploads" / "scratch").iterdir()) == []


def test_errors_block_until_their_rows_are_set_aside(checked):
    ours, upload = checked
    refused = ours.api.post(f"{upload['links']['self']}/commit", {"reason": "x"})
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("upload-state")
    done = ours.order(upload, "commit", set_aside=True, reason="待修")
    assert done["state"] == "committed", done
    assert set(ours.parcels()) == {codes(ours.county, 3)[0]}
    assert done["acceptance"]["rows_set_aside"] == 3


def test_of_rows_that_overlap_or_share_a_code_all_are_set_aside(bureau, counties):
    ours = bureau(new_county(next(counties)))
    one, two, twice, good = codes(ours.county, 1, 2, 3, 4)
    squares = [square_at(east, 0) for east in (0, 5, 40, 60, 80)]
    rows = [(code, "甲", 100.0) for code in (one, two, twice, twice, good)]
    upload = ours.upload(parcels_zip(squares, rows))
    kinds = {one["kind"]: one["count"] for one in upload["issue_kinds"]}
    assert (kinds["overlap"], kinds["code_duplicate"]) == (1, 1)
    assert (upload["rows"], upload["accepted_rows"]) == (5, 1)
    aside = ours.api.get(upload["links"]["set_aside"], params={"format": "csv"})
    found = list(csv.DictReader(io.StringIO(aside.content.decode("utf-8-sig"))))
    assert [row["row"] for row in found] == ["1", "2", "3", "4"]
    assert found[0]["faults"] == found[1]["faults"]
    assert found[2]["faults"] == found[3]["faults"]
    done = ours.order(upload, "commit", set_aside=True, reason="待修")
    assert done["acceptance"]["rows_set_aside"] == 4
    assert set(ours.parcels()) == {good}


def test_a_file_of_which_no_row_is_left_says_so(bureau, counties):
    ours = bureau(new_county(next(counties)))
    rows = [(code, "甲", 100.0) for code in codes(ours.county, 1, 2)]
    upload = ours.upload(parcels_zip([square_at(0, 0), square_at(5, 0)], rows))
    assert (upload["errors"], upload["accepted_rows"]) == (1, 0)
    terms = {"set_aside": True, "reason": "x"}
    refused = ours.api.post(f"{upload['links']['self']}/commit", terms)
    assert refused.status_code == 409
    assert "搁置后没有可入库的行" in refused.json()["detail"]
    assert ours.parcels() == {}


def test_rows_set_aside_are_kept_as_the_file_says_them(checked, tmp_path):
    ours, upload = checked
    ours.order(upload, "commit", set_aside=True, reason="待修")
    answer = ours.api.get(upload["links"]["set_aside"])
    path = tmp_path / "rows.gpkg"
    path.write_bytes(answer.content)
    frame = pyogrio.read_dataframe(path, layer="polygons")
    assert frame.crs.to_epsg() == 4526
    under, over = codes(ours.county, 1, 2)
    assert list(frame["ZDDM"]) == [under, "=1+1", over]
    assert list(frame["ZL"]) == ["甲", "乙", "丙"]
    assert list(frame["row"]) == ["1", "2", "3"]
    assert frame.geometry.iloc[2].equals(square_at(5, 0))
    assert all(frame["faults"])


def test_rows_set_aside_come_as_geojson_in_degrees_too(checked):
    ours, upload = checked
    answer = ours.api.get(upload["links"]["set_aside"], params={"format": "geojson"})
    second = json.loads(answer.content)["features"][1]
    assert second["properties"]["ZDDM"] == "=1+1"
    inside = shapely.geometry.shape(second["geometry"]).centroid
    assert (round(inside.x), round(inside.y)) == (114, 35)


def test_a_kind_of_issue_there_is_not_is_refused_and_not_found_empty(checked):
    ours, upload = checked
    answer = ours.api.get(upload["links"]["issues"], params={"kind": "overlaps"})
    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["parameter"]) == (422, "kind")
    assert "'overlap'" in fault["message"]
