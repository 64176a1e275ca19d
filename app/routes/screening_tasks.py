"""Candidates of a screening run, confirmed by an officer, become tasks (shell)."""

from __future__ import annotations

import sqlalchemy as sa
from pydantic import BaseModel, Field
from starlette.responses import Response

from app.answers import write_json
from app.idempotency import Answer, RepetitionOf, answer_once
from app.routes.guard import DatabaseOf, LanguageOf, guarded_router, needs
from app.routes.layer_reads import answers
from app.routes.screening_runs import get_done
from app.schemas.days import Day
from app.schemas.tasks import Person, TaskModel, write_task
from app.security.session import Asker
from parcels.register.repository import today
from parcels.tasks.model import Bureau, Doer
from parcels.tasks.repository import get_task, open_tasks
from screening.runs.rectification import make_tasks
from screening.runs.repository import find_results

router = guarded_router(prefix="/v1/screening", tags=["screening"])


class ConfirmRequest(BaseModel, extra="forbid"):
    """Which candidates are confirmed, and who has to see to them."""

    numbers: list[int] = Field(
        min_length=1, max_length=500, description="Numbers of candidate rows"
    )
    bureau: Bureau = "EE"
    due_on: Day | None = None
    person: Person | None = None


class OpenedTasks(BaseModel):
    """The tasks of the confirmed candidates, in the order of their rows."""

    items: list[TaskModel]
    next: None


@router.post(
    "/runs/{run_id}/tasks",
    name="confirm_candidates",
    status_code=201,
    openapi_extra=needs("write_tasks"),
    response_model=None,
    responses=answers(OpenedTasks, 201),
)
def confirm(
    run_id: str,
    body: ConfirmRequest,
    asker: Asker,
    database: DatabaseOf,
    repetition: RepetitionOf,
    language: LanguageOf,
) -> Response:
    """Open a rectification task for each confirmed candidate of a cross-screening.

    A row of a run opens its task once, however often it is confirmed.
    """

    def write(connection: sa.Connection) -> Answer:
        run = get_done(connection, run_id)
        rows = find_results(connection, run.id, body.numbers)
        new = make_tasks(run, rows, body.numbers, body.bureau, body.due_on, body.person)
        doer, day = Doer(asker.name, asker.client_id), today(connection)
        opened = [
            get_task(connection, one) for one in open_tasks(connection, new, doer)
        ]
        items = [write_task(task, day, language) for task in opened]
        return Answer(201, write_json({"items": items, "next": None}))

    return answer_once(database, asker, repetition, write)
