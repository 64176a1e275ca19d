"""Signing in with a key, for people at a browser; programs send the key each time."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.answers import NO_STORE, json_response
from app.request_errors import CrossSite, NotSignedIn
from app.routes.guard import ServicesOf, guarded_router, needs
from app.schemas.session import (
    SessionModel,
    SignedOutModel,
    SignIn,
    write_session,
)
from app.security.session import (
    COOKIE,
    Asker,
    clear_cookie,
    csrf_token,
    derive_csrf_token,
    set_cookie,
)

router = guarded_router(prefix="/v1/session", tags=["session"])


@router.post(
    "",
    openapi_extra=needs("public"),
    response_model=None,
    responses={200: {"model": SessionModel}},
)
def sign_in(request: Request, body: SignIn, services: ServicesOf) -> Response:
    """Sign in with a key: the answer sets the session cookie.

    Ten failed attempts a minute from one address; then 429.
    """
    if request.headers.get("sec-fetch-site", "same-origin") == "cross-site":
        raise CrossSite
    address = request.client.host if request.client else ""
    services.sign_in_limit.count_attempt(address)
    authenticator = services.authenticator
    principal = authenticator.find("key", body.key)
    token = principal and authenticator.open_session(
        body.key, services.settings.session_hours
    )
    if not principal or not token:
        raise NotSignedIn
    services.sign_in_limit.forget(address)
    content = write_session(principal, derive_csrf_token(token))
    response = json_response(content, headers=NO_STORE)
    set_cookie(response, token, services.settings)
    return response


@router.get(
    "",
    openapi_extra=needs("own_session"),
    response_model=None,
    responses={200: {"model": SessionModel}},
)
def show_session(request: Request, asker: Asker) -> Response:
    """Say who asks, by key or session."""
    by_key = "authorization" in request.headers
    content = write_session(asker, None if by_key else csrf_token(request))
    return json_response(content, headers=NO_STORE)


@router.delete(
    "",
    status_code=204,
    openapi_extra=needs("own_session"),
    response_model=None,
    responses={200: {"model": SignedOutModel}},
)
async def sign_out(request: Request, services: ServicesOf) -> Response:
    """End the session; a key stays good.

    200 with an address to go on to when the person had signed in at an identity
    provider that can end its own session too.
    """
    continue_at = None
    if "authorization" not in request.headers:
        close, token = services.authenticator.close_session, request.cookies[COOKIE]
        # The provider may be slow to say where: waiting must hold no thread.
        if await run_in_threadpool(close, token) and services.sign_in is not None:
            continue_at = await services.sign_in.end_session_address()
    response = (
        json_response({"continue_at": continue_at}, headers=NO_STORE)
        if continue_at
        else Response(status_code=204, headers=NO_STORE)
    )
    clear_cookie(response, services.settings)
    return response
