"""Accepted rows inside the database, for the length of one transaction (shell).

A temporary table takes the rows by COPY (a table under row-level security refuses
COPY); everything after is set-based SQL from it. It is gone with the transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import ARRAY

from parcels.crs import STORAGE_SRID
from parcels.register.layers import Kind, Layer
from parcels.register.statements import driver
from parcels.register.tables import in_force_on
from parcels.surveys.binary_copy import copy_batches
from parcels.surveys.staged_file import (
    GEOMETRY,
    AcceptedRows,
    open_staged,
    per_line_of,
    read_batches,
)

_TYPES: Final[dict[Kind, sa.types.TypeEngine[Any]]] = {
    Kind.TEXT: sa.Text(),
    Kind.INTEGER: sa.Integer(),
    Kind.NUMBER: sa.Double(),
    Kind.BOOLEAN: sa.Boolean(),
    Kind.DATE: sa.Date(),
    Kind.TEXT_LIST: sa.Text(),
    Kind.JSON: sa.Text(),
}


@dataclass(frozen=True, slots=True)
class Staging:
    """Rows of an upload in a temporary table.

    Attributes
    ----------
    table
        `row_number`, `code`, `division_code`, `valid_from`, `valid_to`, the attributes
        the file fills (lists as text), `geom` without SRID.
    given
        Names of the attributes the file fills, areas included.
    count
        Number of rows.
    per_line
        How many staged rows a row of the file may be; its number is
        `row_number / per_line`.
    """

    layer: Layer
    table: sa.Table
    given: tuple[str, ...]
    valid_from: date
    count: int
    per_line: int = 1

    @property
    def day(self) -> sa.ColumnElement[date]:
        """Day from which a row holds: its own, else the file's."""
        return sa.func.coalesce(
            self.table.c.valid_from, sa.cast(self.valid_from, sa.Date)
        )

    def value(self, attribute: str) -> sa.ColumnElement[Any]:
        """Return an attribute as the register's column takes it."""
        column = self.table.c[attribute]
        if self.layer.attribute(attribute).kind is Kind.TEXT_LIST:
            return sa.func.string_to_array(column, ";", type_=ARRAY(sa.Text()))
        return column

    def in_force(self, layer: sa.Table) -> sa.ColumnElement[bool]:
        """Return whether a version of the register is a row's own, valid on its day."""
        return sa.and_(
            layer.c.code == self.table.c.code,
            layer.c.division_code == self.table.c.division_code,
            in_force_on(layer, self.day),
        )

    @property
    def geometry(self) -> sa.ColumnElement[Any] | None:
        """Geometry with its SRID, None for layers without."""
        if GEOMETRY not in self.table.c:
            return None
        return sa.func.st_setsrid(self.table.c[GEOMETRY], STORAGE_SRID)


def stage_rows(
    connection: sa.Connection,
    layer: Layer,
    rows: AcceptedRows,
    valid_from: date,
    *,
    counted: bool = True,
) -> Staging:
    """Copy the accepted rows of an upload into a temporary table.

    An earlier one of the same transaction is replaced. Unless `counted`, the planner
    knows nothing of them: they are to be read, not joined.
    """
    table = _table(layer, rows.schema.names)
    connection.execute(sa.text(f"drop table if exists pg_temp.{table.name}"))
    table.create(connection)
    columns = [column.name for column in table.columns]
    with rows.batches() as batches:
        copy_batches(driver(connection), table.name, columns, batches)
    if counted:
        # What joins go by; statistics of geometries take a second a million.
        keys = "row_number, code, division_code"
        connection.execute(sa.text(f"analyze pg_temp.{table.name} ({keys})"))
    own = {"row_number", "code", "division_code", "valid_from", "valid_to", GEOMETRY}
    given = tuple(name for name in columns if name not in own)
    per_line = per_line_of(rows.schema)
    return Staging(layer, table, given, valid_from, rows.count, per_line)


def add_rows(connection: sa.Connection, staging: Staging, rows: Path) -> None:
    """Copy the rows of another file of the same columns into the table of a staging.

    They are only asked about: `count` stays that of the first file.
    """
    with open_staged(rows) as reader:
        columns = [column.name for column in staging.table.columns]
        batches = read_batches(reader, None)
        copy_batches(driver(connection), staging.table.name, columns, batches)


def _table(layer: Layer, names: list[str]) -> sa.Table:
    columns: list[sa.Column[Any]] = [
        sa.Column("row_number", sa.Integer),
        sa.Column("code", sa.Text),
        sa.Column("division_code", sa.Text),
        sa.Column("valid_from", sa.Date),
        sa.Column("valid_to", sa.Date),
    ]
    for name in names[len(columns) :]:
        columns.append(sa.Column(name, _column_type(layer, name)))
    return sa.Table(
        "staged_rows",
        sa.MetaData(),
        *columns,
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DROP",
    )


def _column_type(layer: Layer, name: str) -> sa.types.TypeEngine[Any]:
    if name == GEOMETRY:
        geometry: sa.types.TypeEngine[Any] = Geometry(spatial_index=False)
        return geometry
    return _TYPES[layer.attribute(name).kind]
