"""What divisions are called (行政区名称), without their boundaries (shell)."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from app.answers import json_response
from app.routes.guard import DatabaseOf, LanguageOf, guarded_router, needs
from app.routes.layer_reads import answers
from app.schemas.layers import DivisionCode
from app.security.session import Asker
from parcels.codes import normalise_division
from parcels.register.division_names import find_division_names

router = guarded_router(prefix="/v1/division-names", tags=["divisions"])
MOST_NAMED: Final = 100


class DivisionNamesQuery(BaseModel, extra="forbid"):
    """Which divisions are meant."""

    code: list[DivisionCode] = Field(min_length=1, max_length=MOST_NAMED)


class DivisionName(BaseModel):
    """A division and its name in the caller's language."""

    division_code: str
    name: str


class DivisionNames(BaseModel):
    """The names that the register has."""

    items: list[DivisionName]
    next: None = None


@router.get(
    "",
    name="list_division_names",
    openapi_extra=needs("read:division"),
    response_model=None,
    responses=answers(DivisionNames),
)
def list_names(
    query: Annotated[DivisionNamesQuery, Query()],
    asker: Asker,
    database: DatabaseOf,
    language: LanguageOf,
) -> Response:
    """Name divisions; those that the register does not have are left out."""
    codes = [normalise_division(code) for code in query.code]
    with database.transaction(asker, read_only=True) as connection:
        names = find_division_names(connection, codes, language)
    items = [{"division_code": code, "name": name} for code, name in names.items()]
    return json_response({"items": items, "next": None})
