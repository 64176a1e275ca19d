"""What a record holds becomes a value again; what it lacks is named."""

from dataclasses import dataclass
from datetime import date

import pytest

from screening.facts import Facts
from screening.record import plain
from screening.recorded import FactNotRecorded, read_recorded
from screening.truth import NO, YES, Evidence, Missing, Truth, unknown
from tests.gate_builders import facts_of

GIVEN = {"transaction": "transfer", "plots": [{"stage": "contaminated"}]}


@pytest.mark.parametrize("value", [YES, NO])
def test_plain_truths_are_the_ones_rules_compare_with(value):
    assert read_recorded(Truth, plain(value)) is value


@pytest.mark.parametrize(
    "value",
    [
        unknown(Missing("plot_stage", "no_coverage", "plot", "999901")),
        Truth(True, evidence=(Evidence("plot", "P", "on", None, 0.1 + 0.2, 1e-17),)),
        Truth(True, evidence=(Evidence("plot", "P", "within", widened_by_m=68.7),)),
        Truth(False, stale=(Missing("plot_stage", "stale", "plot"),)),
    ],
)
def test_a_truth_keeps_its_reasons_and_every_digit(value):
    assert read_recorded(Truth, plain(value)) == value


def test_what_no_point_was_widened_by_is_not_written():
    # Records of older editions have no such member; replays compare theirs with ours.
    known = Evidence("plot", "P", "within", distance_m=3.29)
    assert "widened_by_m" not in plain(known) | known.shown()


@pytest.mark.parametrize("name", ["plots", "as_of", "farmland"])
def test_a_fact_that_was_not_recorded_is_named(name):
    written = plain(facts_of(GIVEN))
    del written[name]
    with pytest.raises(FactNotRecorded, match=f"Facts.{name}"):
        read_recorded(Facts, written)


def test_a_part_of_a_fact_that_was_not_recorded_is_named():
    written = plain(facts_of(GIVEN))
    del written["plots"][0]["stage"]
    with pytest.raises(FactNotRecorded, match=r"Facts\.plots\.stage"):
        read_recorded(Facts, written)


def test_what_has_a_default_may_be_missing():
    written = plain(facts_of(GIVEN))
    del written["notes"]
    assert read_recorded(Facts, written).notes == ()


def test_a_fact_that_rules_no_longer_read_is_left_out():
    written = plain(facts_of(GIVEN))
    assert read_recorded(Facts, written | {"gone": 1}) == facts_of(GIVEN)


def test_a_type_no_record_is_made_of_is_a_fault_of_ours():
    @dataclass(frozen=True)
    class Odd:
        value: complex

    with pytest.raises(TypeError):
        read_recorded(Odd, {"value": 1})


def test_days_are_days():
    assert read_recorded(date, "2026-03-01") == date(2026, 3, 1)
