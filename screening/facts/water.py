"""How does the subject lie to drinking-water sources and their zones? (core).

饮用水水源保护区: level 1, level 2 and quasi zones (Water Pollution Law Art. 63). Zones
are not inferred from each other: level 2 is often drawn with a hole for level 1. Only
an approved zone bars anything; a default extent after HJ 338 is a hint, and of a zone
whose basis is not on record it cannot be told what it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from parcels.register.values import ZONE_LEVELS
from screening.extract import Extract, ExtractItem, Feature
from screening.facts.nearness import Surroundings, surroundings
from screening.facts.themes import absence, hit, items_on
from screening.truth import NO, Missing, Truth, unknown

ZONE: Final = "water_zone"
SOURCE: Final = "water_source"
SCATTERED: Final = "scattered"
"""Scale class of scattered rural sources (分散式): a protection range, no zone."""


@dataclass(frozen=True, slots=True)
class WaterFacts:
    """Zones on the subject and sources without zones around it (饮用水水源).

    Attributes
    ----------
    zones
        By level, whether an approved zone overlaps the subject.
    not_approved
        Whether a zone overlaps it that is drawn by default or without a known basis.
    other_zones
        What it means that no other zone was found.
    sources
        Sources around it for which no zone is drawn; the category is the kind of
        source, `scattered` for scattered rural ones.
    """

    zones: Mapping[str, Truth]
    not_approved: Truth
    other_zones: Truth
    sources: Surroundings

    @property
    def in_any_zone(self) -> Truth:
        """Whether an approved zone of any level overlaps the subject."""
        result = NO
        for zone in self.zones.values():
            result = result | zone
        return result


def derive_water(extract: Extract) -> WaterFacts:
    """Return the zones and sources that matter for the subject."""
    silent = absence(extract, ZONE, ZONE)
    # A default extent is a hint: that nobody keeps the land beyond the last county on
    # record is no reason to ask about every parcel along that border.
    sources = surroundings(
        extract, SOURCE, SOURCE, _has_no_zone, _kind, on_record_only=True
    )
    found = items_on(extract, ZONE)
    zones = dict.fromkeys(ZONE_LEVELS, silent)
    others = silent
    for item in found:
        level = item.feature.category or ""
        zones[level] = _counts(item) | zones.get(level, silent)
        if item.feature.attributes.get("basis") != "approved":
            others = hit(item) | others
    return WaterFacts(
        MappingProxyType(zones),
        others,
        silent,
        sources,
    )


def _counts(item: ExtractItem) -> Truth:
    """Whether a zone is one in law; its basis says so."""
    basis = item.feature.attributes.get("basis")
    if basis == "approved":
        return hit(item)
    if basis == "hj338_default":
        return NO
    return unknown(
        Missing("zone_basis", "not_on_record", ZONE), evidence=hit(item).evidence
    )


def _has_no_zone(source: Feature) -> bool:
    """Whether no zone is drawn for a source; one that was withdrawn needs none."""
    record = source.attributes
    return not record.get("zone_bases") and record.get("status") != "withdrawn"


def _kind(source: Feature) -> str | None:
    if source.attributes.get("scale_class") == SCATTERED:
        return SCATTERED
    return source.category
