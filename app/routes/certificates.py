"""The certificate of a decision, and its annulment (意见书与撤销)."""

from __future__ import annotations

import hashlib
from typing import Literal

import sqlalchemy as sa
from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from app.answers import PDF, PRIVATE, write_json
from app.idempotency import Answer, answer_once, read_repetition
from app.problems import language_of
from app.routes.guard import LanguageOf, ServicesOf, guarded_router, needs
from app.routes.ids import no_decision, read_decision_id
from app.routes.layer_reads import answers
from app.schemas.standing import StandingModel, write_standing
from app.security.session import Asker, current_principal
from app.services import services_of
from parcels.tasks.model import Doer
from screening.certificate.issue import print_certificate
from screening.standing import annul_decision

router = guarded_router(prefix="/v1/gate", tags=["gate"])


class AnnulRequest(BaseModel):
    """Why a decision is annulled."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: str = Field(min_length=1, max_length=2000)


@router.get(
    "/decisions/{decision_id}/certificate.pdf",
    name="get_certificate",
    openapi_extra=needs("read_decisions"),
    response_class=Response,
    responses={
        200: {"content": {PDF: {}}, "description": "The certificate, PDF/A-2b"},
    },
)
def get_certificate(
    decision_id: str,
    asker: Asker,
    services: ServicesOf,
    language: LanguageOf,
    lang: Literal["zh", "en"] | None = Query(
        None, description="Language of the document; else that of Accept-Language"
    ),
) -> Response:
    """Return the certificate of a recorded decision.

    Without a signing key it is made from the record at each request, byte for byte the
    same; with one it is signed at the first request and kept. How the decision stands
    today is not printed: `/verify` tells.
    """
    stationery = services.stationery
    number = read_decision_id(decision_id)
    with services.database.transaction(
        asker, read_only=stationery.signer is None
    ) as connection:
        document = print_certificate(connection, stationery, number, lang or language)
    if document is None:
        raise no_decision(decision_id)
    headers = {
        "Cache-Control": PRIVATE,
        "Vary": "Accept-Language",
        "ETag": f'"{hashlib.sha256(document).hexdigest()[:32]}"',
        "Content-Disposition": f'inline; filename="jingtu-{number}.pdf"',
    }
    return Response(document, media_type=PDF, headers=headers)


@router.post(
    "/decisions/{decision_id}/annul",
    name="annul_decision",
    openapi_extra=needs("annul_decisions"),
    response_model=None,
    responses=answers(StandingModel),
)
def post_annulment(decision_id: str, body: AnnulRequest, request: Request) -> Response:
    """Annul a decision; whoever verifies its certificate is told so.

    The decision itself is kept and shown as before. 409 when it was annulled or
    replaced already.
    """
    asker, services = current_principal(request), services_of(request)
    number = read_decision_id(decision_id)

    def write(connection: sa.Connection) -> Answer:
        by = Doer(asker.name, asker.client_id)
        standing = annul_decision(connection, number, by, body.reason)
        if standing is None:
            raise no_decision(decision_id)
        return Answer(200, write_json(write_standing(standing, language_of(request))))

    return answer_once(services.database, asker, read_repetition(request), write)
