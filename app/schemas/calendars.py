"""Working days by year over HTTP and in files."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.schemas.days import Day
from parcels.tasks.calendars import LoadedYear

Days = Annotated[list[Day], Field(max_length=366)]


class CalendarRequest(BaseModel):
    """What the notice of holidays says of one year (工作日历)."""

    model_config = ConfigDict(extra="forbid")

    source: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)
    ] = Field(description="Title and number of the notice")
    days_off: Days = Field(description="Holidays; weekends need not be named")
    days_worked: Days = Field(description="Saturdays and Sundays worked (调休上班)")


class CalendarModel(CalendarRequest):
    """A year on record."""

    year: int
    actor: str
    recorded_at: datetime


class CalendarList(BaseModel):
    """Every year that is loaded."""

    items: list[CalendarModel]
    next: None = None


def write_calendar(loaded: LoadedYear) -> dict[str, Any]:
    """Return a year on record as it is answered."""
    return {name: getattr(loaded, name) for name in CalendarModel.model_fields}
