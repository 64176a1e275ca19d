"""The job of a batch: ask its open questions, one transaction each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa

from app.asking import IMPOSSIBLE, NOT_REPLACED, ask_today
from app.database import Database
from app.jobs import Job
from app.request_errors import InvalidRequest
from app.schemas.gate_request import read_gate_request
from app.security.principals import Principal
from app.upload_jobs import AskerGone, GaveUp
from parcels.refusal import Refusal
from parcels.surveys.repository import told
from screening.batch import (
    answer_line,
    begin_batch,
    finish_batch,
    list_open_lines,
    refuse_line,
)
from screening.gate import Gate

ASK_BATCH: Final = "ask_batch"
_AT_ONCE: Final = 100
"""Questions that are read at once; a batch is cancelled between two readings."""

_ASKER = sa.text(
    "select id, name, role, scope, registry.person_of(id)"
    " from registry.batch_asker(:id)"
)
_GIVE_UP = sa.text("select registry.give_up_batch(:id, cast(:why as jsonb))")


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
    return (Job(ASK_BATCH, partial(_run, gate), give_up),)


def give_up(database: Database, work_id: str) -> None:
    """Write into a batch that its job failed for good."""
    _give_up(database, work_id, GaveUp())


def _give_up(database: Database, work_id: str, refusal: Refusal) -> None:
    why = orjson.dumps(told(refusal)).decode()
    with database.transaction(None) as connection:
        connection.execute(_GIVE_UP, {"id": work_id, "why": why})


def _run(gate: Gate, database: Database, work_id: str) -> None:
    batch_id = UUID(work_id)
    while (asker := _find_asker(database, work_id)) is not None:
        with database.transaction(asker) as connection:
            dry_run = begin_batch(connection, batch_id)
            lines = list_open_lines(connection, batch_id, _AT_ONCE)
            if dry_run is None:
                return
            if not lines:
                finish_batch(connection, batch_id)
                return
        for number, question in lines:
            asked = {**question, "dry_run": dry_run}
            _ask(gate, database, asker, batch_id, number, asked)
    # Ended meanwhile, or the asker is gone: the database knows which.
    _give_up(database, work_id, AskerGone())


def _find_asker(database: Database, work_id: str) -> Principal | None:
    """Return for whom the batch runs, with his rights as they stand now."""
    with database.transaction(None, read_only=True) as connection:
        row = connection.execute(_ASKER, {"id": work_id}).one_or_none()
    return None if row is None else Principal(*row)


def _ask(
    gate: Gate,
    database: Database,
    asker: Principal,
    batch_id: UUID,
    number: int,
    question: Mapping[str, Any],
) -> None:
    """Ask one question and write its answer beside it, both or neither."""
    try:
        with database.transaction(asker, snapshot=True) as connection:
            # The day is the database's, known inside the transaction.
            asked = read_gate_request(question, date.min)
            record = ask_today(gate, connection, asker, asked)
            answer_line(connection, batch_id, number, record)
    except (*IMPOSSIBLE, *NOT_REPLACED) as refusal:
        _refuse(database, asker, batch_id, number, refusal)
    except InvalidRequest as invalid:
        _refuse(database, asker, batch_id, number, Unreadable(invalid))


def _refuse(
    database: Database, asker: Principal, batch_id: UUID, number: int, why: Refusal
) -> None:
    with database.transaction(asker) as connection:
        refuse_line(connection, batch_id, number, why)
