"""One of the processes that answer HTTP; they share the supervisor's socket."""

from __future__ import annotations

import socket
import sys

import uvicorn

from app.children import STOPPING_S, end_with_parent
from app.logs import set_up_logging
from app.refusals import told_plainly
from app.settings import read_settings


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
        uvicorn.Server(server_configuration()).run(sockets=[listener])


if __name__ == "__main__":
    main(sys.argv[1:])
