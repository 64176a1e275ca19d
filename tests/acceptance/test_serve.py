"""`scripts/serve` from start to stop, and through the ways it can be ended.

One data directory serves all of these tests in turn: each starts on what the one
before it left.
"""

import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.cluster.processes import running_server

pytestmark = pytest.mark.acceptance

CHECKOUT = Path(__file__).resolve().parents[2]
LONGEST_START_S = 300
"""Only to end a test that hangs."""
OUTCOMES = (
    "deny require_investigation insufficient_data consult allow_with_conditions allow"
).split()


class Service:
    """A running `scripts/serve` and what it has printed."""

    def __init__(self, data_dir: Path, output: Path, **settings: str) -> None:
        self.output = output
        environment = {
            **os.environ,
            "JINGTU_DATA_DIR": str(data_dir),
            "JINGTU_PORT": "0",
            **settings,
        }
        with output.open("w") as file:
            self.process = subprocess.Popen(
                [CHECKOUT / "scripts" / "serve"],
                env=environment,
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

    def wait_until(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + LONGEST_START_S
        while not condition():
            assert time.monotonic() < deadline, self.printed
            time.sleep(0.05)

    def wait_until_ready(self) -> "Service":
        self.wait_until(
            lambda: self.process.poll() is not None or "is ready:" in self.printed
        )
        assert self.process.poll() is None, self.printed
        return self

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(LONGEST_START_S)

    def children(self, module: str) -> list[int]:
        listed = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
        )
        lines = listed.stdout.splitlines()
        return [int(line.split()[0]) for line in lines if module in line]

    def status(self, path: str) -> int:
        """Return the HTTP status of a GET; 0 when nothing answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=60) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def answers(self) -> bool:
        return self.status("/readyz") == 200


@pytest.fixture(scope="module")
def data_dir(make_data_dir) -> Path:
    return make_data_dir()


@pytest.fixture
def start(data_dir, tmp_path) -> Iterator[Callable[..., Service]]:
    started: list[Service] = []

    def serve(**settings: str) -> Service:
        output = tmp_path / f"output-{len(started)}.txt"
        started.append(Service(data_dir, output, **settings))
        return started[-1]

    yield serve
    for service in started:
        if service.process.poll() is None:
            service.end()


def is_alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def database_pid(data_dir: Path) -> int:
    return running_server(data_dir / "cluster" / "data").pid


def test_a_first_start_that_was_killed_is_made_good_by_the_next(start):
    killed = start()
    killed.wait_until(lambda: "Loading the sample county" in killed.printed)
    time.sleep(1)  # somewhere in the middle of the load
    killed.end(signal.SIGKILL)
    service = start().wait_until_ready()
    assert "Demonstration keys:" in service.printed
    assert service.answers()


def test_the_printed_line_asks_the_gate_and_gets_a_decision(start):
    service = start().wait_until_ready()
    line = re.search(r"^ +(curl .*)$", service.printed, flags=re.MULTILINE)[1]
    answer = subprocess.run(["sh", "-c", line], capture_output=True, text=True)
    decision = json.loads(answer.stdout)
    assert decision["outcome"] in OUTCOMES
    assert decision["certificate_number"]


def test_a_stop_signal_ends_everything_it_started(start, data_dir):
    service = start().wait_until_ready()
    pids = [*service.children("app."), database_pid(data_dir)]
    assert len(pids) == 4
    assert service.end() == 0
    assert not any(is_alive(pid) for pid in pids)
    assert not service.answers()


def test_an_interrupt_of_the_terminal_ends_it_too(start):
    service = start().wait_until_ready()
    os.killpg(service.process.pid, signal.SIGINT)
    assert service.process.wait(LONGEST_START_S) == 0


def test_a_stop_while_it_starts_leaves_nothing_running(start, data_dir):
    service = start()
    service.wait_until(lambda: "Starting the database" in service.printed)
    assert service.end() == 0
    assert running_server(data_dir / "cluster" / "data") is None


def test_a_killed_process_is_replaced(start, data_dir):
    service = start(JINGTU_WORKERS="1").wait_until_ready()
    for module in ("app.http_process", "app.worker_process"):
        [old] = service.children(module)
        os.kill(old, signal.SIGKILL)
        service.wait_until(lambda m=module, o=old: service.children(m) not in ([], [o]))
    service.wait_until(service.answers)


def test_a_killed_database_is_started_again(start, data_dir):
    service = start().wait_until_ready()
    old = database_pid(data_dir)
    os.kill(old, signal.SIGKILL)
    service.wait_until(lambda: "it is started again" in service.printed)
    service.wait_until(service.answers)
    assert database_pid(data_dir) != old


def test_no_caller_sees_a_fault_of_ours_while_the_database_is_away(start, data_dir):
    service = start().wait_until_ready()
    answers: list[int] = []
    stopped = threading.Event()

    def ask_without_end() -> None:
        while not stopped.is_set():
            answers.append(service.status("/readyz"))

    askers = [threading.Thread(target=ask_without_end) for _ in range(4)]
    for asker in askers:
        asker.start()
    service.wait_until(lambda: 200 in answers)
    os.kill(database_pid(data_dir), signal.SIGKILL)
    service.wait_until(lambda: "The database runs again" in service.printed)
    service.wait_until(service.answers)
    stopped.set()
    for asker in askers:
        asker.join()
    assert set(answers) == {200, 503}


def test_after_a_kill_the_next_start_takes_over(start, data_dir):
    killed = start().wait_until_ready()
    children, database = killed.children("app."), database_pid(data_dir)
    killed.end(signal.SIGKILL)
    service = start(JINGTU_PORT=killed.url.rpartition(":")[2]).wait_until_ready()
    assert "it is taken over" in service.printed
    assert database_pid(data_dir) == database
    assert not any(is_alive(pid) for pid in children)
    assert service.answers()


def test_a_second_service_on_the_same_data_is_refused(start):
    first = start().wait_until_ready()
    second = start()
    assert second.process.wait(LONGEST_START_S) == 4
    assert f"process {first.process.pid}" in second.printed
    assert first.answers()


def test_a_port_in_use_is_told_before_anything_is_started(start, data_dir):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        service = start(JINGTU_PORT=str(port))
        assert service.process.wait(LONGEST_START_S) == 3
    assert f"Port {port} on 127.0.0.1 is already in use" in service.printed
    assert "Starting the database" not in service.printed


def test_a_setting_that_cannot_be_used_is_named(start):
    service = start(JINGTU_WORKERS="none")
    assert service.process.wait(LONGEST_START_S) == 2
    assert "JINGTU_WORKERS" in service.printed
    assert "Traceback" not in service.printed
