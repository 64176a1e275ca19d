"""`/ogc/collections/{layer}/items`: features of a collection, page by page (shell)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from urllib.parse import quote, urlencode

import sqlalchemy as sa
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.answers import GEOJSON, json_response
from app.database import Database
from app.geojson import write_geometry
from app.ogc import documents
from app.ogc.documents import COLLECTIONS, SCHEMA, link, path_of
from app.ogc.queries import (
    ItemQuery,
    ItemsQuery,
    read_box,
    read_filter,
    read_period,
)
from app.ogc.words import check_crs, in_order_of
from app.request_errors import NotFound
from app.routes.guard import DatabaseOf, ServicesOf, needs
from app.routes.layer_reads import clean, file_answers, get_object, narrowest
from app.routes.ogc import Plain, ogc_router
from app.schemas.layers import write_attributes
from app.schemas.pages import MOST_PER_PAGE, write_cursor
from app.security.principals import Principal
from app.security.session import Asker
from parcels.codes import InvalidCode
from parcels.exports.columns import in_milliseconds
from parcels.register.edit import find_objects
from parcels.register.layers import Layer
from parcels.register.repository import (
    Moment,
    PageKey,
    Version,
    count_versions,
    list_versions,
    resolve_moment,
)

_ID: Final = re.compile(r"([1-9][0-9]{1,11}):(.+)", re.DOTALL)
MOST_COUNTED: Final = 10_000
"""So many matches are counted for `numberMatched`; of more it is left out, as the
standard allows: counting a county costs more than its page."""


def feature_routers() -> list[APIRouter]:
    """Return the routes of every collection."""
    return [_collection_router(layer) for layer in COLLECTIONS.values()]


def _collection_router(layer: Layer) -> APIRouter:
    routes = ogc_router(f"/collections/{layer.name}")
    for add in (_add_description, _add_queryables, _add_items, _add_item):
        add(routes, layer)
    return routes


def _add_description(routes: APIRouter, layer: Layer) -> None:
    @routes.get("", name=f"ogc_{layer.name}", openapi_extra=needs(f"read:{layer.name}"))
    def describe(
        request: Request, asker: Asker, query: Plain, services: ServicesOf
    ) -> Response:
        around = services.extents.find(services.database, asker)
        return json_response(documents.collection(request, layer, asker, around))


def _add_queryables(routes: APIRouter, layer: Layer) -> None:
    @routes.get(
        "/queryables",
        name=f"ogc_{layer.name}_queryables",
        openapi_extra=needs(f"read:{layer.name}"),
        response_class=Response,
        responses=file_answers((SCHEMA,), "By what items can be filtered"),
    )
    def queryables(request: Request, asker: Asker, query: Plain) -> Response:
        return json_response(documents.queryables(request, layer), media_type=SCHEMA)


def _add_items(routes: APIRouter, layer: Layer) -> None:
    @routes.get(
        "/items",
        name=f"ogc_{layer.name}_items",
        openapi_extra=needs(f"read:{layer.name}"),
        response_class=Response,
        responses=file_answers((GEOJSON,), "A page of the collection"),
    )
    def items(
        request: Request,
        query: Annotated[ItemsQuery, Query()],
        asker: Asker,
        database: DatabaseOf,
    ) -> Response:
        crs = check_crs("crs", query.crs)
        found = _find(database, asker, layer, query)
        return _page(request, layer, found, crs)


def _add_item(routes: APIRouter, layer: Layer) -> None:
    # A code may hold a slash, here also unescaped.
    @routes.get(
        "/items/{feature_id:path}",
        name=f"ogc_{layer.name}_item",
        openapi_extra=needs(f"read:{layer.name}"),
        response_class=Response,
        responses=file_answers((GEOJSON,), "One of the collection"),
    )
    def item(
        request: Request,
        feature_id: str,
        query: Annotated[ItemQuery, Query()],
        asker: Asker,
        database: DatabaseOf,
    ) -> Response:
        system = check_crs("crs", query.crs)
        with database.transaction(asker, read_only=True) as connection:
            moment = resolve_moment(connection)
            version = _get(connection, layer, feature_id, moment)
        feature = _feature(version, system)
        feature["links"] = _links(request, layer, feature["id"])
        return _geojson(feature, system)


def _links(request: Request, layer: Layer, feature_id: str) -> list[dict[str, Any]]:
    """Return the links of one item: to itself, and to its collection."""
    path, own = path_of(layer), quote(feature_id, safe=":")
    return [
        link(request, f"{path}/items/{own}", "self", GEOJSON),
        link(request, path, "collection"),
    ]


@dataclass(frozen=True, slots=True)
class _Found:
    """A page with one version more where more follow; `matched` None: not counted."""

    versions: list[Version]
    limit: int
    matched: int | None


def _find(
    database: Database, asker: Principal, layer: Layer, query: ItemsQuery
) -> _Found:
    limit = min(query.limit, MOST_PER_PAGE)
    wanted, period = read_filter(layer, query), read_period(query.datetime)
    narrowing: dict[str, Any] = {
        "bbox": read_box(query, wanted),
        "division": narrowest(asker.scope, None),
        "equals": wanted.equals,
    }
    with database.transaction(asker, read_only=True) as connection:
        when = period or resolve_moment(connection)
        versions = list_versions(
            connection, layer, when, **narrowing, after=query.after, limit=limit + 1
        )
        if query.after is not None:
            matched = None
        elif len(versions) <= limit:
            matched = len(versions)
        else:
            matched = count_versions(
                connection, layer, when, **narrowing, most=MOST_COUNTED
            )
    return _Found(versions, limit, matched)


def _get(
    connection: sa.Connection, layer: Layer, feature_id: str, moment: Moment
) -> Version:
    """Return the version that an id names; by a code alone where it is one division's.

    Raises
    ------
    NotFound, AmbiguousCode
        As `get_object`.
    """
    named = _ID.fullmatch(feature_id)
    division, code = (named[1], named[2]) if named else (None, feature_id)
    try:
        code = clean(layer, code)
    except InvalidCode:
        raise NotFound((layer.title_zh, layer.title_en), feature_id) from None
    if division is None:
        return get_object(connection, layer, code, moment)
    for version in find_objects(connection, layer, code, moment, division):
        if version.division_code == division:
            return version
    raise NotFound((layer.title_zh, layer.title_en), feature_id)


def _page(request: Request, layer: Layer, found: _Found, crs: str) -> Response:
    page, path = found.versions[: found.limit], path_of(layer)
    asked = dict(request.query_params)
    links = [
        link(request, _address(f"{path}/items", asked), "self", GEOJSON),
        link(request, path, "collection"),
    ]
    if len(found.versions) > found.limit:
        key = PageKey(page[-1].division_code, page[-1].code)
        following = {**asked, "after": write_cursor(key)}
        links.append(
            link(request, _address(f"{path}/items", following), "next", GEOJSON)
        )
    counted = {} if found.matched is None else {"numberMatched": found.matched}
    features = {
        "type": "FeatureCollection",
        "features": [_feature(one, crs) for one in page],
        **counted,
        "numberReturned": len(page),
        "timeStamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "links": links,
    }
    return _geojson(features, crs)


def _address(path: str, asked: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(asked)}" if asked else path


def _feature(version: Version, crs: str) -> dict[str, Any]:
    """Return a version as a Feature; lists as one text, as desktop GIS has none.

    Codes are unique within a division alone: the id names both, for every reader alike.
    """
    properties = write_attributes(version)
    properties["recorded_at"] = in_milliseconds(version.recorded_at)
    return {
        "type": "Feature",
        "id": f"{version.division_code}:{version.code}",
        "geometry": write_geometry(in_order_of(crs, version.geometry)),
        "properties": properties,
    }


def _geojson(content: Any, crs: str) -> Response:
    return json_response(
        content, media_type=GEOJSON, headers={"Content-Crs": f"<{crs}>"}
    )
