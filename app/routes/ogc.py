"""`/ogc`: the register's layers for desktop GIS (OGC API Features and Tiles) (shell).

A collection a layer with ground, in force on the day of `datetime` (today without it),
of the caller's own divisions: the same list as ``/v1/{layer}``, written as the standard
wants it. QGIS takes the address of the landing page and a bearer header; GDAL reads the
header from `GDAL_HTTP_HEADER_FILE` (its OAPIF driver drops `GDAL_HTTP_HEADERS`).
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from app.answers import json_response
from app.ogc import documents
from app.ogc.queries import PlainQuery
from app.ogc.words import CONFORMANCE, BadQuery
from app.routes.guard import GuardedRoute, ServicesOf, needs
from app.security.session import Asker
from app.validation import read_faults

Plain = Annotated[PlainQuery, Query()]
"""Parameter of an endpoint that takes `f` and nothing else."""


class OgcRoute(GuardedRoute):
    """A route that answers 400 to a parameter it does not know or cannot use."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the guarded handler."""
        handle = super().get_route_handler()

        async def refuse_or_handle(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                raise BadQuery(read_faults(error)) from None

        return refuse_or_handle


def ogc_router(prefix: str = "") -> APIRouter:
    """Return a router below `/ogc`."""
    return APIRouter(prefix=f"/ogc{prefix}", tags=["ogc"], route_class=OgcRoute)


router: Final = ogc_router()


@router.get("/", include_in_schema=False, openapi_extra=needs("own_session"))
@router.get("", name="ogc_landing", openapi_extra=needs("own_session"))
def landing(request: Request, asker: Asker, query: Plain) -> Response:
    """Return the landing page: where everything is."""
    return json_response(documents.landing_page(request))


@router.get("/conformance", name="ogc_conformance", openapi_extra=needs("own_session"))
def conformance(asker: Asker, query: Plain) -> Response:
    """Return the classes of the standards that are kept."""
    return json_response({"conformsTo": list(CONFORMANCE)})


@router.get("/collections", name="ogc_collections", openapi_extra=needs("own_session"))
def collections(
    request: Request, asker: Asker, query: Plain, services: ServicesOf
) -> Response:
    """Return the collections that the caller may read."""
    around = services.extents.find(services.database, asker)
    return json_response(documents.collections(request, asker, around))
