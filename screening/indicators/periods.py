"""Which days does a period of reporting span? (core).

月调度、季总结、年评估 (monthly dispatch, quarterly summary, yearly evaluation), R-E04.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from parcels.refusal import Refusal

PeriodKind = Literal["month", "quarter", "year"]
_FORM: Final = re.compile(r"(20\d\d)(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")
_QUARTER: Final = 3


class NotAPeriod(Refusal):
    """A text names no month, quarter or year."""

    def __init__(self) -> None:
        super().__init__(
            "period",
            "应为年、季或月，如 2026、2026-Q4、2026-11。",
            "must be a year, quarter or month such as 2026, 2026-Q4 or 2026-11.",
        )


@dataclass(frozen=True, slots=True)
class Period:
    """A month, quarter or year; `first` and `last` are its days, both in it."""

    kind: PeriodKind
    name: str
    first: date
    last: date

    @property
    def year(self) -> int:
        """The calendar year it lies in."""
        return self.first.year


def parse_period(text: str) -> Period:
    """Return the period a text names; raises `NotAPeriod`.

    Examples
    --------
    >>> parse_period("2026-Q4").first, parse_period("2024-02").last
    (datetime.date(2026, 10, 1), datetime.date(2024, 2, 29))
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise NotAPeriod
    year, quarter, month = found.groups()
    if month:
        return _span("month", found[0], int(year), int(month), 1)
    if quarter:
        begins = _QUARTER * (int(quarter) - 1) + 1
        return _span("quarter", found[0], int(year), begins, _QUARTER)
    return _span("year", found[0], int(year), 1, 12)


def month_of(day: date) -> Period:
    """Return the month a day lies in."""
    return _span("month", f"{day:%Y-%m}", day.year, day.month, 1)


def recent_periods(day: date, months: int = 6) -> list[str]:
    """Return names of the periods a reader is offered: months back, quarter, years.

    Examples
    --------
    >>> recent_periods(date(2026, 1, 5), months=2)
    ['2026-01', '2025-12', '2026-Q1', '2026', '2025']
    """
    whole = day.year * 12 + day.month - 1
    names = [f"{n // 12}-{n % 12 + 1:02d}" for n in range(whole, whole - months, -1)]
    quarter = (day.month - 1) // _QUARTER + 1
    return [*names, f"{day.year}-Q{quarter}", f"{day.year}", f"{day.year - 1}"]


def _span(kind: PeriodKind, name: str, year: int, month: int, length: int) -> Period:
    end = month + length
    after = date(year + (end > 12), end - 12 if end > 12 else end, 1)
    return Period(kind, name, date(year, month, 1), after - timedelta(days=1))
