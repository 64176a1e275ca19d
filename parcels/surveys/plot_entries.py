"""What do rows of plots bring that an event or a published register explains? (shell).

A file may bring a stage only with the published register it was taken from, and never
to a plot whose stage this system's own events have brought (`parcels.plots.entries`).
With the rows go the event that says so, and the plot's place on that list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from parcels.plots.entries import (
    ENTRY_EVENT,
    ENTRY_FIELDS,
    FIRST_STAGE,
    STAGES_OF_LIST,
    Entry,
    goes_with,
    lists_after,
    missing_of,
    needs_entry,
)
from parcels.plots.records import add_row
from parcels.register import history, tables
from parcels.register.layers import PLOT_EVENT, PLOT_LIST_MEMBERSHIP
from parcels.surveys.staging import Staging

_LAYER: Final = "plot"


@dataclass(frozen=True, slots=True)
class PlotRow:
    """A row of plots beside what the register says of that plot on the row's day.

    `before` is None for a plot that is new; `kept_here` tells that an event of this
    system has moved it.
    """

    number: int
    code: str
    division: str
    day: date
    until: date | None
    values: Mapping[str, Any]
    before: Mapping[str, Any] | None
    kept_here: bool

    @property
    def brings_stage(self) -> bool:
        """Whether the row changes what an event or a register must explain."""
        return needs_entry(self.values["stage"], self.values["held"], self.before)


@dataclass(frozen=True, slots=True)
class PlotFault:
    """What speaks against a row: kind of issue, value shown, parts of the sentence."""

    kind: str
    row: int
    value: str
    details: Mapping[str, str]


def read_plot_rows(connection: sa.Connection, staging: Staging) -> list[PlotRow]:
    """Return the staged rows of plots with what the register holds; else none."""
    rows = staging.table
    if staging.layer.name != _LAYER or "stage" not in rows.c:
        return []
    layer, event = tables.TABLES[_LAYER], tables.TABLES["plot_event"]
    moved = sa.select(event.c.version_id).where(
        event.c.plot_code == rows.c.code,
        event.c.division_code == rows.c.division_code,
        event.c.closed_by.is_(None),
        event.c.step.is_not(None),
    )
    wanted = ("stage", "held", *ENTRY_FIELDS)
    given = [rows.c[name] if name in rows.c else sa.null() for name in wanted]
    statement = sa.select(
        rows.c.row_number,
        rows.c.code,
        rows.c.division_code,
        staging.day,
        rows.c.valid_to,
        *(column.label(f"given_{i}") for i, column in enumerate(given)),
        layer.c.stage.label("stage_before"),
        layer.c.held.label("held_before"),
        layer.c.valid_to.label("until_before"),
        moved.exists().label("kept_here"),
    ).select_from(rows.outerjoin(layer, staging.in_force(layer)))
    found = connection.execute(statement.order_by(rows.c.row_number)).all()
    return [_plot_row(row, wanted) for row in found if row.given_0 is not None]


def _plot_row(row: Any, names: Sequence[str]) -> PlotRow:
    values = {name: getattr(row, f"given_{i}") for i, name in enumerate(names)}
    before = None
    if row.stage_before is not None:
        before = {
            "stage": row.stage_before,
            "held": row.held_before,
            "valid_to": row.until_before,
        }
    number, code, division, day, until = row[:5]
    return PlotRow(number, code, division, day, until, values, before, row.kept_here)


def find_plot_faults(rows: Sequence[PlotRow]) -> Iterator[PlotFault]:
    """Give what speaks against each row, at most one fault for its stage."""
    for row in rows:
        if row.brings_stage and (fault := _stage_fault(row)) is not None:
            yield fault
        if row.before is not None and _ends_earlier(row):
            yield PlotFault("plot_end_by_event", row.number, str(row.until), {})


def _stage_fault(row: PlotRow) -> PlotFault | None:
    stage = row.values["stage"]
    if row.before is not None and row.kept_here:
        found = {"found": row.before["stage"]}
        return PlotFault("plot_stage_by_event", row.number, stage, found)
    if missing := missing_of(row.values):
        named = {"missing": ", ".join(missing)}
        return PlotFault("plot_entry_missing", row.number, stage, named)
    listed = row.values["entry_list"]
    # A list that does not exist has its own issue.
    if listed not in STAGES_OF_LIST or stage == FIRST_STAGE or goes_with(listed, stage):
        return None
    expected = ", ".join(sorted(STAGES_OF_LIST[listed]))
    parts = {"list": listed, "expected": expected}
    return PlotFault("plot_entry_contradicts", row.number, stage, parts)


def _ends_earlier(row: PlotRow) -> bool:
    assert row.before is not None
    ends = row.before["valid_to"]
    return row.until is not None and (ends is None or row.until < ends)


def write_plot_entries(
    connection: sa.Connection, change: history.Change, rows: Sequence[PlotRow]
) -> None:
    """Enter the events and list memberships that go with rows, under the open change.

    `rows` are as they stood before the change wrote anything.
    """
    for row in rows:
        if row.brings_stage:
            _write_entry(connection, change, row)


def _write_entry(
    connection: sa.Connection, change: history.Change, row: PlotRow
) -> None:
    entry = Entry(*(row.values[name] for name in ENTRY_FIELDS))
    stage = row.values["stage"]
    own = history.Change(change.id, change.actor, row.division)
    event = {
        "plot_code": row.code,
        "event": ENTRY_EVENT,
        "from_stage": row.before["stage"] if row.before else None,
        "to_stage": stage,
        "details": entry.details(),
    }
    code = _free_event_code(connection, row)
    given = {name: value for name, value in event.items() if value is not None}
    add_row(connection, own, PLOT_EVENT, code, row.day, given)
    _write_lists(connection, own, row, entry, stage)


def _free_event_code(connection: sa.Connection, row: PlotRow) -> str:
    table = tables.TABLES["plot_event"]
    taken = set(
        connection.scalars(
            sa.select(table.c.code).where(
                table.c.plot_code == row.code,
                table.c.division_code == row.division,
                table.c.closed_by.is_(None),
            )
        )
    )
    number = 1
    while (code := f"{row.code}-R{number:02d}") in taken:
        number += 1
    return code


def _write_lists(
    connection: sa.Connection,
    change: history.Change,
    row: PlotRow,
    entry: Entry,
    stage: str,
) -> None:
    """Put the plot on the list it comes from, and take it off those it has left."""
    table = tables.TABLES["plot_list_membership"]
    of_plot = sa.select(table).where(
        table.c.plot_code == row.code,
        table.c.division_code == row.division,
        table.c.closed_by.is_(None),
        sa.or_(table.c.valid_to.is_(None), table.c.valid_to > row.day),
    )
    held = connection.execute(of_plot).mappings().all()
    now = [one for one in held if one["valid_from"] <= row.day]
    on = frozenset(one["list"] for one in now)
    wanted = lists_after(entry, stage, on)
    for one in now:
        if one["list"] not in wanted and one["valid_to"] is None:
            history.end_version(
                connection, change, PLOT_LIST_MEMBERSHIP, one["code"], row.day
            )
    for name in sorted(wanted - on):
        later = [one["valid_from"] for one in held if one["list"] == name]
        ends = min([day for day in (*later, row.until) if day], default=None)
        add_row(
            connection,
            change,
            PLOT_LIST_MEMBERSHIP,
            f"{row.code}-{name}",
            row.day,
            {
                "plot_code": row.code,
                "list": name,
                "batch": entry.batch,
                "source_document": entry.source,
            },
            ends,
        )
