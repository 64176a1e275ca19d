"""What is a rule, and what does it find? (core).

A rule is a small pure function of facts and parameters, and beside it everything an
officer has to be told: the outcome, the reason, the law with its mark of verification,
the documents, whom to ask and what lifts it. Rules do not see each other; the few that
judge the state of the data run after the others (`closing_rule`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final, Literal

from parcels.refusal import Language
from parcels.texts import Text
from screening.facts import Facts
from screening.facts.catalogue import FACTS, effect_on
from screening.parameters import Confidence, Parameter, Parameters, holds_on
from screening.truth import Evidence, Missing, Truth
from screening.vocabulary import SEVERITY, Outcome, Status, Transaction

Mark = Literal["all", "national", "liangshan", "zhengzhou", "henan_draft"]
"""Which rule sets take a rule in: `all` and `national` everywhere, the others in their
place; `henan_draft` nowhere until a deployment switches it on."""

Verification = Literal["verified", "recalled", "design_choice"]

VERIFICATION_NAMES: Final[Mapping[Verification, Text]] = {
    "verified": Text("已核对", "verified"),
    "recalled": Text("凭记忆，引用前须核对", "recalled, check before quoting"),
    "design_choice": Text("产品设计，非法律规定", "project's own choice, not law"),
}

Condition = Callable[[Facts, Parameters], Truth]
ClosingCondition = Callable[[Facts, "Sequence[Finding]"], Truth]
Detail = Callable[[Facts, Parameters], Text | None]


@dataclass(frozen=True, slots=True)
class Citation:
    """The law, plan or standard a rule rests on (法律依据), in our own words elsewhere.

    Attributes
    ----------
    document, article
        Title and article; both as they are cited, in both languages.
    verification
        Read in the text, from memory, or the project's own choice.
    confidence
        What was read, or how sure the memory is.
    local_to
        Rule set of the place whose plan this is; elsewhere it is followed by design.
    """

    document: Text
    article: Text
    verification: Verification
    confidence: Text
    local_to: Mark | None = None

    def texts(self, language: Language) -> dict[str, str]:
        """Return the citation in one language, as in the HTTP contract."""
        return {
            "document": self.document.of(language),
            "article": self.article.of(language),
            "verification": self.verification,
            "verification_text": VERIFICATION_NAMES[self.verification].of(language),
            "confidence": self.confidence.of(language),
        }

    def seen_from(self, marks: frozenset[Mark]) -> Citation:
        """Return the citation as it counts in a rule set with these marks."""
        if self.local_to is None or self.local_to in marks:
            return self
        return dataclasses.replace(
            self,
            verification="design_choice",
            confidence=Text(
                "外地政策文件，此处按产品设计参照",
                "plan of another place, followed here by design",
            ),
        )


@dataclass(frozen=True, slots=True)
class InForce:
    """Since when a rule holds (施行日期), half-open [`valid_from`, `valid_to`).

    None at an end means open. `source` says by what, `confidence` whether the day was
    read there.
    """

    rule_id: str
    valid_from: date | None
    valid_to: date | None
    confidence: Confidence
    source: Text

    def holds(self, on: date) -> bool:
        """Whether the rule is in force on that day."""
        return holds_on(on, self.valid_from, self.valid_to)

    def texts(self, language: Language) -> dict[str, str | None]:
        """Return the days and their source in one language, as in the HTTP contract."""
        return {
            "from": self.valid_from.isoformat() if self.valid_from else None,
            "to": self.valid_to.isoformat() if self.valid_to else None,
            "confidence": self.confidence,
            "source": self.source.of(language),
        }


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule of the gate (规则).

    Attributes
    ----------
    id, title
        Number in the rule table and a statement of what it says.
    marks
        Rule sets it belongs to.
    transactions
        Where it is asked.
    outcome
        What follows when its condition holds.
    reason
        Why, in a sentence.
    legal_basis
        Citations, the law first.
    themes
        Themes of the register it reads; empty when it reads none.
    required_documents, consult, lifts_when
        What to bring, whom to ask, what would change the answer.
    note
        What of it is law and what is the project's choice.
    parameters
        Ids of the parameters it works with.
    condition, closing
        The rule itself; exactly one of the two is given.
    detail
        Adds what was found to the reason; runs only when the rule matched.
    in_force
        Since when it holds in the rule set and on the day it was taken from; None for
        a rule as it is written, and where none is given.
    """

    id: str
    title: Text
    marks: frozenset[Mark]
    transactions: frozenset[Transaction]
    outcome: Outcome
    reason: Text
    legal_basis: tuple[Citation, ...]
    themes: tuple[str, ...]
    required_documents: tuple[Text, ...]
    consult: tuple[Text, ...]
    lifts_when: Text | None
    note: Text | None
    parameters: tuple[str, ...]
    condition: Condition | None
    closing: ClosingCondition | None
    detail: Detail | None
    in_force: InForce | None = None

    @property
    def severity(self) -> int:
        """Rank of its outcome."""
        return SEVERITY[self.outcome]

    def seen_from(self, marks: frozenset[Mark]) -> Rule:
        """Return the rule with its citations as they count in a rule set."""
        basis = tuple(citation.seen_from(marks) for citation in self.legal_basis)
        return dataclasses.replace(self, legal_basis=basis)

    def texts(self, language: Language) -> dict[str, Any]:
        """Return what stands beside the rule, in one language.

        The lists inside are shared between calls; do not change them.
        """
        return dict(_rule_texts(self, language))


@cache
def _rule_texts(rule: Rule, language: Language) -> Mapping[str, Any]:
    """Render once for each rule of each rule set, as they are few."""
    return {
        "rule": rule.id,
        "title": rule.title.of(language),
        "reason": rule.reason.of(language),
        "legal_basis": [basis.texts(language) for basis in rule.legal_basis],
        "required_documents": [t.of(language) for t in rule.required_documents],
        "consult": [t.of(language) for t in rule.consult],
        "lifts_when": rule.lifts_when.of(language) if rule.lifts_when else None,
        "note": rule.note.of(language) if rule.note else None,
    }


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule came to for one subject (核查结果).

    Attributes
    ----------
    evidence
        What was found; also what is known of an unknown condition.
    missing
        Facts an unknown condition waits for.
    stale
        Layers past their date on whose silence the result rests.
    detail
        What was found, in words; only of matched rules.
    parameters
        Numbers and lists the result rests on, with their sources.
    """

    rule: Rule
    status: Status
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[Missing, ...] = ()
    stale: tuple[Missing, ...] = ()
    detail: Text | None = None
    parameters: tuple[Parameter, ...] = ()

    @property
    def outcome(self) -> Outcome | None:
        """The rule's outcome when it matched, else None."""
        return self.rule.outcome if self.status is Status.MATCHED else None

    @property
    def blocking(self) -> bool:
        """Whether it waits for a fact that stops the transaction while unknown."""
        rule = self.rule
        return any(
            effect_on(missing.fact, rule.id, rule.outcome, missing.cause) == "blocks"
            for missing in self.missing
        )

    def texts(self, language: Language) -> dict[str, Any]:
        """Return the finding in one language, as in the HTTP contract.

        A rule that did not match is shown by its title alone; an unknown one says what
        it waits for and whom to ask.
        """
        shown: dict[str, Any] = {
            "rule": self.rule.id,
            "status": self.status.value,
            "outcome": self.outcome,
            "title": self.rule.title.of(language),
        }
        if self.status is Status.MATCHED:
            shown |= self.rule.texts(language)
            since = self.rule.in_force
            shown["in_force"] = since.texts(language) if since else None
            if self.detail:
                shown["reason"] += self.detail.of(language)
            shown["parameters"] = [p.texts(language) for p in self.parameters]
            shown["evidence"] = [e.shown() for e in self.evidence]
        if self.status is Status.UNKNOWN:
            shown["would_be"] = self.rule.outcome.value
            shown["reason"] = self._waits_for().of(language)
            shown["missing"] = [m.fact for m in self.missing]
            shown["parameters"] = [p.texts(language) for p in self.parameters]
            shown["evidence"] = [e.shown() for e in self.evidence]
        return shown

    def _waits_for(self) -> Text:
        parts = [explain(missing) for missing in self.missing]
        return Text(
            "尚不能判断：" + "；".join(part.zh for part in parts) + "。",
            "Cannot be judged: " + "; ".join(part.en for part in parts) + ".",
        )


def explain(missing: Missing) -> Text:
    """Return in words why a fact is not known and whom to ask.

    Examples
    --------
    >>> explain(Missing("plot_stage", "border", "plot", "410122")).en
    'plot stage and list memberships: kept by another division, ask 410122'
    """
    name = FACTS[missing.fact].name
    why = _WHY[missing.cause]
    where = missing.division_code
    if where is None:
        return Text(f"{name.zh}{why.zh}", f"{name.en}: {why.en}")
    ask = Text(f"（向 {where} 核实）", f", ask {where}")
    return Text(f"{name.zh}{why.zh}{ask.zh}", f"{name.en}: {why.en}{ask.en}")


_WHY: Final[Mapping[str, Text]] = {
    "no_coverage": Text("所在图层未覆盖", "the layer does not cover the place"),
    "stale": Text("所在图层数据已过期", "the layer is past its date"),
    "border": Text("由其他行政区掌握", "kept by another division"),
    "not_on_record": Text("登记中没有", "not on record"),
    "not_declared": Text("未申报", "not declared"),
    "not_comparable": Text(
        "与规划用途的分类不能对应", "of a scheme that cannot be compared"
    ),
}


def rule(
    rule_id: str,
    *,
    title: Text,
    transactions: frozenset[Transaction],
    outcome: Outcome,
    reason: Text,
    legal_basis: tuple[Citation, ...],
    marks: frozenset[Mark] = frozenset({"national"}),
    themes: tuple[str, ...] = (),
    required_documents: tuple[Text, ...] = (),
    consult: tuple[Text, ...] = (),
    lifts_when: Text | None = None,
    note: Text | None = None,
    parameters: tuple[str, ...] = (),
    detail: Detail | None = None,
) -> Callable[[Condition], Rule]:
    """Make a rule of the function below it: `(facts, parameters) → Truth`."""

    def make(condition: Condition) -> Rule:
        return Rule(
            rule_id,
            title,
            marks,
            transactions,
            outcome,
            reason,
            legal_basis,
            themes,
            required_documents,
            consult,
            lifts_when,
            note,
            parameters,
            condition,
            None,
            detail,
        )

    return make


def closing_rule(
    rule_id: str,
    *,
    title: Text,
    outcome: Outcome,
    reason: Text,
    legal_basis: tuple[Citation, ...],
    required_documents: tuple[Text, ...] = (),
    consult: tuple[Text, ...] = (),
    lifts_when: Text | None = None,
    note: Text | None = None,
    parameters: tuple[str, ...] = (),
) -> Callable[[ClosingCondition], Rule]:
    """Make a rule that runs after the others: `(facts, findings) → Truth`.

    It belongs to every rule set and every transaction.
    """

    def make(closing: ClosingCondition) -> Rule:
        return Rule(
            rule_id,
            title,
            frozenset({"all"}),
            frozenset(Transaction),
            outcome,
            reason,
            legal_basis,
            (),
            required_documents,
            consult,
            lifts_when,
            note,
            parameters,
            None,
            closing,
            None,
        )

    return make
