"""What else is on record of a plot: lists, papers, pollutants? (shell)."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from parcels.plots.records import list_of_plot
from parcels.register import tables
from parcels.register.layers import (
    PLOT_DOCUMENT,
    PLOT_LIST_MEMBERSHIP,
    PLOT_POLLUTANT,
)
from parcels.register.repository import Moment, Version


@dataclass(frozen=True, slots=True)
class Membership:
    """A plot's time on a list; `left_on` None while it is on it."""

    list: str
    batch: str | None
    source_document: str | None
    entered_on: object
    left_on: object


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything on record of a plot beside its own version and its events.

    Attributes
    ----------
    lists
        Every list it came to by that day, those it has left among them.
    """

    lists: tuple[Membership, ...]
    documents: tuple[Version, ...]
    pollutants: tuple[Version, ...]


def gather_dossier(connection: sa.Connection, plot: Version, moment: Moment) -> Dossier:
    """Return what was on record of a plot at a moment."""
    return Dossier(
        _memberships(connection, plot, moment),
        tuple(list_of_plot(connection, PLOT_DOCUMENT, plot, moment)),
        tuple(list_of_plot(connection, PLOT_POLLUTANT, plot, moment)),
    )


def _memberships(
    connection: sa.Connection, plot: Version, moment: Moment
) -> tuple[Membership, ...]:
    """Return open and ended memberships, as known then; none that begins later."""
    table = tables.TABLES[PLOT_LIST_MEMBERSHIP.name]
    statement = sa.select(table).where(
        table.c.plot_code == plot.code,
        table.c.division_code == plot.division_code,
        table.c.valid_from <= moment.as_of,
    )
    statement = _as_known(statement, table, moment)
    rows = connection.execute(statement.order_by(table.c.valid_from)).mappings()
    return tuple(
        Membership(
            row["list"],
            row["batch"],
            row["source_document"],
            row["valid_from"],
            row["valid_to"],
        )
        for row in rows
    )


def _as_known(
    statement: sa.Select[tuple[object, ...]], table: sa.Table, moment: Moment
) -> sa.Select[tuple[object, ...]]:
    if moment.known_at is None:
        return statement.where(table.c.closed_by.is_(None))
    opened, closed = tables.change.alias("opened"), tables.change.alias("closed")
    return (
        statement.join(opened, opened.c.id == table.c.opened_by)
        .outerjoin(closed, closed.c.id == table.c.closed_by)
        .where(
            opened.c.number <= moment.known_at,
            sa.or_(closed.c.number.is_(None), closed.c.number > moment.known_at),
        )
    )
