"""How much processor time have a process and its descendants used? (shell).

On a machine that others use too, the time a server spent on an answer says more than
the answers it gave a second.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PARENT, _FIRST_TIME, _AFTER_LAST_TIME = 1, 11, 15
"""Fields after the name in `/proc/…/stat`: parent, then user and system time of the
process and of those children it has seen end."""


def tree_seconds(root: int) -> float:
    """Return the seconds used by a process and all below it, the ended ones too."""
    stats = _read_all()
    below: dict[int, list[int]] = {}
    for pid, fields in stats.items():
        below.setdefault(int(fields[_PARENT]), []).append(pid)
    waiting, ticks = [root], 0
    while waiting:
        pid = waiting.pop()
        waiting += below.get(pid, [])
        ticks += sum(map(int, stats.get(pid, [])[_FIRST_TIME:_AFTER_LAST_TIME]))
    return ticks / _TICKS


def _read_all() -> dict[int, list[str]]:
    """Return the fields after the name of every process that runs now."""
    stats = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                text = (folder / "stat").read_text(encoding="utf-8", errors="replace")
            except (FileNotFoundError, ProcessLookupError):
                continue
            stats[int(folder.name)] = text.rpartition(")")[2].split()
    return stats
