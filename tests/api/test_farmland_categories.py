"""A division of farmland over HTTP: proposed, compared, approved, put into force."""

import io
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor

import geopandas
import openpyxl
import pytest

from screening.categories.quality_report import CHECKS
from tests.api.bodies import OURS, square
from tests.api.runs import rows as rows_of

CORNER = (114.07, 34.62)
SIDE = 0.001
"""A corner of our county that no other test uses; squares of some hundred metres."""


def unit_body(number, east, category="priority_protection", **more):
    west, south = CORNER
    return {
        "code": f"{OURS}9000{number:02d}Ⅰ",
        "division_code": OURS,
        "township_code": "999901102",
        "category": category,
        "land_use_scheme": "gbt21010_2017",
        "land_use_code": "0101",
        "valid_from": "2024-01-01",
        "geometry": square(west + east * SIDE, south, SIDE),
        **more,
    }


def sample(register, code, east, **contents):
    """Enter a soil point in the middle of a square, and its results."""
    west, south = CORNER
    place = [west + (east + 0.5) * SIDE, south + SIDE / 2]
    common = {"division_code": OURS, "valid_from": "2024-01-01"}
    point = {
        "code": code,
        "medium": "soil",
        "geometry": {"type": "Point", "coordinates": place},
        **common,
    }
    register.create("/v1/monitoring-points", point)
    for analyte, value in contents.items():
        result = {
            "code": f"{code}-{analyte}",
            "point_code": code,
            "sample_code": f"{code}-S",
            "sampled_on": "2023-10-01",
            "analyte": analyte,
            "value": value,
            "unit": "无量纲" if analyte == "pH" else "mg/kg",
            **common,
        }
        register.create("/v1/samples", result)


CLEAN = {"pH": 7.0, "Cd": 0.2, "Hg": 0.1, "As": 5.0, "Pb": 20.0, "Cr": 50.0}


@pytest.fixture(scope="module", autouse=True)
def land(_register):
    """Three units in a row: clean, cadmium above screening, not surveyed."""
    for number, east in enumerate((0, 1, 2), start=1):
        _register.create("/v1/farmland-units", unit_body(number, east))
    later = unit_body(7, 6, valid_from="2030-06-01")
    _register.create("/v1/farmland-units", later)
    sample(_register, "FC-1", 0, **CLEAN)
    sample(_register, "FC-2", 1, **{**CLEAN, "Cd": 0.7})


def propose(api, runs, **parameters):
    """Order a division and carry it out."""
    return runs.done(api, "farmland_categories", **parameters)


def rows(api, run):
    return [row["values"] for row in rows_of(api, run)]


def pieces(api, run):
    return {
        row["unit_code"]: row
        for row in rows(api, run)
        if row["record"] == "unit" and row["unit_code"].startswith(f"{OURS}9000")
    }


def test_units_are_divided_by_their_points_and_neighbours(api, runs):
    run = propose(api, runs)
    assert run["state"] == "done", run
    found = pieces(api, run)
    first, second, third = (found[f"{OURS}9000{n:02d}Ⅰ"] for n in (1, 2, 3))
    assert first["category"] == "priority_protection"
    assert (second["category"], second["cd_class"]) == ("safe_use", 2)
    assert second["target_pollutants"] == "Cd"
    assert second["new_code"] == f"{OURS}900002Ⅱ"
    assert (third["category"], third["origin"]) == ("safe_use", "neighbour")
    assert third["source_unit"] == second["unit_code"]


def test_a_sample_shows_what_the_standard_of_its_day_says(api):
    found = api.get("/v1/samples/FC-2-Cd").json()["judgement"]
    assert (found["standard"], found["class"], found["reason"]) == (
        "GB 15618-2018",
        2,
        None,
    )
    assert (found["limit_mg_per_kg"], found["intervention_mg_per_kg"]) == (0.6, 3.0)
    assert found["limit_confidence"] == "verified"
    assert (found["land"], found["ph"]) == ("paddy", 7.0)
    assert found["ratio"] == pytest.approx(0.7 / 0.6)
    assert api.get("/v1/samples/FC-2-pH").json()["judgement"] is None


@pytest.mark.parametrize(
    ("analyte", "limit", "confidence"),
    [
        ("Cd", 0.2, "verified"),
        ("Hg", 0.02, "recalled"),
        ("As", 0.35, "recalled"),
        ("Pb", None, None),
    ],
)
def test_produce_tells_a_limit_from_memory_from_one_that_was_read(
    _register, api, analyte, limit, confidence
):
    code = f"FC-RICE-{analyte}"
    body = {
        "code": code,
        "point_code": "FC-2",
        "medium": "crop",
        "food": "brown_rice",
        "sampled_on": "2024-10-01",
        "analyte": analyte,
        "value": 0.01,
        "unit": "mg/kg",
        "division_code": OURS,
        "valid_from": "2024-10-02",
    }
    _register.create("/v1/samples", body)
    found = api.get(f"/v1/samples/{code}").json()["judgement"]
    assert found["standard"] == "GB 2762-2022"
    assert (found["limit_mg_per_kg"], found["limit_confidence"]) == (limit, confidence)


def test_samples_and_points_are_judged_in_lists_too(api):
    items = api.get("/v1/samples", params={"point_code": "FC-1"}).json()["items"]
    classes = {
        one["analyte"]: one["judgement"] and one["judgement"]["class"] for one in items
    }
    assert classes == {"pH": None, "Cd": 1, "Hg": 1, "As": 1, "Pb": 1, "Cr": 1}
    point = api.get("/v1/monitoring-points/FC-2").json()["judgement"]
    assert (point["class"], point["classes"]["Cd"]) == (2, 2)
    cadmium = point["indices"]["items"]["Cd"]
    assert cadmium["single_factor"]["value"] == pytest.approx(0.7 / 0.6, abs=1e-4)
    assert cadmium["single_factor"]["grade"] == "slight"
    background = cadmium["background"]
    assert (background["region"], background["mg_per_kg"]) == ("CN", 0.097)
    assert (background["confidence"], point["indices"]["nemerow"]["grade"]) == (
        "recalled",
        "warning_line",
    )


def test_a_judged_sample_may_be_sent_back(api):
    answer = api.get("/v1/samples/FC-1-Pb")
    item = answer.json()
    headers = {"If-Match": answer.headers["etag"]}
    sent = api.as_("admin").put("/v1/samples/FC-1-Pb", item, headers=headers)
    assert sent.status_code == 200, sent.text


TERMS = {
    "on": "2031-01-01",
    "reason": "2026年度类别动态调整",
    "evidence": ["虚构县农用地详查报告"],
}
DOCUMENT = {"document": "虚构县政办〔2026〕12号"}


def path(run, step):
    return f"/v1/screening/runs/{run['id']}/{step}"


def test_a_division_is_compared_with_the_one_in_force(api, runs):
    run = propose(api, runs)
    found = api.get(path(run, "division")).json()
    assert (found["approval"], found["adoption"]) == (None, None)
    here = [one for one in found["areas"] if one["township_code"] == "999901102"]
    moved = {(o["category_before"], o["category"]): o["pieces"] for o in here}
    assert moved == {
        ("priority_protection", "priority_protection"): 1,
        ("priority_protection", "safe_use"): 2,
    }
    before = run["summary"]["counts"]
    assert before["units.safe_use"] >= 2


def test_a_division_needs_somebody_elses_approval(api, runs):
    run = propose(api.as_("agriculture"), runs)
    answer = api.as_("agriculture").post(path(run, "adoption"), TERMS)
    assert (answer.status_code, answer.json()["reason"]) == (409, "not_approved")
    assert (
        api.as_("agriculture").post(path(run, "approval"), DOCUMENT).status_code == 403
    )
    own = propose(api.as_("admin"), runs)
    answer = api.as_("admin").post(path(own, "approval"), DOCUMENT)
    assert (answer.status_code, answer.json()["reason"]) == (409, "own_proposal")


def test_a_division_by_some_elements_cannot_come_into_force(api, runs):
    run = propose(api.as_("agriculture"), runs, elements=["Cd"])
    assert api.as_("registrar").post(path(run, "approval"), DOCUMENT).status_code == 201
    answer = api.as_("agriculture").post(path(run, "adoption"), TERMS)
    assert (answer.status_code, answer.json()["reason"]) == (409, "not_all_elements")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_checks_are_printed_those_that_found_nothing_too(api, runs, language):
    run = propose(api.as_("agriculture"), runs)
    reader = api.as_("auditor", **{"Accept-Language": language})
    query = {"run": run["id"] if isinstance(run, dict) else run}
    printed = reader.get("/v1/reports/category_quality", params=query)
    assert printed.status_code == 200, printed.text
    assert printed.content.startswith(b"%PDF")
    book = openpyxl.load_workbook(
        io.BytesIO(
            reader.get(
                "/v1/reports/category_quality", params={**query, "format": "xlsx"}
            ).content
        )
    )
    facts = [str(row[1]) for row in book.worksheets[0].values]
    assert any("GB 15618-2018" in one for one in facts)
    word = "凭记忆" if language == "zh" else "from memory"
    assert any("GB 2762-2022" in one and word in one for one in facts)
    checks = list(book.worksheets[2].values)
    assert len(checks) == 1 + len(CHECKS)
    assert not any(str(row[0]) in CHECKS for row in checks), "a check has no word"
    listed = list(book.worksheets[3].values)[1:]
    assert len(listed) == sum(sum(row[1:]) for row in checks[1:])
    other = api.as_("planner_other_county")
    assert other.get("/v1/reports/category_quality", params=query).status_code == 404


def adopt_twice_at_once(api, run):
    """Put a division into force from two places; return the answers by status."""
    together = threading.Barrier(2)
    headers = {"Authorization": f"Bearer {api.keys['agriculture']}"}

    def adopt(_):
        together.wait()
        return api.client.post(path(run, "adoption"), json=TERMS, headers=headers)

    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(adopt, range(2)))
    return sorted(answers, key=lambda answer: answer.status_code)


def test_an_approved_division_comes_into_force_with_its_reasons(api, runs):
    agriculture, registrar = api.as_("agriculture"), api.as_("registrar")
    run = propose(agriculture, runs)
    assert registrar.post(path(run, "approval"), DOCUMENT).status_code == 201
    again = registrar.post(path(run, "approval"), DOCUMENT)
    assert (again.status_code, again.json()["reason"]) == (409, "approved_before")
    answer, refused = adopt_twice_at_once(api, run)
    assert answer.status_code == 201, answer.text
    assert (refused.status_code, refused.json()["reason"]) == (
        409,
        "in_force_already",
    )
    adoption = answer.json()["adoption"]
    (warning,) = adoption["warnings"]
    assert warning["division_code"] == OURS
    assert warning["after_m2"] < warning["before_m2"]
    tasks = api.get("/v1/tasks", params={"kind": "priority_area_fell"}).json()["items"]
    assert {task["bureau"] for task in tasks} == {"AG", "EE"}
    assert tasks[0]["subject"] == {"theme": "division", "code": OURS}
    told = api.get("/v1/indicators", params={"period": "2031"})
    assert told.status_code == 422, "the day has not come"

    old, new = f"{OURS}900002Ⅰ", f"{OURS}900002Ⅱ"
    before = api.get(f"/v1/farmland-units/{old}", params={"as_of": "2030-12-31"}).json()
    after = api.get(f"/v1/farmland-units/{new}", params={"as_of": "2031-01-01"}).json()
    assert (before["category"], after["category"]) == (
        "priority_protection",
        "safe_use",
    )
    assert after["target_pollutants"] == ["镉"]
    assert before["mapped_area_m2"] == after["mapped_area_m2"]
    assert (
        api.get(f"/v1/farmland-units/{old}", params={"as_of": "2031-01-01"}).status_code
        == 404
    )
    later = f"/v1/farmland-units/{OURS}900007Ⅰ"
    assert api.get(later, params={"as_of": "2031-01-01"}).status_code == 200
    (change,) = api.get("/v1/category-changes", params={"unit": new}).json()["items"]
    assert change["unit_code"] == old
    assert (change["reason"], change["evidence"]) == (
        TERMS["reason"],
        TERMS["evidence"],
    )
    assert change["document"] == DOCUMENT["document"]
    assert change["category_before"] == "priority_protection"

    repeated = agriculture.post(path(run, "adoption"), TERMS)
    assert (repeated.status_code, repeated.json()["reason"]) == (
        409,
        "in_force_already",
    )


def test_a_division_of_farmland_that_changed_since_is_refused(api, runs):
    run = propose(api.as_("agriculture"), runs)
    assert api.as_("registrar").post(path(run, "approval"), DOCUMENT).status_code == 201
    api.create("/v1/farmland-units", unit_body(9, 8))
    answer = api.as_("agriculture").post(path(run, "adoption"), TERMS)
    assert (answer.status_code, answer.json()["reason"]) == (409, "register_moved")


def test_another_county_sees_nothing_of_a_division(api, runs):
    run = propose(api.as_("agriculture"), runs)
    other = api.as_("planner_other_county")
    assert other.get(path(run, "division")).status_code == 404
    items = other.get("/v1/category-changes").json()["items"]
    assert [one for one in items if one["division_code"].startswith(OURS)] == []


@pytest.mark.parametrize("form", ["gpkg", "shp"])
def test_the_result_layer_bears_the_official_attributes(api, runs, form, tmp_path):
    run = propose(api, runs)
    answer = api.get(path(run, "layer"), params={"format": form})
    assert answer.status_code == 200, answer.text
    file = tmp_path / ("layer.gpkg" if form == "gpkg" else "layer.zip")
    file.write_bytes(answer.content)
    frame = geopandas.read_file(file)
    assert {"XZQDM", "LBBM", "ZH_CLASS", "Cd_CLASS", "TRMBWRW", "MJ_MU"} <= set(frame)
    assert frame.crs.to_epsg() == 4490
    proposed = {r["new_code"]: r for r in rows(api, run) if r["record"] == "unit"}
    assert set(frame["LBBM"]) == set(proposed)
    strict = frame.set_index("LBBM").loc[[c for c in proposed if c.endswith("Ⅱ")]]
    assert set(strict["ZLLB"]) == {"安全利用类"} and set(strict["ZH_CLASS"]) == {2}
    assert set(strict["TRMBWRW"]) == {"镉"}
    if form == "shp":
        with zipfile.ZipFile(file) as archive:
            (cpg,) = [one for one in archive.namelist() if one.endswith(".cpg")]
            assert archive.read(cpg).strip() in (b"GBK", b"936", b"cp936")


def test_another_kind_of_run_is_no_division(api, runs):
    run = runs.done(api, "receptors", radius_m=500)
    answer = api.get(path(run, "layer"))
    assert (answer.status_code, answer.json()["reason"]) == (409, "no_division")
