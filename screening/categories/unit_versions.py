"""How does the register take over the pieces of a division? (shell).

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

import shapely
import sqlalchemy as sa
from geoalchemy2.elements import WKBElement

from parcels.analytes import find_analyte
from parcels.area import measure_area
from parcels.codes import WHOLE_COUNTRY
from parcels.crs import STORAGE_SRID
from parcels.register import history
from parcels.register.layers import FARMLAND_UNIT
from parcels.register.statements import Statements, fetch
from screening.categories.proposed import DivisionNotPossible, Piece
from screening.runs.repository import Run

_SQL: Final = Statements(Path(__file__).parents[1] / "sql" / "category_divisions.sql")
_NUMBERED: Final = re.compile(r"\d{12}[ⅠⅡⅢ]?")


@dataclass(slots=True)
class Written:
    """What was changed, as it is kept piece by piece.

    Attributes
    ----------
    rows
        Division, object, unit, code, category before and after, area in m2.
    """

    rows: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, piece: Piece, object_id: int, code: str, area_m2: float) -> None:
        """Note a piece and the object that holds it now."""
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


def write_pieces(
    connection: sa.Connection,
    change: history.Change,
    pieces: Sequence[Piece],
    on: date,
) -> Written:
    """Open versions for the pieces that change something; return what was changed."""
    written = Written()
    parts = Counter(piece.values["unit_code"] for piece in pieces)
    standing: dict[str, dict[str, Any]] = {}
    for piece in sorted(pieces, key=lambda one: not one.first):
        unit = piece.values["unit_code"]
        same_ground = parts[unit] == 1 and not piece.values["slivers_merged"]
        if same_ground and not piece.values["changed"]:
            continue
        if piece.first:
            kept = _revise(connection, change, piece, on, same_ground, written)
            standing[unit] = kept
        else:
            _begin(connection, change, piece, on, standing[unit], written)
    return written


def _revise(
    connection: sa.Connection,
    change: history.Change,
    piece: Piece,
    on: date,
    same_ground: bool,
    written: Written,
) -> dict[str, Any]:
    """Let a unit's object go on with another category, code or boundary."""
    unit = piece.values["unit_code"]
    old = _standing(connection, piece, on)
    code = piece.values["new_code"] if _NUMBERED.fullmatch(unit) else unit
    values = {"code": code, **_said(piece)}
    area_m2 = old["mapped_area_m2"]
    if not same_ground:
        values |= _ground(piece)
        area_m2 = values["mapped_area_m2"]
    history.replace_version(connection, change, FARMLAND_UNIT, unit, values, on)
    written.add(piece, old["object_id"], code, area_m2)
    return old


def _begin(
    connection: sa.Connection,
    change: history.Change,
    piece: Piece,
    on: date,
    old: Mapping[str, Any],
    written: Written,
) -> None:
    """Enter a part that was cut off as an object of its own."""
    own = {"version_id", "opened_by", "closed_by"}
    object_id = history.next_object_id(connection)
    values = {
        **{name: value for name, value in old.items() if name not in own},
        "object_id": object_id,
        "code": piece.values["new_code"],
        "registered_area_m2": None,
        "valid_from": on,
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


def end_merged(
    connection: sa.Connection,
    change: history.Change,
    run: Run,
    division: str,
    pieces: Sequence[Piece],
    on: date,
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
            history.end_object(connection, change, FARMLAND_UNIT, row["code"], on)
