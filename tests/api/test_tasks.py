"""Tasks over HTTP: opened, found, carried on by the bureau, struck off."""

import itertools
from datetime import date, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from app.migration import sqlalchemy_url
from app.security.keys import create_client
from app.security.permissions import BUREAUS_CARRIED_ON
from parcels.tasks.model import BUREAU_NAMES
from tests.api.bodies import NO_SUCH_ID, OURS, THEIRS
from tests.api.conftest import Api

_numbers = itertools.count(1)
LONG_AGO = "2020-01-01"


def rectify(**more):
    problem = f"沉积物 {next(_numbers)}"
    body = {"kind": "rectification", "bureau": "EE", "facts": {"problem": problem}}
    return {**body, **more}


def opened(api, role="registrar", **more):
    answer = api.as_(role).post("/v1/tasks", rectify(**more))
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/v1/tasks/{answer.json()['id']}"
    return answer.json()


def step(api, task, name, role="registrar", **more):
    return api.as_(role).post(f"/v1/tasks/{task['id']}/steps", {"step": name, **more})


def test_a_rectification_goes_from_opening_to_strike_off(api):
    task = opened(api, due_on="2099-11-30")
    assert (task["state"], task["late"], task["division_code"]) == ("open", False, OURS)
    assert task["title"].startswith("整改：沉积物")
    assert step(api, task, "assigned", person="李四").json()["state"] == "in_progress"
    step(api, task, "evidence_added", note="清运单 3 份")
    assert step(api, task, "reported_done").json()["state"] == "done_awaiting_check"
    ended = step(api, task, "struck_off", note="现场核查属实").json()
    assert (ended["state_text"], ended["person"]) == ("已销号", "李四")
    assert [one["step"] for one in ended["steps"]] == [
        "opened",
        "assigned",
        "evidence_added",
        "reported_done",
        "struck_off",
    ]
    assert api.get(f"/v1/tasks/{task['id']}").json() == ended


def test_it_reads_in_english(api):
    english = api.as_("registrar", **{"Accept-Language": "en"})
    task = english.post("/v1/tasks", rectify(facts={"problem": "a leak"})).json()
    assert task["title"] == "Rectify: a leak"
    assert (task["bureau_text"], task["state_text"]) == (
        "ecology and environment",
        "open",
    )


def test_a_step_too_early_is_refused_in_words(api):
    answer = step(api, opened(api), "struck_off")
    assert answer.status_code == 409
    assert "已报完成" in answer.json()["detail"]


def test_an_ended_task_stays_ended(api):
    task = opened(api)
    assert step(api, task, "withdrawn", note="误开").status_code == 201
    for name in ("assigned", "evidence_added", "struck_off", "withdrawn"):
        answer = step(api, task, name, person="x", note="x")
        assert answer.status_code == 409, name


def test_a_repeated_strike_off_answers_as_the_first(api):
    task = opened(api)
    step(api, task, "reported_done", note="照片")
    path, key = f"/v1/tasks/{task['id']}/steps", {"Idempotency-Key": str(uuid4())}
    first, second = (
        api.as_("registrar").post(path, {"step": "struck_off"}, headers=key)
        for _ in range(2)
    )
    assert first.content == second.content
    assert second.headers["idempotency-replayed"] == "true"


def test_another_bureau_looks_on(api):
    task = opened(api, role="planner")
    answer = step(api, task, "assigned", role="planner", person="x")
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("other-bureau")
    assert api.get(f"/v1/tasks/{task['id']}").status_code == 200


def test_of_another_county_nothing_is_seen_or_opened(api):
    task = opened(api)
    other = api.as_("planner_other_county")
    assert other.get(f"/v1/tasks/{task['id']}").status_code == 404
    assert step(api, task, "assigned", "planner_other_county").status_code == 404
    listed = other.get("/v1/tasks?limit=1000").json()["items"]
    assert task["id"] not in {one["id"] for one in listed}
    assert {one["division_code"] for one in listed} <= {THEIRS}
    answer = other.post("/v1/tasks", rectify(division=OURS))
    assert answer.status_code == 403


def test_late_tasks_come_first_and_can_be_asked_for(api):
    kept = opened(api, due_on="2099-01-01", person="晚")
    late = opened(api, due_on=LONG_AGO, person="晚")
    found = api.get("/v1/tasks?person=晚").json()["items"]
    assert [one["id"] for one in found] == [late["id"], kept["id"]]
    assert [one["late"] for one in found] == [True, False]
    (only,) = api.get("/v1/tasks?person=晚&late=true").json()["items"]
    assert only["id"] == late["id"]


def test_pages_follow_each_other(api):
    made = {
        opened(api, person="页", due_on=str(date(2090, 1, 1) + timedelta(day % 2)))[
            "id"
        ]
        for day in range(5)
    }
    path, found = "/v1/tasks?person=页&limit=2", []
    page = api.get(path).json()
    while True:
        found += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        page = api.get(f"{path}&after={page['next']}").json()
    assert len(found) == 5 and set(found) == made


def test_filters_narrow_the_list(api):
    subject = {"theme": "plot", "code": "P-TASK-1"}
    task = opened(api, subject=subject, bureau="AG")
    for query in (
        "theme=plot&code=P-TASK-1",
        "bureau=AG&kind=rectification&state=open&state=in_progress&limit=1000",
    ):
        found = api.get(f"/v1/tasks?{query}").json()["items"]
        assert task["id"] in {one["id"] for one in found}, query
    assert api.get(f"/v1/tasks?decision={NO_SUCH_ID}").json()["items"] == []


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=WyIyMDI2IiwxXQ",
        "after=bnVsbA",
        "state=lost",
        "bureau=XX",
        "theme=plot",
        "late=perhaps",
        "colour=red",
        "decision=x",
    ],
)
def test_a_filter_that_means_nothing_is_refused(api, query):
    answer = api.get(f"/v1/tasks?{query}")
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"]


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"kind": "consultation"}, "/kind"),
        ({"kind": "nonsense"}, "/kind"),
        ({"facts": {}}, "/facts/problem"),
        ({"facts": {"problem": ""}}, "/facts/problem"),
        ({"facts": {"problem": "x" * 301}}, "/facts/problem"),
        ({"bureau": "XX"}, "/bureau"),
        ({"subject": {"theme": "moon", "code": "x"}}, "/subject/theme"),
        ({"due_on": "soon"}, "/due_on"),
        ({"person": " "}, "/person"),
    ],
)
def test_a_task_that_says_too_little_is_refused(api, more, where):
    answer = api.as_("registrar").post("/v1/tasks", rectify(**more))
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == where


@pytest.mark.parametrize("text", ["\0", "a\0b"])
def test_a_character_that_cannot_be_kept_is_refused(api, text):
    for body in (rectify(person=text), rectify(facts={"problem": text})):
        assert api.as_("registrar").post("/v1/tasks", body).status_code == 422
    answer = step(api, opened(api), "assigned", person=text)
    assert answer.status_code == 422


@pytest.mark.parametrize("number", ["nonsense", NO_SUCH_ID])
def test_no_such_task(api, number):
    assert api.get(f"/v1/tasks/{number}").status_code == 404
    answer = api.as_("registrar").post(
        f"/v1/tasks/{number}/steps", {"step": "struck_off"}
    )
    assert answer.status_code == 404


def test_bureaus_carried_on_are_those_of_the_database(api_urls):
    engine = sa.create_engine(sqlalchemy_url(api_urls.owner))
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text("select role, bureau from registry.bureau_right")
        ).all()
    allowed: dict[str, set[str]] = {}
    for role, bureau in rows:
        every = set(BUREAU_NAMES) if bureau == "*" else {bureau}
        allowed.setdefault(role, set()).update(every)
    assert allowed == BUREAUS_CARRIED_ON


def test_a_term_is_counted_from_its_start(api):
    term = {"starts_on": "2026-08-31", "months": 6}
    task = opened(api, term=term)
    assert task["due_on"] == "2027-02-28"
    assert "2026-08-31" in task["due_text"]


def test_a_term_in_working_days_without_its_calendar_has_no_last_day(api):
    task = opened(api, term={"starts_on": "2951-03-01", "working_days": 5})
    assert task["due_on"] is None
    assert "缺少2951年工作日历" in task["due_text"]


@pytest.mark.parametrize(
    "more",
    [
        {"term": {"starts_on": "2026-01-01"}},
        {"term": {"starts_on": "2026-01-01", "months": 1, "working_days": 1}},
        {"term": {"starts_on": "2026-01-01", "months": 0}},
        {"term": {"starts_on": "2026-01-01", "months": 1}, "due_on": "2026-02-01"},
    ],
)
def test_a_term_that_says_two_things_or_none_is_refused(api, more):
    assert api.as_("registrar").post("/v1/tasks", rectify(**more)).status_code == 422


def test_what_is_late_is_told_by_county_and_bureau(api):
    opened(api, due_on=LONG_AGO, bureau="WR")
    answer = api.get("/v1/tasks/late?bureau=WR")
    assert answer.status_code == 200, answer.text
    found = answer.json()["items"]
    (ours,) = [one for one in found if one["division_code"] == OURS]
    assert (ours["late"], ours["bureau_text"]) == (1, "水利部门")
    assert ours["earliest_due_on"] == LONG_AGO
    other = api.as_("planner_other_county").get("/v1/tasks/late?bureau=WR")
    assert other.json() == {"items": [], "next": None}


@pytest.fixture
def county_admin(api, api_urls):
    """An administrator of one county."""
    engine = sa.create_engine(sqlalchemy_url(api_urls.owner), poolclass=sa.NullPool)
    with engine.begin() as connection:
        _, key = create_client(
            connection, name="county admin", role="admin", scope=OURS
        )
    return Api(api.client, {**api.keys, "county admin": key}, "county admin")


def test_a_calendar_is_loaded_for_the_whole_country(api, county_admin):
    ministry = api.as_("admin")
    body = {
        "source": "invented",
        "days_off": ["2952-01-01"],
        "days_worked": ["2952-01-01"],
    }
    refused = ministry.put("/v1/calendars/2952", body)
    assert refused.status_code == 422 and "2952-01-01" in refused.json()["detail"]
    assert ministry.put("/v1/calendars/1900", body).status_code == 422
    body["days_worked"] = []
    assert county_admin.put("/v1/calendars/2952", body).status_code == 403
    loaded = ministry.put("/v1/calendars/2952", body)
    assert loaded.status_code == 200, loaded.text
    listed = {one["year"]: one for one in api.get("/v1/calendars").json()["items"]}
    assert listed[2952] == loaded.json()
    term = {"starts_on": "2952-02-01", "working_days": 1}
    assert opened(api, term=term)["due_on"] is not None
