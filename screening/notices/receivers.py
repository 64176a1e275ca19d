"""Who is sent notices, and what became of them? (service).

A receiver belongs to the client that registered it; administrators see those of their
divisions. Row-level security keeps them apart.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from psycopg.rows import tuple_row

from parcels.refusal import Refusal
from parcels.register.statements import Statements, execute, fetch
from screening.notices.outbox import EventType
from screening.notices.signature import SECRET_BYTES

_SQL: Final = Statements(Path(__file__).parents[1] / "sql" / "notices.sql")
MOST_RECEIVERS: Final = 10
"""Receivers of one client at most (project default)."""


class ReceiverNotFound(LookupError):
    """The caller has no such receiver, or it has no such notice."""


class TooManyReceivers(Refusal):
    """The client has as many receivers as it may have."""

    def __init__(self) -> None:
        super().__init__(
            "too_many_receivers",
            f"每个客户端最多登记 {MOST_RECEIVERS} 个回调地址；请先删除不用的。",
            f"A client may have {MOST_RECEIVERS} receivers; remove one first.",
        )


def add_receiver(
    connection: sa.Connection,
    client_id: UUID,
    scope: str,
    url: str,
    events: Sequence[EventType],
) -> tuple[dict[str, Any], bytes]:
    """Register a checked address; return the receiver and its secret.

    Raises
    ------
    TooManyReceivers
        If the client has enough.
    """
    ((count,),) = fetch(connection, _SQL["count"], {"client_id": client_id}, tuple_row)
    if count >= MOST_RECEIVERS:
        raise TooManyReceivers
    secret = secrets.token_bytes(SECRET_BYTES)
    values = {
        "client_id": client_id,
        "division_code": scope,
        "url": url,
        "events": sorted(set(events)),
        "secret": secret,
    }
    ((receiver_id,),) = fetch(connection, _SQL["add"], values, tuple_row)
    return get_receiver(connection, receiver_id), secret


def list_receivers(connection: sa.Connection) -> list[dict[str, Any]]:
    """Return every receiver the caller may see, the latest first."""
    return fetch(connection, _SQL["list"], {"id": None})


def get_receiver(connection: sa.Connection, receiver_id: UUID) -> dict[str, Any]:
    """Return a receiver.

    Raises
    ------
    ReceiverNotFound
        If the caller has none of that id.
    """
    rows = fetch(connection, _SQL["list"], {"id": receiver_id})
    if not rows:
        raise ReceiverNotFound(str(receiver_id))
    return dict(rows[0])


def rotate_secret(connection: sa.Connection, receiver_id: UUID) -> bytes:
    """Give a receiver another secret and return it; the earlier signs too for a day.

    Raises
    ------
    ReceiverNotFound
        If the caller has none of that id.
    """
    secret = secrets.token_bytes(SECRET_BYTES)
    values = {"id": receiver_id, "secret": secret}
    ((rotated,),) = fetch(connection, _SQL["rotate"], values, tuple_row)
    if not rotated:
        raise ReceiverNotFound(str(receiver_id))
    return secret


def remove_receiver(connection: sa.Connection, receiver_id: UUID) -> None:
    """Send a receiver nothing any more.

    Raises
    ------
    ReceiverNotFound
        If the caller has none of that id.
    """
    if not execute(connection, _SQL["remove"], {"id": receiver_id}):
        raise ReceiverNotFound(str(receiver_id))


def list_deliveries(
    connection: sa.Connection,
    receiver_id: UUID,
    *,
    state: str | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """Return notices to a receiver, the latest first.

    Raises
    ------
    ReceiverNotFound
        If the caller has none of that id.
    """
    get_receiver(connection, receiver_id)
    values = {
        "webhook_id": receiver_id,
        "state": state,
        "before": before,
        "limit": limit,
    }
    return fetch(connection, _SQL["deliveries"], values)


def send_again(connection: sa.Connection, receiver_id: UUID, delivery_id: UUID) -> None:
    """Have a notice sent again under its own id.

    Raises
    ------
    ReceiverNotFound
        If the caller has no such receiver, or it no such notice.
    """
    get_receiver(connection, receiver_id)
    values = {"id": delivery_id, "webhook_id": receiver_id}
    if not execute(connection, _SQL["again"], values):
        raise ReceiverNotFound(str(delivery_id))
