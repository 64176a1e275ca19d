"""Is one answer to a question another than the answer before? (core).

The answer is the outcome, the rules that matched, the conditions and the missing
facts. That something lies a metre farther, or is called otherwise, changes no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from parcels.refusal import Refusal
from parcels.texts import Text
from screening.comparison import RuleDifference, compare_decisions
from screening.vocabulary import OUTCOME_NAMES, Outcome

MATCHED = "matched"
_COUNTING = ("outcome", "missing_facts", "conditions")
_BESIDE = {
    "missing_facts": Text("缺失事实", "missing facts"),
    "conditions": Text("条件", "conditions"),
}
_NOTHING = Text("无法核查", "nothing can be decided")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question came to: a judgement as records hold it, or why there is none."""

    judgement: Mapping[str, Any] | None
    refusal: Refusal | None = None

    @property
    def outcome(self) -> str | None:
        """The outcome; None where nothing could be decided."""
        return None if self.judgement is None else str(self.judgement["outcome"])


def describe_difference(before: Answer, after: Answer) -> dict[str, Any] | None:
    """Return in which rules an answer became another; None when it did not.

    `impossible` says why nothing can be decided any more, as that a parcel was split.
    """
    if before.judgement is None or after.judgement is None:
        return _of_refusals(before, after)
    comparison = compare_decisions(before.judgement, after.judgement)
    rules = [_rule(one) for one in comparison.rules if _counts(one)]
    members = [name for name in comparison.members if name in _COUNTING]
    if not rules and not members:
        return None
    return _difference(before, after, rules, members)


def summarise(difference: Mapping[str, Any]) -> str:
    """Return a difference in one line of codes, for the record of what happened.

    Examples
    --------
    >>> summarise({"outcome": {"before": "allow", "after": "deny"}, "rules": [
    ...     {"rule": "B01", "before": "not_matched", "after": "matched"}]})
    'allow > deny: B01 matched'
    """
    before, after = (difference["outcome"][name] or "-" for name in ("before", "after"))
    rules = [f"{one['rule']} {one['after']}" for one in difference["rules"]]
    told = ", ".join(rules) or ", ".join(difference.get("members", ())) or "-"
    return f"{before} > {after}: {told}"[:2000]


def say_difference(difference: Mapping[str, Any]) -> Text:
    """Return a difference in one sentence for whoever has to look at it.

    Examples
    --------
    >>> say_difference({"outcome": {"before": "allow", "after": "deny"}, "rules": [
    ...     {"rule": "B01", "before": "not_matched", "after": "matched"}]}).zh
    '通过 → 不予通过；新符合规则 B01'
    """
    before, after = (difference["outcome"][name] for name in ("before", "after"))
    come = [one["rule"] for one in difference["rules"] if one["after"] == MATCHED]
    gone = [one["rule"] for one in difference["rules"] if one["before"] == MATCHED]
    told = [_outcomes(before, after)]
    if why := difference.get("impossible"):
        told.append(Text(why["zh"].rstrip("。"), why["en"].rstrip(".")))
    if come:
        told.append(
            Text(f"新符合规则 {'、'.join(come)}", f"now matched: {', '.join(come)}")
        )
    if gone:
        told.append(
            Text(
                f"不再符合规则 {'、'.join(gone)}", f"matched no more: {', '.join(gone)}"
            )
        )
    beside = [_BESIDE[one] for one in difference.get("members", ()) if one in _BESIDE]
    if beside:
        zh, en = (
            "、".join(one.zh for one in beside),
            ", ".join(one.en for one in beside),
        )
        told.append(Text(f"{zh}有变", f"other {en}"))
    return Text("；".join(one.zh for one in told), "; ".join(one.en for one in told))


def _outcomes(before: str | None, after: str | None) -> Text:
    ours, theirs = _outcome_name(before), _outcome_name(after)
    if before == after:
        return Text(f"仍为{ours.zh}", f"still {ours.en}")
    return Text(f"{ours.zh} → {theirs.zh}", f"{ours.en} → {theirs.en}")


def _outcome_name(outcome: str | None) -> Text:
    return _NOTHING if outcome is None else OUTCOME_NAMES[Outcome(outcome)]


def _of_refusals(before: Answer, after: Answer) -> dict[str, Any] | None:
    ours, theirs = before.refusal, after.refusal
    if ours is not None and theirs is not None and ours.reason == theirs.reason:
        return None
    return _difference(before, after, [], [])


def _difference(
    before: Answer,
    after: Answer,
    rules: list[dict[str, Any]],
    members: list[str],
) -> dict[str, Any]:
    why = after.refusal
    return {
        "outcome": {"before": before.outcome, "after": after.outcome},
        "rules": rules,
        "members": members,
        "impossible": why and {"reason": why.reason, "zh": why.zh, "en": why.en},
    }


def _counts(one: RuleDifference) -> bool:
    return MATCHED in (_status(one.recorded), _status(one.replayed)) and (
        "status" in one.members
    )


def _status(finding: Mapping[str, Any] | None) -> str:
    return "not_applicable" if finding is None else str(finding["status"])


def _rule(one: RuleDifference) -> dict[str, Any]:
    """Return a rule with both results, and the words of the one where it matched."""
    before, after = one.recorded, one.replayed
    speaking = after if _status(after) == MATCHED else before
    assert speaking is not None
    return {
        "rule": one.rule,
        "before": _status(before),
        "after": _status(after),
        **{
            language: {
                "title": speaking[language]["title"],
                "reason": speaking[language].get("reason"),
            }
            for language in ("zh", "en")
        },
    }
