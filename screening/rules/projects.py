"""What does the caller say of the project, and what does silence mean? (core).

Section 8 of the rule table, `project.…`. A statement counts whatever the planned use.
By silence only industrial, mining and waste use is asked further: other uses pollute
nothing. An industry counts for such a use alone, as the office of a chemical firm is no
chemical works; a facility that is named makes the use one of them.
"""

from __future__ import annotations

from typing import Final

from parcels.texts import Text
from screening.facts import Facts
from screening.facts.siting import SitingFacts
from screening.industries import Industry, IndustryList
from screening.land_use import is_industrial
from screening.parameters import Parameters
from screening.truth import NO, Missing, Truth, declared, truth, unknown

OTHER_SITE: Final = Text("另行选址", "another site")
"""What lifts most bars on siting."""


def place_of(facts: Facts) -> SitingFacts:
    """Return what lies where a source is sited; asked of `SITED` transactions alone."""
    assert facts.siting is not None, "asked of a transaction that sites nothing"
    return facts.siting


def is_industrial_project(facts: Facts) -> Truth:
    """Tell whether the use is industrial, mining or waste, by class or facility."""
    named = facts.project.facility not in (None, "none")
    return truth(named) | facts.planned(is_industrial)


def is_of_industry(facts: Facts, industries: IndustryList) -> Truth:
    """Tell whether an industrial project is of an industry on the list."""
    return is_industrial_project(facts) & _declared_industry(facts, industries)


def _declared_industry(facts: Facts, industries: IndustryList) -> Truth:
    project = facts.project
    industry = Industry(project.industry_code, project.industry_edition)
    on_list = industries.holds(industry)
    if on_list is None:
        return unknown(Missing("project_industry", "not_declared"))
    return truth(on_list)


def may_pollute_soil(facts: Facts, parameters: Parameters) -> Truth:
    """Tell whether the project may pollute soil: as said, else its industry in H1, H6.

    Order 42 Art. 2 and LS name the industries; that they stand for "may pollute soil"
    is the project's own choice.
    """
    said = facts.project.may_pollute_soil
    if said is not None:
        return truth(said)
    lists = parameters.industry_lists
    return is_of_industry(facts, lists["H1"]) | is_of_industry(facts, lists["H6"])


def emits_heavy_metals(facts: Facts, parameters: Parameters) -> Truth:
    """Tell whether the project emits heavy metals: as said, else by its industry.

    Industries not on the list may as well: unknown.
    """
    said = facts.project.emits_heavy_metals
    if said is not None:
        return truth(said)
    listed = _declared_industry(facts, parameters.industry_lists["heavy_metals"])
    if listed.is_true:
        return is_industrial_project(facts)
    return _asked_of_industry(facts, "project_emits_heavy_metals")


def discharges_pollutants(facts: Facts) -> Truth:
    """Tell whether the project discharges pollutants; silence is unknown."""
    said = facts.project.discharges_pollutants
    return declared(said, "project_discharges_pollutants")


def heavily_pollutes_water(facts: Facts) -> Truth:
    """Tell whether the project heavily pollutes water."""
    said = facts.project.heavily_pollutes_water
    if said is not None:
        return truth(said)
    return _asked_of_industry(facts, "project_heavily_pollutes_water")


def adds_discharge(facts: Facts) -> Truth:
    """Tell whether rebuilding adds discharge."""
    said = facts.project.adds_discharge
    if said is not None:
        return truth(said)
    return _asked_of_industry(facts, "project_adds_discharge")


def has_discharge_outlet(facts: Facts) -> Truth:
    """Tell whether there is an outlet; a project that discharges nothing has none."""
    said = facts.project.discharge_outlet
    if said is None and facts.project.discharges_pollutants is False:
        return NO
    return declared(said, "project_discharge_outlet")


def _asked_of_industry(facts: Facts, fact: str) -> Truth:
    """Return what silence means: unknown for industrial use, false otherwise."""
    return is_industrial_project(facts) & unknown(Missing(fact, "not_declared"))


def is_facility(facts: Facts, *kinds: str) -> Truth:
    """Tell whether the project is a facility of these kinds; silence is none."""
    return truth(facts.project.facility in kinds)


def is_waste_facility(facts: Facts, parameters: Parameters) -> Truth:
    """Tell whether it is a site of industrial or hazardous waste or a landfill.

    Without a facility named the industry of hazardous-waste disposal stands for one.
    """
    if facts.project.facility is not None:
        return is_facility(
            facts, "industrial_solid_waste", "hazardous_waste", "landfill"
        )
    disposal = parameters.industry_lists["hazardous_waste"]
    return truth(_declared_industry(facts, disposal).is_true)


def is_chemical(facts: Facts, parameters: Parameters) -> Truth:
    """Tell whether it is a chemical park or chemical works (division 26)."""
    works = is_of_industry(facts, parameters.industry_lists["chemicals"])
    return is_facility(facts, "chemical_park") | works


def is_tailings_pond(facts: Facts) -> Truth:
    """Tell whether it is a tailings pond (尾矿库)."""
    return is_facility(facts, "tailings_pond")


def is_rebuilt_for_safety(facts: Facts) -> Truth:
    """Tell whether rebuilding for safety or protection is claimed.

    The laws except rebuilding (改建) alone: what is said to be new or extended is none,
    whatever is claimed.
    """
    claimed = bool(facts.project.safety_rebuild)
    return truth(claimed and facts.project.build not in ("new", "extension"))


def is_new(facts: Facts) -> Truth:
    """Tell whether it is built anew; silence means so."""
    return truth(facts.project.build in (None, "new"))


def is_new_or_extended(facts: Facts) -> Truth:
    """Tell whether it is built anew or extended; silence means anew."""
    return truth(facts.project.build != "rebuild")


def is_rebuilt(facts: Facts) -> Truth:
    """Tell whether it is rebuilt."""
    return truth(facts.project.build == "rebuild")


def serves_water_supply(facts: Facts) -> Truth:
    """Tell whether the project is claimed as serving water supply or its protection."""
    return truth(bool(facts.project.serves_water_supply))
