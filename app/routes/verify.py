"""Is a certificate genuine? For whoever was shown one; no account needed."""

from __future__ import annotations

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from app.answers import NO_STORE, json_response
from app.pages.verification import verification_page, wants_page
from app.request_errors import CertificateNotFound
from app.routes.guard import ServicesOf, guarded_router, needs
from app.routes.layer_reads import answers
from app.schemas.decisions import VerificationModel

router = guarded_router(tags=["verify"])
_LONGEST = 100
_READ_FOR = str.maketrans("OIL", "011")
"""Letters that no number has, and the digits they are read for on paper."""
_VERIFY = sa.text("select * from registry.verify_certificate(:number)")


@router.get(
    "/verify/{certificate_number}",
    name="verify_certificate",
    openapi_extra=needs("public"),
    response_model=None,
    responses=answers(VerificationModel),
)
def verify_certificate(
    certificate_number: str, request: Request, services: ServicesOf
) -> Response:
    """Say whether a certificate is genuine, its outcome, dates and state. No more.

    A browser is shown a page, a program is answered in JSON.
    """
    typed = certificate_number.strip().upper()[:_LONGEST]
    asked = typed.translate(_READ_FOR)
    with services.database.transaction(None, read_only=True) as connection:
        found = connection.execute(_VERIFY, {"number": asked}).mappings().one_or_none()
    number = asked if found else typed
    if wants_page(request):
        form = services.stationery.form
        return verification_page(request, number, dict(found) if found else None, form)
    if found is None:
        raise CertificateNotFound(number)
    content = {"certificate_number": number, "genuine": True, **found}
    return json_response(content, headers=NO_STORE)
