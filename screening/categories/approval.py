"""Who says that a proposed division may come into force? (service).

Somebody else than who proposed it, whose role may, with the document that says so.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from psycopg.rows import tuple_row

from parcels.register.statements import Statements, fetch
from screening.categories.proposed import DivisionNotPossible, check_division
from screening.gate import AskedBy
from screening.runs.repository import Run

_SQL: Final = Statements(Path(__file__).parents[1] / "sql" / "category_divisions.sql")


def find_approval(connection: sa.Connection, run_id: UUID) -> dict[str, Any] | None:
    """Return who approved a division, with document and time."""
    rows = fetch(connection, _SQL["approval"], {"id": run_id})
    return dict(rows[0]) if rows else None


def approve(
    connection: sa.Connection, run: Run, by: AskedBy, document: str, note: str | None
) -> None:
    """Approve the division a run proposed.

    Raises
    ------
    RunNotDone
        If it has no result.
    DivisionNotPossible
        If it is no division, was approved before, or is the approver's own.
    """
    check_division(run)
    values: dict[str, Any] = {"id": run.id}
    ((proposer,),) = fetch(connection, _SQL["proposer"], values, tuple_row)
    if proposer == by.client_id:
        raise DivisionNotPossible(
            "own_proposal",
            "划分方案不能由提出者本人批准。",
            "who proposed a division cannot approve it.",
        )
    values |= {
        "approver": by.name,
        "client_id": by.client_id,
        "document": document,
        "note": note,
    }
    if not fetch(connection, _SQL["approve"], values):
        raise DivisionNotPossible(
            "approved_before",
            "该划分方案已经批准。",
            "this division has been approved already.",
        )
