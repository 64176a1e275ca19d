"""Leads of plots as they are answered (shell)."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from parcels.refusal import Language
from parcels.tasks.model import State
from screening.leads import REASON_NAMES, Lead, Reason


class LeadTaskModel(BaseModel):
    """The task that investigates it."""

    id: UUID
    state: State


class LeadModel(BaseModel):
    """An enterprise whose land may have to be investigated (线索)."""

    enterprise_code: str
    name: str | None
    division_code: str
    reason: Reason
    reason_text: str
    since: date = Field(description="First day on record of that state")
    industry_code: str | None
    listed_industry: Literal["yes", "unknown"]
    plots_near: list[str] = Field(
        description="Plots known as points that may be this land"
    )
    task: LeadTaskModel | None


class LeadPage(BaseModel):
    """A page of leads; it may hold fewer than `limit`."""

    items: list[LeadModel]
    next: str | None


def write_lead(lead: Lead, language: Language) -> dict[str, Any]:
    """Return a lead with why it is one."""
    task = lead.task
    return {
        "enterprise_code": lead.enterprise.code,
        "name": lead.enterprise.name,
        "division_code": lead.enterprise.division_code,
        "reason": lead.reason,
        "reason_text": REASON_NAMES[lead.reason].of(language),
        "since": lead.since,
        "industry_code": lead.industry.code,
        "listed_industry": "yes" if lead.listed else "unknown",
        "plots_near": [one.feature.code for one in lead.near],
        "task": {"id": task.id, "state": task.state} if task else None,
    }
