"""Events of a plot over HTTP: what is reported, what followed, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, fields
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, cast, get_args, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model

from parcels.plots.basis import Basis
from parcels.plots.entries import ENTRY_EVENT, ENTRY_TITLE
from parcels.plots.events import EventReport, NewDocument, Recorded
from parcels.plots.guards import Guard
from parcels.plots.lifecycle import DueTerm, list_possible, needed_level
from parcels.plots.lists import disagreements
from parcels.plots.occurrence import (
    Details,
    Level,
    Standing,
    reaches,
)
from parcels.plots.proposals import withdrawn_events
from parcels.plots.timeline import rows_of
from parcels.plots.transition import Transition
from parcels.plots.transitions import TRANSITION_OF
from parcels.plots.words import Words
from parcels.refusal import Language
from parcels.register.layers import PLOT_DOCUMENT
from parcels.register.repository import Version

_CONFIG: Final = ConfigDict(extra="forbid")
LONGEST_TEXT: Final = 500
MOST_PAPERS: Final = 50

TITLES: Final = {
    ENTRY_EVENT: ENTRY_TITLE,
    "split_into": Words("分割为其他地块", "split into others"),
    "split_from": Words("由分割产生", "came of a split"),
    "merged_into": Words("并入其他地块", "merged into another"),
    "merged_from": Words("由合并产生", "came of a merger"),
}
"""Events beside the steps of the table."""

EventName = Literal[tuple(TRANSITION_OF)]  # type: ignore[valid-type]
DocumentType = Literal[  # type: ignore[valid-type]
    PLOT_DOCUMENT.attribute("document_type").values
]
ShortText = Annotated[str, Field(strict=True, min_length=1, max_length=LONGEST_TEXT)]
Code = Annotated[str, Field(strict=True, min_length=1, max_length=100)]


def _detail_type(hint: Any) -> Any:
    """Return a member's type as requests are checked: texts bounded, no coercion."""
    if hint in (str | None, bool | None):
        return (
            ShortText | None
            if hint == str | None
            else Annotated[bool | None, Field(strict=True)]
        )
    if getattr(hint, "__origin__", None) is tuple:
        entry = get_args(hint)[0]
        bounded = ShortText if entry is str else entry
        return Annotated[tuple[bounded, ...], Field(max_length=100)]  # type: ignore[valid-type]
    return hint


def _details_model() -> type[BaseModel]:
    hints = get_type_hints(Details)
    members: dict[str, Any] = {}
    for one in fields(Details):
        assert one.default is not MISSING
        words = one.metadata["words"]
        members[one.name] = (
            _detail_type(hints[one.name]),
            Field(one.default, description=f"{words.zh} ({words.en})"),
        )
    doc = "What the guards of an event ask for beside its papers (登记事项)."
    config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"listing_ground": "former_listed_industry"}]},
    )
    return create_model("PlotEventDetails", __config__=config, __doc__=doc, **members)


DetailsModel = _details_model()


class NewDocumentModel(BaseModel):
    """A paper that comes with an event (随事件登记的资料)."""

    model_config = _CONFIG

    code: Code | None = Field(None, description="Code of the paper; made when null")
    document_type: DocumentType  # type: ignore[valid-type]
    firm: ShortText | None = Field(None, description="编制单位 (firm)")
    firm_on_negative_list: bool | None = Field(None, strict=True)
    flagged_false: bool | None = Field(None, strict=True)
    dated_on: date | None = Field(None, description="报告日期 (day of the paper)")
    reviewed_on: date | None = Field(None, description="评审日期 (day reviewed)")
    review_outcome: Literal["passed", "returned"] | None = None
    assessed_class: Literal["class_1", "class_2"] | None = None
    soil_standard: Literal["met", "not_met"] | None = None
    firm_code: ShortText | None = Field(None, description="编制单位统一社会信用代码")
    signatories: list[ShortText] | None = Field(None, max_length=50)
    reviewer: ShortText | None = Field(None, description="评审组织单位")
    opinion: ShortText | None = Field(None, description="评审意见")
    review_level: Literal["county", "city", "province"] | None = None
    published_from: date | None = None
    published_to: date | None = None
    file_id: ShortText | None = Field(
        None, description="Of a file sent to POST /v1/documents for the plot's division"
    )


class PlotEventRequest(BaseModel):
    """An event as an officer reports it (地块事件)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "event": "listed",
                    "on": "2026-03-02",
                    "documents": [{"document_type": "listing_form"}],
                    "details": {"listing_ground": "former_listed_industry"},
                }
            ]
        },
    )

    event: EventName  # type: ignore[valid-type]
    on: date | None = Field(
        None, description="Day it happened, not after today; default today"
    )
    documents: list[Code | NewDocumentModel] = Field(
        default_factory=list,
        max_length=MOST_PAPERS,
        description="Codes of papers on file for the plot, or papers to be entered",
    )
    details: DetailsModel = Field(  # type: ignore[valid-type]
        default_factory=DetailsModel
    )
    note: ShortText | None = Field(None, description="说明 (note)")

    def report(self) -> EventReport:
        """Return it as the service takes it."""
        sent = cast(BaseModel, self.details)
        names = [one.name for one in fields(Details)]
        return EventReport(
            self.event,
            self.on,
            tuple(one for one in self.documents if isinstance(one, str)),
            tuple(
                NewDocument(one.model_dump(exclude={"code"}), one.code)
                for one in self.documents
                if isinstance(one, NewDocumentModel)
            ),
            Details(**{name: getattr(sent, name) for name in names}),
            self.note,
        )


class BasisModel(BaseModel):
    """A ground, with how well it is known."""

    document: str
    article: str
    verification: Literal["verified", "recalled", "design_choice"]
    verification_text: str


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


class ConditionModel(BaseModel):
    """One condition of a step."""

    guard: str
    text: str
    details: list[str] = Field(description="Members of `details` that show it")
    basis: list[BasisModel]


class DetailFieldModel(BaseModel):
    """One member of `details` that a step takes: what to ask an officer for."""

    name: str
    title: str
    kind: Literal["text", "date", "boolean", "choice", "choices", "texts"]
    options: list[str] = Field(description="Values of a choice; empty for others")
    required: bool = Field(description="Whether a condition of the step asks for it")


class NextStepModel(BaseModel):
    """What one possible event needs."""

    event: str
    step: str
    title: str
    to_stage: str
    documents: list[list[str]] = Field(description="Each: types, one of which serves")
    documents_text: list[str]
    outcomes: list[Literal["passed", "returned"] | None] = Field(
        description="Of each paper: outcome its review must show; null: none"
    )
    conditions: list[ConditionModel]
    fields: list[DetailFieldModel] = Field(description="Members of `details` it takes")
    actor: str
    level: Level
    may_record: bool = Field(description="Whether the caller's division is wide enough")
    deadlines: list[str]
    basis: list[BasisModel]


class NextSteps(BaseModel):
    """Where a plot stands, and what each possible event needs."""

    plot_code: str
    stage: str
    held: bool
    lists: list[str]
    disagreements: list[str] = Field(description="Where lists and stage do not agree")
    steps: list[NextStepModel]


def write_recorded(code: str, made: Recorded, language: Language) -> dict[str, Any]:
    """Return what followed from an event."""
    judged = made.accepted
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
        "deadlines": [_write_due(due, language) for due in judged.terms],
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
        "basis": _write_basis(known.basis if known else (), language),
    }


def write_next_steps(
    code: str,
    standing: Standing,
    level: Level | None,
    *,
    key_unit: bool,
    language: Language,
) -> dict[str, Any]:
    """Return what each possible event of a plot needs."""
    found = disagreements(standing.stage, standing.lists, key_unit=key_unit)
    return {
        "plot_code": code,
        "stage": standing.stage,
        "held": standing.held,
        "lists": sorted(standing.lists),
        "disagreements": [words.of(language) for words in found],
        "steps": [
            _write_step(one, standing, level, language)
            for one in list_possible(standing)
        ],
    }


def _write_step(
    step: Transition, standing: Standing, level: Level | None, language: Language
) -> dict[str, Any]:
    needed = needed_level(step, standing)
    return {
        "event": step.event,
        "step": step.number,
        "title": step.title.of(language),
        "to_stage": step.to_stage or standing.stage,
        "documents": [list(need.kinds) for need in step.documents],
        "documents_text": [need.words.of(language) for need in step.documents],
        "outcomes": [need.outcome for need in step.documents],
        "conditions": [_write_condition(guard, language) for guard in step.guards],
        "fields": _write_fields(step, language),
        "actor": step.actor.of(language),
        "level": needed,
        "may_record": reaches(level, needed),
        "deadlines": [term.what.of(language) for term in step.terms],
        "basis": _write_basis(step.basis, language),
    }


def _write_fields(step: Transition, language: Language) -> list[dict[str, Any]]:
    """Return the details a step takes: those its guards ask for, then the others."""
    needed = list(dict.fromkeys(name for g in step.guards for name in g.details))
    others = [name for name in step.also_takes if name not in needed]
    return [
        {
            "name": name,
            "title": _DETAILS[name].metadata["words"].of(language),
            **DETAIL_KINDS[name],
            "required": name in needed,
        }
        for name in (*needed, *others)
    ]


def _kind_of(hint: Any) -> dict[str, Any]:
    """Return what a member of `Details` is entered as.

    Examples
    --------
    >>> _kind_of(bool | None)
    {'kind': 'boolean', 'options': []}
    >>> _kind_of(tuple[Literal["a", "b"], ...])
    {'kind': 'choices', 'options': ['a', 'b']}
    """
    plain: dict[Any, str] = {str: "text", bool: "boolean", date: "date"}
    first = get_args(hint)[0]
    if getattr(hint, "__origin__", None) is tuple:
        kind = "texts" if first is str else "choices"
        return {"kind": kind, "options": list(get_args(first))}
    return {"kind": plain.get(first, "choice"), "options": list(get_args(first))}


_DETAILS: Final = {one.name: one for one in fields(Details)}
DETAIL_KINDS: Final = {
    name: _kind_of(hint) for name, hint in get_type_hints(Details).items()
}
"""What each member of `Details` is entered as."""


def _write_condition(guard: Guard, language: Language) -> dict[str, Any]:
    return {
        "guard": guard.name,
        "text": guard.words.of(language),
        "details": list(guard.details),
        "basis": _write_basis(guard.basis, language),
    }


def _write_basis(basis: Sequence[Basis], language: Language) -> list[dict[str, str]]:
    return [one.texts(language) for one in basis]
