"""Every case of the specification is judged alike from what a record keeps of it."""

import orjson
import pytest

from parcels.ledger.canonical import canonical_bytes
from screening.decide import judge
from screening.facts import Facts
from screening.record import plain, write_judgement
from screening.recorded import read_recorded
from screening.request import GateRequest
from tests.gate_builders import facts_of, request_of, rules_in_force
from tests.specification.test_cases import CASES


def kept(document):
    """Return a document as it reads after having been stored."""
    return orjson.loads(canonical_bytes(document))


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[n for n, _ in CASES])
def test_recorded_facts_are_the_facts_and_judged_alike(case):
    rules = rules_in_force(case["rule_set"], case["on"])
    facts = facts_of(case["given"], case["rule_set"], case["on"], rules)
    again = read_recorded(Facts, kept(plain(facts)))
    assert again == facts
    assert kept(write_judgement(judge(again, rules))) == kept(
        write_judgement(judge(facts, rules))
    )


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[n for n, _ in CASES])
def test_a_recorded_request_is_the_request(case):
    request = request_of(case["given"], case["on"])
    assert read_recorded(GateRequest, kept(plain(request))) == request
