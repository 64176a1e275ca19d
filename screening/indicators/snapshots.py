"""How are the figures of a period kept for good? (service).

月调度、季总结、年评估 (R-E04): what was reported for a period stays what it was,
whatever the register learns later. A snapshot is written once, with its digest and an
entry of the ledger; the database lets nobody change or remove it. A period is kept
once; keeping it again is a revision that says why.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import orjson
import psycopg
import sqlalchemy as sa

from parcels.refusal import Refusal
from parcels.register.statements import fetch
from screening.gate import AskedBy
from screening.indicators.account import Account, account
from screening.indicators.gather import SQL, gather_indicators
from screening.indicators.loader import read_marks, read_settings, read_targets
from screening.indicators.periods import Period, PeriodKind


class SnapshotNotFound(LookupError):
    """There is no such snapshot in the caller's part of the country."""


class PeriodKeptAlready(Refusal):
    """A period has a snapshot, and no reason was given for a revision."""

    def __init__(self, period: str, revision: int) -> None:
        super().__init__(
            "period_kept_already",
            f"{period} 已有快照（第 {revision} 版）；如需修订，请给出理由 reason。",
            f"{period} has a snapshot (revision {revision}); to revise it give the"
            " reason.",
        )


class PeriodNotBegun(Refusal):
    """A period lies in the future."""

    def __init__(self, period: str) -> None:
        super().__init__(
            "period_not_begun", f"{period} 尚未开始。", f"{period} has not begun."
        )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The figures of a period as they were kept (指标快照).

    `headline` holds the rates alone, for lists and trends; `account` is None in lists.
    """

    id: UUID
    division_code: str
    period_kind: PeriodKind
    period: str
    revision: int
    as_of: date
    change_number: int
    headline: Mapping[str, Any]
    sha256: bytes
    reason: str | None
    actor: str
    recorded_at: datetime
    account: Account | None = None


@dataclass(frozen=True, slots=True)
class SnapshotKey:
    """Where a page of snapshots ends: last day of the period, revision, id."""

    last: date
    revision: int
    id: UUID


_ALL_REVISIONS: Final = 1000


def account_for(connection: sa.Connection, division: str, period: Period) -> Account:
    """Return the figures of a division and period as the register has them now.

    Raises
    ------
    PeriodNotBegun
        If it lies in the future.
    """
    material = gather_indicators(connection, division, period)
    if material.as_of < period.first:
        raise PeriodNotBegun(period.name)
    return account(material, read_settings(), read_marks(), read_targets())


def keep_snapshot(
    connection: sa.Connection,
    division: str,
    period: Period,
    by: AskedBy,
    reason: str | None,
) -> UUID:
    """Keep the figures of a period for good; return the snapshot's id.

    Raises
    ------
    PeriodNotBegun
        If it lies in the future.
    PeriodKeptAlready
        If there is one and no reason for another, or another came first just now.
    """
    known = {"division": division, "period": period.name}
    latest = fetch(connection, SQL["latest_revision"], known)[0]["revision"] or 0
    if latest and not reason:
        raise PeriodKeptAlready(period.name, latest)
    made = account_for(connection, division, period)
    content = pack(made)
    values = {
        **known,
        "kind": period.kind,
        "first": period.first,
        "last": period.last,
        "revision": latest + 1,
        "as_of": date.fromisoformat(made.figures["as_of"]),
        "change": made.figures["change"],
        "headline": orjson.dumps(headline_of(made)).decode(),
        "content": content,
        "sha256": hashlib.sha256(content).digest(),
        "reason": reason,
        "actor": by.name,
        "client_id": by.client_id,
    }
    try:
        kept = fetch(connection, SQL["keep_snapshot"], values)
    except psycopg.errors.SerializationFailure as error:
        # Committed by somebody else since this transaction's snapshot.
        raise PeriodKeptAlready(period.name, latest + 1) from error
    if not kept:
        raise PeriodKeptAlready(period.name, latest + 1)
    found: UUID = kept[0]["id"]
    return found


def get_snapshot(connection: sa.Connection, snapshot_id: UUID) -> Snapshot:
    """Return a snapshot with its content; raises `SnapshotNotFound`."""
    rows = fetch(connection, SQL["snapshot"], {"id": snapshot_id})
    if not rows:
        raise SnapshotNotFound(str(snapshot_id))
    row = dict(rows[0])
    return Snapshot(**row | {"account": unpack(row.pop("content"))})


def list_snapshots(
    connection: sa.Connection,
    division: str,
    *,
    kind: PeriodKind | None = None,
    period: str | None = None,
    after: SnapshotKey | None = None,
    limit: int = _ALL_REVISIONS,
) -> list[Snapshot]:
    """Return the snapshots of a division itself, the latest period first."""
    values = {
        "division": division,
        "kind": kind,
        "period": period,
        "after_last": after and after.last,
        "after_revision": after and after.revision,
        "after_id": after and after.id,
        "limit": limit,
    }
    return [Snapshot(**row) for row in fetch(connection, SQL["snapshots"], values)]


def headline_of(made: Account) -> dict[str, Any]:
    """Return the rates and amounts alone, for lists and trends."""
    rates = {
        one["name"]: {key: one[key] for key in ("rate", "at_least", "at_most", "firm")}
        for one in made.figures["rates"]
    }
    amounts = {one["name"]: one["area_m2"] for one in made.figures["amounts"]}
    return {"rates": rates, "amounts": amounts}


def pack(made: Account) -> bytes:
    """Return figures and rows as they are stored: JSON with sorted keys, gzip.

    The same figures give the same bytes.
    """
    said = {"figures": made.figures, "rows": made.rows}
    return gzip.compress(orjson.dumps(said, option=orjson.OPT_SORT_KEYS), mtime=0)


def unpack(content: bytes) -> Account:
    """Return what `pack` stored."""
    said = orjson.loads(gzip.decompress(content))
    return Account(said["figures"], said["rows"])
