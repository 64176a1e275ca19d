"""When does a term end? (core).

期间: the day a term starts from is not counted; a term of months ends on the day of
that number in the last month, or on that month's last day where it has none (Civil
Code, Art. 201 and 202: recalled, check before quoting). Working days need the State
Council's yearly notice of holidays: a year whose notice is not loaded is never guessed.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from parcels.plots.basis import Basis
from parcels.texts import Text

CIVIL_CODE: Final = Basis(
    Text("《中华人民共和国民法典》", "Civil Code"),
    Text("第二百零一条、第二百零二条", "Art. 201, 202"),
    "recalled",
)
_SATURDAY: Final = 5


def add_months(day: date, months: int) -> date:
    """Return the same day of the month so many months later, or its last day.

    Beyond the year 9999 it is the last day there is.

    Examples
    --------
    >>> add_months(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        return date.max
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


@dataclass(frozen=True, slots=True)
class WorkingYear:
    """What the notice of holidays says of one year.

    Attributes
    ----------
    days_off
        Days that are no working days; Saturdays and Sundays need not be named.
    days_worked
        Saturdays and Sundays on which is worked (调休上班).
    """

    days_off: frozenset[date]
    days_worked: frozenset[date]


@dataclass(frozen=True, slots=True)
class CalendarMissing:
    """The term runs into a year whose holidays are not loaded."""

    year: int

    @property
    def words(self) -> Text:
        """What an officer should know and do."""
        return Text(
            f"缺少{self.year}年工作日历，不能计算；请先载入",
            f"calendar of {self.year} missing, so it is not counted; load it",
        )


Years = Mapping[int, WorkingYear]


def is_working_day(day: date, years: Years) -> bool | CalendarMissing:
    """Whether a day is one, or which calendar is missing to say so."""
    year = years.get(day.year)
    if year is None:
        return CalendarMissing(day.year)
    if day in year.days_worked:
        return True
    return day.weekday() < _SATURDAY and day not in year.days_off


def count_working_days(
    start: date, number: int, years: Years
) -> date | CalendarMissing:
    """Return the last of so many working days after a day, that day not counted.

    Examples
    --------
    >>> none_off = {2026: WorkingYear(frozenset(), frozenset())}
    >>> count_working_days(date(2026, 11, 27), 1, none_off)
    datetime.date(2026, 11, 30)
    """
    day = start
    while number > 0:
        if day == date.max:
            return CalendarMissing(day.year + 1)
        day += timedelta(1)
        working = is_working_day(day, years)
        if isinstance(working, CalendarMissing):
            return working
        number -= working
    return day


def find_contradiction(
    year: int, days_off: Iterable[date], days_worked: Iterable[date]
) -> tuple[date, Text] | None:
    """Return the first day that a calendar of a year cannot hold, and why."""
    off, worked = set(days_off), set(days_worked)
    for day in sorted(off | worked):
        if day.year != year:
            return day, Text(f"不在{year}年", f"is not in {year}")
        if day in off and day in worked:
            return day, Text("既休息又上班", "is both off and worked")
        if day in worked and day.weekday() < _SATURDAY:
            return day, Text(
                "不是周六或周日，本就上班", "is no Saturday or Sunday: worked anyway"
            )
    return None
