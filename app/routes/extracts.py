"""Extracts (查询摘录): what lies on and around a parcel, or any polygon."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from fastapi import Query
from starlette.responses import Response

from app.answers import ENTRY_HEADER, GEOJSON, NO_STORE, PDF, json_response
from app.geojson import POLYGONS, read_geometry
from app.request_errors import NotAcceptable
from app.routes.guard import LanguageOf, ServicesOf, guarded_router, needs
from app.routes.layer_reads import answers
from app.schemas.extracts import (
    ExtractModel,
    ExtractRequest,
    write_extract,
    write_extract_features,
)
from app.schemas.moments import MomentQuery
from app.security.principals import Principal
from app.security.session import Asker
from app.services import Services
from parcels.refusal import Language
from parcels.register.repository import resolve_moment
from screening.certificate.print_extract import print_extract
from screening.extract import Extract
from screening.inquiry import Inquiry
from screening.query_log import log_extract
from screening.subject import MOST_VERTICES

router = guarded_router(prefix="/v1", tags=["extracts"])
FORMATS = ("json", "geojson", "pdf")


class ExtractQuery(MomentQuery):
    """Form and moment of an extract."""

    format: str = "json"


@router.get(
    "/parcels/{code}/extract",
    name="get_parcel_extract",
    openapi_extra=needs("read_extract"),
    response_model=None,
    responses=answers(ExtractModel, files=(GEOJSON, PDF)),
)
def get_parcel_extract(
    code: str,
    query: Annotated[ExtractQuery, Query()],
    asker: Asker,
    services: ServicesOf,
    language: LanguageOf,
) -> Response:
    """Return what lies on and around a parcel, theme by theme.

    `format` is `json`, `geojson` (the subject and every item, to draw) or `pdf`, with a
    map, in the language asked for.
    """
    _check_format(query.format)
    with services.database.transaction(asker, snapshot=True) as connection:
        moment = query.resolve(connection)
        extract = services.gate.inquirer.inquire(
            connection, Inquiry(parcel_codes=[code]), moment, asker.scope
        )
        entry = log_extract(connection, asker, extract)
        if query.format == "pdf":
            return _pdf(services, connection, extract, entry, asker, language)
    return _response(extract, entry, query.format, language)


@router.post(
    "/extracts",
    name="make_extract",
    openapi_extra=needs("read_extract"),
    response_model=None,
    responses=answers(ExtractModel, files=(GEOJSON, PDF)),
)
def make_extract(
    body: ExtractRequest,
    query: Annotated[ExtractQuery, Query()],
    asker: Asker,
    services: ServicesOf,
    language: LanguageOf,
) -> Response:
    """Return what lies on and around a polygon."""
    _check_format(query.format)
    geometry = read_geometry(
        body.geometry,
        POLYGONS,
        crs=body.crs,
        checked=False,
        most_vertices=MOST_VERTICES,
    )
    with services.database.transaction(asker, snapshot=True) as connection:
        moment = resolve_moment(
            connection, body.as_of or query.as_of, body.known_at or query.known_at
        )
        extract = services.gate.inquirer.inquire(
            connection, Inquiry(geometry=geometry), moment, asker.scope
        )
        entry = log_extract(connection, asker, extract)
        if query.format == "pdf":
            return _pdf(services, connection, extract, entry, asker, language)
    return _response(extract, entry, query.format, language)


def _check_format(wanted: str) -> None:
    if wanted not in FORMATS:
        raise NotAcceptable(wanted, FORMATS)


def _pdf(
    services: Services,
    connection: sa.Connection,
    extract: Extract,
    entry: UUID,
    asker: Principal,
    language: Language,
) -> Response:
    document = print_extract(
        connection,
        services.stationery,
        extract,
        language,
        entry=str(entry),
        asked_by=asker.name,
    )
    headers = {
        **NO_STORE,
        "Content-Disposition": f'inline; filename="jingtu-extract-{entry}.pdf"',
        "Vary": "Accept-Language",
        ENTRY_HEADER: str(entry),
    }
    return Response(document, media_type=PDF, headers=headers)


def _response(
    extract: Extract, entry: UUID, wanted: str, language: Language
) -> Response:
    headers = {**NO_STORE, ENTRY_HEADER: str(entry)}
    if wanted == "geojson":
        features = write_extract_features(extract)
        return json_response(features, media_type=GEOJSON, headers=headers)
    return json_response(write_extract(extract, language), headers=headers)
