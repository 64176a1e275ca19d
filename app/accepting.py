"""A new connection goes to the HTTP process that has the fewest open (shell).

The processes share one listening socket, and the kernel wakes whichever it likes: of
sixteen connections that a permit system keeps open, one process may get fifteen while
the processor of the other stands idle. So each tells, in memory that all of them share,
how many it has; who has more than another leaves a newcomer to that one for a moment.
"""

from __future__ import annotations

import asyncio
import logging
import mmap
import os
import resource
import socket
import sys
from collections.abc import Callable
from typing import Final

log = logging.getLogger(__name__)

_LOOKS: Final = 20
_LOOK_S: Final = 0.001
"""A connection is left to another process for so many looks, then taken all the same:
the other may be busy for as long, or hang."""
_EVEN_WITHIN: Final = 16
"""One in so many more than another counts as even: many may come at once."""
_RETRY_S: Final = 1.0
"""After an error of accepting, as too many open files: they have to be closed first."""
_FULL_S: Final = 0.1
_MOST_FILES: Final = 65_536
_RESERVED: Final = 256
"""Open files for the database, surveys and answers, which connections must leave."""
_CLOSED: Final = sys.maxsize
"""Of a process that accepts nothing, or not yet."""
_SIZE: Final = 8


class OpenConnections:
    """How many connections each process has open; nothing but numbers is shared.

    Parameters
    ----------
    descriptor
        Of the shared memory, see `share`.
    places, place
        How many processes share it, and which of them this one is, from 0.
    """

    def __init__(self, descriptor: int, places: int, place: int) -> None:
        self._counts = memoryview(mmap.mmap(descriptor, places * _SIZE)).cast("q")
        self._place = place
        self.close()

    @staticmethod
    def share(places: int) -> int:
        """Return the descriptor of memory for so many processes, all of them closed."""
        descriptor = os.memfd_create("jingtu-connections")
        os.write(descriptor, _CLOSED.to_bytes(_SIZE, sys.byteorder) * places)
        return descriptor

    def tell(self, count: int) -> None:
        """Say how many this process has."""
        self._counts[self._place] = count

    def close(self) -> None:
        """Say that this process accepts nothing."""
        self.tell(_CLOSED)

    @property
    def others_have_fewer(self) -> bool:
        """Whether another process that accepts has notably fewer than this one."""
        own: int = self._counts[self._place]
        return min(self._counts) < own - own // _EVEN_WITHIN


def raise_limit() -> int:
    """Let this process open as many files as it may; return how many connections.

    A thousand, as is usual, is soon reached: whoever held so many connections would
    also have kept the database and every file from being opened.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return max(files - _RESERVED, files // 2)


async def accept_evenly(
    listener: socket.socket,
    connections: OpenConnections,
    make_protocol: Callable[[], asyncio.Protocol],
    count: Callable[[], int],
    most: int,
) -> None:
    """Take connections until cancelled.

    Parameters
    ----------
    listener
        Not blocking; shared with the other processes.
    connections
        Where this process tells its number, and sees those of others.
    count
        How many this process has open.
    most
        With so many open it takes no more: they wait in the kernel.
    """
    loop = asyncio.get_running_loop()
    connections.tell(count())
    while True:
        await _until_somebody_calls(loop, listener)
        connections.tell(count())
        await _leave_to_others(connections)
        while count() >= most:
            await asyncio.sleep(_FULL_S)
        try:
            taken, _ = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            continue
        except OSError:
            log.exception("a connection cannot be accepted")
            await asyncio.sleep(_RETRY_S)
            continue
        taken.setblocking(False)
        await loop.connect_accepted_socket(make_protocol, taken)
        connections.tell(count())


async def _leave_to_others(connections: OpenConnections) -> None:
    for _ in range(_LOOKS):
        if not connections.others_have_fewer:
            return
        await asyncio.sleep(_LOOK_S)


async def _until_somebody_calls(
    loop: asyncio.AbstractEventLoop, listener: socket.socket
) -> None:
    called = asyncio.Event()
    loop.add_reader(listener, called.set)
    try:
        await called.wait()
    finally:
        loop.remove_reader(listener)
