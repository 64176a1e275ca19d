"""Questions to the gate as the API document describes them and a form shows them.

The description of a request is made from the table of fields that reads it, so the two
cannot differ.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from app.schemas.gate_request import MOST_PARCELS
from app.schemas.geometry import SQUARE
from parcels.refusal import Language
from screening import request_fields
from screening.request_fields import FIELDS, FIELDS_BY_TRANSACTION, FieldUse
from screening.transaction_names import NAMED_IN, OTHER_NAMES
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
                "description": "; ".join(map(_describe, Transaction)),
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
            "replaces": {
                "type": "string",
                "format": "uuid",
                "description": "An earlier decision that this one takes the place of,"
                " on the same matter: the same transaction, and a parcel of the same"
                " code or more than half of the ground; `/verify` then says so",
            },
            "dry_run": {
                "type": "boolean",
                "default": False,
                "description": "Answer as if, record no decision. Its Idempotency-Key"
                " is not used up: each try is answered from the register as it is then,"
                " and the decision may be asked for under the same key",
            },
        },
    }


def _describe(transaction: Transaction) -> str:
    """Return a transaction with its names.

    Examples
    --------
    >>> _describe(Transaction.COLLECTIVE_MARKET)
    'collective_market 集体经营性建设用地入市 (also 集体建设用地首次流转)'
    """
    said = f"{transaction.value} {TRANSACTION_NAMES[transaction].zh}"
    also = ", ".join(one.zh for one in OTHER_NAMES.get(transaction, ()))
    return f"{said} (also {also})" if also else said


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
            **_other_names(transaction, language),
            "planned_use": request_fields.planned_use_need(transaction),
            "fields": [_form_field(use, language) for use in uses],
        }
        for transaction, uses in FIELDS_BY_TRANSACTION.items()
    ]


def _other_names(transaction: Transaction, language: Language) -> dict[str, Any]:
    others = [one.of(language) for one in OTHER_NAMES.get(transaction, ())]
    return {
        "other_names": others,
        "named_in": NAMED_IN.of(language) if others else None,
    }


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
    other_names: list[str] = Field(
        description="Dealings by other names that are asked as this transaction"
    )
    named_in: str | None = Field(description="Where they are named; null without any")
    planned_use: str
    fields: list[FormFieldModel]


class FormsModel(BaseModel):
    """Every transaction with its fields."""

    items: list[FormModel]
