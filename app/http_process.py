"""One of the processes that answer HTTP; they share the supervisor's socket."""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
import sys
from typing import Final

import uvicorn

from app.accepting import OpenConnections, accept_evenly, raise_limit
from app.children import STOPPING_S, end_with_parent
from app.logs import set_up_logging
from app.patience import Connection, close_slow
from app.refusals import told_plainly
from app.settings import Settings, read_settings

log = logging.getLogger(__name__)

_OBJECTS_BETWEEN_COLLECTIONS: Final = 20_000
"""With Python's 700 what a decision has in use is looked through again and again."""


class _Server(uvicorn.Server):
    """Serves the connections that fall to this process.

    Parameters
    ----------
    listener
        Shared with the other processes.
    connections
        How many each of them has.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        listener: socket.socket,
        connections: OpenConnections,
    ) -> None:
        super().__init__(config)
        self._listener = listener
        self._connections = connections
        self._accepting: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start; what stands then stands to the end and is no garbage to look for."""
        await super().startup(sockets=[])
        self._listener.setblocking(False)
        accepting = accept_evenly(
            self._listener,
            self._connections,
            self._make_protocol,
            self._count,
            raise_limit(),
        )
        self._accepting = asyncio.create_task(accepting)
        self._accepting.add_done_callback(self._end)
        gc.collect()
        gc.freeze()

    async def on_tick(self, counter: int) -> bool:
        """Tell the other processes what was closed since, ten times a second."""
        close_slow(self.server_state.connections, asyncio.get_running_loop().time())
        self._connections.tell(self._count())
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections, and end those there are."""
        self._connections.close()
        if self._accepting is not None:
            self._accepting.cancel()
        await super().shutdown(sockets=[self._listener])

    def _make_protocol(self) -> asyncio.Protocol:
        # As uvicorn makes them for the sockets that it listens on itself.
        return self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )

    def _count(self) -> int:
        return len(self.server_state.connections)

    def _end(self, accepting: asyncio.Task[None]) -> None:
        """End the process if it can accept no more; the supervisor starts another."""
        if not accepting.cancelled() and (error := accepting.exception()):
            log.error("no connection can be accepted any more", exc_info=error)
            self.should_exit = True


def server_configuration(settings: Settings) -> uvicorn.Config:
    """Return how uvicorn runs: no access log (it costs a tenth of the rate)."""
    return uvicorn.Config(
        "app.main:create_app",
        factory=True,
        loop="uvloop",
        http=Connection,
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        forwarded_allow_ips=settings.proxies,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=STOPPING_S,
    )


def main(arguments: list[str]) -> None:
    """Serve requests on an inherited socket.

    Parameters
    ----------
    arguments
        Descriptors of the socket and of the numbers of open connections, how many
        processes there are, and the place of this one.
    """
    end_with_parent()
    descriptor, shared, places, place = map(int, arguments)
    listener = socket.socket(fileno=descriptor)
    connections = OpenConnections(shared, places, place)
    with told_plainly():
        settings = read_settings()
        set_up_logging(settings)
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, *gc.get_threshold()[1:])
        _Server(server_configuration(settings), listener, connections).run()


if __name__ == "__main__":
    main(sys.argv[1:])
