"""Ask the gate for a caller, on the day of the database (shell)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa

from app.schemas.gate_request import Asked
from app.security.principals import Principal
from parcels.refusal import Refusal, insist
from parcels.register.repository import transaction_time
from screening.gate import AskedBy, Gate, Question
from screening.inquiry import OutsideJurisdiction, ParcelNotFound, ParcelReplaced
from screening.rule_set import SubjectInTwoRuleSets
from screening.subject import InvalidSubjectGeometry

IMPOSSIBLE: Final = (
    InvalidSubjectGeometry,
    OutsideJurisdiction,
    ParcelNotFound,
    ParcelReplaced,
    SubjectInTwoRuleSets,
)
"""Refusals of a subject about which nothing can be decided (rule I04)."""


def asked_by(asker: Principal) -> AskedBy:
    """Return a caller as a decision names him."""
    return AskedBy(asker.client_id, asker.name, asker.role, asker.scope)


def ask_today(
    gate: Gate, connection: sa.Connection, asker: Principal, asked: Asked
) -> dict[str, Any]:
    """Return the record of a decision on the day of the transaction.

    Raises
    ------
    ParcelNotFound, ParcelReplaced, InvalidSubjectGeometry, OutsideJurisdiction,
    SubjectInTwoRuleSets
        See `IMPOSSIBLE`; nothing is decided then.
    DecisionNotFound, DecisionNoLonger, OtherMatter
        If the question replaces a decision that it cannot replace.
    """
    (answer,) = ask_several_today(
        gate, connection, asker, [asked.question], dry_run=asked.dry_run
    )
    return insist(answer)


def ask_several_today(
    gate: Gate,
    connection: sa.Connection,
    asker: Principal,
    questions: Sequence[Question],
    *,
    dry_run: bool = False,
) -> list[dict[str, Any] | Refusal]:
    """Return for each question what `ask_today` returns, or the refusal it raises."""
    today = transaction_time(connection).date()
    asked_today = [
        replace(question, request=replace(question.request, as_of=today))
        for question in questions
    ]
    return gate.ask_several(connection, asked_by(asker), asked_today, dry_run=dry_run)


def goes_with_others(body: object) -> bool:
    """Tell whether a body asks the plain question, of one parcel.

    Those that wait together are asked together. What may take long, or ends another
    decision, or is not kept, is asked alone.
    """
    if not isinstance(body, Mapping) or body.get("replaces") or body.get("dry_run"):
        return False
    subject = body.get("subject")
    return isinstance(subject, Mapping) and list(subject) == ["parcel_code"]
