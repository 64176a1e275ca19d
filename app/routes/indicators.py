"""Indicators (指标): counted now, or as they were kept for a period (shell)."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from app.answers import NO_STORE, json_response, write_json
from app.asking import asked_by
from app.idempotency import Answer, RepetitionOf, answer_once
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
from app.schemas.indicators import (
    IndicatorName,
    IndicatorRows,
    IndicatorsModel,
    PeriodQuery,
    SnapshotCursor,
    SnapshotPage,
    SnapshotRequest,
    SnapshotWithFigures,
    TargetList,
    in_language,
    write_figures,
    write_snapshot,
    write_snapshot_key,
)
from app.schemas.pages import (
    DEFAULT_LIMIT,
    CursorQuery,
    DivisionQuery,
    LimitQuery,
    cut_page,
    write_cursor,
)
from app.security.principals import Principal
from app.security.scope import own_division
from app.security.session import Asker
from parcels.codes import division_contains
from parcels.refusal import Language
from parcels.register.division_names import knows_division
from parcels.register.repository import PageKey, today
from screening.indicators.account import Account, write_target
from screening.indicators.loader import read_targets
from screening.indicators.periods import Period, PeriodKind, month_of, parse_period
from screening.indicators.rate import RowState
from screening.indicators.recent import RecentAccounts
from screening.indicators.snapshots import (
    SnapshotNotFound,
    get_snapshot,
    keep_snapshot,
    list_snapshots,
)
from screening.indicators.trend_chart import Shape, draw_trend

router = guarded_router(prefix="/v1", tags=["indicators"])


class IndicatorQuery(BaseModel, extra="forbid"):
    """Of which division and period."""

    division: DivisionQuery = Field(
        None, description="Within the caller's own; that by default"
    )
    period: PeriodQuery = None


def expect_known(connection: sa.Connection, division: str | None) -> None:
    """Refuse to count where there is nothing to count: 0 would pass for a figure."""
    if division is not None and not knows_division(connection, division):
        raise UnknownDivision(division)


def count_now(
    connection: sa.Connection,
    recent: RecentAccounts,
    asker: Principal,
    query: IndicatorQuery,
) -> Account:
    """Return the figures as the register has them now; not to be altered."""
    # A sum over the part that the caller sees would pass for the whole.
    division = own_division(asker, query.division)
    expect_known(connection, query.division)
    period = _period(connection, query.period)
    return recent.account_for(connection, division, period)


def _period(connection: sa.Connection, period: Period | None) -> Period:
    return period or month_of(today(connection))


@router.get(
    "/indicators",
    name="get_indicators",
    openapi_extra=needs("read_indicators"),
    response_model=None,
    responses=answers(IndicatorsModel),
)
def read_indicators(
    query: Annotated[IndicatorQuery, Query()],
    asker: Asker,
    services: ServicesOf,
    language: LanguageOf,
) -> Response:
    """Count every indicator of a division and period, with targets and places.

    As the register stands on the last day of the period, or today.
    """
    database, recent = services.database, services.indicators
    with database.transaction(asker, snapshot=True, read_only=True) as connection:
        made = count_now(connection, recent, asker, query)
    return json_response(write_figures(made.figures, language), headers=NO_STORE)


class RowsQuery(IndicatorQuery):
    """Which rows of a rate."""

    state: RowState | None = None
    snapshot: UUID | None = Field(None, description="As kept, in place of now")
    limit: LimitQuery = DEFAULT_LIMIT
    after: CursorQuery = None


@router.get(
    "/indicators/{name}/rows",
    name="list_indicator_rows",
    openapi_extra=needs("read_indicators"),
    response_model=None,
    responses=answers(IndicatorRows),
)
def list_rows(
    name: IndicatorName,
    query: Annotated[RowsQuery, Query()],
    asker: Asker,
    services: ServicesOf,
    language: LanguageOf,
) -> Response:
    """List what a rate was summed from, each row with why it counts or does not.

    Farmland that is not polluted, or has its category, is not listed.
    """
    database, recent = services.database, services.indicators
    with database.transaction(asker, snapshot=True, read_only=True) as connection:
        rows = _made(connection, recent, asker, query).rows[name]
    kept = sorted(
        (row for row in rows if query.state in (None, row["state"])),
        key=lambda row: (row["division_code"], row["code"]),
    )
    if query.after is not None:
        last = (query.after.division_code, query.after.code)
        kept = [row for row in kept if (row["division_code"], row["code"]) > last]
    page, following = cut_page(
        kept,
        query.limit,
        lambda row: write_cursor(PageKey(row["division_code"], row["code"])),
    )
    items = in_language(page, language)
    return json_response({"items": items, "next": following}, headers=NO_STORE)


def _made(
    connection: sa.Connection,
    recent: RecentAccounts,
    asker: Principal,
    query: RowsQuery,
) -> Account:
    if query.snapshot is None:
        return count_now(connection, recent, asker, query)
    kept = get_snapshot(connection, query.snapshot).account
    assert kept is not None
    return kept


class TargetQuery(BaseModel, extra="forbid"):
    """Whose targets."""

    division: DivisionQuery = None


@router.get(
    "/targets",
    name="list_targets",
    openapi_extra=needs("read_indicators"),
    response_model=None,
    responses=answers(TargetList),
)
def list_all_targets(
    query: Annotated[TargetQuery, Query()], asker: Asker, language: LanguageOf
) -> Response:
    """List the targets that a division answers for, with document and clause."""
    division = query.division or asker.scope
    items = [
        in_language(write_target(one), language)
        for one in read_targets()
        if division_contains(one.division_code, division)
    ]
    return json_response({"items": items, "next": None}, headers=NO_STORE)


@router.post(
    "/indicator-snapshots",
    name="keep_indicator_snapshot",
    status_code=201,
    openapi_extra=needs("keep_indicators"),
    response_model=None,
    responses=answers(SnapshotWithFigures, 201),
)
def keep(
    body: SnapshotRequest,
    asker: Asker,
    database: DatabaseOf,
    repetition: RepetitionOf,
    language: LanguageOf,
) -> Response:
    """Keep the figures of a period for good (月调度、季总结、年评估).

    Nothing changes it afterwards. 409 when the period was kept before and no reason for
    a revision is given.
    """
    division = own_division(asker, body.division)
    period = parse_period(body.period)

    def write(connection: sa.Connection) -> Answer:
        expect_known(connection, body.division)
        kept = keep_snapshot(connection, division, period, asked_by(asker), body.reason)
        location = {"Location": f"/v1/indicator-snapshots/{kept}"}
        return Answer(201, write_json(_shown(connection, kept, language)), location)

    return answer_once(database, asker, repetition, write, snapshot=True)


def _shown(
    connection: sa.Connection, snapshot_id: UUID, language: Language
) -> dict[str, Any]:
    found = get_snapshot(connection, snapshot_id)
    assert found.account is not None
    figures = write_figures(found.account.figures, language)
    return {**write_snapshot(found), "figures": figures}


class SnapshotQuery(BaseModel, extra="forbid"):
    """Which snapshots."""

    division: DivisionQuery = Field(
        None, description="The division itself, not those below; the caller's own"
    )
    kind: PeriodKind | None = None
    period: PeriodQuery = Field(None, description="2026, 2026-Q4 or 2026-11")
    limit: LimitQuery = DEFAULT_LIMIT
    after: SnapshotCursor = None


@router.get(
    "/indicator-snapshots",
    name="list_indicator_snapshots",
    openapi_extra=needs("read_indicators"),
    response_model=None,
    responses=answers(SnapshotPage),
)
def list_kept(
    query: Annotated[SnapshotQuery, Query()], asker: Asker, database: DatabaseOf
) -> Response:
    """List what was kept of a division, the latest period first: its trend."""
    with database.transaction(asker, read_only=True) as connection:
        found = list_snapshots(
            connection,
            query.division or asker.scope,
            kind=query.kind,
            period=query.period.name if query.period else None,
            after=query.after,
            limit=query.limit + 1,
        )
    page, following = cut_page(found, query.limit, write_snapshot_key)
    items = [write_snapshot(one) for one in page]
    return json_response({"items": items, "next": following}, headers=NO_STORE)


class TrendQuery(BaseModel, extra="forbid"):
    """The trend of which division."""

    division: DivisionQuery = None
    kind: PeriodKind | None = Field(None, description="That of the latest by default")
    shape: Shape = Field("wide", description="`narrow` for a window of a phone")


@router.get(
    "/indicator-snapshots/trend",
    name="draw_indicator_trend",
    openapi_extra=needs("read_indicators"),
    response_model=None,
    responses={200: {"description": "An SVG", "content": {"image/svg+xml": {}}}},
)
def draw_kept(
    query: Annotated[TrendQuery, Query()],
    asker: Asker,
    database: DatabaseOf,
    language: LanguageOf,
) -> Response:
    """Draw the rates of the periods kept, the last revision of each."""
    with database.transaction(asker, read_only=True) as connection:
        found = list_snapshots(
            connection, query.division or asker.scope, kind=query.kind
        )
    kind = query.kind or (found[0].period_kind if found else None)
    latest = {
        one.period: one.headline for one in found[::-1] if one.period_kind == kind
    }
    drawn = draw_trend(list(latest.items()), language, query.shape)
    return Response(drawn, media_type="image/svg+xml", headers=NO_STORE)


@router.get(
    "/indicator-snapshots/{snapshot_id}",
    name="get_indicator_snapshot",
    openapi_extra=needs("read_indicators"),
    response_model=None,
    responses=answers(SnapshotWithFigures),
)
def read_kept(
    snapshot_id: str, asker: Asker, database: DatabaseOf, language: LanguageOf
) -> Response:
    """Return a snapshot as it was kept."""
    with database.transaction(asker, read_only=True) as connection:
        content = _shown(connection, read_id(snapshot_id, SnapshotNotFound), language)
    return json_response(content, headers=NO_STORE)
