"""Which tasks are there? Opened, found, listed (shell).

``open_task(connection, NewTask(...), doer)`` opens one, `open_tasks` several, in the
transaction of what they follow from, under the caller's own division;
``NewTask.origin`` makes it safe to call twice. A caller may open tasks for any bureau
of his divisions; a job of the program runs as a principal of the whole country.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from parcels.plots.basis import Basis
from parcels.register.repository import today
from parcels.tasks import tables
from parcels.tasks.kinds import KINDS
from parcels.tasks.model import (
    UNDER_WAY,
    Bureau,
    Doer,
    Due,
    NewTask,
    State,
    Subject,
    Task,
    TaskEvent,
)
from parcels.tasks.refusals import TaskNotFound

_TASK: Final = tables.task
_EVENT: Final = tables.task_event
_NEVER: Final = sa.text("'infinity'::date")
_DUE_DAY: Final = sa.func.coalesce(_TASK.c.due_on, _NEVER)


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks; what is None or empty is not asked for.

    Attributes
    ----------
    division
        This division and those below it.
    late
        True: late ones only; False: only those that are not.
    """

    division: str | None = None
    bureau: Bureau | None = None
    kind: str | None = None
    states: Sequence[State] = ()
    person: str | None = None
    subject: Subject | None = None
    decision_id: UUID | None = None
    late: bool | None = None


@dataclass(frozen=True, slots=True)
class LateCount:
    """What is late in one county (or wider division) and bureau.

    `under_way` counts the late ones too; `earliest_due_on` is the earliest last day
    that is over.
    """

    division_code: str
    bureau: Bureau
    late: int
    under_way: int
    earliest_due_on: date


@dataclass(frozen=True, slots=True)
class DueKey:
    """Where a page ends: the last day (None comes last), then the id."""

    due_on: date | None
    id: UUID


def open_task(connection: sa.Connection, new: NewTask, doer: Doer) -> UUID:
    """Open a task, or find the one that its origin opened before; return its id.

    Raises
    ------
    ValueError
        If the kind is unknown or a fact of its title is missing: a fault of the
        program.
    """
    (task_id,) = open_tasks(connection, [new], doer)
    return task_id


def open_tasks(
    connection: sa.Connection, new: Sequence[NewTask], doer: Doer
) -> list[UUID]:
    """Open tasks as `open_task` does, in two statements; return the id of each."""
    if not new:
        return []
    for one in new:
        _check(one)
    numbered = {uuid4(): one for one in new}
    opened = set(
        connection.scalars(
            postgresql.insert(_TASK)
            .values(_opening(connection, doer))
            .on_conflict_do_nothing(index_elements=["division_code", "kind", "origin"])
            .returning(_TASK.c.id),
            [{"id": task_id, **_columns(one)} for task_id, one in numbered.items()],
        )
    )
    events = [
        {
            "task_id": task_id,
            "division_code": one.division_code,
            "kind": "opened",
            "person": one.person,
            "due_on": one.due.on if one.due else None,
            "actor": doer.name,
            "client_id": doer.client_id,
        }
        for task_id, one in numbered.items()
        if task_id in opened
    ]
    if events:
        connection.execute(sa.insert(_EVENT), events)
    return [
        task_id if task_id in opened else _find_by_origin(connection, one)
        for task_id, one in numbered.items()
    ]


def find_tasks(
    connection: sa.Connection,
    wanted: TaskFilter,
    *,
    after: DueKey | None = None,
    limit: int,
) -> list[Task]:
    """Return tasks of the caller's divisions, the earliest last day first."""
    statement = (
        sa.select(_TASK)
        .where(*conditions(connection, wanted))
        .order_by(_DUE_DAY, _TASK.c.id)
        .limit(limit)
    )
    if after is not None:
        day = _NEVER if after.due_on is None else sa.literal(after.due_on)
        statement = statement.where(
            sa.tuple_(_DUE_DAY, _TASK.c.id)
            > sa.tuple_(day, sa.literal(after.id, _TASK.c.id.type))
        )
    return [Task(**row) for row in connection.execute(statement).mappings()]


def find_tasks_of(
    connection: sa.Connection, kind: str, subjects: Sequence[tuple[str, Subject]]
) -> dict[tuple[str, str], Task]:
    """Return a task of a kind for each of many subjects, by division and code.

    `subjects` stand with their divisions and are of one theme; of several tasks the
    one with the earliest last day.
    """
    if not subjects:
        return {}
    wanted = [(division, one.code) for division, one in subjects]
    statement = (
        sa.select(_TASK)
        .where(
            _TASK.c.kind == kind,
            _TASK.c.subject_theme == subjects[0][1].theme,
            sa.tuple_(_TASK.c.division_code, _TASK.c.subject_code).in_(wanted),
        )
        .order_by(_DUE_DAY, _TASK.c.id)
    )
    found: dict[tuple[str, str], Task] = {}
    for row in connection.execute(statement).mappings():
        found.setdefault((row["division_code"], row["subject_code"]), Task(**row))
    return found


def get_task(
    connection: sa.Connection, task_id: UUID, *, to_write: bool = False
) -> Task:
    """Return a task; `to_write` waits for whoever else is writing it.

    Raises
    ------
    TaskNotFound
        If the caller's divisions have none with that id; to write, also where his
        bureau does not carry it on.
    """
    statement = sa.select(_TASK).where(_TASK.c.id == task_id)
    if to_write:
        statement = statement.with_for_update()
    row = connection.execute(statement).mappings().one_or_none()
    if row is None:
        raise TaskNotFound(str(task_id))
    return Task(**row)


def list_events(connection: sa.Connection, task_id: UUID) -> list[TaskEvent]:
    """Return every step of a task in its order."""
    names = TaskEvent.__dataclass_fields__
    statement = (
        sa.select(*(_EVENT.c[name] for name in names))
        .where(_EVENT.c.task_id == task_id)
        .order_by(_EVENT.c.id)
    )
    return [TaskEvent(**row) for row in connection.execute(statement).mappings()]


def count_late(connection: sa.Connection, wanted: TaskFilter) -> list[LateCount]:
    """Return what is late by county and bureau, the most first."""
    late = is_late(today(connection))
    division = sa.func.left(_TASK.c.division_code, sa.literal_column("6")).label(
        "division_code"
    )
    number = sa.func.count().filter(late)
    statement = (
        sa.select(
            division,
            _TASK.c.bureau,
            number.label("late"),
            sa.func.count().label("under_way"),
            sa.func.min(_TASK.c.due_on).filter(late).label("earliest_due_on"),
        )
        .where(*conditions(connection, wanted), _TASK.c.state.in_(UNDER_WAY))
        .group_by(division, _TASK.c.bureau)
        .having(number > 0)
        .order_by(number.desc(), division, _TASK.c.bureau)
    )
    return [LateCount(*row) for row in connection.execute(statement)]


def set_due_day(connection: sa.Connection, task: Task, due: Due, doer: Doer) -> None:
    """Give a task that has not ended another last day, and say how it was counted."""
    connection.execute(
        sa.insert(_EVENT).values(
            task_id=task.id,
            division_code=task.division_code,
            kind="due_day_set",
            note=due.counted.zh,
            due_on=due.on,
            actor=doer.name,
            client_id=doer.client_id,
        )
    )
    connection.execute(
        sa.update(_TASK)
        .where(_TASK.c.id == task.id)
        .values(
            due_on=due.on,
            due_term=write_due(due),
            changed_at=sa.func.clock_timestamp(),
        )
    )


def note_reminder(
    connection: sa.Connection,
    task_id: UUID,
    division_code: str,
    note: str,
    doer: Doer,
    *,
    due_on: date | None,
) -> None:
    """Write into a task's history that its bureau was reminded.

    `due_on` is the last day to come; None where it is over.
    """
    connection.execute(
        sa.insert(_EVENT).values(
            task_id=task_id,
            division_code=division_code,
            kind="reminded",
            note=note,
            due_on=due_on,
            actor=doer.name,
            client_id=doer.client_id,
        )
    )


def conditions(
    connection: sa.Connection, wanted: TaskFilter
) -> list[sa.ColumnElement[bool]]:
    """Return what a row must satisfy to be wanted."""
    found: list[sa.ColumnElement[bool]] = []
    if wanted.division is not None:
        found.append(_TASK.c.division_code.startswith(wanted.division, autoescape=True))
    if wanted.states:
        found.append(_TASK.c.state.in_(wanted.states))
    if wanted.subject is not None:
        found += [
            _TASK.c.subject_theme == wanted.subject.theme,
            _TASK.c.subject_code == wanted.subject.code,
        ]
    for name in ("bureau", "kind", "person", "decision_id"):
        value = getattr(wanted, name)
        if value is not None:
            found.append(_TASK.c[name] == value)
    if wanted.late is not None:
        late = is_late(today(connection))
        found.append(late if wanted.late else sa.not_(late))
    return found


def is_late(on: date) -> sa.ColumnElement[bool]:
    """Return the condition that `Task.is_late` states."""
    over = sa.func.coalesce(_TASK.c.due_on < on, sa.false())
    return sa.and_(over, _TASK.c.state.in_(UNDER_WAY))


def write_due(due: Due) -> dict[str, Any]:
    """Return how a day was counted, as the column keeps it."""
    term: dict[str, Any] = {"zh": due.counted.zh, "en": due.counted.en}
    if due.working_days is not None and due.starts_on is not None:
        term["starts_on"] = due.starts_on.isoformat()
        term["working_days"] = due.working_days
    return term


def _check(new: NewTask) -> None:
    missing = KINDS[new.kind].facts - set(new.facts) if new.kind in KINDS else None
    if missing is None or missing:
        raise ValueError(f"task of kind {new.kind}: unknown, or without {missing}")


def _columns(new: NewTask) -> dict[str, Any]:
    return {
        "kind": new.kind,
        "division_code": new.division_code,
        "bureau": new.bureau,
        "subject_theme": new.subject.theme if new.subject else None,
        "subject_code": new.subject.code if new.subject else None,
        "decision_id": new.decision_id,
        "facts": dict(new.facts),
        "basis": [_write_basis(one) for one in new.basis],
        "origin": new.origin,
        "due_on": new.due.on if new.due else None,
        "due_term": write_due(new.due) if new.due else None,
        "state": "in_progress" if new.person else "open",
        "person": new.person,
    }


def _opening(connection: sa.Connection, doer: Doer) -> dict[str, Any]:
    now = sa.func.clock_timestamp()
    return {
        "opened_on": today(connection),
        "opened_by": doer.name,
        "opened_at": now,
        "changed_at": now,
    }


def _write_basis(basis: Basis) -> dict[str, Any]:
    return {
        "document": basis.document._asdict(),
        "article": basis.article._asdict(),
        "verification": basis.verification,
    }


def _find_by_origin(connection: sa.Connection, new: NewTask) -> UUID:
    found: UUID = connection.execute(
        sa.select(_TASK.c.id).where(
            _TASK.c.division_code == new.division_code,
            _TASK.c.kind == new.kind,
            _TASK.c.origin == new.origin,
        )
    ).scalar_one()
    return found
