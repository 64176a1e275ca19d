"""Is the service alive, ready, and how busy? What does it offer? No key needed."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from app.answers import NO_STORE, json_response
from app.metrics import CONTENT_TYPE
from app.openapi import document_bytes
from app.routes.guard import ServicesOf, guarded_router, needs
from app.routes.layer_reads import file_answers

router = guarded_router(tags=["operations"])


@router.get("/healthz", openapi_extra=needs("public"), response_model=None)
async def healthz() -> Response:
    """Say that this process answers. Asks nobody."""
    return json_response({"status": "ok"}, headers=NO_STORE)


@router.get("/readyz", openapi_extra=needs("public"), response_model=None)
def readyz(services: ServicesOf) -> Response:
    """Say whether requests can be served: the database answers and has our schema."""
    services.database.check()
    return json_response({"status": "ready"}, headers=NO_STORE)


@router.get(
    "/metrics",
    openapi_extra=needs("public"),
    response_model=None,
    response_class=Response,
    responses=file_answers((CONTENT_TYPE,), "Counters of every process"),
)
def metrics(services: ServicesOf) -> Response:
    """Return counters of every process as Prometheus text."""
    services.metrics.connections_in_use = services.database.connections_in_use
    return Response(services.metrics.exposition(), media_type=CONTENT_TYPE)


@router.get(
    "/openapi.json",
    openapi_extra=needs("public"),
    response_model=None,
    include_in_schema=False,
)
def openapi(request: Request) -> Response:
    """Return the description of this interface."""
    return Response(
        document_bytes(request.app),
        media_type="application/json",
        headers={"Cache-Control": "no-cache"},
    )
