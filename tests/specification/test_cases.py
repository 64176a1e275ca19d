"""Runs the cases of `cases/*.toml`: sentence, clause, what is given, what follows.

Lists of transactions, stages, planned uses, days or rule sets in a case stand for one
case each. How a case is written is explained in `cases/README.md`.
"""

import itertools
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from screening.rules import RULES
from screening.vocabulary import Status
from tests.gate_builders import DAY, changed_rules, decide_case, rules_in_force

FOLDER = Path(__file__).parent / "cases"
EXPECTED = {"outcome", "matched", "not_matched", "unknown", "missing", "warns", "only"}
NEVER_UNKNOWN = {"C08", "C12", "I01", "I02", "I03", "I05", "Z99"}
"""Rules that read only facts which silence settles, or the other rules."""


def read_cases() -> list[tuple[str, dict]]:
    """Return every case with a name, lists expanded."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        for place, case in enumerate(document["case"], start=1):
            for variant in expand(case):
                found.append((f"{path.stem} {place}: {case['sentence']}", variant))
    return found


def expand(case: dict) -> Iterator[dict]:
    """Yield one case for each member of each list that may stand for several cases."""
    given = case["given"]
    plot = (given.get("plots") or [{}])[0]
    choices = [
        _listed(case.get("rule_set", "national")),
        _listed(case.get("on", DAY)),
        _listed(given["transaction"]),
        _listed(given.get("planned_use")),
        _listed(plot.get("stage")),
    ]
    for rule_set, on, transaction, planned, stage in itertools.product(*choices):
        one = {**given, "transaction": transaction}
        if planned is not None:
            one["planned_use"] = planned
        if stage is not None:
            one["plots"] = [{**plot, "stage": stage}, *given["plots"][1:]]
        yield {**case, "given": one, "rule_set": rule_set, "on": on}


def _listed(value: object) -> list:
    return value if isinstance(value, list) else [value]


CASES = read_cases()


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[n for n, _ in CASES])
def test_case(case: dict) -> None:
    expect = case["expect"]
    assert set(expect) <= EXPECTED and case["clause"]
    rules = changed_rules(
        rules_in_force(case["rule_set"], case["on"]),
        case.get("parameters", {}),
        case.get("switched_on", ()),
    )
    decision = decide_case(case["given"], case["rule_set"], case["on"], rules)
    found = {finding.rule.id: finding.status for finding in decision.findings}
    seen = {
        "outcome": decision.outcome.value,
        "matched": with_status(found, Status.MATCHED),
        "unknown": with_status(found, Status.UNKNOWN),
        "missing": sorted({m.missing.fact for m in decision.missing_facts}),
        "warns": sorted(c.fact for c in decision.conditions if c.fact),
    }
    if "outcome" in expect:
        assert seen["outcome"] == expect["outcome"], seen
    assert set(expect.get("matched", ())) <= set(seen["matched"]), seen
    assert set(expect.get("unknown", ())) <= set(seen["unknown"]), seen
    for rule in expect.get("not_matched", ()):
        assert found.get(rule) in {None, Status.NOT_MATCHED, Status.NOT_APPLICABLE}, (
            seen
        )
    for exact in ("missing", "warns"):
        if exact in expect:
            assert seen[exact] == sorted(expect[exact]), seen
    if "only" in expect:
        assert seen["matched"] == sorted(expect["only"]), seen


def with_status(found: dict, status: Status) -> list[str]:
    return sorted(rule for rule, has in found.items() if has is status)


def rules_named(word: str) -> set[str]:
    return {rule for _, case in CASES for rule in case["expect"].get(word, ())} | (
        {rule for _, case in CASES for rule in case["expect"].get("only", ())}
        if word == "matched"
        else set()
    )


@pytest.mark.parametrize("rule_id", [rule.id for rule in RULES])
def test_every_rule_has_a_case_that_hits(rule_id: str) -> None:
    assert rule_id in rules_named("matched")


@pytest.mark.parametrize("rule_id", [rule.id for rule in RULES])
def test_every_rule_has_a_case_that_does_not_hit(rule_id: str) -> None:
    assert rule_id in rules_named("not_matched")


@pytest.mark.parametrize(
    "rule_id", [rule.id for rule in RULES if rule.id not in NEVER_UNKNOWN]
)
def test_every_rule_has_a_case_in_which_it_is_unknown(rule_id: str) -> None:
    assert rule_id in rules_named("unknown")


def test_every_transaction_has_a_case() -> None:
    asked = {case["given"]["transaction"] for _, case in CASES}
    transactions = set().union(*(rule.transactions for rule in RULES))
    assert transactions <= asked


def test_cases_are_asked_on_days() -> None:
    assert all(isinstance(case["on"], date) for _, case in CASES)
