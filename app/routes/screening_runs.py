"""Screening runs (筛查任务): ordered here, carried out by a worker (shell)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import Body, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from app.answers import NO_STORE, PDF, json_response, write_json
from app.asking import asked_by
from app.idempotency import Answer, RepetitionOf, answer_once
from app.jobs import refuse_too_much
from app.problems import language_of
from app.request_errors import UnknownDivision
from app.routes.guard import (
    DatabaseOf,
    LanguageOf,
    ServicesOf,
    guarded_router,
    needs,
)
from app.routes.ids import read_id
from app.routes.layer_reads import answers
from app.run_jobs import queue_run
from app.run_results import result_name, result_of
from app.schemas.one_of import OneOf
from app.schemas.pages import (
    DEFAULT_LIMIT,
    LimitQuery,
    TimeCursor,
    cut_page,
    write_time_cursor,
)
from app.schemas.screening_runs import (
    KindList,
    RerunRequest,
    ResultPage,
    RunModel,
    RunPage,
    RunRequest,
    find_kind,
    parameter_faults,
    write_column,
    write_kind,
    write_result,
    write_run,
)
from app.security.principals import Principal
from app.security.scope import check_inside
from app.security.session import Asker
from app.services import Services, services_of
from parcels.refusal import Language
from parcels.register.division_names import knows_division
from parcels.register.repository import today
from screening.runs.asked import InvalidParameters
from screening.runs.files import MEDIA_TYPES, ResultFormat, write_result_file
from screening.runs.kind import check_order
from screening.runs.kinds import KINDS
from screening.runs.report import print_run
from screening.runs.repository import (
    Run,
    RunNotDone,
    RunNotFound,
    cancel_run,
    get_run,
    list_results,
    list_runs,
    open_run,
)

router = guarded_router(prefix="/v1/screening", tags=["screening"])


@router.get(
    "/kinds",
    name="list_screening_kinds",
    openapi_extra=needs("read_screening"),
    response_model=None,
    responses=answers(KindList),
)
def list_kinds(language: LanguageOf) -> Response:
    """List the kinds of run with the fields of each: what a form shows."""
    items = [write_kind(kind, language) for kind in KINDS.values()]
    headers = {"Vary": "Accept-Language"}
    return json_response({"items": items, "next": None}, headers=headers)


@router.post(
    "/runs",
    name="order_screening_run",
    status_code=202,
    openapi_extra=needs("run_screening"),
    response_model=None,
    responses=answers(RunModel, 202),
)
def order_run(
    request: Request, body: RunRequest, asker: Asker, repetition: RepetitionOf
) -> Response:
    """Order a screening of the caller's divisions; `Location` says how far it is."""
    kind = find_kind(body.kind)
    try:
        parameters = check_order(body.parameters, kind)
    except InvalidParameters as invalid:
        raise parameter_faults(invalid) from invalid
    _check_division(asker, parameters)

    services = services_of(request)

    def write(connection: sa.Connection) -> Answer:
        refuse_too_much(connection, services.settings.orders_in_hand)
        day = body.as_of or today(connection)
        division = parameters.get("division")
        if division is not None and not knows_division(connection, division, day):
            raise UnknownDivision(division, day)
        run = open_run(connection, asked_by(asker), kind.name, parameters, day)
        return _ordered(connection, request, run)

    return answer_once(services.database, asker, repetition, write)


def _check_division(asker: Principal, parameters: Mapping[str, Any]) -> None:
    division = parameters.get("division")
    if division is not None:
        check_inside(asker, division)


def _ordered(connection: sa.Connection, request: Request, run: Run) -> Answer:
    queue_run(connection, run.id)
    location = {"Location": f"/v1/screening/runs/{run.id}"}
    shown = write_run(run, language_of(request))
    return Answer(202, write_json(shown), location)


@router.post(
    "/runs/{run_id}/rerun",
    name="repeat_screening_run",
    status_code=202,
    openapi_extra=needs("run_screening"),
    response_model=None,
    responses=answers(RunModel, 202),
)
def repeat_run(
    run_id: str,
    request: Request,
    body: Annotated[RerunRequest, Body(default_factory=RerunRequest)],
    asker: Asker,
    repetition: RepetitionOf,
) -> Response:
    """Order the same run again, on the register as it saw it or as it is now.

    On the same data the same program gives the same `result_sha256`.
    """
    services = services_of(request)

    def write(connection: sa.Connection) -> Answer:
        refuse_too_much(connection, services.settings.orders_in_hand)
        earlier = get_run(connection, read_id(run_id, RunNotFound))
        then = body.known == "then"
        _check_division(asker, earlier.parameters)
        run = open_run(
            connection,
            asked_by(asker),
            earlier.kind,
            earlier.parameters,
            earlier.as_of if then else today(connection),
            known_at=earlier.known_at if then else None,
            repeats=earlier.id,
        )
        return _ordered(connection, request, run)

    return answer_once(services.database, asker, repetition, write)


class RunQuery(BaseModel, extra="forbid"):
    """Which runs; the latest first."""

    kind: Annotated[str, OneOf(KINDS)] | None = None
    limit: LimitQuery = DEFAULT_LIMIT
    after: TimeCursor = None


@router.get(
    "/runs",
    name="list_screening_runs",
    openapi_extra=needs("read_screening"),
    response_model=None,
    responses=answers(RunPage),
)
def list_ordered(
    query: Annotated[RunQuery, Query()],
    asker: Asker,
    database: DatabaseOf,
    language: LanguageOf,
) -> Response:
    """List the runs of the caller's divisions, the latest first."""
    with database.transaction(asker, read_only=True) as connection:
        found = list_runs(
            connection, kind=query.kind, before=query.after, limit=query.limit + 1
        )
    page, following = cut_page(
        found, query.limit, lambda run: write_time_cursor(run.ordered_at, run.id)
    )
    items = [write_run(run, language) for run in page]
    return json_response({"items": items, "next": following}, headers=NO_STORE)


@router.get(
    "/runs/{run_id}",
    name="get_screening_run",
    openapi_extra=needs("read_screening"),
    response_model=None,
    responses=answers(RunModel),
)
def read_progress(
    run_id: str, asker: Asker, database: DatabaseOf, language: LanguageOf
) -> Response:
    """Return a run: how far it is, or what came of it."""
    with database.transaction(asker, read_only=True) as connection:
        run = get_run(connection, read_id(run_id, RunNotFound))
    return json_response(write_run(run, language), headers=NO_STORE)


@router.delete(
    "/runs/{run_id}",
    name="cancel_screening_run",
    openapi_extra=needs("run_screening"),
    response_model=None,
    responses=answers(RunModel),
)
def cancel(
    run_id: str, asker: Asker, database: DatabaseOf, language: LanguageOf
) -> Response:
    """Stop a run that waits or runs; 409 when it is ended already."""
    with database.transaction(asker) as connection:
        run = cancel_run(connection, read_id(run_id, RunNotFound))
    return json_response(write_run(run, language), headers=NO_STORE)


class ResultQuery(BaseModel, extra="forbid"):
    """Which rows, and in which form."""

    format: Literal["json", "geojson", "gpkg", "parquet", "xlsx", "tif", "pdf"] = "json"
    limit: LimitQuery = DEFAULT_LIMIT
    after: int = Field(0, ge=0, lt=2**31, description="`next` of the page before")


@router.get(
    "/runs/{run_id}/results",
    name="list_screening_results",
    openapi_extra=needs("read_screening"),
    response_model=None,
    responses=answers(ResultPage, files=(*MEDIA_TYPES.values(), PDF)),
)
def list_rows(
    run_id: str,
    query: Annotated[ResultQuery, Query()],
    asker: Asker,
    services: ServicesOf,
    language: LanguageOf,
) -> Response:
    """List the rows of a run that is done, each with why it is there.

    `geojson`, `gpkg`, `parquet` and `xlsx` hold all of them; `tif` is the raster of a
    surface; `pdf` is a report with map
    and the first rows, to be filed.
    """
    if query.format == "pdf":
        return _report(services, asker, run_id, language)
    if query.format != "json":
        return _result_file(services, asker, run_id, language, query.format)
    with services.database.transaction(asker, read_only=True) as connection:
        run = get_done(connection, run_id)
        found = list_results(
            connection, run.id, after=query.after, limit=query.limit + 1
        )
    page, following = cut_page(found, query.limit, lambda row: row.number)
    content = {
        "columns": [write_column(one, language) for one in KINDS[run.kind].columns],
        "items": [write_result(row, language) for row in page],
        "next": following,
    }
    return json_response(content, headers=NO_STORE)


def _result_file(
    services: Services,
    asker: Principal,
    run_id: str,
    language: Language,
    form: ResultFormat,
) -> Response:
    with services.archive.scratch() as scratch:
        with services.database.transaction(asker, read_only=True) as connection:
            run = get_done(connection, run_id)
            path = result_name(run, form, scratch)
            write_result_file(result_of(connection, run, language), path, form)
        content = path.read_bytes()
    disposition = f'attachment; filename="{path.name}"'
    headers = {**NO_STORE, "Content-Disposition": disposition}
    return Response(content, media_type=MEDIA_TYPES[form], headers=headers)


def _report(
    services: Services, asker: Principal, run_id: str, language: Language
) -> Response:
    with services.database.transaction(asker, read_only=True) as connection:
        run = get_done(connection, run_id)
        result = result_of(connection, run, language)
        document = print_run(connection, services.stationery, result)
    disposition = f'inline; filename="jingtu-{run.kind}-{run.id}.pdf"'
    headers = {**NO_STORE, "Content-Disposition": disposition}
    return Response(document, media_type=PDF, headers=headers)


def get_done(connection: sa.Connection, run_id: str) -> Run:
    """Return a run that has a result; raises `RunNotFound` or `RunNotDone`."""
    run = get_run(connection, read_id(run_id, RunNotFound))
    if run.state != "done":
        raise RunNotDone(run.state)
    return run
