"""What would this upload change in the register? (shell).

A row's code is looked up among the open versions of its division. Its fate:

* ``new``: no version of that code is in force on the day the row begins;
* ``changed``: one is, and says something else;
* ``identical``: one is and says the same, so nothing is written.

Only what the file says is compared: an attribute without a field in the file keeps
its value, and areas are measured, not said. Geometries are the same when they cover
the same ground, wherever their rings begin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from parcels.register import tables
from parcels.surveys.staging import Staging


@dataclass(frozen=True, slots=True)
class Comparison:
    """Numbers of rows by their fate, and where each row stands (`fates`).

    The temporary table has `row_number`, `fate`, `object_id` (null for an object the
    register has not had), `version_id` in force on the row's day, the row's `day`,
    `until` (day before which its version ends, null for open) and `later_from`
    (beginning of the object's next version, null if there is none).
    """

    new: int
    changed: int
    identical: int
    later: int
    fates: sa.Table

    def as_json(self) -> dict[str, int]:
        """Return the numbers."""
        return {
            "new": self.new,
            "changed": self.changed,
            "identical": self.identical,
            "later": self.later,
        }


_FATES = sa.Table(
    "staged_fates",
    sa.MetaData(),
    sa.Column("row_number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("fate", sa.Text),
    sa.Column("object_id", sa.BigInteger),
    sa.Column("version_id", sa.BigInteger),
    sa.Column("day", sa.Date),
    sa.Column("until", sa.Date),
    sa.Column("later_from", sa.Date),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)


def compare(connection: sa.Connection, staging: Staging) -> Comparison:
    """Give every staged row its fate, as the register stands now."""
    connection.execute(sa.text("drop table if exists pg_temp.staged_fates"))
    _FATES.create(connection)
    columns = [column.name for column in _FATES.columns]
    connection.execute(sa.insert(_FATES).from_select(columns, _judge(staging)))
    connection.execute(sa.text("analyze pg_temp.staged_fates"))
    by_fate = sa.select(_FATES.c.fate, sa.func.count()).group_by(_FATES.c.fate)
    counts = {fate: int(count) for fate, count in connection.execute(by_fate)}
    later = connection.scalar(
        sa.select(sa.func.count()).where(_FATES.c.later_from.is_not(None))
    )
    return Comparison(
        counts.get("new", 0),
        counts.get("changed", 0),
        counts.get("identical", 0),
        int(later or 0),
        _FATES,
    )


def _judge(staging: Staging) -> sa.Select[Any]:
    """Select the fate of each row."""
    rows, layer = staging.table, tables.TABLES[staging.layer.name]
    known = _known(staging, layer)
    # A row without an end of its own lasts as long as the version it takes over.
    until = sa.case(
        (
            rows.c.valid_to.is_not(None),
            sa.func.least(rows.c.valid_to, known.c.later_from),
        ),
        (layer.c.version_id.is_not(None), layer.c.valid_to),
        else_=known.c.later_from,
    )
    fate = sa.case(
        (layer.c.version_id.is_(None), "new"),
        (sa.and_(_same_values(staging, layer), _same_end(rows, layer)), "identical"),
        else_="changed",
    )
    return (
        sa.select(
            rows.c.row_number,
            fate,
            known.c.object_id,
            layer.c.version_id,
            staging.day,
            until,
            known.c.later_from,
        )
        .select_from(rows)
        .join(known, known.c.row_number == rows.c.row_number)
        .outerjoin(layer, layer.c.version_id == known.c.version_id)
    )


def _known(staging: Staging, layer: sa.Table) -> sa.Subquery:
    """Select, for each row, what the register has open under its code."""
    rows, day = staging.table, staging.day
    in_force = sa.and_(
        layer.c.valid_from <= day,
        sa.or_(layer.c.valid_to.is_(None), layer.c.valid_to > day),
    )
    same = sa.and_(
        layer.c.code == rows.c.code,
        layer.c.division_code == rows.c.division_code,
        layer.c.closed_by.is_(None),
    )
    return (
        sa.select(
            rows.c.row_number,
            sa.func.min(layer.c.object_id).label("object_id"),
            sa.func.min(layer.c.version_id).filter(in_force).label("version_id"),
            sa.func.min(layer.c.valid_from)
            .filter(layer.c.valid_from > day)
            .label("later_from"),
        )
        .select_from(rows)
        .outerjoin(layer, same)
        .group_by(rows.c.row_number)
        .subquery("known")
    )


def _same_values(staging: Staging, layer: sa.Table) -> sa.ColumnElement[bool]:
    said = [
        name for name in staging.given if not staging.layer.attribute(name).computed
    ]
    same = [layer.c[name].is_not_distinct_from(staging.value(name)) for name in said]
    if staging.geometry is not None:
        same.append(_same_ground(layer.c.geom, staging.geometry))
    return sa.and_(sa.true(), *same)


def _same_ground(
    old: sa.ColumnElement[Any], new: sa.ColumnElement[Any]
) -> sa.ColumnElement[bool]:
    """Equal vertex by vertex, or else equal as ground (asked only for equal boxes)."""
    equal = sa.func.coalesce(old.op("=", is_comparison=True)(new), sa.false())
    covers = sa.and_(old.op("~=", is_comparison=True)(new), sa.func.st_equals(old, new))
    both_missing = sa.and_(old.is_(None), new.is_(None))
    return sa.or_(equal, sa.func.coalesce(covers, sa.false()), both_missing)


def _same_end(rows: sa.Table, layer: sa.Table) -> sa.ColumnElement[bool]:
    return sa.or_(rows.c.valid_to.is_(None), rows.c.valid_to == layer.c.valid_to)
