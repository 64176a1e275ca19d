"""Write an upload's new and changed rows as versions (shell).

Set-based statements inside one change: close what is replaced or missing, write again
the part of it that came before, write what is new. Identical rows are not touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from parcels.register import tables
from parcels.register.history import Change
from parcels.register.layers import Kind
from parcels.register.statements import driver
from parcels.surveys.binary_copy import copy_batches
from parcels.surveys.comparing import Comparison
from parcels.surveys.request import UploadRequest
from parcels.surveys.staged_file import AcceptedRows
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
    _number_anew(connection)
    if comparison.first:
        columns = _first_version(staging, change, survey_srid)
        _insert(connection, layer, columns, sa.select().select_from(staging.table))
        return
    old = layer.alias("old")
    columns = _new_version(old, staging, fates, change, survey_srid)
    _insert(connection, layer, columns, _new_rows(old, staging, fates))


def fill_layer(
    connection: sa.Connection,
    change: Change,
    rows: AcceptedRows,
    request: UploadRequest,
    survey_srid: int | None,
) -> None:
    """Write rows into their layer, which holds nothing and is this transaction's alone.

    They go there by COPY (`filling.begin_filling`); their objects are new.
    """
    _number_anew(connection)
    layer = request.register_layer
    same = {"opened_by": pa.scalar(change.id, pa.int64())}
    if any(one.name == "survey_srid" for one in layer.attributes):
        same["survey_srid"] = pa.scalar(survey_srid, pa.int32())
    said = (name for name in rows.schema.names if name not in ("row", *same))
    columns = (*said, *same)
    with rows.batches() as batches:
        versions = (_as_versions(one, columns, same, request) for one in batches)
        copy_batches(driver(connection), f"registry.{layer.name}", columns, versions)


def _number_anew(connection: sa.Connection) -> None:
    """Let new objects have numbers above all others.

    Of numbers fetched before, some may be below, and the check of what was opened would
    have to look at every row.
    """
    connection.execute(sa.text("discard sequences"))


def _as_versions(
    batch: pa.RecordBatch,
    columns: Iterable[str],
    same: Mapping[str, pa.Scalar],
    request: UploadRequest,
) -> pa.RecordBatch:
    """Return rows with the columns of the register, lists as lists.

    `same` are the columns that hold the same in every row.
    """
    layer = request.register_layer
    lists = {one.name for one in layer.attributes if one.kind is Kind.TEXT_LIST}
    made = {}
    for name in columns:
        if name in same:
            made[name] = pa.repeat(same[name], len(batch))
            continue
        made[name] = batch.column(name)
        if name == "valid_from":
            made[name] = made[name].fill_null(pa.scalar(request.valid_from))
        elif name in lists:
            made[name] = pc.split_pattern(made[name], ";")
    return pa.record_batch(made)


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
