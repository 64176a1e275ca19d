"""Processes that read survey files, kept warm (shell).

A reading process loads GDAL, GEOS and Arrow once (half a second) and forks for each
file. It ends when this process does, or when nothing was asked of it for minutes.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import parcels

_ROOT: Final = Path(parcels.__file__).parent.parent
_START_SECONDS: Final = 60.0
_KEPT: Final = 2
_LOOK_SECONDS: Final = 0.5

Look = Callable[[], None]


class TookTooLong(Exception):
    """A job was stopped because its time was up."""


class _Gone(Exception):
    """The reading process ended before it took the job."""


class _Reader:
    """One reading process; does one job at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "parcels.surveys.child"],
            cwd=_ROOT,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            bufsize=0,
        )
        self._line = b""

    def run(self, job: Path, seconds: float, look: Look) -> int:
        """Do a job; return its exit status, negative for the signal that ended it.

        `look` is called now and then; what it raises passes through, and leaves the
        job running: the caller closes this.
        """
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(os.fsencode(job) + b"\n")
        except BrokenPipeError as error:
            raise _Gone from error
        fork = self._read_number(_START_SECONDS)
        if fork is None:
            raise _Gone
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            status = self._read_number(min(left, _LOOK_SECONDS))
            if status is not None:
                return status
            look()
        try:
            os.kill(fork, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._read_number(_START_SECONDS)
        raise TookTooLong

    def _read_number(self, seconds: float) -> int | None:
        """Return the next line; None when it does not come in time or at all.

        What came of a line is kept for the next call.
        """
        assert self._process.stdout is not None
        deadline = time.monotonic() + seconds
        while not self._line.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._process.stdout], [], [], left)[0]:
                return None
            byte = self._process.stdout.read(1)
            if not byte:
                raise _Gone
            self._line += byte
        line, self._line = self._line, b""
        return int(line)

    def close(self) -> None:
        """End the process and its fork."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()


class ReaderPool:
    """Reading processes of this process; takes jobs from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[_Reader] = []

    def run(self, job: Path, seconds: float, look: Look = lambda: None) -> int:
        """Do a job in a fork of a reading process; return its exit status.

        `look` is called every `_LOOK_SECONDS`; what it raises ends the job.

        Raises
        ------
        TookTooLong
            If it was stopped after that many seconds.
        """
        with self._lock:
            reader = self._idle.pop() if self._idle else None
        if reader is not None:
            try:
                return self._run(reader, job, seconds, look)
            except _Gone:
                pass  # It had idled too long; a new one has not.
        try:
            return self._run(_Reader(), job, seconds, look)
        except _Gone:
            return 1

    def _run(self, reader: _Reader, job: Path, seconds: float, look: Look) -> int:
        try:
            status = reader.run(job, seconds, look)
        except BaseException:
            reader.close()
            raise
        with self._lock:
            if len(self._idle) < _KEPT:
                self._idle.append(reader)
                return status
        reader.close()
        return status

    def close(self) -> None:
        """End the reading processes that are idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for reader in idle:
            reader.close()


def _environment() -> dict[str, str]:
    """Return the least a Python process needs: no address, no secret of ours."""
    kept = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "GDAL_DATA", "PROJ_LIB")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "PYTHONPATH": str(_ROOT),
        "PYTHONUTF8": "1",
        # Columns of a batch take megabytes each and live for milliseconds. Given back
        # to the kernel, every page of the next is zeroed again: a fifth of the
        # processor time. Kept, they are used again; all is gone with the fork.
        "MALLOC_ARENA_MAX": "1",
        "MALLOC_MMAP_THRESHOLD_": str(2**30),
        "MALLOC_TRIM_THRESHOLD_": str(2**32),
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        # A process that forks must not have threads: a lock that another thread holds
        # stays locked in the fork.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "JE_ARROW_MALLOC_CONF": "background_thread:false",
        "PROJ_NETWORK": "OFF",
        "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    }
