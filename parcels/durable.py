"""Have something on the disk, not only in its cache (shell)."""

from __future__ import annotations

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Have what a file holds, or the names in a folder, on the disk.

    Raises
    ------
    OSError
        If the disk is full, or lost.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
