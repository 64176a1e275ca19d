"""What does a run propose, and how does it differ from what is in force? (shell)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import shapely
import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from parcels.refusal import Refusal
from parcels.register.statements import Statements, fetch
from screening.runs.repository import Run, RunNotDone

_SQL: Final = Statements(Path(__file__).parents[1] / "sql" / "category_divisions.sql")


class DivisionNotPossible(Refusal):
    """A division cannot be approved or put into force as asked; it says why."""


def check_division(run: Run) -> None:
    """Refuse a run that is no division of farmland, or has no result.

    Raises
    ------
    DivisionNotPossible, RunNotDone
    """
    if run.kind != "farmland_categories":
        raise DivisionNotPossible(
            "no_division",
            "该筛查任务不是类别划分。",
            "this run is no division of farmland.",
        )
    if run.state != "done":
        raise RunNotDone(run.state)


def compare(connection: sa.Connection, run: Run) -> list[dict[str, Any]]:
    """Return area by county, township, category in force and category proposed."""
    return [dict(row) for row in fetch(connection, _SQL["compare"], {"id": run.id})]


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece as the run proposed it."""

    values: Mapping[str, Any]
    geometry: BaseGeometry

    @property
    def first(self) -> bool:
        """Whether it goes on with its unit's object."""
        return bool(self.values["part"] == 1)


def list_pieces(connection: sa.Connection, run: Run) -> list[Piece]:
    """Return every piece a run proposes, unit by unit."""
    rows = fetch(connection, _SQL["pieces"], {"id": run.id})
    return [Piece(row["values"], shapely.from_wkb(bytes(row["geom"]))) for row in rows]
