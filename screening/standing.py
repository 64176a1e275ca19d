"""What became of a decision since it was made? (service).

A decision never changes. That it was annulled, replaced by a later one, or that the
register changed under it is written beside it, and everybody who asks of it is told:
the first that holds of annulled, replaced, affected, expired, in_force.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from uuid import UUID

import sqlalchemy as sa

from parcels.refusal import Refusal
from parcels.register.statements import Statements, execute, fetch

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


@dataclass(frozen=True, slots=True)
class Standing:
    """How a decision stands today, and every event that made it so, in their order."""

    state: State
    events: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Doer:
    """Who writes it: name, and key or session when there is one."""

    name: str
    client_id: UUID | None = None


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
    return _end(connection, decision_id, by, "annulled", reason, None)


def replace_decision(
    connection: sa.Connection, decision_id: UUID, by: Doer, successor: UUID
) -> Standing | None:
    """Write that a later decision stands in the place of this one.

    Raises
    ------
    DecisionNoLonger
        If it was annulled or replaced before.
    """
    return _end(connection, decision_id, by, "replaced", None, successor)


def note_affected(
    connection: sa.Connection, decision_ids: Sequence[UUID], by: Doer, change_id: int
) -> int:
    """Write that a change of the register touched these decisions; return how many.

    What was written before for the same change is not written again.
    """
    return _add(
        connection, decision_ids, by, "affected", reason=None, change_id=change_id
    )


def _end(
    connection: sa.Connection,
    decision_id: UUID,
    by: Doer,
    kind: Literal["annulled", "replaced"],
    reason: str | None,
    successor: UUID | None,
) -> Standing | None:
    _wait_for_others(connection, decision_id)
    standing = find_standing(connection, decision_id)
    if standing is None:
        return None
    if standing.state in ("annulled", "replaced"):
        raise DecisionNoLonger(standing.state)
    _add(connection, [decision_id], by, kind, reason=reason, successor=successor)
    return find_standing(connection, decision_id)


def _wait_for_others(connection: sa.Connection, decision_id: UUID) -> None:
    """Let nobody else end the same decision until this transaction is over."""
    key = decision_id.int & 0x7FFFFFFFFFFFFFFF
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


def _add(
    connection: sa.Connection,
    decision_ids: Sequence[UUID],
    by: Doer,
    kind: str,
    *,
    reason: str | None,
    successor: UUID | None = None,
    change_id: int | None = None,
) -> int:
    values = {
        "ids": list(decision_ids),
        "kind": kind,
        "reason": reason,
        "actor": by.name,
        "client_id": by.client_id,
        "by_decision": successor,
        "change_id": change_id,
    }
    return execute(connection, _SQL["add"], values)
