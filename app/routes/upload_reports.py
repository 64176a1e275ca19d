"""What is there to read of an upload: its faults, what it would change (shell)."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from app.answers import json_response
from app.routes.guard import DatabaseOf, LanguageOf, ServicesOf, guarded_router, needs
from app.routes.layer_reads import answers
from app.routes.uploads import NO_STORE, read_id
from app.schemas.pages import DEFAULT_LIMIT, LimitQuery
from app.schemas.upload_reports import (
    DifferencePage,
    IssuePage,
    write_difference,
    write_issue,
)
from app.schemas.uploads import Severity, count_kinds
from app.security.session import Asker
from parcels.surveys.differences import Fate, list_differences
from parcels.surveys.reports import IssueFilter, list_issue_page
from parcels.surveys.repository import get_upload

router = guarded_router(prefix="/v1/uploads", tags=["uploads"])


class IssueQuery(BaseModel, extra="forbid"):
    """Which issues, and in which form."""

    format: Literal["json", "csv", "geojson", "gpkg"] = "json"
    kind: str | None = Field(None, max_length=60)
    severity: Severity | None = None
    row: int | None = Field(None, ge=1, lt=2**31)
    limit: LimitQuery = DEFAULT_LIMIT
    after: int = Field(0, ge=0, lt=2**31, description="`next` of the page before")


@router.get(
    "/{upload_id}/issues",
    name="list_upload_issues",
    openapi_extra=needs("read_uploads"),
    response_model=None,
    responses=answers(IssuePage),
)
def list_faults(
    upload_id: str,
    query: Annotated[IssueQuery, Query()],
    asker: Asker,
    database: DatabaseOf,
    language: LanguageOf,
) -> Response:
    """List the issues of an upload in the order of its rows, counts by kind first.

    `csv`, `geojson` and `gpkg` (layers points, lines and polygons) hold all that fit
    the filter, whatever `limit` says.
    """
    wanted = IssueFilter(query.kind, query.severity, query.row)
    with database.transaction(asker, read_only=True) as connection:
        upload = get_upload(connection, read_id(upload_id))
        found = list_issue_page(
            connection, upload.id, wanted, after=query.after, limit=query.limit + 1
        )
    page = found[: query.limit]
    return json_response(
        {
            "counts": count_kinds(upload.issue_counts),
            "items": [write_issue(one, language) for one in page],
            "next": page[-1].number if len(found) > query.limit else None,
        },
        headers={**NO_STORE, "Vary": "Accept-Language"},
    )


class DiffQuery(BaseModel, extra="forbid"):
    """Which differences."""

    fate: Fate | None = None
    limit: LimitQuery = DEFAULT_LIMIT
    after: int = Field(0, ge=0, lt=2**31, description="`next` of the page before")


@router.get(
    "/{upload_id}/diff",
    name="list_upload_differences",
    openapi_extra=needs("read_uploads"),
    response_model=None,
    responses=answers(DifferencePage),
)
def list_diff(
    upload_id: str,
    query: Annotated[DiffQuery, Query()],
    asker: Asker,
    services: ServicesOf,
) -> Response:
    """List what an upload changes in the register, as it stood at the check.

    `missing` is what a whole update ends; `split`, `merge` and `renumber` are pairs of
    parcels that are kept as lineage on commit.
    """
    with services.database.transaction(asker, read_only=True) as connection:
        upload = get_upload(connection, read_id(upload_id))
        found = list_differences(
            connection,
            services.archive,
            upload,
            query.fate,
            after=query.after,
            limit=query.limit + 1,
        )
    page = found[: query.limit]
    return json_response(
        {
            "summary": upload.comparison,
            "items": [write_difference(one) for one in page],
            "next": query.after + len(page) if len(found) > query.limit else None,
        },
        headers=NO_STORE,
    )
