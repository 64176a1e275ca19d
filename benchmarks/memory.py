"""How much memory do a process and its descendants use at most? (shell).

Proportional set size: a page that two processes share counts half for each, so that
forks are not counted twice. Sampled, so a peak shorter than the interval is missed.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Final, Self

INTERVAL_S: Final = 0.1


class PeakMemory:
    """Samples this process and all below it in a ``with`` block.

    Attributes
    ----------
    peak_bytes
        Largest sum seen.
    samples
        How often it was looked at.
    """

    def __init__(self) -> None:
        self.peak_bytes = 0
        self.samples = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._ended.wait(INTERVAL_S):
            self.peak_bytes = max(self.peak_bytes, tree_bytes(os.getpid()))
            self.samples += 1


def tree_bytes(root: int) -> int:
    """Return the proportional set size of a process and all below it, bytes."""
    total, waiting = 0, [root]
    while waiting:
        pid = waiting.pop()
        waiting += _children(pid)
        total += _proportional_bytes(pid)
    return total


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, task.read_text(encoding="ascii").split())
        except OSError:
            continue  # It has just ended.
    return found


def _proportional_bytes(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    for line in text.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
