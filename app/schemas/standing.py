"""How a decision stands today, as it is answered (意见书现状)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from parcels.refusal import Language
from screening.impact.answer import say_difference
from screening.standing import Standing, State


class RuleChangeModel(BaseModel):
    """A rule that comes to something else since a change."""

    rule: str
    before: str
    after: str
    title: str
    reason: str | None


class OutcomeChangeModel(BaseModel):
    """The outcome before and after; null where nothing can be decided."""

    before: str | None
    after: str | None


class AnswerChangeModel(BaseModel):
    """In what an answer is another since a change."""

    outcome: OutcomeChangeModel
    rules: list[RuleChangeModel]
    members: list[str] = Field(
        description="What else differs: outcome, conditions, missing_facts"
    )
    impossible: str | None = Field(
        description="Why nothing can be decided any more, as that a parcel was split"
    )


class DecisionEventModel(BaseModel):
    """One thing that became of a decision."""

    kind: Literal["annulled", "replaced", "affected", "stands_again"]
    happened_at: datetime
    reason: str | None = Field(
        description="As it was given; what a change makes of the answer in one sentence"
    )
    actor: str
    by_decision: UUID | None = Field(description="The decision in its place")
    change: int | None = Field(description="The change of the register that touched it")
    since: date | None = Field(
        description="First day in law on which the answer was found to be another"
    )
    difference: AnswerChangeModel | None = Field(
        description="What the change makes of the answer, rule by rule"
    )


class StandingModel(BaseModel):
    """How a decision stands today; the decision itself never changes."""

    state: State
    events: list[DecisionEventModel]
    checked_up_to: int | None = Field(
        description="The last change of the register it was compared with"
    )


def write_standing(standing: Standing, language: Language) -> dict[str, Any]:
    """Return it as it is answered."""
    return {
        "state": standing.state,
        "events": [_write_event(event, language) for event in standing.events],
        "checked_up_to": standing.checked_up_to,
    }


def _write_event(event: Mapping[str, Any], language: Language) -> dict[str, Any]:
    difference = event.get("difference")
    if difference is None:
        return {"since": None, **event, "difference": None}
    return {
        **event,
        "reason": say_difference(difference).of(language),
        "difference": write_difference(difference, language),
    }


def write_difference(
    difference: Mapping[str, Any], language: Language
) -> dict[str, Any]:
    """Return in one language what a change makes of an answer."""
    why = difference["impossible"]
    return {
        "outcome": difference["outcome"],
        "rules": [
            {name: rule[name] for name in ("rule", "before", "after")} | rule[language]
            for rule in difference["rules"]
        ],
        "members": difference["members"],
        "impossible": why[language] if why else None,
    }
