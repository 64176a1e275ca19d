"""What is clear of a plot, and what is missing (五清) (shell)."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Query
from starlette.responses import Response

from app.answers import NO_STORE, json_response
from app.routes.guard import DatabaseOf, LanguageOf, guarded_router, needs
from app.routes.layer_reads import answers, clean, get_object, narrowest
from app.routes.layer_writes import DivisionOnly
from app.schemas.plot_inventories import (
    DivisionInventoriesModel,
    OnRecord,
    PlotInventoriesModel,
    write_counts,
    write_inventories,
)
from app.security.permissions import PARTIES_READ_BY
from app.security.session import Asker
from parcels.plots.dossier import gather_dossier
from parcels.plots.inventory_counts import count_inventories
from parcels.plots.timeline import list_timeline
from parcels.register.edit import find_objects
from parcels.register.layers import PLOT, PLOT_PARTY
from parcels.register.repository import Moment, today
from parcels.tasks.model import NOT_ENDED, Subject
from parcels.tasks.repository import TaskFilter, find_tasks

router = guarded_router(prefix="/v1/plots", tags=["plots"])
_MOST_TASKS: Final = 100
"""Tasks that are told at most, the earliest last day first; a project default."""


@router.get(
    "/inventories",
    name="count_plot_inventories",
    response_model=None,
    responses=answers(DivisionInventoriesModel),
    openapi_extra=needs("read_tasks"),
)
def count_plot_inventories(
    query: Annotated[DivisionOnly, Query()],
    asker: Asker,
    database: DatabaseOf,
    language: LanguageOf,
) -> Response:
    """Tell of how many plots of a division each fact of the five is on record (五清).

    As of today. What the register lacks is the rest of `plots`.
    """
    division = narrowest(asker.scope, query.division)
    with database.transaction(asker, read_only=True) as connection:
        day = today(connection)
        counts = count_inventories(connection, division, day)
    parties = asker.role in PARTIES_READ_BY
    answer = write_counts(counts, division, day, parties=parties, language=language)
    return json_response(answer, headers=NO_STORE)


@router.get(
    "/{code}/inventories",
    name="get_plot_inventories",
    response_model=None,
    responses=answers(PlotInventoriesModel),
    openapi_extra=needs("read_tasks"),
)
def get_plot_inventories(
    code: str,
    query: Annotated[DivisionOnly, Query()],
    asker: Asker,
    database: DatabaseOf,
    language: LanguageOf,
) -> Response:
    """Tell base, situation, problem, responsibility and measures of a plot (五清).

    As of today, from what is on record alone. A fact that the register does not hold
    is `missing`, which does not say that it has to be there yet: see `next-steps`. Who
    is liable is told to roles that may read parties, to others it is `withheld`.
    """
    with database.transaction(asker, read_only=True) as connection:
        day = today(connection)
        moment = Moment(day)
        plot = get_object(connection, PLOT, clean(PLOT, code), moment, query.division)
        parties = None
        if asker.role in PARTIES_READ_BY:
            parties = find_objects(
                connection, PLOT_PARTY, plot.code, moment, plot.division_code
            )
        wanted = TaskFilter(
            division=plot.division_code,
            states=NOT_ENDED,
            subject=Subject(PLOT.name, plot.code),
        )
        known = OnRecord(
            plot,
            gather_dossier(connection, plot, moment),
            list_timeline(connection, plot, moment),
            parties,
            find_tasks(connection, wanted, limit=_MOST_TASKS),
            day,
        )
    return json_response(write_inventories(known, language), headers=NO_STORE)
