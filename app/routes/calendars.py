"""Working days by year (工作日历): loaded, listed (shell)."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import Path
from starlette.responses import Response

from app.answers import json_response, write_json
from app.idempotency import Answer, RepetitionOf, answer_once
from app.request_errors import OutsideDivision
from app.routes.guard import DatabaseOf, guarded_router, needs
from app.routes.layer_reads import answers
from app.schemas.calendars import (
    CalendarList,
    CalendarModel,
    CalendarRequest,
    write_calendar,
)
from app.security.session import Asker
from parcels.codes import WHOLE_COUNTRY
from parcels.tasks.calendars import list_calendars, load_calendar

router = guarded_router(prefix="/v1/calendars", tags=["tasks"])


@router.get(
    "",
    name="list_calendars",
    openapi_extra=needs("read_tasks"),
    response_model=None,
    responses=answers(CalendarList),
)
def list_loaded(asker: Asker, database: DatabaseOf) -> Response:
    """List the years whose working days are known; terms in others are not counted."""
    with database.transaction(asker, read_only=True) as connection:
        found = list_calendars(connection)
    items = [write_calendar(one) for one in found]
    return json_response({"items": items, "next": None})


@router.put(
    "/{year}",
    name="load_calendar",
    openapi_extra=needs("write_calendars"),
    response_model=None,
    responses=answers(CalendarModel),
)
def load(
    year: Annotated[int, Path(ge=1949, le=2999)],
    body: CalendarRequest,
    asker: Asker,
    database: DatabaseOf,
    repetition: RepetitionOf,
) -> Response:
    """Load a year after the State Council's notice of holidays (放假通知).

    It governs the whole country, and takes the place of one loaded before; terms that
    waited for it are counted within minutes.
    """
    if asker.scope != WHOLE_COUNTRY:
        raise OutsideDivision(WHOLE_COUNTRY, asker.scope)

    def write(connection: sa.Connection) -> Answer:
        loaded = load_calendar(
            connection,
            year,
            body.days_off,
            body.days_worked,
            source=body.source,
            actor=asker.name,
        )
        return Answer(200, write_json(write_calendar(loaded)))

    return answer_once(database, asker, repetition, write)
