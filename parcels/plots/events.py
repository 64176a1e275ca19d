"""How does an event of a plot enter the register? (service).

One transaction, one change: the event itself, the plot's new version from the event's
day, the lists it comes to and leaves, and new papers. The transaction is confined to
the plot's division by the caller, who numbers nothing: the last statement here does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from parcels.documents.papers import complete_paper, mark_listed
from parcels.plots.backdating import carry_on
from parcels.plots.correction_guards import EVENT_OF
from parcels.plots.corrections import read_concern, restore_lists
from parcels.plots.event_papers import (
    NewDocument,
    list_cited,
    name_papers,
    write_papers,
)
from parcels.plots.lifecycle import Accepted, Refused, columns_set, judge_event
from parcels.plots.occurrence import (
    Details,
    Level,
    Occurrence,
    Standing,
    level_of,
)
from parcels.plots.paper_corrections import write_paper
from parcels.plots.proposals import withdrawn_events
from parcels.plots.records import (
    PlotRecord,
    Row,
    add_row,
    document_of,
    free_code,
    is_control_area,
    is_key_unit,
    is_valid,
    read_record,
)
from parcels.plots.refusals import EventNotPossible
from parcels.plots.transitions import TRANSITION_OF
from parcels.register import history
from parcels.register.edit import lock_county
from parcels.register.history import NotInForce
from parcels.register.layers import (
    PLOT,
    PLOT_EVENT,
    PLOT_LIST_MEMBERSHIP,
)
from parcels.register.repository import today


@dataclass(frozen=True, slots=True)
class EventReport:
    """What an officer reports.

    Attributes
    ----------
    on
        Day it happened; None is the register's today.
    cited
        Codes of papers on record.
    new_documents
        Papers to be entered with the event.
    """

    event: str
    on: date | None = None
    cited: tuple[str, ...] = ()
    new_documents: tuple[NewDocument, ...] = ()
    details: Details = field(default_factory=Details)
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as it was entered."""

    code: str
    on: date
    from_stage: str
    accepted: Accepted
    lists: frozenset[str]
    documents: tuple[str, ...]
    change: int


def record_event(
    connection: sa.Connection,
    code: str,
    division: str,
    report: EventReport,
    *,
    actor: str,
    scope: str,
) -> Recorded:
    """Judge an event and enter what follows from it.

    Parameters
    ----------
    division
        Division of the plot; the transaction sees nothing else.
    scope
        Division prefix of the officer: his level.

    Raises
    ------
    EventNotPossible
        With every condition that is missing.
    DocumentNotUsable
        If a paper cited cannot be cited.
    NotInForce
        If the plot is not on record on that day.
    """
    lock_county(connection, division)
    record = read_record(connection, code, division)
    occurred = _read_occurrence(connection, record, division, report, level_of(scope))
    standing, event = occurred.standing, occurred.event
    judged = judge_event(standing, event)
    if isinstance(judged, Refused):
        raise EventNotPossible(code, judged)
    change = history.open_change(
        connection, actor=actor, division_code=division, reason=f"event {report.event}"
    )
    write_papers(connection, change, code, occurred.new, event.on)
    write_plot(connection, change, record, judged.values, event.on)
    _write_lists(connection, change, record, judged, event)
    if event.event == EVENT_OF["document"] and event.wrong_paper is not None:
        write_paper(connection, change, record, event.wrong_paper, event.on)
    codes = tuple(document.code for document in event.documents)
    event_code = write_event(
        connection,
        change,
        record,
        event.on,
        {
            "event": report.event,
            "step": judged.transition.number,
            **_stages(standing, judged),
            "documents": list(codes) or None,
            "details": plain(report.details) or None,
            "note": report.note,
        },
    )
    lists = (standing.lists | set(judged.enters)) - set(judged.leaves)
    number = history.number_change(connection, change)
    return Recorded(event_code, event.on, standing.stage, judged, lists, codes, number)


@dataclass(frozen=True, slots=True)
class _Occurred:
    """An event as it is judged, on what it happened to, and its new papers as rows."""

    standing: Standing
    event: Occurrence
    new: tuple[Row, ...]


def _read_occurrence(
    connection: sa.Connection,
    record: PlotRecord,
    division: str,
    report: EventReport,
    level: Level | None,
) -> _Occurred:
    """Return a report with everything the register knows of what it names."""
    now = today(connection)
    concern = read_concern(
        connection, record, report.event, report.details, report.on or now
    )
    on = report.on or concern.on or now
    standing = record.standing(on)
    if standing is None:
        raise NotInForce(f"plot {record.code} is not in force on {on}")
    new = tuple(
        complete_paper(connection, row, division, on)
        for row in name_papers(record, report.new_documents)
    )
    cited = (mark_listed(connection, x, on) for x in list_cited(record, report.cited))
    event = Occurrence(
        report.event,
        on,
        now,
        level,
        (*cited, *map(document_of, new)),
        report.details,
        key_unit_listed=_key_unit_listed(connection, report.details, on),
        control_area_known=_control_area_known(connection, report.details, on),
        proposal=concern.proposal,
        wrong_event=concern.wrong_event,
        restated=concern.restated,
        wrong_paper=concern.wrong_paper,
    )
    return _Occurred(standing, event, new)


def _stages(standing: Standing, judged: Accepted) -> dict[str, str]:
    """Return the stages an event tells of; a correction only of those it changes."""
    if judged.transition.corrects and judged.stage == standing.stage:
        return {}
    return {"from_stage": standing.stage, "to_stage": judged.stage}


def write_plot(
    connection: sa.Connection,
    change: history.Change,
    record: PlotRecord,
    values: Mapping[str, Any],
    on: date,
) -> None:
    """Let columns hold from a day on, through later versions that only inherited them.

    Where nothing changes, no version is written.
    """
    before = record.in_force(on)
    assert before is not None
    if all(before[name] == value for name, value in values.items()):
        return
    later = [row for row in record.versions if row["valid_from"] > on]
    history.replace_version(connection, change, PLOT, record.code, values, on)
    settled = [_settled_between(record, on, row["valid_from"]) for row in later]
    carried = carry_on(values, before, later, settled)
    for row, changes in zip(later, carried, strict=True):
        if changes:
            history.replace_version(
                connection, change, PLOT, record.code, changes, row["valid_from"]
            )


def _settled_between(record: PlotRecord, after: date, until: date) -> frozenset[str]:
    """Return the columns that events after one day, up to another, have set."""
    return frozenset().union(
        *(
            columns_set(row["event"])
            for row in _still_counting(record)
            if after < row["valid_from"] <= until
        )
    )


def _still_counting(record: PlotRecord) -> list[Row]:
    withdrawn = withdrawn_events(record.events)
    return [row for row in record.events if row["code"] not in withdrawn]


def write_event(
    connection: sa.Connection,
    change: history.Change,
    record: PlotRecord,
    on: date,
    values: Mapping[str, Any],
) -> str:
    """Insert an event of a plot; return the code made for it."""
    taken = {row["code"] for row in record.events}
    number = len(taken) + 1
    while (code := f"{record.code}-E{number:02d}") in taken:
        number += 1
    # None would become the JSON word null in a column of details.
    row = {name: value for name, value in values.items() if value is not None}
    row["plot_code"] = record.code
    add_row(connection, change, PLOT_EVENT, code, on, row)
    return code


def plain(details: Details) -> dict[str, Any]:
    """Return the details given, as JSON takes them."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in details.given().items()
    }


def _key_unit_listed(connection: sa.Connection, details: Details, on: date) -> bool:
    code = details.key_unit_code
    return code is not None and is_key_unit(connection, code, on)


def _control_area_known(connection: sa.Connection, details: Details, on: date) -> bool:
    code = details.control_area_code
    return code is not None and is_control_area(connection, code, on)


def _write_lists(
    connection: sa.Connection,
    change: history.Change,
    record: PlotRecord,
    judged: Accepted,
    event: Occurrence,
) -> None:
    if event.event == EVENT_OF["event"] and event.wrong_event is not None:
        restore_lists(connection, change, record, event.wrong_event)
        return
    for name in judged.leaves:
        for row in record.memberships:
            if row["list"] == name and is_valid(row, event.on):
                history.end_version(
                    connection, change, PLOT_LIST_MEMBERSHIP, row["code"], event.on
                )
    source = event.documents[0].code if event.documents else None
    for name in judged.enters:
        add_row(
            connection,
            change,
            PLOT_LIST_MEMBERSHIP,
            free_code(connection, PLOT_LIST_MEMBERSHIP, f"{record.code}-{name}"),
            event.on,
            {
                "plot_code": record.code,
                "list": name,
                "batch": event.details.batch,
                "source_document": source,
            },
            _next_turn(record, name, event.on),
        )


def _next_turn(record: PlotRecord, name: str, on: date) -> date | None:
    """Return the next day on which the plot comes to that list or leaves it."""
    begins = [row["valid_from"] for row in record.memberships if row["list"] == name]
    ends = [
        row["valid_from"]
        for row in _still_counting(record)
        if (step := TRANSITION_OF.get(row["event"])) and name in step.leaves
    ]
    return min((day for day in begins + ends if day > on), default=None)
