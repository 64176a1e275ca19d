"""Which years' working days are loaded? (shell)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from parcels.refusal import Refusal
from parcels.tasks import tables
from parcels.tasks.model import NOT_ENDED, Doer, Due, Task
from parcels.tasks.repository import TaskFilter, find_tasks, set_due_day
from parcels.tasks.terms import (
    CalendarMissing,
    WorkingYear,
    Years,
    count_working_days,
    find_contradiction,
)
from parcels.texts import Text

_CALENDAR: Final = tables.work_calendar
_ALL: Final = 1_000_000


class CalendarContradicts(Refusal):
    """A day of a calendar cannot be what it says."""

    def __init__(self, day: date, why: Text) -> None:
        super().__init__(
            "calendar_day",
            f"{day} {why.zh}；请对照放假通知改正。",
            f"{day} {why.en}; correct it after the notice of holidays.",
        )


@dataclass(frozen=True, slots=True)
class LoadedYear:
    """A year's calendar on record, with its source."""

    year: int
    days_off: list[date]
    days_worked: list[date]
    source: str
    actor: str
    recorded_at: datetime


def load_calendar(
    connection: sa.Connection,
    year: int,
    days_off: Iterable[date],
    days_worked: Iterable[date],
    *,
    source: str,
    actor: str,
) -> LoadedYear:
    """Load a year; a later loading of the same year takes the place of this one.

    Raises
    ------
    CalendarContradicts
    """
    off, worked = sorted(set(days_off)), sorted(set(days_worked))
    wrong = find_contradiction(year, off, worked)
    if wrong is not None:
        raise CalendarContradicts(*wrong)
    row = connection.execute(
        sa.insert(_CALENDAR)
        .values(
            year=year,
            days_off=off,
            days_worked=worked,
            source=source,
            actor=actor,
            recorded_at=sa.func.clock_timestamp(),
        )
        .returning(*_columns())
    )
    return LoadedYear(**row.mappings().one())


def list_calendars(connection: sa.Connection) -> list[LoadedYear]:
    """Return the calendar that governs each loaded year, in their order."""
    statement = (
        sa.select(*_columns())
        .ext(distinct_on(_CALENDAR.c.year))
        .order_by(_CALENDAR.c.year, _CALENDAR.c.id.desc())
    )
    return [LoadedYear(**row) for row in connection.execute(statement).mappings()]


def read_years(connection: sa.Connection) -> Years:
    """Return every loaded year as terms are counted by it."""
    return {
        one.year: WorkingYear(frozenset(one.days_off), frozenset(one.days_worked))
        for one in list_calendars(connection)
    }


def due_in_working_days(start: date, number: int, years: Years) -> Due:
    """Return a term in working days; without a last day while a calendar is missing."""
    counted = Text(
        f"自{start}次日起{number}个工作日", f"{number} working days after {start}"
    )
    last = count_working_days(start, number, years)
    if isinstance(last, CalendarMissing):
        missing = last.words
        counted = Text(f"{counted.zh}；{missing.zh}", f"{counted.en}; {missing.en}")
        return Due(None, counted, start, number)
    return Due(last, counted, start, number)


def settle_waiting(connection: sa.Connection, doer: Doer) -> int:
    """Count again the terms in working days after calendars were loaded.

    Returns how many tasks got another day.
    """
    years, settled = read_years(connection), 0
    for task in find_tasks(connection, TaskFilter(states=NOT_ENDED), limit=_ALL):
        due = _recount(task, years)
        if due is not None and due.on is not None and due.on != task.due_on:
            set_due_day(connection, task, due, doer)
            settled += 1
    return settled


def _recount(task: Task, years: Years) -> Due | None:
    term = task.due_term or {}
    if "working_days" not in term:
        return None
    start = date.fromisoformat(term["starts_on"])
    return due_in_working_days(start, term["working_days"], years)


def _columns() -> list[sa.Column[object]]:
    return [_CALENDAR.c[name] for name in LoadedYear.__dataclass_fields__]
