"""`/ogc`: the register's layers for desktop GIS (OGC API Features and Tiles) (shell).

A collection a layer with ground, in force on the day of `datetime` (today without it),
of the caller's own divisions: the same list as ``/v1/{layer}``, written as the standard
wants it. QGIS takes the address of the landing page and a bearer header; GDAL reads the
header from `GDAL_HTTP_HEADER_FILE` (its OAPIF driver drops `GDAL_HTTP_HEADERS`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from app.answers import GEOJSON, json_response
from app.geojson import write_geometry
from app.ogc_words import (
    CONFORMANCE,
    CRS_LIST,
    EPSG_4490,
    BadQuery,
    Filter,
    NotAFilter,
    check_crs,
    in_order_of,
    parse_filter,
)
from app.routes.guard import DatabaseOf, ServicesOf, guarded_router, needs
from app.routes.layer_reads import clean, filter_names, get_object, narrowest
from app.routes.tiles import MEDIA_TYPE as TILE
from app.routes.tiles import read_tile
from app.schemas.layers import write_item
from app.schemas.moments import parse_known_at
from app.schemas.pages import (
    DEFAULT_LIMIT,
    CursorQuery,
    LimitQuery,
    NotABox,
    parse_box,
    write_cursor,
)
from app.security.permissions import RIGHTS
from app.security.session import Asker
from app.services import services_of
from parcels.refusal import Refusal
from parcels.register.layers import LAYERS, Layer, Shape
from parcels.register.repository import (
    TIME_ZONE,
    PageKey,
    Version,
    list_versions,
    resolve_moment,
)

COLLECTIONS: Final = {one.name: one for one in LAYERS if one.shape is not Shape.NONE}
_PREFIX: Final = "/ogc/collections"
_SCHEMA: Final = "application/schema+json"
router = guarded_router(prefix="/ogc", tags=["ogc"])


class NotADay(BadQuery):
    """`datetime` is no single instant."""

    def __init__(self) -> None:
        super().__init__(
            "datetime",
            "应为一个日期或带时区的时间，如 2026-03-01；不支持时间区间。",
            "must be one day or time with its zone, such as 2026-03-01; intervals are"
            " not offered.",
        )


class ItemsQuery(BaseModel):
    """Which features, in which system."""

    model_config = ConfigDict(extra="allow")

    bbox: str | None = Field(None, max_length=200)
    bbox_crs: str | None = Field(None, alias="bbox-crs")
    crs: str | None = None
    datetime: str | None = Field(None, max_length=60)
    limit: LimitQuery = DEFAULT_LIMIT
    after: CursorQuery = None
    filter: str | None = Field(None, max_length=2000)
    f: str | None = Field(None, pattern="^json$")


@router.get("", name="ogc_landing", openapi_extra=needs("own_session"))
def landing(request: Request, asker: Asker) -> Response:
    """Return the landing page: where everything is."""
    links = [
        _link(request, "/ogc", "self"),
        _link(request, "/openapi.json", "service-desc"),
        _link(request, "/ogc/conformance", "conformance"),
        _link(request, _PREFIX, "data"),
    ]
    return json_response({"title": "Jingtu 净土", "links": links})


@router.get("/conformance", name="ogc_conformance", openapi_extra=needs("own_session"))
def conformance(asker: Asker) -> Response:
    """Return the classes of the standards that are kept."""
    return json_response({"conformsTo": list(CONFORMANCE)})


@router.get("/collections", name="ogc_collections", openapi_extra=needs("own_session"))
def collections(request: Request, asker: Asker) -> Response:
    """Return the collections that the caller may read."""
    readable = [
        _collection(request, layer)
        for layer in COLLECTIONS.values()
        if asker.role in RIGHTS[f"read:{layer.name}"].roles
    ]
    links = [_link(request, _PREFIX, "self")]
    return json_response(
        {"links": links, "crs": list(CRS_LIST), "collections": readable}
    )


@router.get(
    "/collections/{collection}/tiles/WebMercatorQuad/{z}/{y}/{x}",
    name="ogc_tile",
    response_class=Response,
    responses={200: {"content": {TILE: {}}, "description": "The tile; may be empty."}},
    openapi_extra=needs("read_tiles"),
)
def tile(
    collection: str, z: int, y: int, x: int, asker: Asker, database: DatabaseOf
) -> Response:
    """Return a vector tile of a collection (see `/v1/tiles`)."""
    return read_tile(collection, z, x, y, asker, database)


def collection_router(layer: Layer) -> APIRouter:
    """Return the routes of one collection."""
    routes = guarded_router(prefix=f"{_PREFIX}/{layer.name}", tags=["ogc"])
    right = needs(f"read:{layer.name}")

    @routes.get("", name=f"ogc_{layer.name}", openapi_extra=right)
    def describe(request: Request, asker: Asker) -> Response:
        return json_response(_collection(request, layer))

    @routes.get("/queryables", name=f"ogc_{layer.name}_queryables", openapi_extra=right)
    def queryables(request: Request, asker: Asker) -> Response:
        return json_response(_queryables(request, layer), media_type=_SCHEMA)

    @routes.get("/items", name=f"ogc_{layer.name}_items", openapi_extra=right)
    def items(
        request: Request,
        query: Annotated[ItemsQuery, Query()],
        asker: Asker,
        services: ServicesOf,
    ) -> Response:
        crs = check_crs(query.crs)
        wanted = _filter(layer, query)
        box = _box(query.bbox or wanted.box, check_crs(query.bbox_crs))
        with services.database.transaction(asker, read_only=True) as connection:
            versions = list_versions(
                connection,
                layer,
                resolve_moment(connection, _day(query.datetime)),
                bbox=box,
                division=narrowest(asker.scope, None),
                equals=wanted.equals,
                after=query.after,
                limit=query.limit + 1,
            )
        return _page(request, layer, versions, query.limit, crs)

    @routes.get("/items/{code}", name=f"ogc_{layer.name}_item", openapi_extra=right)
    def item(
        request: Request,
        code: str,
        asker: Asker,
        services: ServicesOf,
        crs: str | None = None,
    ) -> Response:
        system = check_crs(crs)
        with services.database.transaction(asker, read_only=True) as connection:
            moment = resolve_moment(connection)
            version = get_object(connection, layer, clean(layer, code), moment)
        feature = _feature(version, system)
        path = f"{_PREFIX}/{layer.name}"
        feature["links"] = [
            _link(request, f"{path}/items/{version.code}", "self", GEOJSON),
            _link(request, path, "collection"),
        ]
        return _geojson(feature, system)

    return routes


def ogc_routers() -> list[APIRouter]:
    """Return the landing page and every collection."""
    return [router, *(collection_router(layer) for layer in COLLECTIONS.values())]


def _link(
    request: Request, path: str, rel: str, kind: str = "application/json"
) -> dict[str, str]:
    base = services_of(request).settings.public_url or str(request.base_url)
    return {"href": base.rstrip("/") + path, "rel": rel, "type": kind}


def _collection(request: Request, layer: Layer) -> dict[str, Any]:
    path = f"{_PREFIX}/{layer.name}"
    return {
        "id": layer.name,
        "title": f"{layer.title_zh} {layer.title_en}",
        "itemType": "feature",
        "crs": list(CRS_LIST),
        "storageCrs": EPSG_4490,
        "links": [
            _link(request, path, "self"),
            _link(request, f"{path}/items", "items", GEOJSON),
            _link(
                request,
                f"{path}/queryables",
                "http://www.opengis.net/def/rel/ogc/1.0/queryables",
                _SCHEMA,
            ),
        ],
    }


def _names(layer: Layer) -> dict[str, str]:
    """Return property → column of what can be asked by equality."""
    return {layer.code_name: "code", **{one: one for one in filter_names(layer)}}


def _queryables(request: Request, layer: Layer) -> dict[str, Any]:
    properties = {name: {"type": "string"} for name in _names(layer)}
    ground = {"format": "geometry-any", "x-ogc-role": "primary-geometry"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": _link(request, f"{_PREFIX}/{layer.name}/queryables", "self")["href"],
        "type": "object",
        "title": layer.title_en,
        "properties": {**properties, "geometry": ground},
        "additionalProperties": False,
    }


def _filter(layer: Layer, query: ItemsQuery) -> Filter:
    """Return what the filter and the parameters of that collection ask for."""
    wanted = parse_filter(query.filter) if query.filter else Filter()
    extra: Mapping[str, Any] = query.model_extra or {}
    asked = [*wanted.equals, *((name, str(value)) for name, value in extra.items())]
    names = _names(layer)
    for name, _ in asked:
        if name not in names:
            raise NotAFilter(name)
    return Filter([(names[name], value) for name, value in asked], wanted.box)


def _box(text: str | None, crs: str) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north; heights of a box of six are left out."""
    if text is None:
        return None
    parts = text.split(",")
    if len(parts) == 6:
        parts = [*parts[:2], *parts[3:5]]
    if crs == EPSG_4490 and len(parts) == 4:
        parts = [parts[1], parts[0], parts[3], parts[2]]
    try:
        box = parse_box(",".join(parts))
    except NotABox as refusal:
        raise BadQuery(refusal.reason, refusal.zh, refusal.en) from refusal
    return None if box is None else box.bounds


def _day(text: str | None) -> date | None:
    """Return the day an instant falls on in Asia/Shanghai; None means today."""
    if text is None or text in ("..", "../..", "/"):
        return None
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        time = parse_known_at(text)
    except (Refusal, ValueError):
        raise NotADay from None
    if not isinstance(time, datetime):
        raise NotADay
    return time.astimezone(ZoneInfo(TIME_ZONE)).date()


def _page(
    request: Request, layer: Layer, versions: list[Version], limit: int, crs: str
) -> Response:
    page, path = versions[:limit], f"{_PREFIX}/{layer.name}"
    asked = dict(request.query_params)
    links = [
        _link(request, _address(f"{path}/items", asked), "self", GEOJSON),
        _link(request, path, "collection"),
    ]
    if len(versions) > limit:
        key = PageKey(page[-1].division_code, page[-1].code)
        following = {**asked, "after": write_cursor(key)}
        links.append(
            _link(request, _address(f"{path}/items", following), "next", GEOJSON)
        )
    features = {
        "type": "FeatureCollection",
        "features": [_feature(one, crs) for one in page],
        "numberReturned": len(page),
        "timeStamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "links": links,
    }
    return _geojson(features, crs)


def _address(path: str, asked: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(asked)}" if asked else path


def _feature(version: Version, crs: str) -> dict[str, Any]:
    """Return a version as a Feature; lists as one text, as desktop GIS has none."""
    properties = write_item(version)
    properties.pop("geometry", None)
    return {
        "type": "Feature",
        "id": version.code,
        "geometry": write_geometry(in_order_of(crs, version.geometry)),
        "properties": properties,
    }


def _geojson(content: Any, crs: str) -> Response:
    return json_response(
        content, media_type=GEOJSON, headers={"Content-Crs": f"<{crs}>"}
    )
