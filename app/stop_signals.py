"""A command that is told to stop clears away what it made on the way."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_STOPS: Final = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def ended_in_order() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end a block as Ctrl-C does: by an exception, once.

    The process then ends with 128 and the signal's number. A signal that whoever
    started us had ignored (`nohup`) stays ignored. In the main thread only.
    """
    ours = [one for one in _STOPS if signal.getsignal(one) == signal.SIG_DFL]

    def end(number: int, frame: FrameType | None) -> None:
        for one in ours:
            signal.signal(one, signal.SIG_IGN)
        raise SystemExit(128 + number)

    for one in ours:
        signal.signal(one, end)
    try:
        yield
    finally:
        for one in ours:
            signal.signal(one, signal.SIG_DFL)
