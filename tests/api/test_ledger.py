"""Heads and proofs over HTTP: whoever holds an answer can check it by himself."""

import hashlib
import typing

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.database import Database
from app.sealing import Sealer
from parcels.ledger import entries
from parcels.ledger.canonical import canonical_bytes
from parcels.ledger.entry import EntryKind
from parcels.ledger.head import read_head
from parcels.ledger.merkle import leaf_hash, verify_consistency, verify_inclusion
from tests.api.bodies import NO_SUCH_ID
from tests.api.test_certificate_page import page_of
from tests.api.test_gate import QUESTION, ask


@pytest.fixture(scope="module")
def sealer(api_urls, data_dir):
    """What the worker does every two seconds."""
    database = Database(api_urls.service, pool_size=1)
    yield Sealer(database, data_dir / "ledger")
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


def test_a_decision_holds_the_head_signed_before_it(api, sealer):
    """Whoever keeps the record can show later that the ledger was not rewritten."""
    ask(api)
    sealer.seal_all()
    before = api.get("/v1/ledger/head").json()
    decision = ask(api).json()
    assert decision["ledger_head"] == before
    record = api.get(decision["links"]["record"]).json()
    assert read_head(record["ledger_head"]).shown() == before
    assert page_of(record, "zh")["head"][1:] == [before["root"], before["signed"]]
    assert f"{before['size']} entries" in page_of(record, "en")["head"][0]
    sealer.seal_all()
    continued = api.get(f"/v1/ledger/consistency?earlier={before['size']}").json()
    later = api.get(f"/v1/ledger/head?size={continued['later']}").json()
    assert verify_consistency(
        before["size"],
        later["size"],
        bytes.fromhex(before["root"]),
        bytes.fromhex(later["root"]),
        [bytes.fromhex(each) for each in continued["path"]],
    )


def test_what_is_only_tried_holds_no_head(api, sealer):
    ask(api)
    sealer.seal_all()
    assert ask(api, QUESTION | {"dry_run": True}).json()["ledger_head"] is None


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
        f"/v1/ledger/proof?entry={NO_SUCH_ID}",
        f"/v1/gate/decisions/{NO_SUCH_ID}/proof",
        f"/v1/gate/decisions/{NO_SUCH_ID}/record",
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
        (f"/v1/ledger/proof?entry={NO_SUCH_ID}", 404),
        ("/v1/ledger/proof", 422),
        ("/v1/ledger/consistency?earlier=5&later=4", 422),
        ("/v1/ledger/consistency?earlier=1&later=999999", 422),
        ("/v1/gate/decisions/none/proof", 404),
        (f"/v1/gate/decisions/{NO_SUCH_ID}/record", 404),
    ],
)
def test_what_is_not_there_is_told(api, sealer, path, status):
    ask(api)
    sealer.seal_all()
    answer = api.get(path)
    assert answer.status_code == status
    assert answer.json()["title"]


def list_all(api, query=""):
    """Return every entry page by page."""
    found, after = [], ""
    while True:
        page = api.get(f"/v1/ledger/entries?limit=3{query}{after}").json()
        assert len(page["items"]) <= 3
        found += page["items"]
        if page["next"] is None:
            return found
        after = f"&after={page['next']}"


def test_an_auditor_reads_who_asked_what(api, sealer):
    decision = ask(api).json()
    lookup = api.post("/v1/parcels/lookup", {"point": [114.5, 34.9]})
    sealer.seal_all()
    found = list_all(api.as_("auditor"))
    numbers = [each["number"] for each in found]
    assert numbers == sorted(numbers, reverse=True)
    by_id = {each["entry"]: each for each in found}
    assert by_id[decision["id"]]["kind"] == "decision"
    asked = by_id[lookup.headers["ledger-entry"]]["body"]
    assert (asked["query"], asked["asked_by"]["actor"]) == ("lookup", "planner")


def test_entries_are_listed_by_kind_and_page(api, sealer, monkeypatch):
    sealer.seal_all()
    auditor = api.as_("auditor")
    kinds = {
        kind: list_all(auditor, f"&kind={kind}") for kind in typing.get_args(EntryKind)
    }
    for kind, found in kinds.items():
        assert {each["kind"] for each in found} <= {kind}
    whole = list_all(auditor)
    assert sum(map(len, kinds.values())) == len(whole)
    monkeypatch.setattr(entries, "LOOKED_THROUGH", 2)
    assert list_all(auditor) == whole


def test_the_entries_of_another_division_are_not_listed(api, api_urls, sealer):
    made = api.as_("planner_other_county").post(
        "/v1/parcels/lookup", {"code": "999902001001GB00001"}
    )
    sealer.seal_all()
    theirs = made.headers["ledger-entry"]
    auditor = list_all(api.as_("auditor"))
    assert theirs in {each["entry"] for each in auditor}
    assert {each["division_code"][:2] for each in auditor} == {"99"}


@pytest.mark.parametrize("role", ["planner", "registrar", "permit_system", None])
def test_nobody_else_reads_who_asked_what(api, role):
    status = 401 if role is None else 403
    assert api.as_(role).get("/v1/ledger/entries").status_code == status
