"""Reading a layer of the register: lists, one object, its versions (shell)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Final

import sqlalchemy as sa
from fastapi import APIRouter, Query
from pydantic import BaseModel, create_model
from starlette.requests import Request
from starlette.responses import Response

from app.answers import (
    GEOJSON,
    PRIVATE,
    json_response,
    list_etags,
    wants_geojson,
    write_etag,
)
from app.request_errors import AmbiguousCode, NotFound
from app.routes.guard import DatabaseOf, ServicesOf, needs
from app.routes.judgements import judge
from app.routes.layer_exports import FormatQuery, export_response
from app.schemas.layers import models_of, write_feature, write_item
from app.schemas.moments import MomentQuery
from app.schemas.one_of import OneOf
from app.schemas.pages import (
    DEFAULT_LIMIT,
    BoxQuery,
    CursorQuery,
    DivisionQuery,
    LimitQuery,
    write_cursor,
)
from app.security.session import Asker
from parcels.codes import WHOLE_COUNTRY, division_contains, normalise_parcel_code
from parcels.exports.formats import MEDIA_TYPES
from parcels.register.edit import find_objects
from parcels.register.layers import PARCEL, Kind, Layer, Shape
from parcels.register.repository import (
    Moment,
    PageKey,
    Version,
    list_history,
    list_versions,
)

# Annotations stay objects here: FastAPI cannot look up names inside a function.


class ObjectQuery(MomentQuery):
    """Which version of an object."""

    division: DivisionQuery = None


_ASKED_BY: Final = frozenset({"theme", "source_system", "source_id"})


def filter_names(layer: Layer) -> list[str]:
    """Return the attributes by which a list can be filtered: codes and coded values.

    A theme is such a value, and so is the number in the system an object came from.
    """
    return [
        attribute.name
        for attribute in layer.attributes
        if attribute.kind is Kind.TEXT
        and (
            attribute.values
            or attribute.name.endswith("_code")
            or attribute.name in _ASKED_BY
        )
    ]


def _list_query(layer: Layer) -> Any:
    fields: dict[str, Any] = {
        "division": (DivisionQuery, None),
        "limit": (LimitQuery, DEFAULT_LIMIT),
        "after": (CursorQuery, None),
        "format": (FormatQuery, "json"),
        **{name: (_filter_type(layer, name), None) for name in filter_names(layer)},
    }
    if layer.shape is not Shape.NONE:
        fields = {"bbox": (BoxQuery, None), **fields}
    name = f"{layer.name}_query"
    return create_model(name, __base__=MomentQuery, **fields)


def _filter_type(layer: Layer, name: str) -> Any:
    """Return what can be asked for: a value that cannot be would find nothing."""
    values = layer.attribute(name).values
    return Annotated[str, OneOf(values)] | None if values else str | None


def clean(layer: Layer, code: str) -> str:
    """Return a code as the register has it; raises `InvalidCode` for a parcel's."""
    return normalise_parcel_code(code) if layer is PARCEL else code.strip()


def get_object(
    connection: sa.Connection,
    layer: Layer,
    code: str,
    moment: Moment,
    division: str | None = None,
) -> Version:
    """Return the one version a caller means.

    Raises
    ------
    NotFound
        If there is none in the caller's divisions at that moment.
    AmbiguousCode
        If several of his divisions have the code.
    """
    found = find_objects(connection, layer, code, moment, division)
    if not found:
        raise NotFound((layer.title_zh, layer.title_en), code)
    if len(found) > 1:
        raise AmbiguousCode(code, [version.division_code for version in found])
    return found[0]


def item_response(
    request: Request, version: Version, said: Mapping[str, Any] | None = None
) -> Response:
    """Answer with one version, or that the caller has it already.

    `said` are members beside the version's own (`app.routes.judgements`).
    """
    tag = write_etag(version.version_id)
    if tag in list_etags(request.headers.get("if-none-match", "")):
        headers = {"ETag": tag, "Cache-Control": PRIVATE}
        return Response(status_code=304, headers=headers)
    headers = {"ETag": tag, "Vary": "Accept"}
    if wants_geojson(request):
        feature = write_feature(version, said)
        return json_response(feature, media_type=GEOJSON, headers=headers)
    return json_response(write_item(version, said), headers=headers)


def page_response(
    versions: Sequence[Version],
    limit: int,
    said: Sequence[Mapping[str, Any]] | None = None,
    *,
    geojson: bool,
) -> Response:
    """Answer with a page; `versions` holds one more than the page when more follow.

    `said` are members beside the versions' own, one entry each.
    """
    more_said = said or [{}] * len(versions)
    page = list(zip(versions[:limit], more_said[:limit], strict=True))
    more = len(versions) > limit
    cursor = write_cursor(_key_of(page[-1][0])) if more else None
    if geojson:
        return json_response(
            {
                "type": "FeatureCollection",
                "features": [write_feature(version, more) for version, more in page],
                "next": cursor,
            },
            media_type=GEOJSON,
            headers={"Vary": "Accept"},
        )
    items = [write_item(version, more) for version, more in page]
    return json_response({"items": items, "next": cursor}, headers={"Vary": "Accept"})


def _key_of(last: Version) -> PageKey:
    return PageKey(last.division_code, last.code)


def narrowest(scope: str, division: str | None) -> str | None:
    """Return the division prefix a list is asked for; None is the whole country.

    One beside the caller's own is asked for as it is: row-level security leaves
    nothing of it.

    Examples
    --------
    >>> narrowest("9999", "999901"), narrowest("999901", "9999"), narrowest("*", None)
    ('999901', '999901', None)
    """
    if division is None or division_contains(division, scope):
        return None if scope == WHOLE_COUNTRY else scope
    return None if division == WHOLE_COUNTRY else division


def answers(
    model: type[BaseModel], status: int = 200, *, files: Iterable[str] = ()
) -> dict[int | str, Any]:
    """Return what the API document says of an answer that is written by hand.

    `files` are the media types in which it may be had beside JSON.
    """
    content: dict[str, Any] = {kind: {} for kind in files}
    return {status: {"model": model, "description": "OK", "content": content}}


def file_answers(files: Iterable[str], text: str) -> dict[int | str, Any]:
    """Return what the API document says of a file; its route has no response class."""
    return {200: {"description": text, "content": {kind: {} for kind in files}}}


def add_list(router: APIRouter, layer: Layer) -> None:
    """Add the route that lists a layer."""
    query_model: Any = _list_query(layer)

    def list_layer(
        request: Request,
        query: Annotated[query_model, Query()],
        asker: Asker,
        services: ServicesOf,
    ) -> Response:
        equals = [
            (name, value)
            for name in filter_names(layer)
            if (value := getattr(query, name)) is not None
        ]
        box = getattr(query, "bbox", None)
        if query.format not in ("json", "geojson"):
            return export_response(
                services,
                asker,
                layer,
                query,
                division=narrowest(asker.scope, query.division),
                bbox=box.bounds if box else None,
                equals=equals,
                form=query.format,
            )
        with services.database.transaction(asker, read_only=True) as connection:
            moment = query.resolve(connection)
            versions = list_versions(
                connection,
                layer,
                moment,
                bbox=box.bounds if box else None,
                division=narrowest(asker.scope, query.division),
                equals=equals,
                after=query.after,
                limit=query.limit + 1,
            )
            said = judge(connection, layer, versions, moment)
        geojson = query.format == "geojson" or wants_geojson(request)
        return page_response(versions, query.limit, said, geojson=geojson)

    router.add_api_route(
        "",
        list_layer,
        methods=["GET"],
        name=f"list_{layer.name}",
        summary=f"List {layer.title_en.lower()} ({layer.title_zh})",
        response_model=None,
        responses=answers(
            models_of(layer).page, files=(GEOJSON, *MEDIA_TYPES.values())
        ),
        openapi_extra=needs(f"read:{layer.name}"),
    )


def add_get(router: APIRouter, layer: Layer) -> None:
    """Add the route that reads one object at a moment."""

    def get_layer(
        request: Request,
        code: str,
        query: Annotated[ObjectQuery, Query()],
        asker: Asker,
        database: DatabaseOf,
    ) -> Response:
        with database.transaction(asker, read_only=True) as connection:
            moment = query.resolve(connection)
            version = get_object(
                connection, layer, clean(layer, code), moment, query.division
            )
            (said,) = judge(connection, layer, [version], moment)
        return item_response(request, version, said)

    router.add_api_route(
        "/{code}",
        get_layer,
        methods=["GET"],
        name=f"get_{layer.name}",
        summary=f"Get one {layer.title_en.lower()} ({layer.title_zh})",
        response_model=None,
        responses=answers(models_of(layer).item, files=(GEOJSON,)),
        openapi_extra=needs(f"read:{layer.name}"),
    )


def add_versions(router: APIRouter, layer: Layer) -> None:
    """Add the route that lists every version of one object."""

    def list_layer_versions(code: str, asker: Asker, database: DatabaseOf) -> Response:
        with database.transaction(asker, read_only=True) as connection:
            versions = list_history(connection, layer, clean(layer, code))
        if not versions:
            raise NotFound((layer.title_zh, layer.title_en), code)
        items = [write_item(version) for version in versions]
        return json_response({"items": items, "next": None})

    router.add_api_route(
        "/{code}/versions",
        list_layer_versions,
        methods=["GET"],
        name=f"list_{layer.name}_versions",
        summary=f"Every version ever recorded of one {layer.title_en.lower()}",
        response_model=None,
        responses=answers(models_of(layer).page, files=(GEOJSON,)),
        openapi_extra=needs(f"read:{layer.name}"),
    )
