"""How does a proposed division come into force? (service).

A run proposes; somebody else, whose role may, approves it with the document that says
so; then it is put into force from a day on, once, as one change of the register. Each
piece of land it changes keeps old and new category, reason, evidence and approver. A
county whose priority protection shrinks is warned (R-C19).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa
from psycopg.rows import tuple_row

from parcels.codes import WHOLE_COUNTRY
from parcels.register import history
from parcels.register.edit import lock_county
from parcels.register.statements import Statements, execute, fetch
from parcels.tasks.model import Doer
from screening.categories.approval import find_approval
from screening.categories.falls import open_fall_tasks
from screening.categories.proposed import (
    DivisionNotPossible,
    Piece,
    check_division,
    list_pieces,
)
from screening.categories.unit_versions import Written, end_merged, write_pieces
from screening.gate import AskedBy
from screening.runs.repository import Run

_SQL: Final = Statements(Path(__file__).parents[1] / "sql" / "category_divisions.sql")
_PRIORITY: Final = "priority_protection"
LEAST_FALL_M2: Final = 0.01
"""Fall of a county's priority protection that is more than rounding."""


@dataclass(frozen=True, slots=True)
class Terms:
    """From when a division shall hold, and why (划分结果生效)."""

    on: date
    reason: str
    evidence: tuple[str, ...]


def find_adoption(connection: sa.Connection, run_id: UUID) -> dict[str, Any] | None:
    """Return how a division was put into force, with the warnings it raised."""
    rows = fetch(connection, _SQL["adoption"], {"id": run_id})
    if not rows:
        return None
    warnings = fetch(connection, _SQL["warnings"], {"id": run_id})
    return {**rows[0], "warnings": [dict(row) for row in warnings]}


def list_changes(
    connection: sa.Connection,
    division: str,
    *,
    unit: str | None = None,
    after: int | None = None,
    limit: int,
) -> list[dict[str, Any]]:
    """Return changes of category below a division, the latest first."""
    values = {
        "division": "" if division == WHOLE_COUNTRY else division,
        "unit": unit,
        "after": after,
        "limit": limit,
    }
    return [dict(row) for row in fetch(connection, _SQL["history"], values)]


def adopt(
    connection: sa.Connection, run: Run, terms: Terms, by: AskedBy
) -> dict[str, Any]:
    """Put an approved division into force; return what it changed.

    One change, numbered by the last statement: the caller commits and does nothing
    else before.

    Raises
    ------
    DivisionNotPossible
        If it is not approved, in force already, partial in its elements, or farmland
        of the division has changed since the run saw it or changes after the day.
    """
    check_division(run)
    division = str(run.parameters.get("division", run.division_code))
    pieces = list_pieces(connection, run)
    # Of two adoptions at once the second sees what the first has done.
    _lock(connection, pieces)
    approval = _check_open(connection, run)
    _check_unmoved(connection, run, division, terms)
    change = history.open_change(
        connection,
        actor=by.name,
        division_code=division,
        reason=f"farmland_categories: {terms.reason}",
    )
    written = write_pieces(connection, change, pieces, terms.on)
    end_merged(connection, change, run, division, pieces, terms.on)
    falls = _priority_falls(pieces)
    summary = _summary(pieces, written, falls)
    _keep(connection, run, division, change, terms, by, approval, written, summary)
    for county, (before, after) in falls.items():
        values = {"id": run.id, "county": county, "on": terms.on}
        execute(connection, _SQL["warn"], values | {"before": before, "after": after})
        open_fall_tasks(connection, run.id, county, (before, after), Doer(by.name))
    history.number_change(connection, change)
    return summary


def _check_open(connection: sa.Connection, run: Run) -> dict[str, Any]:
    approval = find_approval(connection, run.id)
    if approval is None:
        raise DivisionNotPossible(
            "not_approved",
            "划分方案尚未批准。",
            "the division has not been approved.",
        )
    if find_adoption(connection, run.id) is not None:
        raise DivisionNotPossible(
            "in_force_already",
            "该划分方案已经生效。",
            "this division is in force already.",
        )
    if "elements" in run.parameters:
        raise DivisionNotPossible(
            "not_all_elements",
            "只按部分元素划分的结果只能作参考，不能生效。",
            "a division by some elements only is for orientation and cannot come into"
            " force.",
        )
    return approval


def _lock(connection: sa.Connection, pieces: Sequence[Piece]) -> None:
    for county in sorted({piece.values["division_code"][:6] for piece in pieces}):
        lock_county(connection, county)


def _check_unmoved(
    connection: sa.Connection, run: Run, division: str, terms: Terms
) -> None:
    prefix = "" if division == WHOLE_COUNTRY else division
    values = {"division": prefix, "known_at": run.known_at}
    ((moved,),) = fetch(connection, _SQL["moved"], values, tuple_row)
    if moved:
        raise DivisionNotPossible(
            "register_moved",
            "划分之后农用地单元已有变动；请在现状上重新划分。",
            "farmland units have changed since the run; divide them anew.",
        )
    if terms.on < run.as_of:
        raise DivisionNotPossible(
            "before_the_run",
            f"生效日 {terms.on} 早于划分所依据的日期 {run.as_of}。",
            f"the day {terms.on} is before {run.as_of}, which the run looked at.",
        )


def _priority_falls(pieces: Sequence[Piece]) -> dict[str, tuple[float, float]]:
    """Return, by county, priority protection before and after where it shrinks."""
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for piece in pieces:
        county, area = piece.values["division_code"][:6], piece.values["area_m2"]
        before[county] += area if piece.values["category_before"] == _PRIORITY else 0
        after[county] += area if piece.values["category"] == _PRIORITY else 0
    return {
        county: (float(before[county]), float(after[county]))
        for county in sorted(before)
        if before[county] - after[county] >= LEAST_FALL_M2
    }


def _summary(
    pieces: Sequence[Piece],
    written: Written,
    falls: Mapping[str, tuple[float, float]],
) -> dict[str, Any]:
    areas: Counter[str] = Counter()
    for piece in pieces:
        areas[piece.values["category"]] += piece.values["area_m2"]
    return {
        "pieces": len(pieces),
        "changed": len(written.rows),
        "area_m2": {name: round(area, 2) for name, area in sorted(areas.items())},
        "warned_counties": list(falls),
    }


def _keep(
    connection: sa.Connection,
    run: Run,
    division: str,
    change: history.Change,
    terms: Terms,
    by: AskedBy,
    approval: Mapping[str, Any],
    written: Written,
    summary: Mapping[str, Any],
) -> None:
    said = {
        "id": run.id,
        "on": terms.on,
        "reason": terms.reason,
        "evidence": list(terms.evidence),
    }
    adoption = {"division": division, "actor": by.name, "change": change.id}
    told = {"summary": orjson.dumps(summary).decode()}
    execute(connection, _SQL["adopt"], said | adoption | told)
    columns = list(zip(*written.rows, strict=True)) or [()] * 7
    names = (
        "divisions",
        "objects",
        "units",
        "codes",
        "before",
        "categories",
        "areas",
    )
    lists = {name: list(one) for name, one in zip(names, columns, strict=True)}
    by_whom = {"approver": approval["approver"], "document": approval["document"]}
    execute(connection, _SQL["note"], said | lists | by_whom)
