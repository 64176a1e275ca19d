"""Parcels (宗地): one by its code, whatever became of it, or by a place."""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from app.answers import ENTRY_HEADER, GEOJSON, wants_geojson
from app.geojson import read_geometry
from app.routes.guard import DatabaseOf, guarded_router, needs
from app.routes.layer_reads import ObjectQuery, answers, item_response, page_response
from app.schemas.layers import models_of
from app.schemas.parcels import ParcelLookup
from app.security.session import Asker
from parcels.codes import clean_code, normalise_parcel_code
from parcels.register.layers import PARCEL
from parcels.register.repository import (
    Moment,
    Version,
    find_version,
    list_successors,
    list_touching,
    resolve_moment,
)
from screening.inquiry import absent_parcel
from screening.query_log import log_lookup

router = guarded_router(prefix="/v1/parcels", tags=["parcels"])
_MOST_FOUND = 1000
_UNIT_CODE_LENGTH = 28
_PARCEL_CODE_LENGTH = 19


@router.get(
    "/{code}",
    name="get_parcel",
    openapi_extra=needs("read:parcel"),
    response_model=None,
    responses=answers(models_of(PARCEL).item, files=(GEOJSON,)),
)
def get_parcel(
    request: Request,
    code: str,
    query: Annotated[ObjectQuery, Query()],
    asker: Asker,
    database: DatabaseOf,
) -> Response:
    """Get one parcel at a moment.

    A code since split, merged or renumbered is 410 with `successors`.
    """
    wanted = normalise_parcel_code(code)
    with database.transaction(asker, read_only=True) as connection:
        moment = query.resolve(connection)
        version = find_version(connection, PARCEL, wanted, moment)
        if version is None:
            raise absent_parcel(connection, wanted, moment)
    return item_response(request, version)


@router.post(
    "/lookup",
    name="look_up_parcels",
    openapi_extra=needs("read:parcel"),
    response_model=None,
    responses=answers(models_of(PARCEL).page, files=(GEOJSON,)),
)
def look_up_parcels(
    request: Request, body: ParcelLookup, asker: Asker, database: DatabaseOf
) -> Response:
    """Find parcels by a code, a point or a geometry; nothing found is an empty list.

    A code since replaced gives the parcels of today; at most 1000 parcels are given.
    """
    geometry = _read_place(body)
    with database.transaction(asker) as connection:
        moment = resolve_moment(connection, body.as_of, body.known_at)
        if geometry is None:
            found = _find_by_code(connection, body.code or "", moment)
        else:
            found = list_touching(connection, PARCEL, geometry, moment, _MOST_FOUND)
        asked = body.code or "" if geometry is None else geometry
        entry = log_lookup(connection, asker, asked, moment, found)
    answer = page_response(found, _MOST_FOUND, geojson=wants_geojson(request))
    answer.headers[ENTRY_HEADER] = str(entry)
    return answer


def _read_place(body: ParcelLookup) -> Any:
    if body.point is not None:
        sent = body.point
        point = sent if isinstance(sent, dict) else _point(sent)
        return read_geometry(point, ("Point",), crs=body.crs, place=("point",))
    if body.geometry is not None:
        kinds = ("Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
        return read_geometry(body.geometry, kinds, crs=body.crs)
    return None


def _point(position: list[float]) -> dict[str, Any]:
    return {"type": "Point", "coordinates": position}


def _find_by_code(
    connection: sa.Connection, text: str, moment: Moment
) -> list[Version]:
    code = clean_code(text)
    if len(code) == _UNIT_CODE_LENGTH:
        code = code[:_PARCEL_CODE_LENGTH]
    wanted = normalise_parcel_code(code)
    version = find_version(connection, PARCEL, wanted, moment)
    return [version] if version else list_successors(connection, wanted, moment)
