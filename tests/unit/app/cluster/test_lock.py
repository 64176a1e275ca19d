import subprocess
import sys

import pytest

from app.cluster.lock import DataDirectoryLock
from app.refusals import AlreadyRunning

HOLD_UNTIL_KILLED = """
import sys, time
from pathlib import Path
from app.cluster.lock import DataDirectoryLock
DataDirectoryLock(Path(sys.argv[1])).acquire()
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the data directory."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD_UNTIL_KILLED, str(tmp_path)], stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_supervisor_is_told_who_runs(tmp_path, holder):
    with pytest.raises(AlreadyRunning, match=f"process {holder.pid}"):
        DataDirectoryLock(tmp_path).acquire()


def test_a_killed_supervisor_holds_nothing_and_is_noticed(tmp_path, holder):
    holder.kill()
    holder.wait()
    with DataDirectoryLock(tmp_path) as lock:
        assert lock.last_was_killed


def test_a_lock_given_free_leaves_no_trace(tmp_path):
    with DataDirectoryLock(tmp_path):
        pass
    with DataDirectoryLock(tmp_path) as lock:
        assert not lock.last_was_killed


def test_whether_it_is_held_can_be_asked_without_touching_it(tmp_path):
    lock = DataDirectoryLock(tmp_path)
    assert not lock.is_held()
    assert list(tmp_path.iterdir()) == []
    with DataDirectoryLock(tmp_path):
        assert lock.is_held()
    assert not lock.is_held()
