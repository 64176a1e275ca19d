"""The gate (准入核查): may this go ahead, and on what legal ground? (shell)."""

from __future__ import annotations

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from app.answers import GEOJSON, NO_STORE, json_response, wants_geojson
from app.asking import goes_with_others
from app.gate_answers import answer_question
from app.routes.guard import (
    DatabaseOf,
    LanguageOf,
    guarded_router,
    json_body,
    needs,
)
from app.routes.ids import no_decision, read_decision_id
from app.routes.layer_reads import answers
from app.schemas.days import Day
from app.schemas.decisions import (
    DecisionModel,
    DecisionPageModel,
    Outcome,
    write_decision,
    write_decision_feature,
)
from app.schemas.gate import FormsModel, describe_request, write_forms
from app.schemas.ordered import not_less_than
from app.schemas.pages import (
    DEFAULT_LIMIT,
    LimitQuery,
    TimeCursor,
    cut_page,
    write_time_cursor,
)
from app.security.session import Asker
from app.services import services_of
from screening.gate import (
    DecisionFilter,
    find_decision,
    list_decisions,
)
from screening.standing import find_standing
from screening.vocabulary import Transaction

router = guarded_router(prefix="/v1/gate", tags=["gate"])


@router.post(
    "/decisions",
    name="ask_gate",
    status_code=201,
    openapi_extra=needs("ask_gate", requestBody=describe_request()),
    response_model=None,
    responses={
        **answers(DecisionModel, 201),
        200: {"model": DecisionModel, "description": "A dry run; no decision is kept"},
    },
)
async def ask_gate(request: Request) -> Response:
    """Ask whether a transaction may go ahead; the answer is recorded.

    Every rule is evaluated and every matched rule returned. Unknown never passes:
    `missing_facts` names what to supply. A request for no possible thing is 422 and
    decides nothing.
    """
    services = services_of(request)
    if goes_with_others(json_body(request)):
        return await services.together.ask(request)
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(services.threads, answer_question, request)


@router.get(
    "/decisions/{decision_id}",
    name="get_decision",
    openapi_extra=needs("read_decisions"),
    response_model=None,
    responses=answers(DecisionModel),
)
def get_decision(
    decision_id: str,
    request: Request,
    asker: Asker,
    database: DatabaseOf,
    language: LanguageOf,
) -> Response:
    """Return a recorded decision of the caller's divisions.

    `Accept: application/geo+json` gives a Feature: the land as it was then, with the
    decision as its properties.
    """
    with database.transaction(asker, read_only=True) as connection:
        number = read_decision_id(decision_id)
        record = find_decision(connection, number)
        standing = find_standing(connection, number)
    if record is None or standing is None:
        raise no_decision(decision_id)
    headers = {**NO_STORE, "Vary": "Accept, Accept-Language"}
    if wants_geojson(request):
        feature = write_decision_feature(record, language, standing)
        return json_response(feature, media_type=GEOJSON, headers=headers)
    shown = write_decision(record, language, standing)
    return json_response(shown, headers=headers)


class DecisionQuery(BaseModel, extra="forbid"):
    """Which decisions; the latest first."""

    transaction: Transaction | None = None
    outcome: Outcome | None = None
    parcel_code: str | None = Field(None, max_length=60)
    recorded_from: Day | None = Field(
        None, description="First day of recording, Asia/Shanghai"
    )
    recorded_to: Annotated[Day | None, not_less_than("recorded_from")] = Field(
        None, description="Last day of recording, Asia/Shanghai, included"
    )
    id: list[UUID] = Field(
        [], max_length=100, description="May be given several times; none: any"
    )
    limit: LimitQuery = DEFAULT_LIMIT
    after: TimeCursor = None


@router.get(
    "/decisions",
    name="list_decisions",
    openapi_extra=needs("read_decisions"),
    response_model=None,
    responses=answers(DecisionPageModel),
)
def list_recorded(
    query: Annotated[DecisionQuery, Query()], asker: Asker, database: DatabaseOf
) -> Response:
    """List recorded decisions of the caller's divisions, the latest first."""
    wanted = DecisionFilter(
        query.transaction.value if query.transaction else None,
        query.outcome,
        query.parcel_code,
        query.recorded_from,
        query.recorded_to,
        query.id,
    )
    with database.transaction(asker, read_only=True) as connection:
        found = list_decisions(
            connection, wanted, before=query.after, limit=query.limit + 1
        )
    page, following = cut_page(
        found,
        query.limit,
        lambda one: write_time_cursor(one["recorded_at"], one["id"]),
    )
    return json_response({"items": page, "next": following}, headers=NO_STORE)


@router.get(
    "/transactions",
    name="list_transactions",
    openapi_extra=needs("read_decisions"),
    response_model=None,
    responses=answers(FormsModel),
)
def list_transactions(language: LanguageOf) -> Response:
    """List the transactions with the fields each asks for: what a form shows."""
    forms = {"items": write_forms(language)}
    return json_response(forms, headers={"Vary": "Accept-Language"})
