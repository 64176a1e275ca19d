"""Of several that are asked together, one that is refused ends no other."""

import pytest

from parcels.refusal import Refusal, attempt, go_on, insist

NO = Refusal("no", "不行", "no")


def halve(number):
    if number % 2:
        raise NO
    return number // 2


def test_a_refusal_keeps_its_place_among_answers():
    called = []

    def add_one(numbers):
        called.append(numbers)
        return [number + 1 for number in numbers]

    halved = [attempt(halve, number) for number in (4, 3, 8)]
    assert go_on(add_one, halved) == [3, NO, 5]
    assert called == [[2, 4]]


def test_nothing_is_called_where_all_was_refused():
    assert go_on(lambda _: pytest.fail("called"), [NO, NO]) == [NO, NO]


def test_another_exception_is_no_refusal():
    with pytest.raises(TypeError):
        attempt(halve, None)


def test_who_insists_meets_the_exception_that_was_the_answer():
    assert insist(3) == 3
    with pytest.raises(Refusal):
        insist(NO)
    with pytest.raises(KeyError):
        insist(KeyError("other"))
