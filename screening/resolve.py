"""What do opinions make of findings? (core).

A favourable opinion turns the rules it names, once every department that has to answer
for them agrees, from a consultation into an approval with conditions; an objection
turns them into a denial until it is withdrawn (project choice, rule table section 2).
Nothing else changes: no denial by law is lifted, no missing fact supplied.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from parcels.texts import Text
from screening.opinion import Opinion, departments_of
from screening.rules.rule import Finding, Rule
from screening.vocabulary import Outcome, Status


def resolve(
    findings: Sequence[Finding], opinions: Sequence[Opinion]
) -> tuple[Finding, ...]:
    """Return the findings as they count with these opinions."""
    standing = [one for one in opinions if one.stands]
    if not standing:
        return tuple(findings)
    return tuple(_resolve(finding, standing) for finding in findings)


def opinions_on(rule: Rule, opinions: Iterable[Opinion]) -> list[Opinion]:
    """Return the opinions that count for a rule."""
    return [one for one in opinions if one.stands and rule.id in one.rules]


def _resolve(finding: Finding, standing: Sequence[Opinion]) -> Finding:
    rule = finding.rule
    if finding.status is not Status.MATCHED or rule.outcome is not Outcome.CONSULT:
        return finding
    named = opinions_on(rule, standing)
    outcome = _outcome(rule, named)
    if outcome is None:
        return finding
    before = finding.detail or Text("", "")
    told = [one.told for one in named]
    detail = Text(
        before.zh + "".join(text.zh for text in told),
        before.en + "".join(" " + text.en for text in told),
    )
    return replace(finding, rule=_with_outcome(rule, outcome), detail=detail)


def _outcome(rule: Rule, named: Sequence[Opinion]) -> Outcome | None:
    if any(one.position == "object" for one in named):
        return Outcome.DENY
    agreed = {one.department for one in named}
    if agreed.issuperset(departments_of(text.zh for text in rule.consult)):
        return Outcome.ALLOW_WITH_CONDITIONS
    return None


@cache
def _with_outcome(rule: Rule, outcome: Outcome) -> Rule:
    """Make such a rule once: what is rendered beside a rule is kept for each."""
    return replace(rule, outcome=outcome)
