"""Which rules and numbers hold in a place on a day? (core).

A rule set is data: which marks of rules it takes in, since when each rule is in force,
and dated parameters. It is resolved once into spans of days within which nothing
changes; a request then costs one look-up.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from parcels.codes import division_contains
from parcels.refusal import Refusal
from parcels.texts import Text
from screening.industries import IndustryList, join_lists
from screening.parameters import (
    OPTIONAL_IDS,
    PARAMETER_IDS,
    Parameter,
    Parameters,
)
from screening.rules.rule import Finding, InForce, Mark, Rule
from screening.vocabulary import Status, Transaction


class InvalidRuleSet(ValueError):
    """A rule set cannot be used; the message names set, entry and what to do."""


class SubjectInTwoRuleSets(Refusal):
    """The subject lies in divisions that follow different rule sets."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A rule set as written, with what it extends already merged in."""

    id: str
    version: str
    title: Text
    divisions: tuple[str, ...]
    marks: frozenset[Mark]
    parameters: tuple[Parameter, ...]
    in_force: tuple[InForce, ...]
    not_judged: Text | None = None


@dataclass(frozen=True, slots=True)
class RuleSetRef:
    """Which rule set a decision was made by (规则集版本)."""

    id: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """Rules and numbers of a rule set on one day.

    Attributes
    ----------
    asked
        Rules with a condition, by transaction, in legal order.
    closing
        Rules that judge the findings of the others.
    not_applicable
        By transaction: rules that belong to another rule set or another time.
    not_judged
        What the rule set leaves out, for every answer to say; None when nothing is.
    """

    rule_set: RuleSetRef
    parameters: Parameters
    asked: Mapping[Transaction, tuple[Rule, ...]]
    closing: tuple[Rule, ...]
    not_applicable: Mapping[Transaction, tuple[Finding, ...]]
    not_judged: Text | None = None


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A rule set over time (规则集).

    `starts` are the first days of the spans after the first; `spans` has one more
    member: span 0 holds before `starts[0]`.
    """

    ref: RuleSetRef
    title: Text
    divisions: tuple[str, ...]
    marks: frozenset[Mark]
    starts: tuple[date, ...]
    spans: tuple[RulesInForce, ...]

    def at(self, on: date) -> RulesInForce:
        """Return the rules and numbers in force on that day."""
        return self.spans[bisect_right(self.starts, on)]


@dataclass(frozen=True, slots=True)
class RuleSets:
    """All rule sets of a deployment."""

    sets: tuple[RuleSet, ...]

    def find(self, division_codes: Sequence[str]) -> RuleSet:
        """Return the rule set of these counties; the longest matching prefix wins.

        Raises
        ------
        SubjectInTwoRuleSets
            The counties follow different sets; ask for each part by itself.
        """
        found = {self._of(code).ref.id: self._of(code) for code in division_codes}
        if len(found) == 1:
            return next(iter(found.values()))
        if not found:
            return self._of("")
        names = ", ".join(found)
        raise SubjectInTwoRuleSets(
            "two_rule_sets",
            f"查询范围跨越适用不同规则集的行政区（{names}）；请分别查询。",
            f"The subject lies in divisions with different rule sets ({names}); "
            "ask for each part by itself.",
        )

    def _of(self, code: str) -> RuleSet:
        candidates = [
            (len(prefix) if prefix != "*" else 0, rule_set)
            for rule_set in self.sets
            for prefix in rule_set.divisions
            if division_contains(prefix, code)
        ]
        if not candidates:
            raise InvalidRuleSet(f"no rule set covers division {code!r}")
        return max(candidates, key=lambda candidate: candidate[0])[1]


def build_rule_set(
    definition: Definition,
    rules: Sequence[Rule],
    lists: Mapping[str, IndustryList],
) -> RuleSet:
    """Resolve a definition into spans of days within which nothing changes.

    Raises
    ------
    InvalidRuleSet
        A rule of the set has no date of effect, a date names no rule, a parameter is
        missing on a day or given twice.
    """
    _check_rules(definition, rules)
    adapted = [rule.seen_from(definition.marks) for rule in rules]
    ref = RuleSetRef(
        definition.id, definition.version, digest(definition, adapted, lists)
    )
    starts = _turning_days(definition)
    days = (date.min, *starts)
    return RuleSet(
        ref,
        definition.title,
        definition.divisions,
        definition.marks,
        starts,
        tuple(_resolve(definition, ref, adapted, lists, day) for day in days),
    )


def _check_rules(definition: Definition, rules: Sequence[Rule]) -> None:
    dated = [entry.rule_id for entry in definition.in_force]
    known = {rule.id for rule in rules}
    unknown = sorted(set(dated) - known)
    if unknown:
        raise InvalidRuleSet(f"{definition.id}: no such rule: {', '.join(unknown)}")
    undated = [
        rule.id
        for rule in rules
        if rule.condition and rule.marks & definition.marks and rule.id not in dated
    ]
    if undated:
        raise InvalidRuleSet(
            f"{definition.id}: give a date of effect for {', '.join(undated)}"
        )


def _turning_days(definition: Definition) -> tuple[date, ...]:
    entries: Iterable[Parameter | InForce] = (
        *definition.parameters,
        *definition.in_force,
    )
    days = {day for e in entries for day in (e.valid_from, e.valid_to) if day}
    return tuple(sorted(days))


def _resolve(
    definition: Definition,
    ref: RuleSetRef,
    rules: Sequence[Rule],
    lists: Mapping[str, IndustryList],
    day: date,
) -> RulesInForce:
    dated = [_dated(definition, rule, day) for rule in rules]
    active = {
        rule.id
        for rule in dated
        if rule.marks & definition.marks and (rule.closing or rule.in_force)
    }
    return RulesInForce(
        ref,
        _parameters_on(definition, lists, day),
        _by_transaction(dated, lambda rule: rule.id in active),
        tuple(rule for rule in dated if rule.closing),
        MappingProxyType(
            {
                transaction: tuple(
                    Finding(rule, Status.NOT_APPLICABLE) for rule in others
                )
                for transaction, others in _by_transaction(
                    dated, lambda rule: rule.id not in active
                ).items()
            }
        ),
        definition.not_judged,
    )


def _by_transaction(
    rules: Sequence[Rule], wanted: Callable[[Rule], bool]
) -> Mapping[Transaction, tuple[Rule, ...]]:
    """Return the rules with a condition by the transactions they are asked for."""
    return MappingProxyType(
        {
            transaction: tuple(
                rule
                for rule in rules
                if rule.condition and transaction in rule.transactions and wanted(rule)
            )
            for transaction in Transaction
        }
    )


def _dated(definition: Definition, rule: Rule, day: date) -> Rule:
    """Return the rule with since when it holds, where it does on that day."""
    for entry in definition.in_force:
        if entry.rule_id == rule.id and entry.holds(day):
            return replace(rule, in_force=entry)
    return rule


def _parameters_on(
    definition: Definition, lists: Mapping[str, IndustryList], day: date
) -> Parameters:
    current: dict[str, Parameter] = {}
    for parameter in definition.parameters:
        if not parameter.in_force(day):
            continue
        if parameter.id in current:
            raise InvalidRuleSet(f"{definition.id}: {parameter.id} twice on {day}")
        current[parameter.id] = parameter
    missing = set(PARAMETER_IDS) - OPTIONAL_IDS - set(current)
    if missing:
        names = ", ".join(sorted(missing))
        raise InvalidRuleSet(f"{definition.id}: no value on {day} for {names}")
    values: dict[str, Any] = dict.fromkeys(OPTIONAL_IDS)
    values |= {name: parameter.value for name, parameter in current.items()}
    values["listed_industries"] = _listed(definition, values, lists)
    return Parameters(
        **values,
        industry_lists=lists,
        sources=MappingProxyType(current),
    )


def _listed(
    definition: Definition,
    values: Mapping[str, Any],
    lists: Mapping[str, IndustryList],
) -> IndustryList:
    names = values["listed_industries"]
    unknown = [name for name in names if name not in lists]
    if unknown or not names:
        raise InvalidRuleSet(f"{definition.id}: no such industry list: {unknown}")
    return join_lists(lists[name] for name in names)


def digest(
    definition: Definition,
    rules: Sequence[Rule],
    lists: Mapping[str, IndustryList],
) -> str:
    """Return the SHA-256 of everything a rule set says, as lower-case hex.

    Over sorted, compact JSON of definition, rules with texts and citations, and
    industry lists. The conditions are code: they are named by the program's version.
    """
    content = {
        "definition": _plain(definition),
        "rules": [
            {
                "zh": rule.texts("zh"),
                "en": rule.texts("en"),
                "outcome": rule.outcome,
                "marks": sorted(rule.marks),
                "transactions": sorted(rule.transactions),
                "parameters": rule.parameters,
            }
            for rule in rules
        ],
        "lists": {name: _plain(lists[name]) for name in sorted(lists)},
    }
    text = json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Return dataclasses as dictionaries and sets as sorted lists."""
    if hasattr(value, "__dataclass_fields__"):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    return value
