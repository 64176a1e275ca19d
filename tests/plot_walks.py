"""Random walks through the life of a plot, with what must hold at every moment."""

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from parcels.plots.correction import WrongEvent
from parcels.plots.lifecycle import Accepted, judge_event, surveyed_as_key_unit
from parcels.plots.lists import disagreements
from parcels.plots.occurrence import PastEvent, Standing
from parcels.plots.transitions import TRANSITION_OF
from tests.plot_builders import make_occurrence

FIRST = date(2020, 1, 1)
LAST = date(2026, 11, 1)
EVENTS = sorted(TRANSITION_OF)
SELDOM = 0.02
"""How often a correction is among what may come next."""


@dataclass
class Life:
    """What happened to a plot that was a candidate on the first day."""

    events: list[PastEvent] = field(default_factory=list)

    withdrawn: set[str] = field(default_factory=set)

    def add(self, event: str, from_stage: str, to_stage: str, on: date) -> None:
        code = f"E{len(self.events):05d}"
        self.events.append(PastEvent(code, event, from_stage, to_stage, on))
        # The sort is stable: events of one day follow each other as recorded.
        self.events.sort(key=lambda one: one.on)

    def last_step(self) -> PastEvent | None:
        """The last event that a correction could withdraw."""
        for one in reversed(self.events):
            step = TRANSITION_OF[one.event]
            if one.event == "entry_withdrawn":
                return None
            if one.code not in self.withdrawn and not step.corrects:
                return one
        return None

    def withdraw(self, wrong: PastEvent) -> None:
        """Let an event no longer count; on the timeline both stay."""
        self.withdrawn.add(wrong.code)
        self.add("event_withdrawn", wrong.to_stage, wrong.from_stage, wrong.on)

    def standing(self, on: date) -> Standing:
        """Replay the table itself: nothing here is taken from the judge."""
        stage, held, lists = "candidate", False, set()
        for one in self.events:
            if one.on > on:
                break
            step = TRANSITION_OF[one.event]
            if one.code in self.withdrawn or (step.corrects and not step.to_stage):
                continue
            assert stage in step.from_stages, (one, stage)
            assert step.needs_held in (None, held), one
            assert one.from_stage == stage
            stage = step.to_stage or stage
            assert one.to_stage == stage
            held = held if step.sets_held is None else step.sets_held
            lists = (lists | set(step.enters)) - set(step.leaves)
        events = [
            replace(one, withdrawn=one.code in self.withdrawn) for one in self.events
        ]
        past = tuple(one for one in events if one.on <= on)
        later = tuple(one for one in events if one.on > on)
        return Standing(stage, held, frozenset(lists), past, later)


def choose_day(chance: random.Random, life: Life) -> date:
    """Mostly a little after the last event, sometimes any day before."""
    last = life.events[-1].on if life.events else FIRST
    if chance.random() < 0.15:
        span = (LAST - FIRST).days
        return FIRST + timedelta(days=chance.randrange(span))
    return min(last + timedelta(days=chance.randrange(3)), LAST)


def choose_event(chance: random.Random, standing: Standing) -> str:
    """Mostly one that may come next; a mistaken entry only now and then."""
    if chance.random() < 0.1:
        return chance.choice(EVENTS)
    fitting = [
        name
        for name, step in TRANSITION_OF.items()
        if standing.stage in step.from_stages
        and step.needs_held in (None, standing.held)
        and (not step.corrects or chance.random() < SELDOM)
    ]
    return chance.choice(fitting or EVENTS)


def check_agreement(standing: Standing) -> None:
    """Stage and lists go together."""
    key_unit = surveyed_as_key_unit(standing.past)
    found = disagreements(standing.stage, standing.lists, key_unit=key_unit)
    assert not found, (standing, found)


def walk(chance: random.Random, life: Life) -> bool:
    """Try one event; tell whether it happened. Everything must agree after it."""
    on = choose_day(chance, life)
    standing = life.standing(on)
    event = choose_event(chance, standing)
    if event == "event_withdrawn":
        return _withdraw_last(life)
    judged = judge_event(standing, make_occurrence(event, on))
    if not isinstance(judged, Accepted):
        return False
    life.add(event, standing.stage, judged.stage, on)
    after = life.standing(on)
    assert (after.stage, after.held) == (judged.stage, judged.held)
    assert after.lists == (standing.lists | set(judged.enters)) - set(judged.leaves)
    for day in {on, LAST}:
        check_agreement(life.standing(day))
    return True


def _withdraw_last(life: Life) -> bool:
    """Take the last event back: stage, flag and lists are as they were before it."""
    wrong = life.last_step()
    if wrong is None:
        return False
    after = life.standing(wrong.on)
    life.withdrawn.add(wrong.code)
    before = life.standing(wrong.on)
    life.withdrawn.remove(wrong.code)
    known = WrongEvent(
        wrong.code,
        wrong.on,
        wrong.from_stage,
        before.held,
        enters=tuple(before.lists - after.lists),
        leaves=tuple(after.lists - before.lists),
    )
    occurrence = make_occurrence("event_withdrawn", wrong.on, wrong_event=known)
    judged = judge_event(after, occurrence)
    assert isinstance(judged, Accepted), judged.missing
    life.withdraw(wrong)
    assert (before.stage, before.held) == (judged.stage, judged.held)
    assert before.lists == (after.lists | set(judged.enters)) - set(judged.leaves)
    check_agreement(life.standing(wrong.on))
    return True
