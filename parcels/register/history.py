"""How does a version come to be, and stop being what we know? (shell).

Writing goes through one change per transaction: `open_change`, then any of the
functions below, then `number_change` as the very last statement. Only `closed_by` is
ever updated; what ends in law gets a new version that says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from parcels.register import tables
from parcels.register.layers import Layer

_OWN = {"version_id", "opened_by", "closed_by", "reach"}


class NotInForce(Exception):
    """No open version of that object is valid on that day."""


class AlreadyRegistered(Exception):
    """An object with that code is already valid in that time."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change that this transaction has opened and not yet numbered."""

    id: int
    actor: str
    division_code: str


def open_change(
    connection: sa.Connection,
    *,
    actor: str,
    division_code: str,
    upload_id: UUID | None = None,
    reason: str | None = None,
) -> Change:
    """Open the change of this transaction.

    `division_code` is a prefix that contains every row the change will touch; ``*``
    for a change across provinces.
    """
    statement = (
        sa.insert(tables.change)
        .values(
            actor=actor,
            division_code=division_code,
            upload_id=upload_id,
            reason=reason,
        )
        .returning(tables.change.c.id)
    )
    number = connection.execute(statement).scalar_one()
    return Change(number, actor, division_code)


def number_change(connection: sa.Connection, change: Change) -> int:
    """Give the change its number; the last statement before the commit.

    Takes the one short lock of the registry: numbers follow the order of commits.
    """
    return int(
        connection.execute(
            sa.select(sa.func.registry.number_change(change.id))
        ).scalar_one()
    )


def next_object_id(connection: sa.Connection) -> int:
    """Return a number that no object of the register has had."""
    return int(
        connection.execute(
            sa.select(sa.func.nextval(sa.text("'registry.object_id'")))
        ).scalar_one()
    )


def insert_version(
    connection: sa.Connection, change: Change, layer: Layer, values: Mapping[str, Any]
) -> int:
    """Insert one open version and return its `version_id`.

    `values` holds `object_id`, `code`, `division_code`, `valid_from`, `valid_to` and
    the layer's attributes; `geom` is a GeoAlchemy2 element or None.

    Raises
    ------
    AlreadyRegistered
        If an open version of the object, or of another with the same code in the same
        division, is valid in that time.
    """
    table = tables.TABLES[layer.name]
    statement = (
        sa.insert(table)
        .values(**values, opened_by=change.id)
        .returning(table.c.version_id)
    )
    try:
        return int(connection.execute(statement).scalar_one())
    except (sa.exc.IntegrityError, sa.exc.OperationalError) as error:
        if getattr(error.orig, "sqlstate", "") in ("23505", "23P01"):
            raise AlreadyRegistered(str(values["code"])) from error
        raise


def open_versions(
    connection: sa.Connection, layer: Layer, code: str
) -> list[dict[str, Any]]:
    """Return every open version of the object with that code, by valid time.

    Rows of other divisions are not there for the caller.
    """
    table = tables.TABLES[layer.name]
    statement = (
        sa.select(table)
        .where(table.c.code == code, table.c.closed_by.is_(None))
        .order_by(table.c.valid_from)
    )
    return [dict(row) for row in connection.execute(statement).mappings()]


def replace_version(
    connection: sa.Connection,
    change: Change,
    layer: Layer,
    code: str,
    values: Mapping[str, Any],
    valid_from: date,
) -> int:
    """Let other values hold from `valid_from`, until the version in force then ended.

    The version in force is closed; if it began earlier, its earlier part is written
    again as a version of its own.

    Raises
    ------
    NotInForce
        If no version of that code is valid on `valid_from`.
    """
    old = _in_force(connection, layer, code, valid_from)
    _close(connection, change, layer, old["version_id"])
    _keep_before(connection, change, layer, old, valid_from)
    new = {**old, **values, "valid_from": valid_from, "valid_to": old["valid_to"]}
    return insert_version(connection, change, layer, _writable(new))


def end_object(
    connection: sa.Connection, change: Change, layer: Layer, code: str, on: date
) -> None:
    """End the object in law on a day (that day is the first it no longer holds).

    Later versions of it, if any, are closed and not written again.

    Raises
    ------
    NotInForce
        If no version of that code is valid on the day before, or on that day.
    """
    end_version(connection, change, layer, code, on)
    for later in open_versions(connection, layer, code):
        if later["valid_from"] >= on:
            _close(connection, change, layer, later["version_id"])


def end_version(
    connection: sa.Connection, change: Change, layer: Layer, code: str, on: date
) -> None:
    """End in law the version in force on a day; later ones of that code stay.

    Raises
    ------
    NotInForce
        If no version of that code is valid on that day.
    """
    old = _in_force(connection, layer, code, on)
    _close(connection, change, layer, old["version_id"])
    _keep_before(connection, change, layer, old, on)


def restore_version(
    connection: sa.Connection,
    change: Change,
    layer: Layer,
    row: Mapping[str, Any],
    ended_on: date,
) -> None:
    """Let a version that was ended on a day hold on as it was before that.

    `row` is the version that was closed; what was left of it up to the day is closed
    in turn, and the whole is written again.
    """
    for left in open_versions(connection, layer, row["code"]):
        if left["valid_to"] == ended_on and left["object_id"] == row["object_id"]:
            _close(connection, change, layer, left["version_id"])
    insert_version(connection, change, layer, _writable(row))


def _in_force(
    connection: sa.Connection, layer: Layer, code: str, on: date
) -> dict[str, Any]:
    for row in open_versions(connection, layer, code):
        if row["valid_from"] <= on and (
            row["valid_to"] is None or on < row["valid_to"]
        ):
            return row
    raise NotInForce(f"{layer.name} {code} is not in force on {on:%Y-%m-%d}")


def _keep_before(
    connection: sa.Connection,
    change: Change,
    layer: Layer,
    old: Mapping[str, Any],
    day: date,
) -> None:
    if old["valid_from"] < day:
        insert_version(connection, change, layer, _writable({**old, "valid_to": day}))


def _close(
    connection: sa.Connection, change: Change, layer: Layer, version_id: int
) -> None:
    table = tables.TABLES[layer.name]
    connection.execute(
        sa.update(table)
        .where(table.c.version_id == version_id)
        .values(closed_by=change.id)
    )


def _writable(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _OWN}
