"""Which indicators of a plot does the register itself tell? (core).

Sensitive targets and the search radius of 1 km, the population within 500 m after the
survey form of closed and relocated plants (enterprise_risk_screening.md, verified).
"Nothing found" counts only where the themes looked at are covered all around; elsewhere
what was found bounds the value from one side. Distances are from the boundary of the
enterprise: that of its key zones (重点区域) is not kept.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import inf
from typing import Final

from screening.attention.scoring import Measured
from screening.surroundings import Neighbour

SEARCH_M: Final = 1000.0
POPULATION_M: Final = 500.0
NONE_FOUND_M: Final = SEARCH_M
"""Distance that stands for "none within the search radius" in the table's bounds."""

RAINFALL_THEME: Final = "annual_rainfall"
"""Theme of restriction areas whose category is the mean annual rainfall in mm."""

TARGET_THEMES: Final = (
    "receptor",
    "water_source",
    "farmland_unit",
    "nature_reserve",
    "river",
)
"""Kindergartens, schools, homes, hospitals, wells; sources; edible-produce land;
nature reserves; surface water."""
WATER_THEMES: Final = ("receptor", "water_source", "river")
_IMPOSSIBLE_MM: Final = 20_000.0
"""More rain than falls anywhere; such a category is no rainfall."""


def measure_indicators(
    neighbours: Sequence[Neighbour],
    covered: Collection[str],
    across_border: Collection[str],
) -> Mapping[str, Measured]:
    """Return what the register tells of a plot, by indicator.

    Parameters
    ----------
    neighbours
        What lies within `SEARCH_M` of the enterprise.
    covered
        Themes known all around; others are known in part at best.
    across_border
        Themes of which another division has something within the search.
    """
    known = set(covered) - set(across_border)
    targets = [n for n in neighbours if n.feature.theme in TARGET_THEMES]
    waters = [n for n in targets if _is_water(n)]
    measured = {
        "RE_DIST": _nearest(targets, set(TARGET_THEMES) <= known),
        "RE_DISTW": _nearest(waters, set(WATER_THEMES) <= known),
        "RE_POP500": _population(neighbours, "receptor" in known),
    }
    rainfall = _rainfall(neighbours)
    return measured | ({"PA_RAIN": rainfall} if rainfall else {})


def _is_water(neighbour: Neighbour) -> bool:
    feature = neighbour.feature
    if feature.theme == "receptor":
        return feature.category == "well"
    return feature.theme in WATER_THEMES


def _nearest(found: Sequence[Neighbour], all_known: bool) -> Measured:
    """Return the distance to the nearest; what may lie nearer pulls its lower end."""
    placed = [n.distance_m for n in found if n.ring != "cannot_be_placed"]
    doubtful = [n.distance_m for n in found if n.ring == "cannot_be_placed"]
    farthest = min(placed, default=NONE_FOUND_M)
    if not all_known:
        return Measured(0.0, farthest)
    return Measured(min([*doubtful, farthest]), farthest)


def _population(neighbours: Sequence[Neighbour], all_known: bool) -> Measured:
    """Return the people within the ring; receptors without a number leave it open."""
    near = [
        n.feature.attributes.get("population")
        for n in neighbours
        if n.feature.theme == "receptor"
        and n.feature.category != "well"
        and n.distance_m <= POPULATION_M
    ]
    counted = float(sum(people for people in near if people is not None))
    complete = all_known and all(people is not None for people in near)
    return Measured(counted, counted if complete else inf)


def _rainfall(neighbours: Sequence[Neighbour]) -> Measured | None:
    """Return the rainfall of the areas the enterprise lies in, if any is known."""
    values = [
        value
        for n in neighbours
        if n.feature.theme == RAINFALL_THEME and n.ring == "on"
        for value in [_millimetres(n.feature.attributes.get("class"))]
        if value is not None
    ]
    return Measured(min(values), max(values)) if values else None


def _millimetres(text: object) -> float | None:
    try:
        value = float(str(text))
    except ValueError:
        return None
    return value if 0 <= value < _IMPOSSIBLE_MM else None
