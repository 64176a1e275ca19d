"""One client's requests leave room for those of others (shell).

Plain endpoints run in the threads of a process in the order in which they came. Forty
exports that one client asks for at once would keep everybody behind them waiting: half
a minute for one parcel (measured). So a client has half of the threads at most; what
he asks for beyond that waits for his own to end. Whoever comes without a key counts
as one client.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class _Client:
    free: asyncio.Semaphore
    requests: int = 0


class Turns:
    """How many requests of each client are under way in this process.

    Parameters
    ----------
    threads
        That all clients share.
    """

    def __init__(self, threads: int) -> None:
        self._most = -(-threads // 2)
        self._clients: dict[Hashable, _Client] = {}

    @asynccontextmanager
    async def of(self, client: Hashable) -> AsyncIterator[None]:
        """Wait for a turn of a client, and hold it to the end of the block."""
        one = self._clients.setdefault(client, _Client(asyncio.Semaphore(self._most)))
        one.requests += 1
        try:
            async with one.free:
                yield
        finally:
            one.requests -= 1
            if not one.requests:
                del self._clients[client]
