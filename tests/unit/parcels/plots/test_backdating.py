"""An event entered late, and what came after it."""

from datetime import timedelta

from parcels.plots.backdating import carry_on
from parcels.plots.lifecycle import judge_event
from parcels.plots.occurrence import PastEvent
from tests.plot_builders import DAY, make_occurrence, make_standing, missing


def later(event, from_stage, to_stage, code="E-9"):
    return PastEvent(code, event, from_stage, to_stage, DAY + timedelta(days=30))


def test_backdated_event_is_refused_where_a_later_one_depends_on_the_stage():
    standing = make_standing(
        "listed", later=(later("entry_withdrawn", "candidate", "closed_error"),)
    )
    judged = judge_event(standing, make_occurrence("listed"))
    (clash,) = judged.missing
    assert clash.guard == "later_event"
    assert "E-9" in clash.words.zh and "2026-04-01" in clash.words.en


def test_backdated_event_may_fill_a_gap():
    standing = make_standing(
        "listed", later=(later("survey_notified", "suspected", "initial_survey"),)
    )
    assert not missing(standing, make_occurrence("listed"))


def test_a_plot_is_not_held_back_before_it_was_held_back():
    standing = make_standing(
        "held_back", later=(later("held_back", "contaminated", "contaminated"),)
    )
    assert missing(standing, make_occurrence("held_back")) == {"later_event"}
    released = (later("hold_released", "contaminated", "contaminated"),)
    standing = make_standing("held_back", later=released)
    assert not missing(standing, make_occurrence("held_back"))


def test_what_a_later_version_says_itself_stands():
    before = {"stage": "candidate", "name": "x"}
    later_versions = [{"stage": "candidate", "name": "y"}, {"stage": "cleared"}]
    nothing = [frozenset()] * 2
    carried = carry_on({"stage": "suspected"}, before, later_versions, nothing)
    assert carried == [{"stage": "suspected"}, {}]
