"""What an event of a plot led to, and every event of its timeline (shell)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from pydantic import BaseModel, Field

from app.schemas.basis import BasisModel, write_basis
from parcels.plots.entries import ENTRY_EVENT, ENTRY_TITLE
from parcels.plots.events import Recorded
from parcels.plots.lifecycle import DueTerm
from parcels.plots.proposals import withdrawn_events
from parcels.plots.timeline import rows_of
from parcels.plots.transitions import TRANSITION_OF
from parcels.refusal import Language
from parcels.register.repository import Version
from parcels.texts import Text
from screening.parameters import Parameters
from screening.survey_term import list_due_terms

TITLES: Final = {
    ENTRY_EVENT: ENTRY_TITLE,
    "split_into": Text("分割为其他地块", "split into others"),
    "split_from": Text("由分割产生", "came of a split"),
    "merged_into": Text("并入其他地块", "merged into another"),
    "merged_from": Text("由合并产生", "came of a merger"),
}
"""Events beside the steps of the table."""


class TermModel(BaseModel):
    """A term that an event starts (期限)."""

    what: str
    due_on: date | None = Field(description="Last day; null where it is not counted")
    basis: BasisModel


class PlotEventRecorded(BaseModel):
    """What followed from an event."""

    code: str = Field(description="Code of the event")
    plot_code: str
    event: str
    step: str = Field(description="Row of the table of transitions")
    on: date = Field(description="Day it happened: valid from then")
    from_stage: str
    to_stage: str
    held: bool
    lists: list[str] = Field(description="Lists the plot is on after it")
    lists_entered: list[str]
    lists_left: list[str]
    documents: list[str]
    deadlines: list[TermModel]
    warnings: list[str]
    change: int = Field(description="Number of the change that recorded it")


class PlotEventItem(BaseModel):
    """One event of the timeline, with both times."""

    code: str
    plot_code: str = Field(description="The plot, or one it came from")
    event: str
    title: str
    step: str | None = Field(description="Null for an event brought by an upload")
    from_stage: str | None
    to_stage: str | None
    on: date = Field(description="生效: day it happened")
    recorded_at: datetime = Field(description="入库: when the register knew")
    change: int
    source: str
    documents: list[str]
    related_codes: list[str] = Field(description="Plots of a split or merge")
    details: dict[str, Any]
    note: str | None
    withdrawn: bool = Field(description="Whether a correction has taken it back")
    basis: list[BasisModel]


class PlotTimeline(BaseModel):
    """Every event of a plot up to a day, those of its predecessors among them."""

    items: list[PlotEventItem]
    next: None = None


def write_recorded(
    code: str, made: Recorded, parameters: Parameters, language: Language
) -> dict[str, Any]:
    """Return what followed from an event.

    Parameters
    ----------
    parameters
        Of the plot's rule set, in force today: they count its terms.
    """
    judged = made.accepted
    terms = list_due_terms(judged, parameters)
    return {
        "code": made.code,
        "plot_code": code,
        "event": judged.transition.event,
        "step": judged.transition.number,
        "on": made.on,
        "from_stage": made.from_stage,
        "to_stage": judged.stage,
        "held": judged.held,
        "lists": sorted(made.lists),
        "lists_entered": list(judged.enters),
        "lists_left": list(judged.leaves),
        "documents": list(made.documents),
        "deadlines": [_write_due(due, language) for due in terms],
        "warnings": [words.of(language) for words in judged.warnings],
        "change": made.change,
    }


def _write_due(due: DueTerm, language: Language) -> dict[str, Any]:
    return {
        "what": due.term.what.of(language),
        "due_on": due.due_on,
        "basis": due.term.basis.texts(language),
    }


def write_event_items(
    events: Sequence[Version], language: Language
) -> list[dict[str, Any]]:
    """Return events as the timeline shows them."""
    withdrawn = withdrawn_events(rows_of(events))
    return [
        {**_write_event(one, language), "withdrawn": one.code in withdrawn}
        for one in events
    ]


def _write_event(version: Version, language: Language) -> dict[str, Any]:
    values = version.values
    known = TRANSITION_OF.get(values["event"])
    title = known.title if known else TITLES.get(values["event"])
    return {
        "code": version.code,
        "plot_code": values["plot_code"],
        "event": values["event"],
        "title": title.of(language) if title else values["event"],
        "step": values["step"],
        "from_stage": values["from_stage"],
        "to_stage": values["to_stage"],
        "on": version.valid_from,
        "recorded_at": version.recorded_at,
        "change": version.change_number,
        "source": version.source,
        "documents": values["documents"] or [],
        "related_codes": values["related_codes"] or [],
        "details": values["details"] or {},
        "note": values["note"],
        "basis": write_basis(known.basis if known else (), language),
    }
