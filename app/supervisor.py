"""Run the whole service: database, preparation, HTTP processes, worker; stop it all.

Everything it starts ends with it, however it ends: children by the kernel's signal,
and a database left running by a kill -9 is taken over by the next start.
"""

from __future__ import annotations

import http
import http.client
import os
import select
import shutil
import signal
import socket
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType
from typing import Final

from app.accepting import OpenConnections
from app.children import STOPPING_S, Child, describe_end
from app.cluster import Cluster, DataDirectoryLock
from app.cluster.place import make_data_directory, refuse_half_restored
from app.cluster.server import LITTLE_DISK_MB, MB
from app.greeting import base_url, greeting
from app.listening import listen
from app.refusals import CannotRun, DiskFull, KeepsFailing
from app.settings import Settings

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
DATABASE_GRACE_S = 20.0
"""Seconds after the database came back in which a process that ends is not counted as
one that keeps failing: it ended with the database."""
READY_S = 60.0
"""Longest time the HTTP processes may take to answer for the first time."""
PATIENCE_S = STOPPING_S + 2
"""Time a child has to end by itself after SIGTERM."""
PORT_PATIENCE_S = PATIENCE_S + 2
"""After a killed run: its children may hold the port as long as that."""
DISK_RETRY_S = 10.0
_WATCH_S = 1.0
_MEMORY: Final = {
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"
    ":glibc.malloc.trim_threshold=67108864:glibc.malloc.mmap_threshold=33554432"
}
"""For HTTP processes: the C library takes large pages, and gives memory back only once
64 MiB lie unused. By itself it does so after each answer and takes it again for the
next. Another C library does not read it."""


class _StopAsked(BaseException):
    """A stop signal came while the service was starting."""


class Supervisor:
    """The service of one data directory, from start to stop, in one process.

    Parameters
    ----------
    settings
        Of the whole service; the children read the same environment.
    say
        Takes one line in plain words for the person who started it.
    """

    def __init__(self, settings: Settings, say: Callable[[str], None]) -> None:
        self._settings = settings
        self._say = say
        self._children: list[Child] = []
        self._listener: socket.socket | None = None
        self._cluster: Cluster | None = None
        self._database = Child("database", "")
        self._database_next_try = 0.0
        self._database_back_at = -DATABASE_GRACE_S
        self._disk_is_little = False
        self._stops_asked = 0
        self._starting = True

    def run(self) -> None:
        """Serve until a stop signal comes.

        Raises
        ------
        CannotRun
            If the service cannot start or go on; all of it is stopped then.
        """
        for number in STOP_SIGNALS:
            signal.signal(number, self._on_stop_signal)
        try:
            make_data_directory(self._settings.data_dir)
            with DataDirectoryLock(self._settings.data_dir) as lock:
                refuse_half_restored(self._settings.data_dir)
                try:
                    self._start(PORT_PATIENCE_S if lock.last_was_killed else 0.0)
                    self._watch()
                finally:
                    self._starting = False
                    self._stop()
        except _StopAsked:
            return

    # --- starting ------------------------------------------------------------------

    def _start(self, port_patience_s: float) -> None:
        listener = listen(self._settings.host, self._settings.port, port_patience_s)
        self._listener = listener  # open as long as we run: restarts inherit it again
        os.environ["JINGTU_DATA_DIR"] = str(self._settings.data_dir)
        if self._settings.has_own_cluster:
            self._say("Starting the database ...")
            self._cluster = Cluster(self._settings.data_dir, say=self._say)
            self._cluster.start()
        self._prepare()
        self._say("Starting API, pages and worker ...")
        self._launch_http(listener.fileno(), self._settings.workers)
        self._launch(Child("worker", "app.worker_process"))
        host, port = listener.getsockname()[:2]
        self._wait_until_ready(host, port)
        self._starting = False
        self._say(greeting(self._settings, host, port))

    def _launch_http(self, listener: int, processes: int) -> None:
        """Start the HTTP processes; restarts inherit the same descriptors again."""
        inherited = [listener, OpenConnections.share(processes)]
        for place in range(processes):
            arguments = [str(number) for number in (*inherited, processes, place)]
            self._launch(
                Child(
                    f"HTTP process {place + 1}",
                    "app.http_process",
                    arguments,
                    inherited=inherited,
                    environment=_MEMORY,
                )
            )

    def _launch(self, child: Child) -> None:
        self._children.append(child)
        child.start()

    def _prepare(self) -> None:
        """Migrate, make demo keys, load the sample county: in a process of its own."""
        child = Child("preparation", "app.preparation")
        self._launch(child)
        while not child.wait(_WATCH_S):
            pass
        self._children.remove(child)
        if child.exit_code:
            refusal = CannotRun("The service was not started.")
            refusal.exit_code = max(child.exit_code, 1)
            raise refusal

    def _wait_until_ready(self, host: str, port: int) -> None:
        deadline = time.monotonic() + READY_S
        while not answers(base_url(host, port)):
            for child in self._children:
                if child.exit_code is not None:
                    raise KeepsFailing(
                        f"The {child.name} ended {describe_end(child.exit_code)} while"
                        " the service was starting; what it wrote stands above."
                    )
            if time.monotonic() > deadline:
                raise KeepsFailing(
                    f"The service did not answer within {READY_S:.0f} s."
                )
            time.sleep(0.1)

    # --- running -------------------------------------------------------------------

    def _watch(self) -> None:
        while not self._stops_asked:
            self._sleep_until_something_ends()
            if self._stops_asked:
                return
            self._look_at_disk()
            self._look_after_database()
            if self._database_pids() or self._cluster is None:
                self._look_after_children()

    def _sleep_until_something_ends(self) -> None:
        """Wait for the end of a child or of the database, a second at most."""
        poll = select.poll()
        descriptors = []
        for pid in [child.pid for child in self._children] + self._database_pids():
            try:
                descriptors.append(os.pidfd_open(pid))
            except ProcessLookupError:
                continue
            poll.register(descriptors[-1], select.POLLIN)
        poll.poll(_WATCH_S * 1000)
        for descriptor in descriptors:
            os.close(descriptor)

    def _database_pids(self) -> list[int]:
        server = self._cluster.server() if self._cluster else None
        return [server.pid] if server else []

    def _look_at_disk(self) -> None:
        """Say once when room becomes little, and once when there is enough again.

        Callers are told 503 on a full disk; nobody else would tell the administrator.
        """
        folder = self._cluster.place if self._cluster else self._settings.data_dir
        free_mb = shutil.disk_usage(folder).free // MB
        if not self._disk_is_little and free_mb < LITTLE_DISK_MB:
            self._disk_is_little = True
            self._tell(
                f"The disk that holds {folder} has {free_mb} MB free. When it is full,"
                " nothing more can be recorded."
            )
        elif self._disk_is_little and free_mb > 1.1 * LITTLE_DISK_MB:
            self._disk_is_little = False
            self._tell(f"The disk that holds {folder} has room again: {free_mb} MB.")

    def _look_after_children(self) -> None:
        """Restart those that ended; not without a database, they would end again."""
        for child in self._children:
            if child.exit_code is not None:
                self._restart(child, child.exit_code)

    def _restart(self, child: Child, exit_code: int) -> None:
        how = describe_end(exit_code)
        self._tell(f"The {child.name} ended {how}; it is restarted.")
        alone = time.monotonic() - self._database_back_at > DATABASE_GRACE_S
        if alone and not child.count_crash():
            raise KeepsFailing(
                f"The {child.name} keeps ending; the service gives up. What it wrote"
                " stands above."
            )
        child.start()

    def _look_after_database(self) -> None:
        """Start a database that ended. On a full disk, wait until there is room."""
        if self._cluster is None or self._cluster.server() is not None:
            return
        if time.monotonic() < self._database_next_try:
            return
        waiting = self._database_next_try > 0
        if not waiting:
            self._tell("The database ended; it is started again ...")
        try:
            self._cluster.start()
        except DiskFull as error:
            if not waiting:
                self._tell(f"{error}\nTrying again every {DISK_RETRY_S:.0f} s.")
            self._database_next_try = time.monotonic() + DISK_RETRY_S
            return
        self._database_next_try = 0.0
        self._database_back_at = time.monotonic()
        self._tell("The database runs again.")
        if not self._database.count_crash():
            raise KeepsFailing(
                "The database keeps ending; the service gives up. Its log:"
                f" {self._cluster.data / 'log'}"
            )

    # --- stopping ------------------------------------------------------------------

    def _tell(self, line: str) -> None:
        """Say what happened while it ran, with the time as it stands in the log."""
        self._say(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}Z {line}")

    def _on_stop_signal(self, number: int, frame: FrameType | None) -> None:
        self._stops_asked += 1
        if self._starting:
            self._starting = False
            raise _StopAsked

    def _stop(self) -> None:
        """Stop what runs: first those who ask the database, then the database.

        A second stop signal shortens the wait for requests and jobs under way.
        """
        if self._children or self._cluster:
            self._tell("Stopping ...")
        for child in self._children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE_S
        asked = self._stops_asked
        for child in self._children:
            while not child.wait(0.1):
                if time.monotonic() > deadline or self._stops_asked > asked:
                    child.signal(signal.SIGKILL)
        if self._cluster is not None:
            self._cluster.stop()
            self._tell("Stopped.")


def answers(url: str) -> bool:
    """Whether the service under this URL answers `GET /healthz` with 200."""
    try:
        with _no_proxy.open(f"{url}/healthz", timeout=2) as answer:
            return bool(answer.status == http.HTTPStatus.OK)
    except (OSError, http.client.HTTPException):
        return False


_no_proxy = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def say_aloud(line: str) -> None:
    """Print a line at once; a closed terminal does not stop the service."""
    try:
        print(line, flush=True)
    except OSError:
        with open(os.devnull, "w", encoding="ascii") as nowhere:
            os.dup2(nowhere.fileno(), 1)
