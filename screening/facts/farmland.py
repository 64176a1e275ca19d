"""Which farmland lies on the subject, and how much of it is basic farmland? (core).

Categories 优先保护, 安全利用, 严格管控 by evaluation unit; permanent basic farmland
永久基本农田. Finding no unit means "unclassified" on farmland and "no farmland" where
the current use is development land.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from shapely.geometry.base import BaseGeometry

from parcels.area import measure_area
from screening.extract import Extract, ExtractItem
from screening.facts.model import FarmlandFacts
from screening.facts.themes import absence, hit, items_on, overlap
from screening.land_use import LandUse, is_construction
from screening.overlay import is_sliver, overlap_pieces, subtract, unite
from screening.parameters import Parameters
from screening.themes import PBF
from screening.truth import NO, YES, Truth
from screening.vocabulary import PRIORITY_PROTECTION, UNCLASSIFIED

RECHARGE: Final = "recharge_area"


def derive_farmland(
    extract: Extract,
    current_uses: tuple[LandUse, ...],
    other_current_use: Truth,
    parameters: Parameters,
) -> FarmlandFacts:
    """Return the categories on the subject and what may lie there besides."""
    found: dict[str, list[ExtractItem]] = {}
    for item in items_on(extract, "farmland_unit"):
        found.setdefault(item.feature.category or UNCLASSIFIED, []).append(item)
    categories = {category: hit(*items) for category, items in found.items()}
    other = absence(extract, "farmland_unit", "farmland_category")
    if not categories:
        built = other_current_use.is_false and bool(current_uses)
        if built and all(is_construction(use) for use in current_uses):
            other = other if _across_border(other) else NO
        elif other.is_false:
            categories[UNCLASSIFIED] = ~other
    priority = found.get(PRIORITY_PROTECTION, [])
    return FarmlandFacts(
        categories, other, _outside_pbf(extract, priority, other, parameters)
    )


def derive_recharge(extract: Extract) -> Truth:
    """Whether the subject lies in a recharge area (补给区).

    A recharge area that nobody delimited is none.
    """
    found = overlap(extract, RECHARGE, RECHARGE)
    silent = any(missing.cause == "no_coverage" for missing in found.missing)
    return NO if silent else found


def _across_border(absent: Truth) -> bool:
    return any(missing.cause == "border" for missing in absent.missing)


def _outside_pbf(
    extract: Extract, priority: list[ExtractItem], other: Truth, parameters: Parameters
) -> Truth:
    """Whether part of the priority-protection land lies outside basic farmland."""
    if not priority:
        return other if other.is_unknown else NO
    basic = items_on(extract, PBF)
    if basic and not _rest_counts(extract, priority, basic, parameters):
        return NO
    absent = absence(extract, PBF, PBF)
    return absent if absent.is_unknown else YES


def _rest_counts(
    extract: Extract,
    priority: list[ExtractItem],
    basic: tuple[ExtractItem, ...],
    parameters: Parameters,
) -> bool:
    """Whether what is left of priority land beside basic farmland is no sliver."""
    if any(item.share == 1.0 for item in basic):
        # It covers the whole subject.
        return False
    subject = extract.subject.geometry
    rest = subtract(_ground(subject, priority), _ground(subject, basic))
    area_m2: float = measure_area(rest)
    return area_m2 > 0 and not is_sliver(
        rest, area_m2, parameters.sliver_area_m2, parameters.sliver_width_m
    )


def _ground(subject: BaseGeometry, items: Sequence[ExtractItem]) -> BaseGeometry:
    """Return what the items cover of the subject together."""
    shapes = np.array([item.feature.geometry for item in items], dtype=object)
    return unite(overlap_pieces(subject, shapes))
