"""Screening runs: read from a body, answered with their progress and their rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import orjson
import shapely
from pydantic import BaseModel, Field

from app.problems import Fault
from app.request_errors import InvalidRequest
from app.run_results import words_in
from app.schemas.days import Day
from app.validation import show
from parcels.refusal import Language
from parcels.texts import Text
from screening.runs.asked import InvalidParameters
from screening.runs.kind import Kind
from screening.runs.kinds import KINDS
from screening.runs.repository import ResultRow, Run
from screening.runs.row import Column, name_choices
from screening.runs.row import Field as RunField

State = Literal["waiting", "running", "done", "failed", "cancelled"]


class RunRequest(BaseModel, extra="forbid"):
    """What is to be screened."""

    kind: str = Field(max_length=40, description="One of `GET /v1/screening/kinds`")
    parameters: dict[str, Any] = Field(
        default_factory=dict,
        description="The fields of the kind",
        examples=[{"radius_m": 1000}],
    )
    as_of: Day | None = Field(None, description="Day in law; today by default")


class RerunRequest(BaseModel, extra="forbid"):
    """On which state of the register a run is repeated."""

    known: Literal["then", "now"] = Field(
        "then",
        description="`then`: the register as the run saw it, same day; `now`: today's",
    )


class ProgressModel(BaseModel):
    """How far a run is."""

    done: int = Field(description="Pieces that are done")
    of: int = Field(description="Pieces in all")
    rows: int


class RunModel(BaseModel):
    """A screening run (筛查任务)."""

    id: UUID
    kind: str
    title: str
    state: State
    progress: ProgressModel | None
    parameters: dict[str, Any]
    as_of: date
    data_versions: dict[str, Any] | None = Field(
        description="Change of the register up to which it was read, rule set, engine"
    )
    summary: dict[str, Any] | None = Field(
        description="rows, counts, and what each county covers of the themes asked"
    )
    result_sha256: str | None = Field(
        description="Digest of every row in order: equal data, equal digest"
    )
    repeats: UUID | None
    division_code: str
    actor: str
    ordered_at: datetime
    changed_at: datetime
    failure: str | None
    links: dict[str, str]


class RunPage(BaseModel):
    """Runs, the latest first."""

    items: list[RunModel]
    next: str | None


class ColumnModel(BaseModel):
    """A member of a row's values."""

    name: str
    title: str
    type: str
    unit: str
    words: str = Field(description="Group of coded values; empty for plain ones")


class ResultModel(BaseModel):
    """A row of a result; `why` says why it is there."""

    number: int
    values: dict[str, Any]
    why: str
    geometry: dict[str, Any] | None


class ResultPage(BaseModel):
    """A page of rows in their order."""

    columns: list[ColumnModel]
    items: list[ResultModel]
    next: int | None


class ChoiceModel(BaseModel):
    """A value a field may take."""

    value: str
    title: str


class FieldModel(BaseModel):
    """A parameter of a kind."""

    name: str
    title: str
    type: str
    required: bool
    default: Any
    choices: list[ChoiceModel]
    least: float
    most: float
    hint: str


class KindModel(BaseModel):
    """A kind of run: what it answers, and with which parameters."""

    kind: str
    title: str
    about: str
    fields: list[FieldModel]
    columns: list[ColumnModel]


class KindList(BaseModel):
    """Every kind of run."""

    items: list[KindModel]
    next: None


def find_kind(name: str) -> Kind:
    """Return a kind of run; raises `InvalidRequest` for a name that is none."""
    kind = KINDS.get(name)
    if kind is None:
        listed = ", ".join(KINDS)
        text = Text(f"应为下列之一：{listed}。", f"must be one of {listed}.")
        raise InvalidRequest([Fault("body", "/kind", "enum", text, show(name))])
    return kind


def parameter_faults(invalid: InvalidParameters) -> InvalidRequest:
    """Return the faults of parameters as faults of the request."""
    return InvalidRequest(
        [
            Fault(
                "body",
                fault.where,
                fault.reason,
                fault.message,
                None if fault.found is None else show(fault.found),
            )
            for fault in invalid.faults
        ]
    )


def write_run(run: Run, language: Language) -> dict[str, Any]:
    """Return a run as it is answered."""
    own = f"/v1/screening/runs/{run.id}"
    kind = KINDS.get(run.kind)
    return {
        "id": run.id,
        "kind": run.kind,
        "title": kind.title.of(language) if kind else run.kind,
        "state": run.state,
        "progress": run.progress,
        "parameters": run.parameters,
        "as_of": run.as_of,
        "data_versions": run.data_versions,
        "summary": run.summary,
        "result_sha256": run.result_sha256.hex() if run.result_sha256 else None,
        "repeats": run.repeats,
        "division_code": run.division_code,
        "actor": run.actor,
        "ordered_at": run.ordered_at,
        "changed_at": run.changed_at,
        "failure": run.failure[language] if run.failure else None,
        "links": {"self": own, "results": f"{own}/results"},
    }


def write_kind(kind: Kind, language: Language) -> dict[str, Any]:
    """Return a kind as it is answered."""
    return {
        "kind": kind.name,
        "title": kind.title.of(language),
        "about": kind.about.of(language),
        "fields": [_field(field, language) for field in kind.fields],
        "columns": [write_column(column, language) for column in kind.columns],
    }


def _field(field: RunField, language: Language) -> dict[str, Any]:
    words = words_in(language)
    return {
        "name": field.name,
        "title": field.title.of(language),
        "type": field.type,
        "required": field.required,
        "default": field.default,
        "choices": [
            {"value": value, "title": title}
            for value, title in name_choices(field, language, words).items()
        ],
        "least": field.least,
        "most": field.most,
        "hint": field.hint.of(language),
    }


def write_column(column: Column, language: Language) -> dict[str, Any]:
    """Return a column as it is answered."""
    return {
        "name": column.name,
        "title": column.title.of(language),
        "type": column.type,
        "unit": column.unit,
        "words": column.words,
    }


def write_result(found: ResultRow, language: Language) -> dict[str, Any]:
    """Return a row as it is answered."""
    shape = found.row.geometry
    return {
        "number": found.number,
        "values": found.row.values,
        "why": found.row.why.of(language),
        "geometry": None
        if shape is None
        else orjson.Fragment(shapely.to_geojson(shape)),
    }
