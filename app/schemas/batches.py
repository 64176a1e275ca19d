"""Batches of questions to the gate: read from a body, answered with their progress."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

import shapely
from pydantic import BaseModel, Field

from app.problems import Fault
from app.request_errors import InvalidRequest
from app.schemas.gate_request import OBJECT, read_gate_request
from app.schemas.geometry import SQUARE
from app.validation import UNKNOWN, YES_NO, show
from parcels.refusal import Language
from parcels.surveys.vector_files import Record, Report
from parcels.texts import Text
from screening.batch import MOST_LINES, Batch

SHARED: Final = ("transaction", "planned_use", "project", "declared")
"""Members of a question that a batch may say once for all."""
MOST_FAULTS: Final = 100

_TOP: Final = (*SHARED, "questions", "blocks", "dry_run")
_PROPERTIES: Final = ("reference", *SHARED)
_LIST: Final = Text(
    f"应为 1 至 {MOST_LINES} 项的列表。",
    f"must be a list of 1 to {MOST_LINES} entries.",
)
_ONE_OF: Final = Text(
    "questions 和 blocks 应恰好给出一个。",
    "exactly one of questions and blocks must be given.",
)
_COLLECTION: Final = Text(
    "应为 GeoJSON FeatureCollection。", "must be a GeoJSON FeatureCollection."
)
_FEATURE: Final = Text("应为 GeoJSON Feature。", "must be a GeoJSON Feature.")
_OF_THE_BATCH: Final = Text(
    "dry_run 对整批有效；请在批次中给出，单个问题不能另定。",
    "holds for the whole batch: give dry_run beside the questions, not in one of them.",
)


def describe_batch() -> dict[str, Any]:
    """Return the OpenAPI request body of a batch."""
    shared = {
        name: {"description": "For every question without its own"} for name in SHARED
    }
    properties: dict[str, Any] = {
        **shared,
        "questions": {
            "type": "array",
            "maxItems": MOST_LINES,
            "items": {"type": "object"},
            "description": "Questions as for POST /v1/gate/decisions, without dry_run",
        },
        "blocks": {
            "type": "object",
            "description": "Instead of questions: a FeatureCollection of plan blocks"
            " (控规地块), one question each; properties `reference` and, where they"
            " differ, transaction, planned_use, project, declared",
        },
        "dry_run": {
            "type": "boolean",
            "default": False,
            "description": "Answer every question as if, record no decision",
        },
    }
    example = {
        "transaction": "detailed_plan",
        "blocks": {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "geometry": SQUARE,
                    "properties": {
                        "reference": "A-01",
                        "planned_use": {"scheme": "gb50137_2011", "code": "R"},
                    },
                }
            ],
        },
    }
    schema = {
        "type": "object",
        "title": "BatchRequest",
        "additionalProperties": False,
        "properties": properties,
    }
    plan = {"summary": "控规: each block of a plan", "value": example}
    content = {"application/json": {"schema": schema, "examples": {"plan": plan}}}
    return {"required": True, "content": content}


def read_batch(body: Any) -> tuple[list[dict[str, Any]], bool]:
    """Return the questions of a batch, whole and checked, and whether it is dry.

    Raises
    ------
    InvalidRequest
        With the first hundred faults of all questions, each with its place.
    """
    if not isinstance(body, Mapping):
        raise InvalidRequest([_fault("", "object", OBJECT, body)])
    faults = [
        _fault(f"/{name}", "extra_forbidden", UNKNOWN, body[name])
        for name in body
        if name not in _TOP
    ]
    dry_run = body.get("dry_run")
    if dry_run is not None and not isinstance(dry_run, bool):
        faults.append(_fault("/dry_run", "bool_type", YES_NO, dry_run))
    if faults:
        raise InvalidRequest(faults)
    shared = {name: body[name] for name in SHARED if body.get(name) is not None}
    questions = _questions(body, shared)
    _check(questions, "questions" if body.get("questions") else "blocks/features")
    return questions, bool(dry_run)


def _questions(
    body: Mapping[str, Any], shared: Mapping[str, Any]
) -> list[dict[str, Any]]:
    given = [name for name in ("questions", "blocks") if body.get(name) is not None]
    if len(given) != 1:
        raise InvalidRequest([_fault("", "one_of", _ONE_OF, given)])
    if given == ["questions"]:
        return [
            {**shared, **_mapping(entry, f"/questions/{place}", OBJECT)}
            for place, entry in enumerate(_list(body["questions"], "/questions"))
        ]
    blocks = _mapping(body["blocks"], "/blocks", _COLLECTION)
    if blocks.get("type") != "FeatureCollection":
        raise InvalidRequest([_fault("/blocks", "type", _COLLECTION, blocks)])
    features = _list(blocks.get("features"), "/blocks/features")
    return [
        {**shared, **_block(feature, f"/blocks/features/{place}")}
        for place, feature in enumerate(features)
    ]


def _block(feature: Any, where: str) -> dict[str, Any]:
    """Return the question about one block; its other properties are left alone."""
    found = _mapping(feature, where, _FEATURE)
    properties = found.get("properties") or {}
    if not isinstance(properties, Mapping):
        raise InvalidRequest(
            [_fault(f"{where}/properties", "object", OBJECT, properties)]
        )
    said = {
        name: properties[name]
        for name in _PROPERTIES
        if properties.get(name) is not None
    }
    return {**said, "subject": {"geometry": found.get("geometry")}}


def _mapping(value: Any, where: str, expected: Text) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidRequest([_fault(where, "object", expected, value)])
    return value


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_LINES:
        raise InvalidRequest([_fault(where, "length", _LIST, _length(value))])
    return value


def _length(value: Any) -> object:
    return len(value) if isinstance(value, list) else value


def _check(questions: list[dict[str, Any]], where: str) -> None:
    """Refuse the batch when a question is not well formed; nothing is kept then."""
    faults: list[Fault] = []
    for place, question in enumerate(questions):
        try:
            read_gate_request(question, date.min)
        except InvalidRequest as invalid:
            faults += [_placed(fault, f"/{where}/{place}") for fault in invalid.faults]
        # Left out of sight, a question that was meant as a trial would be recorded.
        if (own := question.get("dry_run")) is not None:
            pointer = f"/{where}/{place}/dry_run"
            faults.append(_fault(pointer, "dry_run", _OF_THE_BATCH, own))
        if len(faults) >= MOST_FAULTS:
            break
    if faults:
        raise InvalidRequest(faults[:MOST_FAULTS])


def _placed(fault: Fault, where: str) -> Fault:
    pointer = where + fault.where
    return Fault(fault.place, pointer, fault.reason, fault.message, fault.found)


def _fault(where: str, reason: str, text: Text, found: object) -> Fault:
    return Fault("body", where, reason, text, show(found))


class BatchModel(BaseModel):
    """A batch of questions and how far it is (批量核查)."""

    id: UUID
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    dry_run: bool
    total: int
    answered: int
    counts: dict[str, int] = Field(
        description="Outcome → questions; `refused` could not be asked, `waiting` are"
        " still open"
    )
    actor: str
    ordered_at: datetime
    changed_at: datetime
    failure: str | None
    links: dict[str, str]


class BatchLineModel(BaseModel):
    """One question of a batch and its answer."""

    number: int
    reference: str | None
    subject: dict[str, Any]
    outcome: str | None
    decision_id: UUID | None
    certificate_number: str | None
    problem: str | None = Field(description="Why it could not be asked")


class BatchPage(BaseModel):
    """A page of lines in the order they were sent."""

    items: list[BatchLineModel]
    next: int | None


def write_batch(batch: Batch, language: Language) -> dict[str, Any]:
    """Return a batch as it is answered."""
    own = f"/v1/gate/batch/{batch.id}"
    return {
        "id": batch.id,
        "state": batch.state,
        "dry_run": batch.dry_run,
        "total": batch.total,
        "answered": batch.answered,
        "counts": batch.counts,
        "actor": batch.actor,
        "ordered_at": batch.ordered_at,
        "changed_at": batch.changed_at,
        "failure": batch.failure[language] if batch.failure else None,
        "links": {"self": own, "results": f"{own}/results"},
    }


def write_line(line: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Return a line as it is answered, without the land."""
    shown = {name: line[name] for name in BatchLineModel.model_fields}
    shown["problem"] = line["problem"][language] if line["problem"] else None
    return shown


COLUMNS: Final = (
    "number",
    "reference",
    "parcel_codes",
    "outcome",
    "decision_id",
    "certificate_number",
    "problem",
)


def write_results(lines: list[dict[str, Any]], language: Language) -> Report:
    """Return the lines as a report for spreadsheets and desktop GIS."""
    return Report(COLUMNS, (_record(line, language) for line in lines))


def _record(line: Mapping[str, Any], language: Language) -> Record:
    asked = line["subject"]
    codes = (
        line["parcel_codes"]
        or asked.get("parcel_codes")
        or [code for code in [asked.get("parcel_code")] if code]
    )
    values = (
        line["number"],
        line["reference"],
        " ".join(codes),
        line["outcome"],
        str(line["decision_id"]) if line["decision_id"] else None,
        line["certificate_number"],
        line["problem"][language] if line["problem"] else None,
    )
    geometry = None if line["geom"] is None else shapely.from_wkb(line["geom"])
    return Record(values, geometry)
