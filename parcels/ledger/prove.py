"""How is it proved that an entry is in the ledger, and that a ledger went on? (shell).

A proof is made of hashes that are stored; its length, and the number of rows read,
grow with the logarithm of the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from psycopg.rows import tuple_row

from parcels.ledger.append import SQL
from parcels.ledger.entry import Entry
from parcels.ledger.head import SignedHead
from parcels.ledger.merkle import consistency_ranges, inclusion_ranges
from parcels.ledger.tree import find_head, latest_head, read_ranges
from parcels.refusal import Refusal
from parcels.register.statements import fetch


class NoSuchTree(Refusal):
    """No tree of that many entries was ever, or no head of it was signed."""

    def __init__(self, size: int, known: int) -> None:
        super().__init__(
            "no_such_tree",
            f"没有包含 {size} 条记录且可用于该证明的树头；最新树头包含 {known} 条。",
            f"No tree of {size} entries serves this proof; the latest head counts"
            f" {known}.",
        )


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry stands in the ledger.

    `number`, `head` and `path` are None and empty while the entry waits for its seal.
    """

    entry: Entry
    number: int | None
    head: SignedHead | None
    path: tuple[bytes, ...]


def prove_entry(
    connection: sa.Connection, entry_id: UUID, size: int | None = None
) -> Proof | None:
    """Return the proof of an entry of the caller's divisions; None without one.

    Parameters
    ----------
    size
        Number of entries of the signed head to prove against; the latest when None.

    Raises
    ------
    NoSuchTree
        If no head of that size was signed, or it is older than the entry.
    """
    rows = fetch(connection, SQL["find_entry"], {"id": entry_id}, tuple_row)
    if not rows:
        return None
    *columns, number = rows[0]
    entry = Entry(UUID(str(columns[0])), *columns[1:])
    if number is None:
        return Proof(entry, None, None, ())
    latest = latest_head(connection)
    head = latest if size is None else find_head(connection, size)
    if head is None or head.head.size <= number:
        raise NoSuchTree(size or 0, latest.head.size if latest else 0)
    path = read_ranges(connection, inclusion_ranges(number, head.head.size))
    return Proof(entry, number, head, tuple(path))


def prove_consistency(
    connection: sa.Connection, earlier: int, later: int
) -> list[bytes]:
    """Return the hashes that prove the later tree to continue the earlier.

    Raises
    ------
    NoSuchTree
        If it is not 1 ≤ earlier ≤ later ≤ entries sealed.
    """
    latest = latest_head(connection)
    known = latest.head.size if latest else 0
    if not 1 <= earlier <= later <= known:
        raise NoSuchTree(later if earlier <= later else earlier, known)
    return read_ranges(connection, consistency_ranges(earlier, later))
