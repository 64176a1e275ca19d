"""Field mappings an office keeps (字段对应方案), named in an upload's form (shell)."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from app.answers import json_response, write_json
from app.idempotency import Answer, RepetitionOf, answer_once
from app.routes.guard import DatabaseOf, guarded_router, needs
from app.routes.layer_reads import answers
from app.schemas.pages import DivisionQuery
from app.schemas.upload_mappings import (
    MappingBody,
    MappingList,
    MappingModel,
    write_mapping,
)
from app.security.scope import own_division
from app.security.session import Asker
from app.upload_form import find_layer
from parcels.surveys.saved_mappings import forget_mapping, list_mappings, save_mapping

router = guarded_router(prefix="/v1/upload-mappings", tags=["uploads"])


class MappingQuery(BaseModel, extra="forbid"):
    """Mappings of which layer."""

    layer: str | None = Field(None, max_length=60)


class OfficeQuery(BaseModel, extra="forbid"):
    """Whose mapping."""

    division: DivisionQuery = None


@router.get(
    "",
    name="list_upload_mappings",
    openapi_extra=needs("read_uploads"),
    response_model=None,
    responses=answers(MappingList),
)
def list_kept(
    query: Annotated[MappingQuery, Query()], asker: Asker, database: DatabaseOf
) -> Response:
    """List the mappings the caller may use, by layer and name."""
    layer = None if query.layer is None else find_layer(query.layer).name
    with database.transaction(asker, read_only=True) as connection:
        found = list_mappings(connection, layer)
    items = [write_mapping(one) for one in found]
    return json_response({"items": items, "next": None})


@router.put(
    "/{layer}/{name}",
    name="save_upload_mapping",
    openapi_extra=needs("write_uploads"),
    response_model=None,
    responses=answers(MappingModel),
)
def save_kept(
    layer: str,
    name: str,
    body: MappingBody,
    asker: Asker,
    database: DatabaseOf,
    repetition: RepetitionOf,
) -> Response:
    """Keep a mapping under a name; one that has that name is replaced."""
    wanted = find_layer(layer).name
    division = own_division(asker, body.division)

    def write(connection: sa.Connection) -> Answer:
        saved = save_mapping(
            connection, division, wanted, name, body.mapping, actor=asker.name
        )
        return Answer(200, write_json(write_mapping(saved)))

    return answer_once(database, asker, repetition, write)


@router.delete(
    "/{layer}/{name}",
    name="forget_upload_mapping",
    status_code=204,
    openapi_extra=needs("write_uploads"),
    response_model=None,
)
def forget_kept(
    layer: str,
    name: str,
    query: Annotated[OfficeQuery, Query()],
    asker: Asker,
    database: DatabaseOf,
) -> Response:
    """Remove a mapping; uploads that used it keep what they were sent with."""
    with database.transaction(asker) as connection:
        division = own_division(asker, query.division)
        forget_mapping(connection, division, find_layer(layer).name, name)
    return Response(status_code=204)
