"""May this transaction go ahead, and on what ground? The use case (service).

Request → subject → what the register says around it → facts → rules → decision →
record. Everything is read in one snapshot; the decision carries the number of the last
change that snapshot saw. Nothing after the reading does I/O until the record is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa
from psycopg.rows import tuple_row
from shapely.geometry.base import BaseGeometry

from parcels.ledger.append import columns_of, new_entry_id, salted_entry
from parcels.ledger.canonical import canonical_bytes
from parcels.ledger.head import SignedHead
from parcels.ledger.tree import latest_head_ahead
from parcels.refusal import Refusal, attempt, insist
from parcels.register.repository import Moment, span_of_days, transaction_time
from parcels.register.statements import (
    Statements,
    execute_at_commit,
    fetch,
    wkb_with_srid,
)
from parcels.tasks.model import Doer
from screening.decide import Decision, judge
from screening.engine import describe_engine
from screening.extract import Extract
from screening.facts import Facts, derive_facts
from screening.inquiry import Inquirer, Inquiry
from screening.neighbourhood import Subject
from screening.query_log import keeping_division, log_extract
from screening.record import Identity, make_record
from screening.request import GateRequest
from screening.rule_set import RuleSets, RulesInForce
from screening.standing import Matter, Replaced, find_replaced, replace_decision

_SQL: Final = Statements(Path(__file__).parent / "sql" / "decision.sql")
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_CHARACTERS: Final = 16
"""Sixteen characters of 5 bits: 80 random bits, the proof of having been shown one."""


@dataclass(frozen=True, slots=True)
class AskedBy:
    """Who asks: written into the decision as its actor (查询人)."""

    client_id: UUID
    name: str
    role: str
    scope: str


@dataclass(frozen=True, slots=True)
class Question:
    """A request with the land it is about: parcels by code, or a polygon."""

    request: GateRequest
    parcel_codes: tuple[str, ...] = ()
    geometry: BaseGeometry | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What was read, what follows from it, and by which rules."""

    extract: Extract
    facts: Facts
    rules: RulesInForce
    decision: Decision


class Gate:
    """The gate with the rule sets of this deployment; holds no other state."""

    def __init__(self, rule_sets: RuleSets) -> None:
        self.rule_sets = rule_sets
        self.inquirer = Inquirer(rule_sets)
        # Read while the files are those that were loaded.
        describe_engine()

    def ask(
        self,
        connection: sa.Connection,
        asked_by: AskedBy,
        question: Question,
        *,
        dry_run: bool = False,
        replaced_by: Doer | None = None,
    ) -> dict[str, Any]:
        """Return the record of a decision, kept unless it is a dry run.

        Of a kept one `ledger` stands beside the record: the ledger's entry, which
        holds the record's digest and so cannot be a part of it.

        Parameters
        ----------
        connection
            A transaction of the caller, in one snapshot (REPEATABLE READ).
        replaced_by
            Through whom an earlier decision is replaced, where that is not who asks.

        Raises
        ------
        ParcelNotFound, ParcelReplaced, InvalidSubjectGeometry, OutsideJurisdiction
            If no possible subject was named (rule I04): nothing is decided.
        SubjectInTwoRuleSets
            If the subject lies under two rule sets.
        DecisionNotFound, OtherMatter, DecisionNoLonger
            If the request replaces a decision that cannot be replaced.
        """
        (answer,) = self.ask_several(
            connection,
            asked_by,
            [question],
            dry_run=dry_run,
            replaced_by=replaced_by,
        )
        return insist(answer)

    def ask_several(
        self,
        connection: sa.Connection,
        asked_by: AskedBy,
        questions: Sequence[Question],
        *,
        dry_run: bool = False,
        replaced_by: Doer | None = None,
    ) -> list[dict[str, Any] | Refusal]:
        """Return for each question what `ask` returns, or the refusal it raises.

        The register is read for all of them together; for what is refused nothing is
        written.

        Parameters
        ----------
        questions
            At least one, all of one day, no two about to replace the same decision.
        """
        (day,) = {question.request.as_of for question in questions}
        head = None if dry_run else latest_head_ahead(connection)
        found = self._work_out(connection, asked_by.scope, questions, Moment(day))
        if head is None:
            answer = partial(_answer_dry_run, connection, asked_by)
        else:
            answer = partial(_answer, connection, asked_by, replaced_by, head())
        return [
            attempt(answer, question, judged) if isinstance(judged, Judged) else judged
            for question, judged in zip(questions, found, strict=True)
        ]

    def work_out(
        self,
        connection: sa.Connection,
        scope: str,
        question: Question,
        moment: Moment,
    ) -> Judged:
        """Read what the register says at a moment and judge it; nothing is kept.

        Raises what `ask` raises; a subject is never too intricate.
        """
        (found,) = self._work_out(
            connection, scope, [question], moment, at_any_cost=True
        )
        return insist(found)

    def _work_out(
        self,
        connection: sa.Connection,
        scope: str,
        questions: Sequence[Question],
        moment: Moment,
        *,
        at_any_cost: bool = False,
    ) -> list[Judged | Refusal]:
        inquiries = [
            Inquiry(one.parcel_codes, one.geometry, one.request, at_any_cost)
            for one in questions
        ]
        extracts = self.inquirer.inquire_several(connection, inquiries, moment, scope)
        return [
            attempt(self._judge, extract, question.request, moment)
            if isinstance(extract, Extract)
            else extract
            for question, extract in zip(questions, extracts, strict=True)
        ]

    def _judge(self, extract: Extract, request: GateRequest, moment: Moment) -> Judged:
        rules = self.rule_sets.find(extract.subject.division_codes).at(moment.as_of)
        facts = derive_facts(extract, request, rules.parameters)
        return Judged(extract, facts, rules, judge(facts, rules, request.opinions))


def _answer(
    connection: sa.Connection,
    asked_by: AskedBy,
    replaced_by: Doer | None,
    head: SignedHead | None,
    question: Question,
    judged: Judged,
) -> dict[str, Any]:
    """Return the record of a decision and keep it."""
    extract = judged.extract
    recorded_at = transaction_time(connection)
    replaced = _find_replaced(connection, question, extract.subject)
    identity = _identity(keeping_division(extract.subject, asked_by.scope), recorded_at)
    record = _record(asked_by, question, judged, recorded_at, identity, replaced, head)
    leaf_hash = _keep(connection, asked_by, record, extract, recorded_at)
    if replaced is not None:
        by = replaced_by or Doer(asked_by.name, asked_by.client_id)
        replace_decision(connection, replaced, by, UUID(record["id"]))
    return _with_entry(record, leaf_hash)


def _answer_dry_run(
    connection: sa.Connection, asked_by: AskedBy, question: Question, judged: Judged
) -> dict[str, Any]:
    """Return the record of a decision that is not kept; that it was asked is."""
    recorded_at = transaction_time(connection)
    record = _record(asked_by, question, judged, recorded_at)
    log_extract(
        connection,
        asked_by,
        judged.extract,
        "dry_run",
        request=record["request"],
        outcome=record["decision"]["outcome"],
    )
    return record


def _record(
    asked_by: AskedBy,
    question: Question,
    judged: Judged,
    recorded_at: datetime,
    identity: Identity | None = None,
    replaced: Replaced | None = None,
    head: SignedHead | None = None,
) -> dict[str, Any]:
    return make_record(
        identity=identity,
        recorded_at=recorded_at,
        asked_by=asked_by,
        division_code=keeping_division(judged.extract.subject, asked_by.scope),
        request=question.request,
        extract=judged.extract,
        facts=judged.facts,
        decision=judged.decision,
        valid_days=judged.rules.parameters.decision_validity_days,
        engine=describe_engine(),
        replaces=replaced.named() if replaced else None,
        ledger_head=head.shown() if head else None,
    )


@dataclass(frozen=True, slots=True)
class DecisionFilter:
    """Which decisions a list shows; None means any.

    `recorded_from` and `recorded_to` are days in Asia/Shanghai, both included. `ids`
    empty means any.
    """

    transaction: str | None = None
    outcome: str | None = None
    parcel_code: str | None = None
    recorded_from: date | None = None
    recorded_to: date | None = None
    ids: Sequence[UUID] = ()


def find_decision(connection: sa.Connection, decision_id: UUID) -> Any | None:
    """Return the record of a decision of the caller's divisions; None without one.

    `ledger` stands beside it as `Gate.ask` gives it.
    """
    rows = fetch(connection, _SQL["find"], {"id": decision_id}, tuple_row)
    if not rows:
        return None
    ((written, leaf_hash),) = rows
    return _with_entry(orjson.loads(written), leaf_hash)


def find_record(connection: sa.Connection, decision_id: UUID) -> bytes | None:
    """Return a decision's record as it was written; None without one."""
    rows = fetch(connection, _SQL["find"], {"id": decision_id}, tuple_row)
    return bytes(rows[0][0]) if rows else None


def list_decisions(
    connection: sa.Connection,
    wanted: DecisionFilter,
    *,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """Return decisions of the caller's divisions, the latest first.

    `before` is the time and id of the last decision of the page before.
    """
    time, decision_id = before or (None, None)
    begins, over = span_of_days(wanted.recorded_from, wanted.recorded_to)
    parameters = {
        "ids": list(wanted.ids) or None,
        "transaction": wanted.transaction,
        "outcome": wanted.outcome,
        "parcel_code": wanted.parcel_code,
        "recorded_from": begins,
        "recorded_before": over,
        "before_time": time,
        "before_id": decision_id,
        "limit": limit,
    }
    return fetch(connection, _SQL["list"], parameters)


def _find_replaced(
    connection: sa.Connection, question: Question, subject: Subject
) -> Replaced | None:
    request = question.request
    if request.replaces is None:
        return None
    codes = frozenset(parcel.code for parcel in subject.parcels)
    matter = Matter(request.transaction.value, codes, subject.geometry)
    return find_replaced(connection, UUID(request.replaces), matter)


def _with_entry(record: dict[str, Any], leaf_hash: bytes | None) -> dict[str, Any]:
    if leaf_hash is None:
        # Somebody removed the entry: `jingtu ledger verify` will name it.
        return {**record, "ledger": None}
    return {**record, "ledger": {"entry": record["id"], "leaf_hash": leaf_hash.hex()}}


def _identity(division_code: str, recorded_at: datetime) -> Identity:
    chance = secrets.randbits(5 * _RANDOM_CHARACTERS)
    characters = "".join(
        _ALPHABET[chance >> 5 * place & 31] for place in range(_RANDOM_CHARACTERS)
    )
    number = f"JT-{division_code}-{recorded_at:%Y%m%d}-{characters}"
    return Identity(new_entry_id(recorded_at), number)


def _keep(
    connection: sa.Connection,
    asked_by: AskedBy,
    record: dict[str, Any],
    extract: Extract,
    recorded_at: datetime,
) -> bytes:
    """Write the record and its entry in the ledger; return the entry's leaf hash."""
    written = canonical_bytes(record)
    digest = hashlib.sha256(written)
    entry = salted_entry(
        UUID(record["id"]),
        "decision",
        record["division_code"],
        recorded_at,
        {
            "actor": asked_by.name,
            "certificate_number": record["certificate_number"],
            "client": str(asked_by.client_id),
            "outcome": record["decision"]["outcome"],
            "record_sha256": digest.hexdigest(),
        },
    )
    execute_at_commit(
        connection,
        _SQL["record"],
        {
            **columns_of(entry),
            "certificate_number": record["certificate_number"],
            "transaction": record["request"]["transaction"],
            "outcome": record["decision"]["outcome"],
            "parcel_codes": record["subject"]["parcel_codes"],
            "as_of": extract.as_of,
            "change_number": extract.known_at,
            "valid_until": record["valid_until"],
            "client_id": asked_by.client_id,
            "actor": asked_by.name,
            "record": written,
            "record_sha256": digest.digest(),
            "geom": wkb_with_srid(bytes.fromhex(record["subject"]["geometry_wkb"])),
        },
    )
    return entry.leaf_hash
