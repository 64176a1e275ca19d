"""A file that crashes, hangs or eats memory ends its own upload, nothing else."""

import io
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest

from parcels.surveys.archive import FULL, Archive
from parcels.surveys.checking import ROW_CHECKS, WHOLE_CHECKS
from parcels.surveys.confinement import run_examination
from parcels.surveys.ground import Ground
from parcels.surveys.limits import Limits
from parcels.surveys.reader import ReaderPool, TookTooLong
from parcels.surveys.refusals import FileRefused
from parcels.surveys.request import UploadRequest
from tests.integration.imports.test_formats import geoparquet, written
from tests.survey_files import combs, parcel_rows, parcels_zip

REQUEST = UploadRequest("parcel", "999901", date(2024, 1, 1), 4526, "gbk")
LIMITS = Limits()


@pytest.fixture
def examine(tmp_path):
    """Examine bytes in a process of its own; give facts and counts of issues."""
    archive = Archive(tmp_path / "uploads")

    def run(data, name="宗地.zip", request=REQUEST, limits=LIMITS):
        path = tmp_path / "sent"
        path.write_bytes(data)
        with archive.scratch() as scratch:
            found = run_examination(path, name, request, Ground(), limits, scratch)
            return found.facts, found.issues["kind"].to_pylist()

    yield run
    assert list((tmp_path / "uploads" / "scratch").iterdir()) == []


@pytest.fixture
def pool():
    """A pool of reading processes of this test's own."""
    readers = ReaderPool()
    yield readers
    readers.close()


@pytest.fixture
def hanging_job(tmp_path):
    """A job that never begins: its file is a pipe that nobody writes to."""
    path = tmp_path / "job.json"
    os.mkfifo(path)
    return path


def reader_of(pool):
    """Return the process of the only idle reader."""
    (reader,) = pool._idle
    return reader._process


def test_good_file_is_examined(examine):
    facts, issues = examine(parcels_zip())
    assert (facts["rows"], facts["accepted"]) == (3, 3)
    assert facts["mapping"]["code"] == "ZDDM"
    assert issues == []


def test_times_to_the_nanosecond_are_read_without_pandas(examine):
    # Python has no such time: Arrow would make one of pandas, which is not loaded here.
    times = pa.array([1_700_000_000_123_456_789] * 3, pa.timestamp("ns", tz="UTC"))
    facts, _ = examine(geoparquet(GXSJ=times), "宗地.parquet")
    assert "GXSJ" in facts["unused_fields"]
    assert facts["rows"] == 3


def test_every_check_sees_every_row(examine):
    facts, _ = examine(parcels_zip())
    named = {name for name, _ in (*ROW_CHECKS, *WHOLE_CHECKS)} | {"geometry"}
    assert facts["checks"] == dict.fromkeys(named, 3)


def test_process_that_forks_has_one_thread(pool, tmp_path):
    pool.run(tmp_path / "no such job", 30.0)
    threads = Path(f"/proc/{reader_of(pool).pid}/task")
    assert len(list(threads.iterdir())) == 1


def test_refusal_crosses_the_processes_in_both_languages(examine):
    with pytest.raises(FileRefused) as refused:
        examine(b"PK\x03\x04 and no more")
    assert refused.value.reason == "zip_damaged"
    assert refused.value.zh != refused.value.en


def test_file_that_takes_too_long_is_stopped(examine):
    with pytest.raises(FileRefused) as refused:
        examine(parcels_zip(), limits=Limits(seconds=0.0))
    assert refused.value.reason == "took_too_long"
    assert examine(parcels_zip())[1] == []


def test_file_whose_shapes_take_too_long_is_refused_with_where_it_stood(examine):
    data = parcels_zip(combs(8000), parcel_rows(2, area=100_000.0))
    with pytest.raises(FileRefused) as refused:
        examine(data, limits=Limits(seconds=3.0))
    assert refused.value.reason == "took_too_long"
    assert refused.value.en.startswith(
        "Reading and checking took more than 3 seconds and was stopped: 2 rows were"
        " read, the whole file was being checked for overlaps and gaps."
    )
    assert "已读 2 行，正在检查全文件的重叠与缝隙。" in refused.value.zh
    assert examine(parcels_zip())[1] == []


def test_file_that_needs_too_much_memory_is_stopped(examine):
    with pytest.raises(FileRefused) as refused:
        examine(parcels_zip(), limits=Limits(memory_bytes=50_000_000))
    assert refused.value.reason in ("took_too_much", "reader_died")
    assert examine(parcels_zip())[1] == []


def test_a_process_without_room_for_its_own_answer_says_that_the_disk_is_full(examine):
    with pytest.raises(OSError) as refused:
        examine(parcels_zip(), limits=Limits(unpacked_bytes=1))
    assert refused.value.errno in FULL


def test_gdal_knows_no_driver_that_could_open_another_file(examine):
    pipeline = (
        b'{"type": "gdal_streamed_alg", "command_line":'
        b' "gdal vector pipeline ! read /etc/passwd ! write stdout"}'
    )
    with pytest.raises(FileRefused) as refused:
        examine(pipeline, "a.geojson")
    assert refused.value.reason == "file_damaged"


def test_words_of_a_library_stand_in_no_refusal(examine):
    with pytest.raises(FileRefused) as refused:
        examine(b'{"type": "Topology", "objects": {}, "arcs": []}', "a.geojson")
    assert refused.value.reason == "file_damaged"
    assert "其内容不合该格式" in refused.value.zh
    assert "not recognized" not in refused.value.en


def test_file_that_ends_within_a_row_is_damaged(examine, tmp_path):
    with pytest.raises(FileRefused) as refused:
        examine(written(tmp_path, "a.fgb")[:-80], "a.fgb")
    assert refused.value.reason == "file_damaged"


def test_a_workbook_that_names_other_files_is_damaged(examine):
    book = io.BytesIO()
    openpyxl.Workbook().save(book)
    outside = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet>&e;'
    spoilt = io.BytesIO()
    with zipfile.ZipFile(book) as good, zipfile.ZipFile(spoilt, "w") as bad:
        for name in good.namelist():
            sheet = name.endswith("sheet1.xml")
            bad.writestr(name, outside if sheet else good.read(name))
    with pytest.raises(FileRefused) as refused:
        examine(spoilt.getvalue(), "a.xlsx")
    assert refused.value.reason == "file_damaged"


def test_crash_of_the_reading_process_is_reported(pool, hanging_job):
    statuses = []
    thread = threading.Thread(
        target=lambda: statuses.append(pool.run(hanging_job, 60.0))
    )
    before = set(children())
    thread.start()
    forks = wait_for(lambda: [f for c in set(children()) - before for f in children(c)])
    os.kill(forks[0], signal.SIGSEGV)
    thread.join(30)
    assert statuses == [-signal.SIGSEGV]


def test_hanging_job_is_killed_and_the_reader_lives_on(pool, hanging_job, tmp_path):
    with pytest.raises(TookTooLong):
        pool.run(hanging_job, 0.2)
    assert pool.run(tmp_path / "no such job", 30.0) == 1


def test_reader_that_died_while_idle_is_replaced(pool, tmp_path):
    assert pool.run(tmp_path / "no such job", 30.0) == 1
    reader_of(pool).kill()
    reader_of(pool).wait()
    assert pool.run(tmp_path / "no such job", 30.0) == 1


def test_reader_has_no_secret_in_its_environment(pool, tmp_path, monkeypatch):
    monkeypatch.setenv("JINGTU_DATABASE_URL", "postgresql://secret@host/db")
    pool.run(tmp_path / "no such job", 30.0)
    environment = Path(f"/proc/{reader_of(pool).pid}/environ").read_bytes()
    assert b"secret" not in environment


def test_reader_ends_when_the_service_is_killed(hanging_job):
    program = (
        "import sys, pathlib;"
        "from parcels.surveys.reader import ReaderPool;"
        "print('started', flush=True);"
        "ReaderPool().run(pathlib.Path(sys.argv[1]), 60.0)"
    )
    service = subprocess.Popen(
        [sys.executable, "-c", program, str(hanging_job)], stdout=subprocess.PIPE
    )
    assert service.stdout is not None
    service.stdout.readline()
    forks = wait_for(lambda: [f for c in children(service.pid) for f in children(c)])
    readers = children(service.pid)
    service.kill()
    service.wait()
    service.stdout.close()
    wait_for(lambda: not any(map(is_running, forks + readers)))


def children(process=None):
    """Return the process ids of the children of a process (ours by default)."""
    found = []
    for task in Path(f"/proc/{process or os.getpid()}/task").glob("*/children"):
        try:
            found += [int(one) for one in task.read_text().split()]
        except OSError:
            continue
    return found


def is_running(process):
    """Tell whether a process lives; a dead one that nobody fetched does not."""
    try:
        return (
            Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
            != "Z"
        )
    except OSError:
        return False


def wait_for(condition, seconds=30.0):
    """Return the first true answer; fail when none comes."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := condition():
            return answer
        time.sleep(0.02)
    raise AssertionError("it did not happen")


def test_who_waits_is_told_how_far_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr("parcels.surveys.reader._LOOK_SECONDS", 0.002)
    path, scratch, told = tmp_path / "sent", tmp_path / "scratch", []
    path.write_bytes(parcels_zip())
    scratch.mkdir()
    run_examination(path, "a.zip", REQUEST, Ground(), LIMITS, scratch, told.append)
    assert told and told == sorted(told, key=lambda one: (one.rows, one.checks_done))
    assert told[0].step in ("read", "check")


class NoLongerWanted(Exception):
    pass


def test_who_waits_may_end_it(tmp_path, pool, hanging_job):
    def give_up():
        raise NoLongerWanted

    before = readers_of(os.getpid())
    with pytest.raises(NoLongerWanted):
        pool.run(hanging_job, 60, give_up)
    assert readers_of(os.getpid()) == before


def readers_of(process):
    """Numbers of the processes that a process has started and that are still there."""
    listed = subprocess.run(
        ["ps", "--ppid", str(process), "-o", "pid=,args="],
        capture_output=True,
        text=True,
    )
    return {
        line.split()[0]
        for line in listed.stdout.splitlines()
        if "surveys.child" in line
    }
