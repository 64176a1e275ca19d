"""Heads and proofs of the ledger as they are answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import orjson
from pydantic import BaseModel, Field

from parcels.ledger.entries import EntryPage
from parcels.ledger.entry import EntryKind
from parcels.ledger.prove import Proof

HEX32 = "^[0-9a-f]{64}$"


def write_proof(proof: Proof) -> dict[str, Any]:
    """Return a proof with everything that is needed to check it away from here."""
    entry, head = proof.entry, proof.head
    return {
        "entry": entry.id,
        "kind": entry.kind,
        "state": "pending" if head is None else "sealed",
        "salt": entry.salt.hex(),
        "content": entry.content.decode(),
        "leaf_hash": entry.leaf_hash.hex(),
        "number": proof.number,
        "path": [each.hex() for each in proof.path],
        "head": None if head is None else head.shown(),
    }


class HeadModel(BaseModel):
    """A signed head of the ledger (树头): its members but `signed` are what is signed.

    The signature is over their canonical form (RFC 8785).
    """

    format: Literal["jingtu-tree-head/1"]
    hash: Literal["SHA-256"]
    signature: Literal["Ed25519"]
    log: UUID = Field(description="Which ledger")
    size: int = Field(description="Number of entries")
    root: str = Field(pattern=HEX32, description="Hash of their tree (RFC 6962)")
    signed_at: datetime
    public_key: str = Field(pattern=HEX32)
    signed: str = Field(description="The signature, in hex")


class ProofModel(BaseModel):
    """That an entry stands in the ledger.

    The leaf is SHA-256 of 0x00, salt and content; with `number` and `path` it leads to
    the head's `root` as RFC 6962 (2.1.1) says.
    """

    entry: UUID
    kind: EntryKind
    state: Literal["pending", "sealed"] = Field(
        description="Pending until the next seal, a few seconds"
    )
    salt: str = Field(description="16 bytes in hex")
    content: str = Field(
        description="Canonical JSON; of a decision it holds the SHA-256 of the record"
    )
    leaf_hash: str = Field(pattern=HEX32)
    number: int | None = Field(description="Place in the ledger, from 0")
    path: list[str] = Field(description="Hashes in hex, from the leaf's sibling up")
    head: HeadModel | None


def write_entries(page: EntryPage) -> dict[str, Any]:
    """Return a page of entries with what they say."""
    items = [
        {
            "entry": entry.id,
            "number": number,
            "kind": entry.kind,
            "division_code": entry.division_code,
            "recorded_at": entry.recorded_at,
            "body": orjson.loads(entry.content)["body"],
        }
        for number, entry in page.entries
    ]
    cursor = None if page.before is None else str(page.before)
    return {"items": items, "next": cursor}


class EntryModel(BaseModel):
    """An entry of the ledger; `body` depends on its kind."""

    entry: UUID
    number: int
    kind: EntryKind
    division_code: str
    recorded_at: datetime
    body: dict[str, Any]


class EntryPageModel(BaseModel):
    """A page of entries, the latest first; it may be short and still have a `next`."""

    items: list[EntryModel]
    next: str | None


class ConsistencyModel(BaseModel):
    """That the ledger of `later` entries continues the one of `earlier` entries."""

    earlier: int
    later: int
    path: list[str] = Field(description="Hashes in hex, as RFC 6962 (2.1.2) says")
