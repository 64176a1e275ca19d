"""What is an entry of the ledger, and which hash stands for it in the tree? (core).

An entry is one canonical document (RFC 8785) with a random salt before it. The salt
keeps an entry secret from whoever sees its hash in another entry's proof: what is
written about a parcel could otherwise be guessed and tried.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from parcels.ledger.canonical import canonical_bytes
from parcels.ledger.merkle import leaf_hash

FORMAT: Final = "jingtu-ledger-entry/1"
HASH: Final = "SHA-256"
"""Name of the hash function, written into every entry and head; SM3 could follow."""
SALT_BYTES: Final = 16

EntryKind = Literal[
    "decision",
    "decision_event",
    "change",
    "query",
    "task_event",
    "indicator_snapshot",
    "opinion",
]
"""A decision, what became of it later, a change of the register, a question, a step
of a task, the figures of a period, what a department said."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is stored.

    Attributes
    ----------
    id
        Of a decision the decision's own.
    division_code
        Whose callers may read it; ``*`` only those of the whole country.
    recorded_at
        Time of the transaction that wrote it.
    salt, content
        16 random bytes; the canonical bytes.
    """

    id: UUID
    kind: EntryKind
    division_code: str
    recorded_at: datetime
    salt: bytes
    content: bytes

    @property
    def leaf_hash(self) -> bytes:
        """Return the hash that stands for the entry in the tree."""
        return leaf_hash(self.salt + self.content)


def make_entry(
    entry_id: UUID,
    kind: EntryKind,
    division_code: str,
    recorded_at: datetime,
    body: Mapping[str, Any],
    salt: bytes,
) -> Entry:
    """Return the entry that says this, at that time, about land of that division.

    Raises
    ------
    NotCanonical
        If the body holds what has no single written form.
    """
    content = canonical_bytes(
        {
            "format": FORMAT,
            "hash": HASH,
            "id": str(entry_id),
            "kind": kind,
            "division_code": division_code,
            "recorded_at": write_time(recorded_at),
            "body": body,
        }
    )
    return Entry(entry_id, kind, division_code, recorded_at, salt, content)


def write_time(time: datetime) -> str:
    """Return a time as entries and records write it, to the microsecond."""
    return time.isoformat(timespec="microseconds")
