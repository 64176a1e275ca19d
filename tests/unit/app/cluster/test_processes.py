import os
import subprocess
import sys

import pytest

from app.cluster.processes import pid_went_to_another, running_server, serves


@pytest.fixture
def data(tmp_path):
    return tmp_path


def write_pid_file(data, pid: int) -> None:
    lines = [str(pid), str(data), "1700000000", "5432", "/run/x", "", "0 0", "ready"]
    (data / "postmaster.pid").write_text("\n".join(lines))


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
