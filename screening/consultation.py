"""A department answers what it was asked (征求意见). The use case (service).

Decisions never change: an opinion makes a new decision of the same question, from the
register as it is then, that stands in the place of the one it was given on and holds
the opinion in full. So does its withdrawal. The opinions of a question go with it from
decision to decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
import sqlalchemy as sa
from psycopg.rows import tuple_row

from parcels.documents.repository import check_stored
from parcels.ledger.append import append_entry, new_entry_id, salted_entry
from parcels.refusal import Refusal
from parcels.register.repository import transaction_time
from parcels.register.statements import Statements, fetch
from parcels.tasks.model import UNDER_WAY, Doer, Due, Move, NewTask
from parcels.tasks.repository import (
    TaskFilter,
    find_tasks,
    note_reminder,
    open_tasks,
)
from parcels.tasks.steps import take_step
from parcels.texts import Text
from screening.gate import Question
from screening.notices.outbox import name_decision, queue_notice
from screening.opinion import Department, Opinion, Position, departments_of
from screening.parameters import marked_source
from screening.record import plain
from screening.recorded import read_recorded
from screening.replay import question_of
from screening.request import GateRequest
from screening.rule_set import RuleSets

_SQL: Final = Statements(Path(__file__).parent / "sql" / "consultation.sql")
KIND: Final = "consultation"


class NothingAsked(Refusal):
    """The decision asks that department nothing, or not about those rules."""

    def __init__(self, department: Department, rules: Sequence[str]) -> None:
        zh, en = "、".join(rules), ", ".join(rules)
        super().__init__(
            "nothing_asked",
            f"该意见书没有{f'就 {zh} ' if rules else ''}向 {department} 征求意见。",
            f"The decision does not ask {department}{f' about {en}' if rules else ''}.",
        )


class AnsweredAlready(Refusal):
    """The department has an opinion on these rules that stands."""

    def __init__(self, rules: Sequence[str]) -> None:
        super().__init__(
            "answered_already",
            f"对 {'、'.join(rules)} 已有有效意见；如需改变，请先撤回。",
            f"There is an opinion on {', '.join(rules)} already; withdraw it first.",
        )


class OpinionNotFound(LookupError):
    """The decision has no such opinion, or it was withdrawn."""


@dataclass(frozen=True, slots=True)
class NewOpinion:
    """What a department says; `rules` empty means all it was asked about."""

    department: Department
    position: Position
    reason: str
    rules: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


def list_asked(record: Mapping[str, Any]) -> dict[Department, tuple[str, ...]]:
    """Return the rules of a decision that each department has to answer for."""
    asked: dict[Department, tuple[str, ...]] = {}
    for finding in record["decision"]["findings"]:
        shown = finding["zh"]
        if finding["status"] == "matched" and shown["outcome"] == "consult":
            for department in departments_of(shown["consult"]):
                asked[department] = (*asked.get(department, ()), finding["rule"])
    return asked


def list_waiting(record: Mapping[str, Any], department: Department) -> tuple[str, ...]:
    """Return the rules that a department is asked about and has not answered."""
    answered = {
        rule
        for one in record["request"].get("opinions", [])
        if one["department"] == department and one.get("withdrawn_on") is None
        for rule in one["rules"]
    }
    asked = list_asked(record).get(department, ())
    return tuple(rule for rule in asked if rule not in answered)


def ask_departments(
    connection: sa.Connection, rule_sets: RuleSets, decisions: Sequence[UUID]
) -> None:
    """Open the tasks of consultation that decisions just made ask for."""
    found = fetch(connection, _SQL["asking"], {"decisions": list(decisions)}, tuple_row)
    asked = [
        _task(rule_sets, record, department, rules)
        for record in (orjson.loads(written) for (written,) in found)
        for department, rules in list_asked(record).items()
    ]
    open_tasks(connection, asked, Doer("jingtu"))


def _task(
    rule_sets: RuleSets,
    record: Mapping[str, Any],
    department: Department,
    rules: Sequence[str],
) -> NewTask:
    division = record["division_code"]
    day = date.fromisoformat(record["as_of"])
    numbers = rule_sets.find([division]).at(day).parameters
    days = numbers.consultation_answer_days
    source = numbers.sources["consultation_answer_days"]
    zh, en = marked_source(source.source, source.confidence)
    counted = Text(
        f"自出具之日起 {days} 日（{zh}）", f"{days} days from the decision ({en})"
    )
    return NewTask(
        KIND,
        division,
        department,
        decision_id=UUID(record["id"]),
        facts={"decision": record["certificate_number"], "rules": ", ".join(rules)},
        due=Due(day + timedelta(days=days), counted),
        origin=f"{record['id']}/{department}",
    )


def answer(
    connection: sa.Connection,
    record: Mapping[str, Any],
    new: NewOpinion,
    by: Doer,
) -> Question:
    """Return the question as it is to be asked again, with the opinion.

    Raises
    ------
    NothingAsked, AnsweredAlready
        If the decision does not ask the department about these rules, or has its
        answer.
    FileNotStored
        If it names a file that the decision's division has not.
    """
    earlier = _opinions(record)
    asked = list_asked(record).get(new.department, ())
    rules = new.rules or asked
    answered = {
        rule
        for one in earlier
        if one.stands and one.department == new.department
        for rule in one.rules
    }
    repeated = [rule for rule in rules if rule in answered]
    if repeated or (not rules and answered):
        raise AnsweredAlready(repeated or sorted(answered))
    if not rules or not set(rules) <= set(asked):
        raise NothingAsked(new.department, [r for r in rules if r not in asked])
    for document in new.documents:
        check_stored(connection, document, record["division_code"])
    opinion = Opinion(
        id=str(uuid4()),
        decision=record["id"],
        department=new.department,
        position=new.position,
        rules=tuple(rules),
        reason=new.reason,
        conditions=new.conditions,
        documents=new.documents,
        given_by=by.name,
        given_on=transaction_time(connection).date(),
    )
    return _again(connection, record, (*earlier, opinion))


def withdraw(
    connection: sa.Connection,
    record: Mapping[str, Any],
    opinion_id: str,
    department: Department,
    because: str,
    by: Doer,
) -> Question:
    """Return the question as it is to be asked again without an opinion.

    Raises
    ------
    OpinionNotFound
        If the department has no such opinion on the decision, or it was withdrawn.
    """
    earlier = _opinions(record)
    found = [
        one
        for one in earlier
        if one.id == opinion_id and one.stands and one.department == department
    ]
    if not found:
        raise OpinionNotFound(opinion_id)
    withdrawn = replace(
        found[0],
        withdrawn_on=transaction_time(connection).date(),
        withdrawn_by=by.name,
        withdrawn_because=because,
    )
    kept = tuple(withdrawn if one is found[0] else one for one in earlier)
    return _again(connection, record, kept)


def enter_opinion(
    connection: sa.Connection, record: Mapping[str, Any], question: Question
) -> tuple[str, UUID]:
    """Enter into the ledger the opinion that was given or withdrawn, as it now is.

    Returns the opinion's id and the entry's: it is proved by itself, also where the
    question cannot be asked again and no decision follows.
    """
    earlier = _opinions(record)
    (said,) = [one for one in question.request.opinions or () if one not in earlier]
    now = transaction_time(connection)
    body = {"decision": record["id"], "opinion": plain(said)}
    entry = salted_entry(
        new_entry_id(now), "opinion", record["division_code"], now, body
    )
    append_entry(connection, entry)
    return said.id, entry.id


def tell(
    connection: sa.Connection, earlier: Mapping[str, Any], record: Mapping[str, Any]
) -> None:
    """Write notices that opinions made another decision of an earlier one."""
    opinions = [
        {name: one[name] for name in ("id", "department", "position", "rules")}
        | {"stands": one["withdrawn_on"] is None}
        for one in record["request"]["opinions"]
    ]
    data = {
        **name_decision(earlier),
        "by_decision": record["id"],
        "outcome": record["decision"]["outcome"],
        "opinions": opinions,
    }
    at = transaction_time(connection)
    queue_notice(connection, "decision.opinion", earlier["division_code"], at, data)


def end_task(
    connection: sa.Connection,
    decision_id: UUID,
    department: Department,
    note: str,
    by: Doer,
) -> None:
    """Report the task of a consultation done, when the officer's bureau may."""
    wanted = TaskFilter(
        bureau=department, kind=KIND, states=UNDER_WAY, decision_id=decision_id
    )
    for task in find_tasks(connection, wanted, limit=1):
        take_step(connection, task.id, Move("reported_done", note=note[:2000]), by)


def remind_departments(
    connection: sa.Connection, rule_sets: RuleSets, day: date, by: Doer
) -> int:
    """Remind departments before their last day, and once when it is over.

    Returns how many were reminded. The history of the task tells it, and receivers of
    `consultation.reminder` are told.
    """
    ahead = max(
        each.at(day).parameters.consultation_reminder_days for each in rule_sets.sets
    )
    wanted = {"day": day, "ahead_days": ahead}
    found = fetch(connection, _SQL["to_remind"], wanted)
    due = [row for row in found if _is_due(rule_sets, row, day)]
    for row in due:
        late = row["late"]
        note = (
            f"已逾期，期限为 {row['due_on']}。 Overdue since {row['due_on']}."
            if late
            else f"期限 {row['due_on']} 将至。 Due on {row['due_on']}."
        )
        note_reminder(
            connection,
            row["id"],
            row["division_code"],
            note,
            by,
            due_on=None if late else row["due_on"],
        )
        data = {
            **name_decision(orjson.loads(row["record"])),
            "task": str(row["id"]),
            "department": row["bureau"],
            "due_on": row["due_on"].isoformat(),
            "state": "late" if late else "due_soon",
        }
        at = transaction_time(connection)
        queue_notice(
            connection, "consultation.reminder", row["division_code"], at, data
        )
    return len(due)


def _is_due(rule_sets: RuleSets, row: Mapping[str, Any], day: date) -> bool:
    """Whether a department is to be reminded by the rule set of its division."""
    numbers = rule_sets.find([row["division_code"]]).at(day).parameters
    ahead = timedelta(days=numbers.consultation_reminder_days)
    return bool(row["late"] or row["due_on"] <= day + ahead)


def _opinions(record: Mapping[str, Any]) -> tuple[Opinion, ...]:
    return read_recorded(GateRequest, record["request"]).opinions or ()


def _again(
    connection: sa.Connection,
    record: Mapping[str, Any],
    opinions: tuple[Opinion, ...],
) -> Question:
    request = read_recorded(GateRequest, record["request"])
    changed = replace(
        request,
        as_of=transaction_time(connection).date(),
        replaces=record["id"],
        opinions=opinions,
    )
    return question_of(record, changed)
