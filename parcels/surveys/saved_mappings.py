"""Which field mappings does an office keep? (shell).

Row-level security shows a caller those of his own division only, and lets him keep
them for layers he may write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from parcels.register.layers import LAYER_BY_NAME
from parcels.register.tables import metadata
from parcels.surveys.errors import DivisionNotYours, LayerNotWritable
from parcels.surveys.refusals import FileRefused
from parcels.surveys.request import check_mapping

NAME_LENGTH = 100

field_mapping = sa.Table(
    "field_mapping",
    metadata,
    sa.Column("division_code", sa.Text(collation="C"), primary_key=True),
    sa.Column("layer", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("mapping", postgresql.JSONB, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
)


class MappingNotFound(LookupError):
    """There is no such mapping in the caller's part of the country."""


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """A mapping kept under a name (字段对应方案): attribute or ``code`` → field."""

    division_code: str
    layer: str
    name: str
    mapping: Mapping[str, str]
    actor: str
    saved_at: datetime


def save_mapping(
    connection: sa.Connection,
    division_code: str,
    layer: str,
    name: str,
    mapping: Mapping[str, str],
    *,
    actor: str,
) -> SavedMapping:
    """Keep a mapping under a name; one that has that name already is replaced.

    Parameters
    ----------
    division_code
        Normalised division of the office.

    Raises
    ------
    FileRefused
        If the layer, the name or an attribute of the mapping cannot be used.
    LayerNotWritable, DivisionNotYours
        By the caller's role, or by his part of the country.
    """
    _check(layer, name, mapping)
    _check_rights(connection, division_code, layer)
    values = {"mapping": dict(mapping), "actor": actor}
    statement = (
        postgresql.insert(field_mapping)
        .values(division_code=division_code, layer=layer, name=name, **values)
        .on_conflict_do_update(
            index_elements=["division_code", "layer", "name"],
            set_={**values, "saved_at": sa.func.clock_timestamp()},
        )
        .returning(field_mapping)
    )
    return SavedMapping(**connection.execute(statement).mappings().one())


def list_mappings(
    connection: sa.Connection, layer: str | None = None
) -> list[SavedMapping]:
    """Return the mappings the caller may use, of one layer or of all, by name."""
    statement = sa.select(field_mapping).order_by(
        field_mapping.c.layer, field_mapping.c.name, field_mapping.c.division_code
    )
    if layer is not None:
        statement = statement.where(field_mapping.c.layer == layer)
    return [SavedMapping(**row) for row in connection.execute(statement).mappings()]


def get_mapping(
    connection: sa.Connection, division_code: str, layer: str, name: str
) -> SavedMapping:
    """Return the mapping an office keeps under a name; raises `MappingNotFound`."""
    statement = sa.select(field_mapping).where(_named(division_code, layer, name))
    row = connection.execute(statement).mappings().one_or_none()
    if row is None:
        raise MappingNotFound(name)
    return SavedMapping(**row)


def forget_mapping(
    connection: sa.Connection, division_code: str, layer: str, name: str
) -> None:
    """Remove a mapping; raises `MappingNotFound` where there is none to remove."""
    statement = sa.delete(field_mapping).where(_named(division_code, layer, name))
    if not connection.execute(statement).rowcount:
        raise MappingNotFound(name)


def _named(division_code: str, layer: str, name: str) -> sa.ColumnElement[bool]:
    return sa.and_(
        field_mapping.c.division_code == division_code,
        field_mapping.c.layer == layer,
        field_mapping.c.name == name,
    )


def _check(layer: str, name: str, mapping: Mapping[str, str]) -> None:
    if layer not in LAYER_BY_NAME:
        raise FileRefused("layer_unknown", layer=layer, known=", ".join(LAYER_BY_NAME))
    if not name.strip() or len(name) > NAME_LENGTH or "\0" in name:
        raise FileRefused("mapping_name", limit=NAME_LENGTH)
    check_mapping(LAYER_BY_NAME[layer], mapping)


def _check_rights(connection: sa.Connection, division_code: str, layer: str) -> None:
    may_write, in_scope = connection.execute(
        sa.select(
            sa.func.registry.may_write(layer),
            sa.func.registry.in_scope(division_code),
        )
    ).one()
    if not may_write:
        raise LayerNotWritable(layer)
    if not in_scope:
        raise DivisionNotYours(division_code)
