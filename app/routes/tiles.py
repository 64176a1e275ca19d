"""`GET /v1/tiles/{layer}/{z}/{x}/{y}.mvt`: the register as vector tiles."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header
from starlette.responses import Response

from app.database import Database
from app.ogc.documents import MVT
from app.problems import Fault
from app.request_errors import InvalidRequest, NotFound
from app.routes.guard import DatabaseOf, guarded_router, needs
from app.security.principals import Principal
from app.security.session import Asker
from parcels.register.tiles import (
    ImpossibleTile,
    TileAddress,
    TileLayer,
    UnknownTileLayer,
    check_address,
    find_tile_layer,
    read_mark,
    render_tile,
)
from parcels.texts import Text

_KEEP = "private, no-cache"
"""A browser keeps the tile and asks each time whether it still holds."""

router = guarded_router(prefix="/v1/tiles", tags=["tiles"])


@router.get(
    "/{layer}/{z}/{x}/{y}.mvt",
    name="read_tile",
    summary="One vector tile of a layer",
    response_class=Response,
    responses={
        200: {"content": {MVT: {}}, "description": "The tile; may be empty."},
        304: {"description": "The tile the caller holds is still good."},
    },
    openapi_extra=needs("read_tiles"),
)
def read_tile(
    layer: str,
    z: int,
    x: int,
    y: int,
    asker: Asker,
    database: DatabaseOf,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Return a tile of the caller's own divisions, Mapbox Vector Tile 2.1.

    Layers: `parcel` and `farmland_unit` (from zoom 12), `township` (sums, for the
    zooms below), `plot`, `water_zone`, `water_source`, `enterprise`, `facility`,
    `receptor`, `former_use`, `river`, `monitoring_point`, `division`,
    `restriction_area`, and each theme of restriction areas by its code. The tile is
    drawn from what is in force today; its tag names the last change of the layer.
    """
    wanted = _find_layer(layer)
    address = TileAddress(z, x, y)
    _check(wanted, address)
    return tile_response(wanted, address, asker, database, if_none_match)


def tile_response(
    wanted: TileLayer,
    address: TileAddress,
    asker: Principal,
    database: Database,
    if_none_match: str | None,
) -> Response:
    """Answer with a tile that can exist, or that the caller has it already."""
    with database.transaction(asker, read_only=True) as connection:
        mark = read_mark(connection, wanted)
        headers = {"ETag": mark.tag(asker.scope), "Cache-Control": _KEEP}
        if holds(if_none_match, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        tile = render_tile(connection, wanted, address, mark.day)
    return Response(tile, media_type=MVT, headers=headers)


def holds(if_none_match: str | None, tag: str) -> bool:
    """Tell whether an If-None-Match header names this weak tag (RFC 9110, 13.1.2).

    Examples
    --------
    >>> holds('"a", W/"b"', 'W/"b"'), holds("*", 'W/"b"'), holds(None, 'W/"b"')
    (True, True, False)
    """
    if if_none_match is None:
        return False
    named = {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
    return "*" in named or tag.removeprefix("W/") in named


def _find_layer(name: str) -> TileLayer:
    try:
        return find_tile_layer(name)
    except UnknownTileLayer:
        raise NotFound(("图层", "Layer"), name) from None


def _check(layer: TileLayer, address: TileAddress) -> None:
    try:
        check_address(layer, address)
    except ImpossibleTile as refusal:
        text = Text(refusal.zh, refusal.en)
        fault = Fault("path", refusal.reason, "impossible_tile", text)
        raise InvalidRequest((fault,)) from None
