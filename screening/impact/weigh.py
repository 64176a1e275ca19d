"""Would the same question be answered otherwise since a change? (service).

The recorded question is asked of the register as it was known before the change and
after it, for the day of the decision and for today: what differs comes of the change
and of nothing else. What begins to count on a later day is asked on that day, as
against the day before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import orjson
import sqlalchemy as sa

from parcels.ledger.canonical import canonical_bytes
from parcels.register.repository import Moment
from screening.gate import Gate, Question
from screening.impact.answer import Answer, describe_difference
from screening.impact.watch import Check
from screening.inquiry import OutsideJurisdiction, ParcelNotFound, ParcelReplaced
from screening.record import write_judgement
from screening.recorded import read_recorded
from screening.replay import question_of, scope_of
from screening.request import GateRequest
from screening.rule_set import SubjectInTwoRuleSets

IMPOSSIBLE = (
    OutsideJurisdiction,
    ParcelNotFound,
    ParcelReplaced,
    SubjectInTwoRuleSets,
)
"""Refusals that a change of the register can bring about."""


@dataclass(frozen=True, slots=True)
class Effect:
    """That an answer is another: since which day in law, and in which rules.

    `stands_again`: the change gave an affected decision its first answer back.
    """

    since: date
    difference: Mapping[str, Any]
    stands_again: bool = False


def read_question(record: Mapping[str, Any]) -> Question:
    """Return the question of a recorded decision."""
    return question_of(record, read_recorded(GateRequest, record["request"]))


def weigh(
    connection: sa.Connection,
    gate: Gate,
    check: Check,
    *,
    today: date,
    head: int,
) -> Effect | None:
    """Return what a change does to a decision; None when it would be made the same.

    Parameters
    ----------
    connection
        A transaction that sees the divisions of whoever asked, no more.
    head
        A number that every change to consider is not above.
    """
    ask = _asker(connection, gate, check.record)
    for before, after in _pairs(check, today, head):
        difference = describe_difference(ask(before), ask(after))
        if difference is not None:
            again = check.affected and _is_first_answer(check, ask, after, today)
            return Effect(after.as_of, difference, again)
    return None


def _is_first_answer(
    check: Check, ask: Callable[[Moment], Answer], after: Moment, today: date
) -> bool:
    """Tell whether what was decided holds again, for its own day and for today."""
    decided_on = date.fromisoformat(check.record["as_of"])
    first = Answer(check.record["decision"])
    return all(
        describe_difference(first, _written(ask(Moment(day, after.known_at)))) is None
        for day in sorted({decided_on, max(decided_on, today)})
    )


def _written(answer: Answer) -> Answer:
    """Return an answer as a record would hold it."""
    if answer.judgement is None:
        return answer
    return Answer(orjson.loads(canonical_bytes(answer.judgement)))


def _pairs(check: Check, today: date, head: int) -> list[tuple[Moment, Moment]]:
    decided_on = date.fromisoformat(check.record["as_of"])
    if check.begins:
        day = check.due_on
        if day <= decided_on:
            return []
        return [(Moment(day - timedelta(days=1), head), Moment(day, head))]
    return [
        (Moment(day, check.number - 1), Moment(day, check.number))
        for day in sorted({decided_on, max(decided_on, today)})
    ]


def _asker(
    connection: sa.Connection, gate: Gate, record: Mapping[str, Any]
) -> Callable[[Moment], Answer]:
    question, scope = read_question(record), scope_of(record)

    def ask(moment: Moment) -> Answer:
        request = replace(question.request, as_of=moment.as_of)
        asked = replace(question, request=request)
        try:
            found = gate.work_out(connection, scope, asked, moment)
        except IMPOSSIBLE as refusal:
            return Answer(None, refusal)
        return Answer(write_judgement(found.decision))

    return ask
