"""Heads and proofs over HTTP: whoever holds an answer can check it by himself."""

import hashlib
from uuid import uuid4

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.database import Database
from app.sealing import Sealer
from parcels.ledger.canonical import canonical_bytes
from parcels.ledger.merkle import leaf_hash, verify_consistency, verify_inclusion
from tests.api.test_gate import ask


@pytest.fixture(scope="module")
def sealer(api_urls, tmp_path_factory):
    """What the worker does every two seconds."""
    database = Database(api_urls.service, pool_size=1)
    yield Sealer(database, tmp_path_factory.mktemp("ledger"))
    database.close()


def check(proof):
    """Check a proof as a stranger would, from its members alone."""
    leaf = leaf_hash(bytes.fromhex(proof["salt"]) + proof["content"].encode())
    head = proof["head"]
    path = [bytes.fromhex(each) for each in proof["path"]]
    stated = {name: value for name, value in head.items() if name != "signed"}
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(head["public_key"]))
    key.verify(bytes.fromhex(head["signed"]), canonical_bytes(stated))
    root = bytes.fromhex(head["root"])
    assert leaf.hex() == proof["leaf_hash"]
    assert verify_inclusion(leaf, proof["number"], head["size"], path, root)


def test_a_decision_is_proved_from_its_record_to_the_signed_head(api, sealer):
    decision = ask(api).json()
    pending = api.get(decision["links"]["proof"]).json()
    assert (pending["state"], pending["head"], pending["path"]) == ("pending", None, [])
    sealer.seal_all()
    proof = api.get(decision["links"]["proof"]).json()
    check(proof)
    assert proof["leaf_hash"] == decision["ledger"]["leaf_hash"]
    record = api.get(decision["links"]["record"])
    digest = hashlib.sha256(record.content).hexdigest()
    assert orjson.loads(proof["content"])["body"]["record_sha256"] == digest
    assert record.json()["id"] == decision["id"]


def test_an_entry_is_proved_by_its_id(api, sealer):
    decision = ask(api).json()
    sealer.seal_all()
    proof = api.get(f"/v1/ledger/proof?entry={decision['ledger']['entry']}")
    check(proof.json())


def test_the_head_is_everyones_and_continues_every_earlier_one(api, sealer):
    ask(api)
    sealer.seal_all()
    earlier = api.get("/v1/ledger/head").json()
    ask(api)
    sealer.seal_all()
    later = api.as_("planner_other_county").get("/v1/ledger/head").json()
    assert later["size"] > earlier["size"]
    query = f"earlier={earlier['size']}&later={later['size']}"
    proof = api.get(f"/v1/ledger/consistency?{query}").json()
    assert verify_consistency(
        earlier["size"],
        later["size"],
        bytes.fromhex(earlier["root"]),
        bytes.fromhex(later["root"]),
        [bytes.fromhex(each) for each in proof["path"]],
    )
    again = api.get(f"/v1/ledger/head?size={earlier['size']}").json()
    assert again == earlier


def test_a_proof_can_be_asked_against_a_head_that_was_kept(api, sealer):
    decision = ask(api).json()
    sealer.seal_all()
    kept = api.get("/v1/ledger/head").json()
    ask(api)
    sealer.seal_all()
    proof = api.get(f"{decision['links']['proof']}?size={kept['size']}").json()
    check(proof)
    assert proof["head"] == kept


def test_another_divisions_entry_is_not_there(api, sealer):
    decision = ask(api).json()
    sealer.seal_all()
    other = api.as_("planner_other_county")
    for path in (
        decision["links"]["proof"],
        decision["links"]["record"],
        f"/v1/ledger/proof?entry={decision['id']}",
    ):
        assert other.get(path).status_code == 404
        assert api.get(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/v1/ledger/head",
        "/v1/ledger/consistency?earlier=1",
        f"/v1/ledger/proof?entry={uuid4()}",
        f"/v1/gate/decisions/{uuid4()}/proof",
        f"/v1/gate/decisions/{uuid4()}/record",
    ],
)
def test_nobody_reads_the_ledger_without_a_key(api, path):
    assert api.as_(None).get(path).status_code == 401


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/ledger/head?size=0", 422),
        ("/v1/ledger/head?size=999999", 404),
        ("/v1/ledger/proof?entry=none", 404),
        (f"/v1/ledger/proof?entry={uuid4()}", 404),
        ("/v1/ledger/proof", 422),
        ("/v1/ledger/consistency?earlier=5&later=4", 422),
        ("/v1/ledger/consistency?earlier=1&later=999999", 422),
        ("/v1/gate/decisions/none/proof", 404),
        (f"/v1/gate/decisions/{uuid4()}/record", 404),
    ],
)
def test_what_is_not_there_is_told(api, sealer, path, status):
    ask(api)
    sealer.seal_all()
    answer = api.get(path)
    assert answer.status_code == status
    assert answer.json()["title"]
