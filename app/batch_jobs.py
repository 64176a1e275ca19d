"""The job of a batch: ask its open questions, a few in each transaction."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import groupby, islice
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from app.asking import ask_several_today, goes_with_others
from app.database import Database
from app.database_errors import DatabaseUnavailable
from app.jobs import Job, defer
from app.request_errors import InvalidRequest
from app.schemas.gate_request import read_gate_request
from app.security.principals import Principal
from app.work_rows import WorkRows
from parcels.refusal import Refusal, go_on
from screening.batch import (
    answer_line,
    begin_batch,
    finish_batch,
    list_open_lines,
    refuse_line,
    take_lines,
)
from screening.gate import Gate, Question

log = logging.getLogger(__name__)

Line = tuple[int, dict[str, Any]]
"""A question with its number in the batch."""

ASK_BATCH: Final = "ask_batch"
_AT_ONCE: Final = 100
"""Questions that are read at once; a batch is cancelled between two readings."""
_TOGETHER: Final = 8
"""Questions that are asked in one transaction, at most."""

_TURN_S: Final = 10.0
"""Seconds after which a batch makes room for what others have queued meanwhile; a
project default."""


class BatchGaveUp(Refusal):
    """The last attempt at a batch failed for a reason of the program's own."""

    def __init__(self) -> None:
        super().__init__(
            "gave_up",
            "服务多次尝试均未完成；已回答的问题保留，其余请稍后重新提交，"
            "仍不成功请通知管理员。",
            "The service tried several times and failed. What was answered stays; send"
            " the other questions again later, and tell the administrator if it fails"
            " again.",
        )


_ROWS: Final = WorkRows(
    "ask_gate",
    sa.text(
        "select id, name, role, scope, registry.person_of(id)"
        " from registry.batch_asker(:id)"
    ),
    sa.text("select registry.give_up_batch(:id, cast(:why as jsonb))"),
    BatchGaveUp,
)


class Unreadable(Refusal):
    """The question was well formed when it was sent and is not any more."""

    def __init__(self, invalid: InvalidRequest) -> None:
        super().__init__(
            "invalid_question",
            "；".join(f"{fault.where}：{fault.message.zh}" for fault in invalid.faults),
            "; ".join(f"{fault.where}: {fault.message.en}" for fault in invalid.faults),
        )


def batch_jobs(gate: Gate) -> tuple[Job, ...]:
    """Return the kind of job that batches need."""
    return (Job(ASK_BATCH, partial(_run, gate), _ROWS.give_up),)


def queue_batch(connection: sa.Connection, batch_id: UUID) -> None:
    """Queue the job that asks what is open of a batch."""
    defer(connection, ASK_BATCH, batch_id, lock=f"batch {batch_id}")


def _run(gate: Gate, database: Database, work_id: str) -> None:
    batch_id, has_asked = UUID(work_id), False
    ends_at = time.monotonic() + _TURN_S
    while (asker := _ROWS.find_asker(database, work_id)) is not None:
        with database.transaction(asker) as connection:
            dry_run = begin_batch(connection, batch_id)
            lines = list_open_lines(connection, batch_id, _AT_ONCE)
            if dry_run is None:
                return
            if not lines:
                finish_batch(connection, batch_id)
                return
            if has_asked and time.monotonic() >= ends_at:
                queue_batch(connection, batch_id)
                return
        for group in _groups(lines):
            _ask(gate, database, asker, batch_id, group, dry_run)
        has_asked = True
    # Ended meanwhile, or the asker is gone: the database knows which.
    _ROWS.fail_without_asker(database, work_id)


def _groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield lines in their order: plain questions several together, others alone."""
    for plain, alike in groupby(lines, lambda line: goes_with_others(line[1])):
        most = _TOGETHER if plain else 1
        while group := list(islice(alike, most)):
            yield group


def _ask(
    gate: Gate,
    database: Database,
    asker: Principal,
    batch_id: UUID,
    lines: Sequence[Line],
    dry_run: bool,
) -> None:
    """Ask questions and write each answer beside its question, all or nothing.

    What does not go together is asked one by one.
    """
    try:
        with database.transaction(asker, snapshot=True) as connection:
            # Another worker may have taken this one for dead and gone on.
            still_open = take_lines(connection, batch_id, [line[0] for line in lines])
            asked = [line for line in lines if line[0] in still_open]
            answers = _answer(gate, connection, asker, asked, dry_run)
            for (number, _), answer in zip(asked, answers, strict=True):
                if isinstance(answer, Refusal):
                    refuse_line(connection, batch_id, number, answer)
                else:
                    answer_line(connection, batch_id, number, answer)
    except Exception as error:
        # Where the database went away it is not known whether it was committed.
        if len(lines) == 1 or isinstance(error, DatabaseUnavailable):
            raise
        log.info("%d lines are asked one by one: %r", len(lines), error)
        for line in lines:
            _ask(gate, database, asker, batch_id, [line], dry_run)


def _answer(
    gate: Gate,
    connection: sa.Connection,
    asker: Principal,
    lines: Sequence[Line],
    dry_run: bool,
) -> list[dict[str, Any] | Refusal]:
    ask = partial(ask_several_today, gate, connection, asker, dry_run=dry_run)
    return go_on(ask, [_read(question) for _, question in lines])


def _read(question: Mapping[str, Any]) -> Question | Refusal:
    try:
        # The day is the database's, known inside the transaction.
        return read_gate_request(question, date.min).question
    except InvalidRequest as invalid:
        return Unreadable(invalid)
