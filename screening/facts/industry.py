"""Which industry does or did the land serve? (core).

Key supervised units (土壤污染重点监管单位) by the yearly lists, former industry by the
history of use, the plot's record and the enterprises on the land.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from screening.extract import Extract, ExtractItem
from screening.facts.current_use import recorded_uses_all
from screening.facts.model import Difference, FormerIndustry
from screening.facts.plots import plot_items
from screening.facts.themes import (
    absence,
    border_evidence,
    border_hits,
    hit,
    items_on,
    items_related,
    uncovered,
)
from screening.industries import EDITIONS, Industry
from screening.land_use import is_agricultural_or_residential
from screening.parameters import Parameters
from screening.request import Declared
from screening.truth import NO, Evidence, Missing, Truth, unknown

KEY_UNIT = "is_key_supervised_unit_land"
FORMER = "former_industry"


def derive_key_unit(extract: Extract, parameters: Parameters) -> Truth:
    """Whether the subject is land of a key supervised unit of any year that counts.

    A closing plant drops off the yearly list, so earlier years count as well. No key
    unit can be expected where the recorded use is farmland or homes.
    """
    found = [
        item
        for item in items_on(extract, "key_unit")
        if _is_listed(item, extract.as_of.year, parameters.key_unit_list_first_year)
    ]
    if found:
        return hit(*found)
    listed = absence(extract, "key_unit", KEY_UNIT)
    if any(missing.cause == "border" for missing in listed.missing):
        return listed
    if recorded_uses_all(extract, is_agricultural_or_residential):
        return NO
    return listed | uncovered(extract, "enterprise", KEY_UNIT)


def _is_listed(item: ExtractItem, this_year: int, first_year: int) -> bool:
    years = item.feature.attributes.get("years") or ()
    return any(first_year <= year <= this_year for year in years)


def derive_former_industries(
    extract: Extract, declared: Declared
) -> tuple[tuple[FormerIndustry, ...], Truth]:
    """Return the industries the land had or has, and whether there may be others.

    An enterprise that stands on the land counts, whatever its status: its land is land
    of that industry. A statement fills the gap where the history is not covered.
    """
    found = list(_industries_on_record(extract))
    history = absence(extract, "former_use", FORMER)
    if any(missing.cause == "no_coverage" for missing in history.missing):
        if declared.former_use is not None:
            found.extend(_industries_declared(declared.former_use))
            return tuple(found), _enterprises_across_border(extract)
        return tuple(found), _no_plant_expected(extract, history)
    if history.stale:
        history = _no_plant_expected(extract, history)
    return tuple(found), _enterprises_across_border(extract) | history


def industry_difference(extract: Extract, declared: Declared) -> tuple[Difference, ...]:
    """Return how declared former industries differ from a covered history."""
    if declared.former_use is None:
        return ()
    if not uncovered(extract, "former_use", FORMER).is_false:
        return ()
    recorded = _codes(former.industry for former in _industries_on_record(extract))
    stated = _codes(declared.former_use)
    return () if recorded == stated else (Difference(FORMER, recorded, stated),)


def _codes(industries: Iterable[Industry]) -> str:
    return ", ".join(sorted({industry.code or "?" for industry in industries})) or "–"


def _industries_on_record(extract: Extract) -> Iterator[FormerIndustry]:
    for item in items_on(extract, "former_use"):
        yield _former(item)
    for item in plot_items(extract):
        for entry in item.feature.attributes.get("former_industries") or ():
            yield FormerIndustry(_read_industry(entry), hit(item))
    for theme in ("enterprise", "key_unit"):
        for item in items_on(extract, theme):
            yield _former(item)


def _former(item: ExtractItem) -> FormerIndustry:
    record = item.feature.attributes
    industry = Industry(
        record.get("industry_code"),
        record.get("industry_edition"),
        record.get("from_year"),
        record.get("to_year"),
    )
    return FormerIndustry(industry, hit(item))


def _read_industry(entry: Any) -> Industry:
    """Return an industry written as {code, edition, …}, `edition:code` or `code`."""
    if not isinstance(entry, str):
        return Industry(
            entry.get("code"),
            entry.get("edition"),
            entry.get("from_year"),
            entry.get("to_year"),
        )
    for edition in EDITIONS:
        if entry.startswith(f"{edition}:"):
            return Industry(entry.removeprefix(f"{edition}:"), edition)
    return Industry(entry)


def _industries_declared(former_use: tuple[Industry, ...]) -> Iterator[FormerIndustry]:
    for industry in former_use:
        evidence = Evidence("declared", None, "declared", industry.code)
        yield FormerIndustry(industry, Truth(True, evidence=(evidence,)))


def _enterprises_across_border(extract: Extract) -> Truth:
    """Return unknown when premises kept by another division lie on the subject."""
    across = tuple(
        Missing(FORMER, "border", "enterprise", border.division_code)
        for border in border_hits(extract, "enterprise")
        if border.relation == "on"
    )
    if not across:
        return NO
    return unknown(*across, evidence=border_evidence(extract, "enterprise"))


def _no_plant_expected(extract: Extract, silent: Truth) -> Truth:
    """Return false on farmland and homes where enterprises are covered and none is."""
    if not recorded_uses_all(extract, is_agricultural_or_residential):
        return silent
    if _enterprises_across_border(extract).is_unknown:
        return silent
    for relation in ("on", "imprecise"):
        if items_related(extract, "enterprise", relation):
            return silent
    sites = uncovered(extract, "enterprise", FORMER)
    return silent if sites.is_unknown else sites
