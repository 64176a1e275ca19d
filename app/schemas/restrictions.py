"""Limits to approvals of new projects in a county (环评限批) over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.schemas.days import RecordedDay
from parcels.refusal import Language

Said = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)
]


class RestrictionRequest(BaseModel):
    """What the ecology-environment bureau decided for a county."""

    model_config = ConfigDict(extra="forbid")

    restricted: bool = Field(description="Limited from that day on, or free again")
    on: RecordedDay = Field(description="First day on which it holds")
    reason: Said
    document: Said = Field(description="Number of the document that says so")


class RestrictionEntry(BaseModel):
    """From which day approvals of a county were limited, or free again."""

    division_code: str
    name: str | None
    restricted: bool
    on: date
    reason: str | None = Field(description="Reason, and the document in brackets")
    actor: str
    recorded_at: datetime


class RestrictionEntries(BaseModel):
    """Every such day, the latest first."""

    items: list[RestrictionEntry]


def write_entry(found: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Return an entry as it is answered."""
    chinese = found["name_zh"]
    return {
        "division_code": found["code"],
        "name": chinese if language == "zh" else found["name_en"] or chinese,
        "restricted": found["restricted"],
        "on": found["on_day"],
        "reason": found["reason"],
        "actor": found["actor"],
        "recorded_at": found["recorded_at"],
    }
