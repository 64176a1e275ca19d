"""What does a plot touch: parcels, farmland, zones, decisions, receptors? (shell).

The reverse of an extract (R-D25): from the plot to the land that is concerned. Things
are measured as in the screening of surroundings: areas on the ellipsoid, distances from
boundary to boundary, a plot or receptor known as a point widened by its accuracy and
stated area. Objects of other divisions do not exist for the caller, here as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import shapely
import sqlalchemy as sa
from psycopg.rows import dict_row

from parcels.register.layers import (
    FARMLAND_UNIT,
    PARCEL,
    RECEPTOR,
    RESTRICTION_AREA,
    WATER_ZONE,
    Layer,
)
from parcels.register.repository import Moment, Version, list_versions
from parcels.register.statements import Statements, ewkb, fetch
from screening.distance import Bounds, expand_bounds, measure_widening
from screening.neighbourhood import Feature
from screening.surroundings import (
    ADJOINING_M,
    BARE_POINT_M,
    Neighbour,
    Surroundings,
)

_SQL: Final = Statements(Path(__file__).parent / "sql" / "plot_surroundings.sql")
MOST: Final = 5000
"""Objects of one theme that are looked at; a project default. `cut_short` says more."""
RECEPTORS_M: Final = 500.0
"""How far receptors are looked for: the population radius of the survey form of closed
plants, as in the run `receptors`; the caller may ask for another."""
BASIC_FARMLAND: Final = "permanent_basic_farmland"
DECISION: Final = "decision"

_CATEGORY: Final = {
    PARCEL.name: "land_use_code",
    FARMLAND_UNIT.name: "category",
    WATER_ZONE.name: "level",
    RECEPTOR.name: "kind",
    RESTRICTION_AREA.name: "category",
}
_TOUCHED: Final[dict[str, tuple[Layer, tuple[tuple[str, str], ...]]]] = {
    "parcel": (PARCEL, ()),
    "farmland_unit": (FARMLAND_UNIT, ()),
    BASIC_FARMLAND: (RESTRICTION_AREA, (("theme", BASIC_FARMLAND),)),
    "water_zone": (WATER_ZONE, ()),
    "receptor": (RECEPTOR, ()),
}
THEMES: Final[tuple[str, ...]] = (*_TOUCHED, DECISION)
"""Themes in the order of an answer."""


@dataclass(frozen=True, slots=True)
class PlotSurroundings:
    """What a plot touches, theme by theme; `cut_short` names themes with more."""

    neighbours: tuple[Neighbour, ...]
    cut_short: tuple[str, ...]


def gather_plot_surroundings(
    connection: sa.Connection,
    plot: Version,
    moment: Moment,
    *,
    themes: tuple[str, ...] = THEMES,
    division: str | None = None,
    receptors_m: float = RECEPTORS_M,
) -> PlotSurroundings:
    """Return what a plot touched at a moment, and the decisions valid today about it.

    What adjoins it counts as touched; receptors are told up to a distance.
    """
    source = feature_of(plot, "plot")
    found: list[Neighbour] = []
    cut: list[str] = []
    for theme in themes:
        reach_m = receptors_m if theme == "receptor" else ADJOINING_M
        box = expand_bounds(source.geometry.bounds, reach_m + _reach(source))
        things = list(_read(connection, theme, box, moment, division))
        if len(things) > MOST:
            cut.append(theme)
        found += Surroundings(things[:MOST]).within(source, reach_m)
    return PlotSurroundings(tuple(found), tuple(cut))


def feature_of(version: Version, theme: str) -> Feature:
    """Return an object of the register as screening measures it."""
    values = version.values
    category = _CATEGORY.get(version.layer.name)
    assert version.geometry is not None
    return Feature(
        theme=theme,
        layer=version.layer.name,
        code=version.code,
        name=values.get("name"),
        category=values.get(category) if category else None,
        division_code=version.division_code,
        geometry=version.geometry,
        attributes={},
        accuracy_m=values.get("accuracy_m"),
        stated_area_m2=values.get("stated_area_m2"),
        source=version.source,
        version_id=version.version_id,
    )


def _reach(source: Feature) -> float:
    """Return how far the box goes beyond the search: own reach, and that of points."""
    if shapely.get_dimensions(source.geometry) != 0:
        return BARE_POINT_M
    known = measure_widening(source.accuracy_m, source.stated_area_m2)
    return known.metres + BARE_POINT_M


def _read(
    connection: sa.Connection,
    theme: str,
    box: Bounds,
    moment: Moment,
    division: str | None,
) -> Iterator[Feature]:
    if theme == DECISION:
        yield from _read_decisions(connection, box)
        return
    layer, equals = _TOUCHED[theme]
    versions = list_versions(
        connection,
        layer,
        moment,
        bbox=box,
        division=division,
        equals=equals,
        limit=MOST + 1,
    )
    yield from (feature_of(one, theme) for one in versions if one.geometry is not None)


def _read_decisions(connection: sa.Connection, box: Bounds) -> Iterator[Feature]:
    values: dict[str, Any] = {"box": ewkb(shapely.box(*box)), "most": MOST + 1}
    for row in fetch(connection, _SQL["decisions"], values, dict_row):
        attributes = {
            name: row[name]
            for name in ("id", "state", "as_of", "valid_until", "parcel_codes")
        }
        yield Feature(
            theme=DECISION,
            layer=DECISION,
            code=row["certificate_number"],
            name=row["transaction"],
            category=row["outcome"],
            division_code=row["division_code"],
            geometry=shapely.from_wkb(row["geom"]),
            attributes=attributes,
            version_id=row["version_row"],
        )
