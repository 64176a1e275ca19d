"""Connections are spread evenly over the processes that share a socket."""

from __future__ import annotations

import asyncio
import os
import resource
import socket

import pytest

from app.accepting import OpenConnections, accept_evenly, raise_limit


class Process:
    """One process in place of another: its loop of accepting, its connections."""

    def __init__(
        self,
        listener: socket.socket,
        connections: OpenConnections,
        most: int = 10_000,
    ) -> None:
        self.most = most
        self.transports: set[asyncio.BaseTransport] = set()
        self.connections = connections
        # Of its own, as after a fork: a loop watches a descriptor once.
        self.listener = listener.dup()
        self.listener.setblocking(False)

    def serve(self) -> asyncio.Task[None]:
        return asyncio.create_task(
            accept_evenly(
                self.listener,
                self.connections,
                lambda: _Protocol(self.transports),
                lambda: len(self.transports),
                self.most,
            )
        )


class _Protocol(asyncio.Protocol):
    def __init__(self, transports: set[asyncio.BaseTransport]) -> None:
        self._transports = transports

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transports.add(transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transports.discard(self._transport)


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.fixture
def shared():
    descriptor = OpenConnections.share(2)
    yield descriptor
    os.close(descriptor)


async def call(listener: socket.socket, times: int) -> list[asyncio.StreamWriter]:
    address = listener.getsockname()
    return [(await asyncio.open_connection(*address))[1] for _ in range(times)]


async def until(reached, longest_s: float = 5.0) -> None:
    async with asyncio.timeout(longest_s):
        while not reached():
            await asyncio.sleep(0.005)


async def hang_up(callers: list[asyncio.StreamWriter]) -> None:
    for caller in callers:
        caller.close()
        await caller.wait_closed()


def test_sixteen_connections_are_eight_for_each_of_two(listener, shared):
    async def run() -> list[int]:
        both = [Process(listener, OpenConnections(shared, 2, n)) for n in (0, 1)]
        tasks = [process.serve() for process in both]
        await asyncio.sleep(0)
        callers = await call(listener, 16)
        await until(lambda: sum(len(process.transports) for process in both) == 16)
        found = [len(process.transports) for process in both]
        await hang_up(callers)
        for task in tasks:
            task.cancel()
        return found

    assert asyncio.run(run()) == [8, 8]


def test_what_another_process_does_not_take_is_taken_all_the_same(listener, shared):
    async def run() -> int:
        # It has told that it accepts, and hangs.
        OpenConnections(shared, 2, 1).tell(0)
        process = Process(listener, OpenConnections(shared, 2, 0))
        task = process.serve()
        callers = await call(listener, 3)
        await until(lambda: len(process.transports) == 3)
        found = len(process.transports)
        await hang_up(callers)
        task.cancel()
        return found

    assert asyncio.run(run()) == 3


def test_a_process_that_accepts_nothing_is_left_nothing(shared):
    here, there = (OpenConnections(shared, 2, place) for place in (0, 1))
    here.tell(1)
    assert not here.others_have_fewer
    there.tell(0)
    assert here.others_have_fewer
    assert not there.others_have_fewer
    there.close()
    assert not here.others_have_fewer


def test_with_many_open_a_few_more_count_as_even(shared):
    here, there = (OpenConnections(shared, 2, place) for place in (0, 1))
    here.tell(160)
    there.tell(150)
    assert not here.others_have_fewer
    there.tell(149)
    assert here.others_have_fewer


def test_one_process_alone_has_nobody_to_leave_anything_to():
    descriptor = OpenConnections.share(1)
    alone = OpenConnections(descriptor, 1, 0)
    alone.tell(7)
    assert not alone.others_have_fewer
    os.close(descriptor)


def test_it_goes_on_after_an_error_of_accepting(shared, monkeypatch):
    """As too many open files, which somebody closes again."""
    monkeypatch.setattr("app.accepting._RETRY_S", 0.01)

    class Failing(socket.socket):
        failures = 2

        def accept(self):
            if self.failures:
                self.failures -= 1
                raise OSError(24, "too many open files")
            return super().accept()

    async def run() -> bool:
        with Failing(socket.AF_INET, socket.SOCK_STREAM) as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            process = Process(listener, OpenConnections(shared, 2, 0))
            task = process.serve()
            callers = await call(listener, 1)
            await until(lambda: len(process.transports) == 1)
            await hang_up(callers)
            task.cancel()
            return process.listener.failures == 0

    assert asyncio.run(run())


def test_who_is_full_takes_no_more_until_one_is_closed(listener):
    async def run():
        descriptor = OpenConnections.share(1)
        process = Process(listener, OpenConnections(descriptor, 1, 0), most=2)
        serving = process.serve()
        await asyncio.sleep(0)
        callers = await call(listener, 3)
        await asyncio.sleep(0.3)
        assert len(process.transports) == 2
        callers[0].close()
        await asyncio.sleep(0.5)
        assert len(process.transports) == 2
        assert callers[0].get_extra_info("sockname") not in [
            one.get_extra_info("peername") for one in process.transports
        ]
        serving.cancel()
        os.close(descriptor)

    asyncio.run(run())


def test_connections_leave_open_files_for_the_rest():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (512, before[1]))
        most = raise_limit()
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert files > 512
    assert files - most == 256
