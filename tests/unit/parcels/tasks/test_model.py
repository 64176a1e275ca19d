"""Which step may follow which, and when a task is late."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import get_args
from uuid import UUID

import pytest

from parcels.tasks.kinds import KINDS, title_of
from parcels.tasks.model import (
    NOT_ENDED,
    STATE_NAMES,
    Move,
    Step,
    Task,
    find_hindrance,
    state_after,
)

DUE = date(2026, 11, 30)
TIME = datetime(2026, 1, 1, tzinfo=UTC)


def make_task(**more):
    task = Task(
        id=UUID(int=1),
        kind="other",
        division_code="999901",
        bureau="EE",
        subject_theme=None,
        subject_code=None,
        decision_id=None,
        facts={"what": "查"},
        basis=(),
        origin=None,
        opened_on=date(2026, 1, 1),
        due_on=DUE,
        due_term=None,
        state="open",
        person=None,
        opened_by="x",
        opened_at=TIME,
        changed_at=TIME,
    )
    return replace(task, **more)


def make_move(step, **more):
    given = {"assigned": {"person": "李四"}, "returned": {"note": "不全"}}
    given |= {"withdrawn": {"note": "误开"}, "evidence_added": {"note": "照片"}}
    return Move(step, **{**given.get(step, {}), **more})


ALLOWED = {
    "open": {"assigned": "in_progress", "evidence_added": "in_progress"},
    "in_progress": {"assigned": "in_progress", "evidence_added": "in_progress"},
    "done_awaiting_check": {
        "evidence_added": "done_awaiting_check",
        "returned": "in_progress",
        "struck_off": "struck_off",
        "withdrawn": "withdrawn",
    },
    "struck_off": {},
    "withdrawn": {},
}
for under_way in ("open", "in_progress"):
    ALLOWED[under_way] |= {
        "reported_done": "done_awaiting_check",
        "withdrawn": "withdrawn",
    }


@pytest.mark.parametrize("state", STATE_NAMES)
@pytest.mark.parametrize("step", get_args(Step))
def test_a_step_is_taken_from_its_states_alone(state, step):
    task, move = make_task(state=state), make_move(step)
    hindrance = find_hindrance(task, move, has_evidence=True)
    after = ALLOWED[state].get(step)
    assert (hindrance is None) == (after is not None)
    if after is not None:
        assert state_after(task, move) == after


def test_nothing_is_reported_done_without_evidence():
    task = make_task(state="in_progress")
    found = find_hindrance(task, make_move("reported_done"), has_evidence=False)
    assert "佐证" in found.zh


@pytest.mark.parametrize(
    ("step", "state", "without"),
    [
        ("assigned", "open", "person"),
        ("evidence_added", "open", "note"),
        ("returned", "done_awaiting_check", "note"),
        ("withdrawn", "open", "note"),
    ],
)
def test_a_step_without_what_it_needs_is_hindered(step, state, without):
    move = make_move(step, **{without: None})
    hindrance = find_hindrance(make_task(state=state), move, has_evidence=True)
    assert without in hindrance.en or without in hindrance.zh


@pytest.mark.parametrize(
    ("today", "late"), [(date(2026, 11, 30), False), (date(2026, 12, 1), True)]
)
def test_a_task_is_late_from_the_day_after_its_last_day(today, late):
    assert make_task().is_late(today) is late


@pytest.mark.parametrize("state", STATE_NAMES)
def test_only_what_the_bureau_still_has_to_do_is_late(state):
    late = make_task(state=state).is_late(date(2027, 1, 1))
    assert late == (state in NOT_ENDED and state != "done_awaiting_check")


def test_a_task_without_a_last_day_is_never_late():
    assert not make_task(due_on=None).is_late(date(2099, 1, 1))


@pytest.mark.parametrize("kind", KINDS.values())
def test_a_title_says_its_facts_in_both_languages(kind):
    facts = {name: f"<{name}>" for name in kind.facts}
    zh, en = title_of(kind.name, facts)
    assert zh and en
    for name, value in facts.items():
        assert (value in zh) == (not name.endswith("_en"))
        assert (value in en) == (not name.endswith("_zh"))


def test_a_title_without_a_fact_still_reads():
    assert title_of("rectification", {}).zh == "整改：…"
    assert title_of("of another time", {}).en == "of another time"
