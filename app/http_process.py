"""One of the processes that answer HTTP; they share the supervisor's socket."""

from __future__ import annotations

import gc
import socket
import sys
from typing import Final

import uvicorn

from app.children import STOPPING_S, end_with_parent
from app.logs import set_up_logging
from app.refusals import told_plainly
from app.settings import read_settings

_OBJECTS_BETWEEN_COLLECTIONS: Final = 20_000
"""With Python's 700 what a decision has in use is looked through again and again."""


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start; what stands then stands to the end and is no garbage to look for."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()


def server_configuration() -> uvicorn.Config:
    """Return how uvicorn runs: no access log (it costs a tenth of the rate)."""
    return uvicorn.Config(
        "app.main:create_app",
        factory=True,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=STOPPING_S,
    )


def main(arguments: list[str]) -> None:
    """Serve requests on the inherited socket whose number is the only argument."""
    end_with_parent()
    listener = socket.socket(fileno=int(arguments[0]))
    with told_plainly():
        set_up_logging(read_settings())
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, *gc.get_threshold()[1:])
        _Server(server_configuration()).run(sockets=[listener])


if __name__ == "__main__":
    main(sys.argv[1:])
