"""What became of a decision since it was made? (service).

A decision never changes. That it was annulled, replaced by a later one, or that the
register changed under it is written beside it, and everybody who asks of it is told:
the first that holds of annulled, replaced, affected, expired, in_force.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from uuid import UUID

import orjson
import sqlalchemy as sa
from psycopg.rows import tuple_row
from shapely.geometry.base import BaseGeometry

from parcels.refusal import Refusal
from parcels.register.repository import transaction_time
from parcels.register.statements import (
    Statements,
    ewkb,
    execute,
    execute_at_commit,
    fetch,
)
from parcels.tasks.model import Doer
from screening.notices.outbox import EventType, name_decision, queue_notice

_SQL: Final = Statements(Path(__file__).parent / "sql" / "standing.sql")

State = Literal["in_force", "expired", "affected", "replaced", "annulled"]
"""How a decision stands (意见书现状)."""


class DecisionNoLonger(Refusal):
    """The decision was annulled or replaced; nothing more can become of it."""

    def __init__(self, state: str) -> None:
        zh = {"annulled": "撤销", "replaced": "由新的意见书取代"}[state]
        super().__init__(
            "decision_no_longer",
            f"该意见书已{zh}，不能再次撤销或取代。",
            f"The decision is {state} already and can be neither annulled nor replaced"
            " again.",
        )
        self.state = state


class DecisionNotFound(Refusal):
    """The decision to be replaced is none of the caller's divisions."""

    def __init__(self, decision_id: UUID) -> None:
        super().__init__(
            "replaces",
            f"没有可取代的意见书 {decision_id}；请核对 replaces。",
            f"There is no decision {decision_id} to replace; check `replaces`.",
        )


class OtherMatter(Refusal):
    """The decision to be replaced is about another step, or other land."""

    def __init__(self, certificate_number: str) -> None:
        super().__init__(
            "replaces_other",
            f"意见书 {certificate_number} 的业务环节或土地与本次核查不同，"
            "不是同一事项，不能取代；有误的意见书请撤销。",
            f"{certificate_number} is about another transaction or other land; one"
            " decision replaces another on the same matter alone. What is wrong is"
            " annulled.",
        )


@dataclass(frozen=True, slots=True)
class Matter:
    """What a decision is about: the step and the land (EPSG:4490)."""

    transaction: str
    parcel_codes: frozenset[str]
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Standing:
    """How a decision stands today, and every event that made it so, in their order.

    `checked_up_to` is the last change of the register it was compared with.
    """

    state: State
    events: list[dict[str, Any]]
    checked_up_to: int | None = None


@dataclass(frozen=True, slots=True)
class Replaced:
    """A decision in whose place another is to stand."""

    id: UUID
    certificate_number: str
    recorded_at: str

    def named(self) -> dict[str, str]:
        """Return what the record of the later decision says of it."""
        return {
            "certificate_number": self.certificate_number,
            "recorded_at": self.recorded_at,
        }


def find_standing(connection: sa.Connection, decision_id: UUID) -> Standing | None:
    """Return how a decision of the caller's divisions stands; None without one."""
    rows = fetch(connection, _SQL["standing"], {"id": decision_id})
    return Standing(**rows[0]) if rows else None


def annul_decision(
    connection: sa.Connection, decision_id: UUID, by: Doer, reason: str
) -> Standing | None:
    """Annul a decision for a stated reason; None without such a decision.

    Raises
    ------
    DecisionNoLonger
        If it was annulled or replaced before.
    """
    if _may_end(connection, decision_id) is None:
        return None
    values = _event(decision_id, by, "annulled", reason=reason)
    execute(connection, _SQL["add"], values)
    _tell(connection, decision_id, "decision.annulled", reason=reason)
    return find_standing(connection, decision_id)


def find_replaced(connection: sa.Connection, decision_id: UUID, by: Matter) -> Replaced:
    """Return a decision that may be replaced; until then nobody else can end it.

    It may be by a decision on the same matter: the same transaction, and a parcel of
    the same code or most of the ground (split and merged parcels have other codes).

    Raises
    ------
    DecisionNotFound
        If the caller's divisions have no such decision.
    OtherMatter
        If it is about something else.
    DecisionNoLonger
        If it was annulled or replaced before.
    """
    if _may_end(connection, decision_id) is None:
        raise DecisionNotFound(decision_id)
    record = _read_record(connection, decision_id)
    if record["request"]["transaction"] != by.transaction or not (
        by.parcel_codes.intersection(record["subject"]["parcel_codes"])
        or _shares_ground(connection, decision_id, by.geometry)
    ):
        raise OtherMatter(record["certificate_number"])
    return Replaced(decision_id, record["certificate_number"], record["recorded_at"])


def _shares_ground(
    connection: sa.Connection, decision_id: UUID, geometry: BaseGeometry
) -> bool:
    values = {"id": decision_id, "geom": ewkb(geometry)}
    ((shares,),) = fetch(connection, _SQL["shares_ground"], values, tuple_row)
    return bool(shares)


def replace_decision(
    connection: sa.Connection, replaced: Replaced, by: Doer, successor: UUID
) -> None:
    """Write, with the commit, that a later decision stands in the place of this one."""
    values = _event(replaced.id, by, "replaced", successor=successor)
    # The successor itself is written with the commit.
    execute_at_commit(connection, _SQL["add"], values)
    _tell(connection, replaced.id, "decision.replaced", by_decision=str(successor))


def _tell(
    connection: sa.Connection, decision_id: UUID, event: EventType, **more: str
) -> None:
    """Write notices of what became of a decision."""
    record = _read_record(connection, decision_id)
    happened_at = transaction_time(connection)
    data = {**name_decision(record), **more}
    queue_notice(connection, event, record["division_code"], happened_at, data)


def _read_record(connection: sa.Connection, decision_id: UUID) -> Any:
    ((written,),) = fetch(connection, _SQL["record"], {"id": decision_id}, tuple_row)
    return orjson.loads(written)


def _may_end(connection: sa.Connection, decision_id: UUID) -> Standing | None:
    """Return how a decision stands that may be ended; None without such a decision.

    Nobody else can end it until this transaction is over.
    """
    key = decision_id.int & 0x7FFFFFFFFFFFFFFF
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
    standing = find_standing(connection, decision_id)
    if standing is not None and standing.state in ("annulled", "replaced"):
        raise DecisionNoLonger(standing.state)
    return standing


def _event(
    decision_id: UUID,
    by: Doer,
    kind: Literal["annulled", "replaced"],
    *,
    reason: str | None = None,
    successor: UUID | None = None,
) -> dict[str, Any]:
    return {
        "id": decision_id,
        "kind": kind,
        "reason": reason,
        "actor": by.name,
        "client_id": by.client_id,
        "by_decision": successor,
    }
