"""Which receptors lie around a plot, of what type and how far? (core).

周边敏感受体 (R-C12). The search radius of 1 km and the 500 m of the population are
those of the survey form for closed and relocated plants (enterprise_risk_screening.md,
verified); both are parameters of the run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parcels.texts import Text
from screening.neighbourhood import BorderHit, Feature
from screening.runs.border_rows import describe_hit
from screening.runs.columns import (
    BORDER_DIVISION,
    DISTANCE,
    DIVISION,
    RING,
    WIDENED,
    text_column,
)
from screening.runs.row import Column, Row
from screening.surroundings import Neighbour, Surroundings, describe_distance

SEARCH_M: Final = 1000.0
POPULATION_M: Final = 500.0

COLUMNS: Final = (
    text_column("plot_code", "地块编码", "Plot"),
    text_column("plot_name", "地块名称", "Plot name"),
    DIVISION,
    text_column("theme", "受体", "Receptor", "theme"),
    text_column("type", "类型", "Type", "category"),
    text_column("code", "受体编码", "Code"),
    text_column("name", "受体名称", "Name"),
    RING,
    DISTANCE,
    WIDENED,
    Column("population", Text("人数", "Population"), "integer"),
    Column("in_population_ring", Text("计入人口半径", "In population ring"), "yes_no"),
    BORDER_DIVISION,
)


@dataclass(frozen=True, slots=True)
class ReceptorMaterial:
    """Plots of one tile, what lies around them, and hits across the border."""

    plots: Sequence[Feature]
    things: Sequence[Feature]
    across: Sequence[tuple[Feature, BorderHit]]
    radius_m: float
    population_m: float


def list_receptors(material: ReceptorMaterial) -> list[Row]:
    """Return a row for every receptor of every plot, nearest first."""
    surroundings = Surroundings(material.things)
    rows = [
        _row(plot, neighbour, material.population_m)
        for plot in material.plots
        for neighbour in surroundings.around(plot, material.radius_m)
    ]
    rows += [_border_row(plot, hit) for plot, hit in material.across]
    return rows


def _row(plot: Feature, neighbour: Neighbour, population_m: float) -> Row:
    thing = neighbour.feature
    counted = (
        thing.layer == "receptor"
        and neighbour.distance_m <= population_m
        and thing.attributes.get("population") is not None
    )
    values = {
        **_plot(plot),
        "theme": thing.theme,
        "type": thing.category,
        "code": thing.code,
        "name": thing.name,
        "ring": neighbour.ring,
        "distance_m": neighbour.distance_m,
        "widened_by_m": neighbour.widened_by_m,
        "population": thing.attributes.get("population"),
        "in_population_ring": counted,
    }
    lies = describe_distance(neighbour)
    why = Text(f"在搜索半径内：{lies.zh}", f"within the search radius: {lies.en}")
    return Row(values, why, thing.geometry)


def _border_row(plot: Feature, hit: BorderHit) -> Row:
    values = {
        **_plot(plot),
        "theme": hit.theme,
        "ring": hit.relation,
        "ask_division": hit.division_code,
    }
    return Row(values, describe_hit(hit))


def _plot(plot: Feature) -> dict[str, str | None]:
    return {
        "plot_code": plot.code,
        "plot_name": plot.name,
        "division_code": plot.division_code,
    }


def tally_receptors(row: Row) -> Mapping[str, float]:
    """Count receptors by theme, and people within the population radius."""
    values = row.values
    if values.get("ask_division"):
        return {"across_border": 1}
    counts: dict[str, float] = {f"theme.{values['theme']}": 1}
    if values["in_population_ring"]:
        counts["population"] = values["population"]
    if values["ring"] == "cannot_be_placed":
        counts["cannot_be_placed"] = 1
    return counts
