"""Divisions of farmland: compared, approved, put into force, looked back on (shell)."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from app.answers import NO_STORE, json_response, write_json
from app.asking import asked_by
from app.idempotency import Answer, RepetitionOf, answer_once
from app.routes.guard import DatabaseOf, guarded_router, needs
from app.routes.layer_reads import answers, file_answers, narrowest
from app.routes.screening_runs import get_done
from app.schemas.category_divisions import (
    AdoptionRequest,
    ApprovalRequest,
    CategoryChanges,
    DivisionModel,
    write_change,
    write_division,
)
from app.schemas.pages import DEFAULT_LIMIT, DivisionQuery, LimitQuery, cut_page
from app.security.session import Asker
from parcels.codes import WHOLE_COUNTRY
from screening.categories.adoption import Terms, adopt, find_adoption, list_changes
from screening.categories.approval import approve, find_approval
from screening.categories.proposed import check_division, compare
from screening.categories.result_layer import (
    MEDIA_TYPES,
    LayerFormat,
    write_result_layer,
)
from screening.runs.repository import Run

router = guarded_router(prefix="/v1", tags=["farmland-categories"])


def _shown(connection: sa.Connection, run: Run) -> bytes:
    return write_json(
        write_division(
            run.id,
            compare(connection, run),
            find_approval(connection, run.id),
            find_adoption(connection, run.id),
        )
    )


@router.get(
    "/screening/runs/{run_id}/division",
    name="get_category_division",
    openapi_extra=needs("read_screening"),
    response_model=None,
    responses=answers(DivisionModel),
)
def read_division(run_id: str, asker: Asker, database: DatabaseOf) -> Response:
    """Compare a proposed division with the one in force, township by township."""
    with database.transaction(asker, read_only=True) as connection:
        run = get_done(connection, run_id)
        check_division(run)
        content = _shown(connection, run)
    return Response(content, media_type="application/json", headers=NO_STORE)


class LayerQuery(BaseModel, extra="forbid"):
    """In which format."""

    format: LayerFormat = Field("gpkg", description="GeoPackage, or shapefiles in GBK")


@router.get(
    "/screening/runs/{run_id}/layer",
    name="get_category_layer",
    openapi_extra=needs("read_screening"),
    response_model=None,
    response_class=Response,
    responses=file_answers(MEDIA_TYPES.values(), "The layer as a file"),
)
def read_layer(
    run_id: str,
    query: Annotated[LayerQuery, Query()],
    asker: Asker,
    database: DatabaseOf,
) -> Response:
    """Take the result layer away with its official attributes (LBBM, ZH_CLASS, …)."""
    with database.transaction(asker, read_only=True) as connection:
        run = get_done(connection, run_id)
        check_division(run)
        content = write_result_layer(connection, run, query.format)
    ending = "gpkg" if query.format == "gpkg" else "zip"
    name = f"farmland-categories-{run.as_of}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=MEDIA_TYPES[query.format], headers=headers)


@router.post(
    "/screening/runs/{run_id}/approval",
    name="approve_category_division",
    status_code=201,
    openapi_extra=needs("approve_categories"),
    response_model=None,
    responses=answers(DivisionModel, 201),
)
def approve_division(
    run_id: str,
    body: ApprovalRequest,
    asker: Asker,
    database: DatabaseOf,
    repetition: RepetitionOf,
) -> Response:
    """Approve a proposed division; never by who proposed it. 409 when it cannot be."""

    def write(connection: sa.Connection) -> Answer:
        run = get_done(connection, run_id)
        approve(connection, run, asked_by(asker), body.document, body.note)
        return Answer(201, _shown(connection, run))

    return answer_once(database, asker, repetition, write)


@router.post(
    "/screening/runs/{run_id}/adoption",
    name="adopt_category_division",
    status_code=201,
    openapi_extra=needs("adopt_categories"),
    response_model=None,
    responses=answers(DivisionModel, 201),
)
def adopt_division(
    run_id: str,
    body: AdoptionRequest,
    asker: Asker,
    database: DatabaseOf,
    repetition: RepetitionOf,
) -> Response:
    """Put an approved division into force from a day on, as one change.

    Every change of a unit keeps reason, evidence and approver. A county whose priority
    protection shrinks is warned (R-C19). 409 when it is not approved, in force already,
    or farmland has changed since the run.
    """
    terms = Terms(body.on, body.reason, tuple(body.evidence))

    def write(connection: sa.Connection) -> Answer:
        run = get_done(connection, run_id)
        adopt(connection, run, terms, asked_by(asker))
        return Answer(201, _shown(connection, run))

    return answer_once(database, asker, repetition, write)


class ChangesQuery(BaseModel, extra="forbid"):
    """Which changes of category."""

    division: DivisionQuery = None
    unit: str | None = Field(None, max_length=100, description="Code before or after")
    limit: LimitQuery = DEFAULT_LIMIT
    after: int | None = Field(None, ge=1, lt=2**63, description="`next` of the page")


@router.get(
    "/category-changes",
    name="list_category_changes",
    openapi_extra=needs("read:farmland_unit"),
    response_model=None,
    responses=answers(CategoryChanges),
)
def list_category_changes(
    query: Annotated[ChangesQuery, Query()], asker: Asker, database: DatabaseOf
) -> Response:
    """List changes of category with reason, evidence and approver, latest first."""
    division = narrowest(asker.scope, query.division) or WHOLE_COUNTRY
    with database.transaction(asker, read_only=True) as connection:
        found = list_changes(
            connection,
            division,
            unit=query.unit,
            after=query.after,
            limit=query.limit + 1,
        )
    page, following = cut_page(found, query.limit, lambda change: change["id"])
    items = [write_change(one) for one in page]
    return json_response({"items": items, "next": following})
