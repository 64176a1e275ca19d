"""What happens to every request, whatever it asks (pure ASGI, no copies of bodies).

A number to find it by, headers that keep browsers strict, a count, and an answer for
what nobody expected.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import INTERNAL, problem_of
from app.metrics import Metrics
from app.path_slashes import keep_slashes
from app.problems import Problem, problem_response
from parcels.texts import Text

log = logging.getLogger(__name__)

_POLICY: Final = (
    b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Data need nothing from anywhere; pages bring a policy of their own."""

SECURITY_HEADERS: Final = (
    (b"content-security-policy", _POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
_TLS_ONLY: Final = (b"strict-transport-security", b"max-age=31536000")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

_NUL: Final = Problem(
    400,
    "nul-character",
    Text("地址含有空字符", "NUL character in the address"),
    Text("请删除地址中的 %00。", "Remove %00 from the address."),
)


class Envelope:
    """The outermost layer: request number, headers, count, unexpected errors.

    Parameters
    ----------
    app
        The application inside.
    find_metrics
        Returns the counters once the process has started; None before.
    tls
        Whether the service is reached over TLS only.
    """

    def __init__(
        self, app: ASGIApp, find_metrics: Callable[[], Metrics | None], tls: bool
    ) -> None:
        self._app = app
        self._find_metrics = find_metrics
        self._headers = SECURITY_HEADERS + ((_TLS_ONLY,) if tls else ())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        method = scope["method"]
        if method == "HEAD":
            # Answered as GET; the server knows from its own copy to send no body.
            scope = {**scope, "method": "GET"}
        keep_slashes(scope)
        request_id = _request_id(scope)
        scope["jingtu.request_id"] = request_id
        own_headers = (*self._headers, (b"x-request-id", request_id.encode()))
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _complete(message, own_headers)
            await send(message)

        metrics = self._find_metrics()
        if metrics:
            metrics.in_progress += 1
        try:
            await self._run(scope, receive, send_with_headers)
        except ClientDisconnect:
            status = 499
        except Exception as error:
            if status:
                log.exception("request %s broke off after its start", request_id)
                raise
            await _answer_failure(error, scope, receive, send_with_headers)
        finally:
            if metrics:
                metrics.in_progress -= 1
                seconds = time.perf_counter() - began
                metrics.count(method, _route(scope), status, seconds)

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            response = problem_response(Request(scope), _NUL)
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _complete(message: Message, own: tuple[tuple[bytes, bytes], ...]) -> None:
    """Add our headers; what an answer sets itself is kept."""
    headers: list[tuple[bytes, bytes]] = list(message.get("headers", ()))
    present = {name.lower() for name, _ in headers}
    headers += [(name, value) for name, value in own if name not in present]
    message["headers"] = headers


async def _answer_failure(
    error: Exception, scope: Scope, receive: Receive, send: Send
) -> None:
    problem = problem_of(error)
    if problem is None:
        log.error("request %s failed", scope["jingtu.request_id"], exc_info=error)
        problem = INTERNAL
    response = problem_response(Request(scope), problem)
    await response(scope, receive, send)


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            sent = value.decode("latin-1")
            if _REQUEST_ID.fullmatch(sent):
                return str(sent)
    return secrets.token_hex(8)


def _route(scope: Scope) -> str:
    """Return the path of the route that answered, so that codes are not counted."""
    route: Any = scope.get("route")
    return str(getattr(route, "path_format", None) or getattr(route, "path", "other"))
