"""Processes that the supervisor starts, and that end when it does."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence

STOPPING_S = 8
"""Longest time that requests and jobs under way may take when the service stops."""
CRASHES_ALLOWED = 5
"""Ends of one process within `CRASH_WINDOW_S` after which the service gives up."""
CRASH_WINDOW_S = 60.0

_PARENT = "JINGTU_PARENT_PID"
_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Have the kernel send SIGTERM to this process when its supervisor ends.

    Called first of all in a child. Does nothing in a process that no supervisor
    started. A supervisor that is already gone takes the child with it.
    """
    parent = os.environ.get(_PARENT)
    if parent is None:
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):
        sys.exit(f"The supervisor (process {parent}) is gone.")


class Child:
    """One process under the supervisor: started, watched, restarted, stopped.

    Parameters
    ----------
    name
        What it is, for messages.
    module
        Python module run as the program.
    arguments
        Its arguments.
    inherited
        File descriptors it keeps.
    environment
        Variables that it has besides ours; what we were given ourselves stands.
    """

    def __init__(
        self,
        name: str,
        module: str,
        arguments: Sequence[str] = (),
        *,
        inherited: Sequence[int] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self._command = [sys.executable, "-P", "-m", module, *arguments]
        self._inherited = tuple(inherited)
        self._environment = dict(environment or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._crashes: deque[float] = deque(maxlen=CRASHES_ALLOWED)

    @property
    def pid(self) -> int:
        """Its process number; 0 before the first start."""
        return self._process.pid if self._process else 0

    @property
    def exit_code(self) -> int | None:
        """How it ended (negative: the signal's number), None while it runs."""
        return self._process.poll() if self._process else None

    def start(self) -> None:
        """Start it in a session of its own: a Ctrl-C reaches the supervisor only."""
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.DEVNULL,
            env={**self._environment, **os.environ, _PARENT: str(os.getpid())},
            pass_fds=self._inherited,
            start_new_session=True,
        )

    def count_crash(self) -> bool:
        """Note an end that nobody asked for; False when there were too many lately."""
        self._crashes.append(time.monotonic())
        full = len(self._crashes) == CRASHES_ALLOWED
        return not (full and self._crashes[-1] - self._crashes[0] < CRASH_WINDOW_S)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal if it still runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def wait(self, timeout_s: float) -> bool:
        """Wait for its end; False when it still runs after that time."""
        if self._process is None:
            return True
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return False
        return True


def describe_end(exit_code: int) -> str:
    """Return in words how a process ended."""
    if exit_code >= 0:
        return f"with exit code {exit_code}"
    try:
        return f"by {signal.Signals(-exit_code).name}"
    except ValueError:
        return f"by signal {-exit_code}"
