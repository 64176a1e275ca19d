"""What has changed in a layer since a reader last looked? (shell).

变更流. A reader is told which versions each change opened and closed, in the order of
the changes' numbers. Numbers are given last in a transaction and under a lock that is
held until its commit (`registry.number_change`): whoever sees a change sees every one
before it, and what is committed later comes after all that has been read. So a reader
who goes on from where he was misses nothing and reads nothing twice.

Rows of other divisions are not there for the caller: row-level security removes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

import sqlalchemy as sa

from parcels.register import tables
from parcels.register.layers import Layer
from parcels.register.repository import describe_source
from parcels.register.selecting import begins_with

EventKind = Literal["closed", "opened"]
EVENT_KINDS: Final[tuple[EventKind, ...]] = ("closed", "opened")
"""In the order in which a change is told: what is replaced goes before what replaces
it."""


@dataclass(frozen=True, slots=True)
class FeedKey:
    """The last event a reader was told; the feed goes on after it.

    Attributes
    ----------
    number
        Number of its change.
    kind, version_id
        Which of the events of that change it was.
    """

    number: int
    kind: EventKind
    version_id: int


def after_change(number: int) -> FeedKey:
    """Return the key of a reader who was told all of a change; 0 is the beginning."""
    return FeedKey(number + 1, EVENT_KINDS[0], 0)


@dataclass(frozen=True, slots=True)
class VersionEvent:
    """A change opened or closed a version of an object.

    `valid_from` and `valid_to` are the version's. `source` is that of the change:
    ``upload:<id>`` or ``actor:<name>``. `recorded_at` is the time of the change.
    """

    number: int
    recorded_at: datetime
    source: str
    kind: EventKind
    version_id: int
    object_id: int
    code: str
    division_code: str
    valid_from: date
    valid_to: date | None

    @property
    def key(self) -> FeedKey:
        """Where the feed goes on after this event."""
        return FeedKey(self.number, self.kind, self.version_id)


def list_events(
    connection: sa.Connection,
    layer: Layer,
    after: FeedKey,
    *,
    last: int,
    division: str | None = None,
    limit: int = 100,
) -> list[VersionEvent]:
    """Return a page of what has changed in a layer, in the order of the changes.

    Parameters
    ----------
    after
        Where the page before ended.
    last
        Number of the last change to be told; one that was read before this
        (`parcels.register.repository.last_change`), so that the page is complete
        up to it.
    division
        Division prefix without trailing zeros, narrower than the caller's own.
    """
    opened = _list_kind(connection, layer, "opened", after, last, division, limit)
    if len(opened) == limit:
        # What was closed after the page is full needs not be looked for.
        last = opened[-1].number
    closed = _list_kind(connection, layer, "closed", after, last, division, limit)
    return sorted([*closed, *opened], key=_place)[:limit]


def _place(event: VersionEvent) -> tuple[int, int, int]:
    return event.number, EVENT_KINDS.index(event.kind), event.version_id


def _list_kind(
    connection: sa.Connection,
    layer: Layer,
    kind: EventKind,
    after: FeedKey,
    last: int,
    division: str | None,
    limit: int,
) -> list[VersionEvent]:
    statement = _select(layer, kind, division)
    first, told = _start(kind, after)
    values = {"first": first, "told": told, "last": last, "most": limit}
    return [
        VersionEvent(
            number=row["number"],
            recorded_at=row["recorded_at"],
            source=describe_source(row["upload_id"], row["actor"]),
            kind=kind,
            **{name: row[name] for name in _OF_VERSION},
        )
        for row in connection.execute(statement, values).mappings()
    ]


def _start(kind: EventKind, after: FeedKey) -> tuple[int, int]:
    """Return the change in which events of a kind go on, and the last version told.

    Examples
    --------
    >>> _start("closed", FeedKey(7, "opened", 3))
    (8, 0)
    >>> _start("opened", FeedKey(7, "closed", 3))
    (7, 0)
    """
    ahead = EVENT_KINDS.index(kind) - EVENT_KINDS.index(after.kind)
    if ahead < 0:
        return after.number + 1, 0
    return after.number, 0 if ahead else after.version_id


_OF_VERSION: Final = (
    "version_id",
    "object_id",
    "code",
    "division_code",
    "valid_from",
    "valid_to",
)
_FIRST = sa.bindparam("first", type_=sa.BigInteger)
_TOLD = sa.bindparam("told", type_=sa.BigInteger)
_LAST = sa.bindparam("last", type_=sa.BigInteger)
_MOST = sa.bindparam("most", type_=sa.BigInteger)


def _select(layer: Layer, kind: EventKind, division: str | None) -> sa.Select[Any]:
    """Return the statement that walks the changes and looks into each for versions.

    Each look is the range of an index, and no longer than the page.
    """
    change, version = tables.change, tables.TABLES[layer.name]
    by = version.c.closed_by if kind == "closed" else version.c.opened_by
    told = sa.case((change.c.number == _FIRST, _TOLD), else_=sa.literal(0))
    found = (
        sa.select(*(version.c[name] for name in _OF_VERSION))
        .where(by == change.c.id, version.c.version_id > told)
        .order_by(version.c.version_id)
        .limit(_MOST)
    )
    if division is not None:
        found = found.where(begins_with(version.c.division_code, division))
    event = found.correlate(change).lateral("event")
    return (
        sa.select(
            change.c.number,
            change.c.recorded_at,
            change.c.actor,
            change.c.upload_id,
            *event.c,
        )
        .join_from(change, event, sa.true())
        .where(change.c.number.between(_FIRST, _LAST))
        .order_by(change.c.number, event.c.version_id)
        .limit(_MOST)
    )
