"""Rates over HTTP: counted parcel by parcel, held against targets, kept for good."""

import io
import itertools

import openpyxl
import psycopg
import pytest
import shapely

from parcels.area import measure_area
from tests.api.bodies import OURS, entry, new_code, square

YEAR = "2026"
_places = itertools.count()


def put_unit(api, category, **more):
    """A farmland unit of about 100 m by 100 m on ground of its own."""
    code = f"U-{new_code()}"
    ground = square(114.002 + 0.002 * next(_places), 34.695)
    body = {
        "code": code,
        "division_code": OURS,
        "township_code": "999901007",
        "valid_from": "2020-01-01",
        "category": category,
        "geometry": ground,
        **more,
    }
    return api.create("/v1/farmland-units", body)


def put_measure(api, unit, measure, **more):
    body = {
        "code": f"M-{new_code()}",
        "division_code": OURS,
        "valid_from": "2026-01-01",
        "unit_code": unit["code"],
        "measure": measure,
        "year": 2026,
        "area_m2": unit["mapped_area_m2"],
        "evidence": "验收单",
        **more,
    }
    return api.create("/v1/farmland-measures", body)


def figures(api, **query):
    answer = api.get("/v1/indicators", params={"period": YEAR, **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


def rate_of(said, name="polluted_farmland_rate"):
    return next(one for one in said["rates"] if one["name"] == name)


def township(said, name="polluted_farmland_rate"):
    places = rate_of(said, name)["townships"]
    return next(one for one in places if one["township_code"] == "999901007")


def row_of(api, unit, name="polluted_farmland_rate", **query):
    path = f"/v1/indicators/{name}/rows"
    answer = api.get(path, params={"period": YEAR, "limit": 1000, **query})
    rows = {row["code"]: row for row in answer.json()["items"]}
    return rows.get(unit.get("code") or unit["plot_code"])


def test_units_count_by_their_measures_and_say_why(api):
    agriculture = api.as_("agriculture", **{"Accept-Language": "en"})
    done = put_unit(agriculture, "safe_use")
    idle = put_unit(agriculture, "strict_control")
    unproved = put_unit(agriculture, "safe_use")
    produce = {"produce_samples": 10, "produce_compliant": 8}
    put_measure(agriculture, done, "lime", responsible_person="李四", **produce)
    put_measure(agriculture, unproved, "lime")

    row = row_of(agriculture, done)
    assert row["state"] == "partly"
    assert row["counted"] == pytest.approx(0.8 * done["mapped_area_m2"])
    assert row["why"] == "80% of the produce complies"
    (measure,) = row["measures"]
    assert (measure["responsible_person"], measure["evidence"]) == ("李四", "验收单")
    assert row_of(agriculture, idle)["why"] == "no measure on record this year"
    assert row_of(agriculture, unproved)["state"] == "unknown"
    # The sums are those of the rows.
    here = township(figures(agriculture))
    rows = [row_of(agriculture, one) for one in (done, idle, unproved)]
    assert here["denominator"] >= round(sum(row["total"] for row in rows), 2) - 0.02
    assert here["rate"] <= 1


def test_the_area_of_a_unit_is_the_register_s_own(api):
    unit = put_unit(api.as_("agriculture"), "strict_control")
    row = row_of(api, unit)
    (ground,) = [shapely.geometry.shape(unit["geometry"])]
    assert row["total"] == pytest.approx(float(measure_area(ground)), abs=0.001)


def test_areas_by_category_sum_to_the_farmland(api):
    put_unit(api.as_("agriculture"), "priority_protection")
    said = figures(api)
    areas = sum(one["area_m2"] for one in said["categories"])
    coverage = rate_of(said, "classification_coverage")
    number = sum(one["units"] for one in said["categories"])
    assert areas == pytest.approx(coverage["denominator"], abs=0.001 + 0.005 * number)


def test_a_measure_whose_unit_is_not_on_record_is_told(api):
    agriculture = api.as_("agriculture")
    unit = put_unit(agriculture, "strict_control")
    put_measure(agriculture, unit, "fallow", unit_code="NO-SUCH-UNIT")
    assert row_of(agriculture, unit)["state"] == "not_counted"
    assert figures(agriculture)["stray_measures"]


def test_a_measure_counts_in_its_year_and_once_it_is_done(api):
    agriculture = api.as_("agriculture")
    unit = put_unit(agriculture, "strict_control")
    put_measure(agriculture, unit, "fallow", done_on="2026-06-15")
    assert row_of(agriculture, unit, period="2026-05")["state"] == "not_counted"
    assert row_of(agriculture, unit, period="2026-06")["state"] == "counted"
    assert row_of(agriculture, unit, period="2025")["state"] == "not_counted"


def test_plots_in_use_again_count_when_they_were_fit_before(api):
    registrar = api.as_("registrar")

    def plot(stage, **more):
        code = f"PL-{new_code()}"
        body = {
            "plot_code": code,
            "division_code": OURS,
            "valid_from": "2024-01-01",
            "stage": stage,
            "geometry": square(114.002 + 0.002 * next(_places), 34.697),
            "reuse_started_on": "2026-03-01",
            "evaluated_class": "class_1",
            "planned_use_scheme": "gbt21010_2017",
            "planned_use_code": "0701",
            **more,
        }
        return registrar.create("/v1/plots", body)

    fit = plot("removed", **entry())
    early = plot("remediation", **entry())
    idle = plot("removed", **entry(), reuse_started_on=None)
    states = [
        row_of(api, one, "contaminated_plot_rate")["state"]
        for one in (fit, early, idle)
    ]
    assert states == ["counted", "not_counted", "outside"]
    both = rate_of(figures(api), "contaminated_plot_rate_by_count")
    assert (both["unit"], both["rate"] <= 1) == ("count", True)


def test_tasks_struck_off_are_the_share_of_the_years_rectifications(api):
    registrar = api.as_("registrar")
    before = rate_of(figures(api), "rectification_rate")
    body = {
        "kind": "rectification",
        "bureau": "EE",
        "facts": {"problem": "含镉沉积物"},
        "due_on": "2026-11-30",
    }
    task = registrar.post("/v1/tasks", body).json()
    now = figures(api)["as_of"][:4]
    for step in (
        {"step": "reported_done", "note": "已清运"},
        {"step": "struck_off"},
    ):
        answer = registrar.post(f"/v1/tasks/{task['id']}/steps", step)
        assert answer.status_code == 201, answer.text
    after = rate_of(figures(api, period=now), "rectification_rate")
    assert after["numerator"] == before["numerator"] + 1
    assert after["denominator"] == before["denominator"] + 1


def test_targets_come_with_document_clause_and_comparison(api):
    said = figures(api.as_("auditor", **{"Accept-Language": "en"}))
    target = rate_of(said)["targets"][0]
    assert (target["document"], target["clause"]) == ("环厅〔2020〕27号", "三(三)")
    assert (target["comparison_text"], target["value"]) == ("about", 90.0)
    assert target["passed"]
    assert target["source_text"] == (
        "opinions of the Ministry of Ecology and Environment (环厅〔2020〕27号),"
        " section 三(三)"
    )
    listed = api.get("/v1/targets").json()["items"]
    assert {one["division_code"] for one in listed} == {"*"}


def keep(api, period, **more):
    return api.post("/v1/indicator-snapshots", {"period": period, **more})


def test_a_snapshot_stays_when_data_change(api):
    agriculture = api.as_("agriculture")
    unit = put_unit(agriculture, "strict_control")
    kept = keep(agriculture, "2026-09")
    assert kept.status_code == 201, kept.text
    path = kept.headers["location"]
    before = api.get(path).json()
    put_measure(agriculture, unit, "fallow", done_on="2026-02-01")
    now = township(figures(api, period="2026-09"))
    assert now["numerator"] > township(before["figures"])["numerator"]
    assert api.get(path).json() == before
    in_snapshot = row_of(api, unit, snapshot=before["id"])
    assert in_snapshot["state"] == "not_counted"
    assert row_of(api, unit)["state"] == "counted"


def test_a_period_is_kept_once_or_revised_with_a_reason(api):
    registrar = api.as_("registrar")
    first = keep(registrar, "2026-Q1").json()
    again = keep(registrar, "2026-Q1")
    assert (again.status_code, again.json()["reason"]) == (409, "period_kept_already")
    second = keep(registrar, "2026-Q1", reason="补报三月措施").json()
    assert (first["revision"], second["revision"]) == (1, 2)
    query = {"period": "2026-Q1", "limit": 1}
    page = api.get("/v1/indicator-snapshots", params=query).json()
    assert [one["revision"] for one in page["items"]] == [2]
    page = api.get("/v1/indicator-snapshots", params={**query, "after": page["next"]})
    assert [one["id"] for one in page.json()["items"]] == [first["id"]]
    assert page.json()["next"] is None


def test_nobody_alters_a_snapshot_and_the_ledger_has_it(api, api_urls):
    made = keep(api.as_("registrar"), "2026-08").json()
    with psycopg.connect(api_urls.owner, autocommit=True) as connection:
        for statement in (
            "update registry.indicator_snapshot set reason = 'x'",
            "delete from registry.indicator_snapshot",
            "truncate registry.indicator_snapshot",
        ):
            with pytest.raises(psycopg.errors.IntegrityError):
                connection.execute(statement)
        found = connection.execute(
            "select convert_from(content, 'UTF8')::jsonb->'body' from"
            " registry.ledger_entry where kind = 'indicator_snapshot' order by"
            " recorded_at desc limit 1"
        ).fetchone()
    assert found[0]["snapshot_id"] == made["id"]
    assert found[0]["content_sha256"] == made["content_sha256"]


def test_no_division_means_the_callers_own(api):
    made = keep(api.as_("registrar"), "2026-03", division=None)
    assert (made.status_code, made.json()["division_code"]) == (201, OURS)


def test_what_cannot_be_counted_is_refused_with_words(api):
    for period, status in (("2026-13", 422), ("2099", 422), ("x" * 200, 422)):
        answer = api.get("/v1/indicators", params={"period": period})
        assert answer.status_code == status, period
    outside = api.get("/v1/indicators", params={"division": "9999"})
    assert outside.status_code == 403
    unknown = api.as_("admin").get("/v1/indicators", params={"division": "999977"})
    assert unknown.status_code == 422
    assert unknown.json()["type"].endswith(":unknown-division")
    whole = api.as_("admin").get("/v1/indicators", params={"division": "*"})
    assert whole.status_code == 200
    assert api.get("/v1/indicator-snapshots/nonsense").status_code == 404
    assert keep(api.as_("planner"), "2026-07").status_code == 403
    assert keep(api.as_("registrar"), "2026-7").status_code == 422


def test_another_division_sees_nothing_of_it(api):
    made = keep(api.as_("registrar"), "2026-07").json()
    unit = put_unit(api.as_("agriculture"), "strict_control")
    other = api.as_("planner_other_county")
    assert other.get(f"/v1/indicator-snapshots/{made['id']}").status_code == 404
    assert row_of(other, unit) is None
    rows = other.get(
        "/v1/indicators/polluted_farmland_rate/rows", params={"snapshot": made["id"]}
    )
    assert rows.status_code == 404
    listed = other.get("/v1/indicator-snapshots", params={"division": OURS}).json()
    assert listed["items"] == []


def test_rows_come_in_pages_that_miss_none(api):
    agriculture = api.as_("agriculture")
    for _ in range(3):
        put_unit(agriculture, "strict_control")
    path = "/v1/indicators/polluted_farmland_rate/rows"
    whole = api.get(path, params={"period": YEAR, "limit": 1000}).json()["items"]
    walked, after = [], None
    while True:
        query = {"period": YEAR, "limit": 2} | ({"after": after} if after else {})
        page = api.get(path, params=query).json()
        walked += page["items"]
        after = page["next"]
        if after is None:
            break
    assert walked == whole


def sheets_of(answer):
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return {sheet.title: list(sheet.values) for sheet in book}


def test_a_workbook_holds_the_figures_and_every_row(api):
    agriculture = api.as_("agriculture")
    unit = put_unit(agriculture, "strict_control")
    put_measure(agriculture, unit, "fallow", responsible_person="=王五")
    query = {"period": YEAR, "format": "xlsx"}
    sheets = sheets_of(api.get("/v1/reports/indicators", params=query))
    (row,) = [one for one in sheets["耕地明细（类别）"] if one[0] == unit["code"]]
    assert row[2] == pytest.approx(unit["mapped_area_m2"], abs=0.01)
    assert "王五" in row[6]
    assert any("左右" in str(one[2]) for one in sheets["目标对照"])
    rate = rate_of(figures(api))
    assert sheets["指标"][1][1] == pytest.approx(rate["rate"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_report_is_printed_and_the_same_from_a_snapshot(api, language):
    made = keep(api.as_("registrar"), "2026-02", reason="试").json()
    reader = api.as_("auditor", **{"Accept-Language": language})
    query = {"snapshot": made["id"]}
    first = reader.get("/v1/reports/indicators", params=query)
    put_unit(api.as_("agriculture"), "strict_control")
    second = reader.get("/v1/reports/indicators", params=query)
    assert first.headers["content-type"] == "application/pdf"
    assert first.content.startswith(b"%PDF") and first.content == second.content
    other = api.as_("planner_other_county")
    assert other.get("/v1/reports/indicators", params=query).status_code == 404


def test_the_trend_is_drawn_of_the_last_revisions_of_ones_own_division(api):
    registrar = api.as_("registrar")
    for period in ("2026-04", "2026-05"):
        keep(registrar, period, reason="趋势")
    answer = api.get("/v1/indicator-snapshots/trend", params={"kind": "month"})
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "2026-05" in answer.text and answer.text.startswith("<svg")
    theirs = api.as_("planner_other_county").get(
        "/v1/indicator-snapshots/trend", params={"division": OURS}
    )
    assert "2026-05" not in theirs.text
