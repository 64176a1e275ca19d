"""The whole sample county, made layer by layer."""

from __future__ import annotations

from dataclasses import dataclass

import shapely

from sample_county.coverage import make_coverage
from sample_county.enterprises import make_enterprises, make_former_uses
from sample_county.farmland import make_farmland
from sample_county.ground import Ground, lay_ground
from sample_county.lineage import Lineage, trace_lineage
from sample_county.measures import make_measures
from sample_county.oddities import make_oddities
from sample_county.plots import Plots, make_plots, parcel_documents
from sample_county.records import Record
from sample_county.restrictions import make_restrictions
from sample_county.sites import choose_sites
from sample_county.soil import make_points, make_results
from sample_county.surroundings import make_facilities, make_receptors
from sample_county.survey import (
    Parcel,
    find_neighbours,
    number_parcels,
    survey_parcels,
)
from sample_county.tiling import tile
from sample_county.water import make_rivers, make_water

FIRST_PARCEL = "pesticide"
"""Site of the first parcel of the county, which examples ask about."""


@dataclass
class County:
    """Everything made, for deliveries, cases and tests."""

    ground: Ground
    parcels: list[Parcel]
    sites: dict[str, Parcel]
    lineage: Lineage
    plots: Plots
    layers: dict[str, list[Record]]


def make_county() -> County:
    """Make both counties; the same every time."""
    ground = lay_ground()
    parcels = survey_parcels(tile(ground), ground)
    _fit_divisions(ground, parcels)
    find_neighbours(parcels)
    sites = choose_sites(parcels)
    parcels, lineage = trace_lineage(parcels)
    parcels = make_oddities(parcels)
    plots = make_plots(parcels, sites)
    firms, key_units = make_enterprises(parcels, sites)
    number_parcels(lineage.past, sites[FIRST_PARCEL])
    number_parcels(lineage.past + parcels, sites[FIRST_PARCEL])
    layers = _layers(ground, parcels, sites)
    layers |= {"enterprise": firms, "key_unit_list": key_units}
    layers["plot_document"] = [*plots.documents, *parcel_documents(sites)]
    return County(ground, parcels, sites, lineage, plots, layers)


def _layers(
    ground: Ground, parcels: list[Parcel], sites: dict[str, Parcel]
) -> dict[str, list[Record]]:
    """Return the layers that need the numbered parcels."""
    units = make_farmland(parcels)
    sources, zones = make_water(ground)
    points = make_points(units)
    return {
        "farmland_unit": units,
        "farmland_measure": make_measures(units),
        "restriction_area": make_restrictions(ground, parcels, sites),
        "water_source": sources,
        "water_zone": zones,
        "river": make_rivers(ground),
        "former_use": make_former_uses(sites),
        "facility": make_facilities(),
        "receptor": make_receptors(parcels),
        "monitoring_point": points,
        "sample_result": make_results(points, units),
        "theme_coverage": make_coverage(ground),
    }


def _fit_divisions(ground: Ground, parcels: list[Parcel]) -> None:
    """Let the divisions end exactly where their outer parcels end."""
    for divisions in (ground.townships, ground.counties):
        for code in divisions:
            inside = [p.geometry for p in parcels if p.township.startswith(code)]
            divisions[code] = shapely.coverage_union_all(inside)
