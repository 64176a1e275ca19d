"""A connection that brings no whole request, or takes no answer, is closed (shell).

Uvicorn waits without end for the first request of a connection, and for the rest of a
head that has begun, and keeps all of it: whoever opens many and says little would hold
them all, and whoever never stops would fill the memory. Nor is there an end to waiting
for a peer that reads nothing of its answer, which is kept meanwhile. A body has limits
of its own (`app.bodies`), an idle connection that was used before uvicorn's.

https://www.rfc-editor.org/rfc/rfc9110#section-15.5.9
https://www.rfc-editor.org/rfc/rfc6585#section-5
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Iterable
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.head_refusals import (
    LONGEST_HEAD,
    NO_REQUEST,
    TOO_LONG,
    TOO_SLOW,
    write_refusal,
)
from app.problems import Problem

log = logging.getLogger(__name__)

PATIENCE_S: Final = 60.0
"""Longest time from the opening, or the first byte of a head, to its end; a default of
the project. Also the longest time in which a peer takes nothing of what waits."""


class Connection(HttpToolsProtocol):
    """A connection that knows since when a request is awaited on it.

    Attributes
    ----------
    awaited_since
        Time of the loop, seconds; None while a request is answered, and afterwards
        until the next begins.
    unread
        Bytes that wait for the peer, and since when they have been as many.
    """

    awaited_since: float | None = None
    unread: tuple[int, float] = (0, 0.0)
    _beside: int = 0
    """Bytes since the last that belonged to a body, or ended a head or a request."""

    def connection_made(  # type: ignore[override]
        self, transport: asyncio.Transport
    ) -> None:
        """Await the first request."""
        super().connection_made(transport)
        self.awaited_since = self.loop.time()

    def data_received(self, data: bytes) -> None:
        """Await the rest of what begins here; a head that is complete ends that."""
        idle = self.cycle is None or self.cycle.response_complete
        if self.awaited_since is None and idle:
            self.awaited_since = self.loop.time()
        self._beside += len(data)
        super().data_received(data)
        if self._beside > LONGEST_HEAD and not self.transport.is_closing():
            self.refuse(TOO_LONG)

    def on_headers_complete(self) -> None:
        """Answer: the head is there."""
        self.awaited_since = None
        self._beside = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self._beside = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Take the end of a request."""
        self._beside = 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, as all is refused."""
        self.refuse(NO_REQUEST)

    def refuse(self, problem: Problem) -> None:
        """Say why, and close."""
        number = secrets.token_hex(8)
        log.info("request %s was none: %s", number, problem.slug)
        self.transport.write(write_refusal(problem, self.headers or (), number))
        self.transport.close()


def close_slow(connections: Iterable[Any], now: float) -> None:
    """Close those that have kept the service waiting for too long.

    Either a head has been awaited, or the peer has taken nothing of what waits for it.
    """
    for connection in list(connections):
        since = connection.awaited_since
        if since is not None and now - since > PATIENCE_S:
            # Told once, also where a peer takes nothing and the close has to wait.
            connection.awaited_since = None
            connection.refuse(TOO_SLOW)
        waiting = connection.transport.get_write_buffer_size()
        if waiting != connection.unread[0]:
            connection.unread = waiting, now
        elif waiting and now - connection.unread[1] > PATIENCE_S:
            connection.transport.abort()
