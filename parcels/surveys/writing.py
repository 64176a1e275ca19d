"""Write an upload's new and changed rows as versions (shell).

Set-based statements inside one change: close what is replaced or missing, write again
the part of it that came before, write what is new. Identical rows are not touched.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from parcels.register import tables
from parcels.register.filling import indexed_after
from parcels.register.history import Change
from parcels.surveys.comparing import Comparison
from parcels.surveys.staging import Staging

_NEW_OBJECT = sa.func.nextval(sa.text("'registry.object_id'"))
_OPENED = ("version_id", "opened_by", "closed_by", "reach")
"""Columns that an earlier part does not take over; `reach` the database makes."""


def write_versions(
    connection: sa.Connection,
    change: Change,
    staging: Staging,
    comparison: Comparison,
    survey_srid: int | None,
) -> None:
    """Close replaced versions and insert the new ones under the open change.

    `survey_srid` is the EPSG number the file came in, kept with each parcel.
    """
    layer = tables.TABLES[staging.layer.name]
    fates = comparison.fates
    replaced = sa.and_(
        layer.c.version_id == fates.c.version_id, fates.c.fate == "changed"
    )
    if comparison.missing:
        _end_missing(connection, change, layer, comparison)
    if comparison.changed:
        connection.execute(sa.update(layer).where(replaced).values(closed_by=change.id))
        source = sa.select().select_from(layer.join(fates, replaced))
        source = source.where(layer.c.valid_from < fates.c.day)
        _insert(connection, layer, _earlier_part(layer, fates, change), source)
    # Of numbers fetched before, some may be below those of other objects, and the check
    # of what was opened would have to look at every one.
    connection.execute(sa.text("discard sequences"))
    if comparison.first:
        columns = _first_version(staging, change, survey_srid)
        with indexed_after(connection, layer, staging.count):
            _insert(connection, layer, columns, sa.select().select_from(staging.table))
        return
    old = layer.alias("old")
    columns = _new_version(old, staging, fates, change, survey_srid)
    _insert(connection, layer, columns, _new_rows(old, staging, fates))


def _end_missing(
    connection: sa.Connection, change: Change, layer: sa.Table, comparison: Comparison
) -> None:
    """Close what a whole update does not name; its time before the update stays."""
    ended = comparison.ended
    gone = layer.c.version_id == ended.c.version_id
    connection.execute(sa.update(layer).where(gone).values(closed_by=change.id))
    source = sa.select().select_from(layer.join(ended, gone))
    source = source.where(layer.c.valid_from < ended.c.day)
    _insert(connection, layer, _earlier_part(layer, ended, change), source)


Columns = dict[str, sa.ColumnElement[Any]]


def _insert(
    connection: sa.Connection, layer: sa.Table, columns: Columns, source: sa.Select[Any]
) -> None:
    values = [value.label(name) for name, value in columns.items()]
    query = source.with_only_columns(*values, maintain_column_froms=True)
    connection.execute(sa.insert(layer).from_select(list(columns), query))


def _earlier_part(layer: sa.Table, ends: sa.Table, change: Change) -> Columns:
    """Return a replaced version as it was, up to the `day` on which it ends."""
    columns: Columns = {
        column.name: column for column in layer.columns if column.name not in _OPENED
    }
    return columns | {"valid_to": ends.c.day, "opened_by": sa.literal(change.id)}


def _new_version(
    old: sa.FromClause,
    staging: Staging,
    fates: sa.Table,
    change: Change,
    survey_srid: int | None,
) -> Columns:
    """Return a new version; what the file does not say is taken over from the old."""
    columns: Columns = {
        **{one.name: old.c[one.name] for one in staging.layer.attributes},
        **_said(staging, change, survey_srid),
        "object_id": sa.func.coalesce(fates.c.object_id, _NEW_OBJECT),
        "valid_from": fates.c.day,
        "valid_to": fates.c.until,
    }
    return columns


def _first_version(
    staging: Staging, change: Change, survey_srid: int | None
) -> Columns:
    """Return the version of a row where the register holds nothing to join."""
    columns: Columns = {
        **{one.name: sa.null() for one in staging.layer.attributes},
        **_said(staging, change, survey_srid),
        "object_id": _NEW_OBJECT,
        "valid_from": staging.day,
        "valid_to": staging.table.c.valid_to,
    }
    return columns


def _said(staging: Staging, change: Change, survey_srid: int | None) -> Columns:
    """Return what the rows themselves say."""
    rows = staging.table
    columns: Columns = {
        "code": rows.c.code,
        "division_code": rows.c.division_code,
        "opened_by": sa.literal(change.id),
        **{name: staging.value(name) for name in staging.given},
    }
    if any(one.name == "survey_srid" for one in staging.layer.attributes):
        columns["survey_srid"] = sa.literal(survey_srid, sa.Integer)
    if staging.geometry is not None:
        columns["geom"] = staging.geometry
    return columns


def _new_rows(old: sa.FromClause, staging: Staging, fates: sa.Table) -> sa.Select[Any]:
    rows = staging.table
    joined = rows.join(fates, fates.c.row_number == rows.c.row_number).outerjoin(
        old, old.c.version_id == fates.c.version_id
    )
    wanted = fates.c.fate != "identical"
    return sa.select().select_from(joined).where(wanted).order_by(rows.c.row_number)
