"""Cross-screening over HTTP: candidates, and the tasks an officer opens from them."""

import pytest

from tests.api.bodies import OURS, square
from tests.api.runs import rows

HERE = (114.02, 34.69)
COMMON = {"division_code": OURS, "valid_from": "2024-01-01"}


@pytest.fixture(scope="module", autouse=True)
def land(_register):
    """A smelter and a field point 200 m beside it with 0.9 mg/kg of cadmium at pH 6."""
    lon, lat = HERE
    _register.create(
        "/v1/enterprises",
        {
            "code": "91999901CROSS00001",
            "name": "交叉冶炼厂",
            "status": "active",
            "industry_code": "3212",
            "industry_edition": "2017",
            "geometry": square(lon, lat),
            **COMMON,
        },
    )
    _register.create(
        "/v1/monitoring-points",
        {
            "code": "CROSS-P",
            "name": "点位",
            "medium": "soil",
            "land_type": "dry_land",
            "geometry": {"type": "Point", "coordinates": [lon + 0.003, lat]},
            **COMMON,
        },
    )
    _site_point(_register, lon, lat)
    for analyte, value, unit in (("Cd", 0.9, "mg/kg"), ("pH", 6.0, "1")):
        _register.create(
            "/v1/samples",
            {
                "code": f"CROSS-{analyte}",
                "point_code": "CROSS-P",
                "sample_code": "S1",
                "analyte": analyte,
                "value": value,
                "unit": unit,
                "medium": "soil",
                "sampled_on": "2024-03-01",
                **COMMON,
            },
        )


def _site_point(register, lon, lat):
    """Lead of 500 mg/kg where homes are planned: GB 36600 allows 400 there."""
    register.create(
        "/v1/monitoring-points",
        {
            "code": "CROSS-SITE",
            "name": "厂区点位",
            "medium": "soil",
            "land_type": "class_1",
            "geometry": {"type": "Point", "coordinates": [lon - 0.004, lat]},
            **COMMON,
        },
    )
    register.create(
        "/v1/samples",
        {
            "code": "CROSS-SITE-Pb",
            "point_code": "CROSS-SITE",
            "sample_code": "S1",
            "analyte": "Pb",
            "value": 500.0,
            "unit": "mg/kg",
            "medium": "soil",
            "depth_from_m": 2.0,
            "sampled_on": "2024-03-01",
            **COMMON,
        },
    )


@pytest.fixture
def run(api, runs):
    return runs.done(api, "cross_screening", radius_m=1000)


def candidate(api, run):
    return next(
        row for row in rows(api, run) if row["values"]["code"] == "91999901CROSS00001"
    )


def test_the_smelter_by_the_exceeding_point_is_a_candidate(api, run):
    values = candidate(api, run)["values"]
    assert (values["row"], values["elements"]) == ("candidate", "Cd, Pb")
    assert values["nearest_point"] == "CROSS-P" and values["exceeding"] == 2


def test_field_and_site_are_judged_each_by_its_own_standard(api, run):
    why = candidate(api, run)["why"]
    assert "(Cd, GB 15618-2018)" in why and "(Pb, GB 36600-2018)" in why


def test_a_confirmed_candidate_opens_one_task(api, run):
    number = candidate(api, run)["number"]
    path = f"{run['links']['self']}/tasks"
    body = {"numbers": [number], "due_on": "2027-03-31", "person": "张三"}
    answer = api.post(path, body)
    assert answer.status_code == 201, answer.text
    (task,) = answer.json()["items"]
    assert task["kind"] == "rectification" and task["due_on"] == "2027-03-31"
    assert task["subject"] == {"theme": "enterprise", "code": "91999901CROSS00001"}
    assert "个点位超过筛选值：Cd, Pb" in task["title"]
    english = api.as_(api.role, **{"Accept-Language": "en"})
    told = english.get(f"/v1/tasks/{task['id']}").json()["title"]
    assert told.startswith("Rectify: 交叉冶炼厂 (91999901CROSS00001): 2 point(s) over")
    again = api.post(path, body).json()["items"]
    assert [one["id"] for one in again] == [task["id"]]


def test_a_row_that_is_no_candidate_opens_nothing(api, run):
    path = f"{run['links']['self']}/tasks"
    before = api.get("/v1/tasks?limit=1000").json()["items"]
    answer = api.post(path, {"numbers": [candidate(api, run)["number"], 999_999]})
    assert answer.status_code == 409 and "999999" in answer.json()["detail"]
    assert api.get("/v1/tasks?limit=1000").json()["items"] == before


def test_candidates_of_another_county_cannot_be_confirmed(api, run):
    stranger = api.as_("planner_other_county")
    answer = stranger.post(f"{run['links']['self']}/tasks", {"numbers": [1]})
    assert answer.status_code == 404


@pytest.mark.parametrize("body", [{}, {"numbers": []}, {"numbers": ["x"]}])
def test_a_confirmation_without_rows_is_refused(api, run, body):
    assert api.post(f"{run['links']['self']}/tasks", body).status_code == 422
