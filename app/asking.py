"""Ask the gate for a caller, on the day of the database (shell)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa

from app.schemas.gate_request import Asked
from app.security.principals import Principal
from parcels.register.repository import transaction_time
from screening.gate import AskedBy, Gate
from screening.inquiry import OutsideJurisdiction, ParcelNotFound, ParcelReplaced
from screening.rule_set import SubjectInTwoRuleSets
from screening.standing import DecisionNoLonger, DecisionNotFound, OtherMatter
from screening.subject import InvalidSubjectGeometry

IMPOSSIBLE: Final = (
    InvalidSubjectGeometry,
    OutsideJurisdiction,
    ParcelNotFound,
    ParcelReplaced,
    SubjectInTwoRuleSets,
)
"""Refusals of a subject about which nothing can be decided (rule I04)."""
NOT_REPLACED: Final = (DecisionNotFound, DecisionNoLonger, OtherMatter)
"""Refusals of a question that names a decision it cannot replace."""


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
        See `NOT_REPLACED`.
    """
    today = transaction_time(connection).date()
    question = replace(
        asked.question, request=replace(asked.question.request, as_of=today)
    )
    return gate.ask(connection, asked_by(asker), question, dry_run=asked.dry_run)
