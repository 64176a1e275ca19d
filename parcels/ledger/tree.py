"""Reading what is stored of the tree and of its heads (shell)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from psycopg.rows import tuple_row

from parcels.ledger.append import SQL
from parcels.ledger.head import SignedHead, parse_head
from parcels.ledger.merkle import Frontier, Node, Range, join_nodes, nodes_of
from parcels.register.statements import fetch, fetch_ahead


class TreeIncomplete(Exception):
    """A hash of the tree that must be stored is missing; the text says which."""


def find_log(connection: sa.Connection) -> UUID:
    """Return which ledger this database holds."""
    ((log,),) = fetch(connection, SQL["log"], {}, tuple_row)
    return UUID(str(log))


def latest_head(connection: sa.Connection) -> SignedHead | None:
    """Return the head as it was sealed last; None before the first seal."""
    return latest_head_ahead(connection)()


def latest_head_ahead(connection: sa.Connection) -> Callable[[], SignedHead | None]:
    """Ask for the latest head with the next message; return how to get it then."""
    asked = fetch_ahead(connection, SQL["latest_head"], {})
    return lambda: _one(asked.rows)


def find_head(connection: sa.Connection, size: int) -> SignedHead | None:
    """Return the signed head of that many entries; None when none was signed."""
    return _one(fetch(connection, SQL["head_of"], {"size": size}, tuple_row))


def list_heads_after(
    connection: sa.Connection, size: int, most: int
) -> list[SignedHead]:
    """Return signed heads of more entries than that, the smallest first."""
    parameters = {"size": size, "most": most}
    rows = fetch(connection, SQL["heads_after"], parameters, tuple_row)
    return [parse_head(*row) for row in rows]


def _one(rows: Sequence[Any]) -> SignedHead | None:
    return parse_head(*rows[0]) if rows else None


def read_nodes(connection: sa.Connection, nodes: Iterable[Node]) -> dict[Node, bytes]:
    """Return the stored hashes of complete subtrees, in one round trip.

    Raises
    ------
    TreeIncomplete
        If one is not stored.
    """
    wanted = sorted(set(nodes))
    parameters = {
        "levels": [node.level for node in wanted],
        "numbers": [node.number for node in wanted],
    }
    found = {
        Node(level, number): found
        for level, number, found in fetch(
            connection, SQL["nodes"], parameters, tuple_row
        )
    }
    for node in wanted:
        if found.get(node) is None:
            raise TreeIncomplete(f"level {node.level}, number {node.number}")
    return found


def read_ranges(connection: sa.Connection, ranges: Sequence[Range]) -> list[bytes]:
    """Return the hashes of subtrees from what is stored of them."""
    parts = [nodes_of(each) for each in ranges]
    stored = read_nodes(connection, (node for part in parts for node in part))
    return [join_nodes([stored[node] for node in part]) for part in parts]


def read_frontier(connection: sa.Connection, size: int) -> Frontier:
    """Return the right edge of the stored tree of that many entries."""
    edge = nodes_of((0, size))
    stored = read_nodes(connection, edge)
    return Frontier(size, [stored[node] for node in edge])
