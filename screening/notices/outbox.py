"""How is a notice written down, so that it is sent for certain? (shell).

In the transaction of what it tells of, one row for each receiver; a worker sends them.
The body is written once, as canonical bytes (RFC 8785), and signed as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

import sqlalchemy as sa

from parcels.ledger.canonical import canonical_bytes
from parcels.register.statements import Statements, execute_at_commit

_SQL: Final = Statements(Path(__file__).parents[1] / "sql" / "notices.sql")

EventType = Literal[
    "decision.affected",
    "decision.stands_again",
    "decision.replaced",
    "decision.annulled",
    "decision.opinion",
    "consultation.reminder",
    "plot.event",
    "plot.succession",
]
PLOT_EVENTS: Final[frozenset[EventType]] = frozenset({"plot.event", "plot.succession"})
"""What is told of plots; only who reads plots may register for it."""


def queue_notice(
    connection: sa.Connection,
    event: EventType,
    division_code: str,
    happened_at: datetime,
    data: Mapping[str, Any],
) -> None:
    """Write, with the commit, a notice for everyone who asked for that event.

    `data` holds texts, integers, booleans, None, lists and objects of them.
    """
    body = {"type": event, "timestamp": happened_at.isoformat(), "data": dict(data)}
    values = {
        "event": event,
        "division_code": division_code,
        "body": canonical_bytes(body),
    }
    execute_at_commit(connection, _SQL["queue"], values)


def name_decision(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what tells a receiver which decision a notice is about."""
    return {
        "decision": record["id"],
        "certificate_number": record["certificate_number"],
        "reference": record["request"].get("reference"),
        "division_code": record["division_code"],
        "parcel_codes": record["subject"]["parcel_codes"],
        "transaction": record["request"]["transaction"],
    }
