"""Who asks in this request, by key, by token or as a person signed in? (shell).

A person signs in with a key, or at an identity provider, and gets a cookie with a
random token (HttpOnly, SameSite=Strict); the key is kept nowhere. Writes under a
session also need the session's CSRF token in `X-CSRF-Token`: it is derived from the
cookie's token, which a foreign page can send but never read.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from math import ceil
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from app.oidc.tokens import looks_like_token
from app.request_errors import BadCsrfToken, NotAllowed, NotSignedIn
from app.security.authentication import Authenticator, Proof, is_token
from app.security.permissions import Right
from app.security.principals import Principal
from app.services import services_of
from app.settings import Settings

COOKIE: Final = "jingtu_session"
CSRF_HEADER: Final = "x-csrf-token"
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_SCOPE_KEY: Final = "jingtu.caller"


@dataclass(frozen=True, slots=True)
class Caller:
    """A principal and how it came in; `token` is the session's, None with a key."""

    principal: Principal
    token: str | None = None


def session_principal(request: HTTPConnection) -> Principal | None:
    """Return who is signed in under the request's session cookie; None if nobody.

    Asks the database when it does not remember: for plain ``def`` endpoints.
    """
    token = request.cookies.get(COOKIE, "")
    return services_of(request).authenticator.find("session", token)


def csrf_token(request: HTTPConnection) -> str:
    """Return the CSRF token of the request's session; empty without one."""
    token = request.cookies.get(COOKIE, "")
    return derive_csrf_token(token) if is_token(token) else ""


def derive_csrf_token(token: str) -> str:
    """Return the CSRF token that belongs to a session token."""
    return hmac.new(token.encode(), b"jingtu csrf 1", hashlib.sha256).hexdigest()


async def admit(request: Request, right: Right) -> None:
    """Let a request in, or refuse it, before its body is read.

    Raises
    ------
    NotSignedIn
        Without a key or session that is good.
    NotAllowed
        If the caller's role lacks the right.
    BadCsrfToken
        If a write under a session lacks the session's token.
    """
    if right.public:
        return
    caller = await identify(request)
    request.scope[_SCOPE_KEY] = caller
    if caller.token is not None and request.method not in _SAFE_METHODS:
        _check_csrf(request, caller.token)
    if caller.principal.role not in right.roles:
        raise NotAllowed(caller.principal.role, sorted(right.roles))


async def identify(request: HTTPConnection) -> Caller:
    """Return who asks: by a key or a token in the header, which win over a cookie.

    Raises
    ------
    NotSignedIn, TokenRefused
        If key, token or session open nothing, or several are sent.
    PersonNotEntered, PersonSwitchedOff, ProviderUnreachable
        For a token that cannot be accepted otherwise (`app.oidc`).
    """
    services = services_of(request)
    authenticator = services.authenticator
    headers = request.headers.getlist("authorization")
    if len(headers) > 1:
        # Which of them is meant a proxy in between may decide differently.
        raise NotSignedIn
    if headers:
        scheme, _, key = headers[0].partition(" ")
        secret = key.strip() if scheme.lower() == "bearer" else ""
        if services.tokens is not None and looks_like_token(secret):
            return Caller(await services.tokens.find(secret))
        return Caller(await _find(authenticator, "key", secret))
    token = request.cookies.get(COOKIE, "")
    return Caller(await _find(authenticator, "session", token), token)


async def _find(authenticator: Authenticator, proof: Proof, secret: str) -> Principal:
    known = authenticator.recall(proof, secret)
    if known is not None:
        found = known.principal
    else:
        found = await run_in_threadpool(authenticator.find, proof, secret)
    if found is None:
        raise NotSignedIn
    return found


def _check_csrf(request: HTTPConnection, token: str) -> None:
    sent = request.headers.get(CSRF_HEADER, "")
    expected = derive_csrf_token(token)
    if not hmac.compare_digest(sent.encode(), expected.encode()):
        raise BadCsrfToken


def current_principal(request: Request) -> Principal:
    """Return who asks, in an endpoint whose route has admitted the request."""
    caller: Caller = request.scope[_SCOPE_KEY]
    return caller.principal


def client_of(request: Request) -> UUID | None:
    """Return the client that asks; None where the route needs no key."""
    caller: Caller | None = request.scope.get(_SCOPE_KEY)
    return None if caller is None else caller.principal.client_id


async def _asker(request: Request) -> Principal:
    return current_principal(request)


Asker = Annotated[Principal, Depends(_asker)]
"""Parameter of an endpoint: the caller."""


def set_cookie(response: Response, token: str, settings: Settings) -> None:
    """Give the session to the browser that signed in."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=ceil(settings.session_hours) * 3600,
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="strict",
    )


def clear_cookie(response: Response, settings: Settings) -> None:
    """Take the session from the browser."""
    response.delete_cookie(
        COOKIE,
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="strict",
    )
