"""What stands near enough to be asked about? (core).

Plants, open plots, tailings ponds, landfills, dumps and waste yards around the subject
(H01 to H04). Each is worked out where a rule of the transaction asks for it, and is
unknown without a missing fact elsewhere. The rules only ask for an opinion: what cannot
be told counts, be it a plant whose industry is not readable or a thing of another
division, and then that division is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from screening.distance_rules import LANDFILL_AND_DUMPS, MINING_AND_SMELTING
from screening.extract import Extract, ExtractItem, Feature
from screening.facts.nearness import absence_around, least_distance_m, surroundings
from screening.facts.themes import border_evidence, border_hits, hit
from screening.industries import Industry, any_known
from screening.parameters import Parameters
from screening.truth import NO, Truth, unknown
from screening.vocabulary import ALL_STAGES, FARM_WORK, OPEN, Transaction

ENTERPRISE: Final = "enterprise"
FACILITY: Final = "facility"
SUPPLIED_FOR_USE: Final = frozenset(
    {
        Transaction.GRANT,
        Transaction.ALLOCATE,
        Transaction.COLLECTIVE_MARKET,
        Transaction.USE_CHANGE,
    }
)
"""Steps by which people may come to live, learn or work beside a source."""

NOT_ASKED: Final = unknown()
"""No rule of the transaction asks: nothing was looked for."""

_SMELTER: Final = "mining_and_smelting"
_OTHER: Final = "other"


@dataclass(frozen=True, slots=True)
class NearFacts:
    """What lies so near that a rule asks about it (周边).

    Attributes
    ----------
    plants
        An active plant of H1 or H6, or a key supervised unit, within BUF_KEY_UNIT.
    open_plots
        A plot on which something is still to be done, within BUF_PLOT and not on the
        subject; a sliver of one lies at distance 0.
    facilities
        A tailings pond, landfill, dump or waste yard within its distance.
    farm_sources
        An active mine or smelter within BUF_SMELTER_FARM, or another active plant of H1
        or H6 within BUF_OTHER_FARM.
    """

    plants: Truth
    open_plots: Truth
    facilities: Truth
    farm_sources: Truth


def derive_near(
    extract: Extract, transaction: Transaction, parameters: Parameters
) -> NearFacts:
    """Return what a rule of the transaction asks about."""
    supplied = transaction in SUPPLIED_FOR_USE
    planned = supplied or transaction is Transaction.DETAILED_PLAN
    beside = supplied or transaction is Transaction.FARM_CIRCULATE
    return NearFacts(
        _plants(extract, parameters) if planned else NOT_ASKED,
        _open_plots(extract, parameters) if supplied else NOT_ASKED,
        _facilities(extract, parameters) if beside else NOT_ASKED,
        _farm_sources(extract, parameters) if transaction in FARM_WORK else NOT_ASKED,
    )


def count_across_border(found: Truth) -> Truth:
    """Return what is unknown for a thing of another division as a hit: it is asked."""
    if all(missing.cause != "border" for missing in found.missing):
        return found
    return Truth(True, evidence=found.evidence)


def _plants(extract: Extract, parameters: Parameters) -> Truth:
    is_listed = _of_listed_industry(parameters)
    first_year = parameters.key_unit_list_first_year

    def counts(plant: Feature) -> bool:
        if _is_key_unit(plant, first_year, extract.as_of.year):
            return True
        return plant.category == "active" and is_listed(plant) is not False

    around = surroundings(extract, ENTERPRISE, ENTERPRISE, counts)
    return count_across_border(around.within(parameters.buf_key_unit_m))


def _is_key_unit(plant: Feature, first_year: int, this_year: int) -> bool:
    """Whether the plant is on a key-unit list that counts, whatever it does now."""
    years = (plant.attributes.get("key_unit") or {}).get("years") or ()
    return any(first_year <= year <= this_year for year in years)


def _of_listed_industry(parameters: Parameters) -> Callable[[Feature], bool | None]:
    lists = [parameters.industry_lists[name] for name in ("H1", "H6")]

    def is_listed(plant: Feature) -> bool | None:
        return any_known(each.holds(_industry(plant)) for each in lists)

    return is_listed


def _industry(plant: Feature) -> Industry:
    record = plant.attributes
    return Industry(record.get("industry_code"), record.get("industry_edition"))


def _farm_sources(extract: Extract, parameters: Parameters) -> Truth:
    is_listed = _of_listed_industry(parameters)

    def counts(plant: Feature) -> bool:
        return plant.category == "active" and kind(plant) is not _NONE_OF_BOTH

    def kind(plant: Feature) -> str | None:
        smelts = MINING_AND_SMELTING.holds(_industry(plant))
        if smelts is not False:
            return _SMELTER if smelts else None
        return _NONE_OF_BOTH if is_listed(plant) is False else _OTHER

    around = surroundings(extract, ENTERPRISE, ENTERPRISE, counts, kind)
    smelters = around.within(parameters.buf_smelter_farm_m, {_SMELTER})
    others = around.within(parameters.buf_other_farm_m, {_OTHER})
    return count_across_border(smelters | others)


_NONE_OF_BOTH: Final = "none_of_both"


def _facilities(extract: Extract, parameters: Parameters) -> Truth:
    around = surroundings(extract, FACILITY, FACILITY)
    rings_m = {
        "tailings_pond": parameters.buf_tailings_m,
        **dict.fromkeys(LANDFILL_AND_DUMPS, parameters.buf_landfill_m),
        "waste_yard": parameters.buf_waste_yard_m,
    }
    result = NO
    for kind, metres in rings_m.items():
        result = result | around.within(metres, {kind})
    return count_across_border(result)


def _open_plots(extract: Extract, parameters: Parameters) -> Truth:
    """Whether such a plot lies beside the subject; one on it has rules of its own."""
    theme = extract.themes.get("plot")
    metres = parameters.buf_plot_m
    beside = [
        item
        for item in (theme.items if theme else ())
        if _may_be_open(item) and round(item.distance_m, 2) <= metres
    ]
    if beside:
        return hit(*beside)
    across = tuple(
        shown
        for border, shown in zip(
            border_hits(extract, "plot"), border_evidence(extract, "plot"), strict=True
        )
        if border.relation != "on" and least_distance_m(border) <= metres
    )
    if across:
        return Truth(True, evidence=across)
    return absence_around(extract, "plot", "plot_stage")


def _may_be_open(item: ExtractItem) -> bool:
    """Whether a plot beside the subject is open; a stage nobody knows may be."""
    stage = item.feature.category
    return item.relation != "on" and (stage in OPEN or stage not in ALL_STAGES)
