"""Does produce keep to the limit of contaminants in food? (core).

With E = content / limit of GB 2762 of the edition in force: class 1 when E ≤ 1, class 2
when 1 < E ≤ 2, class 3 when E > 2. That classes exist is verified; the thresholds 1 and
2 are recalled (medium-high) and configuration.

Rice is limited by inorganic arsenic: total arsenic up to that limit complies (the part
is no more than the whole), above it nothing is known until the part is measured.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from screening.standards.judgement import Contents, Judged, Reason, is_none
from screening.standards.limits import Limit, Standard

THRESHOLDS: Final = (1.0, 2.0)
"""Default ends of class 1 and 2 in multiples of the limit: recalled (medium-high)."""

_PART_OF: Final = {"As": "iAs"}


def judge_produce(
    analyte: str,
    contents: Contents,
    standard: Standard,
    thresholds: tuple[float, float] = THRESHOLDS,
) -> Judged:
    """Return the class of each content in produce (农产品点位评价).

    `contents.land` holds the food, one of `limits.FOODS`; pH is not used.
    """
    none = np.full(len(contents), np.nan)
    limit = standard.find_values(analyte, "produce_limit", contents.land, none)
    part = _limit_of_part(analyte, contents, standard)
    by_part = np.isnan(limit) & ~np.isnan(part)
    limit = np.where(by_part, part, limit)
    ratio = np.where(contents.non_detect, np.nan, contents.value / limit)
    classes = np.ones(len(contents), np.int8)
    classes[ratio > thresholds[0]] = 2
    classes[ratio > thresholds[1]] = 3
    reasons = _reasons(contents, limit, standard)
    reasons[by_part & (classes > 1) & is_none(reasons)] = "total_arsenic"
    classes[~is_none(reasons)] = 0
    return Judged(classes, reasons, limit, none, ratio)


def find_produce_limit(
    analyte: str, food: str | None, standard: Standard
) -> Limit | None:
    """Return the cell `judge_produce` goes by, of total arsenic in rice its part's."""
    for one in (analyte, _PART_OF.get(analyte, analyte)):
        found = standard.find(one, "produce_limit", food)
        if found is not None:
            return found
    return None


def _limit_of_part(analyte: str, contents: Contents, standard: Standard) -> np.ndarray:
    part, none = _PART_OF.get(analyte), np.full(len(contents), np.nan)
    if part is None:
        return none
    return standard.find_values(part, "produce_limit", contents.land, none)


def _reasons(contents: Contents, limit: np.ndarray, standard: Standard) -> np.ndarray:
    reasons = np.full(len(contents), None, dtype=object)
    absent, floor = contents.non_detect, contents.detection_limit
    told: tuple[tuple[Reason, np.ndarray], ...] = (
        ("detection_limit_too_high", absent & (floor > limit)),
        ("detection_limit_missing", absent & np.isnan(floor)),
        ("value_missing", ~absent & np.isnan(contents.value)),
        ("qc_not_passed", ~contents.usable),
        ("no_limit" if standard.loaded else "not_loaded", np.isnan(limit)),
    )
    for reason, where in told:
        reasons[where] = reason
    return reasons
