"""Random lives of plots: whatever happens, stage, flag, lists and days agree."""

import random

import pytest

from parcels.plots.transitions import TRANSITION_OF
from tests.plot_walks import LAST, Life, walk

TRIES, PER_LIFE = 10_000, 50


@pytest.fixture(scope="module")
def lives():
    """Ten thousand events tried, fifty for each plot."""
    chance = random.Random(5)
    found = [Life() for _ in range(TRIES // PER_LIFE)]
    happened = sum(walk(chance, life) for life in found for _ in range(PER_LIFE))
    return found, happened


def test_everything_agrees_after_ten_thousand_events(lives):
    found, happened = lives
    # The walk would prove nothing if almost everything had been refused.
    assert TRIES // 3 < happened < TRIES
    for life in found:
        life.standing(LAST)


def test_every_step_was_taken(lives):
    found, _ = lives
    taken = {one.event for life in found for one in life.events}
    assert taken == set(TRANSITION_OF)


def test_events_were_backdated(lives):
    found, _ = lives
    assert any(
        [one.code for one in life.events] != sorted(one.code for one in life.events)
        for life in found
    )
