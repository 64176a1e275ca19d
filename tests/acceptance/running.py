"""A whole service of a test's own: supervisor, HTTP processes, worker, database."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from app.cluster.processes import running_server

CHECKOUT = Path(__file__).resolve().parents[2]
PATIENCE_S = 300
"""Only to end a test that hangs."""


class RunningService:
    """`jingtu serve` with two HTTP processes on a data directory of its own."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.output = data_dir / "output.txt"
        self.environment = {
            **os.environ,
            "JINGTU_DATA_DIR": str(data_dir),
            "JINGTU_PORT": "0",
            "JINGTU_WORKERS": "2",
        }
        with self.output.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app.cli", "serve"],
                cwd=CHECKOUT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def printed(self) -> str:
        return self.output.read_text(encoding="utf-8")

    @property
    def url(self) -> str:
        return re.search(r"is ready: +(http://\S+)", self.printed)[1]

    @property
    def keys(self) -> dict[str, str]:
        return json.loads((self.data_dir / "demo-keys.json").read_text())

    def wait_until(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert self.process.poll() is None, self.printed
            assert time.monotonic() < deadline, self.printed
            time.sleep(0.05)

    def wait_until_ready(self) -> "RunningService":
        self.wait_until(lambda: "is ready:" in self.printed)
        return self

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def client(self, role: str) -> httpx.Client:
        """Return a connection with the demonstration key of a role."""
        headers = {
            "Authorization": f"Bearer {self.keys[role]}",
            "Accept-Language": "en",
        }
        return httpx.Client(base_url=self.url, headers=headers, timeout=60)

    def pids_of(self, victim: str) -> list[int]:
        """Return the processes of `http`, `worker` or `database`."""
        if victim == "database":
            server = running_server(self.data_dir / "cluster" / "data")
            return [server.pid] if server else []
        listed = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
        )
        module = f"app.{victim}_process"
        lines = listed.stdout.splitlines()
        return [int(line.split()[0]) for line in lines if module in line]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the program on the same data."""
        return subprocess.run(
            [sys.executable, "-m", "app.cli", *arguments],
            cwd=CHECKOUT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE_S)


class Load:
    """Threads that call one function each, again and again, until they are stopped."""

    def __init__(self, works: list[Callable[[], Any]]) -> None:
        self._stopped = threading.Event()
        self.faults: list[BaseException] = []
        self._threads = [
            threading.Thread(target=self._repeat, args=(work,)) for work in works
        ]

    def _repeat(self, work: Callable[[], Any]) -> None:
        try:
            while not self._stopped.is_set():
                work()
        except BaseException as error:
            self.faults.append(error)

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()
