"""Survey uploads (测绘成果上传): sent, listed, read with all their faults (shell).

A file is streamed to disk after the caller is known and his right to the layer is
checked; a worker reads it. What is done with it then is in `app.routes.upload_orders`.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from fastapi import Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from app.answers import NO_STORE, json_response, write_json
from app.idempotency import Answer, answer_once, read_repetition
from app.jobs import refuse_too_much
from app.multipart import Form, receive_form
from app.problems import language_of
from app.routes import ids
from app.routes.guard import DatabaseOf, LanguageOf, guarded_router, needs
from app.routes.layer_reads import answers
from app.schemas.pages import (
    DEFAULT_LIMIT,
    DivisionQuery,
    LimitQuery,
    TimeCursor,
    cut_page,
    write_time_cursor,
)
from app.schemas.upload_terms import FORM, FORM_FIELDS
from app.schemas.uploads import (
    State,
    UploadModel,
    UploadPage,
    write_upload,
)
from app.security.principals import Principal
from app.security.session import Asker, current_principal
from app.services import services_of
from app.upload_form import check_before_file, find_layer, read_declaration
from app.upload_jobs import EXAMINE, queue_upload
from parcels.refusal import Language
from parcels.surveys import orders, repository
from parcels.surveys.archive import Incoming
from parcels.surveys.errors import UploadNotFound
from parcels.surveys.reports import (
    UploadFilter,
    find_change,
    list_uploads,
)
from parcels.surveys.repository import Upload, get_upload
from screening.impact.report import list_affected_by

router = guarded_router(prefix="/v1/uploads", tags=["uploads"])


@router.post(
    "",
    name="receive_upload",
    status_code=202,
    openapi_extra=needs("write_uploads", requestBody=FORM),
    response_model=None,
    responses=answers(UploadModel, 202),
)
async def receive(request: Request) -> Response:
    """Send a survey file; it is read and checked in the background.

    `Location` is where to ask. The same bytes with the same declaration, while they are
    open, are the same upload: a transfer that broke off is simply sent again.
    """
    services, asker = services_of(request), current_principal(request)
    return await receive_form(
        request,
        services.archive,
        FORM_FIELDS,
        services.settings.upload_bytes,
        partial(check_before_file, asker),
        partial(_open, request, asker),
    )


def _open(
    request: Request, asker: Principal, form: Form, incoming: Incoming
) -> Response:
    """Open an upload of what has arrived, and have it read."""
    services, language = services_of(request), language_of(request)
    told = write_json(sorted(form.fields.items())) + incoming.sha256

    def write(connection: sa.Connection) -> Answer:
        declared = read_declaration(connection, asker, form.fields)
        repository.check_rights(connection, declared)
        opened = repository.insert_upload(
            connection,
            incoming.keep(),
            form.filename or "",
            declared,
            asker.name,
            asker.client_id,
        )
        if opened.state == "received" and opened.order_kind is None:
            refuse_too_much(connection, services.settings.orders_in_hand)
            opened = orders.order_examination(connection, opened, asker.client_id)
            queue_upload(connection, opened, EXAMINE)
        return accepted(opened, language)

    repetition = read_repetition(request, told)
    return answer_once(services.database, asker, repetition, write)


def accepted(upload: Upload, language: Language) -> Answer:
    """Answer that something will be done with an upload."""
    content = write_json(write_upload(upload, language))
    return Answer(202, content, {"Location": f"/v1/uploads/{upload.id}"})


def read_id(text: str) -> UUID:
    """Return the id of an upload; what is none names no upload."""
    return ids.read_id(text, UploadNotFound)


class UploadQuery(BaseModel, extra="forbid"):
    """Which uploads; the latest first."""

    state: State | None = None
    layer: str | None = Field(None, max_length=60)
    division: DivisionQuery = None
    sha256: str | None = Field(
        None,
        pattern="^[0-9a-f]{64}$",
        description="Uploads of these bytes: has this file been sent already?",
    )
    mine: bool = Field(False, description="Only those sent with this key")
    limit: LimitQuery = DEFAULT_LIMIT
    after: TimeCursor = None


@router.get(
    "",
    name="list_uploads",
    openapi_extra=needs("read_uploads"),
    response_model=None,
    responses=answers(UploadPage),
)
def list_own(
    query: Annotated[UploadQuery, Query()],
    asker: Asker,
    database: DatabaseOf,
    language: LanguageOf,
) -> Response:
    """List the uploads of the caller's divisions, the latest first."""
    wanted = UploadFilter(
        query.state,
        None if query.layer is None else find_layer(query.layer).name,
        query.division,
        None if query.sha256 is None else bytes.fromhex(query.sha256),
        asker.client_id if query.mine else None,
    )
    with database.transaction(asker, read_only=True) as connection:
        found = list_uploads(
            connection, wanted, before=query.after, limit=query.limit + 1
        )
    page, cursor = cut_page(
        found, query.limit, lambda one: write_time_cursor(one.received_at, one.id)
    )
    items = [write_upload(one, language) for one in page]
    return json_response({"items": items, "next": cursor}, headers=NO_STORE)


@router.get(
    "/{upload_id}",
    name="get_upload",
    openapi_extra=needs("read_uploads"),
    response_model=None,
    responses=answers(UploadModel),
)
def get_one(
    upload_id: str, asker: Asker, database: DatabaseOf, language: LanguageOf
) -> Response:
    """Return an upload: its state, what was found, what became of it."""
    with database.transaction(asker, read_only=True) as connection:
        upload = get_upload(connection, read_id(upload_id))
        content = write_upload(
            upload,
            language,
            change=find_change(connection, upload.change_id),
            revert_change=find_change(connection, upload.revert_change_id),
            affected_decisions=list_affected_by(
                connection, [upload.change_id, upload.revert_change_id]
            ),
        )
    return json_response(content, headers=NO_STORE)
