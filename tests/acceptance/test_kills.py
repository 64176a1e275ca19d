"""What was acknowledged is there, found again and proved, whatever is killed.

Callers ask under load, repeat under their key what got no answer, and processes are
killed (−9) in turn: an HTTP process, the worker, the database.
"""

import itertools
import os
import random
import signal
import time
from uuid import uuid4

import httpx
import pytest

from parcels.ledger.merkle import leaf_hash, verify_inclusion
from tests.acceptance.running import Load

pytestmark = pytest.mark.acceptance

VICTIMS = ("http", "worker", "database")
CALLERS = 6
SHORTEST_ROUND_S = 6.0
"""The supervisor gives up on a process that ends five times within a minute."""
ANSWERED = 201
LATER = {409, 503}
"""In progress still; the database is away."""


class Caller:
    """Asks about one parcel after the other and keeps what was acknowledged."""

    def __init__(self, service, codes):
        self.client = service.client("planner")
        self.codes = itertools.cycle(codes)
        self.acknowledged = []
        self.statuses = set()

    def ask(self):
        body = {
            "transaction": "transfer",
            "subject": {"parcel_code": next(self.codes)},
            "reference": str(uuid4()),
        }
        key = {"Idempotency-Key": str(uuid4())}
        deadline = time.monotonic() + 120
        while (answer := self._post(body, key)) is None:
            assert time.monotonic() < deadline, "a request was never answered"
            time.sleep(0.1)
        decision = answer.json()
        assert decision["reference"] == body["reference"]
        self.acknowledged.append(decision)

    def _post(self, body, key):
        """Return the answer; None when it has to be asked again under the same key."""
        try:
            answer = self.client.post("/v1/gate/decisions", json=body, headers=key)
        except httpx.TransportError:
            return None
        self.statuses.add(answer.status_code)
        return answer if answer.status_code not in LATER else None


def kill_in_turn(service, rounds, seed):
    chance = random.Random(seed)
    for victim in itertools.islice(itertools.cycle(VICTIMS), rounds):
        began = time.monotonic()
        time.sleep(chance.uniform(0.3, 1.5))
        old = chance.choice(service.pids_of(victim))
        os.kill(old, signal.SIGKILL)
        service.wait_until(
            lambda old=old, victim=victim: (
                (found := service.pids_of(victim)) and old not in found
            )
        )
        service.wait_until(service.answers)
        time.sleep(max(0.0, began + SHORTEST_ROUND_S - time.monotonic()))


def wait_until_sealed(service, client, decision):
    path = decision["links"]["proof"]
    service.wait_until(lambda: client.get(path).json()["state"] == "sealed")


def check_found(client, decision):
    """The decision is there, is found again and stands in the signed tree."""
    again = client.get(decision["links"]["self"]).json()
    assert again["ledger"] == decision["ledger"]
    assert again["findings"] == decision["findings"]
    for source in ("record", "register"):
        path = f"{decision['links']['self']}/replay"
        assert client.post(path, json={"from": source}).json()["equal"]
    proof = client.get(decision["links"]["proof"]).json()
    head = proof["head"]
    assert (
        leaf_hash(bytes.fromhex(proof["salt"]) + proof["content"].encode()).hex()
        == (decision["ledger"]["leaf_hash"])
    )
    assert verify_inclusion(
        bytes.fromhex(proof["leaf_hash"]),
        proof["number"],
        head["size"],
        [bytes.fromhex(each) for each in proof["path"]],
        bytes.fromhex(head["root"]),
    )


@pytest.mark.parametrize(
    ("rounds", "seed"), [(3, 1), pytest.param(20, 2, marks=pytest.mark.long)]
)
def test_nothing_acknowledged_is_lost_to_kills(service, rounds, seed):
    with service.client("planner") as client:
        page = client.get("/v1/parcels?limit=300").json()["items"]
    codes = [parcel["parcel_code"] for parcel in page]
    callers = [Caller(service, codes[number::CALLERS]) for number in range(CALLERS)]
    with Load([caller.ask for caller in callers]) as load:
        kill_in_turn(service, rounds, seed)
    assert load.faults == []
    decisions = [each for caller in callers for each in caller.acknowledged]
    statuses = set().union(*(caller.statuses for caller in callers))
    assert statuses <= {ANSWERED, *LATER}
    assert len(decisions) > 10 * rounds
    with service.client("planner") as client:
        wait_until_sealed(service, client, max(decisions, key=lambda d: d["id"]))
        for decision in decisions:
            check_found(client, decision)
    verified = service.run("ledger", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    print(f"{len(decisions)} decisions over {rounds} kills; {verified.stdout}")
