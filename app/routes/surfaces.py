"""Interpolated surfaces as a map shows them (shell)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel
from starlette.responses import Response

from app.answers import NO_STORE, json_response
from app.routes.guard import DatabaseOf, guarded_router, needs
from app.routes.layer_reads import answers
from app.routes.screening_runs import get_done
from app.run_results import walk_results
from app.schemas.surfaces import SurfaceSteps, write_steps
from app.security.session import Asker
from screening.runs.surface_steps import read_steps
from screening.surfaces.classes import Band

router = guarded_router(prefix="/v1/screening", tags=["screening"])


class StepsQuery(BaseModel, extra="forbid"):
    """Which band."""

    band: Band = "value"


@router.get(
    "/runs/{run_id}/surface",
    name="get_surface_steps",
    openapi_extra=needs("read_screening"),
    response_model=None,
    responses=answers(SurfaceSteps),
)
def read_surface(
    run_id: str,
    query: Annotated[StepsQuery, Query()],
    asker: Asker,
    database: DatabaseOf,
) -> Response:
    """Return a surface in five steps for a map; 422 when the run is none."""
    with database.transaction(asker, read_only=True) as connection:
        run = get_done(connection, run_id)
        bands, steps = read_steps(run, walk_results(connection, run.id), query.band)
    content = write_steps(run, query.band, bands, steps)
    return json_response(content, headers=NO_STORE)
