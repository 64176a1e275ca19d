"""Firms on negative lists (失信、负面清单): entered, found, ended (shell)."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from app.answers import json_response, write_json
from app.idempotency import Answer, RepetitionOf, answer_once
from app.routes.guard import DatabaseOf, guarded_router, needs
from app.routes.ids import read_id
from app.routes.layer_reads import answers
from app.schemas.days import Day
from app.schemas.documents import (
    ListingCursor,
    ListingEnd,
    ListingModel,
    ListingPage,
    ListingRequest,
    write_listing,
    write_listing_key,
)
from app.schemas.pages import DEFAULT_LIMIT, LimitQuery, cut_page
from app.security.scope import own_division
from app.security.session import Asker
from parcels.documents.firms import (
    ListingNotFound,
    NewListing,
    end_listing,
    find_listings,
    list_firm,
)

router = guarded_router(prefix="/v1/firm-listings", tags=["documents"])


class ListingQuery(BaseModel, extra="forbid"):
    """Which listings; the latest first."""

    firm: str | None = Field(None, max_length=200, description="Name, blanks ignored")
    firm_code: str | None = Field(None, max_length=18)
    on: Day | None = Field(None, description="Only those that hold on that day")
    limit: LimitQuery = DEFAULT_LIMIT
    after: ListingCursor = None


@router.get(
    "",
    name="list_firm_listings",
    openapi_extra=needs("read_documents"),
    response_model=None,
    responses=answers(ListingPage),
)
def list_all(
    query: Annotated[ListingQuery, Query()], asker: Asker, database: DatabaseOf
) -> Response:
    """List firms on negative lists of one's division, of those above and below it."""
    with database.transaction(asker, read_only=True) as connection:
        found = find_listings(
            connection,
            firm=query.firm,
            firm_code=query.firm_code,
            on=query.on,
            after=query.after,
            limit=query.limit + 1,
        )
    page, cursor = cut_page(found, query.limit, write_listing_key)
    return json_response({"items": [write_listing(x) for x in page], "next": cursor})


@router.post(
    "",
    name="list_firm",
    status_code=201,
    openapi_extra=needs("write_firm_listings"),
    response_model=None,
    responses=answers(ListingModel, 201),
)
def enter(
    body: ListingRequest, asker: Asker, database: DatabaseOf, repetition: RepetitionOf
) -> Response:
    """Enter a firm that is on a negative list; reports by it then warn."""
    division = own_division(asker, body.division)
    new = NewListing(
        division, body.firm, body.firm_code, body.reason, body.source, body.listed_on
    )

    def write(connection: sa.Connection) -> Answer:
        listing = list_firm(connection, new, actor=asker.name)
        return Answer(201, write_json(write_listing(listing)))

    return answer_once(database, asker, repetition, write)


@router.post(
    "/{listing_id}/end",
    name="end_firm_listing",
    openapi_extra=needs("write_firm_listings"),
    response_model=None,
    responses=answers(ListingModel),
)
def end(
    listing_id: str,
    body: ListingEnd,
    asker: Asker,
    database: DatabaseOf,
    repetition: RepetitionOf,
) -> Response:
    """Say that a firm left a list of one's own division; the listing stays."""
    number = read_id(listing_id, ListingNotFound)

    def write(connection: sa.Connection) -> Answer:
        listing = end_listing(connection, number, body.on, actor=asker.name)
        return Answer(200, write_json(write_listing(listing)))

    return answer_once(database, asker, repetition, write)
