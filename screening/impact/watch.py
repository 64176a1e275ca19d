"""Which decisions must be weighed again because of which changes? (service).

One round takes up the decisions that have arrived and compares, by boxes, everything
watched with every change since the last round. A decision arrives with its own commit,
however late: it is then compared with all changes after the one it saw. So none can
slip between a change and a decision that were made side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa
from psycopg.rows import tuple_row

from parcels.register.statements import Statements, execute, fetch

_SQL: Final = Statements(Path(__file__).parents[1] / "sql" / "impact.sql")
_ONE_AT_A_TIME: Final = 726020
AT_ONCE: Final = 500
"""Decisions taken up in one transaction; a project default."""


@dataclass(frozen=True, slots=True)
class Check:
    """A decision that is to be weighed again because of a change near it.

    Attributes
    ----------
    number
        Number of the change.
    due_on, begins
        The day in law to ask for; whether the change was known before and begins or
        ends to count on that day.
    layers
        Layers the change touched within reach.
    counts
        Whether the decision is still one that can be affected.
    affected
        Whether it is affected already.
    """

    decision_id: UUID
    change_id: int
    number: int
    due_on: date
    begins: bool
    record: Any
    layers: tuple[str, ...]
    counts: bool
    affected: bool = False

    @property
    def key(self) -> dict[str, Any]:
        """What names it in the database."""
        return {
            "decision_id": self.decision_id,
            "change_id": self.change_id,
            "due_on": self.due_on,
        }


def compare_with_changes(connection: sa.Connection, far_m: float) -> list[UUID] | None:
    """Take up arrived decisions and compare what is watched with what has changed.

    Parameters
    ----------
    connection
        A transaction of the whole country's rights, READ COMMITTED: each statement
        must see what was committed before it.
    far_m
        How far any rule may look, metres.

    Returns
    -------
    list of UUID or None
        Decisions taken up, `AT_ONCE` at most; None when another worker is at it.
    """
    locked = connection.scalar(
        sa.select(sa.func.pg_try_advisory_xact_lock(_ONE_AT_A_TIME))
    )
    if not locked:
        return None
    # Changes up to `head` are committed; statements after this one see them all.
    (state,) = fetch(connection, _SQL["progress"], {})
    taken = fetch(
        connection, _SQL["watch"], {"most": AT_ONCE, "far_m": far_m}, tuple_row
    )
    late = [decision for decision, seen in taken if seen < state["number"]]
    if late:
        execute(connection, _SQL["compare_new"], {**state, "decisions": late})
    if state["head"] > state["number"]:
        execute(connection, _SQL["compare"], state)
    if state["today"] > state["day"]:
        execute(connection, _SQL["compare_days"], state)
        execute(connection, _SQL["unwatch"], state)
    if (state["head"], state["today"]) != (state["number"], state["day"]):
        execute(connection, _SQL["advance"], state)
    return [decision for decision, _ in taken]


def next_check(connection: sa.Connection) -> Check | None:
    """Return the next decision to weigh; nobody else gets it in this transaction."""
    rows = fetch(connection, _SQL["next"], {})
    if not rows:
        return None
    (row,) = rows
    counts = not row["over"] and row["state"] not in ("annulled", "replaced", "expired")
    return Check(
        row["decision_id"],
        row["change_id"],
        row["number"],
        row["due_on"],
        row["begins"],
        orjson.loads(row["record"]),
        tuple(row["layers"] or ()),
        counts,
        row["state"] == "affected",
    )


def is_touched(connection: sa.Connection, check: Check, boxes: dict[str, Any]) -> bool:
    """Tell whether the change touched anything the decision may rest on.

    `boxes` are the search boxes of the decision's question.
    """
    values = {
        "change_id": check.change_id,
        "layers": list(check.layers),
        "parcel_codes": check.record["subject"]["parcel_codes"],
        "shore_box": None,
        **boxes,
    }
    (row,) = fetch(connection, _SQL["touches"], values)
    return bool(row["touches"])


def end_check(connection: sa.Connection, check: Check) -> None:
    """Say that a decision was weighed against a change."""
    execute(connection, _SQL["weighed"], check.key)


def put_off_check(connection: sa.Connection, check: Check, failure: str) -> None:
    """Say that weighing failed; it is tried again, ever later, an hour at most."""
    execute(connection, _SQL["put_off"], {**check.key, "failure": failure[:2000]})
