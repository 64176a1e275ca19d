"""Closed or moved plants whose land no plot is kept for (shell)."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from app.answers import json_response, write_json
from app.idempotency import Answer, RepetitionOf, answer_once
from app.routes.guard import LanguageOf, ServicesOf, guarded_router, needs
from app.routes.layer_reads import answers, clean, narrowest
from app.routes.layer_writes import DivisionOnly
from app.schemas.pages import (
    DEFAULT_LIMIT,
    CursorQuery,
    DivisionQuery,
    write_cursor,
)
from app.schemas.plot_leads import LeadPage, write_lead
from app.schemas.tasks import TaskWithSteps, write_with_steps
from app.security.session import Asker
from parcels.register.layers import ENTERPRISE
from parcels.register.repository import today
from parcels.tasks.model import Doer
from parcels.tasks.repository import get_task, list_events
from screening.leads import list_leads, open_investigation

router = guarded_router(prefix="/v1/plot-leads", tags=["plots"])


class LeadQuery(BaseModel, extra="forbid"):
    """Which leads."""

    division: DivisionQuery = None
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=200, description="Enterprises looked at")
    after: CursorQuery = None


@router.get(
    "",
    name="list_plot_leads",
    response_model=None,
    responses=answers(LeadPage),
    openapi_extra=needs("read:plot"),
)
def list_plot_leads(
    query: Annotated[LeadQuery, Query()],
    asker: Asker,
    services: ServicesOf,
    language: LanguageOf,
) -> Response:
    """List enterprises that closed, moved or lost their permit and have no plot (线索).

    Of the listed industries of the place, or of an industry that cannot be told; a page
    looks at `limit` enterprises and may hold fewer leads.
    """
    with services.database.transaction(asker, read_only=True) as connection:
        found, after = list_leads(
            connection,
            services.gate.rule_sets,
            division=narrowest(asker.scope, query.division),
            after=query.after,
            limit=query.limit,
        )
    items = [write_lead(one, language) for one in found]
    cursor = write_cursor(after) if after else None
    return json_response({"items": items, "next": cursor})


@router.post(
    "/{code}/investigation",
    name="open_lead_investigation",
    status_code=201,
    response_model=None,
    responses=answers(TaskWithSteps, 201),
    openapi_extra=needs("write_tasks"),
)
def open_lead_investigation(
    code: str,
    query: Annotated[DivisionOnly, Query()],
    asker: Asker,
    services: ServicesOf,
    repetition: RepetitionOf,
    language: LanguageOf,
) -> Response:
    """Have the ecology-environment bureau investigate a lead: one task each."""
    known_code = clean(ENTERPRISE, code)
    division = narrowest(asker.scope, query.division)
    doer = Doer(asker.name, asker.client_id)

    def write(connection: sa.Connection) -> Answer:
        rule_sets = services.gate.rule_sets
        task_id = open_investigation(connection, rule_sets, known_code, division, doer)
        task, events = get_task(connection, task_id), list_events(connection, task_id)
        body = write_with_steps(task, events, today(connection), language)
        return Answer(201, write_json(body), {"Location": f"/v1/tasks/{task_id}"})

    return answer_once(services.database, asker, repetition, write)
