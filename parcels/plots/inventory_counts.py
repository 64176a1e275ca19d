"""Of how many plots of a division is each fact of the five inventories known? (shell).

One statement counts all of it. A withdrawn event is told from what follows it
(`parcels.plots.proposals`), which no statement does: the latest event is not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa

from parcels.plots.inventories import INVENTORIES, Asked, Source
from parcels.register import tables
from parcels.register.layers import PLOT, Kind
from parcels.register.selecting import begins_with
from parcels.tasks.model import NOT_ENDED
from parcels.tasks.tables import task

COUNTED: Final = tuple(
    fact for one in INVENTORIES for fact in one.facts if fact.source != "event"
)
_PLOT: Final = tables.TABLES[PLOT.name]
_LAYERS: Final[dict[Source, str]] = {
    "list": "plot_list_membership",
    "pollutant": "plot_pollutant",
    "paper": "plot_document",
    "firm": "plot_document",
    "party": "plot_party",
}


@dataclass(frozen=True, slots=True)
class Counts:
    """Plots of a division on a day, and those of which each fact is on record."""

    plots: int
    on_record: dict[str, int]


def count_inventories(
    connection: sa.Connection, division: str | None, on: date
) -> Counts:
    """Return the counts by name of the fact; plots entered by error are left out.

    Parameters
    ----------
    division
        Division prefix without trailing zeros; None is all the caller may read.
    """
    number = sa.func.count()
    asked = [number.filter(_known(one, on)).label(one.name) for one in COUNTED]
    statement = sa.select(number.label("plots"), *asked).where(
        tables.in_force_on(_PLOT, on), _PLOT.c.stage != "closed_error"
    )
    if division is not None:
        statement = statement.where(begins_with(_PLOT.c.division_code, division))
    row = connection.execute(statement).mappings().one()
    return Counts(row["plots"], {one.name: row[one.name] for one in COUNTED})


def _known(asked: Asked, on: date) -> sa.ColumnElement[bool]:
    """Return whether a fact of a plot is on record."""
    if asked.source == "plot":
        return sa.or_(*(_holds(name) for name in asked.of))
    if asked.source == "outline":
        return sa.func.GeometryType(_PLOT.c.geom) != "POINT"
    if asked.source == "task":
        return sa.exists().where(
            task.c.subject_theme == PLOT.name,
            task.c.subject_code == _PLOT.c.code,
            sa.func.starts_with(task.c.division_code, _PLOT.c.division_code),
            task.c.state.in_(NOT_ENDED),
        )
    return _belongs(asked, on)


def _holds(name: str) -> sa.ColumnElement[bool]:
    column = _PLOT.c[name]
    if PLOT.attribute(name).kind is Kind.TEXT_LIST:
        return sa.func.coalesce(sa.func.cardinality(column), 0) > 0
    return _is_told(column) if isinstance(column.type, sa.Text) else column.is_not(None)


def _is_told(column: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return sa.func.coalesce(column, "") != ""


def _belongs(asked: Asked, on: date) -> sa.ColumnElement[bool]:
    """Return whether a row of a layer about the plot tells the fact."""
    table = tables.TABLES[_LAYERS[asked.source]]
    about = table.c.code if asked.source == "party" else table.c.plot_code
    return sa.exists().where(
        about == _PLOT.c.code,
        table.c.division_code == _PLOT.c.division_code,
        tables.in_force_on(table, on),
        _tells(asked, table),
    )


def _tells(asked: Asked, table: sa.Table) -> sa.ColumnElement[bool]:
    match asked.source:
        case "pollutant":
            return table.c.maximum.is_not(None)
        case "paper":
            return table.c.document_type.in_(asked.of)
        case "firm":
            return _is_told(table.c.firm)
        case "party":
            return sa.or_(*(_is_told(table.c[name]) for name in asked.of))
        case _:
            return sa.true()
