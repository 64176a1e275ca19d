"""Tasks (任务): opened, listed, carried on and struck off (shell)."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Annotated, Any, Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from app.answers import NO_STORE, json_response, write_json
from app.idempotency import Answer, RepetitionOf, answer_once
from app.problems import Fault
from app.request_errors import InvalidRequest
from app.routes.guard import DatabaseOf, LanguageOf, guarded_router, needs
from app.routes.ids import read_id
from app.routes.layer_reads import answers
from app.schemas.one_of import OneOf
from app.schemas.pages import DEFAULT_LIMIT, DivisionQuery, LimitQuery, cut_page
from app.schemas.tasks import (
    DueCursor,
    LateList,
    TaskPage,
    TaskRequest,
    TaskStepRequest,
    TaskWithSteps,
    write_due_key,
    write_task,
    write_with_steps,
)
from app.security.principals import Principal
from app.security.scope import own_division
from app.security.session import Asker
from parcels.plots.basis import OWN_CHOICE
from parcels.refusal import Language
from parcels.register.layers import LAYER_BY_NAME
from parcels.register.repository import today
from parcels.tasks.calendars import due_in_working_days, read_years
from parcels.tasks.kinds import KINDS
from parcels.tasks.model import BUREAU_NAMES, Bureau, Doer, Due, NewTask, State, Subject
from parcels.tasks.refusals import TaskNotFound
from parcels.tasks.repository import (
    TaskFilter,
    count_late,
    find_tasks,
    get_task,
    list_events,
    open_task,
)
from parcels.tasks.steps import take_step
from parcels.tasks.terms import add_months
from parcels.texts import Text

router = guarded_router(prefix="/v1/tasks", tags=["tasks"])
_SET_BY_HAND: Final = Text("建立任务时所定", "set when the task was opened")
KindQuery = Annotated[str, OneOf(KINDS)]


class TaskQuery(BaseModel, extra="forbid"):
    """Which tasks; the earliest last day first, so late ones lead."""

    division: DivisionQuery = None
    bureau: Bureau | None = None
    kind: KindQuery | None = None
    state: list[State] = Field(
        default_factory=list, max_length=5, description="May be given several times"
    )
    person: str | None = Field(None, max_length=100)
    late: bool | None = Field(None, description="Last day over and not reported done")
    theme: str | None = Field(None, max_length=60, description="Of the subject")
    code: str | None = Field(None, max_length=100, description="Of the subject")
    decision: UUID | None = None
    limit: LimitQuery = DEFAULT_LIMIT
    after: DueCursor = None

    def filter(self) -> TaskFilter:
        """Return it as the register takes it."""
        if (self.theme is None) != (self.code is None):
            missing = "theme" if self.theme is None else "code"
            raise _fault("query", missing, "theme 与 code 须一并给出", "give both")
        subject = Subject(self.theme, self.code) if self.theme and self.code else None
        return TaskFilter(
            self.division,
            self.bureau,
            self.kind,
            self.state,
            self.person,
            subject,
            self.decision,
            self.late,
        )


@router.get(
    "",
    name="list_tasks",
    openapi_extra=needs("read_tasks"),
    response_model=None,
    responses=answers(TaskPage),
)
def list_tasks(
    query: Annotated[TaskQuery, Query()],
    asker: Asker,
    database: DatabaseOf,
    language: LanguageOf,
) -> Response:
    """List tasks of the caller's divisions, the earliest last day first."""
    wanted = query.filter()
    with database.transaction(asker, read_only=True) as connection:
        found = find_tasks(connection, wanted, after=query.after, limit=query.limit + 1)
        day = today(connection)
    page, cursor = cut_page(found, query.limit, write_due_key)
    items = [write_task(one, day, language) for one in page]
    return json_response({"items": items, "next": cursor}, headers=NO_STORE)


@router.post(
    "",
    name="open_task",
    status_code=201,
    openapi_extra=needs("write_tasks"),
    response_model=None,
    responses=answers(TaskWithSteps, 201),
)
def open_by_hand(
    body: TaskRequest,
    asker: Asker,
    database: DatabaseOf,
    repetition: RepetitionOf,
    language: LanguageOf,
) -> Response:
    """Open a task by hand, for any bureau of a division of one's own."""
    new = _read_task(body, asker)

    def write(connection: sa.Connection) -> Answer:
        due = _read_due(connection, body)
        task_id = open_task(connection, replace(new, due=due), _doer(asker))
        location = {"Location": f"/v1/tasks/{task_id}"}
        return Answer(201, _shown(connection, task_id, language), location)

    return answer_once(database, asker, repetition, write)


class LateQuery(BaseModel, extra="forbid"):
    """Whose late tasks."""

    division: DivisionQuery = None
    bureau: Bureau | None = None
    kind: KindQuery | None = None


@router.get(
    "/late",
    name="count_late_tasks",
    openapi_extra=needs("read_tasks"),
    response_model=None,
    responses=answers(LateList),
)
def count_late_ones(
    query: Annotated[LateQuery, Query()],
    asker: Asker,
    database: DatabaseOf,
    language: LanguageOf,
) -> Response:
    """Say what is late by county and bureau, the most first."""
    wanted = TaskFilter(query.division, query.bureau, query.kind)
    with database.transaction(asker, read_only=True) as connection:
        found = count_late(connection, wanted)
    items = [
        {**asdict(one), "bureau_text": BUREAU_NAMES[one.bureau].of(language)}
        for one in found
    ]
    return json_response({"items": items, "next": None}, headers=NO_STORE)


@router.get(
    "/{task_id}",
    name="get_task",
    openapi_extra=needs("read_tasks"),
    response_model=None,
    responses=answers(TaskWithSteps),
)
def get_one(
    task_id: str, asker: Asker, database: DatabaseOf, language: LanguageOf
) -> Response:
    """Return a task with every step that was taken."""
    number = read_id(task_id, TaskNotFound)
    with database.transaction(asker, read_only=True) as connection:
        content = _shown(connection, number, language)
    return Response(content, media_type="application/json", headers=NO_STORE)


@router.post(
    "/{task_id}/steps",
    name="take_task_step",
    status_code=201,
    openapi_extra=needs("write_tasks"),
    response_model=None,
    responses=answers(TaskWithSteps, 201),
)
def take_one_step(
    task_id: str,
    body: TaskStepRequest,
    asker: Asker,
    database: DatabaseOf,
    repetition: RepetitionOf,
    language: LanguageOf,
) -> Response:
    """Assign a person, add evidence, report done, return, strike off or withdraw.

    A task is struck off (销号) once it was reported done with evidence and that was
    checked. 409 says what stands in the way, also when somebody else was first.
    """
    number = read_id(task_id, TaskNotFound)

    def write(connection: sa.Connection) -> Answer:
        take_step(connection, number, body.move(), _doer(asker))
        return Answer(201, _shown(connection, number, language))

    return answer_once(database, asker, repetition, write)


def _shown(connection: sa.Connection, task_id: UUID, language: Language) -> bytes:
    task = get_task(connection, task_id)
    events = list_events(connection, task_id)
    return write_json(write_with_steps(task, events, today(connection), language))


def _read_task(body: TaskRequest, asker: Principal) -> NewTask:
    """Return a task as the register takes it; refuse what names nothing."""
    kind = KINDS.get(body.kind)
    if kind is None or not kind.by_hand:
        known = ", ".join(one.name for one in KINDS.values() if one.by_hand)
        raise _fault("body", "/kind", f"可手工建立：{known}", f"one of {known}")
    missing = sorted(kind.facts - set(body.facts))
    if missing:
        name = missing[0]
        raise _fault("body", f"/facts/{name}", "缺少此项", "is missing; give it")
    if body.subject is not None and body.subject.theme not in LAYER_BY_NAME:
        known = ", ".join(sorted(LAYER_BY_NAME))
        raise _fault("body", "/subject/theme", f"应为：{known}", f"one of {known}")
    return NewTask(
        body.kind,
        own_division(asker, body.division),
        body.bureau,
        Subject(body.subject.theme, body.subject.code) if body.subject else None,
        facts=body.facts,
        basis=(OWN_CHOICE,),
        person=body.person,
    )


def _read_due(connection: sa.Connection, body: TaskRequest) -> Due | None:
    """Return the last day that a body gives, or counts."""
    term = body.term
    if term is None:
        return Due(body.due_on, _SET_BY_HAND) if body.due_on else None
    if body.due_on is not None:
        raise _fault("body", "/term", "due_on 与 term 只给其一", "give due_on or term")
    if term.working_days is not None and term.months is None:
        years = read_years(connection)
        return due_in_working_days(term.starts_on, term.working_days, years)
    if term.months is None or term.working_days is not None:
        zh, en = "months 与 working_days 给其一", "give months or working_days"
        raise _fault("body", "/term", zh, en)
    last = add_months(term.starts_on, term.months)
    words = Text(
        f"自{term.starts_on}起{term.months}个月",
        f"{term.months} months from {term.starts_on}",
    )
    return Due(last, words)


def _fault(place: Any, where: str, zh: str, en: str) -> InvalidRequest:
    return InvalidRequest([Fault(place, where, "value", Text(f"{zh}。", f"{en}."))])


def _doer(asker: Principal) -> Doer:
    return Doer(asker.name, asker.client_id)
