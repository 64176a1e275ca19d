"""Start and stop what is measured: our service as anybody runs it, and tipg (shell).

Both listen on the loopback only, with two worker processes each, on the same database.
tipg lives in an environment of its own with pinned packages, made on the first run.
Whatever is started here is stopped here, by its process number.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

from psycopg.conninfo import conninfo_to_dict

from benchmarks.database import Say, settings_for

WORKERS: Final = 2
HOST: Final = "127.0.0.1"
PEER_REQUIREMENTS: Final = Path(__file__).with_name("tipg-requirements.txt")
PEER_COLLECTION: Final = "peer.parcel"
_START_S: Final = 120.0
_STOP_S: Final = 30.0
_READY = re.compile(r"is ready: +(http://\S+)")


class NotStarted(Exception):
    """A server ended or stayed silent while it should have started."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it listens, and its first process."""

    host: str
    port: int
    pid: int


@contextmanager
def our_service(folder: Path) -> Iterator[Server]:
    """Run `jingtu serve` on the folder's data directory."""
    settings = settings_for(folder)
    log = folder / "serve.log"
    environment = {
        **os.environ,
        "JINGTU_DATA_DIR": str(settings.data_dir),
        "JINGTU_HOST": HOST,
        "JINGTU_PORT": "0",
        "JINGTU_WORKERS": str(WORKERS),
        "JINGTU_DEMO": "0",
    }
    command = [sys.executable, "-m", "app.cli", "serve"]
    with _running(command, environment, log) as process:
        deadline = time.monotonic() + _START_S
        while not (ready := _READY.search(log.read_text(encoding="utf-8"))):
            _expect_alive(process, log, deadline)
        address = urlsplit(ready[1])
        assert address.hostname and address.port
        yield Server(address.hostname, address.port, process.pid)


@contextmanager
def peer_service(folder: Path, owner_url: str, say: Say) -> Iterator[Server]:
    """Run tipg over the peer's copy of the parcels."""
    python = _peer_environment(folder, say)
    port = _free_port()
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "DATABASE_URL": _netloc_url(owner_url),
        "TIPG_DB_SCHEMAS": '["peer"]',
        # Its catalogue is not renewed, nor are extents measured, while we count; its
        # connections are open from the start.
        "TIPG_CATALOG_TTL": "0",
        "TIPG_DB_SPATIAL_EXTENT": "false",
        "TIPG_DB_DATETIME_EXTENT": "false",
        "DB_MIN_CONN_SIZE": "10",
    }
    command = [str(python), "-m", "uvicorn", "tipg.main:app", "--host", HOST]
    command += ["--port", str(port), "--workers", str(WORKERS), "--no-access-log"]
    log = folder / "tipg.log"
    with _running(command, environment, log) as process:
        deadline = time.monotonic() + _START_S
        while not _answers(port, f"/collections/{PEER_COLLECTION}"):
            _expect_alive(process, log, deadline)
        yield Server(HOST, port, process.pid)


def _peer_environment(folder: Path, say: Say) -> Path:
    """Make the peer's environment when it is not there; return its Python."""
    wanted = hashlib.sha256(PEER_REQUIREMENTS.read_bytes()).hexdigest()
    place = folder / "tipg"
    stamp = place / "requirements.sha256"
    if not (stamp.exists() and stamp.read_text(encoding="ascii") == wanted):
        say("Making an environment for tipg ...")
        make = [sys.executable, "-m", "venv", "--clear", str(place)]
        subprocess.run(make, check=True)
        install = ["-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        subprocess.run(
            [str(place / "bin/python"), *install, "-r", str(PEER_REQUIREMENTS)],
            check=True,
        )
        stamp.write_text(wanted, encoding="ascii")
    return place / "bin/python"


def _netloc_url(url: str) -> str:
    """Write the URL with a Unix socket's folder as its host, as asyncpg reads it."""
    parts = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    login = quote(parts.get("user", ""), safe="")
    if "password" in parts:
        login += ":" + quote(parts["password"], safe="")
    host = quote(parts.get("host", "localhost"), safe="")
    return f"postgresql://{login}@{host}:{parts.get('port', 5432)}/{parts['dbname']}"


@contextmanager
def _running(
    command: Sequence[str], environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server for the length of a block; what it writes goes to the log."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _expect_alive(process: subprocess.Popen[bytes], log: Path, deadline: float) -> None:
    """Wait a moment; refuse when the server has ended or took too long."""
    time.sleep(0.2)
    if process.poll() is None and time.monotonic() < deadline:
        return
    tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise NotStarted(f"{' '.join(process.args)} did not start:\n{tail}")  # type: ignore[arg-type]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
