"""How is an error answered? As its entry in the catalogue says; the text is its own.

Core and shell raise small typed errors that know nothing of HTTP. An error that is
not listed is a fault of the program: 500, logged, with nothing of its inside shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from app import request_errors
from app.error_catalogue import TABLE
from app.error_catalogue.entry import Entry
from app.oidc.refusals import (
    PersonNotEntered,
)
from app.pages.reader import SignInFirst, lead_to_sign_in
from app.pages.refused import refused_page
from app.problems import Fault, Problem, problem_response
from app.validation import gate_faults, plot_faults, read_faults
from parcels.plots.refusals import (
    EventNotPossible,
)
from parcels.refusal import Refusal
from parcels.texts import Text
from screening.request import InvalidGateRequest

_AS: Final = {"HEAD": "GET"}
_HTTP: Final[Mapping[int, Entry]] = {
    400: Entry(400, "bad-request", Text("请求有误", "Bad request")),
    404: Entry(
        404,
        "no-such-path",
        Text("没有该地址", "No such path"),
        Text(
            "请核对地址（末尾不加“/”）；全部地址见 /openapi.json。",
            "Check the path (no slash at its end); /openapi.json lists them all.",
        ),
    ),
    405: Entry(405, "method-not-allowed", Text("方法不允许", "Method not allowed")),
}

INTERNAL: Final = Problem(
    500,
    "internal",
    Text("服务内部错误", "Internal error"),
    Text(
        "服务出错，已记录；请把请求编号（request_id）告知管理员。",
        "The service failed and has logged it; give the request's number (request_id)"
        " to the administrator.",
    ),
)


def problem_of(error: Exception) -> Problem | None:
    """Return the problem an error stands for; None when it is not listed."""
    entry = next((TABLE[kind] for kind in type(error).__mro__ if kind in TABLE), None)
    if entry is None:
        return None
    return Problem(
        entry.status,
        entry.slug,
        entry.title,
        _detail(error, entry),
        faults=_faults(error),
        members=_members(error),
        headers={**(entry.headers or {}), **_headers(error)},
    )


def _detail(error: Exception, entry: Entry) -> Text | None:
    if isinstance(error, Refusal):
        return Text(error.zh, error.en)
    return entry.detail


def _faults(error: Exception) -> tuple[Fault, ...]:
    if isinstance(error, InvalidGateRequest):
        return gate_faults(error)
    if isinstance(error, EventNotPossible):
        return plot_faults(error)
    return tuple(getattr(error, "faults", ()))


_MEMBERS: Final = ("successors", "divisions", "offered", "kinds", "codes")


def _members(error: Exception) -> dict[str, Any]:
    members: dict[str, Any] = {
        name: list(found) for name in _MEMBERS if (found := getattr(error, name, None))
    }
    if isinstance(error, PersonNotEntered):
        members |= {"issuer": error.issuer, "subject": error.subject}
    if isinstance(error, Refusal):
        members["reason"] = error.reason
    return members


def _headers(error: Exception) -> dict[str, str]:
    seconds = getattr(error, "retry_after_s", None)
    return {} if seconds is None else {"Retry-After": str(seconds)}


def install(app: FastAPI) -> None:
    """Have every error of the table, of validation and of routing answered here."""
    for kind in TABLE:
        app.add_exception_handler(kind, _answer)
    app.add_exception_handler(RequestValidationError, _answer_validation)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(SignInFirst, lead_to_sign_in)


async def _answer(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    assert problem is not None
    return _respond(request, problem)


def _respond(request: Request, problem: Problem) -> Response:
    """Answer with a page where a person asks for one."""
    return refused_page(request, problem) or problem_response(request, problem)


async def _answer_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return await _answer(request, request_errors.InvalidRequest(read_faults(error)))


async def _answer_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    entry = _HTTP.get(error.status_code) or Entry(
        error.status_code, "http", Text("请求未完成", str(error.detail))
    )
    headers, detail = dict(error.headers or {}), entry.detail
    if error.status_code == 405:
        # Files are served by an application of their own, which says it itself.
        allowed = ", ".join(_list_methods(request)) or headers["Allow"]
        headers["Allow"] = allowed
        detail = Text(
            f"该地址可用的方法：{allowed}。", f"This path answers to {allowed}."
        )
    problem = Problem(entry.status, entry.slug, entry.title, detail, headers=headers)
    return _respond(request, problem)


def _list_methods(request: Request) -> list[str]:
    """Return the methods a path answers to; each is a route of its own."""
    return [
        method
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE")
        if any(
            route.matches({**request.scope, "method": _AS.get(method, method)})[0]
            is Match.FULL
            for route in request.app.router.routes
        )
    ]
