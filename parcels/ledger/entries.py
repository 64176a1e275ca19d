"""What has been entered, the latest first? (shell).

For whoever audits who asked what. The list follows the numbers of sealed entries, so
that it needs no index that every entry would have to be written into as well; of the
entries of others row-level security leaves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from psycopg.rows import tuple_row

from parcels.ledger.append import SQL
from parcels.ledger.entry import Entry, EntryKind
from parcels.ledger.tree import latest_head
from parcels.register.statements import fetch

LOOKED_THROUGH: Final = 20_000
"""Numbers that one page looks through at most; a page may then be short."""


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Entries with their numbers, the latest first.

    `before` is where the next page goes on; None when there is nothing further.
    """

    entries: list[tuple[int, Entry]]
    before: int | None


def list_entries(
    connection: sa.Connection,
    kind: EntryKind | None = None,
    *,
    before: int | None = None,
    limit: int = 100,
) -> EntryPage:
    """Return sealed entries of the caller's divisions below a number."""
    if before is None:
        latest = latest_head(connection)
        before = latest.head.size if latest else 0
    lowest = max(0, before - LOOKED_THROUGH)
    parameters = {"kind": kind, "before": before, "lowest": lowest, "limit": limit}
    rows = fetch(connection, SQL["entries"], parameters, tuple_row)
    entries = [(number, Entry(*columns)) for number, *columns in rows]
    end = entries[-1][0] if len(entries) == limit else lowest
    return EntryPage(entries, end or None)
