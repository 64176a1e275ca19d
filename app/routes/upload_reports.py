"""What is there to read of an upload: its faults, what it would change (shell)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from app.answers import (
    GEOJSON,
    NO_STORE,
    file_response,
    json_response,
    wants_geojson,
)
from app.routes.guard import LanguageOf, ServicesOf, guarded_router, needs
from app.routes.layer_reads import answers, file_answers
from app.routes.uploads import read_id
from app.schemas.one_of import OneOf
from app.schemas.pages import DEFAULT_LIMIT, BoxQuery, LimitQuery, cut_page
from app.schemas.upload_reports import (
    DifferencePage,
    IssuePage,
    RowPage,
    as_feature,
    write_difference,
    write_issue,
    write_row,
    write_summary,
)
from app.schemas.uploads import count_kinds
from app.security.principals import Principal
from app.security.session import Asker
from app.services import Services
from parcels.refusal import Language
from parcels.surveys.difference_pages import list_differences
from parcels.surveys.differences import Fate
from parcels.surveys.downloads import gather_faulty, write_faulty_rows, write_issues
from parcels.surveys.issue_texts import TEXTS
from parcels.surveys.issues import Severity
from parcels.surveys.reports import IssueFilter, list_issue_page
from parcels.surveys.repository import Upload, get_upload
from parcels.surveys.shown_rows import find_shown
from parcels.surveys.vector_files import MEDIA_TYPES, Format

_RowNumber = Annotated[int, Field(ge=1, lt=2**31)]

router = guarded_router(prefix="/v1/uploads", tags=["uploads"])


class IssueQuery(BaseModel, extra="forbid"):
    """Which issues, and in which form."""

    format: Literal["json", "csv", "geojson", "gpkg"] = "json"
    kind: Annotated[str, OneOf(sorted(TEXTS))] | None = None
    severity: Severity | None = None
    row: int | None = Field(
        None, ge=1, lt=2**31, description="Issues that name this row, first or second"
    )
    limit: LimitQuery = DEFAULT_LIMIT
    after: int = Field(0, ge=0, lt=2**31, description="`next` of the page before")


@router.get(
    "/{upload_id}/issues",
    name="list_upload_issues",
    openapi_extra=needs("read_uploads"),
    response_model=None,
    responses=answers(IssuePage, files=MEDIA_TYPES.values()),
)
def list_faults(
    upload_id: str,
    query: Annotated[IssueQuery, Query()],
    asker: Asker,
    services: ServicesOf,
    language: LanguageOf,
) -> Response:
    """List the issues of an upload in the order of its rows, counts by kind first.

    `csv`, `geojson` and `gpkg` (layers points, lines and polygons) hold all that fit
    the filter, whatever `limit` says.
    """
    wanted = IssueFilter(query.kind, query.severity, query.row)
    if query.format != "json":
        return _issue_file(services, asker, upload_id, wanted, language, query.format)
    with services.database.transaction(asker, read_only=True) as connection:
        upload = get_upload(connection, read_id(upload_id))
        found = list_issue_page(
            connection, upload.id, wanted, after=query.after, limit=query.limit + 1
        )
    page, following = cut_page(found, query.limit, lambda issue: issue.number)
    return json_response(
        {
            "counts": count_kinds(upload.issue_counts),
            "items": [write_issue(one, language) for one in page],
            "next": following,
        },
        headers={**NO_STORE, "Vary": "Accept-Language"},
    )


def _issue_file(
    services: Services,
    asker: Principal,
    upload_id: str,
    wanted: IssueFilter,
    language: Language,
    form: Format,
) -> Response:
    with (
        services.database.transaction(asker, read_only=True) as connection,
        services.archive.scratch() as scratch,
    ):
        upload = get_upload(connection, read_id(upload_id))
        path = scratch / f"issues.{form}"
        write_issues(connection, upload, wanted, language, path, form)
        return _file_response(path, upload, "issues", form)


class RowsQuery(BaseModel, extra="forbid"):
    """Which rows: those in a box, those named, or both; without either all."""

    bbox: BoxQuery = None
    row: Annotated[list[_RowNumber], Field(max_length=100)] = Field(
        [], description="Rows given wherever they lie, by number; 1 is the first record"
    )
    limit: LimitQuery = 500
    after: int = Field(0, ge=0, lt=2**31, description="`next` of the page before")


@router.get(
    "/{upload_id}/rows",
    name="list_upload_rows",
    openapi_extra=needs("read_uploads"),
    response_model=None,
    responses=answers(RowPage),
)
def list_rows(
    request: Request,
    upload_id: str,
    query: Annotated[RowsQuery, Query()],
    asker: Asker,
    services: ServicesOf,
    language: LanguageOf,
) -> Response:
    """List the rows of a checked file as they are drawn on a map, by their numbers.

    Also those with faults. Of a shape of very many vertices only the lines within
    `bbox` are given. The rows are kept until the upload is committed or given up.
    """
    with services.database.transaction(asker, read_only=True) as connection:
        upload = get_upload(connection, read_id(upload_id))
    found = find_shown(
        services.archive,
        upload.id,
        query.bbox.bounds if query.bbox else None,
        query.row,
        after=query.after,
        limit=query.limit + 1,
    )
    page, following = cut_page(found or [], query.limit, lambda one: one.row)
    headers = {**NO_STORE, "Vary": "Accept, Accept-Language"}
    told = {"kept": found is not None, "next": following}
    items = [write_row(one, language) for one in page]
    if wants_geojson(request):
        features = [as_feature(one) for one in items]
        answer = {"type": "FeatureCollection", **told, "features": features}
        return json_response(answer, media_type=GEOJSON, headers=headers)
    return json_response({**told, "items": items}, headers=headers)


class SetAsideQuery(BaseModel, extra="forbid"):
    """In which form."""

    format: Format = "gpkg"


@router.get(
    "/{upload_id}/set-aside",
    name="get_rows_set_aside",
    openapi_extra=needs("read_uploads"),
    response_model=None,
    response_class=Response,
    responses=file_answers(
        MEDIA_TYPES.values(),
        "The faulty rows as the file says them, in the survey's own coordinate system"
        " (geojson: EPSG:4490), with what is wrong in `faults`",
    ),
)
def get_set_aside(
    upload_id: str,
    query: Annotated[SetAsideQuery, Query()],
    asker: Asker,
    services: ServicesOf,
    language: LanguageOf,
) -> Response:
    """Return the faulty rows of an upload from its archived file, for repair."""
    with services.database.transaction(asker, read_only=True) as connection:
        upload = get_upload(connection, read_id(upload_id))
        faulty = gather_faulty(connection, upload, language)
    with services.archive.scratch() as scratch:
        path = scratch / f"rows.{query.format}"
        write_faulty_rows(services.archive, upload, faulty, path, query.format)
        return _file_response(path, upload, "set_aside", query.format)


def _file_response(path: Path, upload: Upload, what: str, form: Format) -> Response:
    stem = upload.filename.rpartition(".")[0] or upload.filename
    vary = {"Vary": "Accept-Language"}
    return file_response(path, f"{stem}_{what}.{form}", MEDIA_TYPES[form], vary)


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
            "summary": write_summary(upload.comparison),
            "items": [write_difference(one) for one in page],
            "next": query.after + len(page) if len(found) > query.limit else None,
        },
        headers=NO_STORE,
    )
