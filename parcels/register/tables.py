"""The register's tables as SQLAlchemy sees them, made from `layers` (shell).

A test compares them with the migrated database, so neither can drift.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from parcels.crs import STORAGE_SRID
from parcels.register.layers import (
    LAYERS,
    RESTRICTED_LAYERS,
    Attribute,
    Kind,
    Layer,
    Shape,
)

metadata = sa.MetaData(schema="registry")

_TYPES: dict[Kind, sa.types.TypeEngine[Any]] = {
    Kind.TEXT: sa.Text(),
    Kind.INTEGER: sa.Integer(),
    Kind.NUMBER: sa.Double(),
    Kind.BOOLEAN: sa.Boolean(),
    Kind.DATE: sa.Date(),
    Kind.TEXT_LIST: ARRAY(sa.Text()),
    Kind.JSON: JSONB(),
}
_GEOMETRIES = {
    Shape.AREA: "MULTIPOLYGON",
    Shape.PLACE: "GEOMETRY",
    Shape.POINT: "POINT",
    Shape.LINE: "MULTILINESTRING",
    Shape.AREA_OR_NONE: "MULTIPOLYGON",
}

change = sa.Table(
    "change",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("number", sa.BigInteger),
    sa.Column("recorded_at", sa.DateTime(timezone=True)),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("division_code", sa.Text, nullable=False),
    sa.Column("upload_id", UUID(as_uuid=True)),
    sa.Column("reason", sa.Text),
    sa.Column("client_id", UUID(as_uuid=True)),
)
change_head = sa.Table(
    "change_head",
    metadata,
    sa.Column("single", sa.Boolean, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ground_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("surroundings_at", sa.DateTime(timezone=True), nullable=False),
)


def _version_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column(
            "version_id", sa.BigInteger, sa.Identity(always=True), primary_key=True
        ),
        sa.Column("object_id", sa.BigInteger, nullable=False),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("division_code", sa.Text(collation="C"), nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        sa.Column("opened_by", sa.BigInteger, nullable=False),
        sa.Column("closed_by", sa.BigInteger),
    ]


def _column(attribute: Attribute, layer: Layer) -> sa.Column[Any]:
    measured = attribute.name == "mapped_area_m2" and layer.shape is Shape.AREA
    kind = sa.Text(collation="C") if attribute.reference else _TYPES[attribute.kind]
    return sa.Column(
        attribute.name,
        kind,
        nullable=not (attribute.required or measured),
    )


def _table(layer: Layer) -> sa.Table:
    columns = _version_columns()
    columns += [_column(attribute, layer) for attribute in layer.attributes]
    if layer.shape is not Shape.NONE:
        columns.append(
            sa.Column(
                "geom",
                Geometry(_GEOMETRIES[layer.shape], STORAGE_SRID, spatial_index=False),
                nullable=layer.shape is Shape.AREA_OR_NONE,
            )
        )
    if layer.shape is Shape.PLACE:
        columns.append(
            sa.Column(
                "reach",
                Geometry("POLYGON", STORAGE_SRID, spatial_index=False),
                sa.Computed("registry.reach(geom, accuracy_m, stated_area_m2)"),
                nullable=False,
            )
        )
    return sa.Table(layer.name, metadata, *columns)


TABLES: dict[str, sa.Table] = {
    layer.name: _table(layer) for layer in (*LAYERS, *RESTRICTED_LAYERS)
}
"""Table of each layer, by the layer's name."""


def valid_on(versions: sa.FromClause, day: Any) -> sa.ColumnElement[bool]:
    """Return whether a version is valid on a day, known now or not.

    `day` is a date, or an expression of the database.
    """
    version = versions.c
    return sa.and_(
        version.valid_from <= day,
        sa.or_(version.valid_to.is_(None), version.valid_to > day),
    )


def in_force_on(versions: sa.FromClause, day: Any) -> sa.ColumnElement[bool]:
    """Return whether a version of the present register is valid on a day."""
    return sa.and_(versions.c.closed_by.is_(None), valid_on(versions, day))
