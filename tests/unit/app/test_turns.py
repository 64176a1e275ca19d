"""One client's requests leave room for those of others."""

import asyncio

import pytest

from app.turns import Turns


class Load:
    """Requests under way, by client, and the most there were at once."""

    def __init__(self, threads):
        self.turns = Turns(threads)
        self.under_way = {}
        self.most = {}
        self.go_on = asyncio.Event()

    async def ask(self, client):
        async with self.turns.of(client):
            self.under_way[client] = self.under_way.get(client, 0) + 1
            self.most[client] = max(self.most.get(client, 0), self.under_way[client])
            await self.go_on.wait()
            self.under_way[client] -= 1


async def settle():
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.mark.parametrize(("threads", "most"), [(1, 1), (2, 1), (5, 3), (10, 5)])
def test_a_client_has_half_of_the_threads_at_most(threads, most):
    async def run():
        load = Load(threads)
        asked = [asyncio.create_task(load.ask("busy")) for _ in range(40)]
        await settle()
        other = asyncio.create_task(load.ask("other"))
        await settle()
        assert load.under_way == {"busy": most, "other": 1}
        load.go_on.set()
        await asyncio.gather(*asked, other)
        assert load.most["busy"] == most
        assert load.turns._clients == {}

    asyncio.run(run())


def test_who_gives_up_waiting_takes_no_turn_with_him():
    async def run():
        load = Load(2)
        first, second = (asyncio.create_task(load.ask("a")) for _ in range(2))
        await settle()
        second.cancel()
        load.go_on.set()
        await asyncio.gather(first, second, return_exceptions=True)
        await load.ask("a")
        assert load.under_way == {"a": 0}
        assert load.turns._clients == {}

    asyncio.run(run())
