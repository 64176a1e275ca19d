"""What has this service answered, and how fast? Prometheus text, summed over processes.

Each process counts for itself and leaves its counts as a small file in the data
directory; whoever is asked adds up the files of the processes of the same run. Only
technical figures: no codes, no outcomes, nothing of the land.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from app.worker_state import find_state

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_SAVE_EVERY_S: Final = 2.0

Counts = dict[str, float]


class Metrics:
    """Counters of one process.

    Parameters
    ----------
    folder
        Where the processes of a run leave their counts.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / f"{os.getppid()}-{os.getpid()}.json"
        self._requests: defaultdict[tuple[str, str, int], int] = defaultdict(int)
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._buckets: defaultdict[tuple[str, int], int] = defaultdict(int)
        self._lock = threading.Lock()
        self._next_save = 0.0
        self.in_progress = 0
        self.connections_in_use = 0

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request; `route` is the path with its parameters named."""
        self._requests[method, route, status] += 1
        self._seconds[route] += seconds
        self._buckets[route, bisect_left(BUCKETS_S, seconds)] += 1
        if time.monotonic() > self._next_save:
            self.save()

    def save(self) -> None:
        """Leave the counts for other processes; a full disk is no reason to fail."""
        self._next_save = time.monotonic() + _SAVE_EVERY_S
        draft = self._file.with_suffix(".draft")
        try:
            with self._lock:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                draft.write_text(json.dumps(self._counts()), encoding="utf-8")
                draft.replace(self._file)
        except OSError:
            return

    def exposition(self) -> str:
        """Return the counts of every process of this run as Prometheus text."""
        self.save()
        totals: defaultdict[str, float] = defaultdict(float, self._state())
        for name, value in self._counts().items():
            totals[name] += value
        for counts in self._read_others():
            for name, value in counts.items():
                totals[name] += value
        return _text(totals)

    def _state(self) -> Counts:
        """Return what is the same for every process: worker, ledger, disk."""
        data_dir = self._file.parent.parent
        found: Counts = {}
        if data_dir.exists():
            found["jingtu_data_disk_free_bytes"] = shutil.disk_usage(data_dir).free
        if (worker := find_state(data_dir)) is not None:
            found["jingtu_worker_age_seconds"] = worker.age_s
            found["jingtu_ledger_sealing_fails"] = worker.fault is not None
        return found

    def _counts(self) -> Counts:
        counts: Counts = {
            "jingtu_requests_in_progress": self.in_progress,
            "jingtu_database_connections_in_use": self.connections_in_use,
        }
        for (method, route, status), number in list(self._requests.items()):
            labels = f'method="{method}",route="{route}",status="{status}"'
            counts[f"jingtu_requests_total{{{labels}}}"] = number
        for route, seconds in list(self._seconds.items()):
            counts[f'jingtu_request_seconds_sum{{route="{route}"}}'] = seconds
            counts.update(self._histogram(route))
        return counts

    def _histogram(self, route: str) -> Counts:
        counts: Counts = {}
        total = 0
        for place, bound in enumerate((*map(str, BUCKETS_S), "+Inf")):
            total += self._buckets.get((route, place), 0)
            labels = f'route="{route}",le="{bound}"'
            counts[f"jingtu_request_seconds_bucket{{{labels}}}"] = total
        counts[f'jingtu_request_seconds_count{{route="{route}"}}'] = total
        return counts

    def _read_others(self) -> Iterable[Counts]:
        run = f"{os.getppid()}-"
        for file in self._file.parent.glob("*.json"):
            if file == self._file:
                continue
            if not file.name.startswith(run):
                file.unlink(missing_ok=True)
                continue
            try:
                counts: Counts = json.loads(file.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue
            yield counts if _is_alive(file) else _without_gauges(counts)


_TYPES: Final = {
    "jingtu_requests_in_progress": "gauge",
    "jingtu_database_connections_in_use": "gauge",
    "jingtu_data_disk_free_bytes": "gauge",
    "jingtu_worker_age_seconds": "gauge",
    "jingtu_ledger_sealing_fails": "gauge",
    "jingtu_requests_total": "counter",
    "jingtu_request_seconds": "histogram",
}


def _is_alive(file: Path) -> bool:
    return Path("/proc", file.stem.partition("-")[2]).exists()


def _without_gauges(counts: Counts) -> Counts:
    """Return what a process that ended has counted: it has nothing in hand any more."""
    return {
        name: value for name, value in counts.items() if _TYPES.get(name) != "gauge"
    }


def _text(totals: Counts) -> str:
    lines = []
    for family, kind in _TYPES.items():
        lines.append(f"# TYPE {family} {kind}")
        lines += [
            f"{name} {value:g}" if value != int(value) else f"{name} {int(value)}"
            for name, value in totals.items()
            if name.partition("{")[0] in _members(family, kind)
        ]
    return "\n".join(lines) + "\n"


def _members(family: str, kind: str) -> tuple[str, ...]:
    if kind != "histogram":
        return (family,)
    return tuple(f"{family}_{part}" for part in ("bucket", "sum", "count"))
