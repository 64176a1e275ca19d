"""Work that takes longer than a request: queued with it, done by a worker.

A job is a row of the queue that names a kind of job and the id of a work row (an
upload, a run). It is written in the transaction that writes the work row, and done
under the rights its asker has when it runs (`app.work_rows`). How a worker does jobs
is in `app.worker`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson
import sqlalchemy as sa

from app.database import Database
from app.request_errors import TooMuchInHand
from parcels.register.repository import transaction_time

SHORT: Final = "jingtu"
SURVEYS: Final = "jingtu surveys"
RUNS: Final = "jingtu runs"
PLACES: Final[Mapping[str, int]] = {SHORT: 2, SURVEYS: 1, RUNS: 1}
"""The queues, and how many jobs of each a worker does side by side; project defaults.

What lasts minutes has a queue of its own, so that it keeps nothing waiting but its
like. The first also holds what an earlier version had queued.
"""
_MINUTE_S: Final = 60
_ONE_CLIENT: Final = 726004


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of job.

    `run` gets the database and the id of the work row. It raises for what may succeed
    later; what cannot, it writes into the work row. `give_up` writes there that the
    last attempt failed.
    """

    name: str
    run: Callable[[Database, str], None]
    give_up: Callable[[Database, str], None]


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
    "with asker as materialized ("
    " select cast(nullif(current_setting('jingtu.client', true), '') as uuid) as id)"
    " select (select count(*) from registry.gate_batch b"
    "   where b.client_id = (select id from asker)"
    "   and b.state in ('waiting', 'running'))"
    " + (select count(*) from registry.screening_run r"
    "   where r.client_id = (select id from asker)"
    "   and r.state in ('waiting', 'running'))"
    " + (select count(*) from registry.upload u"
    "   where u.ordered_by = (select id from asker) and u.order_kind is not null)"
)
_ONE_AFTER_ANOTHER = sa.text(
    "select pg_advisory_xact_lock("
    " :lock, hashtext(current_setting('jingtu.client', true)))"
)


def defer(
    connection: sa.Connection,
    name: str,
    work_id: UUID | int | str,
    *,
    queue: str = SHORT,
    lock: str | None = None,
) -> None:
    """Queue a job; it is there when the connection's transaction commits.

    Jobs with the same `lock` are done one after the other. Who has less in hand comes
    first (`rank`), and what the service does for itself before all.
    """
    values = {
        "queue": queue,
        "name": name,
        "priority": rank(transaction_time(connection), _in_hand(connection)),
        "lock": lock,
        "args": orjson.dumps({"work_id": str(work_id)}).decode(),
    }
    connection.execute(_DEFER, values)


def rank(queued_at: datetime, in_hand: int) -> int:
    """Return the priority of a job; the highest is done first.

    Each thing that its asker has in hand puts it behind what others queue in the next
    minute (project default), so nobody waits without an end. 0 is the service's own.

    Examples
    --------
    >>> noon = datetime.fromisoformat("2024-01-01T12:00Z")
    >>> rank(noon, 1) > rank(noon, 2)
    True
    >>> later = datetime.fromisoformat("2024-01-01T12:05Z")
    >>> rank(noon, 5) > rank(later, 1)
    True
    """
    return -int(queued_at.timestamp() // _MINUTE_S) - in_hand


def refuse_too_much(connection: sa.Connection, most: int) -> None:
    """Refuse one more order of a caller who has `most` in hand at the worker.

    His orders in other transactions are waited for: of many at once no more pass.

    Raises
    ------
    TooMuchInHand
    """
    connection.execute(_ONE_AFTER_ANOTHER, {"lock": _ONE_CLIENT})
    if _in_hand(connection) >= most:
        raise TooMuchInHand(most)


def _in_hand(connection: sa.Connection) -> int:
    """Count what the caller of this transaction has ordered and not got."""
    return int(connection.scalar(_IN_HAND) or 0)
