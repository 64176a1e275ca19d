"""Which decisions did not see what a change of the register says? (shell).

A decision carries the number of the last change it saw. One that was made on a day for
which the register has learned something else since may have to be made again: its
parcels were changed, or its land lies where something was. What a change merely wrote
again (the part of a version before the day it changed) affects nobody.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from parcels.register import tables

MOST: Final = 1000
"""Decisions that are named at most, the latest."""

_decision = sa.Table(
    "decision",
    sa.MetaData(schema="registry"),
    sa.Column("id", sa.Uuid),
    sa.Column("certificate_number", sa.Text),
    sa.Column("outcome", sa.Text),
    sa.Column("parcel_codes", sa.ARRAY(sa.Text)),
    sa.Column("change_number", sa.BigInteger),
    sa.Column("recorded_at", sa.DateTime(timezone=True)),
    sa.Column("geom", sa.types.NullType()),
)
_NAMED: Final = (
    "id",
    "certificate_number",
    "outcome",
    "recorded_at",
    "parcel_codes",
)


def list_affected(
    connection: sa.Connection, layer: str, change_id: int
) -> list[dict[str, Any]]:
    """Return decisions that did not see what a change said, the latest first.

    Each decision is looked up in the layer by code and by place, so it takes as long as
    there are decisions, however large the change was.

    Parameters
    ----------
    layer
        Name of the layer that was changed.
    change_id
        Id of the change (`change.id`).
    """
    made, change = _decision.c, tables.change
    number = (
        sa.select(change.c.number).where(change.c.id == change_id).scalar_subquery()
    )
    table = tables.TABLES[layer]
    statement = (
        sa.select(*(made[name] for name in _NAMED))
        .where(made.change_number < number, _touched(table, layer, change_id))
        .order_by(made.recorded_at.desc(), made.id)
        .limit(MOST)
    )
    return [
        dict(zip(_NAMED, row, strict=True)) for row in connection.execute(statement)
    ]


def _touched(table: sa.Table, layer: str, change_id: int) -> sa.ColumnElement[bool]:
    """Return the condition that a change says something else of a decision's land."""
    found = []
    for meets in _meetings(table, layer):
        # An index holds the open versions, another the closed ones: ask each by itself.
        still_open = table.alias("said")
        closed = table.alias("unsaid")
        found += [
            _exists(still_open, meets(still_open), _new(still_open, table, change_id)),
            _exists(
                closed,
                meets(closed),
                sa.or_(_old(closed, table, change_id), _new(closed, table, change_id)),
                closed=True,
            ),
        ]
    return sa.or_(*found)


def _meetings(table: sa.Table, layer: str) -> list[Any]:
    """Return how a version may meet a decision: by its code, by its ground."""
    made = _decision.c
    meetings = []
    if layer == "parcel":
        meetings.append(lambda one: one.c.code == sa.any_(made.parcel_codes))
    if "geom" in table.c:
        meetings.append(
            lambda one: sa.and_(
                one.c.geom.op("&&")(made.geom),
                sa.func.st_intersects(one.c.geom, made.geom),
            )
        )
    return meetings or [lambda _: sa.false()]


def _exists(
    version: sa.FromClause,
    meets: sa.ColumnElement[bool],
    changed: sa.ColumnElement[bool],
    *,
    closed: bool = False,
) -> sa.ColumnElement[bool]:
    state = (
        version.c.closed_by.is_not(None) if closed else version.c.closed_by.is_(None)
    )
    return (
        sa.select(version.c.version_id)
        .where(state, meets, _held(version), changed)
        .correlate(_decision)
        .exists()
    )


def _held(version: sa.FromClause) -> sa.ColumnElement[bool]:
    """Return whether a version holds on the day of the decision."""
    day = sa.cast(sa.func.timezone("Asia/Shanghai", _decision.c.recorded_at), sa.Date)
    return sa.and_(
        version.c.valid_from <= day,
        sa.or_(version.c.valid_to.is_(None), version.c.valid_to > day),
    )


def _new(
    version: sa.FromClause, table: sa.Table, change_id: int
) -> sa.ColumnElement[bool]:
    """Tell whether the change opened it, and not as a copy of what it closed."""
    before = table.alias("before")
    copy = (
        sa.select(before.c.version_id)
        .where(
            before.c.closed_by == change_id,
            before.c.object_id == version.c.object_id,
            before.c.code == version.c.code,
            before.c.valid_from == version.c.valid_from,
            sa.or_(before.c.valid_to.is_(None), before.c.valid_to > version.c.valid_to),
        )
        .exists()
    )
    return sa.and_(version.c.opened_by == change_id, ~copy)


def _old(
    version: sa.FromClause, table: sa.Table, change_id: int
) -> sa.ColumnElement[bool]:
    """Tell whether the change closed it, and did not write it again for the day."""
    again = table.alias("again")
    copy = (
        sa.select(again.c.version_id)
        .where(
            again.c.opened_by == change_id,
            again.c.object_id == version.c.object_id,
            again.c.code == version.c.code,
            again.c.valid_from == version.c.valid_from,
            _held(again),
        )
        .exists()
    )
    return sa.and_(version.c.closed_by == change_id, ~copy)
