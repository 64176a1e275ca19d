"""How a decision stands today, as it is answered (意见书现状)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from screening.standing import Standing


class DecisionEventModel(BaseModel):
    """One thing that became of a decision."""

    kind: Literal["annulled", "replaced", "affected"]
    happened_at: datetime
    reason: str | None
    actor: str
    by_decision: UUID | None = Field(description="The decision in its place")
    change: int | None = Field(description="The change of the register that touched it")


class StandingModel(BaseModel):
    """How a decision stands today; the decision itself never changes."""

    state: Literal["in_force", "expired", "affected", "replaced", "annulled"]
    events: list[DecisionEventModel]


def write_standing(standing: Standing) -> dict[str, Any]:
    """Return it as it is answered."""
    return {"state": standing.state, "events": standing.events}
