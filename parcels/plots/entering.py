"""How does a plot come into the register, and what does it bring? (service).

One change: the plot, and where it brings a stage from a published register, the event
that says so and its place on the list. The transaction is confined to its division.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from parcels.plots.entries import (
    ENTRY_EVENT,
    ENTRY_FIELDS,
    FIRST_STAGE,
    Entry,
    goes_with,
    lists_after,
    missing_of,
    needs_entry,
)
from parcels.plots.events import write_event
from parcels.plots.fields import find_faults
from parcels.plots.guarded import FINDINGS, find_kept_findings, find_moved
from parcels.plots.lifecycle import columns_set
from parcels.plots.records import PlotRecord, add_row, free_code, list_of_plot
from parcels.plots.refusals import (
    BoundaryChangesByCorrection,
    EntryNotNamed,
    FieldsNotUsable,
    FindingChangesByCorrection,
    check_stage_kept,
)
from parcels.register import history
from parcels.register.edit import Edit, columns_of, lock_county
from parcels.register.layers import PLOT, PLOT_EVENT, PLOT_LIST_MEMBERSHIP
from parcels.register.repository import Moment, Version, list_versions


def check_fields(code: str, values: Mapping[str, Any]) -> None:
    """Refuse classes of use and fields to publish that do not exist.

    Raises
    ------
    FieldsNotUsable
    """
    if faults := find_faults(values):
        raise FieldsNotUsable(code, faults)


def check_edit(connection: sa.Connection, found: Version, edit: Edit) -> Edit:
    """Return an edit of a plot that may be made; where it came from stays as it is.

    Raises
    ------
    StageChangesByEvent, BoundaryChangesByCorrection, FindingChangesByCorrection,
    FieldsNotUsable
    """
    check_fields(found.code, edit.values)
    check_stage_kept(found.code, found.values, edit.values)
    _check_place_kept(found, edit)
    if find_kept_findings(found.values, edit.values, FINDINGS):
        moment = Moment(edit.valid_from)
        events = list_of_plot(connection, PLOT_EVENT, found, moment)
        brought = frozenset().union(*(columns_set(x.values["event"]) for x in events))
        if kept := find_kept_findings(found.values, edit.values, brought):
            raise FindingChangesByCorrection(found.code, kept)
    origin = {name: found.values[name] for name in ENTRY_FIELDS}
    return replace(edit, values={**edit.values, **origin})


def _check_place_kept(found: Version, edit: Edit) -> None:
    """Refuse that one person moves a plot that is more than a lead."""
    moved = find_moved(found.values, found.geometry, edit.values, edit.geometry)
    if moved:
        raise BoundaryChangesByCorrection(found.code, moved)


def enter_plot(
    connection: sa.Connection, code: str, division: str, edit: Edit, *, actor: str
) -> Version:
    """Enter a new plot; return its first version.

    Raises
    ------
    EntryNotNamed
        If it brings a stage and names no published register that shows it.
    FieldsNotUsable
    AlreadyRegistered
        If a plot with that code is valid in that time.
    """
    check_fields(code, edit.values)
    entry = read_entry(code, edit.values)
    lock_county(connection, division)
    change = history.open_change(
        connection, actor=actor, division_code=division, reason="add"
    )
    add_row(connection, change, PLOT, code, edit.valid_from, columns_of(PLOT, edit))
    if entry is not None:
        _write_entry(connection, change, code, edit, entry)
    history.number_change(connection, change)
    moment = Moment(edit.valid_from)
    return list_versions(
        connection, PLOT, moment, division=division, equals=(("code", code),)
    )[0]


def read_entry(code: str, values: Mapping[str, Any]) -> Entry | None:
    """Return the published register a new plot comes from; None for a lead.

    Raises
    ------
    EntryNotNamed
    """
    stage = values["stage"]
    missing = missing_of(values)
    named = len(missing) < len(ENTRY_FIELDS)
    if not named and not needs_entry(stage, values["held"], None):
        return None
    if missing:
        shown = f"{stage}, held" if values["held"] else stage
        raise EntryNotNamed(code, shown, missing)
    entry = Entry(*(values[name] for name in ENTRY_FIELDS))
    if stage != FIRST_STAGE and not goes_with(entry.list, stage):
        raise EntryNotNamed(code, stage, (), entry.list)
    return entry


def _write_entry(
    connection: sa.Connection,
    change: history.Change,
    code: str,
    edit: Edit,
    entry: Entry,
) -> None:
    stage, on = edit.values["stage"], edit.valid_from
    record = PlotRecord(code, change.division_code, (), (), (), ())
    write_event(
        connection,
        change,
        record,
        on,
        {"event": ENTRY_EVENT, "to_stage": stage, "details": entry.details()},
    )
    for name in sorted(lists_after(entry, stage, frozenset())):
        add_row(
            connection,
            change,
            PLOT_LIST_MEMBERSHIP,
            free_code(connection, PLOT_LIST_MEMBERSHIP, f"{code}-{name}"),
            on,
            {
                "plot_code": code,
                "list": name,
                "batch": entry.batch,
                "source_document": entry.source,
            },
        )
