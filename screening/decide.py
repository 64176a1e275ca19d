"""What follows from the facts? (core; nothing else in the program decides).

Section 8 of the rule table, in its order: every rule of the transaction is evaluated
with three values; I01 comes last; the worst matched rule gives W; of the unknown rules
only those worse than W count: one that waits for a blocking fact adds "insufficient
data", one that waits for warning facts only adds a condition; the worst joins all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from parcels.refusal import Language
from parcels.texts import Text
from screening.facts import Facts
from screening.facts.catalogue import FACTS, effect_on
from screening.facts.fact import Effect
from screening.facts.model import Difference
from screening.opinion import Opinion
from screening.resolve import opinions_on, resolve
from screening.rule_set import RuleSetRef, RulesInForce
from screening.rules.rule import Finding, Rule, explain
from screening.truth import NO, Missing, Truth
from screening.vocabulary import SEVERITY, Outcome, Status, Transaction

_LAST: Final = "Z99"


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A fact the answer waits for, and the rules that wait for it (缺失事实).

    `effect`: blocks stops the transaction, warns adds the condition to confirm it.
    """

    missing: Missing
    effect: Effect
    rules: tuple[str, ...]

    def texts(self, language: Language) -> dict[str, Any]:
        """Return it in one language, as in the HTTP contract."""
        fact = FACTS[self.missing.fact]
        return {
            "fact": fact.id,
            "name": fact.name.of(language),
            "effect": self.effect,
            "reason": explain(self.missing).of(language),
            "source": fact.source.of(language),
            "theme": self.missing.theme,
            "division_code": self.missing.division_code,
            "rules": list(self.rules),
        }


@dataclass(frozen=True, slots=True)
class Condition:
    """Something the caller has to do for the transaction to go ahead (附带条件).

    It comes from a matched rule, or asks to confirm a fact; the other is None.
    """

    rule: str | None
    fact: str | None
    text: Text
    documents: tuple[Text, ...] = ()

    def texts(self, language: Language) -> dict[str, Any]:
        """Return it in one language, as in the HTTP contract."""
        return {
            "rule": self.rule,
            "fact": self.fact,
            "text": self.text.of(language),
            "required_documents": [d.of(language) for d in self.documents],
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to one request, before anything is recorded (结论).

    Attributes
    ----------
    findings
        Every rule of the transaction, in legal order.
    missing_facts
        Facts of the unknown rules that count.
    notes, differences
        What the officer should see besides.
    """

    outcome: Outcome
    transaction: Transaction
    as_of: date
    rule_set: RuleSetRef
    findings: tuple[Finding, ...]
    missing_facts: tuple[MissingFact, ...]
    conditions: tuple[Condition, ...]
    notes: tuple[Text, ...]
    differences: tuple[Difference, ...]


def judge(
    facts: Facts, rules: RulesInForce, opinions: Sequence[Opinion] | None = None
) -> Decision:
    """Return the decision for these facts under these rules, with opinions given."""
    findings = evaluate(facts, rules)
    if not opinions:
        return decide(findings, facts, rules.rule_set, rules.not_judged)
    resolved = resolve(findings, opinions)
    decision = decide(resolved, facts, rules.rule_set, rules.not_judged)
    asked_for = tuple(_asked_for(resolved, opinions))
    return replace(decision, conditions=(*decision.conditions, *asked_for))


def _asked_for(
    findings: Iterable[Finding], opinions: Sequence[Opinion]
) -> Iterable[Condition]:
    """Yield what departments agreed to, and their conditions, as conditions."""
    for found in _matched(findings):
        if found.rule.outcome is Outcome.ALLOW_WITH_CONDITIONS:
            for opinion in opinions_on(found.rule, opinions):
                texts = [Text(each, each) for each in opinion.conditions]
                for text in texts or [opinion.told]:
                    yield Condition(found.rule.id, None, text, (opinion.told,))


def evaluate(facts: Facts, rules: RulesInForce) -> tuple[Finding, ...]:
    """Return what every rule of the transaction comes to, in legal order.

    Rules of another rule set or another time are `not_applicable`.
    """
    findings = [_ask(rule, facts, rules) for rule in rules.asked[facts.transaction]]
    findings += rules.not_applicable[facts.transaction]
    closed = [
        _close(rule, facts, findings, rules)
        for rule in rules.closing
        if rule.id != _LAST
    ]
    last = [
        _close(rule, facts, [*findings, *closed], rules)
        for rule in rules.closing
        if rule.id == _LAST
    ]
    return tuple(sorted([*findings, *closed, *last], key=_number))


def _number(finding: Finding) -> str:
    return finding.rule.id


def _ask(rule: Rule, facts: Facts, rules: RulesInForce) -> Finding:
    assert rule.condition is not None
    result = rule.condition(facts, rules.parameters)
    if result is NO:
        return Finding(rule, Status.NOT_MATCHED)
    detail = None
    if result.is_true and rule.detail:
        detail = rule.detail(facts, rules.parameters)
    return _finding(rule, result, detail, rules)


def _close(
    rule: Rule, facts: Facts, findings: Sequence[Finding], rules: RulesInForce
) -> Finding:
    assert rule.closing is not None
    return _finding(rule, rule.closing(facts, findings), None, rules)


def _finding(
    rule: Rule, result: Truth, detail: Text | None, rules: RulesInForce
) -> Finding:
    if result.is_false:
        return Finding(rule, Status.NOT_MATCHED, stale=result.stale)
    sources = rules.parameters.sources
    return Finding(
        rule,
        Status.MATCHED if result.is_true else Status.UNKNOWN,
        result.evidence,
        result.missing,
        result.stale,
        detail,
        tuple(sources[name] for name in rule.parameters if name in sources),
    )


def decide(
    findings: Sequence[Finding],
    facts: Facts,
    rule_set: RuleSetRef,
    not_judged: Text | None = None,
) -> Decision:
    """Return the decision that follows from the findings.

    `not_judged` says what the rule set leaves out; every answer repeats it.
    """
    counting = _counting(findings)
    missing = _missing_facts(counting)
    return Decision(
        outcome=_outcome(findings, counting),
        transaction=facts.transaction,
        as_of=facts.as_of,
        rule_set=rule_set,
        findings=tuple(findings),
        missing_facts=missing,
        conditions=(*_conditions(findings), *_confirmations(missing)),
        notes=facts.notes if not_judged is None else (not_judged, *facts.notes),
        differences=facts.differences,
    )


def _worst(outcomes: Iterable[Outcome]) -> Outcome:
    return max(outcomes, key=SEVERITY.__getitem__, default=Outcome.ALLOW)


def _matched(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.status is Status.MATCHED]


def _counting(findings: Sequence[Finding]) -> list[Finding]:
    """Return the unknown rules whose outcome is worse than what matched."""
    worst = SEVERITY[_worst(found.rule.outcome for found in _matched(findings))]
    return [
        finding
        for finding in findings
        if finding.status is Status.UNKNOWN
        and finding.rule.severity > worst
        and not _asked_by_i01(finding)
    ]


def _asked_by_i01(finding: Finding) -> bool:
    """Whether a rule would only ask, and waits for nothing but layers.

    I01 matches then and asks in its place; once the departments have agreed to that,
    the layer is no more missing than when they were asked.
    """
    causes = {missing.cause for missing in finding.missing}
    return finding.rule.outcome is Outcome.CONSULT and causes == {"no_coverage"}


def _outcome(findings: Sequence[Finding], counting: Sequence[Finding]) -> Outcome:
    joined = [found.rule.outcome for found in _matched(findings)]
    joined += [
        Outcome.INSUFFICIENT_DATA if finding.blocking else Outcome.ALLOW_WITH_CONDITIONS
        for finding in counting
    ]
    return _worst(joined)


def _missing_facts(counting: Sequence[Finding]) -> tuple[MissingFact, ...]:
    """Return each missing fact once, blocking when it blocks through any rule."""
    waiting: dict[Missing, list[Rule]] = {}
    for finding in counting:
        for missing in finding.missing:
            waiting.setdefault(missing, []).append(finding.rule)
    return tuple(
        MissingFact(
            missing,
            _effect(missing, rules),
            tuple(rule.id for rule in rules),
        )
        for missing, rules in waiting.items()
    )


def _effect(missing: Missing, rules: Iterable[Rule]) -> Effect:
    effects = {
        effect_on(missing.fact, rule.id, rule.outcome, missing.cause) for rule in rules
    }
    return "blocks" if "blocks" in effects else "warns"


def _conditions(findings: Sequence[Finding]) -> Iterable[Condition]:
    for found in _matched(findings):
        if found.rule.outcome is Outcome.ALLOW_WITH_CONDITIONS:
            yield Condition(
                found.rule.id, None, found.rule.reason, found.rule.required_documents
            )


def _confirmations(missing_facts: Iterable[MissingFact]) -> Iterable[Condition]:
    names = {
        entry.missing.fact: FACTS[entry.missing.fact].name
        for entry in missing_facts
        if entry.effect == "warns"
    }
    for fact, name in names.items():
        text = Text(f"请确认：{name.zh}。", f"Confirm: {name.en}.")
        yield Condition(None, fact, text)
