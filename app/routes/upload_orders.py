"""What is done with an upload: confirmed, checked again, committed, taken back (shell).

Each is ordered here and done by a worker; the upload tells how far it is and, if it
could not be done, why.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import sqlalchemy as sa
from fastapi import Body
from starlette.responses import Response

from app.answers import NO_STORE, json_response
from app.idempotency import Answer, Repetition, RepetitionOf, answer_once
from app.jobs import refuse_too_much
from app.routes.guard import LanguageOf, ServicesOf, guarded_router, needs
from app.routes.layer_reads import answers
from app.routes.uploads import accepted, read_id
from app.schemas.upload_terms import CommitTerms, Confirmation, RevertTerms
from app.schemas.uploads import (
    UploadModel,
    write_upload,
)
from app.security.principals import Principal
from app.security.session import Asker
from app.services import Services
from app.upload_jobs import COMMIT, EXAMINE, REVERT, queue_upload
from parcels.refusal import Language
from parcels.surveys import orders
from parcels.surveys.committing import refuse_if_moved
from parcels.surveys.repository import Upload, get_upload

router = guarded_router(prefix="/v1/uploads", tags=["uploads"])


def _order(
    services: Services,
    asker: Principal,
    repetition: Repetition | None,
    order: Callable[[sa.Connection], Upload],
    job: str,
    language: Language,
) -> Response:
    """Order something of an upload, unless the caller has too much in hand."""

    def write(connection: sa.Connection) -> Answer:
        refuse_too_much(connection, services.settings.orders_in_hand)
        ordered = order(connection)
        queue_upload(connection, ordered, job)
        return accepted(ordered, language)

    return answer_once(services.database, asker, repetition, write)


@router.post(
    "/{upload_id}/confirm",
    name="confirm_upload",
    status_code=202,
    openapi_extra=needs("write_uploads"),
    response_model=None,
    responses=answers(UploadModel, 202),
)
def confirm_upload(
    upload_id: str,
    body: Annotated[Confirmation, Body(default_factory=Confirmation)],
    asker: Asker,
    services: ServicesOf,
    language: LanguageOf,
    repetition: RepetitionOf,
) -> Response:
    """Complete the declaration of an upload in `needs_confirmation`; it is read then.

    Every name in `proposed.must_confirm` has to be given; what is left out besides is
    as proposed.
    """
    number = read_id(upload_id)
    said = body.model_dump(exclude_none=True)

    def order(connection: sa.Connection) -> Upload:
        return orders.confirm(connection, number, said, asker.client_id)

    return _order(services, asker, repetition, order, EXAMINE, language)


@router.post(
    "/{upload_id}/recheck",
    name="recheck_upload",
    status_code=202,
    openapi_extra=needs("write_uploads"),
    response_model=None,
    responses=answers(UploadModel, 202),
)
def recheck_upload(
    upload_id: str,
    asker: Asker,
    services: ServicesOf,
    language: LanguageOf,
    repetition: RepetitionOf,
) -> Response:
    """Check an upload again, against the register as it stands now."""
    number = read_id(upload_id)

    def order(connection: sa.Connection) -> Upload:
        return orders.recheck(connection, number, asker.client_id)

    return _order(services, asker, repetition, order, EXAMINE, language)


@router.post(
    "/{upload_id}/commit",
    name="commit_upload",
    status_code=202,
    openapi_extra=needs("write_uploads"),
    response_model=None,
    responses=answers(UploadModel, 202),
)
def order_commit(
    upload_id: str,
    body: Annotated[CommitTerms, Body(default_factory=CommitTerms)],
    asker: Asker,
    services: ServicesOf,
    language: LanguageOf,
    repetition: RepetitionOf,
) -> Response:
    """Write the accepted rows of a checked upload into the register.

    Errors block unless `set_aside` leaves the faulty rows out (of rows that overlap or
    share a code all of them); warnings need a `reason`. 409 when the register moved
    since the check: `recheck`, then commit.
    """
    number = read_id(upload_id)
    terms = body.model_dump()

    def order(connection: sa.Connection) -> Upload:
        ordered = orders.order_commit(connection, number, asker.client_id, terms)
        refuse_if_moved(connection, ordered)
        return ordered

    return _order(services, asker, repetition, order, COMMIT, language)


@router.post(
    "/{upload_id}/revert",
    name="revert_upload",
    status_code=202,
    openapi_extra=needs("write_uploads"),
    response_model=None,
    responses=answers(UploadModel, 202),
)
def order_revert(
    upload_id: str,
    body: RevertTerms,
    asker: Asker,
    services: ServicesOf,
    language: LanguageOf,
    repetition: RepetitionOf,
) -> Response:
    """Take a committed upload back by a further change.

    What later versions stand on is not taken back: `refusal` of the upload names it.
    """
    number = read_id(upload_id)

    def order(connection: sa.Connection) -> Upload:
        return orders.order_revert(connection, number, asker.client_id, body.reason)

    return _order(services, asker, repetition, order, REVERT, language)


@router.delete(
    "/{upload_id}",
    name="withdraw_upload",
    openapi_extra=needs("write_uploads"),
    response_model=None,
    responses=answers(UploadModel),
)
def withdraw_upload(
    upload_id: str, asker: Asker, services: ServicesOf, language: LanguageOf
) -> Response:
    """Give up an upload that is not committed; reading it ends."""
    number = read_id(upload_id)
    with services.database.transaction(asker) as connection:
        orders.withdraw(connection, number)
        upload = get_upload(connection, number)
    services.archive.drop(number)
    return json_response(write_upload(upload, language), headers=NO_STORE)
