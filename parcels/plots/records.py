"""What does the register hold of a plot's life? Reads and single writes (shell).

The transaction is confined to the plot's division: codes are unique there. Reads for
writing take every open version, whatever its valid time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from parcels.plots.occurrence import Document, PastEvent, Standing
from parcels.plots.proposals import waiting_corrections, withdrawn_events
from parcels.register import history, tables
from parcels.register.layers import (
    KEY_UNIT_LIST,
    PLOT,
    PLOT_DOCUMENT,
    PLOT_EVENT,
    PLOT_LIST_MEMBERSHIP,
    RESTRICTION_AREA,
    Layer,
)
from parcels.register.repository import Moment, PageKey, Version, list_versions

_PAGE = 1000
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PlotRecord:
    """Everything open of one plot, in the order of valid time."""

    code: str
    division_code: str
    versions: tuple[Row, ...]
    events: tuple[Row, ...]
    memberships: tuple[Row, ...]
    documents: tuple[Row, ...]

    def in_force(self, on: date) -> Row | None:
        """Return the version valid on a day."""
        return next((row for row in self.versions if is_valid(row, on)), None)

    def lists_on(self, on: date) -> frozenset[str]:
        """Return the lists the plot is on that day."""
        return frozenset(row["list"] for row in self.memberships if is_valid(row, on))

    def standing(self, on: date) -> Standing | None:
        """Return what an event of that day is judged on; None where none is valid."""
        version = self.in_force(on)
        if version is None:
            return None
        events = past_events(self.events)
        return Standing(
            version["stage"],
            bool(version["held"]),
            self.lists_on(on),
            tuple(one for one in events if one.on <= on),
            tuple(one for one in events if one.on > on),
            version["aftercare_required"],
            waiting_corrections(self.events),
        )


def is_valid(row: Row, on: date) -> bool:
    """Whether a version holds on a day; the end is not included."""
    ends = row["valid_to"]
    return bool(row["valid_from"] <= on and (ends is None or on < ends))


def past_events(rows: Sequence[Row]) -> list[PastEvent]:
    """Return rows of `plot_event` of one plot as the core takes them."""
    withdrawn = withdrawn_events(rows)
    return [
        PastEvent(
            row["code"],
            row["event"],
            row["from_stage"],
            row["to_stage"],
            row["valid_from"],
            row["code"] in withdrawn,
        )
        for row in rows
    ]


def document_of(row: Row) -> Document:
    """Return a row of `plot_document` as the core takes it."""
    names = [name for name in Document.__dataclass_fields__ if name != "code"]
    return Document(row["code"], **{name: row[name] for name in names})


def read_record(connection: sa.Connection, code: str, division: str) -> PlotRecord:
    """Return everything open of a plot; the county is locked by the caller."""
    return PlotRecord(
        code,
        division,
        tuple(history.open_versions(connection, PLOT, code)),
        tuple(open_of_plot(connection, PLOT_EVENT, code)),
        tuple(open_of_plot(connection, PLOT_LIST_MEMBERSHIP, code)),
        tuple(open_of_plot(connection, PLOT_DOCUMENT, code)),
    )


def open_of_plot(connection: sa.Connection, layer: Layer, code: str) -> list[Row]:
    """Return what a layer holds of a plot, whatever its valid time."""
    table = tables.TABLES[layer.name]
    # Two events of one day follow each other as they were recorded.
    statement = (
        sa.select(table)
        .where(table.c.plot_code == code, table.c.closed_by.is_(None))
        .order_by(table.c.valid_from, table.c.version_id)
    )
    return [dict(row) for row in connection.execute(statement).mappings()]


def list_of_plot(
    connection: sa.Connection, layer: Layer, plot: Version, moment: Moment
) -> list[Version]:
    """Return what a layer holds of a plot at a moment, in the order of valid time."""
    found: list[Version] = []
    after: PageKey | None = None
    while True:
        page = list_versions(
            connection,
            layer,
            moment,
            division=plot.division_code,
            equals=(("plot_code", plot.code),),
            after=after,
            limit=_PAGE,
        )
        found += [one for one in page if one.division_code == plot.division_code]
        if len(page) < _PAGE:
            return sorted(found, key=lambda one: (one.valid_from, one.version_id))
        after = PageKey(page[-1].division_code, page[-1].code)


def is_key_unit(connection: sa.Connection, enterprise_code: str, on: date) -> bool:
    """Whether an enterprise is on a list of key supervised units on that day."""
    return _exists(connection, KEY_UNIT_LIST, "enterprise_code", enterprise_code, on)


def is_control_area(connection: sa.Connection, code: str, on: date) -> bool:
    """Whether a control area with that code is on record on that day."""
    table = tables.TABLES[RESTRICTION_AREA.name]
    theme = table.c.theme == "control_area"
    return _exists(connection, RESTRICTION_AREA, "code", code, on, theme)


def _exists(
    connection: sa.Connection,
    layer: Layer,
    column: str,
    code: str,
    on: date,
    *more: sa.ColumnElement[bool],
) -> bool:
    table = tables.TABLES[layer.name]
    valid = sa.and_(
        table.c[column] == code,
        tables.in_force_on(table, on),
        *more,
    )
    return bool(connection.execute(sa.select(sa.exists().where(valid))).scalar_one())


def add_row(
    connection: sa.Connection,
    change: history.Change,
    layer: Layer,
    code: str,
    valid_from: date,
    values: Row,
    valid_to: date | None = None,
) -> None:
    """Insert a new object of the plot's division."""
    history.insert_version(
        connection,
        change,
        layer,
        {
            **values,
            "object_id": history.next_object_id(connection),
            "code": code,
            "division_code": change.division_code,
            "valid_from": valid_from,
            "valid_to": valid_to,
        },
    )


def free_code(connection: sa.Connection, layer: Layer, stem: str) -> str:
    """Return `stem`, or `stem-2` and so on: a code that no open version has.

    Codes of one list or of one plot's events are made here, never by a caller.
    """
    table = tables.TABLES[layer.name]
    taken = set(
        connection.scalars(
            sa.select(table.c.code).where(
                table.c.code.startswith(stem, autoescape=True),
                table.c.closed_by.is_(None),
            )
        )
    )
    number, code = 1, stem
    while code in taken:
        number += 1
        code = f"{stem}-{number}"
    return code
