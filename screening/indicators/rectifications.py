"""Which rectification tasks of the year are struck off? (core).

整治任务完成比例 (ZZ 三(五)1: at least 60 % by the end of November 2019; R-E08). Done is
what was checked and struck off (销号): a report that nobody has checked is none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from parcels.texts import Text
from screening.indicators.rate import Row


@dataclass(frozen=True, slots=True)
class Rectification:
    """A rectification task that was opened in the year and not withdrawn.

    What an officer wrote stands as he wrote it in both languages.
    """

    division_code: str
    task_id: str
    problem: str
    problem_en: str
    due_on: date | None
    struck_off_on: date | None


def count_rectifications(tasks: Iterable[Rectification], as_of: date) -> list[Row]:
    """Return the row of each task as it stood on a day."""
    return [_count(one, as_of) for one in tasks]


def _count(task: Rectification, as_of: date) -> Row:
    done = task.struck_off_on is not None and task.struck_off_on <= as_of
    late = not done and task.due_on is not None and task.due_on < as_of
    if done:
        why = Text(f"{task.struck_off_on} 销号", f"struck off on {task.struck_off_on}")
    elif late:
        why = Text(f"逾期（{task.due_on}）未销号", f"late since {task.due_on}")
    else:
        why = Text("未销号", "not struck off")
    return Row(
        task.division_code,
        None,
        task.task_id,
        1.0,
        1.0 if done else 0.0,
        0.0,
        0.0,
        "counted" if done else "not_counted",
        why,
        {
            "problem": {"zh": task.problem, "en": task.problem_en},
            "due_on": task.due_on and str(task.due_on),
        },
    )
