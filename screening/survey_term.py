"""How long may the initial survey take, and on what ground? (core).

The months are a number of the rule set in force, for the answer to an event, the task
that is opened and the gate's rules alike; a day that the notice sets goes before them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from parcels.plots.basis import Basis, Verification
from parcels.plots.lifecycle import Accepted, DueTerm
from parcels.plots.transition import Term
from parcels.texts import Text
from screening.facts.plots import find_due_day
from screening.parameters import Confidence, Parameters

_MARKS: Final[dict[Confidence, Verification]] = {
    "verified": "verified",
    "recalled": "recalled",
    "proposed": "design_choice",
}


def ground_of_term(parameters: Parameters) -> Basis:
    """Return on what the months of the rule set stand."""
    source = parameters.sources["initial_survey_term_months"]
    words = Text(source.source.zh, source.source.en)
    return Basis(words, Text("", ""), _MARKS[source.confidence])


def settle_term(term: Term, parameters: Parameters) -> Term:
    """Return a term of the table with the months of the rule set, where it asks them.

    Without such a number on that day the term stays without a count.
    """
    months = parameters.initial_survey_term_months
    if not term.by_rule_set or months is None:
        return term
    words = Text(
        f"自通知送达起{months}个月内{term.what.zh}",
        f"{term.what.en} within {months} months of the notice",
    )
    return replace(term, what=words, basis=ground_of_term(parameters), months=months)


def list_due_terms(judged: Accepted, parameters: Parameters) -> tuple[DueTerm, ...]:
    """Return the terms an event starts, each with its last day.

    Parameters
    ----------
    parameters
        In force on the day of the answer, as for the task that follows from the event.
    """
    return tuple(_settle(due, judged, parameters) for due in judged.terms)


def _settle(due: DueTerm, judged: Accepted, parameters: Parameters) -> DueTerm:
    if not due.term.by_rule_set:
        return due
    due_on = find_due_day(judged.values, judged.stage, parameters)
    if judged.values["required_activity_due_on"] is not None:
        what = due.term.what
        words = Text(f"按通知所定期限{what.zh}", f"{what.en} by the day of the notice")
        return DueTerm(replace(due.term, what=words), due_on)
    return DueTerm(settle_term(due.term, parameters), due_on)
