"""What is a task, and which step may follow which? (core).

A task (任务) is the duty of one bureau, and where it is known of one person
(落实到具体人员: video conference of 2020-05-12, point two), about a plot, a unit, a
decision or a whole division. It ends by being struck off (销号) once its evidence has
been checked, or by being withdrawn for a stated reason. Whether it is late is a
question of the day: `is_late`; no state says it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from parcels.plots.basis import Basis
from parcels.texts import Text

Bureau = Literal["EE", "NR", "AG", "HC", "DR", "II", "EM", "WR", "FG", "UM", "GOV"]
BUREAU_NAMES: Final[dict[Bureau, Text]] = {
    "EE": Text("生态环境部门", "ecology and environment"),
    "NR": Text("自然资源部门", "natural resources"),
    "AG": Text("农业农村部门", "agriculture and rural affairs"),
    "HC": Text("住房和城乡建设部门", "housing and construction"),
    "DR": Text("发展改革部门", "development and reform"),
    "II": Text("工业和信息化部门", "industry and information"),
    "EM": Text("应急管理部门", "emergency management"),
    "WR": Text("水利部门", "water resources"),
    "FG": Text("林业和草原部门", "forestry and grassland"),
    "UM": Text("城市管理部门", "urban management"),
    "GOV": Text("人民政府", "people's government"),
}
"""Bureaus by their role, named as since 2018 (requirements, Documents)."""

State = Literal["open", "in_progress", "done_awaiting_check", "struck_off", "withdrawn"]
STATE_NAMES: Final[dict[State, Text]] = {
    "open": Text("待办", "open"),
    "in_progress": Text("办理中", "in progress"),
    "done_awaiting_check": Text("已报完成，待核查", "reported done, to be checked"),
    "struck_off": Text("已销号", "struck off"),
    "withdrawn": Text("已撤回", "withdrawn"),
}
UNDER_WAY: Final[tuple[State, ...]] = ("open", "in_progress")
"""States in which the bureau still has to do something; only these can be late."""
NOT_ENDED: Final[tuple[State, ...]] = (*UNDER_WAY, "done_awaiting_check")

Step = Literal[
    "assigned",
    "evidence_added",
    "reported_done",
    "returned",
    "struck_off",
    "withdrawn",
]
STEP_NAMES: Final[dict[str, Text]] = {
    "opened": Text("建立任务", "opened"),
    "assigned": Text("落实责任人", "person assigned"),
    "evidence_added": Text("补充佐证", "evidence added"),
    "reported_done": Text("报告完成", "reported done"),
    "returned": Text("核查退回", "returned by the check"),
    "struck_off": Text("核查销号", "struck off"),
    "withdrawn": Text("撤回", "withdrawn"),
    "due_day_set": Text("确定期限", "due day set"),
    "reminded": Text("催办", "reminded"),
}

_FROM: Final[dict[Step, tuple[State, ...]]] = {
    "assigned": UNDER_WAY,
    "evidence_added": NOT_ENDED,
    "reported_done": UNDER_WAY,
    "returned": ("done_awaiting_check",),
    "struck_off": ("done_awaiting_check",),
    "withdrawn": NOT_ENDED,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """An object of the register: its theme (a layer's name) and its code."""

    theme: str
    code: str


@dataclass(frozen=True, slots=True)
class Due:
    """The day by which it must be done, and how it was counted.

    Attributes
    ----------
    on
        Last day; None where no term is known or a calendar is missing.
    counted
        How it was counted, in words.
    starts_on, working_days
        Start and length of a term in working days, so that it can be counted again
        once a missing calendar is loaded.
    """

    on: date | None
    counted: Text
    starts_on: date | None = None
    working_days: int | None = None


@dataclass(frozen=True, slots=True)
class Doer:
    """Who writes it: name, and key or session when there is one."""

    name: str
    client_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to be opened.

    Attributes
    ----------
    kind
        One of `parcels.tasks.kinds.KINDS`.
    division_code
        Normalised division of the bureau that has to do it.
    subject, decision_id
        What it is about: an object of the register, a decision, or neither (the whole
        division); never both.
    facts
        What the title of the kind names; all texts.
    origin
        What it was opened for, such as the code of an event and the name of its term:
        a second task of the kind, division and origin is never opened.
    """

    kind: str
    division_code: str
    bureau: Bureau
    subject: Subject | None = None
    decision_id: UUID | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    basis: tuple[Basis, ...] = ()
    due: Due | None = None
    origin: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A task as it stands; columns of `registry.task`."""

    id: UUID
    kind: str
    division_code: str
    bureau: Bureau
    subject_theme: str | None
    subject_code: str | None
    decision_id: UUID | None
    facts: Mapping[str, str]
    basis: Sequence[Mapping[str, Any]]
    origin: str | None
    opened_on: date
    due_on: date | None
    due_term: Mapping[str, Any] | None
    state: State
    person: str | None
    opened_by: str
    opened_at: datetime
    changed_at: datetime

    def is_late(self, today: date) -> bool:
        """Whether its last day is over and the bureau has not reported it done."""
        return (
            self.due_on is not None and self.due_on < today and self.state in UNDER_WAY
        )


@dataclass(frozen=True, slots=True)
class TaskEvent:
    """A step on record; columns of `registry.task_event`."""

    id: int
    kind: str
    person: str | None
    note: str | None
    documents: Sequence[UUID] | None
    due_on: date | None
    actor: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Move:
    """A step as an officer takes it."""

    step: Step
    person: str | None = None
    note: str | None = None
    documents: tuple[UUID, ...] = ()


def find_hindrance(task: Task, move: Move, *, has_evidence: bool) -> Text | None:
    """Return what stands in the way of a step; None when nothing does.

    Parameters
    ----------
    has_evidence
        Whether evidence is on record for the task, or comes with the step.
    """
    if task.state not in _FROM[move.step]:
        needed = "、".join(STATE_NAMES[one].zh for one in _FROM[move.step])
        needed_en = ", ".join(STATE_NAMES[one].en for one in _FROM[move.step])
        return Text(
            f"任务现为“{STATE_NAMES[task.state].zh}”；此步骤须在：{needed}",
            f"the task is {STATE_NAMES[task.state].en}; this step needs it to be:"
            f" {needed_en}",
        )
    if move.step == "assigned" and not move.person:
        return Text("须给出责任人 person", "give the person")
    if move.step in ("returned", "withdrawn") and not move.note:
        return Text("须在 note 中写明理由", "give the reason in note")
    if move.step == "evidence_added" and not (move.note or move.documents):
        return Text(
            "须给出佐证：note 或 documents", "give the evidence: note or documents"
        )
    if move.step == "reported_done" and not has_evidence:
        return Text(
            "尚无佐证；请先补充，或随报告提交",
            "no evidence yet; add it first, or send it with the report",
        )
    return None


def state_after(task: Task, move: Move) -> State:
    """Return the state a step leads to."""
    after: dict[Step, State] = {
        "assigned": "in_progress",
        "reported_done": "done_awaiting_check",
        "returned": "in_progress",
        "struck_off": "struck_off",
        "withdrawn": "withdrawn",
    }
    if move.step == "evidence_added" and task.state == "open":
        return "in_progress"
    return after.get(move.step, task.state)
