"""What waits together is answered together, and nobody meets another's fate."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.together import Together


class Desk:
    """Answers with the double of what is asked; `held` waits for `let_go`."""

    def __init__(self):
        self.groups = []
        self.let_go = threading.Event()

    def answer(self, asked):
        self.groups.append(list(asked))
        if "held" in asked:
            assert self.let_go.wait(10)
        if "broken" in asked:
            raise RuntimeError("the whole group")
        return [ValueError("not this") if one == "bad" else one * 2 for one in asked]


def run(desk, scenario, kind=lambda asked: None, most=4, groups=2):
    with ThreadPoolExecutor(4) as threads:

        async def play():
            together = Together(threads, desk.answer, kind, most=most, groups=groups)
            return await scenario(together)

        return asyncio.run(play())


async def behind_held(desk, together, asked):
    """Ask for what is held, then the others while it is; return their answers."""
    first = asyncio.create_task(together.ask("held"))
    await until(lambda: desk.groups)
    others = [asyncio.create_task(together.ask(one)) for one in asked]
    await asyncio.sleep(0)
    desk.let_go.set()
    answers = await asyncio.gather(*others, return_exceptions=True)
    assert await first == "heldheld"
    return answers


async def until(holds):
    while not holds():
        await asyncio.sleep(0.001)


def test_who_asks_alone_is_answered_alone_and_at_once():
    desk = Desk()

    async def scenario(together):
        return [await together.ask(one) for one in "abc"]

    assert run(desk, scenario) == ["aa", "bb", "cc"]
    assert desk.groups == [["a"], ["b"], ["c"]]


def test_those_who_wait_are_the_next_groups_in_their_order():
    desk = Desk()
    answers = run(desk, lambda together: behind_held(desk, together, "abcdef"), most=4)
    assert answers == ["aa", "bb", "cc", "dd", "ee", "ff"]
    assert desk.groups == [["held"], list("abcd"), list("ef")]


def test_only_what_is_of_one_kind_is_answered_together():
    desk = Desk()
    answers = run(
        desk, lambda together: behind_held(desk, together, "aBcD"), kind=str.isupper
    )
    assert answers == ["aa", "BB", "cc", "DD"]
    assert desk.groups == [["held"], ["a", "c"], ["B", "D"]]


def test_an_exception_for_one_is_his_alone():
    desk = Desk()
    good, bad, other = run(
        desk, lambda together: behind_held(desk, together, ["a", "bad", "b"])
    )
    assert (good, other) == ("aa", "bb")
    assert isinstance(bad, ValueError)


def test_an_error_of_the_whole_group_reaches_everyone_in_it_and_nobody_after():
    desk = Desk()

    async def scenario(together):
        answers = await behind_held(desk, together, ["a", "broken"])
        return [*answers, await together.ask("later")]

    first, second, later = run(desk, scenario)
    assert isinstance(first, RuntimeError) and isinstance(second, RuntimeError)
    assert later == "laterlater"


def test_nothing_is_asked_for_who_has_gone_away():
    desk = Desk()

    async def scenario(together):
        first = asyncio.create_task(together.ask("held"))
        await until(lambda: desk.groups)
        gone = asyncio.create_task(together.ask("gone"))
        stays = asyncio.create_task(together.ask("stays"))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
        desk.let_go.set()
        return await asyncio.gather(first, stays)

    assert run(desk, scenario) == ["heldheld", "staysstays"]
    assert desk.groups == [["held"], ["stays"]]


@pytest.mark.parametrize(("groups", "waits"), [(2, False), (1, True)])
def test_who_waits_long_behind_another_is_answered_beside_it(groups, waits):
    desk = Desk()

    async def scenario(together):
        first = asyncio.create_task(together.ask("held"))
        await until(lambda: desk.groups)
        second = asyncio.create_task(together.ask("quick"))
        done, _ = await asyncio.wait([second], timeout=1)
        desk.let_go.set()
        await asyncio.gather(first, second)
        return not done

    assert run(desk, scenario, groups=groups) is waits
