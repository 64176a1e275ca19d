"""Two decisions are compared rule by rule."""

from copy import deepcopy

import orjson
import pytest

from parcels.ledger.canonical import canonical_bytes
from screening.comparison import compare_decisions
from screening.record import write_judgement
from tests.gate_builders import decide_case

GIVEN = {"transaction": "transfer", "plots": [{"stage": "rcr_listed"}]}


@pytest.fixture
def decision():
    written = canonical_bytes(write_judgement(decide_case(GIVEN)))
    return orjson.loads(written)


def matched(decision):
    return next(f for f in decision["findings"] if f["status"] == "matched")


def test_a_decision_is_equal_to_itself(decision):
    assert compare_decisions(decision, deepcopy(decision)).is_equal


@pytest.mark.parametrize(
    ("change", "member"),
    [
        (lambda f: f.update(status="unknown"), "status"),
        (lambda f: f.update(evidence=[]), "evidence"),
        (lambda f: f["zh"].update(reason="另"), "reason"),
        (lambda f: f["en"].pop("title"), "title"),
    ],
)
def test_the_rule_and_what_differs_in_it_are_named(decision, change, member):
    other = deepcopy(decision)
    change(matched(other))
    (difference,) = compare_decisions(decision, other).rules
    assert difference.rule == matched(decision)["rule"]
    assert difference.members == (member,)


def test_a_rule_that_is_no_longer_asked_is_named(decision):
    other = deepcopy(decision)
    gone = other["findings"].pop()
    (difference,) = compare_decisions(decision, other).rules
    assert (difference.rule, difference.replayed) == (gone["rule"], None)


@pytest.mark.parametrize("member", ["outcome", "notes", "conditions", "missing_facts"])
def test_what_differs_beside_the_rules_is_named(decision, member):
    comparison = compare_decisions(decision, decision | {member: "other"})
    assert (comparison.rules, comparison.members) == ((), (member,))
    assert not comparison.is_equal
