"""Siting runs over HTTP: the gate's rules as rows, unknown where a layer is missing."""

import io

import openpyxl
import pytest

from tests.api.bodies import OURS, square
from tests.api.runs import rows

HERE = (114.08, 34.605)
SMELTER = {"industry_code": "3212", "facility": "none", "build": "new"}


@pytest.fixture
def api(api):
    """The interface, answering in English."""
    return api.as_(api.role, **{"Accept-Language": "en"})


@pytest.fixture(scope="module", autouse=True)
def land(_register):
    """A school some 333 m north of the site, whose edges are 111 m long."""
    west, south = HERE
    _register.create(
        "/v1/receptors",
        {
            "code": "SITE-SCHOOL",
            "kind": "school",
            "name": "选址学校",
            "geometry": square(west, south + 0.004),
            "division_code": OURS,
            "valid_from": "2024-01-01",
        },
    )


def order(api, **parameters):
    body = {"kind": "siting", "parameters": {**SMELTER, **parameters}}
    return api.post("/v1/screening/runs", body)


def carry_out(api, runs, **parameters):
    asked = {**SMELTER, "area": square(*HERE), **parameters}
    run = runs.done(api, "siting", **asked)
    return run, rows(api, run)


def by_rule(rows):
    return {r["values"]["rule"]: r for r in rows if r["values"]["row"] == "rule"}


def test_a_school_near_a_smelter_denies_it_with_law_and_distance(api, runs):
    _, rows = carry_out(api, runs)
    row = by_rule(rows)["E03"]
    values = row["values"]
    assert (values["status"], values["outcome"]) == ("matched", "deny")
    assert values["code"] == "SITE-SCHOOL" and values["limit_m"] == 500
    assert values["distance_m"] == pytest.approx(332.8, abs=0.5)
    assert values["verification"] == "verified" and values["law"]
    assert "Art. 32" in row["why"] and "project default" in row["why"]
    (ring,) = [r for r in rows if r["values"]["row"] == "ring"]
    assert ring["values"]["rule"] == "BUF_SITING_RECEPTOR"
    assert ring["values"]["distance_m"] == values["distance_m"]


def test_a_layer_that_is_not_covered_is_unknown_and_never_free(api, runs):
    run, rows = carry_out(api, runs)
    row = by_rule(rows)["E02"]
    assert row["values"]["status"] == "unknown"
    assert row["values"]["would_be"] == "deny" and row["values"]["outcome"] is None
    assert "does not cover" in row["why"]
    states = {
        one["theme"]: one["state"]
        for one in run["summary"]["coverage"]
        if one["division_code"] == OURS
    }
    assert states["pbf_concentrated_area"] == "no_coverage"
    first = rows[0]["values"]
    assert first["row"] == "site" and first["outcome"] != "allow"
    assert "E02" in rows[0]["why"]


def test_a_plant_that_cannot_pollute_soil_has_no_ring(api, runs):
    _, rows = carry_out(api, runs, may_pollute_soil="no", industry_code="1411")
    assert not [r for r in rows if r["values"]["row"] == "ring"]
    assert by_rule(rows)["E03"]["values"]["status"] == "not_matched"


def test_the_outcome_is_that_of_the_gate(api, runs):
    _, rows = carry_out(api, runs)
    answer = api.post(
        "/v1/gate/decisions",
        {
            "transaction": "siting",
            "subject": {"geometry": square(*HERE)},
            "planned_use": {"scheme": "gbt21010_2017", "code": "0601"},
            "project": {**SMELTER, "industry_edition": "2017"},
            "dry_run": True,
        },
    )
    decision = answer.json()
    assert rows[0]["values"]["outcome"] == decision["outcome"]
    judged = {one["rule"]: one["status"] for one in decision["findings"]}
    told = {rule: row["values"]["status"] for rule, row in by_rule(rows).items()}
    assert told.items() <= judged.items()


def test_a_point_is_a_site_as_wide_as_its_radius(api, runs):
    lon, lat = HERE
    _, rows = carry_out(api, runs, area=None, longitude=lon, latitude=lat, radius_m=100)
    # The school begins 0.004° north: 443.7 m, less the radius.
    distance = by_rule(rows)["E03"]["values"]["distance_m"]
    assert distance == pytest.approx(343.7, abs=0.5)


def test_a_new_tailings_pond_is_asked_about_its_flow_path(api, runs):
    _, rows = carry_out(api, runs, industry_code="0912", facility="tailings_pond")
    (row,) = [r for r in rows if r["values"]["row"] == "flow_path"]
    assert (row["values"]["rule"], row["values"]["status"]) == ("E10", "unknown")
    assert row["values"]["would_be"] == "deny"


def test_files_tell_what_was_asked_in_words_and_leave_nothing_raw(api, runs):
    run, _ = carry_out(api, runs, industry_code="0912", facility="tailings_pond")
    reader = api.as_(api.role, **{"Accept-Language": "zh-CN"})
    answer = reader.get(run["links"]["results"], params={"format": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    about = {row[0].value: row[1].value for row in book.worksheets[1].iter_rows()}
    assert (about["设施类型"], about["建设性质"]) == ("尾矿库", "新建")
    assert about["规划用途（GB/T 21010-2017）"] == "工业用地"
    assert '"type":"MultiPolygon"' in about["拟建范围"] and about["半径（米）"] == "—"
    told = [row[-1].value for row in book.worksheets[0].iter_rows(min_row=2)]
    assert any("产品默认值" in why for why in told)
    heads = [cell.value for cell in book.worksheets[0][1]]
    rules = [row[heads.index("规则")].value for row in book.worksheets[0].iter_rows()]
    assert "选址与敏感目标的距离（BUF_SITING_RECEPTOR）" in rules
    assert not any("proposed" in why for why in told)


@pytest.mark.parametrize(
    ("parameters", "pointer"),
    [
        ({"area": None}, "/parameters/area"),
        ({"longitude": 114.2}, "/parameters/latitude"),
        ({"longitude": 114.2, "latitude": 34.6}, "/parameters/radius_m"),
        ({"industry_code": "smelting"}, "/parameters/industry_code"),
        ({"area": {"type": "Point", "coordinates": [114, 34]}}, "/parameters/area"),
        ({"area": "POLYGON EMPTY"}, "/parameters/area"),
        ({"area": {"type": "Polygon", "coordinates": [[1, 2]]}}, "/parameters/area"),
    ],
)
def test_a_site_that_cannot_be_asked_about_is_refused_with_its_place(
    api, parameters, pointer
):
    answer = order(api, **{"area": square(*HERE), **parameters})
    assert answer.status_code == 422, answer.text
    assert pointer in [fault["pointer"] for fault in answer.json()["errors"]]


def test_a_site_of_another_county_is_refused(api, runs):
    run = runs.done(api, "siting", **SMELTER, area=square(117.0, 36.0))
    assert run["state"] == "failed" and "no county of yours" in run["failure"]
