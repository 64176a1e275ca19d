"""Days as callers send them: YYYY-MM-DD, nothing that has to be guessed."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Final

from pydantic import BeforeValidator

from parcels.refusal import Refusal

_WRITTEN: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class NotADay(Refusal):
    """What was sent is no day of the calendar."""

    def __init__(self) -> None:
        super().__init__(
            "date",
            "应为日期，如 2026-03-01。",
            "must be a date such as 2026-03-01.",
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


Day = Annotated[date, BeforeValidator(parse_day)]
"""A day in a request."""
