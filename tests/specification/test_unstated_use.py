"""A planned use that nobody stated: the answer holds for whatever it will be.

Section 9 requires it for fifteen transactions, section 8 lets it block only the rules
that need it. So an answer may be "allow" without one, and must then be no milder than
the answer for any use. A transfer takes the current use by silence, and land enters the
reserve without one: both are asked again when a use is named.
"""

import pytest

from screening.request_fields import planned_use_need
from screening.vocabulary import SEVERITY, Outcome, Transaction
from tests.gate_builders import changed_rules, decide_case, rules_in_force
from tests.specification.test_cases import CASES

USES = [
    "ydyh_2023 070101",
    "ydyh_2023 080403",
    "ydyh_2023 080101",
    "ydyh_2023 0901",
    "ydyh_2023 100101",
    "ydyh_2023 1101",
    "ydyh_2023 0103",
    "ydyh_2023 0201",
    "gbt21010_2017 0809",
    "gb50137_2011 G1",
]
STOPS = {Outcome.DENY, Outcome.REQUIRE_INVESTIGATION, Outcome.INSUFFICIENT_DATA}


def decide(case, **changed):
    rules = changed_rules(
        rules_in_force(case["rule_set"], case["on"]),
        case.get("parameters", {}),
        case.get("switched_on", ()),
    )
    given = {k: v for k, v in case["given"].items() if k != "planned_use"}
    return decide_case(given | changed, case["rule_set"], case["on"], rules)


def let_on_without_a_use(case):
    transaction = Transaction(case["given"]["transaction"])
    if planned_use_need(transaction) != "required":
        return False
    return decide(case).outcome not in STOPS


OPEN = [(name, case) for name, case in CASES if let_on_without_a_use(case)]


def test_there_are_such_answers() -> None:
    assert len(OPEN) > 50


@pytest.mark.parametrize("case", [case for _, case in OPEN], ids=[n for n, _ in OPEN])
def test_no_use_makes_the_answer_worse(case: dict) -> None:
    unstated = decide(case).outcome
    worse = {
        use: outcome.value
        for use in USES
        if SEVERITY[outcome := decide(case, planned_use=use).outcome]
        > SEVERITY[unstated]
    }
    assert worse == {}
