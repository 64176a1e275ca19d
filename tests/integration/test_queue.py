"""Jobs are queued with the work they belong to, and survive their worker."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import psycopg
import pytest
import sqlalchemy as sa

from app.clearing_jobs import forget_spent
from app.database import Database
from app.idempotency import Repetition, answer_once
from app.jobs import RUNS, SHORT, SURVEYS, Job, defer
from app.worker import requeue_lost_jobs
from parcels.ledger.kept import HEADS_FILE, KeptHeads
from tests.integration.ledger_steps import append_many, rows_of
from tests.integration.test_access import answer, end_connections, principal

WORKER = """
import sys, time
import app.jobs as jobs
import app.worker as worker
from procrastinate.exceptions import ConnectorException
from procrastinate.manager import JobManager
from app.sealing import find_ledger_folder, sealing_rounds
from app.settings import Settings

def run(database, work_id):
    with open(sys.argv[1], "a") as log:
        print("began", work_id, file=log, flush=True)
        if work_id.startswith("slow"):
            time.sleep(60)
        if work_id in ("bad", "untold"):
            raise RuntimeError("bad")
        print("done", work_id, file=log, flush=True)

finish_job = JobManager.finish_job
losses = iter("1")

async def lose_once(self, job, *args, **more):
    if job.task_kwargs["work_id"] == "unwritten" and next(losses, None):
        raise ConnectorException
    await finish_job(self, job, *args, **more)

JobManager.finish_job = lose_once
failures = iter("12")

def give_up(database, work_id):
    with open(sys.argv[1], "a") as log:
        if work_id == "untold" and next(failures, None):
            print("cannot give up", work_id, file=log, flush=True)
            raise RuntimeError("untold")
        print("gave up", work_id, file=log, flush=True)

settings = Settings(database_url=sys.argv[2], data_dir=sys.argv[3])
worker.PAUSE_S = 0
worker.run_worker(
    settings,
    [jobs.Job("try", run, give_up)],
    lambda database: [sealing_rounds(database, find_ledger_folder(settings))],
)
"""
PATIENCE_S = 30
TRY = Job("try", lambda database, work_id: None, lambda database, work_id: None)


@pytest.fixture
def database(fresh_database_urls):
    found = Database(fresh_database_urls.service, pool_size=3)
    yield found
    found.close()


@pytest.fixture
def jobs_of(fresh_database_urls):
    """Read the queue as its owner."""

    def read(columns="task_name, status"):
        query = f"select {columns} from queue.procrastinate_jobs order by id"  # noqa: S608
        with psycopg.connect(fresh_database_urls.owner) as connection:
            return connection.execute(query).fetchall()

    return read


def queue(database, *work_ids, queue=SHORT):
    with database.transaction(None) as connection:
        for work_id in work_ids:
            defer(connection, "try", work_id, queue=queue)


def test_a_job_is_there_when_its_transaction_commits(database, jobs_of):
    with database.transaction(principal()) as connection:
        defer(connection, "try", "1", lock="county")
        assert jobs_of() == []
    assert jobs_of("task_name, status, lock, args") == [
        ("try", "todo", "county", {"work_id": "1"})
    ]


def test_a_job_goes_with_its_transaction(database, jobs_of):
    with pytest.raises(LookupError):
        with database.transaction(None) as connection:
            defer(connection, "try", "1")
            raise LookupError
    assert jobs_of() == []


def test_a_job_in_doing_without_a_living_worker_is_queued_again(
    database, fresh_database_urls, jobs_of
):
    queue(database, "1")
    with psycopg.connect(fresh_database_urls.owner) as connection:
        connection.execute("set search_path = queue")
        connection.execute("update procrastinate_jobs set status = 'doing'")
    assert requeue_lost_jobs(database, [TRY]) == 1
    assert jobs_of("status, attempts") == [("todo", 1)]


def test_a_lost_turn_makes_room_for_the_next(database, fresh_database_urls, jobs_of):
    with psycopg.connect(fresh_database_urls.owner) as connection:
        connection.execute("set search_path = queue")
        for status in ("doing", "todo"):
            connection.execute(
                "insert into procrastinate_jobs"
                " (queue_name, task_name, lock, queueing_lock, status)"
                " values ('jingtu', 'turn', 'turn', 'turn', %s)",
                [status],
            )
    queue(database, "1")
    with psycopg.connect(fresh_database_urls.owner) as connection:
        connection.execute(
            "update queue.procrastinate_jobs set status = 'doing'"
            " where task_name = 'try'"
        )
    requeue_lost_jobs(database, [TRY])
    assert jobs_of() == [("turn", "failed"), ("turn", "todo"), ("try", "todo")]


def test_a_job_lost_three_times_fails_and_says_so(
    database, fresh_database_urls, jobs_of
):
    given_up = []
    job = Job("try", lambda d, w: None, lambda d, w: given_up.append(w))
    queue(database, "1")
    with psycopg.connect(fresh_database_urls.owner) as connection:
        connection.execute("set search_path = queue")
        connection.execute(
            "update procrastinate_jobs set status = 'doing', attempts = 2"
        )
    requeue_lost_jobs(database, [job])
    assert jobs_of("status") == [("failed",)]
    assert given_up == ["1"]


def test_a_job_of_a_living_worker_is_left_alone(database, fresh_database_urls, jobs_of):
    queue(database, "1")
    with psycopg.connect(fresh_database_urls.owner, autocommit=True) as worker:
        worker.execute("set search_path = queue")
        (number,) = worker.execute(
            "select worker_id from procrastinate_register_worker_v1()"
        ).fetchone()
        worker.execute("select pg_advisory_lock(726003, %s)", (number,))
        worker.execute(
            "update procrastinate_jobs set status = 'doing', worker_id = %s", (number,)
        )
        assert requeue_lost_jobs(database, [TRY]) == 0
    deadline = time.monotonic() + PATIENCE_S
    while not requeue_lost_jobs(database, [TRY]):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert jobs_of("status") == [("todo",)]


def test_answers_are_forgotten_after_a_day_and_sessions_when_they_end(
    database, fresh_database_urls
):
    asker = principal()
    for key in ("old", "new"):
        repetition = Repetition(key, b"x" * 32)
        answer_once(database, asker, repetition, lambda c: answer("x"))
    with psycopg.connect(fresh_database_urls.owner) as connection:
        connection.execute(
            "update registry.idempotency_key set created_at = now() - %s"
            " where key = 'old'",
            (timedelta(hours=25),),
        )
    assert forget_spent(database) == (1, 0)
    with database.transaction(asker) as connection:
        kept = connection.scalars(sa.text("select key from idempotency_key")).all()
    assert kept == ["new"]


def test_an_answer_of_another_client_cannot_be_read(database):
    answer_once(
        database, principal(), Repetition("k", b"x" * 32), lambda c: answer("x")
    )
    with database.transaction(principal("*", "admin")) as connection:
        assert connection.scalar(sa.text("select count(*) from idempotency_key")) == 0


class Worker:
    """A worker in a process of its own."""

    def __init__(self, url, folder):
        self.log = folder / "log"
        self.log.touch()
        command = [sys.executable, "-c", WORKER, str(self.log), url, str(folder)]
        self.process = subprocess.Popen(command, env={**os.environ})

    def wait_for(self, line):
        deadline = time.monotonic() + PATIENCE_S
        while line not in self.log.read_text().splitlines():
            assert time.monotonic() < deadline, self.log.read_text()
            assert self.process.poll() is None
            time.sleep(0.05)


@pytest.fixture
def start_worker(fresh_database_urls, tmp_path):
    started = []

    def start():
        started.append(Worker(fresh_database_urls.service, tmp_path))
        return started[-1]

    yield start
    for worker in started:
        worker.process.kill()
        worker.process.wait()


def test_a_worker_does_jobs_and_gives_up_after_three_attempts(
    database, start_worker, jobs_of
):
    queue(database, "good", "bad")
    worker = start_worker()
    worker.wait_for("done good")
    worker.wait_for("gave up bad")
    assert worker.log.read_text().count("began bad") == 3
    worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(PATIENCE_S) == 0
    assert ("try", "succeeded") in jobs_of() and ("try", "failed") in jobs_of()


def test_a_job_of_a_killed_worker_is_done_by_the_next(database, start_worker):
    queue(database, "slow")
    first = start_worker()
    first.wait_for("began slow")
    first.process.kill()
    first.process.wait()
    first.log.write_text("")
    start_worker().wait_for("began slow")


def test_short_work_is_done_while_long_work_fills_its_places(database, start_worker):
    queue(database, "slow run", "slow next run", queue=RUNS)
    queue(database, "slow survey", "slow next survey", queue=SURVEYS)
    worker = start_worker()
    for name in ("slow run", "slow survey"):
        worker.wait_for(f"began {name}")
    queue(database, "short", "other short")
    for name in ("short", "other short"):
        worker.wait_for(f"done {name}")
    assert "next" not in worker.log.read_text()


def test_long_work_follows_long_work(database, start_worker):
    queue(database, "one", "two", "three", queue=RUNS)
    start_worker().wait_for("done three")


def test_a_job_that_cannot_be_given_up_is_begun_again(database, start_worker):
    queue(database, "untold")
    worker = start_worker()
    worker.wait_for("gave up untold")
    log = worker.log.read_text().splitlines()
    assert log.count("cannot give up untold") == 2
    assert log.count("began untold") == 5


def test_a_job_whose_end_could_not_be_written_is_done_again(
    database, start_worker, jobs_of
):
    queue(database, "unwritten")
    worker = start_worker()
    deadline = time.monotonic() + PATIENCE_S
    while jobs_of("status, attempts") != [("succeeded", 2)]:
        assert time.monotonic() < deadline, jobs_of("status, attempts")
        time.sleep(0.05)
    assert worker.log.read_text().count("done unwritten") == 2


def test_a_lost_job_that_cannot_be_given_up_keeps_no_other(
    database, fresh_database_urls, jobs_of
):
    def give_up(database, work_id):
        if work_id == "1":
            raise LookupError

    queue(database, "1", "2")
    with psycopg.connect(fresh_database_urls.owner) as connection:
        connection.execute("set search_path = queue")
        connection.execute(
            "update procrastinate_jobs set status = 'doing', attempts = 2"
        )
    requeue_lost_jobs(database, [Job("try", lambda d, w: None, give_up)])
    assert jobs_of("args ->> 'work_id', status") == [("1", "doing"), ("2", "failed")]


def test_a_worker_goes_on_after_the_database_dropped_it(
    database, start_worker, fresh_database_urls
):
    worker = start_worker()
    queue(database, "one")
    worker.wait_for("done one")
    end_connections(fresh_database_urls)
    queue(database, "two")
    worker.wait_for("done two")


def test_a_worker_seals_the_ledger_within_five_seconds(
    database, start_worker, fresh_database_urls, tmp_path
):
    worker = start_worker()
    queue(database, "good")
    worker.wait_for("done good")
    for _ in range(2):
        append_many(database, 3)
        deadline = time.monotonic() + 5
        while rows_of(fresh_database_urls, "select from registry.ledger_unsealed"):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(PATIENCE_S) == 0
    kept = KeptHeads(tmp_path / "ledger" / HEADS_FILE)
    assert kept.last().head.size == 6
