"""Which themes does every answer speak of, and how far does each look? (core).

A theme is one question about land (是否涉及…). Area themes are asked for overlap and
for what adjoins; proximity themes for what lies within a distance. The distances are
those of the rules that need them, so a deployment that widens a rule's distance widens
the search with it.
"""

from __future__ import annotations

from functools import lru_cache

from parcels.register.layers import RESTRICTION_THEMES
from screening.neighbourhood import ThemeSpec

ADJOINING_SEARCH_M = 0.5
"""How far area themes are read: enough to see what adjoins (design choice)."""

PBF = "permanent_basic_farmland"
"""永久基本农田, permanent basic farmland."""
MAIN_SHORELINE = "yangtze_main_shoreline"
TRIBUTARY_SHORELINE = "yangtze_tributary_shoreline"

PLOT_SEARCH_M = 100.0
"""BUF_PLOT: neighbours of a plot (enterprise buffers, section 4; project default)."""

WIDE_SEARCH_M = 1000.0
"""Widest ring of section 4 (project default): receptors, facilities, enterprises."""

RINGS_M = (100.0, 200.0, 500.0, WIDE_SEARCH_M)
"""Rings in which a feature of another division is told: the distances of section 4.

Rules ask for no others by default; finer rings would tell more than is needed.
"""


def themes_reaching(plot_m: float, wide_m: float) -> tuple[ThemeSpec, ...]:
    """Return the themes of the program, searched as far as the rules ask.

    Parameters
    ----------
    plot_m
        Distance to neighbouring plots, metres; former uses are read as far.
    wide_m
        Widest distance to a source or a receptor, metres.
    """
    return (
        ThemeSpec("plot", "plot", "area", plot_m),
        ThemeSpec("farmland_unit", "farmland_unit", "area", ADJOINING_SEARCH_M),
        *(
            ThemeSpec(theme, "restriction_area", "area", ADJOINING_SEARCH_M)
            for theme in RESTRICTION_THEMES
        ),
        ThemeSpec("water_zone", "water_zone", "area", ADJOINING_SEARCH_M),
        ThemeSpec("former_use", "former_use", "area", plot_m),
        ThemeSpec("key_unit", "key_unit_list", "area", ADJOINING_SEARCH_M),
        ThemeSpec("enterprise", "enterprise", "proximity", wide_m),
        ThemeSpec("facility", "facility", "proximity", wide_m),
        ThemeSpec("receptor", "receptor", "proximity", wide_m),
        ThemeSpec("water_source", "water_source", "proximity", wide_m),
        ThemeSpec("river", "river", "proximity", wide_m),
    )


THEMES = themes_reaching(PLOT_SEARCH_M, WIDE_SEARCH_M)
"""Themes of the program. A bureau's own restriction themes are added as they occur."""


def with_shorelines(
    themes: tuple[ThemeSpec, ...], main_m: float, tributary_m: float
) -> tuple[ThemeSpec, ...]:
    """Search the shorelines of the Yangtze so far around, as rules E06 and E07 ask.

    Only for projects they may bar: it costs two more questions to the register.

    Examples
    --------
    >>> [spec.search_m for spec in with_shorelines(THEMES, 3000.0, 1000.0)
    ...  if spec.theme == MAIN_SHORELINE]
    [3000.0]
    """
    reach_m = {MAIN_SHORELINE: main_m, TRIBUTARY_SHORELINE: tributary_m}
    return tuple(
        ThemeSpec(spec.theme, spec.layer, "proximity", reach_m[spec.theme])
        if spec.theme in reach_m
        else spec
        for spec in themes
    )


@lru_cache(maxsize=64)
def with_themes_found(
    themes: tuple[ThemeSpec, ...], found: frozenset[str]
) -> tuple[ThemeSpec, ...]:
    """Add the bureau's own restriction themes that the register or its coverage names.

    Examples
    --------
    >>> [spec.theme for spec in with_themes_found((), frozenset({"flood_way"}))]
    ['flood_way']
    """
    known = {spec.theme for spec in themes}
    own = (
        ThemeSpec(theme, "restriction_area", "area", ADJOINING_SEARCH_M)
        for theme in sorted(found - known)
    )
    return (*themes, *own)
