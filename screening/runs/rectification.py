"""Which task follows from a candidate that an officer confirmed? (service).

整改任务: a candidate of cross-screening becomes a task of its division; a run opens one
task for each of its rows, however often it is confirmed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from parcels.plots.basis import OWN_CHOICE
from parcels.refusal import Refusal
from parcels.tasks.model import Bureau, Due, NewTask, Subject
from parcels.texts import Text
from screening.runs.cross_rows import CANDIDATE
from screening.runs.repository import ResultRow, Run

CONFIRMED_KIND: Final = "cross_screening"
_SET: Final = Text("确认候选时所定", "set when the candidate was confirmed")


class NothingToConfirm(Refusal):
    """The run lists no candidates, or rows that are none were named."""

    def __init__(self, numbers: Sequence[int]) -> None:
        listed = ", ".join(str(number) for number in numbers)
        super().__init__(
            "nothing_to_confirm",
            f"第 {listed} 行不是整治候选；只能确认交叉筛查结果中的候选行。",
            f"Row(s) {listed} are no candidates; only candidates of a cross-screening"
            " can be confirmed.",
        )


def make_tasks(
    run: Run,
    rows: Sequence[ResultRow],
    numbers: Sequence[int],
    bureau: Bureau,
    due_on: date | None,
    person: str | None,
) -> list[NewTask]:
    """Return a task for every candidate that was confirmed.

    Raises
    ------
    NothingToConfirm
        If the run is of another kind, or a number is no candidate's.
    """
    found = {row.number: row for row in rows if row.row.values.get("row") == CANDIDATE}
    wrong = [number for number in numbers if number not in found]
    if run.kind != CONFIRMED_KIND or wrong:
        raise NothingToConfirm(wrong or numbers)
    due = Due(due_on, _SET) if due_on else None
    return [
        _task(run, found[number], bureau, due, person)
        for number in sorted(set(numbers))
    ]


def _task(
    run: Run, found: ResultRow, bureau: Bureau, due: Due | None, person: str | None
) -> NewTask:
    values = found.row.values
    name = values["name"] or values["code"]
    distance, elements = f"{values['distance_m']:.2f}", values["elements"]
    problem = Text(
        f"{name}（{values['code']}）周边 {values['exceeding']} 个点位超过筛选值："
        f"{elements}，最近 {distance} 米",
        f"{name} ({values['code']}): {values['exceeding']} point(s) over the"
        f" screening value near it: {elements}; the nearest {distance} m away",
    )
    return NewTask(
        "rectification",
        values["division_code"],
        bureau,
        Subject(values["theme"], values["code"]),
        facts={"problem": problem.zh, "problem_en": problem.en},
        basis=(OWN_CHOICE,),
        due=due,
        origin=f"run {run.id} row {found.number}",
        person=person,
    )
