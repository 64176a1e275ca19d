"""Split and merge of plots (shell)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import sqlalchemy as sa
from fastapi import Query
from starlette.responses import Response

from app.answers import write_json
from app.database import confine
from app.idempotency import Answer, RepetitionOf, answer_once
from app.request_errors import InvalidRequest
from app.routes.guard import DatabaseOf, guarded_router, needs
from app.routes.layer_checks import find_place_faults
from app.routes.layer_reads import answers, clean, get_object
from app.routes.layer_writes import DivisionOnly
from app.schemas.plot_successions import (
    SuccessionModel,
    SuccessionRequest,
    write_succession,
)
from app.security.session import Asker
from parcels.plots.succession import Successor, succeed
from parcels.register.layers import PLOT
from parcels.register.repository import Moment
from screening.notices.plots import tell_succession

router = guarded_router(prefix="/v1/plots", tags=["plots"])


@router.post(
    "/successions",
    name="record_plot_succession",
    status_code=201,
    response_model=None,
    responses=answers(SuccessionModel, status=201),
    openapi_extra=needs("record_plot_events"),
)
def record_plot_succession(
    body: SuccessionRequest,
    query: Annotated[DivisionOnly, Query()],
    asker: Asker,
    database: DatabaseOf,
    repetition: RepetitionOf,
) -> Response:
    """Split one plot, or merge several, on a day (地块分割、合并).

    One predecessor and several successors are a split, several and one a merge. The
    predecessors end in law, nothing is deleted; every successor has their stage, their
    lists and copies of their papers, and its timeline begins with theirs. Only plots of
    one stage are merged; where they differ otherwise, the stricter value goes on. All
    lie in one division. 409 when ground would be lost or something happened later.
    """
    codes = [clean(PLOT, code) for code in body.predecessors]
    successors = [one.successor() for one in body.successors]

    def write(connection: sa.Connection) -> Answer:
        moment = Moment(body.on)
        division = query.division
        for code in codes:
            plot = get_object(connection, PLOT, code, moment, division)
            division = plot.division_code
        assert division is not None
        confine(connection, division)
        _check_places(connection, division, successors)
        made = succeed(
            connection,
            codes,
            successors,
            division,
            body.on,
            reason=body.reason,
            actor=asker.name,
            scope=asker.scope,
        )
        after = [one.code for one in successors]
        tell_succession(connection, division, codes, after, made)
        return Answer(201, write_json(write_succession(codes, successors, made)))

    return answer_once(database, asker, repetition, write)


def _check_places(
    connection: sa.Connection, division: str, successors: Sequence[Successor]
) -> None:
    """Refuse successors far outside the county of the plots they follow."""
    faults = [
        fault
        for index, one in enumerate(successors)
        for fault in find_place_faults(
            connection, PLOT, division, one.geometry, f"/successors/{index}/geometry"
        )
    ]
    if faults:
        raise InvalidRequest(faults)
