"""How much memory do a process and its descendants use at most? (shell).

The sum of their resident set sizes: a page that two processes share counts for each,
so the figure is never too small. Counting it once would make the kernel walk every page
and hold up what is measured. Sampled: a peak shorter than the interval is missed.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Final, Self

INTERVAL_S: Final = 0.1
_PAGE_BYTES: Final = os.sysconf("SC_PAGESIZE")


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
            self.samples += 1
            processes = _tree(os.getpid())
            resident = sum(map(_resident_bytes, processes))
            self.peak_bytes = max(self.peak_bytes, resident)


def _tree(root: int) -> list[int]:
    """Return a process and all below it."""
    found, waiting = [], [root]
    while waiting:
        found.append(waiting.pop())
        waiting += _children(found[-1])
    return found


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, task.read_text(encoding="ascii").split())
        except OSError:
            continue  # It has just ended.
    return found


def _resident_bytes(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/statm").read_text(encoding="ascii")
    except OSError:
        return 0
    return int(text.split()[1]) * _PAGE_BYTES
