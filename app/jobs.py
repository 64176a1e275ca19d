"""Work that takes longer than a request: queued with it, done by a worker.

A job is a row of the queue that names a kind of job and the id of a work row (an
upload, a run). It is written in the transaction that writes the work row, and done
under the rights its asker has when it runs (`app.security.authentication.find_client`).
A job may be done twice: a worker that is killed cannot say how far it came, so every
kind of job looks at its work row first and leaves one clear state.

A worker holds an advisory lock for as long as it lives; the database lets go of it
when the process dies. Jobs of a worker without its lock are queued again.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

import orjson
import procrastinate
import psycopg
import sqlalchemy as sa
from procrastinate import manager
from procrastinate.worker import Worker
from psycopg.conninfo import make_conninfo

from app.children import STOPPING_S
from app.cluster import database_urls
from app.database import Database, service_url
from app.rounds import Rounds, repeat_until
from app.settings import Settings

log = logging.getLogger(__name__)

QUEUE: Final = "jingtu"
ATTEMPTS: Final = 3
"""Times a job is begun before it counts as failed; a project default."""
CONCURRENCY: Final = 2
"""Jobs that one worker does side by side; a project default."""
ANSWERS_KEPT: Final = "24 hours"
"""How long an answer is repeated under its Idempotency-Key, at least."""
FINISHED_KEPT_H: Final = 24 * 7
"""Hours for which a finished job stays in the queue's tables."""
_RETRY_S: Final = 2.0
_LIVING_WORKERS: Final = 726003


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of job.

    `run` gets the database and the id of the work row. It raises for what may succeed
    later; what cannot, it writes into the work row. `give_up` writes there that the
    last attempt failed.
    """

    name: str
    run: Callable[[Database, str], None]
    give_up: Callable[[Database, str], None] | None = None


@dataclass(frozen=True, slots=True)
class Periodic:
    """What is done from time to time: `cron` says when, `run` must bear being cut off.

    Of several workers one does it; a turn that comes while the last one runs is left.
    """

    name: str
    cron: str
    run: Callable[[Database], None]


_DEFER = sa.text(
    "select queue.procrastinate_defer_jobs_v1(array[row("
    "  :queue, :name, :priority, :lock, null, cast(:args as jsonb), null"
    ")]::queue.procrastinate_job_to_defer_v1[])"
)
_IN_HAND = sa.text(
    "with asker as ("
    " select cast(nullif(current_setting('jingtu.client', true), '') as uuid) as id)"
    " select (select count(*) from registry.gate_batch b, asker"
    "   where b.client_id = asker.id and b.state in ('waiting', 'running'))"
    " + (select count(*) from registry.screening_run r, asker"
    "   where r.client_id = asker.id and r.state in ('waiting', 'running'))"
    " + (select count(*) from registry.upload u, asker"
    "   where u.client_id = asker.id and u.state in ('received', 'reading'))"
)
_LOST = """
select j.id, j.task_name, j.args, j.attempts
from procrastinate_jobs j
where j.status = 'doing'
    and not exists (
        select from pg_locks l
        where l.locktype = 'advisory' and l.granted
            and l.database = (
                select oid from pg_database where datname = current_database())
            and l.classid = %(lock)s and l.objid::bigint = j.worker_id)
for update of j skip locked
"""


def defer(
    connection: sa.Connection,
    name: str,
    work_id: UUID | int | str,
    *,
    lock: str | None = None,
) -> None:
    """Queue a job; it is there when the connection's transaction commits.

    Jobs with the same `lock` are done one after the other. Who has less in hand comes
    first, and what the service does for itself before all: otherwise a few long batches
    of one client would keep everybody waiting, surveys and deadlines as well.
    """
    values = {
        "queue": QUEUE,
        "name": name,
        "priority": -int(connection.scalar(_IN_HAND) or 0),
        "lock": lock,
        "args": orjson.dumps({"work_id": str(work_id)}).decode(),
    }
    connection.execute(_DEFER, values)


def run_worker(
    settings: Settings,
    jobs: Sequence[Job],
    make_rounds: Callable[[Database], Sequence[Rounds]] = lambda database: (),
    periodic: Sequence[Periodic] = (),
) -> None:
    """Do jobs until SIGTERM or SIGINT; jobs under way then have `STOPPING_S` to end.

    Goes on through a restart of the database.

    Parameters
    ----------
    jobs
        Every kind of job of the program.
    make_rounds
        Makes what is done all the time meanwhile, such as sealing the ledger.
    periodic
        What it does from time to time besides.
    """
    if settings.log_level != "debug":
        logging.getLogger("procrastinate").setLevel(logging.WARNING)
    url = database_urls(settings).service
    database = Database(
        url,
        pool_size=CONCURRENCY + 8,
        application_name="jingtu worker",
        statement_timeout_s=0,
    )
    rounds = make_rounds(database)
    try:
        asyncio.run(_work_until_stopped(url, database, jobs, rounds, periodic))
    finally:
        database.close()


def make_queue(
    url: str,
    database: Database,
    jobs: Sequence[Job],
    periodic: Sequence[Periodic] = (),
) -> procrastinate.App:
    """Return the queue with every kind of job and what is done from time to time.

    Parameters
    ----------
    url
        libpq URL of the service.
    database
        The same, for the jobs themselves.
    """
    connector = procrastinate.PsycopgConnector(
        conninfo=_queue_address(url), min_size=2, max_size=CONCURRENCY + 3
    )
    queue = procrastinate.App(connector=connector)
    for job in jobs:
        queue.task(name=job.name, queue=QUEUE, retry=ATTEMPTS - 1, pass_context=True)(
            partial(_run, database, job)
        )
    _add_periodic(queue, database, jobs)
    for one in periodic:
        _add_turns(queue, database, one)
    return queue


def _run(
    database: Database, job: Job, context: procrastinate.JobContext, work_id: str
) -> None:
    try:
        job.run(database, work_id)
    except Exception:
        if job.give_up is not None and context.job.attempts + 1 >= ATTEMPTS:
            job.give_up(database, work_id)
        raise


def _add_periodic(
    queue: procrastinate.App, database: Database, jobs: Sequence[Job]
) -> None:
    @queue.periodic(cron="* * * * *")
    @queue.task(
        name="requeue_lost_jobs", queue=QUEUE, queueing_lock="requeue_lost_jobs"
    )
    def requeue(timestamp: int) -> None:
        requeue_lost_jobs(database, jobs)

    @queue.periodic(cron="17 * * * *")
    @queue.task(name="forget_spent", queue=QUEUE, queueing_lock="forget_spent")
    def forget(timestamp: int) -> None:
        forget_spent(database)

    @queue.periodic(cron="27 3 * * *")
    @queue.task(name="remove_finished", queue=QUEUE, queueing_lock="remove_finished")
    async def remove(timestamp: int) -> None:
        await queue.job_manager.delete_old_jobs(
            FINISHED_KEPT_H, include_cancelled=True, include_aborted=True
        )


def _add_turns(queue: procrastinate.App, database: Database, one: Periodic) -> None:
    @queue.periodic(cron=one.cron)
    @queue.task(name=one.name, queue=QUEUE, lock=one.name, queueing_lock=one.name)
    def turn(timestamp: int) -> None:
        one.run(database)


def requeue_lost_jobs(database: Database, jobs: Sequence[Job]) -> int:
    """Queue jobs of dead workers again, or fail them after `ATTEMPTS`; return how many.

    A job fails together with its work row: `Job.give_up` runs first.
    """
    with database.transaction(None) as connection:
        connection.execute(sa.text("set local search_path = queue"))
        cursor = connection.connection.driver_connection.cursor()  # type: ignore[union-attr]
        lost = cursor.execute(_LOST, {"lock": _LIVING_WORKERS}).fetchall()
        for number, name, arguments, attempts in lost:
            again = attempts + 1 < ATTEMPTS
            log.warning("job %s (%s) lost its worker; again: %s", number, name, again)
            job = next((one for one in jobs if one.name == name), None)
            _settle(connection, database, number, job, arguments, again)
    return len(lost)


def _settle(
    connection: sa.Connection,
    database: Database,
    number: int,
    job: Job | None,
    arguments: dict[str, Any],
    again: bool,
) -> None:
    if again:
        statement = "select procrastinate_retry_job_v2(:id, now(), null, null, null)"
    else:
        statement = "select procrastinate_finish_job_v1(:id, 'failed', false)"
        if job is not None and job.give_up is not None:
            job.give_up(database, arguments["work_id"])
    connection.execute(sa.text(statement), {"id": number})


def forget_spent(database: Database) -> tuple[int, int]:
    """Remove aged repetition keys and ended sessions; return how many of each."""
    with database.transaction(None) as connection:
        row = connection.execute(
            sa.text("select * from registry.forget_spent(cast(:kept as interval))"),
            {"kept": ANSWERS_KEPT},
        ).one()
    return int(row.answers), int(row.sessions)


class _Lifeline(manager.JobManager):
    """Takes the worker's lock when it registers, on a connection of its own."""

    def __init__(self, connector: Any, address: str) -> None:
        super().__init__(connector)
        self._address = address
        self._connection: psycopg.AsyncConnection[Any] | None = None

    async def register_worker(self) -> int:
        """Register and lock; no job is fetched before."""
        self._connection = await psycopg.AsyncConnection.connect(
            self._address, autocommit=True
        )
        number = await super().register_worker()
        await self._connection.execute(
            "select pg_advisory_lock(%s, %s)", (_LIVING_WORKERS, number)
        )
        return number

    async def wait_until_lost(self) -> None:
        """Return when the lock's connection is gone."""
        while True:
            await asyncio.sleep(_RETRY_S)
            try:
                if self._connection is not None:
                    await self._connection.execute("select 1")
            except psycopg.Error:
                return

    async def let_go(self) -> None:
        """Close the lock's connection."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None


async def _work_until_stopped(
    url: str,
    database: Database,
    jobs: Sequence[Job],
    rounds: Sequence[Rounds],
    periodic: Sequence[Periodic],
) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    going_on = [asyncio.create_task(repeat_until(stopped, each)) for each in rounds]
    # They go on whatever happens; should one end all the same, so does the worker.
    for each in going_on:
        each.add_done_callback(lambda ended: stopped.set())
    while not stopped.is_set():
        try:
            await _work(url, database, jobs, stopped, periodic)
        except (psycopg.Error, procrastinate.exceptions.ConnectorException) as error:
            log.warning("the queue cannot be reached: %s", error)
        if not stopped.is_set():
            await _sleep_or_stop(stopped)
    await asyncio.gather(*going_on)


async def _sleep_or_stop(stopped: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stopped.wait(), _RETRY_S)
    except TimeoutError:
        return


async def _work(
    url: str,
    database: Database,
    jobs: Sequence[Job],
    stopped: asyncio.Event,
    periodic: Sequence[Periodic],
) -> None:
    """Run one worker until it is asked to stop or loses its lock."""
    queue = make_queue(url, database, jobs, periodic)
    lifeline = _Lifeline(queue.connector, _queue_address(url))
    queue.job_manager = lifeline
    async with queue.open_async():
        await asyncio.to_thread(requeue_lost_jobs, database, jobs)
        worker = Worker(
            queue,
            queues=[QUEUE],
            concurrency=CONCURRENCY,
            shutdown_graceful_timeout=STOPPING_S - 1,
            # The lock tells who lives; a heartbeat late under load must not.
            stalled_worker_timeout=3600,
            install_signal_handlers=False,
        )
        run = asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]
        watchers = [
            asyncio.create_task(stopped.wait()),
            asyncio.create_task(lifeline.wait_until_lost()),
        ]
        try:
            await asyncio.wait([run, *watchers], return_when=asyncio.FIRST_COMPLETED)
            worker.stop()  # type: ignore[no-untyped-call]
            await asyncio.wait([run], timeout=STOPPING_S)
            if not run.done():
                # A thread cannot be stopped: its job is queued again by who comes next.
                log.warning("jobs under way are left to the next worker")
                os._exit(0 if stopped.is_set() else 1)
            await run
        finally:
            for watcher in watchers:
                watcher.cancel()
            await lifeline.let_go()


def _queue_address(url: str) -> str:
    """Return the service's connection string with the queue's schema in the path."""
    address = service_url(url, 0)
    options = f"{address.query['options']} -c search_path=queue"
    address = address.update_query_dict({"options": options})
    _, parts = address.get_dialect()().create_connect_args(address)
    return make_conninfo("", **parts)
