"""Departments answer what a decision asks them; nothing else is resolved by it."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import orjson
import psycopg
import pytest

from app.database import Database
from app.security.principals import Principal
from parcels.tasks.model import Doer
from screening.consultation import remind_departments
from screening.rule_set import RuleSets
from screening.rule_sets import read_rule_sets
from tests.api.bodies import OURS, entry, new_code, parcel, square

_places = itertools.count()
SETS = read_rule_sets()
AREAS = (
    "farmland_unit",
    "water_zone",
    "former_use",
    "enterprise",
    "facility",
    "receptor",
    "water_source",
    "river",
    "plot",
    "key_unit",
    "permanent_basic_farmland",
    "ecological_redline",
    "control_area",
    "crop_ban_area",
    "recharge_area",
)


@pytest.fixture
def covered(api):
    """Nothing is unknown in our county meanwhile: only what is found is asked about."""
    for theme in AREAS:
        body = {
            "code": f"C-{theme}",
            "division_code": OURS,
            "theme": theme,
            "data_date": "2026-01-01",
            "valid_from": "2024-01-01",
        }
        api.create("/v1/theme-coverages", body)
    yield
    for theme in AREAS:
        path = f"/v1/theme-coverages/C-{theme}"
        etag = api.get(path).headers["etag"]
        ended = api.as_("admin", **{"If-Match": etag}).post(
            f"{path}/end", {"on": "2024-01-01", "reason": "试验结束"}
        )
        assert ended.status_code < 300, ended.text


def ask(api, stage="suspected", transaction="transfer"):
    """A decision on land with a plot: private transfer is a consultation (B07)."""
    number = next(_places)
    place = square(114.02 + 0.003 * (number % 20), 34.69 + 0.003 * (number // 20))
    plot = {
        "plot_code": f"P-OPINION-{number}",
        "division_code": OURS,
        "stage": stage,
        "valid_from": "2024-01-01",
        "geometry": place,
        **entry(stage),
    }
    api.create("/v1/plots", plot)
    body = {"transaction": transaction, "subject": {"geometry": place}}
    answer = api.post("/v1/gate/decisions", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def say(api, decision, position="agree", role="registrar", **more):
    body = {"position": position, "reason": "已核实", **more}
    path = f"{decision['links']['self']}/opinions"
    return api.as_(role, **{"Accept-Language": "en"}).post(path, body)


def outcome_of(decision, rule):
    return next(f for f in decision["findings"] if f["rule"] == rule)["outcome"]


def consulted(decision):
    return {f["rule"] for f in decision["findings"] if f["outcome"] == "consult"}


def test_a_favourable_opinion_makes_a_new_decision(api):
    decision = ask(api)
    assert "B07" in consulted(decision)
    answer = say(api, decision, rules=["B07"])
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["replaces"] == decision["id"]
    assert outcome_of(made, "B07") == "allow_with_conditions"
    assert consulted(made) == consulted(decision) - {"B07"}
    (opinion,) = made["opinions"]
    assert (opinion["department"], opinion["rules"]) == ("EE", ["B07"])
    told = next(f for f in made["findings"] if f["rule"] == "B07")["reason"]
    assert "已核实" in told
    before = api.get(decision["links"]["self"]).json()["standing"]
    assert before["state"] == "replaced"
    (event,) = before["events"]
    assert (event["by_decision"], event["actor"]) == (made["id"], "registrar")
    assert made["asked_by"]["name"] == decision["asked_by"]["name"] == "planner"


def test_its_conditions_are_conditions_of_the_new_decision(api):
    decision = ask(api)
    made = say(
        api,
        decision,
        "agree_with_conditions",
        rules=["B07"],
        conditions=["每年监测一次"],
    ).json()
    assert "每年监测一次" in [one["text"] for one in made["conditions"]]


def test_an_objection_is_a_denial_until_it_is_withdrawn(api):
    decision = ask(api)
    denied = say(api, decision, "object", rules=["B07"]).json()
    assert (denied["outcome"], outcome_of(denied, "B07")) == ("deny", "deny")
    opinion = denied["opinions"][0]["id"]
    path = f"{denied['links']['self']}/opinions/{opinion}/withdraw"
    again = api.as_("registrar").post(path, {"reason": "已补充资料"})
    assert again.status_code == 201, again.text
    again = again.json()
    assert outcome_of(again, "B07") == "consult"
    assert again["outcome"] == decision["outcome"]
    assert again["opinions"][0]["withdrawn_because"] == "已补充资料"
    assert api.as_("registrar").post(path, {"reason": "x"}).status_code in (404, 409)


def test_it_lifts_no_denial_and_supplies_no_fact(api):
    decision = ask(api)
    made = say(api, decision).json()
    facts = {one["fact"] for one in decision["missing_facts"]}
    assert facts <= {one["fact"] for one in made["missing_facts"]}
    barred = ask(api, "contaminated", "project_approval")
    assert barred["outcome"] == "deny"
    answered = say(api, barred)
    assert answered.status_code == 409 or answered.json()["outcome"] == "deny"


def test_a_decision_with_opinions_replays_the_same(api):
    made = say(api, ask(api), rules=["B07"]).json()
    for source in ("record", "register"):
        path = f"{made['links']['self']}/replay"
        found = api.as_("admin").post(path, {"from": source}).json()
        assert (found["equal"], found["rules"], found["reread"]) == (True, [], [])


@pytest.mark.parametrize(
    ("role", "more", "status"),
    [
        ("registrar", {"rules": ["A01"]}, 409),
        ("agriculture", {}, 409),
        ("auditor", {}, 403),
        ("permit_system", {}, 403),
        ("planner_other_county", {}, 404),
        ("admin", {}, 422),
        ("registrar", {"department": "AG"}, 422),
        ("registrar", {"conditions": ["x"]}, 422),
        ("registrar", {"documents": ["00000000-0000-0000-0000-000000000001"]}, 409),
    ],
)
def test_what_cannot_be_said_is_refused(api, role, more, status):
    answer = say(api, ask(api), role=role, **more)
    assert answer.status_code == status, answer.text


def test_a_decision_is_answered_once(api):
    decision = ask(api)
    assert say(api, decision).status_code == 201
    assert say(api, decision).status_code == 409


def test_of_two_answers_at_once_one_counts(api):
    decision = ask(api)
    with ThreadPoolExecutor(2) as threads:
        sent = [
            threads.submit(say, api, decision, position)
            for position in ("agree", "object")
        ]
        statuses = sorted(one.result().status_code for one in sent)
    assert statuses == [201, 409]
    (event,) = api.get(decision["links"]["self"]).json()["standing"]["events"]
    assert event["kind"] == "replaced"


def test_under_one_key_one_opinion_is_given(api):
    decision = ask(api)
    path = f"{decision['links']['self']}/opinions"
    body = {"position": "agree", "reason": "已核实"}
    officer = api.as_("registrar", **{"Idempotency-Key": decision["id"]})
    assert officer.post(path, body).json() == officer.post(path, body).json()


def test_no_caller_brings_an_opinion_with_his_question(api):
    body = {"transaction": "transfer", "subject": {"geometry": square(114.05, 34.65)}}
    sent = api.post("/v1/gate/decisions", {**body, "opinions": []})
    assert sent.status_code == 422


def test_the_officer_has_a_task_until_he_answered(api, covered, compare):
    decision = ask(api)
    assert decision["outcome"] == "consult", decision["missing_facts"]
    compare()
    path = f"/v1/tasks?kind=consultation&decision={decision['id']}"
    (task,) = api.get(path).json()["items"]
    assert (task["bureau"], task["state"]) == ("EE", "open")
    assert task["due_on"] is not None
    assert say(api, decision).json()["outcome"] == "allow_with_conditions"
    (task,) = api.get(path).json()["items"]
    assert task["state"] == "done_awaiting_check"


def entries_of(api_urls, decision_id):
    """Opinions that the ledger holds of a decision, in their order."""
    with psycopg.connect(api_urls.owner) as owner:
        rows = owner.execute(
            "select id, content from registry.ledger_entry"
            " where kind = 'opinion' order by recorded_at, id"
        ).fetchall()
    read = [(entry_id, orjson.loads(content)["body"]) for entry_id, content in rows]
    return [(one, body) for one, body in read if body["decision"] == decision_id]


def test_each_opinion_is_in_the_ledger_by_itself(api, api_urls):
    decision = ask(api)
    denied = say(api, decision, "object", rules=["B07"]).json()
    ((_, body),) = entries_of(api_urls, decision["id"])
    given = denied["opinions"][0]
    assert body["opinion"]["id"] == given["id"]
    assert (body["opinion"]["position"], body["opinion"]["reason"]) == (
        "object",
        "已核实",
    )
    path = f"{denied['links']['self']}/opinions/{given['id']}/withdraw"
    back = api.as_("registrar").post(path, {"reason": "复核后无异议"})
    assert back.status_code == 201, back.text
    ((_, body),) = entries_of(api_urls, denied["id"])
    assert body["opinion"]["withdrawn_because"] == "复核后无异议"


def test_an_objection_is_kept_where_no_decision_can_follow(api, api_urls):
    number, code = next(_places), new_code()
    west, south = 114.02 + 0.003 * (number % 20), 34.69 + 0.003 * (number // 20)
    api.create("/v1/parcels", parcel(code, west, south))
    plot = {
        "plot_code": f"P-OPINION-{number}",
        "division_code": OURS,
        "stage": "suspected",
        "valid_from": "2024-01-01",
        "geometry": square(west, south),
        **entry("suspected"),
    }
    api.create("/v1/plots", plot)
    body = {"transaction": "transfer", "subject": {"parcel_code": code}}
    decision = api.post("/v1/gate/decisions", body).json()
    ended = api.as_("admin", **{"If-Match": "*"}).post(
        f"/v1/parcels/{code}/end", {"on": "2025-01-01", "reason": "分割"}
    )
    assert ended.status_code < 300, ended.text
    answer = say(api, decision, "object", rules=["B07"])
    assert answer.status_code == 202, answer.text
    kept = answer.json()
    assert kept["decision"] == decision["id"] and code in kept["impossible"]
    ((entry_id, body),) = entries_of(api_urls, decision["id"])
    assert str(entry_id) == kept["ledger"]["entry"]
    assert body["opinion"]["id"] == kept["opinion"]
    proof = api.get("/v1/ledger/proof", params={"entry": str(entry_id)})
    assert proof.status_code in (200, 202), proof.text


def test_a_decision_says_whom_it_asks_and_who_has_not_answered(api):
    decision = ask(api)
    (asked,) = [c for c in decision["consultation"] if c["department"] == "EE"]
    assert "B07" in asked["rules"]
    assert asked["waiting"] == asked["rules"]
    made = say(api, decision, "object", rules=["B07"]).json()
    assert "B07" not in [rule for c in made["consultation"] for rule in c["waiting"]]
    assert made["division_code"] == OURS


def test_decisions_are_found_by_their_ids(api):
    first, second, _ = (ask(api) for _ in range(3))
    wanted = [first["id"], second["id"]]
    query = "&".join(f"id={one}" for one in wanted)
    found = api.get(f"/v1/gate/decisions?{query}").json()["items"]
    assert sorted(one["id"] for one in found) == sorted(wanted)
    stranger = api.as_("planner_other_county").get(f"/v1/gate/decisions?{query}")
    assert stranger.json()["items"] == []
    assert api.get("/v1/gate/decisions?id=x").status_code == 422


def with_numbers(**numbers):
    """The rule sets of the program with other numbers, as a deployment sets them."""
    return RuleSets(
        tuple(
            replace(
                one,
                spans=tuple(
                    replace(span, parameters=replace(span.parameters, **numbers))
                    for span in one.spans
                ),
            )
            for one in SETS.sets
        )
    )


@pytest.fixture
def remind(api_urls):
    """Remind departments as the worker does on a day, by rule sets."""
    database = Database(api_urls.service, pool_size=2)
    worker = Principal(UUID(int=0), "deadlines", "admin", "*")

    def run(day, rule_sets=SETS):
        with database.transaction(worker) as connection:
            remind_departments(connection, rule_sets, day, Doer("deadlines"))

    yield run
    database.close()


def reminders(api, decision):
    """What the history of the department's task says of reminders."""
    wanted = {"kind": "consultation", "decision": decision["id"]}
    found = api.as_("registrar").get("/v1/tasks", params=wanted).json()["items"]
    (task,) = [one for one in found if one["bureau"] == "EE"]
    steps = api.get(f"/v1/tasks/{task['id']}").json()["steps"]
    return date.fromisoformat(task["due_on"]), [
        (one["step"], one["due_on"]) for one in steps if one["step"] == "reminded"
    ]


def test_a_department_is_reminded_before_its_last_day_and_once_after(
    api, covered, compare, remind
):
    decision = ask(api)
    compare()
    due, none = reminders(api, decision)
    remind(due - timedelta(days=4))
    assert (reminders(api, decision)[1], none) == ([], [])
    for _ in range(2):
        remind(due - timedelta(days=3))
        remind(due)
    assert reminders(api, decision)[1] == [("reminded", due.isoformat())]
    for days in (1, 2):
        remind(due + timedelta(days=days))
    told = reminders(api, decision)[1]
    assert told == [("reminded", due.isoformat()), ("reminded", None)]


def test_how_long_before_it_is_reminded_is_a_setting(api, covered, compare, remind):
    decision = ask(api)
    compare()
    due, _ = reminders(api, decision)
    remind(due - timedelta(days=5), with_numbers(consultation_reminder_days=4))
    assert reminders(api, decision)[1] == []
    remind(due - timedelta(days=5), with_numbers(consultation_reminder_days=5))
    assert reminders(api, decision)[1] == [("reminded", due.isoformat())]


def test_the_days_to_answer_in_are_told_with_their_source(api, covered, compare):
    decision = ask(api)
    compare()
    wanted = {"kind": "consultation", "decision": decision["id"]}
    (task, *_) = api.as_("registrar").get("/v1/tasks", params=wanted).json()["items"]
    opened = date.fromisoformat(decision["as_of"])
    assert date.fromisoformat(task["due_on"]) == opened + timedelta(days=10)
    assert task["due_text"].startswith("自出具之日起 10 日（产品默认值")


def test_a_department_that_has_answered_is_not_reminded(api, covered, compare, remind):
    decision = ask(api)
    compare()
    due, _ = reminders(api, decision)
    rules = [
        finding["rule"]
        for finding in decision["findings"]
        if finding["outcome"] == "consult"
    ]
    assert say(api, decision, rules=rules).status_code == 201
    remind(due + timedelta(days=1))
    assert reminders(api, decision)[1] == []


def test_receivers_are_told_of_a_reminder(
    api, api_urls, covered, compare, remind, monkeypatch
):
    services = api.client.app.state.services
    allowed = services.settings.model_copy(update={"webhook_networks": "127.0.0.0/8"})
    monkeypatch.setattr(services, "settings", allowed)
    body = {"url": "http://127.0.0.1:9/", "events": ["consultation.reminder"]}
    hook = api.as_("permit_system").post("/v1/webhooks", body)
    assert hook.status_code == 201, hook.text
    decision = ask(api)
    compare()
    due, _ = reminders(api, decision)
    remind(due)
    with psycopg.connect(api_urls.superuser) as owner:
        bodies = owner.execute("select body from registry.webhook_delivery").fetchall()
    told = [orjson.loads(one[0])["data"] for one in bodies]
    (mine,) = [
        one
        for one in told
        if one.get("decision") == decision["id"] and one.get("department") == "EE"
    ]
    assert (mine["state"], mine["due_on"]) == ("due_soon", due.isoformat())
    api.as_("permit_system").send("DELETE", hook.json()["links"]["self"])
