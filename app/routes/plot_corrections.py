"""Proposed corrections of plots: those of one plot, and those that wait (shell).

Proposing, approving and refusing are events of the plot (`app.routes.plot_events`).
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import Field
from starlette.responses import Response

from app.answers import json_response
from app.routes.guard import DatabaseOf, LanguageOf, guarded_router, needs
from app.routes.layer_reads import ObjectQuery, answers, clean, get_object, narrowest
from app.schemas.moments import MomentQuery
from app.schemas.pages import (
    DEFAULT_LIMIT,
    CursorQuery,
    DivisionQuery,
    LimitQuery,
    write_cursor,
)
from app.schemas.plot_corrections import CorrectionPage, write_correction
from app.security.session import Asker
from parcels.plots.correction_list import State, list_corrections
from parcels.register.layers import PLOT

router = guarded_router(prefix="/v1", tags=["plots"])


class CorrectionQuery(MomentQuery):
    """Which corrections."""

    division: DivisionQuery = None
    state: Annotated[
        State | None,
        Field(description="A page may then hold fewer than `limit`; `next` goes on"),
    ] = None
    limit: LimitQuery = DEFAULT_LIMIT
    after: CursorQuery = None


class PlotCorrectionQuery(ObjectQuery):
    """Which part of a plot's corrections."""

    limit: LimitQuery = DEFAULT_LIMIT
    after: CursorQuery = None


@router.get(
    "/plot-corrections",
    name="list_corrections",
    response_model=None,
    responses=answers(CorrectionPage),
    openapi_extra=needs("read:plot_event"),
)
def list_all(
    query: Annotated[CorrectionQuery, Query()],
    asker: Asker,
    database: DatabaseOf,
    language: LanguageOf,
) -> Response:
    """List proposed corrections of all plots the caller sees (更正申请)."""
    with database.transaction(asker, read_only=True) as connection:
        found, following = list_corrections(
            connection,
            query.resolve(connection),
            division=narrowest(asker.scope, query.division),
            after=query.after,
            limit=query.limit,
        )
    items = [
        write_correction(one, language)
        for one in found
        if query.state in (None, one.state)
    ]
    cursor = write_cursor(following) if following else None
    return json_response({"items": items, "next": cursor})


@router.get(
    "/plots/{code}/corrections",
    name="list_plot_corrections",
    response_model=None,
    responses=answers(CorrectionPage),
    openapi_extra=needs("read:plot_event"),
)
def list_of_one(
    code: str,
    query: Annotated[PlotCorrectionQuery, Query()],
    asker: Asker,
    database: DatabaseOf,
    language: LanguageOf,
) -> Response:
    """List the corrections that were proposed of one plot, and what became of them."""
    with database.transaction(asker, read_only=True) as connection:
        moment = query.resolve(connection)
        plot = get_object(connection, PLOT, clean(PLOT, code), moment, query.division)
        found, following = list_corrections(
            connection,
            moment,
            division=plot.division_code,
            plot_code=plot.code,
            after=query.after,
            limit=query.limit,
        )
    items = [write_correction(one, language) for one in found]
    cursor = write_cursor(following) if following else None
    return json_response({"items": items, "next": cursor})
