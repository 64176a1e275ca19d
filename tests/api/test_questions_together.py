"""Questions that wait at the same time: one transaction, to each its own answer."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from app import gate_answers
from app.database_errors import DatabaseBusy, DatabaseUnavailable
from tests.api.bodies import THEIRS, parcel_code

OWN = ("id", "certificate_number", "recorded_at", "links", "ledger")
"""What is another in every decision."""


class Counter:
    """Sends questions so that all but the first wait and are answered together."""

    def __init__(self, api, monkeypatch):
        self.api = api
        self.together = api.client.app.state.services.together
        self.groups = []
        self.let_go = threading.Event()
        self.real = self.together._answer
        monkeypatch.setattr(self.together, "_answer", self.answer)

    def answer(self, requests):
        self.groups.append(len(requests))
        if len(self.groups) == 1:
            assert self.let_go.wait(20)
        return self.real(requests)

    def ask(self, questions):
        """Return the answers to questions `(api, body, headers)`, in their order."""
        with ThreadPoolExecutor(len(questions) + 1) as threads:
            first = threads.submit(send, self.api, question(1), {})
            wait_until(lambda: self.groups)
            asked = []
            for number, each in enumerate(questions, 1):
                asked.append(threads.submit(send, *each))
                wait_until(lambda n=number: len(self.together._waiting) == n)
            self.let_go.set()
            assert first.result().status_code == 201
            return [one.result() for one in asked]


def send(api, body, headers):
    keys = {"Authorization": f"Bearer {api.keys[api.role]}"}
    return api.client.post("/v1/gate/decisions", json=body, headers=keys | headers)


def wait_until(holds):
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.001)


def question(number, **more):
    return {
        "transaction": "transfer",
        "subject": {"parcel_code": parcel_code(number)},
        **more,
    }


@pytest.fixture
def counter(api, monkeypatch):
    # Nobody loses patience while the others are being sent.
    monkeypatch.setattr("app.together._PATIENCE_S", 60)
    return Counter(api, monkeypatch)


def without_own(decision):
    return {name: value for name, value in decision.items() if name not in OWN}


def test_each_gets_what_it_would_get_alone(api, counter):
    bodies = [
        question(number, transaction=transaction, reference=f"{number} {transaction}")
        for transaction in ("transfer", "take_back", "reserve")
        for number in (1, 2, 3)
    ][:8]
    answers = counter.ask([(api, body, {}) for body in bodies])
    assert counter.groups == [1, 8]
    for body, answer in zip(bodies, answers, strict=True):
        assert answer.status_code == 201, answer.text
        decision = answer.json()
        alone = api.post("/v1/gate/decisions", body).json()
        assert without_own(decision) == without_own(alone)
        assert decision["reference"] == body["reference"]
        kept = api.get(answer.headers["location"]).json()
        assert kept["certificate_number"] == decision["certificate_number"]
        proof = api.get(f"{answer.headers['location']}/proof")
        assert proof.status_code in (200, 202, 409), proof.text
        replay = api.post(f"{answer.headers['location']}/replay", {})
        assert replay.json()["equal"], replay.text
    assert len({answer.json()["id"] for answer in answers}) == len(bodies)


def test_what_is_refused_hits_none_beside_it(api, counter):
    good, absent, other, wrong, last = counter.ask(
        [
            (api, question(1), {}),
            (api, question(77), {}),
            (api, question(2), {"Idempotency-Key": "x" * 300}),
            (api, question(2, transaction="nothing"), {}),
            (api, question(3), {}),
        ]
    )
    assert counter.groups == [1, 5]
    statuses = [one.status_code for one in (good, absent, other, wrong, last)]
    assert statuses == [201, 422, 422, 422, 201]
    assert parcel_code(77) in absent.text
    assert "Idempotency-Key" in other.text and "/transaction" in wrong.text


def test_callers_are_not_mixed(api, counter):
    system, neighbour = api.as_("permit_system"), api.as_("planner_other_county")
    theirs = {**question(1), "subject": {"parcel_code": parcel_code(1, THEIRS)}}
    answers = counter.ask(
        [
            (api, question(1), {}),
            (system, question(1), {}),
            (neighbour, question(1), {}),
            (neighbour, theirs, {}),
            (api, question(2), {}),
        ]
    )
    assert counter.groups == [1, 2, 1, 2]
    planner, permits, foreign, own, again = answers
    assert planner.json()["asked_by"] == again.json()["asked_by"]
    assert permits.json()["asked_by"]["role"] == "permit_system"
    assert foreign.status_code == 422
    assert own.json()["subject"]["parcel_codes"] == [parcel_code(1, THEIRS)]


def test_a_key_that_comes_twice_at_once_is_answered_once(api, counter):
    key = {"Idempotency-Key": str(uuid4())}
    first, second, other = counter.ask(
        [(api, question(1), key), (api, question(1), key), (api, question(2), key)]
    )
    assert counter.groups == [1, 3]
    statuses = [one.status_code for one in (first, second, other)]
    assert statuses == [201, 409, 409]
    again = send(api, question(1), key)
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    assert send(api, question(2), key).status_code == 422


def test_answers_of_before_are_repeated_beside_new_ones(api, counter):
    key, other = {"Idempotency-Key": str(uuid4())}, {"Idempotency-Key": str(uuid4())}
    counter.let_go.set()
    counter.groups.append(1)
    before = send(api, question(1), key)
    counter.groups.clear()
    counter.let_go.clear()
    repeated, new, reused = counter.ask(
        [(api, question(1), key), (api, question(2), other), (api, question(2), key)]
    )
    assert repeated.content == before.content
    assert (new.status_code, reused.status_code) == (201, 422)


def decisions(api, number):
    found = api.get(
        "/v1/gate/decisions", params={"parcel_code": parcel_code(number), "limit": 1000}
    )
    return len(found.json()["items"])


def fail_together(monkeypatch, error):
    """Let every group of several fail."""
    real = gate_answers._answer_together

    def fails(asked):
        if len(asked) > 1:
            raise error
        return real(asked)

    monkeypatch.setattr(gate_answers, "_answer_together", fails)


def test_what_cannot_be_answered_together_is_answered_one_by_one(
    api, counter, monkeypatch
):
    fail_together(monkeypatch, RuntimeError("one of them"))
    before = decisions(api, 2), decisions(api, 3)
    answers = counter.ask([(api, question(2), {}), (api, question(3), {})])
    assert [one.status_code for one in answers] == [201, 201]
    assert (decisions(api, 2), decisions(api, 3)) == (before[0] + 1, before[1] + 1)


@pytest.mark.parametrize("error", [DatabaseUnavailable("gone"), DatabaseBusy("full")])
def test_after_a_lost_or_busy_database_nothing_is_asked_again(
    api, counter, monkeypatch, error
):
    """It may have been committed: who asked has to look."""
    fail_together(monkeypatch, error)
    before = decisions(api, 2), decisions(api, 3)
    answers = counter.ask([(api, question(2), {}), (api, question(3), {})])
    assert [one.status_code for one in answers] == [503, 503]
    assert (decisions(api, 2), decisions(api, 3)) == before


def test_long_and_binding_questions_are_asked_alone(api, counter):
    body = question(1)
    several = {**body, "subject": {"parcel_codes": [parcel_code(1), parcel_code(2)]}}
    counter.let_go.set()
    for alone in ({**body, "dry_run": True}, several):
        assert send(api, alone, {}).status_code in (200, 201)
    replaced = api.post("/v1/gate/decisions", {**several}).json()
    again = send(api, {**several, "replaces": replaced["id"]}, {})
    assert again.status_code == 201
    assert counter.groups == []
