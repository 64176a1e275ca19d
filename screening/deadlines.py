"""Which tasks follow from deadlines of the register? Opened, each once (service).

An activity that is required of a plot is due on the day that rule B03 reads: both ask
`screening.facts.plots.find_due_day`, so a task is late exactly when the plot may no
longer be taken back. What was done is reported done; what the register no longer asks
for is withdrawn. Filings and terms of papers come from `parcels.tasks.filings`.

Each function is one pass and may be cut off or run twice: a task's origin opens it
once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from parcels.plots.basis import Basis
from parcels.register.repository import today
from parcels.register.statements import Statements, fetch
from parcels.tasks.calendars import due_in_working_days, read_years
from parcels.tasks.filings import Duty, Filing, Filings, PaperTerm
from parcels.tasks.model import (
    NOT_ENDED,
    UNDER_WAY,
    Doer,
    Due,
    Move,
    NewTask,
    Subject,
    Task,
)
from parcels.tasks.refusals import StepNotPossible
from parcels.tasks.repository import (
    TaskFilter,
    find_tasks,
    open_task,
    open_tasks,
    set_due_day,
)
from parcels.tasks.steps import take_step
from parcels.tasks.terms import CIVIL_CODE, Years
from parcels.texts import Text
from screening.facts.plots import find_due_day
from screening.parameters import Parameters
from screening.rule_set import RuleSets
from screening.survey_term import ground_of_term
from screening.vocabulary import CONTAM, RCR_STAGES

_SQL: Final = Statements(Path(__file__).parent / "sql" / "deadlines.sql")
_REQUIRED: Final = "required_activity"
_EVERY: Final = 10_000_000
_ACTIVITIES: Final = {
    "initial_survey": Text("完成初步调查", "finish the initial survey"),
    "key_unit_survey": Text("完成重点监管单位调查", "finish the key unit's survey"),
    "detailed_survey": Text("完成详细调查", "finish the detailed survey"),
    "risk_assessment": Text("完成风险评估", "finish the risk assessment"),
    "survey_correction": Text("修改调查报告", "correct the survey report"),
}

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Required:
    """An activity required of a plot, and the day it is due."""

    row: Row
    activity: str
    due: Due
    basis: tuple[Basis, ...]

    @property
    def origin(self) -> str:
        anchor = self.row["required_activity_served_on"] or self.due.on
        return f"{self.row['code']}/{self.activity}/{anchor}"

    @property
    def done_on(self) -> date | None:
        found: date | None = self.row["required_activity_done_on"]
        return found


def follow_required(connection: sa.Connection, rule_sets: RuleSets, doer: Doer) -> None:
    """Bring the tasks of required activities up to the register."""
    day = today(connection)
    wanted = {
        (one.row["division_code"], one.origin): one
        for one in _list_required(connection, rule_sets, day)
    }
    kept = find_tasks(
        connection, TaskFilter(kind=_REQUIRED, states=NOT_ENDED), limit=_EVERY
    )
    open_now = {(task.division_code, task.origin): task for task in kept}
    for key, one in wanted.items():
        _follow(connection, one, open_now.get(key), doer)
    for task in kept:
        if (task.division_code, task.origin) not in wanted:
            note = "登记库不再要求此项活动 (no longer required by the register)"
            _step(connection, task, Move("withdrawn", note=note), doer)


def open_filings(connection: sa.Connection, filings: Filings, doer: Doer) -> None:
    """Open the tasks of filings and terms of papers that are to be seen to today."""
    day = today(connection)
    counties = [row["county"] for row in fetch(connection, _SQL["counties"], {})]
    plots = fetch(connection, _SQL["plots"], {"day": day})
    years = read_years(connection)
    new = [
        *(x for one in filings.filings for x in _filing(one, day, counties, plots)),
        *(
            x
            for term in filings.paper_terms
            for x in _paper_tasks(connection, term, day, years)
        ),
    ]
    opened = {
        (task.division_code, task.kind, task.origin)
        for kind in {one.kind for one in new}
        for task in find_tasks(connection, TaskFilter(kind=kind), limit=_EVERY)
    }
    missing = [
        one for one in new if (one.division_code, one.kind, one.origin) not in opened
    ]
    open_tasks(connection, missing, doer)


def _list_required(
    connection: sa.Connection, rule_sets: RuleSets, day: date
) -> Iterator[_Required]:
    for row in fetch(connection, _SQL["required"], {"day": day}):
        parameters = rule_sets.find([row["division_code"]]).at(day).parameters
        due_on = find_due_day(row, row["stage"], parameters)
        if due_on is not None:
            yield _Required(
                row,
                row["required_activity"] or "initial_survey",
                _count(row, due_on, parameters),
                _ground(row, parameters),
            )


def _count(row: Row, due_on: date, parameters: Parameters) -> Due:
    served_on = row["required_activity_served_on"]
    if row["required_activity_due_on"] is not None:
        return Due(due_on, Text("登记库所载期限", "the day on record"))
    months = parameters.initial_survey_term_months
    return Due(
        due_on,
        Text(f"自{served_on}送达起{months}个月", f"{months} months from {served_on}"),
    )


def _ground(row: Row, parameters: Parameters) -> tuple[Basis, ...]:
    """Return on what the term stands; a day the notice sets needs no more."""
    if row["required_activity_due_on"] is not None:
        return ()
    return ground_of_term(parameters), CIVIL_CODE


def _follow(
    connection: sa.Connection, one: _Required, task: Task | None, doer: Doer
) -> None:
    if one.done_on is not None:
        if task is not None and task.state in UNDER_WAY:
            note = f"登记库记载{one.done_on}完成 (done by the register)"
            _step(connection, task, Move("reported_done", note=note), doer)
    elif task is None:
        open_task(connection, _required_task(one), doer)
    elif task.due_on != one.due.on and task.state in UNDER_WAY:
        set_due_day(connection, task, one.due, doer)


def _required_task(one: _Required) -> NewTask:
    words = _ACTIVITIES.get(one.activity, Text(one.activity, one.activity))
    return NewTask(
        _REQUIRED,
        one.row["division_code"],
        "EE",
        Subject("plot", one.row["code"]),
        facts=_facts(words, plot=one.row["code"]),
        basis=one.basis,
        due=one.due,
        origin=one.origin,
    )


def _step(connection: sa.Connection, task: Task, move: Move, doer: Doer) -> None:
    try:
        take_step(connection, task.id, move, doer)
    except StepNotPossible:
        return  # An officer was first; the next pass looks again.


def _filing(
    filing: Filing, day: date, counties: list[str], plots: list[Row]
) -> Iterator[NewTask]:
    year = filing.year_open(day)
    if year is None:
        return
    if filing.plots is None:
        found = {filing.duty.division_of(county) for county in counties}
        for division in sorted(x for x in found if x):
            yield from _filing_tasks(filing, year, division, None)
    for plot in plots if filing.plots else ():
        its = filing.duty.division_of(plot["division_code"])
        if its is not None and _concerns(filing, plot):
            yield from _filing_tasks(filing, year, its, plot["code"])


def _concerns(filing: Filing, plot: Row) -> bool:
    if filing.plots == "held":
        return bool(plot["held"])
    if filing.plots == "aftercare":
        return bool(plot["stage"] == "aftercare")
    return plot["stage"] in CONTAM | RCR_STAGES


def _filing_tasks(
    filing: Filing, year: int, division: str, plot: str | None
) -> Iterator[NewTask]:
    duty, last = filing.duty, filing.due_on(year)
    counted = Text(f"{year}年{filing.month}月{filing.day}日前", f"by {last}")
    for bureau in duty.bureaus:
        yield NewTask(
            "plot_filing" if plot else "filing",
            division,
            bureau,
            Subject("plot", plot) if plot else None,
            facts=_facts(duty.what, year=str(year), **({"plot": plot} if plot else {})),
            basis=(filing.basis_in(year),),
            due=Due(last, counted) if last else None,
            origin="/".join(x for x in (duty.name, str(year), bureau, plot) if x),
        )


def _paper_tasks(
    connection: sa.Connection, term: PaperTerm, day: date, years: Years
) -> Iterator[NewTask]:
    values = {"day": day, "document_type": term.document_type}
    for paper in fetch(connection, _SQL["papers"], values):
        division = term.duty.division_of(paper["division_code"])
        if division is not None:
            yield from _paper_term(term, division, paper, years)


def _paper_term(
    term: PaperTerm, division: str, paper: Row, years: Years
) -> Iterator[NewTask]:
    duty: Duty = term.duty
    for bureau in duty.bureaus:
        yield NewTask(
            "paper_term",
            division,
            bureau,
            Subject("plot", paper["plot_code"]),
            facts=_facts(duty.what, plot=paper["plot_code"]),
            basis=(duty.basis, CIVIL_CODE),
            due=due_in_working_days(paper["dated_on"], term.working_days, years),
            origin=f"{duty.name}/{paper['division_code']}/{paper['code']}/{bureau}",
        )


def _facts(what: Text, **more: str) -> dict[str, str]:
    return {"what_zh": what.zh, "what_en": what.en, **more}
