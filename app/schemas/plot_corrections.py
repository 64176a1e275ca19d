"""Proposed corrections of plots as they are answered (shell)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from parcels.plots.correction import Correction
from parcels.plots.correction_guards import EVENT_OF
from parcels.plots.correction_list import ProposedCorrection, State
from parcels.plots.corrections import CORRECTABLE, SPOKEN_OF
from parcels.plots.paper_corrections import CORRECTABLE_OF_PAPERS
from parcels.refusal import Language
from parcels.register.repository import Version


class CorrectionModel(BaseModel):
    """A correction that was proposed, and what became of it (更正申请)."""

    code: str = Field(
        description="Event that proposed it: `details.proposal` of what decides on it"
    )
    plot_code: str
    division_code: str
    correction: Correction
    approved_by_event: str = Field(description="Event to record for approving it")
    wrong_event: str | None
    wrong_document: str | None
    wrong_field: str | None
    wrong_field_text: str | None = Field(description="What the field is called")
    right_value: str | None
    reason: str
    on: date = Field(description="Day from which it shall hold")
    documents: list[str]
    proposed_by: str
    proposed_at: datetime
    state: State
    decision: str | None = Field(description="Code of the event that decided")
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str | None


class CorrectionPage(BaseModel):
    """A page of corrections."""

    items: list[CorrectionModel]
    next: str | None


def write_correction(found: ProposedCorrection, language: Language) -> dict[str, Any]:
    """Return a proposal with what became of it."""
    proposal, decision = found.proposal, found.decision
    asked = proposal.values["details"] or {}
    fields = CORRECTABLE_OF_PAPERS if asked.get("wrong_document") else CORRECTABLE
    field = fields.get(asked.get("wrong_field") or "")
    answer = (decision.values["details"] or {}) if decision else {}
    return {
        "code": proposal.code,
        "plot_code": proposal.values["plot_code"],
        "division_code": proposal.division_code,
        **{name: asked.get(name) for name in SPOKEN_OF},
        "approved_by_event": EVENT_OF[asked["correction"]],
        "wrong_field_text": field.of(language) if field else asked.get("wrong_field"),
        "reason": asked["reason"],
        "on": proposal.valid_from,
        "documents": proposal.values["documents"] or [],
        "proposed_by": _person(proposal),
        "proposed_at": proposal.recorded_at,
        "state": found.state,
        "decision": decision.code if decision else None,
        "decided_by": _person(decision) if decision else None,
        "decided_at": decision.recorded_at if decision else None,
        "decision_reason": answer.get("reason"),
    }


def _person(event: Version) -> str:
    return event.source.removeprefix("actor:")
