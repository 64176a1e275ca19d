"""Signing in through the identity provider: there, and back again (shell).

What comes back is answered with a page and not with another redirect: the session's
cookie is SameSite=Strict, and a browser does not send it along a way that began at the
provider. The page goes on by itself. The flow's cookie has to come back from there and
is Lax; it is good for these paths and ten minutes, and opens nothing alone.
"""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.errors import problem_of
from app.oidc.flow import FLOW_S, Flow, flow_used, local_path, read_flow
from app.oidc.refusals import PersonNotEntered, PersonSwitchedOff
from app.oidc.sign_in import CALLBACK, SIGN_IN_PAGE, SignInDesk
from app.pages.routes import language_of_page, provider_path, render_page
from app.pages.verification import wants_page
from app.problems import problem_response
from app.security.session import session_principal, set_cookie
from app.security.users import Identity
from app.services import Services, services_of
from parcels.refusal import Refusal

FLOW_COOKIE: Final = "jingtu_flow"
_PRIVATE: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
"""Addresses on this way carry codes and states: nobody is told where one came from."""

router = APIRouter(include_in_schema=False)


@router.get("/sign-in/provider")
async def to_provider(request: Request) -> Response:
    """Send a person to the identity provider, to come back to `next` afterwards."""
    desk, then = _desk(request), request.query_params.get("next", "/")
    if await run_in_threadpool(session_principal, request) is not None:
        return RedirectResponse(local_path(then), 303, _PRIVATE)
    try:
        address, flow = await desk.begin(then, anew="anew" in request.query_params)
    except Refusal as error:
        return _refused(request, error, then)
    response = RedirectResponse(address, 303, _PRIVATE)
    response.set_cookie(
        FLOW_COOKIE,
        flow.cookie(),
        max_age=FLOW_S,
        path=SIGN_IN_PAGE,
        secure=services_of(request).settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )
    return response


@router.get(CALLBACK)
async def from_provider(request: Request) -> Response:
    """Open a session for who came back, and go on to where he wanted."""
    desk, services = _desk(request), services_of(request)
    cookie = request.cookies.get(FLOW_COOKIE, "")
    address = request.client.host if request.client else ""
    answered = request.query_params
    try:
        flow = desk.receive(cookie, answered.multi_items())
        # Only now: pages of other sites can have the address asked for, but not with
        # the flow's cookie, and must not use up a person's attempts.
        services.sign_in_limit.count_attempt(address)
        identity = await desk.finish(flow, answered)
        token = await run_in_threadpool(_open_session, services, identity, flow)
    except Refusal as error:
        known = read_flow(cookie)
        response = _refused(request, error, known.then if known else "/")
    else:
        services.sign_in_limit.forget(address)
        response = render_page(
            request, "sign_in_done.html", None, found_at=SIGN_IN_PAGE, then=flow.then
        )
        set_cookie(response, token, services.settings)
    response.headers.update(_PRIVATE)
    response.delete_cookie(
        FLOW_COOKIE,
        path=SIGN_IN_PAGE,
        secure=services.settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )
    return response


def _desk(request: Request) -> SignInDesk:
    desk = services_of(request).sign_in
    if desk is None:
        raise HTTPException(404)
    return desk


def _open_session(services: Services, identity: Identity, flow: Flow) -> str:
    """Return the token of a new session; raises why there is none."""
    assert services.tokens is not None
    services.tokens.admit(identity)
    token = services.authenticator.open_session_of_person(
        identity, flow.state, services.settings.session_hours
    )
    if token is None:
        raise flow_used()
    return token


def _refused(request: Request, error: Refusal, then: str) -> Response:
    """Say why there is no session, and what can be done."""
    problem = problem_of(error)
    assert problem is not None
    if not wants_page(request):
        return problem_response(request, problem)
    detail = problem.detail
    language = language_of_page(request)
    is_person = isinstance(error, PersonNotEntered | PersonSwitchedOff)
    page = render_page(
        request,
        "sign_in_refused.html",
        None,
        status=problem.status,
        found_at=SIGN_IN_PAGE,
        title=problem.title.of(language),
        detail=detail.of(language) if detail else "",
        again=provider_path(then, **({"anew": "1"} if is_person else {})),
        is_person=is_person,
    )
    page.headers.update(problem.headers)
    return page
