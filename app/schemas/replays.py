"""Replays of decisions: what is sent, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.decisions import FindingModel, Outcome, RuleSetModel
from parcels.refusal import Language
from screening.comparison import RuleDifference
from screening.record import show_finding
from screening.replay import Replay


class ReplayRequest(BaseModel):
    """What is judged again: the recorded facts, or the register as it was known."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"from": "record"}]}
    )

    source: Literal["record", "register"] = Field("record", alias="from")


class RuleDifferenceModel(BaseModel):
    """A rule that came to something else; null where it was not asked."""

    rule: str
    members: list[str] = Field(description="What differs: status, evidence, a text")
    recorded: FindingModel | None
    replayed: FindingModel | None


class OutcomesModel(BaseModel):
    """Outcome of the recorded and of the replayed decision."""

    recorded: Outcome
    replayed: Outcome


class RuleSetsModel(BaseModel):
    """Rule set of the record and the one used now."""

    recorded: RuleSetModel
    used: RuleSetModel
    same: bool


class EnginesModel(BaseModel):
    """Program of the record and the one used now: digest of the sources."""

    recorded: dict[str, str]
    used: dict[str, str]
    same: bool


class ReplayModel(BaseModel):
    """What came of judging a recorded decision again (复核). Nothing is changed.

    `equal` means to the last text and digit; while rule set and engine are the same it
    is. Otherwise `rules` shows the difference rule by rule.
    """

    model_config = ConfigDict(populate_by_name=True)

    id: UUID
    source: Literal["record", "register"] = Field(alias="from")
    equal: bool
    outcome: OutcomesModel
    rules: list[RuleDifferenceModel]
    members: list[str] = Field(description="Other members of the decision that differ")
    reread: list[str] = Field(
        description="From the register: what was read or measured otherwise"
    )
    rule_set: RuleSetsModel
    engine: EnginesModel


def write_replay(
    record: Mapping[str, Any], replay: Replay, language: Language
) -> dict[str, Any]:
    """Return a replay as it is answered."""
    comparison = replay.comparison
    return {
        "id": record["id"],
        "from": replay.source,
        "equal": replay.is_equal,
        "outcome": {
            "recorded": record["decision"]["outcome"],
            "replayed": replay.decision["outcome"],
        },
        "rules": [_write_rule(each, language) for each in comparison.rules],
        "members": comparison.members,
        "reread": replay.reread,
        "rule_set": _beside(record["rule_set"], replay.rule_set),
        "engine": _beside(record["engine"], replay.engine),
    }


def _write_rule(difference: RuleDifference, language: Language) -> dict[str, Any]:
    return {
        "rule": difference.rule,
        "members": difference.members,
        "recorded": _write_finding(difference.recorded, language),
        "replayed": _write_finding(difference.replayed, language),
    }


def _write_finding(
    kept: Mapping[str, Any] | None, language: Language
) -> dict[str, Any] | None:
    return None if kept is None else show_finding(kept, language)


def _beside(recorded: Any, used: Any) -> dict[str, Any]:
    return {"recorded": recorded, "used": used, "same": recorded == used}
