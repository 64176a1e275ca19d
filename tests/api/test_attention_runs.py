"""Levels of attention over HTTP: scored, corrected, by an office's own table, kept."""

import pytest

from screening.attention.default_table import read_default_table
from tests.api.bodies import OURS, square
from tests.api.runs import rows

WEST, SOUTH = 114.06, 34.66
"""Ground in our county that no other test uses."""
THEMES = ("receptor", "water_source", "farmland_unit", "nature_reserve", "river")
SINCE = {"division_code": OURS, "valid_from": "2024-01-01"}


@pytest.fixture(scope="module", autouse=True)
def land(_register):
    """A plant, a school of 300 people 111 m north of it, answers of its form."""
    _register.create(
        "/v1/enterprises",
        {
            "code": "ATT-PLANT",
            "name": "示例冶炼厂",
            "status": "active",
            "geometry": square(WEST, SOUTH),
            **SINCE,
        },
    )
    _register.create(
        "/v1/receptors",
        {
            "code": "ATT-SCHOOL",
            "kind": "school",
            "population": 300,
            "geometry": square(WEST, SOUTH + 0.002),
            **SINCE,
        },
    )
    for number, (indicator, option) in enumerate((("PA_SEEP", 1), ("MGMT_TM", 4))):
        body = {
            "code": f"ATT-ANSWER-{number}",
            "enterprise_code": "ATT-PLANT",
            "indicator": indicator,
            "option_number": option,
            **SINCE,
        }
        _register.create("/v1/attention-answers", body)


def rated(api, runs, **parameters):
    """The row of the plant in a new run, and the run."""
    run = runs.done(api, "attention", enterprises=["ATT-PLANT"], **parameters)
    (row,) = rows(api, run)
    return row, run


def lines(row):
    """The breakdown: medium and indicator to score of highest, and basis."""
    found = {}
    for line in row["values"]["breakdown"].split("; "):
        name, score, basis = line.split(" ")
        found[name] = (score, basis)
    return found


def test_answers_and_surroundings_make_the_score(api, runs):
    row, _ = rated(api, runs)
    found = lines(row)
    assert found["soil.PA_SEEP"] == ("6/6", "answer")
    assert found["soil.MGMT_TM"] == ("0/7", "answer")
    assert found["soil.MGMT_TW"] == ("2/4", "unknown")
    assert sum(float(score.split("/")[0]) for score, _ in found.values()) == (
        pytest.approx(row["values"]["soil_score"] + row["values"]["groundwater_score"])
    )
    assert "非官方" in row["why"]
    assert row["values"]["score_table"] == "project-default-2026-11"


def test_a_correction_changes_the_level_and_says_why(api, runs):
    before, _ = rated(api, runs)
    entered = api.as_("registrar").post(
        "/v1/attention-corrections",
        {
            "code": "ATT-CORRECTION",
            "enterprise_code": "ATT-PLANT",
            "level": "high",
            "reason": "现场核查发现渗漏",
            "reviewer": "专家组",
            "reviewed_on": "2026-05-01",
            **SINCE,
        },
    )
    assert entered.status_code == 201, entered.text
    after, run = rated(api, runs)
    assert before["values"]["level"] == before["values"]["model_level"] == "medium"
    assert (after["values"]["model_level"], after["values"]["level"]) == (
        "medium",
        "high",
    )
    assert after["values"]["listed"] is True
    assert "现场核查发现渗漏" in after["why"]
    assert run["summary"]["counts"] == {"level.high": 1, "listed": 1, "corrected": 1}
    ended = api.as_("registrar").post(
        "/v1/attention-corrections/ATT-CORRECTION/end",
        {"on": "2024-06-01", "reason": "试验结束"},
    )
    assert ended.status_code == 200, ended.text


def test_a_planner_corrects_no_level(api):
    body = {
        "code": "ATT-NO",
        "enterprise_code": "ATT-PLANT",
        "level": "low",
        "reason": "无",
        "reviewer": "无",
        "reviewed_on": "2026-05-01",
        **SINCE,
    }
    answer = api.as_("planner").post("/v1/attention-corrections", body)
    assert answer.status_code == 403


def own_table(highest):
    """Rows of a table with one indicator for each scheme and medium."""
    return [
        {
            "code": f"ATT-{highest:g}-{scheme}-{medium}",
            "table_name": "官方赋分表",
            "scheme": scheme,
            "medium": medium,
            "group_name": "PATHWAY",
            "indicator": "PA_SEEP",
            "max_score": highest,
            "option_number": 1,
            "score": highest,
            "table_source": "示例文件",
            **SINCE,
        }
        for scheme, medium in read_default_table().indicators
    ]


@pytest.mark.parametrize(("highest", "state"), [(100.0, "done"), (99.0, "failed")])
def test_an_offices_own_table_replaces_the_shipped_one_if_it_is_whole(
    api, runs, highest, state
):
    options = own_table(highest)
    registrar = api.as_("registrar")
    for option in options:
        entered = registrar.post("/v1/attention-options", option)
        assert entered.status_code == 201, entered.text
    try:
        run = runs.done(api, "attention", enterprises=["ATT-PLANT"])
        assert run["state"] == state
        if state == "done":
            (row,) = rows(api, run)
            assert row["values"]["score_table"] == "官方赋分表"
            assert row["values"]["total_score"] == 100.0
        else:
            assert "99" in str(run)
    finally:
        for option in options:
            path = f"/v1/attention-options/{option['code']}/end"
            registrar.post(path, {"on": "2024-01-02", "reason": "试验结束"})


def test_a_list_that_was_made_stays_when_answers_change(api, runs):
    row, run = rated(api, runs, listed_levels=["medium", "high"])
    assert row["values"]["listed"] is True
    answer = api.as_("registrar").get("/v1/attention-answers/ATT-ANSWER-1")
    changed = api.as_("registrar").put(
        "/v1/attention-answers/ATT-ANSWER-1",
        answer.json() | {"option_number": 1, "valid_from": "2025-01-01"},
        headers={"If-Match": answer.headers["etag"]},
    )
    assert changed.status_code == 200, changed.text
    (kept,) = rows(api, run)
    assert kept == row
    again, _ = rated(api, runs)
    assert lines(again)["soil.MGMT_TM"] == ("7/7", "answer")


def test_another_county_sees_neither_plant_nor_answers(api, runs):
    other = api.as_("planner_other_county")
    run = runs.done(other, "attention")
    assert "ATT-PLANT" not in str(rows(other, run))
    assert other.get("/v1/attention-answers/ATT-ANSWER-0").status_code == 404
