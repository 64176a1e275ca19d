"""What the worker leaves for those who watch it."""

import os
import time

import pytest

from app.fitness import check_worker
from app.metrics import Metrics
from app.settings import Settings
from app.worker_state import FILE, LATE_S, find_state, leave_state


def told(data_dir):
    return {each.subject: each for each in check_worker(Settings(data_dir=data_dir))}


def age(data_dir, seconds):
    moment = time.time() - seconds
    os.utime(data_dir / FILE, (moment, moment))


def figure(data_dir, name):
    lines = Metrics(data_dir / "metrics").exposition().splitlines()
    (line,) = [one for one in lines if one.startswith(f"{name} ")]
    return float(line.rpartition(" ")[2])


def test_a_worker_at_work_is_no_fault(tmp_path):
    leave_state(tmp_path, None)
    assert {each.state for each in told(tmp_path).values()} == {"ok"}
    assert figure(tmp_path, "jingtu_worker_age_seconds") < LATE_S
    assert figure(tmp_path, "jingtu_ledger_sealing_fails") == 0


def test_a_worker_that_stands_still_is_a_fault(tmp_path):
    leave_state(tmp_path, None)
    age(tmp_path, LATE_S + 10)
    assert told(tmp_path)["worker"].state == "fault"
    assert figure(tmp_path, "jingtu_worker_age_seconds") > LATE_S


def test_a_worker_that_never_worked_is_a_fault(tmp_path):
    assert told(tmp_path)["worker"].state == "fault"
    assert "jingtu_worker_age_seconds 0" not in Metrics(tmp_path).exposition()


def test_what_keeps_the_ledger_from_being_sealed_is_told(tmp_path):
    leave_state(tmp_path, "signing-key.pem holds no key")
    assert told(tmp_path)["worker"].state == "ok"
    assert "holds no key" in told(tmp_path)["ledger"].text
    assert figure(tmp_path, "jingtu_ledger_sealing_fails") == 1


@pytest.mark.parametrize("content", ["", "[]", "{}", "\udcff"])
def test_a_file_that_cannot_be_read_is_none(tmp_path, content):
    (tmp_path / FILE).write_bytes(content.encode(errors="surrogateescape"))
    assert find_state(tmp_path) is None


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path):
    leave_state(tmp_path / "gone", None)
    assert find_state(tmp_path / "gone") is None


def test_the_room_on_the_disk_is_told(tmp_path):
    (tmp_path / "metrics").mkdir()
    assert figure(tmp_path, "jingtu_data_disk_free_bytes") > 0


def test_a_process_that_ended_has_nothing_in_hand_but_counts(tmp_path):
    ended = Metrics(tmp_path / "metrics")
    ended._file = ended._file.with_name(f"{os.getppid()}-999999999.json")
    ended.in_progress = 3
    ended.count("GET", "/x", 200, 0.01)
    ended.save()
    assert figure(tmp_path, "jingtu_requests_in_progress") == 0
    assert (
        figure(
            tmp_path,
            'jingtu_requests_total{method="GET",route="/x",status="200"}',
        )
        == 1
    )
