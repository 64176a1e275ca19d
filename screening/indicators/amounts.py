"""How much land was put right, in area? And how much is divided? (core).

Amounts that plans set in 万亩 (R-F03): land in safe use (LS 9), heavily polluted land
restructured or returned to forest and grass (LS 10), land remediated (LS 32). Coverage
of the division into categories (R-E07).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from parcels.texts import Text
from screening.indicators.farmland import Unit, implemented_m2
from screening.indicators.rate import Row
from screening.indicators.settings import Settings
from screening.vocabulary import STRICT_CONTROL, UNCLASSIFIED

MU_M2: Final = 2000 / 3
"""Area of one 亩 in m² (1/15 ha)."""
WAN_MU_M2: Final = 10_000 * MU_M2
_RESTRUCTURED: Final = frozenset({"restructuring", "return_to_forest_grass"})
_REMEDIATED: Final = frozenset({"remediation", "bioremediation"})


def safe_use_m2(rows: Iterable[Row]) -> float:
    """Return the safe-use land that the rate counts (term C), of its rows."""
    return math.fsum(
        row.counted for row in rows if row.facts.get("category") == "safe_use"
    )


def restructured_m2(units: Iterable[Unit], settings: Settings) -> float:
    """Return strict-control land restructured or returned, with evidence."""
    return math.fsum(
        _documented_m2(unit, _RESTRUCTURED, settings)
        for unit in units
        if unit.category == STRICT_CONTROL
    )


def remediated_m2(units: Iterable[Unit], settings: Settings) -> float:
    """Return land that was remediated, with evidence."""
    return math.fsum(_documented_m2(unit, _REMEDIATED, settings) for unit in units)


def _documented_m2(unit: Unit, kinds: frozenset[str], settings: Settings) -> float:
    found = [one for one in unit.measures if one.measure in kinds]
    if settings.evidence_required:
        found = [one for one in found if one.documented]
    return implemented_m2(unit, found, settings)


def count_coverage(units: Iterable[Unit]) -> list[Row]:
    """Return the row of every unit in the coverage of the division (划定覆盖率)."""
    return [_covered(unit) for unit in units]


def _covered(unit: Unit) -> Row:
    done = unit.category not in (None, UNCLASSIFIED)
    why = (
        Text("已划分类别", "has a category") if done else Text("未划分", "no category")
    )
    return Row(
        unit.division_code,
        unit.township_code,
        unit.code,
        unit.area_m2,
        unit.area_m2 if done else 0.0,
        0.0,
        0.0,
        "counted" if done else "not_counted",
        why,
        {"category": unit.category, "area_m2": unit.area_m2},
    )
