"""Tasks over HTTP: what is sent, what is told, and where a page ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
)

from app.schemas.basis import BasisModel
from app.schemas.days import Day
from app.schemas.pages import DivisionQuery, cursor_of, pack_cursor
from app.schemas.plot_events import Code
from parcels.plots.basis import VERIFICATION_NAMES
from parcels.refusal import Language
from parcels.tasks.kinds import KINDS, title_of
from parcels.tasks.model import (
    BUREAU_NAMES,
    STATE_NAMES,
    STEP_NAMES,
    Bureau,
    Move,
    State,
    Step,
    Task,
    TaskEvent,
)
from parcels.tasks.repository import DueKey
from parcels.texts import Text

_CONFIG: Final = ConfigDict(extra="forbid")
Person = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]
Note = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)
]
TaskText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)
]


class SubjectModel(BaseModel):
    """An object of the register."""

    model_config = _CONFIG

    theme: Code = Field(description="Layer, such as plot")
    code: Code


class TermModel(BaseModel):
    """A term from a day on, that day not counted (期限)."""

    model_config = _CONFIG

    starts_on: Day = Field(description="Such as the day a notice was served")
    months: Annotated[int, Field(strict=True, ge=1, le=120)] | None = None
    working_days: Annotated[int, Field(strict=True, ge=1, le=250)] | None = Field(
        None, description="By the calendars loaded under /v1/calendars"
    )


class TaskRequest(BaseModel):
    """A task that an officer opens himself (任务)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "kind": "rectification",
                    "bureau": "EE",
                    "facts": {"problem": "雨水沟有含镉沉积物"},
                    "due_on": "2026-11-30",
                }
            ]
        },
    )

    kind: Code = Field(description="Kinds that can be opened by hand, see the answer")
    bureau: Bureau
    division: DivisionQuery = Field(
        None, description="Division of the bureau; the caller's own by default"
    )
    subject: SubjectModel | None = None
    facts: dict[str, TaskText] = Field(
        default_factory=dict, max_length=20, description="What the title names"
    )
    due_on: Day | None = None
    term: TermModel | None = Field(None, description="In place of `due_on`")
    person: Person | None = Field(None, description="责任人 (responsible person)")


class TaskStepRequest(BaseModel):
    """One step with a task (任务步骤)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"step": "assigned", "person": "李四"}]},
    )

    step: Step
    person: Person | None = Field(None, description="For `assigned`")
    note: Note | None = Field(
        None, description="Evidence or remark; the reason of a return or withdrawal"
    )

    documents: list[UUID] = Field(
        default_factory=list,
        max_length=50,
        description="Evidence: files sent to POST /v1/documents",
    )

    def move(self) -> Move:
        """Return it as the service takes it."""
        return Move(self.step, self.person, self.note, tuple(self.documents))


class TaskModel(BaseModel):
    """A task as it stands."""

    id: UUID
    kind: str
    kind_text: str
    title: str
    facts: dict[str, str] = Field(description="What the title names, and more")
    division_code: str
    bureau: Bureau
    bureau_text: str
    subject: SubjectModel | None
    decision_id: UUID | None
    state: State
    state_text: str
    late: bool = Field(description="Last day over and not reported done")
    person: str | None
    opened_on: date
    opened_by: str
    due_on: date | None
    due_text: str | None = Field(description="How the last day was counted")
    basis: list[BasisModel]
    changed_at: datetime


class TaskStepModel(BaseModel):
    """A step on record."""

    step: str
    step_text: str
    person: str | None
    note: str | None
    documents: list[UUID]
    due_on: date | None
    actor: str
    happened_at: datetime


class TaskWithSteps(TaskModel):
    """A task with its history."""

    steps: list[TaskStepModel]


class TaskPage(BaseModel):
    """Tasks, the earliest last day first."""

    items: list[TaskModel]
    next: str | None


class LateModel(BaseModel):
    """What is late in one division and bureau."""

    division_code: str = Field(description="County, or the wider division itself")
    bureau: Bureau
    bureau_text: str
    late: int
    under_way: int = Field(description="Late ones among them")
    earliest_due_on: date


class LateList(BaseModel):
    """What is late by division and bureau, the most first."""

    items: list[LateModel]
    next: None = None


def write_task(task: Task, today: date, language: Language) -> dict[str, Any]:
    """Return a task as it is answered."""
    kind = KINDS.get(task.kind)
    subject = task.subject_code and {
        "theme": task.subject_theme,
        "code": task.subject_code,
    }
    return {
        "id": task.id,
        "kind": task.kind,
        "kind_text": kind.words.of(language) if kind else task.kind,
        "title": title_of(task.kind, task.facts).of(language),
        "facts": task.facts,
        "division_code": task.division_code,
        "bureau": task.bureau,
        "bureau_text": BUREAU_NAMES[task.bureau].of(language),
        "subject": subject,
        "decision_id": task.decision_id,
        "state": task.state,
        "state_text": STATE_NAMES[task.state].of(language),
        "late": task.is_late(today),
        "person": task.person,
        "opened_on": task.opened_on,
        "opened_by": task.opened_by,
        "due_on": task.due_on,
        "due_text": task.due_term[language] if task.due_term else None,
        "basis": [_write_basis(one, language) for one in task.basis],
        "changed_at": task.changed_at,
    }


def write_step(event: TaskEvent, language: Language) -> dict[str, Any]:
    """Return a step as it is answered."""
    return {
        "step": event.kind,
        "step_text": STEP_NAMES[event.kind].of(language),
        "person": event.person,
        "note": event.note,
        "documents": list(event.documents or ()),
        "due_on": event.due_on,
        "actor": event.actor,
        "happened_at": event.happened_at,
    }


def write_with_steps(
    task: Task, events: Sequence[TaskEvent], today: date, language: Language
) -> dict[str, Any]:
    """Return a task with its history."""
    steps = [write_step(event, language) for event in events]
    return {**write_task(task, today, language), "steps": steps}


def _write_basis(stored: Mapping[str, Any], language: Language) -> dict[str, str]:
    mark = stored["verification"]
    return {
        "document": Text(**stored["document"]).of(language),
        "article": Text(**stored["article"]).of(language),
        "verification": mark,
        "verification_text": VERIFICATION_NAMES[mark].of(language),
    }


def _read_key(day: str | None, number: str) -> DueKey:
    return DueKey(None if day is None else date.fromisoformat(day), UUID(number))


def write_due_key(last: Task) -> str:
    """Return the cursor for the page after a task."""
    return pack_cursor(last.due_on, str(last.id))


DueCursor = cursor_of(DueKey, _read_key)
