"""Every step of a plot's life once allowed, and once refused for each guard."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from parcels.plots.correction import WrongPaper
from parcels.plots.lifecycle import (
    Accepted,
    judge_event,
    list_possible,
    surveyed_as_key_unit,
)
from parcels.plots.lists import disagreements, keeper_level
from parcels.plots.occurrence import Details, PastEvent, Standing, level_of
from parcels.plots.proposals import DECISIONS
from parcels.plots.transitions import TRANSITION_OF, TRANSITIONS
from parcels.register.values import PLOT_LISTS, PLOT_STAGES
from tests.plot_builders import (
    DAY,
    make_details,
    make_occurrence,
    make_standing,
    missing,
)

_LATIN = re.compile("[a-z_]+")
_SAID_TO_OFFICERS = {"null", "jingtu", "users"}
"""A value that is entered, and the command of an administrator."""

EVENTS = sorted(TRANSITION_OF)
TABLE = {
    "T1": ({"candidate"}, "suspected"),
    "T2": ({"suspected"}, "initial_survey"),
    "T3": ({"initial_survey"}, "initial_review"),
    "T4": ({"initial_review"}, "initial_survey"),
    "T5": ({"initial_review"}, "cleared"),
    "T6": ({"initial_review"}, "contaminated"),
    "T7": ({"contaminated"}, "detailed_survey"),
    "T8": ({"detailed_survey"}, "risk_assessment"),
    "T9": ({"risk_assessment"}, "risk_acceptable"),
    "T10": ({"risk_assessment"}, "rcr_listed"),
    "T11": ({"rcr_listed", "target_not_met"}, "risk_control"),
    "T12": ({"rcr_listed", "target_not_met"}, "remediation"),
    "T13": ({"remediation"}, None),
    "T14": ({"risk_control", "remediation"}, "effect_evaluation"),
    "T15": ({"effect_evaluation"}, "target_not_met"),
    "T16": ({"effect_evaluation"}, "removed"),
    "T17": ({"removed"}, "aftercare"),
    "T20": ({"cleared", "risk_acceptable", "removed", "aftercare"}, "suspected"),
    "T21": (set(PLOT_STAGES) - {"closed_error"}, "closed_error"),
}
"""Rows of plot_lifecycle.md section 3 that change the stage, written down again."""


_WRONG = make_occurrence("event_withdrawn").wrong_event
CORRECTIONS = {
    "correction_named": {"details": Details(reason="误登")},
    "wrong_event_named": {
        "details": Details(reason="误登", correction="event", proposal="P-1-E01"),
        "wrong_event": None,
    },
    "nothing_rests_on_it": {
        "details": Details(reason="误登", correction="event", proposal="P-1-E01"),
        "wrong_event": replace(_WRONG, followed_by="P-1-E02"),
    },
    "on_the_day_of_the_wrong_event": {
        "details": Details(reason="误登", correction="event"),
        "wrong_event": replace(_WRONG, on=DAY - timedelta(days=1)),
    },
    "field_restated": {
        "details": Details(reason="误填", correction="field", proposal="P-1-E01"),
        "restated": None,
    },
    "paper_restated": {
        "details": Details(reason="误填", correction="document", proposal="P-1-E01"),
        "wrong_paper": None,
    },
    "no_event_rests_on_it": {"wrong_paper": WrongPaper("P-1-D01", None, "P-1-E00")},
    "proposal_known": {"proposal": None},
}
"""What is changed in an occurrence of a correction so that one guard fails."""
PROPOSALS = {
    "proposal_waits": {"decided_by": "P-1-E02"},
    "on_the_day_proposed": {"on": DAY - timedelta(days=1)},
    "proposed_by_another": {"hands": "one"},
    "persons_told_apart": {"hands": "unknown"},
}
"""What is changed in a proposal so that one guard of its decision fails."""


@pytest.mark.parametrize("event", EVENTS)
def test_step_is_allowed_when_everything_is_given(event):
    for stage in sorted(TRANSITION_OF[event].from_stages):
        standing = make_standing(event, stage=stage)
        judged = judge_event(standing, make_occurrence(event))
        assert isinstance(judged, Accepted), judged.missing
        wrong = make_occurrence(event).wrong_event
        unchanged = wrong.stage if wrong else stage
        assert judged.stage == (TRANSITION_OF[event].to_stage or unchanged)
        assert judged.values["stage"] == judged.stage


@pytest.mark.parametrize(
    ("event", "guard"),
    [(one.event, guard) for one in TRANSITIONS for guard in one.guards],
    ids=lambda value: getattr(value, "name", value),
)
def test_step_is_refused_for_that_guard_alone(event, guard):
    standing, occurrence = make_standing(event), make_occurrence(event)
    if guard.name in PROPOSALS:
        changed = replace(occurrence.proposal, **PROPOSALS[guard.name])
        without = replace(occurrence, proposal=changed)
        assert missing(standing, without) == {guard.name}
        return
    if guard.name in CORRECTIONS:
        without = replace(occurrence, **CORRECTIONS[guard.name])
        assert missing(standing, without) == {guard.name}
        return
    if not guard.details:
        lists = standing.lists ^ {"priority_supervised"}
        assert missing(replace(standing, lists=lists), occurrence) == {guard.name}
        return
    for name in guard.details:
        empty = {name: getattr(Details(), name)}
        without = replace(occurrence, details=make_details(event, **empty))
        # A plan without any part lacks its groundwater part as well, and the like.
        assert guard.name in missing(standing, without)
        others = {g.name for g in TRANSITION_OF[event].guards if name in g.details}
        assert missing(standing, without) <= others


@pytest.mark.parametrize(
    ("event", "number"),
    [(one.event, n) for one in TRANSITIONS for n in range(len(one.documents))],
)
def test_step_is_refused_without_each_of_its_papers(event, number):
    occurrence = make_occurrence(event)
    papers = list(occurrence.documents)
    del papers[number]
    found = missing(make_standing(event), replace(occurrence, documents=tuple(papers)))
    assert found == {"document"}


@pytest.mark.parametrize("event", EVENTS)
def test_step_is_refused_in_every_other_stage(event):
    for stage in set(PLOT_STAGES) - TRANSITION_OF[event].from_stages:
        found = missing(make_standing(event, stage=stage), make_occurrence(event))
        assert "stage" in found


@pytest.mark.parametrize("event", EVENTS)
def test_step_needs_the_level_of_its_office(event):
    level = TRANSITION_OF[event].level or "county"
    below = {"county": None, "city": "county", "province": "city"}[level]
    standing = make_standing(event)
    assert not missing(standing, make_occurrence(event, level=level))
    assert missing(standing, make_occurrence(event, level=below)) == {"level"}


@pytest.mark.parametrize("number", TABLE)
def test_step_leads_where_the_table_says(number):
    (one,) = [step for step in TRANSITIONS if step.number == number]
    assert (set(one.from_stages), one.to_stage) == TABLE[number]


def test_the_table_is_complete():
    numbers = {step.number for step in TRANSITIONS}
    assert numbers == {f"T{n}" for n in range(1, 22)} | {"T1K", "T18R", "P1", "P2"} | {
        "T21P",
        "T21E",
        "T21F",
        "T21D",
        "T21N",
    }
    reached = {step.to_stage for step in TRANSITIONS} | {"candidate"}
    assert reached - {None} == set(PLOT_STAGES)


def test_everything_missing_is_named_at_once_with_its_ground():
    bare = replace(
        make_occurrence("review_found_exceedance", level="county"),
        details=Details(),
        documents=(),
    )
    judged = judge_event(Standing("suspected"), bare)
    names = [one.guard for one in judged.missing]
    assert names.count("document") == 2
    assert {"stage", "level", "risk_graded", "groundwater_stated"} <= set(names)
    for one in judged.missing:
        assert one.words.zh and one.words.en and one.basis
        assert one.where.startswith("/")
    (grade,) = [one for one in judged.missing if one.guard == "risk_graded"]
    assert "凭记忆，引用前须核对" in grade.basis[0].words.zh


def test_notice_may_not_be_served_after_the_event():
    late = make_details("survey_notified", served_on=DAY + timedelta(days=1))
    occurrence = make_occurrence("survey_notified", details=late)
    assert missing(make_standing("survey_notified"), occurrence) == {"notice_recorded"}


def test_a_firm_does_not_evaluate_its_own_works():
    details = make_details("effect_evaluation_submitted", evaluator="乙 公司")
    occurrence = make_occurrence("effect_evaluation_submitted", details=details)
    found = missing(make_standing("effect_evaluation_submitted"), occurrence)
    assert found == {"evaluator_is_another_firm"}


def test_the_report_of_the_contractor_is_no_evaluation():
    occurrence = make_occurrence("effect_evaluation_submitted")
    (report,) = occurrence.documents
    own = replace(occurrence, documents=(replace(report, firm="乙公司"),))
    found = missing(make_standing("effect_evaluation_submitted"), own)
    assert found == {"evaluator_is_another_firm"}


def test_a_report_that_says_otherwise_clears_nothing():
    occurrence = make_occurrence("review_found_no_exceedance")
    (opinion,) = occurrence.documents
    failed = replace(opinion, soil_standard="not_met")
    found = missing(
        make_standing("review_found_no_exceedance"),
        replace(occurrence, documents=(failed,)),
    )
    assert found == {"no_exceedance"}


def test_transport_is_reported_on_a_day_before():
    details = make_details("soil_transported", reported_on=DAY)
    occurrence = make_occurrence("soil_transported", details=details)
    found = missing(make_standing("soil_transported"), occurrence)
    assert found == {"transport_reported_before"}


@pytest.mark.parametrize(("days", "refused"), [(0, set()), (1, {"not_in_future"})])
def test_only_what_has_happened_is_recorded(days, refused):
    occurrence = make_occurrence("listed", recorded_on=DAY - timedelta(days=days))
    assert missing(make_standing("listed"), occurrence) == refused


def test_papers_of_a_correction_may_be_younger_than_the_day_it_speaks_of():
    occurrence = make_occurrence("entry_withdrawn")
    (approval,) = occurrence.documents
    younger = replace(approval, dated_on=DAY + timedelta(days=1))
    dated = replace(occurrence, documents=(younger,))
    assert not missing(make_standing("entry_withdrawn"), dated)


def test_a_correction_of_another_kind_is_not_the_one_proposed():
    other = make_occurrence("field_corrected").proposal
    occurrence = replace(make_occurrence("entry_withdrawn"), proposal=other)
    found = missing(make_standing("entry_withdrawn"), occurrence)
    assert found == {"proposal_known"}


def test_an_event_withdrawn_leaves_the_plot_as_it_was_before():
    wrong = replace(
        make_occurrence("event_withdrawn").wrong_event,
        enters=("rcr",),
        values={"target_met": False},
    )
    judged = judge_event(
        Standing("removed"),
        replace(make_occurrence("event_withdrawn"), wrong_event=wrong),
    )
    assert (judged.stage, judged.held, judged.enters) == ("candidate", False, ("rcr",))
    assert judged.values == {"target_met": False, "stage": "candidate"}


def test_what_a_province_decided_a_county_does_not_correct():
    past = (
        PastEvent("1", "removed_from_register", "effect_evaluation", "removed", DAY),
    )
    standing = make_standing("field_corrected", past=past)
    refused = missing(standing, make_occurrence("field_corrected", level="city"))
    assert refused == {"level"}


def test_papers_are_not_younger_than_the_event():
    occurrence = make_occurrence("listed")
    (form,) = occurrence.documents
    younger = replace(form, dated_on=DAY + timedelta(days=1))
    found = missing(make_standing("listed"), replace(occurrence, documents=(younger,)))
    assert found == {"documents_in_time"}


def test_a_returned_report_starts_no_old_term():
    judged = judge_event(
        make_standing("survey_report_returned"),
        make_occurrence("survey_report_returned"),
    )
    assert judged.values["required_activity"] == "survey_correction"
    assert judged.values["required_activity_due_on"] is None


def test_old_success_does_not_speak_for_a_plot_listed_again():
    for event in ("reopened", "register_entry"):
        judged = judge_event(make_standing(event), make_occurrence(event))
        assert judged.values["target_met"] is False


@pytest.mark.parametrize(
    ("lists", "level"),
    [
        (set(), "county"),
        ({"suspected"}, "county"),
        ({"contaminated"}, "city"),
        ({"contaminated", "rcr"}, "province"),
    ],
)
def test_a_correction_is_approved_where_the_plot_was_listed(lists, level):
    assert keeper_level(frozenset(lists)) == level
    below = {"county": None, "city": "county", "province": "city"}[level]
    standing = make_standing("entry_withdrawn", lists=frozenset(lists))
    assert not missing(standing, make_occurrence("entry_withdrawn", level=level))
    refused = missing(standing, make_occurrence("entry_withdrawn", level=below))
    assert refused == {"level"}


def test_a_mistaken_entry_leaves_every_list():
    standing = make_standing("entry_withdrawn", lists=frozenset(PLOT_LISTS), held=True)
    judged = judge_event(standing, make_occurrence("entry_withdrawn"))
    assert set(judged.leaves) == set(PLOT_LISTS)
    assert judged.held is False


def test_nothing_happens_to_a_mistaken_entry():
    assert list_possible(Standing("closed_error")) == ()


@pytest.mark.parametrize(
    ("proposed", "decisions"),
    [
        (set(), set()),
        ({"field"}, {"field_corrected", "correction_refused"}),
        (
            {"entry", "event"},
            {"entry_withdrawn", "event_withdrawn", "correction_refused"},
        ),
    ],
)
def test_a_correction_is_decided_on_once_it_was_proposed(proposed, decisions):
    standing = Standing("suspected", proposed=frozenset(proposed))
    possible = {one.event for one in list_possible(standing)}
    assert possible & DECISIONS == decisions
    assert "correction_proposed" in possible


def test_a_firm_on_a_negative_list_warns_and_does_not_bar():
    occurrence = make_occurrence("listed")
    (form,) = occurrence.documents
    barred = replace(form, firm_on_negative_list=True)
    judged = judge_event(
        make_standing("listed"), replace(occurrence, documents=(barred,))
    )
    assert [warning.en for warning in judged.warnings] == [
        "the firm of paper D-0 is on a negative list"
    ]


def test_a_key_unit_needs_no_suspected_list():
    began = PastEvent("1", "key_unit_survey_began", "candidate", "initial_survey", DAY)
    reopened = PastEvent("2", "reopened", "cleared", "suspected", DAY)
    assert surveyed_as_key_unit((began,))
    assert not surveyed_as_key_unit((began, reopened))
    assert disagreements("initial_survey", frozenset(), key_unit=True) == ()
    assert len(disagreements("initial_survey", frozenset())) == 1


def test_level_follows_the_division():
    scopes = ("*", "99", "9999", "999901", "999901001")
    found = [level_of(scope) for scope in scopes]
    assert found == ["province", "province", "city", "county", None]


@pytest.mark.parametrize("step", TRANSITIONS, ids=lambda one: one.event)
def test_conditions_speak_of_fields_by_their_titles(step):
    for guard in step.guards:
        assert set(_LATIN.findall(guard.words.zh)) <= _SAID_TO_OFFICERS
        assert not re.search("`|[a-z]_[a-z]", guard.words.en)
