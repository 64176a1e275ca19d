"""The address the service listens on, taken before any other work is done."""

from __future__ import annotations

import errno
import socket
import time
from pathlib import Path

from app.refusals import InvalidSettings, PortTaken

BACKLOG = 2048
_RETRY_S = 0.2


def listen(host: str, port: int, patience_s: float = 0.0) -> socket.socket:
    """Return a listening socket; requests that come early wait in its queue.

    Parameters
    ----------
    host, port
        Name or address, and TCP port; port 0 is any free one.
    patience_s
        How long to wait for a port that is in use: after a kill -9 the processes of
        the last run may still hold it for a moment.

    Raises
    ------
    PortTaken
        If the port is in use by another program, or needs root.
    InvalidSettings
        If the host is not an address of this machine.
    """
    deadline = time.monotonic() + patience_s
    while True:
        try:
            return _bind(host, port)
        except socket.gaierror as error:
            raise InvalidSettings(f"JINGTU_HOST: {host} is not an address.") from error
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                raise _refusal(host, port, error) from error
        time.sleep(_RETRY_S)


def _bind(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _refusal(host: str, port: int, error: OSError) -> PortTaken | InvalidSettings:
    if error.errno == errno.EADDRINUSE:
        holder = find_listener(port) or "another program"
        return PortTaken(
            f"Port {port} on {host} is already in use by {holder}."
            f" Stop that program, or choose another port: JINGTU_PORT={port + 1}"
        )
    if error.errno == errno.EACCES:
        return PortTaken(
            f"Port {port} may only be opened by root. Choose one above 1023 with"
            " JINGTU_PORT and put a web server in front."
        )
    return InvalidSettings(
        f"JINGTU_HOST: cannot listen on {host}, port {port}: {error.strerror}."
    )


def find_listener(port: int) -> str | None:
    """Return name and number of the process that listens on the port, where known.

    None when there is none or it belongs to a user we may not look at.
    """
    inodes = _listening_inodes(port)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _holds(entry, inodes):
            name = (entry / "comm").read_text(encoding="utf-8").strip()
            return f"{name} (process {entry.name})"
    return None


def _listening_inodes(port: int) -> set[str]:
    listening, local_address, state, inode = "0A", 1, 3, 9
    found = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        if not table.exists():
            continue
        for line in table.read_text(encoding="ascii").splitlines()[1:]:
            fields = line.split()
            number = int(fields[local_address].rpartition(":")[2], 16)
            if fields[state] == listening and number == port:
                found.add(f"socket:[{fields[inode]}]")
    return found


def _holds(process: Path, inodes: set[str]) -> bool:
    try:
        return any(
            str(link.readlink()) in inodes for link in (process / "fd").iterdir()
        )
    except OSError:
        return False
