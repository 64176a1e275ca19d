"""Batches worked on side by side come back in their order."""

import threading
import time

import pytest

from parcels.surveys.in_turn import in_turn


def test_results_keep_the_order_of_the_items():
    def slow_first(number):
        time.sleep(0.02 if number == 0 else 0.0)
        return number * number

    assert list(in_turn(slow_first, range(6), 2)) == [0, 1, 4, 9, 16, 25]


def test_two_items_are_worked_on_at_once():
    together = threading.Barrier(2, timeout=10)
    assert len(list(in_turn(lambda _: together.wait(), range(2), 2))) == 2


def test_no_more_is_read_than_can_be_worked_on():
    read = []

    def items():
        for number in range(20):
            read.append(number)
            yield number

    results = in_turn(lambda number: number, items(), 2)
    next(results)
    assert len(read) <= 4


@pytest.mark.parametrize("place", ["items", "work"])
def test_what_fails_is_raised(place):
    def items():
        yield 1
        if place == "items":
            raise ValueError("torn")
        yield 2

    def work(number):
        if place == "work" and number == 2:
            raise ValueError("torn")
        return number

    with pytest.raises(ValueError, match="torn"):
        list(in_turn(work, items(), 2))
