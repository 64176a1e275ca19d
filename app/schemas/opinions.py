"""Opinions of departments as they are sent and answered (部门意见)."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from screening.opinion import Department, Position

Line = Annotated[str, StringConstraints(min_length=1, max_length=500)]
RuleId = Annotated[str, StringConstraints(pattern="^[A-Z][0-9]{2}$")]


class OpinionRequest(BaseModel):
    """What a department says to a decision that asks it."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    position: Position
    reason: str = Field(min_length=1, max_length=2000)
    rules: list[RuleId] = Field(
        [], max_length=77, description="Rules it speaks to; none: all that ask it"
    )
    conditions: list[Line] = Field(
        [],
        max_length=20,
        description="Required with agree_with_conditions; they appear in `conditions`",
    )
    documents: list[UUID] = Field([], max_length=20, description="Ids of stored files")
    department: Department | None = Field(
        None, description="For whom an administrator speaks; else it is the key's own"
    )


class WithdrawalRequest(BaseModel):
    """Why an opinion is withdrawn."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: str = Field(min_length=1, max_length=2000)
    department: Department | None = None


class OpinionModel(BaseModel):
    """An opinion that came with the question (部门意见)."""

    id: UUID
    decision: UUID = Field(description="The decision it was given on")
    department: Department
    position: Position
    rules: list[str]
    reason: str
    conditions: list[str]
    documents: list[UUID]
    given_by: str
    given_on: date
    withdrawn_on: date | None = None
    withdrawn_by: str | None = None
    withdrawn_because: str | None = None


class OpinionEntryModel(BaseModel):
    """Where the ledger holds an opinion."""

    entry: UUID = Field(description="For GET /v1/ledger/proof")


class OpinionKept(BaseModel):
    """An opinion that no decision could follow."""

    opinion: UUID
    decision: UUID = Field(description="The decision it was given on")
    ledger: OpinionEntryModel
    impossible: str = Field(description="Why the question cannot be asked again")
