"""Random walks through the life of a plot, with what must hold at every moment."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from parcels.plots.lifecycle import Accepted, judge_event, surveyed_as_key_unit
from parcels.plots.lists import disagreements
from parcels.plots.occurrence import PastEvent, Standing
from parcels.plots.transitions import TRANSITION_OF
from tests.plot_builders import make_occurrence

FIRST = date(2020, 1, 1)
LAST = date(2026, 11, 1)
EVENTS = sorted(TRANSITION_OF)


@dataclass
class Life:
    """What happened to a plot that was a candidate on the first day."""

    events: list[PastEvent] = field(default_factory=list)

    def add(self, event: str, from_stage: str, to_stage: str, on: date) -> None:
        code = f"E{len(self.events):05d}"
        self.events.append(PastEvent(code, event, from_stage, to_stage, on))
        # The sort is stable: events of one day follow each other as recorded.
        self.events.sort(key=lambda one: one.on)

    def standing(self, on: date) -> Standing:
        """Replay the table itself: nothing here is taken from the judge."""
        stage, held, lists = "candidate", False, set()
        for one in self.events:
            if one.on > on:
                break
            step = TRANSITION_OF[one.event]
            assert stage in step.from_stages, (one, stage)
            assert step.needs_held in (None, held), one
            assert one.from_stage == stage
            stage = step.to_stage or stage
            assert one.to_stage == stage
            held = held if step.sets_held is None else step.sets_held
            lists = (lists | set(step.enters)) - set(step.leaves)
        past = tuple(one for one in self.events if one.on <= on)
        later = tuple(one for one in self.events if one.on > on)
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
        and (name != "entry_withdrawn" or chance.random() < 0.02)
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
