"""A connection on which no request comes is closed (shell).

Uvicorn waits without end for the first request of a connection, and for the rest of a
head that has begun: whoever opens many and says little would hold them all. A body has
a term of its own (`app.bodies`), an idle connection that was used before uvicorn's.

https://www.rfc-editor.org/rfc/rfc9110#section-15.5.9
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

PATIENCE_S: Final = 60.0
"""Longest time from the opening, or the first byte of a head, to its end; a default of
the project."""
_TOO_SLOW: Final = (
    b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
)


class Connection(HttpToolsProtocol):
    """A connection that knows since when a request is awaited on it.

    Attributes
    ----------
    awaited_since
        Time of the loop, seconds; None while a request is answered, and afterwards
        until the next begins.
    """

    awaited_since: float | None = None

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
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """Answer: the head is there."""
        self.awaited_since = None
        super().on_headers_complete()


def close_slow(connections: Iterable[Any], now: float) -> None:
    """Close those on which a head has been awaited for too long."""
    for connection in list(connections):
        since = connection.awaited_since
        if since is not None and now - since > PATIENCE_S:
            # Told once, also where a peer takes nothing and the close has to wait.
            connection.awaited_since = None
            connection.transport.write(_TOO_SLOW)
            connection.transport.close()
