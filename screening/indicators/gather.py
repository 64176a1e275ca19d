"""What does the register know that the indicators count? (shell)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from parcels.codes import WHOLE_COUNTRY
from parcels.register.repository import last_change, today
from parcels.register.statements import Statements, as_known_now, fetch
from screening.indicators.account import Fall, Material
from screening.indicators.farmland import Measure, Unit
from screening.indicators.periods import Period
from screening.indicators.plots import Plot
from screening.indicators.rectifications import Rectification

SQL: Final = Statements(Path(__file__).parents[1] / "sql" / "indicators.sql")


def gather_indicators(
    connection: sa.Connection, division: str, period: Period
) -> Material:
    """Return what the indicators of a division and period count."""
    as_of = min(period.last, today(connection))
    values = {
        "division": "" if division == WHOLE_COUNTRY else division,
        "as_of": as_of,
        "year": period.year,
        "year_begins": date(period.year, 1, 1),
    }

    def read(name: str) -> list[dict[str, Any]]:
        return fetch(connection, as_known_now(SQL[name]), values)

    rows = read("measures")
    by_object: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_object[row["object_id"]].append(row)
    units = read("units")
    held = {row["object_id"] for row in units}
    return Material(
        division,
        period,
        as_of,
        last_change(connection),
        [_unit(row, by_object[row["object_id"]]) for row in units],
        {
            (row["division_code"], row["code"]): [
                _told(one) for one in by_object[row["object_id"]]
            ]
            for row in units
            if by_object[row["object_id"]]
        },
        [row["code"] for row in rows if row["object_id"] not in held],
        [Plot(**row) for row in read("plots")],
        [Rectification(**row) for row in read("rectifications")],
        [Fall(**row) for row in read("warnings")],
        {row["code"]: (row["name_zh"], row["name_en"]) for row in read("names")},
    )


def _unit(row: Mapping[str, Any], measures: list[dict[str, Any]]) -> Unit:
    return Unit(
        row["division_code"],
        row["township_code"],
        row["code"],
        row["mapped_area_m2"],
        row["category"],
        row["pollution_level"],
        [
            Measure(
                one["code"],
                one["measure"],
                one["area_m2"],
                bool(one["evidence"] or one["file_id"]),
                one["produce_samples"],
                one["produce_compliant"],
            )
            for one in measures
        ],
    )


_TOLD: Final = (
    "code",
    "measure",
    "area_m2",
    "done_on",
    "responsible_person",
    "evidence",
    "produce_samples",
    "produce_compliant",
)


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(row[name]) for name in _TOLD}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
