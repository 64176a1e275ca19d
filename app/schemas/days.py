"""Days as callers send them: YYYY-MM-DD, nothing that has to be guessed."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Final

from pydantic import BeforeValidator

from parcels.refusal import Refusal
from parcels.register.layer import YEARS

_WRITTEN: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class NotADay(Refusal):
    """What was sent is no day of the calendar."""

    def __init__(self) -> None:
        super().__init__(
            "date",
            "应为日期，如 2026-03-01。",
            "must be a date such as 2026-03-01.",
        )


class DayNotMeant(Refusal):
    """What was sent is a day of a year from which nothing can hold."""

    def __init__(self) -> None:
        super().__init__(
            "date_year",
            f"应为 {YEARS[0]} 至 {YEARS[-1]} 年间的日期，如 2026-03-01。",
            f"must be a date of {YEARS[0]} to {YEARS[-1]}, such as 2026-03-01.",
        )


def parse_day(value: Any) -> date:
    """Return the day a caller names; raises `NotADay`.

    A bare number is none: pydantic would read it as seconds since 1970.

    Examples
    --------
    >>> parse_day("2026-03-01")
    datetime.date(2026, 3, 1)
    """
    if type(value) is date:
        return value
    if not isinstance(value, str) or not _WRITTEN.fullmatch(value):
        raise NotADay
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise NotADay from None


def parse_recorded_day(value: Any) -> date:
    """Return a day that shall go on record; raises `NotADay`, `DayNotMeant`.

    Years are those of survey files: year 1 or 9999 stands for a day nobody knows.
    """
    day = parse_day(value)
    if day.year not in YEARS:
        raise DayNotMeant
    return day


Day = Annotated[date, BeforeValidator(parse_day)]
"""A day in a request."""
RecordedDay = Annotated[date, BeforeValidator(parse_recorded_day)]
"""A day in a request that goes on record."""
