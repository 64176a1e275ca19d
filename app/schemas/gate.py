"""The gate as the API document describes it, and its decisions as they are answered.

The description of a request is made from the table of fields that reads it, so the two
cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from app.schemas.gate_request import MOST_PARCELS
from app.schemas.geometry import SQUARE
from parcels.refusal import Language
from screening import request_fields
from screening.record import show
from screening.request_fields import FIELDS, FIELDS_BY_TRANSACTION, FieldUse
from screening.vocabulary import TRANSACTION_NAMES, Transaction

_LAND_USE: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["scheme", "code"],
    "properties": {
        "scheme": {
            "type": "string",
            "description": "gbt21010_2017, ydyh_2023, gb50137_2011 or official title",
        },
        "code": {"type": "string", "examples": ["0701"]},
    },
}
_INDUSTRY: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["industry_code"],
    "properties": {
        "industry_code": {"type": "string", "description": "GB/T 4754"},
        "industry_edition": {"enum": ["2002", "2011", "2017"]},
        "from_year": {"type": "integer"},
        "to_year": {"type": "integer"},
    },
}
_KINDS: Final[dict[str, dict[str, Any]]] = {
    "boolean": {"type": "boolean"},
    "choice": {"type": "string"},
    "integer": {"type": "integer"},
    "text": {"type": "string", "maxLength": 200},
    "texts": {"type": "array", "items": {"type": "string"}, "maxItems": 200},
    "land_use": _LAND_USE,
    "industry": {"type": "string", "description": "GB/T 4754 code"},
    "industries": {"type": "array", "items": _INDUSTRY, "maxItems": 200},
    "crop": {
        "type": "object",
        "properties": {"name": {"type": "string"}, "edible": {"type": "boolean"}},
    },
}
_EXAMPLES: Final[dict[str, Any]] = {
    "resale": {
        "summary": "转让: resale of a flat",
        "value": {
            "transaction": "transfer",
            "subject": {"parcel_code": "999901001001GB00001"},
        },
    },
    "grant": {
        "summary": "出让: a polygon for housing",
        "value": {
            "transaction": "grant",
            "subject": {"geometry": SQUARE},
            "planned_use": {"scheme": "gbt21010_2017", "code": "0701"},
            "declared": {"former_use": []},
            "reference": "2026-0012",
        },
    },
}


def describe_request() -> dict[str, Any]:
    """Return the OpenAPI request body of a question."""
    return {
        "required": True,
        "content": {
            "application/json": {"schema": _request_schema(), "examples": _EXAMPLES}
        },
    }


def _request_schema() -> dict[str, Any]:
    return {
        "type": "object",
        "title": "GateRequest",
        "additionalProperties": False,
        "required": ["transaction", "subject"],
        "properties": {
            "transaction": {
                "type": "string",
                "enum": [transaction.value for transaction in Transaction],
                "description": "; ".join(
                    f"{code.value} {text.zh}"
                    for code, text in TRANSACTION_NAMES.items()
                ),
            },
            "subject": _SUBJECT,
            "planned_use": _field_schema("planned_use"),
            "project": _section_schema("project", "What the project is (项目情况)"),
            "declared": _section_schema(
                "declared", "What the register may not know (申报情况)"
            ),
            "reference": {
                "type": "string",
                "maxLength": 200,
                "description": "受理编号: the caller's own number, kept and shown",
            },
            "dry_run": {
                "type": "boolean",
                "default": False,
                "description": "Answer as if, record nothing",
            },
        },
    }


_SUBJECT: Final[dict[str, Any]] = {
    "type": "object",
    "additionalProperties": False,
    "description": "Exactly one of parcel_code, parcel_codes, geometry",
    "properties": {
        "parcel_code": {"type": "string", "examples": ["999901001001GB00001"]},
        "parcel_codes": {
            "type": "array",
            "items": {"type": "string"},
            "minItems": 1,
            "maxItems": MOST_PARCELS,
        },
        "geometry": {
            "type": "object",
            "description": "GeoJSON Polygon or MultiPolygon",
            "examples": [SQUARE],
        },
        "crs": {"type": ["integer", "string"], "description": "EPSG number"},
    },
}


def _section_schema(name: str, description: str) -> dict[str, Any]:
    prefix = f"{name}."
    return {
        "type": "object",
        "additionalProperties": False,
        "description": description,
        "properties": {
            path.removeprefix(prefix): _field_schema(path)
            for path in FIELDS
            if path.startswith(prefix)
        },
    }


def _field_schema(path: str) -> dict[str, Any]:
    field = FIELDS[path]
    schema = {
        **_KINDS[field.kind],
        "description": f"{field.title.zh} ({field.title.en})",
    }
    if field.allowed:
        schema["enum"] = list(field.allowed)
    if field.lowest is not None:
        schema |= {"minimum": field.lowest, "maximum": field.highest}
    return schema


def write_forms(language: Language) -> list[dict[str, Any]]:
    """Return what each transaction asks for, as a form shows it."""
    return [
        {
            "code": transaction.value,
            "title": TRANSACTION_NAMES[transaction].of(language),
            "planned_use": request_fields.planned_use_need(transaction),
            "fields": [_form_field(use, language) for use in uses],
        }
        for transaction, uses in FIELDS_BY_TRANSACTION.items()
    ]


def _form_field(use: FieldUse, language: Language) -> dict[str, Any]:
    return {
        "path": use.field.path,
        "kind": use.field.kind,
        "title": use.field.title.of(language),
        "need": use.need,
        "when": None if use.when is None else use.when.of(language),
        "allowed": list(use.field.allowed),
        "lowest": use.field.lowest,
        "highest": use.field.highest,
    }


def write_decision(record: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Return a decision as it is answered, made from its record alone."""
    shown = show(record, language)
    shown["links"] = (
        {
            "self": f"/v1/gate/decisions/{record['id']}",
            "verify": f"/verify/{record['certificate_number']}",
        }
        if record["id"]
        else {}
    )
    return shown


Outcome = Literal[
    "deny",
    "require_investigation",
    "insufficient_data",
    "consult",
    "allow_with_conditions",
    "allow",
]


class LegalBasisModel(BaseModel):
    """Where a rule stands in law."""

    document: str
    article: str | None
    verification: str = Field(
        description="verified (read), recalled (from memory) or design choice"
    )


class EvidenceModel(BaseModel):
    """A thing of the register that a finding rests on."""

    theme: str
    feature: str | None
    relation: str
    category: str | None
    area_m2: float | None
    share: float | None
    distance_m: float | None
    division_code: str | None


class FindingModel(BaseModel):
    """What one rule says (规则结论); texts only where the rule speaks."""

    rule: str = Field(examples=["A01"])
    status: Literal["matched", "not_matched", "unknown", "not_applicable"]
    outcome: Outcome | None = None
    title: str
    reason: str | None = None
    legal_basis: list[LegalBasisModel] = []
    evidence: list[EvidenceModel]
    required_documents: list[str] = []
    consult: list[str] = []
    lifts_when: str | None = None


class RuleSetModel(BaseModel):
    """The rules that were asked."""

    id: str
    version: str
    sha256: str


class DecisionModel(BaseModel):
    """An answer of the gate (准入核查意见). The competent authority decides."""

    id: UUID | None = Field(description="Null for a dry run")
    certificate_number: str | None
    outcome: Outcome
    outcome_title: str
    transaction: str
    subject: dict[str, Any]
    planned_use: dict[str, Any] | None
    project: dict[str, Any]
    declared: dict[str, Any]
    reference: str | None
    findings: list[FindingModel]
    missing_facts: list[dict[str, Any]]
    conditions: list[Any]
    notes: list[str]
    themes: list[dict[str, Any]]
    rule_set: RuleSetModel
    data_versions: dict[str, Any]
    as_of: date
    recorded_at: datetime
    valid_until: date | None
    disclaimer: str
    links: dict[str, str]


class DecisionSummaryModel(BaseModel):
    """A decision in a list."""

    id: UUID
    certificate_number: str
    division_code: str
    transaction: str
    outcome: Outcome
    parcel_codes: list[str]
    as_of: date
    recorded_at: datetime
    valid_until: date | None
    actor: str


class DecisionPageModel(BaseModel):
    """A page of decisions, the latest first."""

    items: list[DecisionSummaryModel]
    next: str | None


class FormFieldModel(BaseModel):
    """One field a transaction asks for."""

    path: str
    kind: str
    title: str
    need: Literal["required", "default", "optional", "when", "claim"]
    when: str | None
    allowed: list[str]
    lowest: int | None
    highest: int | None


class FormModel(BaseModel):
    """What one transaction asks for."""

    code: str
    title: str
    planned_use: str
    fields: list[FormFieldModel]


class FormsModel(BaseModel):
    """Every transaction with its fields."""

    items: list[FormModel]


class VerificationModel(BaseModel):
    """Whether a certificate is genuine; nothing else is told."""

    certificate_number: str
    genuine: bool
    outcome: Outcome
    as_of: date
    recorded_at: datetime
    valid_until: date | None
    state: Literal["in_force", "expired", "replaced", "affected", "annulled"]
