"""Lists of key supervised units by year (shell)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from app.answers import json_response
from app.routes.guard import DatabaseOf, guarded_router, needs
from app.routes.layer_reads import answers, narrowest
from app.schemas.pages import (
    DEFAULT_LIMIT,
    CursorQuery,
    DivisionQuery,
    LimitQuery,
    cut_page,
    write_cursor,
)
from app.security.session import Asker
from parcels.register.key_units import Change, compare_years, list_years
from parcels.register.repository import PageKey

router = guarded_router(prefix="/v1/key-unit-lists", tags=["key-units"])
Year = Annotated[int, Field(ge=1900, le=2200)]


class YearModel(BaseModel):
    """One year's lists."""

    year: int
    units: int = Field(description="Enterprises on the lists of that year")


class YearList(BaseModel):
    """Years that have lists, the latest first."""

    items: list[YearModel]
    next: None = None


class KeyUnitModel(BaseModel):
    """A unit on the lists of one of the two years."""

    enterprise_code: str
    division_code: str
    name: str | None = Field(description="As known last; null for no such enterprise")
    status: str | None
    list_name: str | None
    change: Change = Field(description="Against the year compared with")


class KeyUnitPage(BaseModel):
    """A page of units of two years."""

    year: int
    compared_with: int
    items: list[KeyUnitModel]
    next: str | None


class YearsQuery(BaseModel, extra="forbid"):
    """Whose lists."""

    division: DivisionQuery = None


class ComparedQuery(YearsQuery):
    """Which units, against which year."""

    compared_with: Year | None = Field(None, description="Default: the year before")
    change: Change | None = None
    limit: LimitQuery = DEFAULT_LIMIT
    after: CursorQuery = None


@router.get(
    "",
    name="list_key_unit_years",
    response_model=None,
    responses=answers(YearList),
    openapi_extra=needs("read:key_unit_list"),
)
def list_key_unit_years(
    query: Annotated[YearsQuery, Query()], asker: Asker, database: DatabaseOf
) -> Response:
    """List the years that have lists of key supervised units (重点监管单位名录)."""
    with database.transaction(asker, read_only=True) as connection:
        found = list_years(connection, narrowest(asker.scope, query.division))
    return json_response({"items": [asdict(one) for one in found], "next": None})


@router.get(
    "/{year}",
    name="compare_key_unit_years",
    response_model=None,
    responses=answers(KeyUnitPage),
    openapi_extra=needs("read:key_unit_list"),
)
def compare_key_unit_years(
    year: Annotated[int, Path(ge=1900, le=2200)],
    query: Annotated[ComparedQuery, Query()],
    asker: Asker,
    database: DatabaseOf,
) -> Response:
    """List a year's key supervised units, and what came and left since another year."""
    since = year - 1 if query.compared_with is None else query.compared_with
    with database.transaction(asker, read_only=True) as connection:
        found = compare_years(
            connection,
            year,
            since,
            division=narrowest(asker.scope, query.division),
            change=query.change,
            after=query.after,
            limit=query.limit + 1,
        )
    page, cursor = cut_page(
        found,
        query.limit,
        lambda unit: write_cursor(PageKey(unit.division_code, unit.enterprise_code)),
    )
    body = {"year": year, "compared_with": since, "next": cursor}
    return json_response({**body, "items": [asdict(one) for one in page]})
