"""Every route says which right it needs, and nobody gets in without it.

A route is made with `guarded_router` and names its right with `needs`; one that names
none cannot be made. Key, session, CSRF token and role are checked, and the body is
read and parsed, before FastAPI looks at the request. A parameter of the address that
means one thing is refused when it is given twice: FastAPI takes the last one.

An endpoint whose only parameter is the request is called straight, a plain
one in a thread of the process: FastAPI's own way to it costs as much as a look-up in
the database.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Coroutine, Iterator
from typing import Annotated, Any, get_origin

from fastapi import APIRouter, Depends
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from app.bodies import (
    LONGEST_BODY,
    brings_body,
    check_content_coding,
    check_content_type,
    parse_json,
    read_bytes,
)
from app.database import Database
from app.path_slashes import restore_slashes
from app.problems import language_of
from app.security.permissions import RIGHTS, Right
from app.security.session import admit, client_of
from app.services import Services, services_of
from parcels.refusal import Language

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
RIGHT_KEY = "x-jingtu-right"
BODY_BYTES = "x-jingtu-body-bytes"
"""Longest body of a route that takes more than others."""


class UnguardedRoute(Exception):
    """A route was written without saying which right it needs."""


def needs(right: str, **openapi: Any) -> dict[str, Any]:
    """Return the `openapi_extra` of a route that needs a right.

    It appears in the API document as ``x-jingtu-right``.
    """
    return {RIGHT_KEY: RIGHTS[right].name, **openapi}


class GuardedRoute(APIRoute):
    """A route that admits the caller before it reads anything."""

    @property
    def right(self) -> Right:
        """The right this route needs."""
        name = (self.openapi_extra or {}).get(RIGHT_KEY)
        if name is None:
            raise UnguardedRoute(f"{self.methods} {self.path}")
        return RIGHTS[name]

    def _shortest_handler(self) -> Handler | None:
        """Return the endpoint itself where it needs no more than the request."""
        if list(inspect.signature(self.endpoint).parameters) != ["request"]:
            return None
        if inspect.iscoroutinefunction(self.endpoint):
            return self.endpoint
        return _in_thread(self.endpoint)

    @property
    def _describes_json(self) -> bool:
        body = (self.openapi_extra or {}).get("requestBody", {})
        return "application/json" in body.get("content", {})

    @property
    def _may_lack_body(self) -> bool:
        body = self.body_field
        return body is not None and not body.field_info.is_required()

    def get_route_handler(self) -> Handler:
        """Wrap FastAPI's handler, or the endpoint itself where it needs no more."""
        handle = self._shortest_handler() or super().get_route_handler()
        right = self.right
        extra = self.openapi_extra or {}
        longest = extra.get(BODY_BYTES, LONGEST_BODY)
        takes_body = self.body_field is not None or "requestBody" in extra
        takes_json = self.body_field is not None or self._describes_json
        may_lack_body = self._may_lack_body
        takes_thread = not inspect.iscoroutinefunction(self.endpoint)
        takes_parameters = bool(self.dependant.query_params)
        lists = frozenset(_list_names(self.dependant))

        async def admit_and_handle(request: Request) -> Response:
            restore_slashes(request.scope)
            await admit(request, right)
            if takes_parameters:
                _check_given_once(request, lists)
            if takes_body and brings_body(request):
                check_content_coding(request)
            if takes_json and (brings_body(request) or not may_lack_body):
                check_content_type(request)
                body = await read_bytes(request, longest)
                # Starlette keeps both under these names once they have been read.
                request._body = body
                request._json = parse_json(body)
            if not takes_thread:
                return await handle(request)
            async with services_of(request).turns.of(client_of(request)):
                return await handle(request)

        return admit_and_handle


def _list_names(dependant: Dependant) -> Iterator[str]:
    """Give the names of the parameters of an address that are lists."""
    for parameter in dependant.query_params:
        kind = parameter.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for name, field in kind.model_fields.items():
                if get_origin(field.annotation) is list:
                    yield field.alias or name
        elif get_origin(kind) is list:
            yield parameter.alias


def _check_given_once(request: Request, lists: frozenset[str]) -> None:
    """Refuse a parameter given twice that is no list: which is meant nobody knows."""
    given = request.query_params
    faults = [
        {"type": "repeated", "loc": ("query", name), "input": given.getlist(name)}
        for name in given
        if name not in lists and len(given.getlist(name)) > 1
    ]
    if faults:
        raise RequestValidationError(faults)


def json_body(request: Request) -> Any:
    """Return the body of a request whose route has read it."""
    return request._json


def _in_thread(endpoint: Callable[[Request], Response]) -> Handler:
    async def handle(request: Request) -> Response:
        threads = services_of(request).threads
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(threads, endpoint, request)

    return handle


def guarded_router(**options: Any) -> APIRouter:
    """Return a router whose routes are guarded."""
    return APIRouter(route_class=GuardedRoute, **options)


async def _services(request: Request) -> Services:
    return services_of(request)


async def _database(request: Request) -> Database:
    return services_of(request).database


async def _language(request: Request) -> Language:
    return language_of(request)


ServicesOf = Annotated[Services, Depends(_services)]
"""Parameter of an endpoint: what the process holds."""

DatabaseOf = Annotated[Database, Depends(_database)]
"""Parameter of an endpoint: the database."""

LanguageOf = Annotated[Language, Depends(_language)]
"""Parameter of an endpoint: the language the caller prefers."""
