"""What would this upload change in the register? (shell).

A row's code is looked up among the open versions of its division. Its fate:

* ``new``: no version of that code is in force on the day the row begins;
* ``changed``: one is, and says something else (its ground, its attributes or both);
* ``identical``: one is and says the same, so nothing is written.

Only what the file says is compared: an attribute without a field in the file keeps
its value, and areas are measured, not said. Geometries are the same when they cover
the same ground, wherever their rings begin.

A whole update also says what is no more: objects in force in its division on its day
that it does not name are ``missing``. Of layers that hold several registers side by
side only those the file speaks of are meant (`WHOLE_PER`); of divisions those
of its levels: townships alone do not end their county.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from parcels.codes import WHOLE_COUNTRY
from parcels.register import tables
from parcels.register.layers import DIVISION
from parcels.surveys.request import UploadRequest
from parcels.surveys.staging import Staging

WHOLE_PER: Final[dict[str, tuple[str, ...]]] = {
    "restriction_area": ("theme",),
    "theme_coverage": ("theme",),
    "key_unit_list": ("year",),
    "attention_option": ("scheme",),
    "attention_answer": ("enterprise_code",),
}
"""Layer → attributes whose values in the file bound what a whole update speaks of."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Numbers of rows by their fate, and where each row stands.

    Attributes
    ----------
    changed_geometry, changed_attributes
        Of the changed rows, those on other ground, and the others.
    missing
        Objects that a whole update ends.
    spoken_of
        Objects in force that a whole update speaks of, `missing` among them; counted
        only where some are missing, else 0.
    later
        Rows after which the register already goes on.
    fates
        Temporary table: `row_number`, `fate`, `object_id` (null for an object the
        register has not had), `version_id` in force on the row's day, `moved` (other
        ground), the row's `day`, `until` (day before which its version ends, null for
        open) and `later_from` (beginning of the object's next version, null if there
        is none).
    ended
        Temporary table of the missing: `version_id`, `day`.
    first
        The register holds nothing of the layer in the division: every row is new, and
        both tables are empty.
    """

    new: int
    changed_geometry: int
    changed_attributes: int
    identical: int
    missing: int
    later: int
    fates: sa.Table
    ended: sa.Table
    first: bool = False
    spoken_of: int = 0

    @property
    def changed(self) -> int:
        """Rows that say something else than the register."""
        return self.changed_geometry + self.changed_attributes

    @property
    def changes_nothing(self) -> bool:
        """Whether the register already says all this."""
        return not (self.new or self.changed or self.missing)

    def as_json(self) -> dict[str, int]:
        """Return the numbers."""
        return {
            "new": self.new,
            "changed": self.changed,
            "changed_geometry": self.changed_geometry,
            "changed_attributes": self.changed_attributes,
            "missing": self.missing,
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
    sa.Column("moved", sa.Boolean),
    sa.Column("day", sa.Date),
    sa.Column("until", sa.Date),
    sa.Column("later_from", sa.Date),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
_ENDED = sa.Table(
    "staged_ended",
    sa.MetaData(),
    sa.Column("version_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("day", sa.Date),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)


def compare(
    connection: sa.Connection, staging: Staging, request: UploadRequest
) -> Comparison:
    """Give every staged row its fate, as the register stands now."""
    if holds_nothing(connection, request):
        return _first(connection, staging)
    _fill(connection, _FATES, _judge(staging))
    _fill(connection, _ENDED, _find_missing(connection, staging, request))
    missing = _count(connection, _ENDED, sa.true())
    by_fate = sa.select(_FATES.c.fate, _FATES.c.moved, sa.func.count()).group_by(
        _FATES.c.fate, _FATES.c.moved
    )
    counts = {
        (fate, moved): int(count) for fate, moved, count in connection.execute(by_fate)
    }
    return Comparison(
        new=counts.get(("new", False), 0),
        changed_geometry=counts.get(("changed", True), 0),
        changed_attributes=counts.get(("changed", False), 0),
        identical=counts.get(("identical", False), 0),
        missing=missing,
        later=_count(connection, _FATES, _FATES.c.later_from.is_not(None)),
        fates=_FATES,
        ended=_ENDED,
        spoken_of=_count_spoken_of(connection, staging, request) if missing else 0,
    )


def _first(connection: sa.Connection, staging: Staging) -> Comparison:
    """Return that all rows are new, without looking for what is not there."""
    for table in (_FATES, _ENDED):
        connection.execute(sa.text(f"drop table if exists pg_temp.{table.name}"))
        table.create(connection)
    return all_new(staging.count)


def all_new(count: int) -> Comparison:
    """Return the comparison of that many rows with a register that holds nothing."""
    return Comparison(count, 0, 0, 0, 0, 0, _FATES, _ENDED, first=True)


def holds_nothing(connection: sa.Connection, request: UploadRequest) -> bool:
    """Tell whether the register has nothing open of that layer in that division."""
    layer = tables.TABLES[request.layer]
    statement = sa.select(layer.c.version_id).where(
        layer.c.closed_by.is_(None), in_division(layer, request.division_code)
    )
    return not connection.scalar(sa.select(statement.exists()))


def in_division(layer: sa.FromClause, division_code: str) -> sa.ColumnElement[bool]:
    """Return the condition that a row lies in a division or below it."""
    if division_code == WHOLE_COUNTRY:
        return sa.true()
    return layer.c.division_code.startswith(division_code, autoescape=True)


def _fill(connection: sa.Connection, table: sa.Table, rows: sa.Select[Any]) -> None:
    connection.execute(sa.text(f"drop table if exists pg_temp.{table.name}"))
    table.create(connection)
    columns = [column.name for column in table.columns]
    connection.execute(sa.insert(table).from_select(columns, rows))
    connection.execute(sa.text(f"analyze pg_temp.{table.name}"))


def _count(
    connection: sa.Connection, table: sa.Table, condition: sa.ColumnElement[bool]
) -> int:
    statement = sa.select(sa.func.count()).select_from(table).where(condition)
    return int(connection.scalar(statement) or 0)


def _find_missing(
    connection: sa.Connection, staging: Staging, request: UploadRequest
) -> sa.Select[Any]:
    """Select what a whole update ends: in force on its day and not in the file."""
    layer, rows = tables.TABLES[request.layer], staging.table
    if request.update != "whole":
        return sa.select(layer.c.version_id, layer.c.valid_from).where(sa.false())
    # The planner knows nothing of a register that was just filled and would compare
    # every version with every row. Codes are compared byte by byte, as they are there.
    connection.execute(
        sa.text(f'create index on pg_temp.{rows.name} (code collate "C")')
    )
    day = sa.cast(request.valid_from, sa.Date)
    named = (
        sa.select(rows.c.row_number)
        .where(rows.c.code == layer.c.code)
        .where(rows.c.division_code == layer.c.division_code)
        .exists()
    )
    return sa.select(layer.c.version_id, day).where(
        ~named, *_spoken_of(connection, staging, request)
    )


def _spoken_of(
    connection: sa.Connection, staging: Staging, request: UploadRequest
) -> list[sa.ColumnElement[bool]]:
    """Return the conditions that a whole update speaks of a version."""
    layer, rows = tables.TABLES[request.layer], staging.table
    conditions = [
        tables.in_force_on(layer, sa.cast(request.valid_from, sa.Date)),
        in_division(layer, request.division_code),
    ]
    conditions += [
        layer.c[name].in_(connection.scalars(sa.select(rows.c[name]).distinct()).all())
        for name in WHOLE_PER.get(request.layer, ())
    ]
    if request.register_layer is DIVISION:
        levels = sa.select(sa.func.length(rows.c.code)).distinct()
        conditions.append(sa.func.length(layer.c.code).in_(levels))
    return conditions


def _count_spoken_of(
    connection: sa.Connection, staging: Staging, request: UploadRequest
) -> int:
    layer = tables.TABLES[request.layer]
    return _count(connection, layer, sa.and_(*_spoken_of(connection, staging, request)))


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
    compared = (
        sa.select(
            rows.c.row_number,
            known.c.object_id,
            layer.c.version_id,
            (
                sa.false()
                if staging.geometry is None
                else sa.and_(
                    layer.c.version_id.is_not(None),
                    ~_same_ground(layer.c.geom, staging.geometry),
                )
            ).label("moved"),
            sa.and_(same_values(staging, layer), same_end(rows, layer)).label("same"),
            staging.day.label("day"),
            until.label("until"),
            known.c.later_from,
        )
        .select_from(rows)
        .join(known, known.c.row_number == rows.c.row_number)
        .outerjoin(layer, layer.c.version_id == known.c.version_id)
        # Kept apart so that grounds are compared once a row.
        .offset(0)
        .subquery("compared")
    )
    found = compared.c
    fate = sa.case(
        (found.version_id.is_(None), "new"),
        (sa.and_(found.same, ~found.moved), "identical"),
        else_="changed",
    )
    return sa.select(
        found.row_number,
        fate,
        found.object_id,
        found.version_id,
        found.moved,
        found.day,
        found.until,
        found.later_from,
    )


def _known(staging: Staging, layer: sa.Table) -> sa.Subquery:
    """Select, for each row, what the register has open under its code."""
    rows, day = staging.table, staging.day
    same = sa.and_(
        layer.c.code == rows.c.code,
        layer.c.division_code == rows.c.division_code,
        layer.c.closed_by.is_(None),
    )
    return (
        sa.select(
            rows.c.row_number,
            sa.func.min(layer.c.object_id).label("object_id"),
            sa.func.min(layer.c.version_id)
            .filter(tables.valid_on(layer, day))
            .label("version_id"),
            sa.func.min(layer.c.valid_from)
            .filter(layer.c.valid_from > day)
            .label("later_from"),
        )
        .select_from(rows)
        .outerjoin(layer, same)
        .group_by(rows.c.row_number)
        .subquery("known")
    )


def same_values(staging: Staging, layer: sa.Table) -> sa.ColumnElement[bool]:
    """Return whether a version says of its attributes what a row says."""
    said = [
        name for name in staging.given if not staging.layer.attribute(name).computed
    ]
    same = [layer.c[name].is_not_distinct_from(staging.value(name)) for name in said]
    return sa.and_(sa.true(), *same)


def _same_ground(
    old: sa.ColumnElement[Any], new: sa.ColumnElement[Any]
) -> sa.ColumnElement[bool]:
    """Equal vertex by vertex, or else equal as ground (asked only for equal boxes)."""
    equal = sa.func.coalesce(old.op("=", is_comparison=True)(new), sa.false())
    covers = sa.and_(old.op("~=", is_comparison=True)(new), sa.func.st_equals(old, new))
    both_missing = sa.and_(old.is_(None), new.is_(None))
    return sa.or_(equal, sa.func.coalesce(covers, sa.false()), both_missing)


def same_end(rows: sa.Table, layer: sa.Table) -> sa.ColumnElement[bool]:
    """Return whether a version ends when a row says; a row may say nothing of it."""
    return sa.or_(rows.c.valid_to.is_(None), rows.c.valid_to == layer.c.valid_to)
