import os
import signal
import subprocess
import sys
import time

from app.children import CRASHES_ALLOWED, Child, describe_end

SUPERVISOR = """
import os, subprocess, sys, time
environment = {**os.environ, "JINGTU_PARENT_PID": sys.argv[1] or str(os.getpid())}
child = subprocess.Popen(
    [sys.executable, "-c", "from app.children import end_with_parent;"
     "end_with_parent(); print('ready', flush=True); import time; time.sleep(60)"],
    env=environment)
print(child.pid, flush=True)
child.wait()
"""


def start_supervisor(parent: str = "") -> tuple[subprocess.Popen[bytes], int]:
    supervisor = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, parent], stdout=subprocess.PIPE
    )
    return supervisor, int(supervisor.stdout.readline())


def is_alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for_end(pid: int) -> bool:
    for _ in range(200):
        if not is_alive(pid):
            return True
        time.sleep(0.05)
    return False


def test_a_child_ends_when_its_supervisor_is_killed():
    supervisor, child = start_supervisor()
    assert supervisor.stdout.readline() == b"ready\n"
    supervisor.kill()
    supervisor.communicate()
    assert wait_for_end(child)


def test_a_child_whose_supervisor_is_already_gone_does_not_start():
    supervisor, child = start_supervisor(parent="1")
    rest, _ = supervisor.communicate()
    assert b"ready" not in rest
    assert not is_alive(child)


def test_a_child_is_in_a_session_of_its_own():
    child = Child("timer", "timeit", ["-n", "1", "import time; time.sleep(60)"])
    child.start()
    try:
        assert os.getsid(child.pid) == child.pid
        assert child.exit_code is None
    finally:
        child.signal(signal.SIGKILL)
        assert child.wait(10)
    assert child.exit_code == -signal.SIGKILL


def test_a_child_has_variables_of_its_own_but_for_those_the_service_was_given(
    monkeypatch,
):
    monkeypatch.setenv("JINGTU_GIVEN", "theirs")
    statement = (
        "import os; n = os.environ;"
        " assert (n['JINGTU_GIVEN'], n['JINGTU_OWN']) == ('theirs', 'ours')"
    )
    own = {"JINGTU_GIVEN": "ours", "JINGTU_OWN": "ours"}
    child = Child("timer", "timeit", ["-n1", "-r1", statement], environment=own)
    child.start()
    assert child.wait(30)
    assert child.exit_code == 0


def test_a_few_crashes_are_forgiven_and_many_in_a_row_are_not():
    child = Child("anything", "nothing")
    forgiven = [child.count_crash() for _ in range(CRASHES_ALLOWED)]
    assert forgiven == [True] * (CRASHES_ALLOWED - 1) + [False]


def test_crashes_long_ago_are_forgotten(monkeypatch):
    child = Child("anything", "nothing")
    for minute in range(3 * CRASHES_ALLOWED):
        monkeypatch.setattr(time, "monotonic", lambda m=minute: m * 60.0)
        assert child.count_crash()


def test_an_end_is_told_in_words():
    assert describe_end(3) == "with exit code 3"
    assert describe_end(-9) == "by SIGKILL"
