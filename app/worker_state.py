"""Does the worker work, and can it seal the ledger? A small file tells the others.

Written after each look for what is to be sealed, every few seconds; read by `/metrics`
and `jingtu check`. A worker that stands still writes nothing, and the file grows old.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FILE: Final = "worker-state.json"
LATE_S: Final = 60.0
"""Age from which the worker counts as standing still; a project default. A look takes
seconds at most and comes every two."""


@dataclass(frozen=True, slots=True)
class WorkerState:
    """What the worker left: how long ago in seconds, and what keeps it from sealing."""

    age_s: float
    fault: str | None


def leave_state(data_dir: Path, fault: str | None) -> None:
    """Write it for the others; a full disk is no reason to fail."""
    draft = data_dir / f".{FILE}"
    try:
        draft.write_text(json.dumps({"fault": fault}), encoding="utf-8")
        draft.replace(data_dir / FILE)
    except OSError:
        return


def find_state(data_dir: Path) -> WorkerState | None:
    """Return what the worker left last; None when there is nothing to be read."""
    path = data_dir / FILE
    try:
        fault = json.loads(path.read_text(encoding="utf-8"))["fault"]
        return WorkerState(max(0.0, time.time() - path.stat().st_mtime), fault)
    except (OSError, ValueError, KeyError, TypeError):
        return None
