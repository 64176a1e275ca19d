"""What does a correction speak of, and what was before it? (shell).

A proposal is an event of the plot like any other, and so is what another person makes
of it: who proposed is whose hand made the change that recorded it. The county is locked
by the caller, who has read everything open of the plot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from parcels.plots.boundary import parse_boundary
from parcels.plots.correction import Proposal, WrongEvent, WrongPaper
from parcels.plots.correction_guards import EVENT_OF, PROPOSED
from parcels.plots.entries import ENTRY_FIELDS
from parcels.plots.fields import find_faults
from parcels.plots.guarded import GEOMETRY
from parcels.plots.occurrence import Details
from parcels.plots.paper_corrections import read_wrong_paper
from parcels.plots.proposals import DECISIONS, find_decision, withdrawn_events
from parcels.plots.records import PlotRecord, Row, is_valid
from parcels.plots.refusals import BoundaryNotUsable, FieldsNotUsable
from parcels.plots.restating import read_restated
from parcels.plots.transitions import TRANSITION_OF
from parcels.register import history, tables
from parcels.register.edit import columns_of_place
from parcels.register.layers import PLOT, PLOT_LIST_MEMBERSHIP, Attribute
from parcels.surveys.single_place import find_misplaced
from parcels.texts import Text

_BY_EVENTS: Final = frozenset({"stage", "held", *ENTRY_FIELDS})
CORRECTABLE: Final[Mapping[str, Text]] = {
    **{
        one.name: Text(one.title_zh, one.title_en)
        for one in PLOT.attributes
        if not one.computed and one.name not in _BY_EVENTS
    },
    GEOMETRY: Text("边界或位置", "Boundary or place"),
}
"""Fields of a plot that a correction may restate, with their names."""

SPOKEN_OF: Final = (
    "correction",
    "wrong_event",
    "wrong_document",
    "wrong_field",
    "right_value",
)
"""Details that say what is wrong; a decision takes them from what was proposed."""


@dataclass(frozen=True, slots=True)
class Concern:
    """What a report of a correction speaks of; all None for any other event.

    `on` is the day it holds from where the report leaves that open.
    """

    details: Details
    proposal: Proposal | None = None
    wrong_event: WrongEvent | None = None
    restated: Mapping[str, Any] | None = None
    wrong_paper: WrongPaper | None = None
    on: date | None = None


def read_concern(
    connection: sa.Connection,
    record: PlotRecord,
    event: str,
    details: Details,
    on: date,
) -> Concern:
    """Return what a correction speaks of; a decision speaks of what was proposed.

    Parameters
    ----------
    on
        Day of the report; a decision is held against the day proposed.

    Raises
    ------
    FieldsNotUsable, BoundaryNotUsable
        If the value is none of those the field takes.
    """
    if event == PROPOSED:
        concern = _read_wrong(connection, record, details, on)
        wrong = concern.wrong_event
        return replace(concern, on=wrong.on if wrong else None)
    if event not in DECISIONS or details.proposal is None:
        return Concern(details)
    row = _find(record.events, details.proposal)
    # A file may bring an event of that name; without details it proposes nothing.
    if row is None or row["event"] != PROPOSED or not row["details"]:
        return Concern(details)
    proposal = _read_proposal(connection, record, row)
    concern = Concern(details)
    if event == EVENT_OF[proposal.correction]:
        known = replace(details, **{x: row["details"].get(x) for x in SPOKEN_OF})
        concern = _read_wrong(connection, record, known, proposal.on)
    return replace(concern, details=details, proposal=proposal, on=proposal.on)


def _read_wrong(
    connection: sa.Connection, record: PlotRecord, details: Details, on: date
) -> Concern:
    if details.correction == "event":
        wrong = _read_wrong_event(connection, record, details.wrong_event)
        return Concern(details, wrong_event=wrong)
    if details.correction == "field":
        return Concern(details, restated=_read_restated(connection, record, details))
    if details.correction == "document":
        return Concern(details, wrong_paper=read_wrong_paper(record, details, on))
    return Concern(details)


def _find(rows: Sequence[Row], code: str | None) -> Row | None:
    return next((row for row in rows if row["code"] == code), None)


def _read_proposal(connection: sa.Connection, record: PlotRecord, row: Row) -> Proposal:
    decided = find_decision(record.events, row["code"])
    hands = sa.select(sa.func.registry.hands_with(row["opened_by"]))
    return Proposal(
        row["code"],
        row["details"]["correction"],
        connection.execute(hands).scalar_one(),
        row["valid_from"],
        decided["code"] if decided else None,
    )


def _read_restated(
    connection: sa.Connection, record: PlotRecord, details: Details
) -> Mapping[str, Any] | None:
    """Return the columns a correction sets; None where it names none or no value."""
    field = details.wrong_field
    if field is None or field not in CORRECTABLE or details.right_value is None:
        return None
    if field == GEOMETRY:
        boundary = parse_boundary(details.right_value)
        _check_place(connection, record, boundary)
        return columns_of_place(boundary)
    restated = read_restated(PLOT.attribute(field), details.right_value)
    if restated is not None and restated[field] is not None:
        _check_value(record, PLOT.attribute(field), restated[field])
    return restated


def _check_place(
    connection: sa.Connection, record: PlotRecord, boundary: BaseGeometry
) -> None:
    for issue in find_misplaced(connection, PLOT, record.division_code, boundary):
        raise BoundaryNotUsable(
            issue.message("zh").rstrip("。"), issue.message("en").rstrip(".")
        )


def _check_value(record: PlotRecord, attribute: Attribute, value: Any) -> None:
    shown = ";".join(value) if isinstance(value, list) else str(value)
    if attribute.values and value not in attribute.values:
        raise FieldsNotUsable(record.code, [(attribute.name, shown)])
    before = record.versions[-1] if record.versions else {}
    known = dict(find_faults({**before, attribute.name: value}))
    if attribute.name in known:
        raise FieldsNotUsable(record.code, [(attribute.name, known[attribute.name])])


def _read_wrong_event(
    connection: sa.Connection, record: PlotRecord, code: str | None
) -> WrongEvent | None:
    """Return a step of the plot with what held before it; None for anything else."""
    row = _find(record.events, code)
    step = TRANSITION_OF.get(row["event"]) if row is not None else None
    if row is None or step is None or step.corrects or row["step"] is None:
        return None
    withdrawn = withdrawn_events(record.events)
    later = record.events[record.events.index(row) + 1 :]
    followed_by = next(
        (one["code"] for one in later if _counts(one, withdrawn)),
        None,
    )
    before, after = _around(connection, record, row)
    now = record.in_force(row["valid_from"])
    if now is None:
        return None
    changed = [name for name in before if before[name] != after[name]]
    values = {name: before[name] for name in changed if now[name] == after[name]}
    enters, leaves = _lists_around(connection, record, row)
    return WrongEvent(
        row["code"],
        row["valid_from"],
        row["from_stage"],
        bool(values.get("held", now["held"])),
        followed_by,
        row["code"] in withdrawn,
        enters,
        leaves,
        values,
    )


def _counts(row: Row, withdrawn: frozenset[str]) -> bool:
    """Whether an event stands in the way of those before it being withdrawn."""
    step = TRANSITION_OF.get(row["event"])
    if step is not None and step.corrects and step.to_stage is None:
        return False
    return row["code"] not in withdrawn


def _around(
    connection: sa.Connection, record: PlotRecord, event: Row
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the attributes of the plot before an event and as it left them.

    Both are empty where the event changed none: it wrote no version.
    """
    table = tables.TABLES[PLOT.name]
    names = [one.name for one in PLOT.attributes if not one.computed]
    columns = [table.c[name] for name in names]
    change, day = event["opened_by"], event["valid_from"]
    own = sa.select(*columns).where(
        table.c.code == record.code,
        table.c.division_code == record.division_code,
        tables.valid_on(table, day),
    )
    before = connection.execute(own.where(table.c.closed_by == change)).mappings()
    after = connection.execute(own.where(table.c.opened_by == change)).mappings()
    return dict(before.first() or {}), dict(after.first() or {})


def _lists_around(
    connection: sa.Connection, record: PlotRecord, event: Row
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lists a plot comes to and leaves when an event no longer counts."""
    day = event["valid_from"]
    on = record.lists_on(day)
    lost = {row["list"] for row in _ended_by(connection, record, event)}
    won = {
        row["list"]
        for row in record.memberships
        if row["opened_by"] == event["opened_by"] and row["valid_from"] == day
    }
    return tuple(sorted(lost - on)), tuple(sorted((won & on) - lost))


def _ended_by(
    connection: sa.Connection, record: PlotRecord, event: Row
) -> Sequence[Row]:
    """Return the memberships, as they were, that an event ended."""
    table = tables.TABLES[PLOT_LIST_MEMBERSHIP.name]
    day = event["valid_from"]
    statement = sa.select(table).where(
        table.c.plot_code == record.code,
        table.c.division_code == record.division_code,
        table.c.closed_by == event["opened_by"],
        tables.valid_on(table, day),
    )
    return [dict(row) for row in connection.execute(statement).mappings()]


def restore_lists(
    connection: sa.Connection,
    change: history.Change,
    record: PlotRecord,
    undone: WrongEvent,
) -> None:
    """Let the plot's lists be as if an event had not been: the same entries hold on."""
    event = _find(record.events, undone.code)
    assert event is not None
    for row in record.memberships:
        if row["list"] in undone.leaves and is_valid(row, undone.on):
            history.end_version(
                connection, change, PLOT_LIST_MEMBERSHIP, row["code"], undone.on
            )
    for row in _ended_by(connection, record, event):
        if row["list"] in undone.enters:
            history.restore_version(
                connection, change, PLOT_LIST_MEMBERSHIP, row, undone.on
            )
