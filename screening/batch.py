"""Many questions to the gate in one order (批量核查) (service).

A line is a question and, once it was asked, its outcome and decision, or the reason why
it could not be asked. Line and decision are written in one transaction, so a batch that
was interrupted goes on with the lines that are open and asks nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa
from psycopg.rows import tuple_row

from parcels.refusal import Refusal
from parcels.register.statements import Statements, execute, execute_at_commit, fetch
from screening.gate import AskedBy

_SQL: Final = Statements(Path(__file__).parent / "sql" / "batch.sql")

MOST_LINES: Final = 10_000
"""Questions of one batch at most."""


class BatchNotFound(LookupError):
    """There is no such batch in the caller's part of the country."""


class BatchEnded(Refusal):
    """The batch is done, cancelled or failed; it cannot be cancelled any more."""

    def __init__(self, state: str) -> None:
        super().__init__(
            "batch_ended",
            f"该批次已结束（{state}），不能取消。",
            f"The batch is ended ({state}) and cannot be cancelled.",
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """An order of many questions and how far it is (批次).

    `counts` is outcome → lines, with ``refused`` for questions that could not be asked
    and ``waiting`` for those that were not asked yet.
    """

    id: UUID
    state: str
    dry_run: bool
    total: int
    actor: str
    ordered_at: datetime
    changed_at: datetime
    failure: Mapping[str, str] | None
    counts: Mapping[str, int]

    @property
    def answered(self) -> int:
        """Lines that have an answer or a reason."""
        return self.total - self.counts.get("waiting", 0)


def open_batch(
    connection: sa.Connection,
    asked_by: AskedBy,
    questions: Sequence[Mapping[str, Any]],
    *,
    dry_run: bool,
) -> Batch:
    """Keep an order of questions, as the bodies of single questions, checked before."""
    values = {
        "scope": asked_by.scope,
        "dry_run": dry_run,
        "total": len(questions),
        "actor": asked_by.name,
        "client_id": asked_by.client_id,
    }
    ((batch_id,),) = fetch(connection, _SQL["open"], values, tuple_row)
    written = orjson.dumps(list(questions)).decode()
    lines = {"id": batch_id, "scope": asked_by.scope, "questions": written}
    execute(connection, _SQL["lines"], lines)
    return get_batch(connection, batch_id)


def get_batch(connection: sa.Connection, batch_id: UUID) -> Batch:
    """Return a batch.

    Raises
    ------
    BatchNotFound
        If the caller has none of that id.
    """
    rows = fetch(connection, _SQL["find"], {"id": batch_id})
    if not rows:
        raise BatchNotFound(str(batch_id))
    return Batch(**rows[0])


def begin_batch(connection: sa.Connection, batch_id: UUID) -> bool | None:
    """Take a batch up; return whether it is a dry run, None when it is ended."""
    rows = fetch(connection, _SQL["begin"], {"id": batch_id}, tuple_row)
    return bool(rows[0][0]) if rows else None


def list_open_lines(
    connection: sa.Connection, batch_id: UUID, limit: int
) -> list[tuple[int, dict[str, Any]]]:
    """Return the next questions without an answer, with their numbers."""
    return fetch(connection, _SQL["next"], {"id": batch_id, "limit": limit}, tuple_row)


def take_lines(
    connection: sa.Connection, batch_id: UUID, numbers: Sequence[int]
) -> set[int]:
    """Return those of a batch's lines that have no answer; nobody else answers them.

    Raises
    ------
    SnapshotOvertaken
        If one was answered since the snapshot.
    """
    values = {"id": batch_id, "numbers": list(numbers)}
    return {number for (number,) in fetch(connection, _SQL["take"], values, tuple_row)}


def answer_line(
    connection: sa.Connection,
    batch_id: UUID,
    number: int,
    record: Mapping[str, Any],
) -> None:
    """Write beside a question what the gate answered, in the decision's transaction."""
    values = {
        "id": batch_id,
        "number": number,
        "outcome": record["decision"]["outcome"],
        "decision_id": record["id"],
        "problem": None,
    }
    # After the decision, which is written with the commit too.
    execute_at_commit(connection, _SQL["answer"], values)


def refuse_line(
    connection: sa.Connection, batch_id: UUID, number: int, refusal: Refusal
) -> None:
    """Write beside a question why it could not be asked."""
    problem = {"reason": refusal.reason, "zh": refusal.zh, "en": refusal.en}
    values = {
        "id": batch_id,
        "number": number,
        "outcome": None,
        "decision_id": None,
        "problem": orjson.dumps(problem).decode(),
    }
    execute(connection, _SQL["answer"], values)


def finish_batch(connection: sa.Connection, batch_id: UUID) -> None:
    """Say that every line has been asked; nothing if it was cancelled meanwhile."""
    fetch(connection, _SQL["end"], {"id": batch_id, "state": "done"})


def cancel_batch(connection: sa.Connection, batch_id: UUID) -> Batch:
    """End a batch; lines that were answered stay answered.

    Raises
    ------
    BatchNotFound, BatchEnded
        If there is none, or it is ended already.
    """
    batch = get_batch(connection, batch_id)
    if not fetch(connection, _SQL["end"], {"id": batch_id, "state": "cancelled"}):
        raise BatchEnded(batch.state)
    return get_batch(connection, batch_id)


def list_results(
    connection: sa.Connection, batch_id: UUID, *, after: int = 0, limit: int = 1000
) -> list[dict[str, Any]]:
    """Return lines with their answers after a number; `geom` is WKB, EPSG:4490."""
    values = {"id": batch_id, "after": after, "limit": limit}
    return fetch(connection, _SQL["results"], values)
