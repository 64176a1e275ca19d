"""`/ogc/…/tiles`: vector tiles of collections, and how the world is cut (shell)."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from app.answers import json_response
from app.ogc import documents
from app.ogc import tile_matrix_set as quad
from app.ogc.documents import COLLECTIONS, MVT
from app.ogc.words import NotThere
from app.routes.guard import DatabaseOf, needs
from app.routes.ogc import Plain, ogc_router
from app.routes.tiles import tile_response
from app.security.session import Asker
from parcels.register.layers import Layer
from parcels.register.tiles import (
    TILE_LAYERS,
    ImpossibleTile,
    TileAddress,
    check_address,
)

_TILE_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {MVT: {}}, "description": "The tile; may be empty."},
    304: {"description": "The tile the caller holds is still good."},
}
router: Final = ogc_router("/tileMatrixSets")


class TileQuery(BaseModel):
    """A tile is offered in one form."""

    model_config = ConfigDict(extra="forbid")


@router.get("", name="ogc_tile_matrix_sets", openapi_extra=needs("own_session"))
def sets(request: Request, asker: Asker, query: Plain) -> Response:
    """Return the tile matrix sets in which there are tiles."""
    return json_response(documents.tile_matrix_sets(request))


@router.get("/{name}", name="ogc_tile_matrix_set", openapi_extra=needs("own_session"))
def one_set(name: str, asker: Asker, query: Plain) -> Response:
    """Return the definition of a tile matrix set."""
    _check_set(name)
    return json_response(quad.tile_matrix_set())


def tile_routers() -> list[APIRouter]:
    """Return the tile matrix sets and the tilesets of every collection with tiles."""
    with_tiles = [one for one in COLLECTIONS.values() if one.name in TILE_LAYERS]
    return [router, *(_tileset_router(layer) for layer in with_tiles)]


def _tileset_router(layer: Layer) -> APIRouter:
    routes = ogc_router(f"/collections/{layer.name}/tiles")
    right, wanted = needs("read_tiles"), TILE_LAYERS[layer.name]

    @routes.get("", name=f"ogc_{layer.name}_tilesets", openapi_extra=right)
    def tilesets(request: Request, asker: Asker, query: Plain) -> Response:
        return json_response(documents.tilesets(request, layer))

    @routes.get("/{matrices}", name=f"ogc_{layer.name}_tileset", openapi_extra=right)
    def tileset(
        request: Request, matrices: str, asker: Asker, query: Plain
    ) -> Response:
        _check_set(matrices)
        return json_response(documents.tileset(request, layer))

    @routes.get(
        "/{matrices}/{z}/{y}/{x}",
        name=f"ogc_{layer.name}_tile",
        response_class=Response,
        responses=_TILE_ANSWERS,
        openapi_extra=right,
    )
    def tile(
        matrices: str,
        z: int,
        y: int,
        x: int,
        asker: Asker,
        database: DatabaseOf,
        query: Annotated[TileQuery, Query()],
        if_none_match: Annotated[str | None, Header()] = None,
    ) -> Response:
        _check_set(matrices)
        address = TileAddress(z, x, y)
        try:
            check_address(wanted, address)
        except ImpossibleTile as refusal:
            raise NotThere(refusal.reason, refusal.zh, refusal.en) from None
        return tile_response(wanted, address, asker, database, if_none_match)

    return routes


def _check_set(name: str) -> None:
    if name != quad.ID:
        raise NotThere(
            "tile_matrix_set",
            f"没有瓦片矩阵集“{name[:60]}”；只有 {quad.ID}。",
            f"There is no tile matrix set {name[:60]!r}; there is {quad.ID}.",
        )
