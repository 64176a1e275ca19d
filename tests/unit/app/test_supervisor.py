"""When does the service give up on a process that ends again and again?"""

import re
import shutil
import time
from types import SimpleNamespace

import pytest

from app.children import CRASHES_ALLOWED, Child
from app.cluster.server import MB
from app.refusals import KeepsFailing
from app.settings import Settings
from app.supervisor import DATABASE_GRACE_S, Supervisor


class Fragile(Child):
    """A child whose starts are counted, and nothing is started."""

    def __init__(self):
        super().__init__("worker", "")
        self.starts = 0

    def start(self):
        self.starts += 1


@pytest.fixture
def supervisor(tmp_path):
    return Supervisor(Settings(data_dir=tmp_path), say=lambda line: None)


def end_often(supervisor, child, times):
    for _ in range(times):
        supervisor._restart(child, 1)


def test_a_process_that_keeps_ending_is_given_up(supervisor):
    child = Fragile()
    end_often(supervisor, child, CRASHES_ALLOWED - 1)
    with pytest.raises(KeepsFailing):
        end_often(supervisor, child, 1)
    assert child.starts == CRASHES_ALLOWED - 1


def test_a_process_that_ended_with_the_database_is_not(supervisor):
    child = Fragile()
    supervisor._database_back_at = time.monotonic() - DATABASE_GRACE_S / 2
    end_often(supervisor, child, 2 * CRASHES_ALLOWED)
    assert child.starts == 2 * CRASHES_ALLOWED


def test_a_disk_that_fills_up_is_told_once_and_again_when_there_is_room(
    tmp_path, monkeypatch
):
    told = []
    supervisor = Supervisor(Settings(data_dir=tmp_path), say=told.append)
    for free_mb in (5000, 900, 0, 0, 1030, 4000, 5000):
        usage = SimpleNamespace(free=free_mb * MB)
        monkeypatch.setattr(shutil, "disk_usage", lambda folder, u=usage: u)
        supervisor._look_at_disk()
    assert [line.split(" ", 1)[1][:38] for line in told] == [
        f"The disk that holds {tmp_path}"[:38],
    ] * 2
    assert "900 MB free" in told[0]
    assert "room again: 4000 MB" in told[1]
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ", told[0])
