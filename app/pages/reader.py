"""Who reads a page? Without a session everybody is led to sign-in first (shell)."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.pages.masthead import check_page
from app.security.principals import Principal
from app.security.session import session_principal


class SignInFirst(Exception):
    """Nobody is signed in; the page is shown to who has signed in."""


def _signed_in(request: Request) -> Principal:
    principal = session_principal(request)
    if principal is None:
        raise SignInFirst
    return principal


SignedIn = Annotated[Principal, Depends(_signed_in)]
"""Parameter of a page that is open to every account: who is signed in."""


async def _admitted(request: Request, principal: SignedIn) -> Principal:
    check_page(principal.role, request.url.path)
    return principal


Reader = Annotated[Principal, Depends(_admitted)]
"""Parameter of a page: who is signed in and may read what it shows."""


async def lead_to_sign_in(request: Request, _: Exception) -> Response:
    """Answer `SignInFirst`: sign in, and come back to the page that was asked for."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    target = "/sign-in" if here == "/" else f"/sign-in?{urlencode({'next': here})}"
    return RedirectResponse(target, status_code=303)
