"""The life of a plot over HTTP: events, timeline, and what comes next (shell)."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import Query
from starlette.responses import Response

from app.answers import json_response, write_json
from app.database import confine
from app.idempotency import Answer, RepetitionOf, answer_once
from app.routes.guard import (
    DatabaseOf,
    LanguageOf,
    ServicesOf,
    guarded_router,
    needs,
)
from app.routes.layer_reads import ObjectQuery, answers, clean, get_object
from app.routes.layer_writes import DivisionOnly
from app.schemas.plot_events import PlotEventRequest
from app.schemas.plot_next_steps import NextSteps, write_next_steps
from app.schemas.plot_timeline import (
    PlotEventRecorded,
    PlotTimeline,
    write_event_items,
    write_recorded,
)
from app.security.session import Asker
from parcels.plots.events import record_event
from parcels.plots.lifecycle import surveyed_as_key_unit
from parcels.plots.occurrence import level_of
from parcels.plots.timeline import list_timeline, standing_at
from parcels.register.layers import PLOT
from parcels.register.repository import Moment, today
from screening.notices.plots import tell_event

router = guarded_router(prefix="/v1/plots", tags=["plots"])


@router.post(
    "/{code}/events",
    name="record_plot_event",
    status_code=201,
    response_model=None,
    responses=answers(PlotEventRecorded, status=201),
    openapi_extra=needs("record_plot_events"),
)
def record_plot_event(
    code: str,
    body: PlotEventRequest,
    query: Annotated[DivisionOnly, Query()],
    asker: Asker,
    services: ServicesOf,
    repetition: RepetitionOf,
    language: LanguageOf,
) -> Response:
    """Record an event in the life of a plot (地块事件).

    Judged on the plot's stage, flag and lists of the day it happened. 409 names every
    condition that is missing, each with its ground and how well that is known, and the
    later event that a backdated one would contradict. One change: the event, the plot's
    new version, its lists and the papers sent along. Who registered for `plot.event`
    is told.
    """
    known_code = clean(PLOT, code)
    report = body.report()
    rule_sets = services.gate.rule_sets

    def write(connection: sa.Connection) -> Answer:
        moment = Moment(report.on or today(connection))
        plot = get_object(connection, PLOT, known_code, moment, query.division)
        confine(connection, plot.division_code)
        made = record_event(
            connection,
            known_code,
            plot.division_code,
            report,
            actor=asker.name,
            scope=asker.scope,
        )
        tell_event(connection, known_code, plot.division_code, made)
        rules = rule_sets.find([plot.division_code]).at(today(connection))
        answer = write_recorded(known_code, made, rules.parameters, language)
        return Answer(201, write_json(answer))

    return answer_once(services.database, asker, repetition, write)


@router.get(
    "/{code}/events",
    name="list_plot_events",
    response_model=None,
    responses=answers(PlotTimeline),
    openapi_extra=needs("read:plot_event"),
)
def list_plot_events(
    code: str,
    query: Annotated[ObjectQuery, Query()],
    asker: Asker,
    database: DatabaseOf,
    language: LanguageOf,
) -> Response:
    """List what happened to a plot up to a day, as known then (地块事件时间线).

    In the order of the days; `on` is when it happened, `recorded_at` when the register
    knew. Events of the plots it was split or merged from come first.
    """
    known_code = clean(PLOT, code)
    with database.transaction(asker, read_only=True) as connection:
        moment = query.resolve(connection)
        plot = get_object(connection, PLOT, known_code, moment, query.division)
        events = list_timeline(connection, plot, moment)
    items = write_event_items(events, language)
    return json_response({"items": items, "next": None})


@router.get(
    "/{code}/next-steps",
    name="list_plot_next_steps",
    response_model=None,
    responses=answers(NextSteps),
    openapi_extra=needs("read:plot_event"),
)
def list_plot_next_steps(
    code: str,
    query: Annotated[ObjectQuery, Query()],
    asker: Asker,
    services: ServicesOf,
    language: LanguageOf,
) -> Response:
    """List the events that may come next, and what each of them needs (下一步)."""
    known_code = clean(PLOT, code)
    with services.database.transaction(asker, read_only=True) as connection:
        moment = query.resolve(connection)
        plot = get_object(connection, PLOT, known_code, moment, query.division)
        standing = standing_at(connection, plot, moment)
    rules = services.gate.rule_sets.find([plot.division_code]).at(moment.as_of)
    steps = write_next_steps(
        known_code,
        standing,
        level_of(asker.scope),
        rules.parameters,
        key_unit=surveyed_as_key_unit(standing.past),
        language=language,
    )
    return json_response(steps)
