"""Is every snapshot of indicators the one that was entered into the ledger? (service).

The entry holds the digest of the figures; what stands beside them in the row, and is in
no entry, must be what the figures say.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson
import sqlalchemy as sa

from parcels.ledger.rows import compare_with_entries
from parcels.ledger.verify import Report, read_all
from screening.indicators.account import Account
from screening.indicators.gather import SQL
from screening.indicators.snapshots import headline_of, unpack

_ENTERED: Final = (
    *("content_sha256", "actor", "change", "client_id", "period", "reason"),
    *("revision", "division_code", "recorded_at"),
)
_WRITTEN: Final = ("period_kind", "first_on", "last_on", "as_of")


def check_snapshots(connection: sa.Connection, report: Report) -> int:
    """Check every snapshot against its entry and its own figures; return how many."""
    changed: list[tuple[str, str]] = []
    seen: list[str] = []
    rows = _read(connection, changed, seen)
    entries = read_all(connection, SQL["snapshot_entries"])
    compare_with_entries("snapshot", rows, entries, report, member="snapshot_id")
    for number, column in changed:
        report.add("snapshot_changed", snapshot=number, column=column)
    return len(seen)


def _read(
    connection: sa.Connection, changed: list[tuple[str, str]], seen: list[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, *beside in read_all(connection, SQL["every_snapshot"]):
        *values, headline, content = beside
        entered = values[: len(_ENTERED)]
        written = dict(zip(_WRITTEN, values[len(_ENTERED) :], strict=True))
        seen.append(number)
        changed += [(number, c) for c in _off(bytes(content), written, headline)]
        yield number, dict(zip(_ENTERED, entered, strict=True))


def _off(
    content: bytes, written: Mapping[str, Any], headline: Mapping[str, Any]
) -> Iterator[str]:
    """Yield what of a row its figures do not say."""
    try:
        made: Account = unpack(content)
        if headline != headline_of(made):
            yield "headline"
        for column, value in written.items():
            if made.figures[column] != value:
                yield column
    except (OSError, EOFError, KeyError, orjson.JSONDecodeError, gzip.BadGzipFile):
        yield "content"
