"""How does a proposed division come into force? (service).

A run proposes; somebody else, whose role may, approves it with the document that says
so; then it is put into force from a day on, once, as one change of the register. Each
piece of land it changes keeps old and new category, reason, evidence and approver. A
county whose priority protection shrinks is warned (R-C19).

A unit keeps its object: where it is cut, its largest piece goes on under the unit's
number, the others are new objects. A code of the form county, serial, numeral changes
with the category.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson
import shapely
import sqlalchemy as sa
from geoalchemy2.elements import WKBElement
from psycopg.rows import tuple_row
from shapely.geometry.base import BaseGeometry

from parcels.analytes import find_analyte
from parcels.area import measure_area
from parcels.codes import WHOLE_COUNTRY
from parcels.crs import STORAGE_SRID
from parcels.refusal import Refusal
from parcels.register import history
from parcels.register.edit import lock_county
from parcels.register.layers import FARMLAND_UNIT
from parcels.register.statements import Statements, execute, fetch
from parcels.tasks.model import Doer
from screening.categories.falls import open_fall_tasks
from screening.gate import AskedBy
from screening.runs.repository import Run, RunNotDone

_SQL: Final = Statements(Path(__file__).parents[1] / "sql" / "category_divisions.sql")
_NUMBERED: Final = re.compile(r"\d{12}[ⅠⅡⅢ]?")
_PRIORITY: Final = "priority_protection"
LEAST_FALL_M2: Final = 0.01
"""Fall of a county's priority protection that is more than rounding."""


class DivisionNotPossible(Refusal):
    """A division cannot be approved or put into force as asked; it says why."""


@dataclass(frozen=True, slots=True)
class Terms:
    """From when a division shall hold, and why (划分结果生效)."""

    on: date
    reason: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece as the run proposed it."""

    values: Mapping[str, Any]
    geometry: BaseGeometry

    @property
    def first(self) -> bool:
        """Whether it goes on with its unit's object."""
        return bool(self.values["part"] == 1)


@dataclass(slots=True)
class _Written:
    """What was changed, as it is kept piece by piece."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, piece: Piece, object_id: int, code: str, area_m2: float) -> None:
        values = piece.values
        self.rows.append(
            (
                values["division_code"],
                object_id,
                values["unit_code"],
                code,
                values["category_before"],
                values["category"],
                area_m2,
            )
        )


def compare(connection: sa.Connection, run: Run) -> list[dict[str, Any]]:
    """Return area by county, township, category in force and category proposed."""
    return [dict(row) for row in fetch(connection, _SQL["compare"], {"id": run.id})]


def find_approval(connection: sa.Connection, run_id: UUID) -> dict[str, Any] | None:
    """Return who approved a division, with document and time."""
    rows = fetch(connection, _SQL["approval"], {"id": run_id})
    return dict(rows[0]) if rows else None


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


def check_division(run: Run) -> None:
    """Refuse a run that is no division of farmland, or has no result."""
    if run.kind != "farmland_categories":
        raise DivisionNotPossible(
            "no_division",
            "该筛查任务不是类别划分。",
            "this run is no division of farmland.",
        )
    if run.state != "done":
        raise RunNotDone(run.state)


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
    written = _Written()
    change = history.open_change(
        connection,
        actor=by.name,
        division_code=division,
        reason=f"farmland_categories: {terms.reason}",
    )
    _write(connection, change, pieces, terms, written)
    _end_merged(connection, change, run, division, pieces, terms)
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


def list_pieces(connection: sa.Connection, run: Run) -> list[Piece]:
    """Return every piece a run proposes, unit by unit."""
    rows = fetch(connection, _SQL["pieces"], {"id": run.id})
    return [Piece(row["values"], shapely.from_wkb(bytes(row["geom"]))) for row in rows]


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


def _write(
    connection: sa.Connection,
    change: history.Change,
    pieces: Sequence[Piece],
    terms: Terms,
    written: _Written,
) -> None:
    parts = Counter(piece.values["unit_code"] for piece in pieces)
    standing: dict[str, dict[str, Any]] = {}
    for piece in sorted(pieces, key=lambda one: not one.first):
        unit = piece.values["unit_code"]
        same_ground = parts[unit] == 1 and not piece.values["slivers_merged"]
        if same_ground and not piece.values["changed"]:
            continue
        if piece.first:
            kept = _revise(connection, change, piece, terms, same_ground, written)
            standing[unit] = kept
        else:
            _begin(connection, change, piece, terms, standing[unit], written)


def _revise(
    connection: sa.Connection,
    change: history.Change,
    piece: Piece,
    terms: Terms,
    same_ground: bool,
    written: _Written,
) -> dict[str, Any]:
    """Let a unit's object go on with another category, code or boundary."""
    unit = piece.values["unit_code"]
    old = _standing(connection, piece, terms.on)
    code = piece.values["new_code"] if _NUMBERED.fullmatch(unit) else unit
    values = {"code": code, **_said(piece)}
    area_m2 = old["mapped_area_m2"]
    if not same_ground:
        values |= _ground(piece)
        area_m2 = values["mapped_area_m2"]
    history.replace_version(connection, change, FARMLAND_UNIT, unit, values, terms.on)
    written.add(piece, old["object_id"], code, area_m2)
    return old


def _begin(
    connection: sa.Connection,
    change: history.Change,
    piece: Piece,
    terms: Terms,
    old: Mapping[str, Any],
    written: _Written,
) -> None:
    """Enter a part that was cut off as an object of its own."""
    own = {"version_id", "opened_by", "closed_by"}
    object_id = history.next_object_id(connection)
    values = {
        **{name: value for name, value in old.items() if name not in own},
        "object_id": object_id,
        "code": piece.values["new_code"],
        "registered_area_m2": None,
        "valid_from": terms.on,
        **_said(piece),
        **_ground(piece),
    }
    history.insert_version(connection, change, FARMLAND_UNIT, values)
    written.add(piece, object_id, values["code"], values["mapped_area_m2"])


def _standing(connection: sa.Connection, piece: Piece, on: date) -> dict[str, Any]:
    """Return the version of a unit in force on a day, and that nothing follows it."""
    unit = piece.values["unit_code"]
    division = piece.values["division_code"]
    versions = [
        row
        for row in history.open_versions(connection, FARMLAND_UNIT, unit)
        if row["division_code"] == division
    ]
    here = [row for row in versions if row["valid_from"] <= on]
    if not here or len(here) < len(versions) or here[-1]["valid_to"] is not None:
        raise DivisionNotPossible(
            "unit_not_in_force",
            f"单元 {unit} 在 {on} 没有长期有效的版本；请另选生效日或重新划分。",
            f"unit {unit} has no version in force on {on} that lasts; take another day"
            " or divide anew.",
        )
    return here[-1]


def _said(piece: Piece) -> dict[str, Any]:
    targets = piece.values["target_pollutants"]
    return {
        "category": piece.values["category"],
        "target_pollutants": [_name(one) for one in targets.split(";")]
        if targets
        else None,
    }


def _name(code: str) -> str:
    """Return an element as the register and its surveys write it."""
    known = find_analyte(code)
    return code if known is None else known.name_zh


def _ground(piece: Piece) -> dict[str, Any]:
    many = shapely.multipolygons(shapely.get_parts(piece.geometry))
    return {
        "geom": WKBElement(shapely.to_wkb(many), srid=STORAGE_SRID),
        "mapped_area_m2": measure_area(many),
    }


def _end_merged(
    connection: sa.Connection,
    change: history.Change,
    run: Run,
    division: str,
    pieces: Sequence[Piece],
    terms: Terms,
) -> None:
    """End units the run saw all of whose ground went into others.

    Units that begin after the day the run looked at are none of its business.
    """
    prefix = "" if division == WHOLE_COUNTRY else division
    rows = fetch(connection, _SQL["in_force"], {"division": prefix, "on": run.as_of})
    held = {
        (piece.values["division_code"], piece.values[name])
        for piece in pieces
        for name in ("unit_code", "new_code")
    }
    for row in rows:
        if (row["division_code"], row["code"]) not in held:
            history.end_object(connection, change, FARMLAND_UNIT, row["code"], terms.on)


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
    written: _Written,
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
    written: _Written,
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
