"""What does queued jobs: a process that works through the queues (shell).

A job may be done twice: a worker that is killed cannot say how far it came, so every
kind of job looks at its work row first and leaves one clear state. A job does not end
before its work row says how it ended.

A worker holds an advisory lock for as long as it lives; the database lets go of it
when the process dies. Jobs of a worker without its lock are queued again.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final

import procrastinate
import psycopg
import sqlalchemy as sa
from procrastinate import manager
from procrastinate.jobs import Job as QueuedJob
from procrastinate.worker import Worker
from psycopg.conninfo import make_conninfo

from app.children import STOPPING_S
from app.cluster import database_urls
from app.database import Database, service_url
from app.database_errors import DatabaseFault
from app.jobs import PLACES, SHORT, Job, Periodic
from app.rounds import Rounds, repeat_until
from app.settings import Settings

log = logging.getLogger(__name__)

ATTEMPTS: Final = 3
"""Times a job is begun before it counts as failed; a project default."""
PAUSE_S = 5
"""Seconds before the second attempt at a job that failed, twice as many before the
third; a project default."""
FINISHED_KEPT_H: Final = 24 * 7
"""Hours for which a finished job stays in the queue's tables."""
_JOBS: Final = sum(PLACES.values())
_LOOK_S: Final = 1.0
"""Where a place became free, the next job of that queue is found within so long."""
_RETRY_S: Final = 2.0
_LIVING_WORKERS: Final = 726003

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
_AGAIN = sa.text("select procrastinate_retry_job_v2(:id, now(), null, null, null)")
_FAILED = sa.text("select procrastinate_finish_job_v1(:id, 'failed', false)")


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
        pool_size=2 * _JOBS + 8,
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
        conninfo=_queue_address(url), min_size=2, max_size=_JOBS + 3
    )
    queue = procrastinate.App(connector=connector)
    for job in jobs:
        queue.task(name=job.name, retry=_AfterAPause(), pass_context=True)(
            partial(_run, database, job)
        )
    for one in periodic:
        _add_turns(queue, database, one)
    _add_removal(queue)
    return queue


def _add_turns(queue: procrastinate.App, database: Database, one: Periodic) -> None:
    @queue.periodic(cron=one.cron)
    @queue.task(name=one.name, queue=SHORT, lock=one.name, queueing_lock=one.name)
    def turn(timestamp: int) -> None:
        one.run(database)


def _add_removal(queue: procrastinate.App) -> None:
    @queue.periodic(cron="27 3 * * *")
    @queue.task(name="remove_finished", queue=SHORT, queueing_lock="remove_finished")
    async def remove(timestamp: int) -> None:
        await queue.job_manager.delete_old_jobs(
            FINISHED_KEPT_H, include_cancelled=True, include_aborted=True
        )


class _GivenUp(Exception):
    """The last attempt failed, and the work row says so."""


class _AfterAPause(procrastinate.BaseRetryStrategy):
    """A job is begun again until its work row says how it ended."""

    def get_retry_decision(
        self, *, exception: BaseException, job: QueuedJob
    ) -> procrastinate.RetryDecision | None:
        """Return when it is begun again; None when it was given up."""
        if isinstance(exception, _GivenUp):
            return None
        pause_s = PAUSE_S * (job.attempts + 1)
        return procrastinate.RetryDecision(retry_in={"seconds": pause_s})


def _run(
    database: Database, job: Job, context: procrastinate.JobContext, work_id: str
) -> None:
    attempt = context.job.attempts + 1
    try:
        job.run(database, work_id)
    except Exception as error:
        if attempt < ATTEMPTS:
            log.warning("%s %s failed", job.name, work_id, exc_info=True)
            raise
        job.give_up(database, work_id)
        raise _GivenUp(f"{job.name} {work_id} failed {attempt} times") from error


def requeue_lost_jobs(database: Database, jobs: Sequence[Job]) -> int:
    """Queue jobs of dead workers again, or fail them after `ATTEMPTS`; return how many.

    A job fails together with its work row: `Job.give_up` runs first. A turn is left to
    the next: it may be queued already, and two of a name cannot be.
    """
    kinds = {job.name: job for job in jobs}
    with database.transaction(None) as connection:
        connection.execute(sa.text("set local search_path = queue"))
        cursor = connection.connection.driver_connection.cursor()  # type: ignore[union-attr]
        lost = cursor.execute(_LOST, {"lock": _LIVING_WORKERS}).fetchall()
        for number, name, arguments, attempts in lost:
            job = kinds.get(name)
            again = job is not None and attempts + 1 < ATTEMPTS
            log.warning("job %s (%s) lost its worker; again: %s", number, name, again)
            if again or job is None or _is_given_up(database, job, arguments):
                connection.execute(_AGAIN if again else _FAILED, {"id": number})
    return len(lost)


def _is_given_up(database: Database, job: Job, arguments: dict[str, Any]) -> bool:
    """Write into a work row that its job failed for good; False if that cannot be."""
    try:
        job.give_up(database, arguments["work_id"])
    except Exception:
        # It is tried again, and must not keep others from it.
        log.exception("%s %s cannot be given up", job.name, arguments["work_id"])
        return False
    return True


class _Places(manager.JobManager):
    """Gives each queue its places, and holds the worker's lock.

    The lock is taken when the worker registers, on a connection of its own.
    """

    def __init__(self, connector: Any, address: str) -> None:
        super().__init__(connector)
        self._address = address
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._taken: Counter[str] = Counter()

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

    async def fetch_job(
        self, queues: Iterable[str] | None, worker_id: int
    ) -> QueuedJob | None:
        """Take the first job of those queues that have a place left."""
        free = [name for name, places in PLACES.items() if self._taken[name] < places]
        job = await super().fetch_job(free, worker_id)
        if job is not None:
            self._taken[job.queue] += 1
        return job

    async def finish_job(self, job: QueuedJob, *args: Any, **more: Any) -> None:
        """Write how a job ended."""
        async with self._leaving(job):
            await super().finish_job(job, *args, **more)

    async def retry_job(self, job: QueuedJob, *args: Any, **more: Any) -> None:
        """Queue a job again."""
        async with self._leaving(job):
            await super().retry_job(job, *args, **more)

    @asynccontextmanager
    async def _leaving(self, job: QueuedJob) -> AsyncIterator[None]:
        """Free a job's place.

        A worker that cannot write how it ended lives no longer: the job would stay
        under way for as long as it does.
        """
        try:
            yield
        except Exception:
            await self.let_go()
            raise
        finally:
            self._taken[job.queue] -= 1

    async def wait_until_lost(self, look_after: Callable[[], object]) -> None:
        """Return when the lock's connection is gone; look after others until then.

        Not by a job: nobody would take up that of a worker which was killed in it.
        """
        while True:
            await asyncio.sleep(_RETRY_S)
            if self._connection is None:
                continue
            try:
                await self._connection.execute("select 1")
            except psycopg.Error:
                return
            try:
                await asyncio.to_thread(look_after)
            except Exception as error:
                known = isinstance(error, DatabaseFault)
                log.error("jobs of dead workers: %s", error, exc_info=not known)

    async def let_go(self) -> None:
        """Close the lock's connection."""
        if self._connection is not None:
            await self._connection.close()


async def _work_until_stopped(
    url: str,
    database: Database,
    jobs: Sequence[Job],
    rounds: Sequence[Rounds],
    periodic: Sequence[Periodic],
) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    # On one processor asyncio has five threads: jobs would keep the rounds waiting.
    loop.set_default_executor(ThreadPoolExecutor(_JOBS + len(rounds) + 2, "worker"))
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
    places = _Places(queue.connector, _queue_address(url))
    queue.job_manager = places
    async with queue.open_async():
        worker = Worker(
            queue,
            queues=PLACES,
            concurrency=_JOBS,
            fetch_job_polling_interval=_LOOK_S,
            shutdown_graceful_timeout=STOPPING_S - 1,
            # The lock tells who lives; a heartbeat late under load must not.
            stalled_worker_timeout=3600,
            install_signal_handlers=False,
        )
        requeue = partial(requeue_lost_jobs, database, jobs)
        run = asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]
        watchers = [
            asyncio.create_task(stopped.wait()),
            asyncio.create_task(places.wait_until_lost(requeue)),
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
            await places.let_go()


def _queue_address(url: str) -> str:
    """Return the service's connection string with the queue's schema in the path."""
    address = service_url(url, 0)
    options = f"{address.query['options']} -c search_path=queue"
    address = address.update_query_dict({"options": options})
    _, parts = address.get_dialect()().create_connect_args(address)
    return make_conninfo("", **parts)
