"""A decision is judged again, from its record and from the register of then."""

from dataclasses import replace

import pytest

from screening import engine
from screening.rule_set import RuleSets
from screening.truth import NO
from tests.api.bodies import OURS, entry, square
from tests.api.conftest import Api
from tests.api.test_gate import ask

PLACE = square(114.081, 34.681, 0.001)
SUBJECT = {"transaction": "transfer", "subject": {"geometry": PLACE}}


def replay(api, decision, source="record", **headers):
    path = f"/v1/gate/decisions/{decision['id']}/replay"
    return api.post(path, {"from": source}, headers=headers)


def make_plot(api, code, stage="contaminated"):
    return api.create(
        "/v1/plots",
        {
            "plot_code": code,
            "division_code": OURS,
            "stage": stage,
            **entry(stage),
            "valid_from": "2024-01-01",
            "geometry": PLACE,
        },
    )


@pytest.fixture(scope="module")
def decided(_register: Api):
    """A decision on land with a plot, and one on land without; both before changes."""
    api = _register
    make_plot(api, "P-REPLAY")
    decisions = [ask(api, SUBJECT).json(), ask(api).json()]
    plot = api.get("/v1/plots/P-REPLAY")
    api.as_("admin").put(
        "/v1/plots/P-REPLAY",
        {
            "stage": "removed",
            "valid_from": "2024-01-01",
            "geometry": PLACE,
        },
        headers={"If-Match": plot.headers["etag"]},
    )
    make_plot(api, "P-LATER", "suspected")
    return decisions


def without_rule(rule_sets, rule_id):
    """As if the code of that rule had been changed never to match."""

    def changed(rule):
        if rule.id != rule_id:
            return rule
        return replace(rule, condition=lambda facts, parameters: NO, detail=None)

    def changed_span(span):
        asked = {
            transaction: tuple(changed(rule) for rule in rules)
            for transaction, rules in span.asked.items()
        }
        return replace(span, asked=asked)

    return RuleSets(
        tuple(
            replace(each, spans=tuple(changed_span(span) for span in each.spans))
            for each in rule_sets.sets
        )
    )


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("source", ["record", "register"])
def test_a_replay_finds_the_same_although_the_register_moved(
    api, decided, which, source
):
    answer = replay(api, decided[which], source)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["equal"], found["rules"], found["reread"]) == (True, [], [])
    assert found["rule_set"]["same"] and found["engine"]["same"]
    assert found["outcome"]["recorded"] == decided[which]["outcome"]


@pytest.mark.parametrize("kind", [None, "application/json", "text/plain"])
def test_without_a_body_it_is_judged_from_its_record(api, decided, kind):
    path = f"/v1/gate/decisions/{decided[0]['id']}/replay"
    headers = {"Content-Type": kind} if kind else {}
    answer = api.send("POST", path, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["from"] == "record"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"from": "register"}', None, 415),
        (b'{"from": "register"}', "text/plain", 415),
        (b"{", "application/json", 400),
        (iter([b"{"]), "application/json", 400),
        (b'{"from": "hearsay"}', "application/json", 422),
    ],
)
def test_a_body_that_comes_is_read_as_any_other(api, decided, body, kind, status):
    path = f"/v1/gate/decisions/{decided[0]['id']}/replay"
    headers = {"Content-Type": kind} if kind else {}
    answer = api.send("POST", path, content=body, headers=headers)
    assert answer.status_code == status, answer.text


def test_asked_again_today_the_answer_is_another(api, decided):
    """So the replay did read the past."""
    assert ask(api, SUBJECT).json()["findings"] != decided[0]["findings"]


def test_a_changed_rule_is_shown_and_no_other(api, decided, monkeypatch):
    matched = [f["rule"] for f in decided[0]["findings"] if f["status"] == "matched"]
    gate = api.client.app.state.services.gate
    changed = without_rule(gate.rule_sets, matched[0])
    monkeypatch.setattr(gate, "rule_sets", changed)
    answer = replay(api, decided[0], "record", **{"Accept-Language": "en"}).json()
    assert answer["equal"] is False
    shown = {each["rule"]: each for each in answer["rules"]}
    assert shown[matched[0]]["members"].count("status") == 1
    assert shown[matched[0]]["recorded"]["status"] == "matched"
    assert shown[matched[0]]["replayed"]["status"] == "not_matched"
    assert set(shown) <= {matched[0], "Z99"}


def test_another_engine_is_told_and_its_result_still_compared(
    api, decided, monkeypatch
):
    monkeypatch.setattr(engine, "EDITION", "other")
    engine.describe_engine.cache_clear()
    found = replay(api, decided[0]).json()
    engine.describe_engine.cache_clear()
    assert found["engine"]["same"] is False
    assert found["equal"] is True


def test_a_province_replays_what_a_county_asked(api, decided):
    found = replay(api.as_("admin"), decided[0], "register")
    assert found.json()["equal"] is True


def test_another_countys_decision_is_not_there(api, decided):
    assert replay(api.as_("planner_other_county"), decided[0]).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"), [({"from": "memory"}, 422), ({"source": "record"}, 422)]
)
def test_what_cannot_be_replayed_is_told(api, decided, body, status):
    path = f"/v1/gate/decisions/{decided[0]['id']}/replay"
    assert api.post(path, body).status_code == status
    assert api.post("/v1/gate/decisions/none/replay", {}).status_code == 404
