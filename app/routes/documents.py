"""Documents (资料文件): sent, described, downloaded (shell).

A file is streamed to disk after the caller is known, told by its content, scanned,
and only then kept. It is shown to its own division alone and always as a download.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final, get_args
from urllib.parse import quote

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from app.answers import json_response, write_json
from app.document_scan import scan_file
from app.idempotency import Answer, answer_once, read_repetition
from app.multipart import Form, receive_form
from app.routes.guard import DatabaseOf, ServicesOf, guarded_router, needs
from app.routes.ids import read_id
from app.routes.layer_reads import answers, file_answers
from app.schemas.documents import FORM, FORM_FIELDS, DocumentModel, write_document
from app.security.principals import Principal
from app.security.scope import own_division
from app.security.session import Asker, current_principal
from app.services import services_of
from parcels.codes import normalise_division
from parcels.documents.content import (
    HEAD_BYTES,
    TAIL_BYTES,
    MediaType,
    clean_filename,
    find_media_type,
)
from parcels.documents.refusals import (
    DocumentBytesMissing,
    DocumentNotFound,
    DocumentTypeRefused,
)
from parcels.documents.repository import NewFile, get_document, store_document
from parcels.surveys.archive import Incoming

router = guarded_router(prefix="/v1/documents", tags=["documents"])
_DOWNLOAD: Final = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}


@router.post(
    "",
    name="send_document",
    status_code=201,
    openapi_extra=needs("write_documents", requestBody=FORM),
    response_model=None,
    responses=answers(DocumentModel, 201) | answers(DocumentModel, 200),
)
async def send(request: Request) -> Response:
    """Send a file that a paper, a task or an opinion then names by its id.

    The same bytes of one division are one document (200 the second time).
    """
    services, asker = services_of(request), current_principal(request)

    def refuse_unread(fields: Mapping[str, str]) -> None:
        _division(asker, fields)

    return await receive_form(
        request,
        services.documents,
        FORM_FIELDS,
        services.settings.document_bytes,
        refuse_unread,
        partial(_store, request, asker),
    )


def _store(
    request: Request, asker: Principal, form: Form, incoming: Incoming
) -> Response:
    """Keep what has arrived, if it is what may be kept."""
    services = services_of(request)
    division = _division(asker, form.fields)
    media_type = _media_type(incoming)
    scanned = scan_file(services.settings.scan_command, incoming.settle())
    file = NewFile(
        division,
        incoming.sha256,
        incoming.size,
        media_type,
        clean_filename(form.filename or "", media_type),
        scanned,
    )
    told = f"{division}\n".encode() + incoming.sha256

    def write(connection: sa.Connection) -> Answer:
        document, new = store_document(
            connection,
            file,
            incoming.keep,
            actor=asker.name,
            client_id=asker.client_id,
        )
        location = {"Location": f"/v1/documents/{document.id}"}
        content = write_json(write_document(document))
        return Answer(201 if new else 200, content, location)

    return answer_once(services.database, asker, read_repetition(request, told), write)


def _media_type(incoming: Incoming) -> MediaType:
    """Return the type of what has arrived; raises `DocumentTypeRefused`."""
    with incoming.settle().open("rb") as file:
        head = file.read(HEAD_BYTES)
        file.seek(max(0, incoming.size - TAIL_BYTES))
        found = find_media_type(head, file.read(TAIL_BYTES))
    if found is None:
        raise DocumentTypeRefused
    return found


@router.get(
    "/{document_id}",
    name="get_document",
    openapi_extra=needs("read_documents"),
    response_model=None,
    responses=answers(DocumentModel),
)
def get_one(document_id: str, asker: Asker, database: DatabaseOf) -> Response:
    """Say what a document is: name, type, size, digest, who sent it."""
    number = read_id(document_id, DocumentNotFound)
    with database.transaction(asker, read_only=True) as connection:
        document = get_document(connection, number)
    return json_response(write_document(document))


@router.get(
    "/{document_id}/file",
    name="download_document",
    openapi_extra=needs("read_documents"),
    response_model=None,
    response_class=Response,
    responses=file_answers(get_args(MediaType), "The document as it was sent"),
)
def download(document_id: str, asker: Asker, services: ServicesOf) -> Response:
    """Download a document, byte for byte as it was sent."""
    number = read_id(document_id, DocumentNotFound)
    with services.database.transaction(asker, read_only=True) as connection:
        document = get_document(connection, number)
    path = services.documents.path(document.sha256)
    if not path.exists():
        raise DocumentBytesMissing(document.sha256.hex())
    disposition = f"attachment; filename*=UTF-8''{quote(document.filename, safe='')}"
    headers = {**_DOWNLOAD, "Content-Disposition": disposition}
    return FileResponse(path, media_type=document.media_type, headers=headers)


def _division(asker: Principal, fields: Mapping[str, str]) -> str:
    sent = fields.get("division", "").strip()
    return own_division(asker, normalise_division(sent) if sent else None)
