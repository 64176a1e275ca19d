"""How do entries get their numbers and the tree its signed head? (service).

Run by the worker every few seconds. What is committed and has no number gets the next
numbers, whatever the order in which transactions began and ended; the inner nodes it
completes are stored, and the new head is signed, all in one transaction. A head that
would contradict the one kept outside is never signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from psycopg.rows import tuple_row

from parcels.ledger.append import SQL
from parcels.ledger.head import Head, SignedHead
from parcels.ledger.keys import SigningKey
from parcels.ledger.merkle import Frontier, Node
from parcels.ledger.tree import find_head, find_log, latest_head, read_frontier
from parcels.register.repository import transaction_time
from parcels.register.statements import execute, fetch

MOST: Final = 20_000
"""Entries numbered in one transaction at most; a project default."""


class LedgerContradicted(Exception):
    """What the database holds is not what an earlier head says; nothing is signed."""


def seal(
    connection: sa.Connection,
    key: SigningKey,
    kept: SignedHead | None,
    *,
    most: int = MOST,
) -> SignedHead | None:
    """Give numbers to what waits; return the new signed head, None when nothing did.

    Parameters
    ----------
    kept
        The head that was kept last outside the database, if any.

    Raises
    ------
    LedgerContradicted
        If the stored ledger does not continue the kept head, or its own last one. The
        transaction must be rolled back.
    """
    rows = fetch(connection, SQL["number_unsealed"], {"most": most}, tuple_row)
    if not rows:
        return None
    if kept is not None:
        check_continues(connection, kept)
    tree = _continue(connection, latest_head(connection))
    if rows[0][0] != tree.size:
        raise LedgerContradicted(
            f"The last head counts {tree.size} entries, the next number would be"
            f" {rows[0][0]}: leaves were added or removed. Run: jingtu ledger verify"
        )
    completed = [pair for _, leaf in rows for pair in tree.append(leaf)]
    _keep_nodes(connection, completed)
    log, time = find_log(connection), transaction_time(connection)
    signed = key.sign(Head(log, tree.size, tree.root(), time, key.public_key))
    execute(
        connection,
        SQL["keep_head"],
        {
            "size": tree.size,
            "content": signed.content,
            "signature": signed.signature,
            "signed_at": time,
        },
    )
    return signed


def check_continues(connection: sa.Connection, kept: SignedHead) -> None:
    """Raise `LedgerContradicted` unless the database still has that head."""
    log = find_log(connection)
    if kept.head.log != log:
        raise LedgerContradicted(
            f"The kept heads are of ledger {kept.head.log}, the database holds ledger"
            f" {log}. If it was replaced on purpose, move the file of heads away."
        )
    found = find_head(connection, kept.head.size)
    if found is None or found.content != kept.content:
        raise LedgerContradicted(
            f"A head of {kept.head.size} entries was kept on"
            f" {kept.head.signed_at:%Y-%m-%d %H:%M:%S}; the database"
            f" {'has none' if found is None else 'has another'}. Either it was set back"
            " (a backup was restored) or its history was rewritten. Run: jingtu ledger"
            " verify. To go on from a restored backup, move the file of heads away."
        )


def _continue(connection: sa.Connection, last: SignedHead | None) -> Frontier:
    if last is None:
        return Frontier()
    tree = read_frontier(connection, last.head.size)
    if tree.root() != last.head.root:
        raise LedgerContradicted(
            f"The stored tree of {last.head.size} entries is not the one whose head was"
            f" signed on {last.head.signed_at:%Y-%m-%d %H:%M:%S}. Run: jingtu ledger"
            " verify"
        )
    return tree


def _keep_nodes(
    connection: sa.Connection, completed: Sequence[tuple[Node, bytes]]
) -> None:
    execute(
        connection,
        SQL["keep_nodes"],
        {
            "levels": [node.level for node, _ in completed],
            "numbers": [node.number for node, _ in completed],
            "hashes": [found for _, found in completed],
        },
    )
