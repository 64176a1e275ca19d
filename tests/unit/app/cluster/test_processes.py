import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.cluster.processes import (
    RunningServer,
    pid_went_to_another,
    running_server,
    serves,
    wait_for_server_begun,
)


@pytest.fixture
def data(tmp_path):
    return tmp_path


def write_pid_file(data, pid: int, socket_folder: str = "/run/x") -> None:
    begun = [str(pid), str(data), "1700000000", "5432", socket_folder]
    (data / "postmaster.pid").write_text("\n".join([*begun, "", "0 0", "ready"]))


def test_no_pid_file_means_no_server(data):
    assert running_server(data) is None
    assert not pid_went_to_another(data)


@pytest.mark.parametrize("content", ["", "abc\n", "\n\n", "-5\n"])
def test_a_broken_pid_file_means_no_server(data, content):
    (data / "postmaster.pid").write_text(content)
    assert running_server(data) is None


def test_a_pid_that_went_to_another_program_is_no_server(data):
    write_pid_file(data, os.getpid())
    assert running_server(data) is None
    assert pid_went_to_another(data)


def test_a_pid_that_nobody_has_is_stale(data):
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    write_pid_file(data, process.pid)
    assert running_server(data) is None
    assert not pid_went_to_another(data)


def test_a_dead_server_that_nobody_has_buried_does_not_serve(data):
    process = subprocess.Popen(["sh", "-c", "exit"], start_new_session=True)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert not serves(process.pid, data)
    process.wait()


@pytest.fixture
def server(data):
    """A process whose command line is that of a server on this data."""
    command = ["postgres", "-c", "import time; time.sleep(60)", str(data)]
    process = subprocess.Popen(command, executable=sys.executable)
    yield process
    process.kill()
    process.wait()


def test_a_server_that_has_not_told_its_socket_yet_is_waited_for(data, server):
    write_pid_file(data, server.pid, socket_folder="")
    assert running_server(data) is None
    later = threading.Timer(0.2, write_pid_file, (data, server.pid))
    later.start()
    reached = RunningServer(server.pid, Path("/run/x"))
    assert wait_for_server_begun(data) == reached
    assert running_server(data) == reached
    later.join()
