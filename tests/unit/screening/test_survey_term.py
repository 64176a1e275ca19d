"""The initial survey is due after the months of the rule set in force."""

from dataclasses import replace
from datetime import date

import pytest

from parcels.plots.lifecycle import judge_event
from parcels.plots.transitions import TRANSITION_OF
from screening.rule_sets import read_rule_sets
from screening.survey_term import list_due_terms, settle_term
from tests.plot_builders import (
    DAY,
    make_details,
    make_occurrence,
    make_standing,
)

NATIONAL = read_rule_sets().find(["999901"]).at(DAY).parameters
NOTIFIED = "survey_notified"


def due_terms(parameters, event=NOTIFIED, **details):
    occurrence = make_occurrence(event)
    occurrence = replace(occurrence, details=make_details(event, **details))
    judged = judge_event(make_standing(event), occurrence)
    return list_due_terms(judged, parameters)


@pytest.mark.parametrize(
    ("months", "due_on", "said"),
    [(6, date(2026, 9, 2), "6个月"), (3, date(2026, 6, 2), "3个月")],
)
def test_the_survey_is_due_after_the_months_of_the_rule_set(months, due_on, said):
    parameters = replace(NATIONAL, initial_survey_term_months=months)
    (due,) = due_terms(parameters)
    assert due.due_on == due_on
    assert said in due.term.what.zh
    assert f"{months} months" in due.term.what.en


def test_the_term_stands_on_the_source_of_the_rule_set():
    (due,) = due_terms(NATIONAL)
    source = NATIONAL.sources["initial_survey_term_months"]
    assert due.term.basis.document.zh == source.source.zh
    assert due.term.basis.verification == "recalled"


def test_a_day_that_the_notice_sets_goes_before_the_term():
    (due,) = due_terms(NATIONAL, due_on=date(2026, 5, 1))
    assert due.due_on == date(2026, 5, 1)
    assert "6" not in due.term.what.zh + due.term.what.en


def test_without_a_term_in_force_no_day_is_counted():
    (due,) = due_terms(replace(NATIONAL, initial_survey_term_months=None))
    assert due.due_on is None
    assert due.term.what.zh == "完成初步调查"


def test_terms_that_the_law_counts_itself_stay_as_they_are():
    parameters = replace(NATIONAL, initial_survey_term_months=3)
    (due,) = due_terms(parameters, "effect_evaluation_submitted")
    assert due.due_on == date(2026, 5, 2)
    for step in TRANSITION_OF.values():
        for term in step.terms:
            assert (settle_term(term, parameters) == term) is (step.event != NOTIFIED)
