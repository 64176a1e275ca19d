"""What the record of a plot holds over HTTP: origin, place, uses, parties."""

import itertools

import pytest

from tests.api.bodies import OURS, entry

POINT = {"type": "Point", "coordinates": [114.05, 34.65]}
_numbers = itertools.count(1)


def body(**more):
    return {
        "plot_code": f"P-REC-{next(_numbers)}",
        "division_code": OURS,
        "stage": "candidate",
        "valid_from": "2024-03-01",
        "geometry": POINT,
        **more,
    }


def lists_of(officer, code):
    return officer.get(f"/v1/plots/{code}/next-steps").json()["lists"]


@pytest.mark.parametrize("more", [{"stage": "cleared"}, {"held": True}])
def test_a_new_plot_brings_no_stage_of_its_own(api, more):
    answer = api.as_("registrar").post("/v1/plots", body(**more))
    assert answer.status_code == 409
    assert answer.json()["reason"] == "entry_not_named"
    assert "entry_list" in answer.json()["detail"]


def test_a_published_register_brings_stage_event_and_list(api):
    officer = api.as_("registrar")
    made = api.create("/v1/plots", body(stage="risk_control", **entry("rcr")))
    code = made["plot_code"]
    assert lists_of(officer, code) == ["rcr"]
    (event,) = officer.get(f"/v1/plots/{code}/events").json()["items"]
    assert (event["event"], event["to_stage"]) == ("published_entry", "risk_control")
    assert event["title"] == "从已公布名录录入"
    assert event["details"]["source"] == "净环函〔2024〕8号"


@pytest.mark.parametrize("name", ["entry_batch", "entry_source", "entry_published_on"])
def test_list_batch_source_and_day_are_asked_for(api, name):
    given = {**entry("rcr"), name: None}
    answer = api.as_("registrar").post("/v1/plots", body(stage="removed", **given))
    assert answer.status_code == 409 and name in answer.json()["detail"]


def test_a_stage_that_the_register_does_not_show_is_refused(api):
    sent = body(stage="removed", **entry("suspected"))
    answer = api.as_("registrar").post("/v1/plots", sent)
    assert (answer.status_code, answer.json()["reason"]) == (409, "entry_contradicts")


def test_an_edit_keeps_where_the_plot_came_from(api):
    made = api.create("/v1/plots", body(stage="suspected", **entry("suspected")))
    path = f"/v1/plots/{made['plot_code']}"
    sent = {**made, **dict.fromkeys(entry()), "name": "新名"}
    answer = api.as_("registrar").put(path, sent, headers={"If-Match": "*"})
    assert answer.json()["entry_source"] == "净环函〔2024〕8号"
    assert answer.json()["name"] == "新名"


def test_a_place_may_be_sent_in_degrees_minutes_and_seconds(api):
    place = "34°39′47.62″ N, 114°03′36.56″ E"
    made = api.create("/v1/plots", body(geometry=place, stated_area_m2=12_000.0))
    x, y = made["geometry"]["coordinates"]
    assert x == pytest.approx(114 + 3 / 60 + 36.56 / 3600, abs=1e-9)
    assert y == pytest.approx(34 + 39 / 60 + 47.62 / 3600, abs=1e-9)


@pytest.mark.parametrize("place", ["in the east", "34°45′ N", "x" * 201])
def test_what_is_no_place_is_told(api, place):
    answer = api.as_("registrar").post("/v1/plots", body(geometry=place))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("/geometry")


@pytest.mark.parametrize(
    "wrong",
    [
        {"negative_list": ["homes"]},
        {"planned_use_code": "0701"},
        {"planned_use_scheme": "gbt21010_2017", "planned_use_code": "9901"},
        {"published_fields": ["contact"]},
    ],
)
def test_unknown_uses_and_fields_are_refused(api, wrong):
    answer = api.as_("registrar").post("/v1/plots", body(**wrong))
    assert answer.status_code == 422
    assert answer.json()["reason"] == "fields_not_usable"


def test_the_whole_record_comes_back(api):
    record = {
        "local_code": "DF-1",
        "bound_east": "光明路",
        "bound_north": "净水河",
        "former_enterprise": "原县农药厂",
        "planned_use_scheme": "gbt21010_2017",
        "planned_use_code": "0701",
        "groundwater_polluted": True,
        "negative_list": ["gbt21010_2017:0701", "ydyh_2023:0702"],
        "published_fields": ["name", "location"],
        "published_on": "2024-04-01",
        "publication_source": "公告〔2024〕2号",
    }
    made = api.create("/v1/plots", body(**record))
    assert {name: made[name] for name in record} == record


def test_pollutants_carry_values_limits_and_depth(api):
    made = api.create("/v1/plots", body())
    row = {
        "code": f"{made['plot_code']}-cd",
        "division_code": OURS,
        "plot_code": made["plot_code"],
        "analyte": "镉",
        "medium": "soil",
        "maximum": 91.0,
        "screening_value": 65.0,
        "intervention_value": 172.0,
        "unit": "mg/kg",
        "depth_from_m": 0.0,
        "depth_to_m": 2.5,
        "valid_from": "2024-03-01",
    }
    api.create("/v1/plot-pollutants", row, role="registrar")
    found = api.get(f"/v1/plot-pollutants?plot_code={made['plot_code']}").json()
    (item,) = found["items"]
    assert {name: item[name] for name in row} == row


PARTY = {
    "land_user": "甲化工有限公司",
    "liable_party": "乙集团",
    "contact": "王某 0371-0000000",
}


@pytest.fixture
def party(api):
    """A plot with its parties on record; its code."""
    code = api.create("/v1/plots", body())["plot_code"]
    sent = {"plot_code": code, "division_code": OURS, "valid_from": "2024-03-01"}
    api.create("/v1/plot-parties", {**sent, **PARTY}, role="registrar")
    return code


@pytest.mark.parametrize("role", ["registrar", "auditor", "admin"])
def test_parties_are_read_by_roles_with_the_right(api, party, role):
    found = api.as_(role).get(f"/v1/plot-parties/{party}").json()
    assert {name: found[name] for name in PARTY} == PARTY


@pytest.mark.parametrize(
    "role", ["planner", "surveyor", "agriculture", "permit_system"]
)
def test_parties_are_hidden_from_every_other_role(api, party, role):
    asker = api.as_(role)
    for path in (f"/v1/plot-parties/{party}", "/v1/plot-parties"):
        assert asker.get(path).status_code == 403
    for path in (f"/v1/plots/{party}", f"/v1/plots/{party}/versions"):
        text = asker.get(path).text
        assert not any(value in text for value in PARTY.values())


def test_the_database_hides_parties_whatever_the_program_does(api_urls, party):
    import sqlalchemy as sa

    from app.migration import sqlalchemy_url

    engine = sa.create_engine(sqlalchemy_url(api_urls.service))
    count = sa.text("select count(*) from registry.plot_party where code = :code")
    seen = {}
    for role in ("registrar", "planner", "surveyor", ""):
        with engine.begin() as connection:
            connection.execute(
                sa.text(
                    "select set_config('jingtu.scope', :scope, true),"
                    " set_config('jingtu.role', :role, true)"
                ),
                {"scope": OURS, "role": role},
            )
            seen[role] = connection.execute(count, {"code": party}).scalar_one()
    assert seen == {"registrar": 1, "planner": 0, "surveyor": 0, "": 0}


def test_another_county_does_not_see_parties(api, party):
    other = api.as_("planner_other_county")
    assert other.get(f"/v1/plot-parties/{party}").status_code == 403
    assert other.get(f"/v1/plots/{party}/parties").status_code == 403


def test_the_parties_of_a_plot_are_a_list_that_may_be_empty(api, party):
    officer = api.as_("registrar")
    (found,) = officer.get(f"/v1/plots/{party}/parties").json()["items"]
    assert {name: found[name] for name in PARTY} == PARTY
    bare = api.create("/v1/plots", body())["plot_code"]
    answer = officer.get(f"/v1/plots/{bare}/parties")
    assert (answer.status_code, answer.json()["items"]) == (200, [])
    assert officer.get("/v1/plots/P-NOTHING/parties").status_code == 404
