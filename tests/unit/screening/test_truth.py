"""Kleene's three values, and what a truth carries beside its value."""

import itertools

import pytest

from screening.truth import NO, YES, Evidence, Missing, Truth, truth, unknown

PLOT = Missing("plot_stage", "no_coverage", "plot", "999901")
USE = Missing("planned_use", "not_declared")
OLD = Missing("plot_stage", "stale", "plot", "999901")
ASKED, OTHER = unknown(PLOT), unknown(USE)
SOFT_NO = Truth(False, stale=(OLD,))
A, B = Evidence("plot", "a", "on"), Evidence("plot", "b", "on")
HIT_A, HIT_B = Truth(True, evidence=(A,)), Truth(True, evidence=(B,))
VALUES = (YES, NO, ASKED)


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (YES, YES, True, True),
        (YES, NO, False, True),
        (YES, ASKED, None, True),
        (NO, NO, False, False),
        (NO, ASKED, False, None),
        (ASKED, ASKED, None, None),
    ],
)
def test_tables_of_kleene(
    left: Truth, right: Truth, both: bool | None, either: bool | None
) -> None:
    assert (left & right).value is both
    assert (right & left).value is both
    assert (left | right).value is either
    assert (right | left).value is either


def test_not_turns_known_values_round_and_leaves_unknown() -> None:
    assert (~YES).is_false
    assert (~NO).is_true
    assert ~ASKED == ASKED


@pytest.mark.parametrize(("left", "right"), list(itertools.product(VALUES, VALUES)))
def test_de_morgan(left: Truth, right: Truth) -> None:
    assert (~(left & right)).value is (~left | ~right).value
    assert (~(left | right)).value is (~left & ~right).value


def test_unknown_parts_name_all_their_facts_once() -> None:
    assert (ASKED & OTHER & ASKED).missing == (PLOT, USE)
    assert (ASKED | OTHER).missing == (PLOT, USE)


def test_false_part_settles_and_whatever_is_missing() -> None:
    assert (ASKED & NO) == NO


def test_true_part_settles_or_whatever_is_missing() -> None:
    assert (ASKED | HIT_A) == HIT_A


def test_evidence_of_all_true_parts_is_kept() -> None:
    assert (HIT_A | HIT_B).evidence == (A, B)
    assert (HIT_A & HIT_B).evidence == (A, B)


def test_evidence_of_the_known_part_stays_with_an_unknown_whole() -> None:
    assert (HIT_A & OTHER).evidence == (A,)


def test_denied_evidence_is_dropped() -> None:
    assert (~HIT_A).evidence == ()


def test_absence_in_old_data_is_remembered() -> None:
    assert (SOFT_NO | NO).stale == (OLD,)
    assert (SOFT_NO & YES).stale == (OLD,)


def test_absence_in_old_data_matters_no_more_once_something_else_settles() -> None:
    assert (SOFT_NO & NO) == NO
    assert (SOFT_NO | YES) == YES


def test_what_rests_on_old_data_is_remembered_through_not() -> None:
    assert (~SOFT_NO).is_true
    assert (~SOFT_NO).stale == (OLD,)


def test_absence_in_old_data_beside_an_unknown_part_is_still_asked_about() -> None:
    assert (SOFT_NO | OTHER).stale == (OLD,)


def test_truth_is_no_boolean() -> None:
    with pytest.raises(TypeError, match="three values"):
        bool(YES)


def test_known_values_have_no_reasons() -> None:
    assert truth(True) == YES
    assert truth(False) == NO
