"""Which kinds of run are there? (shell)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from screening.runs.attention import ATTENTION
from screening.runs.cross_screening import CROSS_SCREENING
from screening.runs.enterprise_surroundings import ENTERPRISE_SURROUNDINGS
from screening.runs.farmland_categories import FARMLAND_CATEGORIES
from screening.runs.farmland_trend import FARMLAND_TREND
from screening.runs.kind import Kind
from screening.runs.overlay import OVERLAY
from screening.runs.plot_decisions import PLOT_DECISIONS
from screening.runs.receptors import RECEPTORS
from screening.runs.siting import SITING
from screening.runs.surface import SURFACE_KIND
from screening.runs.upstream import UPSTREAM
from screening.runs.water_source_risk import WATER_SOURCE_RISK

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            ENTERPRISE_SURROUNDINGS,
            WATER_SOURCE_RISK,
            RECEPTORS,
            OVERLAY,
            ATTENTION,
            UPSTREAM,
            SITING,
            CROSS_SCREENING,
            PLOT_DECISIONS,
            FARMLAND_CATEGORIES,
            FARMLAND_TREND,
            SURFACE_KIND,
        )
    }
)
"""Every kind of run by its name, in the order of the page."""
