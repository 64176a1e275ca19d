"""Which fields of a plot on record does one person not change alone? (core).

What a reviewed report has shown once an event brought it, and where a plot lies that is
more than a lead. They are corrected: one proposes, another approves (T21P, T21F). The
same holds for an edit and for the row of a file. Project's own choice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from parcels.plots.entries import FIRST_STAGE

FINDINGS: Final = frozenset(
    {"soil_standard", "evaluated_class", "target_met", "groundwater_polluted"}
)
"""What reviewed reports show; what an event brought, only a correction changes."""
REACH: Final = ("accuracy_m", "stated_area_m2")
"""What says how far around a point its ground may reach."""
GEOMETRY: Final = "geometry"
"""The name under which a correction speaks of a plot's boundary or place."""
_SAME_DEG: Final = 1e-9


def find_kept_findings(
    before: Mapping[str, Any], wanted: Mapping[str, Any], brought: frozenset[str]
) -> list[str]:
    """Return the findings that are wanted otherwise and that an event has brought.

    Parameters
    ----------
    wanted
        What is said; what is left out stays.
    brought
        Columns that the plot's events have set.
    """
    return [
        name
        for name in sorted(FINDINGS & brought)
        if name in wanted and wanted[name] != before[name]
    ]


def find_moved(
    before: Mapping[str, Any],
    place: BaseGeometry | None,
    wanted: Mapping[str, Any],
    wanted_place: BaseGeometry | None,
) -> list[str]:
    """Return what would move a plot that is more than a lead; nothing of a lead."""
    if before["stage"] == FIRST_STAGE and not before["held"]:
        return []
    moved = [] if is_same_place(place, wanted_place) else [GEOMETRY]
    if place is None or place.geom_type == "Point":
        moved += [
            name for name in REACH if name in wanted and wanted[name] != before[name]
        ]
    return moved


def is_same_place(one: BaseGeometry | None, other: BaseGeometry | None) -> bool:
    """Whether two geometries are one, to a tenth of a millimetre at each vertex."""
    if one is None or other is None:
        return one is other
    return bool(one.normalize().equals_exact(other.normalize(), _SAME_DEG))
