"""What lies on and around the place of a new source of pollution? (core).

新建污染源选址: facts of siting, environmental assessment and project approval alone.
Areas without a definition in law (优先保护类耕地集中区域 and the like) are themes a
county delimits itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from screening.extract import Extract
from screening.facts.flow_path import NOT_KNOWN, RECEPTOR, derive_flow_path
from screening.facts.nearness import Surroundings, surroundings
from screening.facts.themes import overlap
from screening.industries import Industry, IndustryList
from screening.land_use import is_industrial
from screening.parameters import Parameters
from screening.request import GateRequest
from screening.themes import MAIN_SHORELINE, PBF, TRIBUTARY_SHORELINE
from screening.truth import Missing, Truth, unknown
from screening.vocabulary import Transaction

SITED: Final = frozenset(
    {Transaction.SITING, Transaction.EIA, Transaction.PROJECT_APPROVAL}
)
"""Steps at which the place of a new source is chosen or approved."""

PBF_CONCENTRATED: Final = "pbf_concentrated_area"
YANGTZE: Final = "yangtze_shoreline"
YELLOW_RIVER: Final = "yellow_river_shoreline_control"

CHEMICALS: Final = "chemicals"
"""Name of the list of chemical industries (化工, division 26)."""

TAILINGS_POND: Final = "tailings_pond"
SHORELINE_FACILITIES: Final = frozenset({"chemical_park", TAILINGS_POND})
_NOT_SEARCHED: Final = Surroundings(
    (), unknown(Missing(YANGTZE, "no_coverage", MAIN_SHORELINE))
)


@dataclass(frozen=True, slots=True)
class SitingFacts:
    """What lies where a new source is to stand (选址条件).

    Attributes
    ----------
    concentrated_priority_farmland, ecological_sensitive_area, dense_population_area,
    yellow_river_shoreline_control, scenic_area, nature_reserve
        Overlap with the theme of that name.
    pbf_concentrated_area
        Overlap with it; where it is not covered permanent basic farmland stands in.
    receptors
        Homes, schools, hospitals and the like around.
    main_shoreline, tributary_shorelines
        Shorelines of the Yangtze around; a tributary's category says whether it is
        important (重要支流).
    flow_path
        Whether a receptor lies downstream along the flow path (流路), as far as the
        river network on record proves it; asked of new tailings ponds alone.
    """

    concentrated_priority_farmland: Truth
    pbf_concentrated_area: Truth
    ecological_sensitive_area: Truth
    dense_population_area: Truth
    yellow_river_shoreline_control: Truth
    scenic_area: Truth
    nature_reserve: Truth
    receptors: Surroundings
    main_shoreline: Surroundings
    tributary_shorelines: Surroundings
    flow_path: Truth


def asks_of_shorelines(request: GateRequest, chemicals: IndustryList) -> bool:
    """Whether the distance to the Yangtze can matter for this project.

    It does for tailings ponds, chemical parks and chemical works, and as long as an
    industrial project does not say what it is. Only then shorelines are searched for
    farther than other areas.
    """
    if request.transaction not in SITED:
        return False
    project, use = request.project, request.planned_use
    if project.facility in SHORELINE_FACILITIES:
        return True
    named = project.facility not in (None, "none")
    if use is not None and not is_industrial(use) and not named:
        return False
    industry = Industry(project.industry_code, project.industry_edition)
    return chemicals.holds(industry) is not False


def derive_siting(
    extract: Extract, request: GateRequest, parameters: Parameters
) -> SitingFacts | None:
    """Return the facts of siting; None for a transaction that sites nothing."""
    if request.transaction not in SITED:
        return None
    main = tributaries = _NOT_SEARCHED
    if asks_of_shorelines(request, parameters.industry_lists[CHEMICALS]):
        main = surroundings(extract, MAIN_SHORELINE, YANGTZE)
        tributaries = surroundings(extract, TRIBUTARY_SHORELINE, YANGTZE)
    receptors = surroundings(extract, RECEPTOR, RECEPTOR)
    path = NOT_KNOWN
    if request.project.facility == TAILINGS_POND:
        path = derive_flow_path(extract, receptors, parameters)
    return SitingFacts(
        concentrated_priority_farmland=_overlap(
            extract, "concentrated_priority_farmland"
        ),
        pbf_concentrated_area=_concentrated_basic_farmland(extract),
        ecological_sensitive_area=_overlap(extract, "ecological_sensitive_area"),
        dense_population_area=_overlap(extract, "dense_population_area"),
        yellow_river_shoreline_control=_overlap(extract, YELLOW_RIVER),
        scenic_area=_overlap(extract, "scenic_area"),
        nature_reserve=_overlap(extract, "nature_reserve"),
        receptors=receptors,
        main_shoreline=main,
        tributary_shorelines=tributaries,
        flow_path=path,
    )


def _overlap(extract: Extract, theme: str) -> Truth:
    return overlap(extract, theme, theme)


def _concentrated_basic_farmland(extract: Extract) -> Truth:
    """Whether basic farmland is concentrated here; where nobody says, where it lies."""
    delimited = _overlap(extract, PBF_CONCENTRATED)
    if all(missing.cause != "no_coverage" for missing in delimited.missing):
        return delimited
    basic = overlap(extract, PBF, PBF_CONCENTRATED)
    return basic if basic.is_true else delimited
