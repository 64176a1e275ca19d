"""Divisions of farmland: compared with what is in force, approved, put into force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from app.schemas.days import RecordedDay
from parcels.area import round_area

ShortText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)
]


class ApprovalRequest(BaseModel, extra="forbid"):
    """The approval of a proposed division (批准)."""

    document: ShortText = Field(
        description="批准文件: number and title of what approves it",
        examples=["虚构县政办〔2026〕12号"],
    )
    note: ShortText | None = None


class AdoptionRequest(BaseModel, extra="forbid"):
    """From when an approved division holds (生效)."""

    on: RecordedDay = Field(description="First day it holds")
    reason: ShortText = Field(description="Why; kept with every change")
    evidence: list[ShortText] = Field(
        min_length=1,
        max_length=50,
        description="依据: reports, surveys, acceptance documents",
    )


class ApprovalModel(BaseModel):
    """Who approved a division, and by what document."""

    approver: str
    document: str
    note: str | None
    approved_at: datetime


class PriorityWarning(BaseModel):
    """优先保护类面积减少预警 (R-C19)."""

    division_code: str
    effective_on: date
    before_m2: float
    after_m2: float
    raised_at: datetime


class AdoptionModel(BaseModel):
    """How a division came into force."""

    effective_on: date
    reason: str
    evidence: list[str]
    actor: str
    change: int
    summary: dict[str, Any]
    adopted_at: datetime
    warnings: list[PriorityWarning] = Field(
        description="Counties whose priority protection shrinks: limits on EIA"
        " approval follow (R-C19)"
    )


class ComparedArea(BaseModel):
    """Land of one township that goes from one category to another, or stays."""

    division_code: str
    township_code: str | None
    category_before: str
    category: str
    pieces: int
    area_m2: float


class DivisionModel(BaseModel):
    """A proposed division against the one in force (对比), and what became of it."""

    run_id: UUID
    areas: list[ComparedArea]
    approval: ApprovalModel | None
    adoption: AdoptionModel | None


class CategoryChange(BaseModel):
    """One change of category of a piece of land (类别变更记录)."""

    id: int
    run_id: UUID
    division_code: str
    unit_code: str
    new_code: str
    category_before: str | None
    category: str | None
    area_m2: float
    effective_on: date
    reason: str
    evidence: list[str]
    approver: str
    document: str


class CategoryChanges(BaseModel):
    """A page of changes, the latest first."""

    items: list[CategoryChange]
    next: int | None = Field(description="Cursor for `after`; null at the end")


def write_division(
    run_id: UUID,
    areas: Sequence[Mapping[str, Any]],
    approval: Mapping[str, Any] | None,
    adoption: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Return a division as it is answered."""
    return {
        "run_id": str(run_id),
        "areas": [{**one, "area_m2": round_area(one["area_m2"])} for one in areas],
        "approval": approval,
        "adoption": None if adoption is None else _adoption(adoption),
    }


def _adoption(adoption: Mapping[str, Any]) -> dict[str, Any]:
    warnings = [
        {
            **one,
            "before_m2": round_area(one["before_m2"]),
            "after_m2": round_area(one["after_m2"]),
        }
        for one in adoption["warnings"]
    ]
    return {**adoption, "warnings": warnings}


def write_change(change: Mapping[str, Any]) -> dict[str, Any]:
    """Return one change as it is answered."""
    return {
        **change,
        "run_id": str(change["run_id"]),
        "area_m2": round_area(change["area_m2"]),
    }
