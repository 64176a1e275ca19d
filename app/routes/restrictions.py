"""Limits to approvals of new projects in a county: entered and lifted (shell)."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import Query
from pydantic import BaseModel
from starlette.responses import Response

from app.answers import NO_STORE, json_response, write_etag, write_json
from app.idempotency import Answer, RepetitionOf, answer_once
from app.routes.guard import DatabaseOf, LanguageOf, guarded_router, needs
from app.routes.layer_reads import answers, get_object
from app.schemas.layers import models_of, write_item
from app.schemas.pages import DivisionQuery
from app.schemas.restrictions import (
    RestrictionEntries,
    RestrictionRequest,
    write_entry,
)
from app.security.scope import check_inside, own_division
from app.security.session import Asker
from parcels.codes import normalise_division
from parcels.register.layers import DIVISION
from parcels.register.repository import Moment
from parcels.register.restriction import (
    RestrictionOrder,
    list_restrictions,
    restrict_approvals,
)

router = guarded_router(prefix="/v1", tags=["divisions"])


class RestrictionQuery(BaseModel, extra="forbid"):
    """Of which counties."""

    division: DivisionQuery = None


@router.get(
    "/approval-restrictions",
    name="list_approval_restrictions",
    openapi_extra=needs("read_indicators"),
    response_model=None,
    responses=answers(RestrictionEntries),
)
def list_entries(
    query: Annotated[RestrictionQuery, Query()],
    asker: Asker,
    database: DatabaseOf,
    language: LanguageOf,
) -> Response:
    """List when approvals were limited or free again, and why (环评限批)."""
    division = own_division(asker, query.division)
    with database.transaction(asker, read_only=True) as connection:
        found = list_restrictions(connection, division)
    items = [write_entry(one, language) for one in found]
    return json_response({"items": items}, headers=NO_STORE)


@router.post(
    "/divisions/{code}/restriction",
    name="restrict_approvals",
    openapi_extra=needs("restrict_approvals"),
    response_model=None,
    responses=answers(models_of(DIVISION).item),
)
def restrict(
    code: str,
    body: RestrictionRequest,
    asker: Asker,
    database: DatabaseOf,
    repetition: RepetitionOf,
) -> Response:
    """Limit approvals of new projects in a county from a day on, or lift it (环评限批).

    Rule I05 of the gate reads it. Boundary and names stay as they are. 409 when that is
    how the county stands already.
    """
    county = normalise_division(code)
    check_inside(asker, county)
    order = RestrictionOrder(body.restricted, body.on, body.reason, body.document)

    def write(connection: sa.Connection) -> Answer:
        get_object(connection, DIVISION, county, Moment(order.on), county)
        version = restrict_approvals(connection, county, order, actor=asker.name)
        headers = {"ETag": write_etag(version.version_id)}
        return Answer(200, write_json(write_item(version, None)), headers)

    return answer_once(database, asker, repetition, write)
