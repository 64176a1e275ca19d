"""Which processes of the machine are our database server, read from `/proc`."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PID_LINE, _SOCKET_LINE = 0, 4


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server that runs on our data, ours or one left by a killed supervisor."""

    pid: int
    socket_folder: Path


def running_server(data: Path) -> RunningServer | None:
    """Return the server on this data, or None when none runs.

    A pid file alone proves nothing: after a crash its number may have gone to another
    program. The process must be a PostgreSQL started on this folder. A server writes
    its file first with an empty line where its socket will be; until that is told it
    cannot be reached.
    """
    lines = _pid_file(data)
    socket_folder = "".join(lines[_SOCKET_LINE : _SOCKET_LINE + 1]).strip()
    if not socket_folder or not serves(int(lines[_PID_LINE]), data):
        return None
    return RunningServer(int(lines[_PID_LINE]), Path(socket_folder))


def wait_for_server_begun(data: Path, patience_s: float = 10.0) -> RunningServer | None:
    """Return the server on this data, once it can be reached if it is being started.

    Between the start of its process and its pid file nothing but the command line
    says whose it is.
    """
    given_up = time.monotonic() + patience_s
    while (server := running_server(data)) is None and time.monotonic() < given_up:
        if not _processes_named(data):
            return None
        time.sleep(0.05)
    return server


def _processes_named(data: Path) -> list[int]:
    """Return the processes of PostgreSQL whose command line names this data."""
    return [
        pid
        for pid, command in _command_lines()
        if os.fsencode(data) in command and b"postgres" in command
    ]


def pid_went_to_another(data: Path) -> bool:
    """Whether the pid file names a living process that is not a server on this data.

    PostgreSQL would take that process for a server and refuse to start.
    """
    lines = _pid_file(data)
    if not lines:
        return False
    pid = int(lines[_PID_LINE])
    return Path(f"/proc/{pid}").exists() and not serves(pid, data)


def _pid_file(data: Path) -> list[str]:
    """Return the lines of the server's pid file; none when it is absent or not one."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    return lines if lines and lines[_PID_LINE].strip().isdigit() else []


def serves(pid: int, data: Path) -> bool:
    """Whether that process is a PostgreSQL server started with this data folder."""
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return (
        state != "Z"
        and arguments[0].endswith(b"postgres")
        and os.fsencode(data) in arguments
    )


def end_orphans(cluster_name: str, patience_s: float = 10.0) -> None:
    """End what a killed server left at work, so that a new one may start.

    Its processes end by themselves when they notice, but not before their statement
    is done. They are known by the cluster's name in their titles.
    """
    begun = time.monotonic()
    while orphans := _processes_titled(f"postgres: {cluster_name}: "):
        waited_s = time.monotonic() - begun
        for pid in orphans:
            _signal(
                pid, signal.SIGKILL if waited_s > patience_s / 2 else signal.SIGQUIT
            )
        if waited_s > patience_s:
            return
        time.sleep(0.1)


def _processes_titled(title: str) -> list[int]:
    return [
        pid for pid, command in _command_lines() if command.startswith(title.encode())
    ]


def _command_lines() -> Iterator[tuple[int, bytes]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                yield int(entry.name), (entry / "cmdline").read_bytes()
            except OSError:
                continue


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        pass
