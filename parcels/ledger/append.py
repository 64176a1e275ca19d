"""How does something enter the ledger? (shell).

One insert in the transaction that made it: neither is there without the other, and
nobody waits for a number. Changes of the register are entered by the database itself
where they are numbered (migration 0011).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from parcels.ledger.entry import SALT_BYTES, Entry, EntryKind, make_entry
from parcels.register.statements import Statements, execute_at_commit

SQL: Final = Statements(Path(__file__).parent / "sql" / "ledger.sql")


def new_entry_id(recorded_at: datetime) -> UUID:
    """Return an id that no other entry has, growing with time (UUID version 7).

    Entries written one after the other then lie together in the index: with ids at
    random each would touch a page of its own.
    """
    milliseconds = int(recorded_at.timestamp() * 1000)
    chance = secrets.randbits(74)
    high, low = chance >> 62, chance & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | 7 << 76 | high << 64 | 2 << 62 | low)


def salted_entry(
    entry_id: UUID,
    kind: EntryKind,
    division_code: str,
    recorded_at: datetime,
    body: Mapping[str, Any],
) -> Entry:
    """Return an entry with a salt of its own, not yet written."""
    salt = secrets.token_bytes(SALT_BYTES)
    return make_entry(entry_id, kind, division_code, recorded_at, body, salt)


def columns_of(entry: Entry) -> dict[str, Any]:
    """Return the parameters by which a statement inserts an entry."""
    return {
        "id": entry.id,
        "kind": entry.kind,
        "division_code": entry.division_code,
        "recorded_at": entry.recorded_at,
        "salt": entry.salt,
        "content": entry.content,
    }


def append_entry(connection: sa.Connection, entry: Entry) -> None:
    """Write an entry with the commit of its transaction."""
    execute_at_commit(connection, SQL["append"], columns_of(entry))
