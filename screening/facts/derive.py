"""How do extract and request become facts? (core).

Pure: the extract carries all that was read of the register, the request all that the
caller says, the parameters the numbers of the rule set in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from parcels.texts import Text
from screening.extract import Extract
from screening.facts.crops import derive_crop_ban, list_banned_crops
from screening.facts.current_use import current_uses, use_difference
from screening.facts.farmland import derive_farmland, derive_recharge
from screening.facts.industry import (
    derive_former_industries,
    derive_key_unit,
    industry_difference,
)
from screening.facts.model import Difference, Facts
from screening.facts.nearby import derive_near
from screening.facts.plots import (
    derive_control_area,
    derive_notes,
    derive_plot,
    other_plots,
    plot_items,
    reports_of,
)
from screening.facts.siting import derive_siting
from screening.facts.surveys import derive_survey, surveyed_share
from screening.facts.themes import hit, items_on, items_related, overlap
from screening.facts.water import derive_water
from screening.land_use import LandUse, is_residential_or_public, land_class
from screening.parameters import Parameters
from screening.request import Declared, GateRequest
from screening.themes import PBF
from screening.truth import NO, Evidence, Truth
from screening.vocabulary import ALL_STAGES, FARM_WORK, Transaction

REDLINE: Final = "ecological_redline"
_BY_DISTANCE: Final = frozenset({"receptor", "facility", "water_source"})
"""Themes that rules judge by distance alone, with points widened beforehand."""
_WHOLE: Final = 0.99
"""Surveyed share below which an officer is told; project default, changes nothing."""


def derive_facts(
    extract: Extract, request: GateRequest, parameters: Parameters
) -> Facts:
    """Return the facts of a subject for one request.

    Parameters
    ----------
    extract
        Measured on the day of the request; a theme it does not answer counts as not
        covered.
    request
        Checked by `parse_gate_request`.
    parameters
        Those in force on that day for the subject's division.
    """
    declared = request.declared
    items = [i for i in plot_items(extract) if i.feature.category in ALL_STAGES]
    plots = tuple(derive_plot(item, extract.as_of, parameters) for item in items)
    reports = [reports_of(item, extract.as_of) for item in items]
    uses, other_use = current_uses(extract, declared)
    farmland = derive_farmland(extract, uses, other_use, parameters)
    industries, other_industries = derive_former_industries(extract, declared)
    return Facts(
        transaction=request.transaction,
        as_of=extract.as_of,
        project=request.project,
        declared=declared,
        planned_use=_planned_use(request, uses),
        planned_use_given=request.planned_use is not None,
        current_uses=uses,
        other_current_use=other_use,
        plots=plots,
        other_plots=other_plots(extract),
        in_control_area=derive_control_area(extract, parameters),
        is_key_supervised_unit_land=derive_key_unit(extract, parameters),
        former_industries=industries,
        other_former_industries=other_industries,
        survey=derive_survey(extract, plots, reports, parameters),
        existing_supplied_land=_is_supplied(extract, declared),
        pollutants_at_risk=_pollutants(extract, declared),
        farmland=farmland,
        overlaps_permanent_basic_farmland=overlap(extract, PBF, PBF),
        overlaps_ecological_redline=overlap(extract, REDLINE, REDLINE),
        overlaps_recharge_area=derive_recharge(extract),
        crop_is_banned=derive_crop_ban(extract, declared.crop, farmland),
        county_restricted=_is_restricted(extract),
        near=derive_near(extract, request.transaction, parameters),
        water=derive_water(extract),
        siting=derive_siting(extract, request, parameters),
        slivers=_slivers(extract),
        imprecise=_imprecise(extract),
        notes=(
            *derive_notes(extract, plots),
            *_part_surveyed(extract),
            *_crops_to_know(extract, request.transaction),
        ),
        differences=_differences(extract, declared),
    )


def _crops_to_know(extract: Extract, transaction: Transaction) -> tuple[Text, ...]:
    """Return the lists of ban areas where somebody is about to work the land."""
    return list_banned_crops(extract) if transaction in FARM_WORK else ()


def _planned_use(request: GateRequest, uses: tuple[LandUse, ...]) -> LandUse | None:
    """Return the planned use; a transfer without one goes on with the current use.

    Of several current uses the most sensitive one is compared, so that the default is
    never milder than a use that goes on.
    """
    if request.planned_use is not None or request.transaction != Transaction.TRANSFER:
        return request.planned_use
    return max(uses, key=_sensitivity, default=None)


def _sensitivity(use: LandUse) -> tuple[bool, bool, bool]:
    return (is_residential_or_public(use), land_class(use) == "class_1", True)


def _is_supplied(extract: Extract, declared: Declared) -> bool:
    """Whether the land was supplied before: the record of any parcel, else declared."""
    recorded = [parcel.supplied for parcel in extract.subject.parcels]
    if any(recorded):
        return True
    if recorded and None not in recorded:
        return False
    return bool(declared.existing_supplied_land)


def _pollutants(extract: Extract, declared: Declared) -> Truth:
    found = [i for i in plot_items(extract) if i.feature.attributes.get("pollutants")]
    result = hit(*found) if found else NO
    if declared.pollutants_at_risk:
        stated = ", ".join(declared.pollutants_at_risk)
        evidence = Evidence("declared", None, "declared", stated)
        result = result | Truth(True, evidence=(evidence,))
    return result


def _is_restricted(extract: Extract) -> bool:
    return any(
        county.restricted
        for county in extract.counties
        if county.division_code in extract.subject.division_codes
    )


def _slivers(extract: Extract) -> Mapping[str, Truth]:
    """Return by theme an overlap that is a sliver in all; judged after union."""
    return MappingProxyType(
        {
            theme: hit(*items_related(extract, theme, "sliver"))
            for theme, result in extract.themes.items()
            if result.sliver_area_m2 > 0 and not items_on(extract, theme)
        }
    )


def _imprecise(extract: Extract) -> Mapping[str, Truth]:
    """Return by theme what is known only as a point and may reach the subject.

    Where only distances count nothing is left open by that: it lies at distance 0.
    """
    found = {
        theme: items_related(extract, theme, "imprecise")
        for theme in extract.themes
        if theme not in _BY_DISTANCE
    }
    return MappingProxyType(
        {theme: hit(*items) for theme, items in found.items() if items}
    )


def _part_surveyed(extract: Extract) -> tuple[Text, ...]:
    share = surveyed_share(extract)
    if not 0 < share < _WHOLE:
        return ()
    percent = f"{share:.0%}"
    return (
        Text(
            f"已调查地块仅覆盖查询范围的 {percent}。",
            f"Surveyed plots cover only {percent} of the subject.",
        ),
    )


def _differences(extract: Extract, declared: Declared) -> tuple[Difference, ...]:
    return (
        *use_difference(extract, declared),
        *industry_difference(extract, declared),
        *_supply_difference(extract, declared),
    )


def _supply_difference(extract: Extract, declared: Declared) -> tuple[Difference, ...]:
    stated = declared.existing_supplied_land
    recorded = [parcel.supplied for parcel in extract.subject.parcels]
    if stated is None or not recorded or None in recorded or stated in recorded:
        return ()
    return (Difference("existing_supplied_land", str(not stated), str(stated)),)
