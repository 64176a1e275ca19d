"""Would the same be decided again, and if not, which rule says otherwise? (service).

From the record: the recorded facts are judged again, without the register. Under the
same rule set and engine the answer is the same; after a change of either the
difference is shown rule by rule. From the register: everything is read and measured
again as it was known then (生效日 and change number of the record), and must give the
same record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import orjson
import sqlalchemy as sa

from parcels.ledger.canonical import canonical_bytes
from parcels.register.repository import Moment
from screening.comparison import Comparison, compare_decisions, list_differing
from screening.decide import judge
from screening.engine import describe_engine
from screening.facts import Facts
from screening.gate import AskedBy, Gate, Question
from screening.record import (
    Identity,
    make_record,
    plain,
    subject_geometry,
    write_judgement,
)
from screening.recorded import read_recorded
from screening.request import GateRequest
from screening.rule_set import RuleSet, RuleSets

Source = Literal["record", "register"]

_REREAD = ("subject", "facts", "themes", "valid_until")
"""Members of a record that a replay from the register makes again."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of judging again.

    Attributes
    ----------
    decision
        The replayed decision as records hold it.
    comparison
        Where it differs from the recorded one.
    reread
        From the register: what was read or measured otherwise, as `facts.plots`.
    rule_set, engine
        Those that were used now.
    """

    source: Source
    decision: Mapping[str, Any]
    comparison: Comparison
    reread: tuple[str, ...]
    rule_set: Mapping[str, str]
    engine: Mapping[str, str]

    @property
    def is_equal(self) -> bool:
        """Whether the same was found, to the last text and digit."""
        return self.comparison.is_equal and not self.reread


def replay_from_record(rule_sets: RuleSets, record: Mapping[str, Any]) -> Replay:
    """Judge the recorded facts again.

    Raises
    ------
    FactNotRecorded
        If the record is older than a fact that the rules of today read.
    """
    facts = read_recorded(Facts, record["facts"])
    rules = _rule_set_of(rule_sets, record).at(facts.as_of)
    opinions = read_recorded(GateRequest, record["request"]).opinions
    decision = _written(write_judgement(judge(facts, rules, opinions)))
    return Replay(
        "record",
        decision,
        compare_decisions(record["decision"], decision),
        (),
        plain(rules.rule_set),
        describe_engine(),
    )


def replay_from_register(
    connection: sa.Connection, gate: Gate, record: Mapping[str, Any]
) -> Replay:
    """Read the register again as it was known then, and decide.

    Parameters
    ----------
    connection
        A transaction that sees the divisions of whoever asked then, no more: another
        county's plots are told otherwise than one's own.

    Raises
    ------
    Refusal
        If the subject is no longer found as it was known.
    """
    request = read_recorded(GateRequest, record["request"])
    moment = Moment(request.as_of, record["data_versions"]["change"])
    by, scope = record["asked_by"], scope_of(record)
    asked_by = AskedBy(UUID(int=0), by["name"], by["role"], scope)
    found = gate.work_out(connection, scope, question_of(record, request), moment)
    again = _written(
        make_record(
            identity=Identity(UUID(record["id"]), record["certificate_number"]),
            recorded_at=datetime.fromisoformat(record["recorded_at"]),
            asked_by=asked_by,
            division_code=record["division_code"],
            request=request,
            extract=found.extract,
            facts=found.facts,
            decision=found.decision,
            valid_days=found.rules.parameters.decision_validity_days,
            engine=describe_engine(),
            ledger_head=record.get("ledger_head"),
        )
    )
    return Replay(
        "register",
        again["decision"],
        compare_decisions(record["decision"], again["decision"]),
        tuple(_list_reread(record, again)),
        again["rule_set"],
        again["engine"],
    )


def scope_of(record: Mapping[str, Any]) -> str:
    """Return the divisions of whoever asked; the decision's in records without."""
    scope: str = record["asked_by"].get("scope", record["division_code"])
    return scope


def question_of(record: Mapping[str, Any], request: GateRequest) -> Question:
    """Return a request with the land its record says it was about."""
    codes = record["subject"]["parcel_codes"]
    if codes:
        return Question(request, tuple(codes))
    return Question(request, geometry=subject_geometry(record))


def _rule_set_of(rule_sets: RuleSets, record: Mapping[str, Any]) -> RuleSet:
    """Return the rule set of that name; where it is gone, the one of the place."""
    wanted = record["rule_set"]["id"]
    for rule_set in rule_sets.sets:
        if rule_set.ref.id == wanted:
            return rule_set
    return rule_sets.find(record["subject"]["division_codes"])


def _list_reread(record: Mapping[str, Any], again: Mapping[str, Any]) -> list[str]:
    found = []
    for name in _REREAD:
        one, other = record.get(name), again[name]
        if isinstance(one, dict) and isinstance(other, dict):
            found += [f"{name}.{each}" for each in list_differing(one, other)]
        elif one != other:
            found.append(name)
    return found


def _written(document: Mapping[str, Any]) -> Any:
    """Return a document as it reads after having been written."""
    return orjson.loads(canonical_bytes(document))
