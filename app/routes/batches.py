"""Many questions to the gate in one order (批量核查): asked by a worker (shell)."""

from __future__ import annotations

from typing import Annotated, Final, Literal
from uuid import UUID

import sqlalchemy as sa
from fastapi import Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from app.answers import NO_STORE, json_response, write_json
from app.asking import asked_by
from app.batch_jobs import queue_batch
from app.idempotency import Answer, answer_once, read_repetition
from app.jobs import refuse_too_much
from app.problems import language_of
from app.routes.guard import (
    BODY_BYTES,
    DatabaseOf,
    LanguageOf,
    ServicesOf,
    guarded_router,
    json_body,
    needs,
)
from app.routes.ids import read_id
from app.routes.layer_reads import answers
from app.schemas.batches import (
    BatchModel,
    BatchPage,
    describe_batch,
    read_batch,
    write_batch,
    write_line,
    write_results,
)
from app.schemas.pages import DEFAULT_LIMIT, LimitQuery, cut_page
from app.security.principals import Principal
from app.security.session import Asker, current_principal
from app.services import Services, services_of
from parcels.refusal import Language
from parcels.surveys.vector_files import MEDIA_TYPES, Format, write_report
from screening.batch import (
    MOST_LINES,
    BatchNotFound,
    cancel_batch,
    get_batch,
    list_results,
    open_batch,
)

router = guarded_router(prefix="/v1/gate/batch", tags=["gate"])
LONGEST_BATCH: Final = 64 * 1024 * 1024
"""Bytes of a batch's body; a project default."""


@router.post(
    "",
    name="order_batch",
    status_code=202,
    openapi_extra=needs(
        "ask_gate", requestBody=describe_batch(), **{BODY_BYTES: LONGEST_BATCH}
    ),
    response_model=None,
    responses=answers(BatchModel, 202),
)
def order_batch(request: Request) -> Response:
    """Ask up to 10,000 questions in one order; `Location` says how far it is.

    Either `questions`, or the blocks of a plan as a FeatureCollection. Every question
    is checked before anything is kept; each becomes a decision of its own, unless
    `dry_run`. One that cannot be asked (an unknown parcel) says so in its line.
    """
    asker, language = current_principal(request), language_of(request)
    questions, dry_run = read_batch(json_body(request))
    services = services_of(request)

    def write(connection: sa.Connection) -> Answer:
        refuse_too_much(connection, services.settings.orders_in_hand)
        batch = open_batch(connection, asked_by(asker), questions, dry_run=dry_run)
        queue_batch(connection, batch.id)
        location = {"Location": f"/v1/gate/batch/{batch.id}"}
        return Answer(202, write_json(write_batch(batch, language)), location)

    return answer_once(services.database, asker, read_repetition(request), write)


@router.get(
    "/{batch_id}",
    name="get_batch",
    openapi_extra=needs("read_decisions"),
    response_model=None,
    responses=answers(BatchModel),
)
def read_progress(
    batch_id: str, asker: Asker, database: DatabaseOf, language: LanguageOf
) -> Response:
    """Return how far a batch is."""
    with database.transaction(asker, read_only=True) as connection:
        batch = get_batch(connection, read_id(batch_id, BatchNotFound))
    return json_response(write_batch(batch, language), headers=NO_STORE)


class ResultQuery(BaseModel, extra="forbid"):
    """Which lines, and in which form."""

    format: Literal["json", "csv", "geojson", "gpkg"] = "json"
    limit: LimitQuery = DEFAULT_LIMIT
    after: int = Field(0, ge=0, lt=2**31, description="`next` of the page before")


@router.get(
    "/{batch_id}/results",
    name="list_batch_results",
    openapi_extra=needs("read_decisions"),
    response_model=None,
    responses=answers(BatchPage, files=MEDIA_TYPES.values()),
)
def list_lines(
    batch_id: str,
    query: Annotated[ResultQuery, Query()],
    asker: Asker,
    services: ServicesOf,
    language: LanguageOf,
) -> Response:
    """List the questions of a batch with their answers, in the order they were sent.

    `csv`, `geojson` and `gpkg` hold all of them, with the land where it was decided on.
    """
    number = read_id(batch_id, BatchNotFound)
    if query.format != "json":
        return _result_file(services, asker, number, language, query.format)
    with services.database.transaction(asker, read_only=True) as connection:
        batch = get_batch(connection, number)
        found = list_results(
            connection, batch.id, after=query.after, limit=query.limit + 1
        )
    page, following = cut_page(found, query.limit, lambda line: line["number"])
    items = [write_line(line, language) for line in page]
    return json_response({"items": items, "next": following}, headers=NO_STORE)


def _result_file(
    services: Services,
    asker: Principal,
    batch_id: UUID,
    language: Language,
    form: Format,
) -> Response:
    with services.database.transaction(asker, read_only=True) as connection:
        batch = get_batch(connection, batch_id)
        lines = list_results(connection, batch.id, limit=MOST_LINES)
    with services.archive.scratch() as scratch:
        path = scratch / f"results.{form}"
        write_report(write_results(lines, language), path, form)
        content = path.read_bytes()
    disposition = f'attachment; filename="jingtu-batch-{batch.id}.{form}"'
    headers = {**NO_STORE, "Content-Disposition": disposition}
    return Response(content, media_type=MEDIA_TYPES[form], headers=headers)


@router.delete(
    "/{batch_id}",
    name="cancel_batch",
    openapi_extra=needs("ask_gate"),
    response_model=None,
    responses=answers(BatchModel),
)
def cancel(
    batch_id: str, asker: Asker, database: DatabaseOf, language: LanguageOf
) -> Response:
    """Stop a batch. Decisions that were made stay; 409 when it is ended already."""
    with database.transaction(asker) as connection:
        batch = cancel_batch(connection, read_id(batch_id, BatchNotFound))
    return json_response(write_batch(batch, language), headers=NO_STORE)
