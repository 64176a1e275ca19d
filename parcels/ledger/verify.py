"""Is the ledger what it was sealed as, whole and in its order? (service).

Reads every row once, in one snapshot. Each check is local and names its place: an
entry against its leaf, each hash of the tree against its two parts, each signed head
against the tree, each head kept outside against the ledger. Who rewrites an entry and
every hash above it cannot sign the heads; who has the key as well is found by a head
that was kept elsewhere.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson
import sqlalchemy as sa
from psycopg.rows import tuple_row

from parcels.ledger.discrepancies import NOTES, Discrepancy
from parcels.ledger.entry import Entry
from parcels.ledger.head import NotAHead, SignedHead, parse_head
from parcels.ledger.keys import signature_holds
from parcels.ledger.merkle import Frontier
from parcels.ledger.order import BadPair, find_exchanged, match_swapped
from parcels.ledger.tree import find_log
from parcels.register.statements import Statements, driver, fetch

VERIFY: Final = Statements(Path(__file__).parent / "sql" / "verify.sql")
_BATCH: Final = 5000


@dataclass(slots=True)
class Report:
    """What was read, and everything that was found."""

    sealed: int = 0
    waiting: int = 0
    heads: int = 0
    kept_heads: int = 0
    found: list[Discrepancy] = field(default_factory=list)

    @property
    def is_intact(self) -> bool:
        """Whether nothing was found but notes."""
        return all(each.kind in NOTES for each in self.found)

    def add(self, kind: str, **place: Any) -> None:
        """Note one discrepancy."""
        self.found.append(Discrepancy(kind, place))


class Claim(NamedTuple):
    """What a head says of the tree; `kept` when it was kept outside the database."""

    size: int
    root: bytes
    signed_at: datetime
    kept: bool
    log: UUID


def verify_ledger(
    connection: sa.Connection,
    kept: Iterable[SignedHead] = (),
    trusted_keys: Collection[bytes] = (),
) -> Report:
    """Return everything that is wrong with the ledger of a database.

    Parameters
    ----------
    connection
        One that sees every row (the owner's), in one snapshot.
    kept
        Heads kept outside the database; the keys that signed them are trusted.
    trusted_keys
        Further public keys (32 bytes) that may have signed; any key may when there
        are neither.
    """
    report, keys = Report(), set(trusted_keys)
    # Before the snapshot: a head that is kept meanwhile must not seem to be missing.
    claims = list(_examine(kept, keys, report, kept=True))
    report.kept_heads = len(claims)
    claims += _examine(_read_heads(connection, report), keys, report, kept=False)
    report.heads = len(claims) - report.kept_heads
    claims = _of_this_ledger(claims, find_log(connection), report)
    _check_leaves(connection, report, claims)
    _check_unnumbered(connection, report)
    _check_nodes(connection, report)
    last = max((claim.size for claim in claims if not claim.kept), default=0)
    if last < report.sealed:
        report.add("leaves_without_head", found=report.sealed, size=last)
    return report


def _examine(
    heads: Iterable[SignedHead], keys: set[bytes], report: Report, *, kept: bool
) -> Iterator[Claim]:
    """Check signatures and yield what heads claim; keys of kept ones are trusted.

    One is held at a time: a ledger of years has millions.
    """
    for signed in heads:
        head = signed.head
        if not signature_holds(signed):
            report.add("head_not_signed", size=head.size)
        elif kept:
            keys.add(head.public_key)
        elif keys and head.public_key not in keys:
            key = head.public_key.hex()
            report.add("head_of_other_key", size=head.size, key=key)
        yield Claim(head.size, head.root, head.signed_at, kept, head.log)


def _of_this_ledger(claims: Iterable[Claim], log: UUID, report: Report) -> list[Claim]:
    ours = []
    for claim in claims:
        if claim.log == log:
            ours.append(claim)
        else:
            report.add("head_of_other_ledger", size=claim.size, log=claim.log)
    return ours


def _read_heads(connection: sa.Connection, report: Report) -> Iterator[SignedHead]:
    for size, content, signature in read_all(connection, VERIFY["heads"]):
        try:
            signed = parse_head(bytes(content), bytes(signature))
        except NotAHead as error:
            report.add("head_unreadable", size=size, reason=error)
            continue
        if signed.head.size != size:
            report.add("head_unreadable", size=size, reason=f"{signed.head.size}")
        yield signed


def read_all(connection: sa.Connection, statement: str) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a statement of any length, some thousands at a time."""
    with driver(connection).cursor("everything", row_factory=tuple_row) as cursor:
        cursor.itersize = _BATCH
        cursor.execute(statement)
        yield from cursor


class _Comparison:
    """Compares the growing tree with the heads that speak of it, in their order."""

    def __init__(self, claims: Iterable[Claim], report: Report) -> None:
        self._open = deque(sorted(claims))
        self._report = report
        self._fitting = {False: 0, True: 0}

    def compare(self, tree: Frontier) -> None:
        """Compare every head of the size that the tree has now.

        A smaller one that is still here speaks of no tree at all (size 0).
        """
        while self._open and self._open[0].size <= tree.size:
            claim = self._open.popleft()
            if (claim.size, claim.root) == (tree.size, tree.root()):
                self._fitting[claim.kept] = claim.size
            else:
                self._tell(claim)

    def _tell(self, claim: Claim) -> None:
        self._report.add(
            "kept_head_contradicted" if claim.kept else "head_contradicted",
            size=claim.size,
            signed_at=_time(claim.signed_at),
            first=self._fitting[claim.kept],
            last=claim.size - 1,
        )

    def close(self) -> None:
        """Tell the heads that speak of more entries than there are.

        Those of fewer, left because a number before them is missing, cannot be
        compared; that was told.
        """
        for claim in self._open:
            if claim.size > self._report.sealed:
                self._report.add(
                    "ledger_cut",
                    size=claim.size,
                    found=self._report.sealed,
                    signed_at=_time(claim.signed_at),
                )


def _check_leaves(
    connection: sa.Connection, report: Report, claims: Iterable[Claim]
) -> None:
    """Check each leaf against its entry, and the tree over them against the heads."""
    tree, whole, heads = Frontier(), True, _Comparison(claims, report)
    sealed: list[tuple[int, bytes]] = []
    now: list[tuple[int, bytes]] = []
    names: dict[int, UUID] = {}
    expected = 0
    for number, entry_id, leaf, *columns in read_all(connection, VERIFY["leaves"]):
        for missing in range(expected, min(number, expected + 1000)):
            report.add("leaf_removed", number=missing)
        whole = whole and number == expected
        expected = number + 1
        if whole:
            tree.append(leaf)
            heads.compare(tree)
        if columns[0] is None:
            report.add("entry_removed", number=number, entry=entry_id)
            continue
        entry = Entry(entry_id, *columns)
        if entry.leaf_hash != leaf:
            sealed.append((number, leaf))
            now.append((number, entry.leaf_hash))
            names[number] = entry_id
        else:
            _check_columns(number, entry, report)
    report.sealed = expected
    heads.close()
    _tell_changed(sealed, now, names, report)


def _tell_changed(
    sealed: list[tuple[int, bytes]],
    now: list[tuple[int, bytes]],
    names: dict[int, UUID],
    report: Report,
) -> None:
    exchanged = dict(match_swapped(sealed, now))
    for number, other in exchanged.items():
        report.add("entries_exchanged", number=number, other=other)
    explained = {*exchanged, *exchanged.values()}
    for number, entry_id in names.items():
        if number not in explained:
            report.add("entry_changed", number=number, entry=entry_id)


def _check_columns(number: int, entry: Entry, report: Report) -> None:
    """Check what stands beside the content and is not part of the leaf."""
    written = parse_content(entry.content)
    beside = {
        "id": str(entry.id),
        "kind": entry.kind,
        "division_code": entry.division_code,
        "recorded_at": entry.recorded_at,
    }
    written["recorded_at"] = read_moment(written.get("recorded_at"))
    for column, value in beside.items():
        if written.get(column) != value:
            report.add("entry_misfiled", number=number, entry=entry.id, column=column)


def parse_content(content: bytes) -> dict[str, Any]:
    """Return an entry's document; an empty one when it is no document at all."""
    try:
        written = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return written if isinstance(written, dict) else {}


def _check_unnumbered(connection: sa.Connection, report: Report) -> None:
    rows = read_all(connection, VERIFY["unnumbered"])
    for entry_id, recorded_at, waits, long in rows:
        report.waiting += bool(waits)
        if not waits:
            report.add("entry_unnumbered", entry=entry_id)
        elif long:
            report.add("entry_waiting", entry=entry_id, since=_time(recorded_at))


def _check_nodes(connection: sa.Connection, report: Report) -> None:
    rows = fetch(connection, VERIFY["bad_nodes"], {}, tuple_row)
    pairs = [
        BadPair(number, (left, right), stored)
        for level, number, left, right, stored in rows
        if level == 1 and stored is not None
    ]
    exchanged = find_exchanged(pairs)
    for number, other in exchanged.items():
        report.add("entries_exchanged", number=number, other=other)
    explained = {leaf // 2 for leaf in (*exchanged, *exchanged.values())}
    for level, number, _, _, stored in rows:
        if level == 1 and number in explained:
            continue
        first = number << level
        kind = "node_removed" if stored is None else "tree_changed"
        report.add(kind, first=first, last=first + (1 << level) - 1)


def read_moment(written: Any) -> datetime | None:
    """Return the time an entry writes; None when it is none."""
    try:
        return datetime.fromisoformat(written)
    except (TypeError, ValueError):
        return None


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S%z}"
