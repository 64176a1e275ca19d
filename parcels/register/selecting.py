"""How is a layer asked for its versions? Statements without their narrowing (shell).

Building a statement costs more than running it: there are three for each layer, made
once. What is known now is read through the partial indexes on open versions.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa

from parcels.crs import STORAGE_SRID
from parcels.register import tables
from parcels.register.layers import Layer, Shape

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees; west of more than east crosses 180°."""

_AS_OF = sa.bindparam("as_of", type_=sa.Date)
_KNOWN_AT = sa.bindparam("known_at", type_=sa.BigInteger)
_FIRST = sa.bindparam("first", type_=sa.Date)
_LAST = sa.bindparam("last", type_=sa.Date)


@cache
def select_known_now(layer: Layer) -> tuple[sa.FromClause, sa.Select[Any]]:
    """Versions valid on a day, as known now."""
    table = tables.TABLES[layer.name]
    statement = _select_valid(layer, table, tables.change.alias("opened"))
    return table, statement.where(table.c.closed_by.is_(None))


@cache
def select_known_then(layer: Layer) -> tuple[sa.FromClause, sa.Select[Any]]:
    """Versions valid on a day, as known after a change."""
    rows = rows_of_every_time(layer)
    opened, closed = tables.change.alias("opened"), tables.change.alias("closed")
    statement = _select_valid(layer, rows, opened)
    return rows, statement.outerjoin(closed, closed.c.id == rows.c.closed_by).where(
        opened.c.number <= _KNOWN_AT,
        sa.or_(closed.c.number.is_(None), closed.c.number > _KNOWN_AT),
    )


def _select_valid(
    layer: Layer, rows: sa.FromClause, opened: sa.FromClause
) -> sa.Select[Any]:
    return columns(layer, rows, opened).where(tables.valid_on(rows, _AS_OF))


@cache
def select_during(layer: Layer) -> tuple[sa.FromClause, sa.Select[Any]]:
    """Of each object the last version valid in the days asked, as known now."""
    table = tables.TABLES[layer.name]
    later = table.alias("later")
    superseded = sa.exists().where(
        later.c.closed_by.is_(None),
        later.c.division_code == table.c.division_code,
        later.c.code == table.c.code,
        later.c.valid_from > table.c.valid_from,
        later.c.valid_from <= _LAST,
    )
    statement = columns(layer, table, tables.change.alias("opened")).where(
        table.c.closed_by.is_(None),
        table.c.valid_from <= _LAST,
        sa.or_(table.c.valid_to.is_(None), table.c.valid_to > _FIRST),
        ~superseded,
    )
    return table, statement


def meets_box(layer: Layer, rows: sa.FromClause, box: Box) -> sa.ColumnElement[bool]:
    """Return whether a row's ground meets a box; a row of no ground meets every one.

    Such a row speaks of a whole county.
    """
    west, south, east, north = box
    halves = [box]
    if west > east:
        halves = [(west, south, 180.0, north), (-180.0, south, east, north)]
    meets = [_meets(rows, half) for half in halves]
    if layer.shape is Shape.AREA_OR_NONE:
        meets.append(rows.c.geom.is_(None))
    return sa.or_(*meets)


def _meets(rows: sa.FromClause, box: Box) -> sa.ColumnElement[bool]:
    # The boxes are named as well: row-level security lets them alone use the index.
    envelope = sa.func.ST_MakeEnvelope(*box, STORAGE_SRID)
    return sa.and_(
        rows.c.geom.op("&&")(envelope), sa.func.ST_Intersects(rows.c.geom, envelope)
    )


def begins_with(column: sa.ColumnElement[str], digits: str) -> sa.ColumnElement[bool]:
    """Return a range an index can be asked for, in the byte order of the columns."""
    beyond = digits[:-1] + chr(ord(digits[-1]) + 1)
    return sa.and_(column >= digits, column < beyond)


@cache
def rows_of_every_time(layer: Layer) -> sa.FromClause:
    """Return open and closed versions as two arms: each has indexes of its own."""
    table = tables.TABLES[layer.name]
    arms = (
        sa.select(table).where(table.c.closed_by.is_(None)),
        sa.select(table).where(table.c.closed_by.is_not(None)),
    )
    return sa.union_all(*arms).subquery("version")


def columns(layer: Layer, rows: sa.FromClause, opened: sa.FromClause) -> sa.Select[Any]:
    """Return every version with its columns and those of the change that opened it."""
    chosen: list[sa.ColumnElement[Any]] = [
        column for column in rows.c if column.name not in ("geom", "reach")
    ]
    if layer.shape is not Shape.NONE:
        chosen.append(sa.func.ST_AsBinary(rows.c.geom).label("geom"))
    return sa.select(
        *chosen,
        opened.c.number.label("change_number"),
        opened.c.recorded_at,
        opened.c.actor,
        opened.c.upload_id,
    ).join_from(rows, opened, opened.c.id == rows.c.opened_by)
