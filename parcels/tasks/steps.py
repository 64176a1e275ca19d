"""How is a task carried on? (service).

One transaction: the task is locked, the step judged on the state it then has, written
to the history (the database enters it into the ledger) and the task brought up to it.
Of two officers who strike off at once the second finds it struck off.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from parcels.documents.repository import check_stored
from parcels.tasks import tables
from parcels.tasks.model import (
    BUREAU_NAMES,
    Doer,
    Move,
    Task,
    find_hindrance,
    state_after,
)
from parcels.tasks.refusals import NotYourBureau, StepNotPossible, TaskNotFound
from parcels.tasks.repository import get_task

_EVENT: Final = tables.task_event


def take_step(connection: sa.Connection, task_id: UUID, move: Move, doer: Doer) -> Task:
    """Take one step with a task; return it as it then stands.

    Raises
    ------
    TaskNotFound
        If the caller's divisions have no such task.
    NotYourBureau
        If his role does not carry on the tasks of its bureau.
    StepNotPossible
        With what stands in the way.
    FileNotStored
        If it names a file that the task's division has not.
    """
    task = _lock(connection, task_id)
    for document_id in move.documents:
        check_stored(connection, str(document_id), task.division_code)
    has_evidence = bool(move.note or move.documents) or _has_evidence(
        connection, task_id
    )
    hindrance = find_hindrance(task, move, has_evidence=has_evidence)
    if hindrance is not None:
        raise StepNotPossible(move.step, hindrance)
    connection.execute(
        sa.insert(_EVENT).values(
            task_id=task_id,
            division_code=task.division_code,
            kind=move.step,
            person=move.person if move.step == "assigned" else None,
            note=move.note,
            documents=list(move.documents) or None,
            actor=doer.name,
            client_id=doer.client_id,
        )
    )
    columns: dict[str, Any] = {
        "state": state_after(task, move),
        "changed_at": sa.func.clock_timestamp(),
    }
    if move.step == "assigned":
        columns["person"] = move.person
    connection.execute(
        sa.update(tables.task).where(tables.task.c.id == task_id).values(columns)
    )
    return get_task(connection, task_id)


def _lock(connection: sa.Connection, task_id: UUID) -> Task:
    """Return a task that nobody else can write until the transaction ends."""
    try:
        return get_task(connection, task_id, to_write=True)
    except TaskNotFound:
        seen = get_task(connection, task_id)
    raise NotYourBureau(BUREAU_NAMES[seen.bureau])


def _has_evidence(connection: sa.Connection, task_id: UUID) -> bool:
    """Whether evidence was added since the task was last returned."""
    returned = (
        sa.select(sa.func.coalesce(sa.func.max(_EVENT.c.id), 0))
        .where(_EVENT.c.task_id == task_id, _EVENT.c.kind == "returned")
        .scalar_subquery()
    )
    added = sa.exists().where(
        _EVENT.c.task_id == task_id,
        _EVENT.c.kind == "evidence_added",
        _EVENT.c.id > returned,
    )
    return bool(connection.execute(sa.select(added)).scalar_one())
