"""How much memory the machine, or the container, gives us."""

from __future__ import annotations

import os
from pathlib import Path

_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def memory_mb(limits: tuple[Path, ...] = _LIMITS) -> int:
    """Return the usable memory in MB: the machine's, or less where a limit is set."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min([machine, *_limits_in_bytes(limits)]) // (1024 * 1024)


def _limits_in_bytes(files: tuple[Path, ...]) -> list[int]:
    found = []
    for file in files:
        try:
            found.append(int(file.read_text(encoding="ascii")))
        except (OSError, ValueError):  # absent, or "max"
            continue
    return found
