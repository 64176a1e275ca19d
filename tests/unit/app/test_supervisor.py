"""When does the service give up on a process that ends again and again?"""

import time

import pytest

from app.children import CRASHES_ALLOWED, Child
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
