"""How is a peer kept from holding a thread? Its connection ends in time (shell).

A time limit of the socket is for one answer of the system: whoever sends a byte now
and then is never late.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def hanging_up(connected: socket.socket, seconds: float) -> Iterator[None]:
    """Hang up if what is done with the peer takes longer, whatever it takes."""
    clock = threading.Timer(seconds, _hang_up, [connected])
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()


def _hang_up(connected: socket.socket) -> None:
    try:
        connected.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
