"""What does a standard say of one content in soil or produce? (core).

Farmland, GB 15618-2018: content ≤ screening value is class 1, ≤ intervention value
class 2, above it class 3 (verified). Cu, Ni, Zn and the organic items have no
intervention value and never reach class 3 (verified).

What cannot be judged has no class and says why: no pH, no land, no limit, a value the
laboratory did not pass, a detection limit above the screening value (proposed).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from parcels.texts import Text
from screening.standards.limits import Standard

Numbers = npt.NDArray[np.float64]
Classes = npt.NDArray[np.int8]

Reason = Literal[
    "not_loaded",
    "no_limit",
    "ph_missing",
    "land_missing",
    "value_missing",
    "detection_limit_missing",
    "detection_limit_too_high",
    "qc_not_passed",
    "total_arsenic",
    "below_background",
]
REASONS: Final[dict[Reason, Text]] = {
    "not_loaded": Text(
        "该版标准的限值未录入", "the limits of this edition are not loaded"
    ),
    "no_limit": Text(
        "标准未规定该项目的限值", "the standard has no limit for this item"
    ),
    "ph_missing": Text("缺少同一样品的 pH", "the pH of the same sample is missing"),
    "land_missing": Text("用地类型不明", "the land type is unknown"),
    "value_missing": Text("没有检测值", "there is no value"),
    "detection_limit_missing": Text(
        "未检出，但没有检出限", "not detected, but the detection limit is missing"
    ),
    "detection_limit_too_high": Text(
        "检出限高于筛选值，不能证明达标",
        "the detection limit is above the screening value and proves nothing",
    ),
    "qc_not_passed": Text("质控未通过", "quality control was not passed"),
    "total_arsenic": Text(
        "总砷超过无机砷限值，须测无机砷",
        "total arsenic is above the limit of inorganic arsenic: measure the latter",
    ),
    "below_background": Text(
        "超过筛选值但不高于土壤环境背景值",
        "above the screening value, but not above the soil background",
    ),
}
"""Why a content has no class, or another than its figure alone would give."""

QC_FAILED: Final = frozenset({"failed", "rejected", "不合格", "未通过", "作废"})
"""Words of a quality control that was not passed; anything else is used."""


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """Contents of one item in many samples, mg/kg (含量).

    Attributes
    ----------
    value, detection_limit
        `(n,)`, NaN where there is none.
    non_detect, usable
        `(n,) bool`; not usable is a value that quality control did not pass.
    ph
        Of the same sample, NaN unknown.
    land
        `(n,) object`, one of `limits.LAND_TYPES` or None.
    """

    value: Numbers
    non_detect: npt.NDArray[np.bool_]
    detection_limit: Numbers
    usable: npt.NDArray[np.bool_]
    ph: Numbers
    land: npt.NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.value)


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What a standard says of many contents.

    Attributes
    ----------
    classes
        `(n,) int8`: 1, 2, 3, or 0 where it cannot be judged.
    reasons
        `(n,) object`: key of `REASONS`, or None.
    screening, intervention
        Limits that govern, mg/kg, NaN where there is none.
    ratio
        Content over screening value (单项污染指数), NaN where unknown; a non-detect has
        none of its own.
    """

    classes: Classes
    reasons: npt.NDArray[np.object_]
    screening: Numbers
    intervention: Numbers
    ratio: Numbers


def judge_farmland(analyte: str, contents: Contents, standard: Standard) -> Judged:
    """Return the class of each content on farmland (点位评价)."""
    return _judge(analyte, contents, standard)


def judge_development_land(
    analyte: str,
    contents: Contents,
    standard: Standard,
    background_mg_per_kg: float = np.nan,
) -> Judged:
    """Return the class of each content on land of class 1 or 2 (GB 36600-2018).

    As, Co and V above the screening value but not above the background are class 1:
    they are not managed as contaminated (verified that the clause exists; the
    background is configuration). NaN is an unknown background and excuses nothing.
    """
    judged = _judge(analyte, contents, standard)
    if np.isnan(background_mg_per_kg) or not _knows_background(analyte, standard):
        return judged
    excused = (judged.classes > 1) & (contents.value <= background_mg_per_kg)
    judged.classes[excused] = 1
    judged.reasons[excused] = "below_background"
    return judged


def _knows_background(analyte: str, standard: Standard) -> bool:
    return any(one.background_rule for one in standard.limits if one.analyte == analyte)


def _judge(analyte: str, contents: Contents, standard: Standard) -> Judged:
    screening = standard.find_values(analyte, "screening", contents.land, contents.ph)
    intervention = standard.find_values(
        analyte, "intervention", contents.land, contents.ph
    )
    reasons = _reasons(analyte, contents, standard, screening)
    classes = grade(contents.value, screening, intervention)
    classes[contents.non_detect] = 1
    classes[~is_none(reasons)] = 0
    ratio = np.where(contents.non_detect, np.nan, contents.value / screening)
    return Judged(classes, reasons, screening, intervention, ratio)


def grade(value: Numbers, screening: Numbers, intervention: Numbers) -> Classes:
    """Return 1 (≤ screening), 2 (≤ intervention) or 3; the limit belongs below.

    Without an intervention value nothing is above it.
    """
    classes = np.ones(len(value), np.int8)
    classes[value > screening] = 2
    classes[value > intervention] = 3
    return classes


def is_none(values: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """Return where an array of objects holds None."""
    return np.array([one is None for one in values.tolist()], dtype=bool)


def _reasons(
    analyte: str, contents: Contents, standard: Standard, screening: Numbers
) -> npt.NDArray[np.object_]:
    """Return why a content has no class, None where it has one; later reasons win."""
    reasons: npt.NDArray[np.object_] = np.full(len(contents), None, dtype=object)
    limit, unlimited = contents.detection_limit, np.isnan(screening)
    told: tuple[tuple[Reason, npt.NDArray[np.bool_]], ...] = (
        ("detection_limit_too_high", contents.non_detect & (limit > screening)),
        ("detection_limit_missing", contents.non_detect & np.isnan(limit)),
        ("value_missing", ~contents.non_detect & np.isnan(contents.value)),
        ("qc_not_passed", ~contents.usable),
        ("no_limit", unlimited),
        ("ph_missing", unlimited & np.isnan(contents.ph)),
        ("land_missing", unlimited & is_none(contents.land)),
    )
    for reason, where in told:
        reasons[where] = reason
    if analyte not in standard.analytes():
        reasons[:] = "no_limit" if standard.loaded else "not_loaded"
    return reasons
