"""What lies on and around a subject, theme by theme (地块查询摘录).

Core: no I/O. The types are filled by `measure_extract`; the input types come from
`screening.neighbourhood` and can be imported from here as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from screening.neighbourhood import (
    BorderHit,
    BorderRelation,
    County,
    Coverage,
    Feature,
    Neighbourhood,
    ParcelRecord,
    Subject,
    ThemeKind,
    ThemeSpec,
)

__all__ = [
    "BorderHit",
    "BorderRelation",
    "CategoryShare",
    "County",
    "Coverage",
    "CoverageState",
    "DistanceRow",
    "Extract",
    "ExtractItem",
    "ExtractSettings",
    "Feature",
    "ItemRelation",
    "Neighbourhood",
    "ParcelRecord",
    "Subject",
    "ThemeKind",
    "ThemeResult",
    "ThemeSpec",
    "ThemeStatus",
]

ItemRelation = Literal["on", "sliver", "adjoining", "within", "imprecise"]
ThemeStatus = Literal["concerned", "clear", "no_coverage", "stale", "imprecise"]
CoverageStateName = Literal["covered", "stale", "no_coverage"]


@dataclass(frozen=True, slots=True)
class ExtractSettings:
    """Limits of the extract; all project defaults.

    `sliver_area_m2` (SLIVER_AREA) and `sliver_width_m` (SLIVER_WIDTH): strictly below
    either is a sliver. `adjoining_m`: a gap up to this counts as adjoining.
    """

    sliver_area_m2: float = 1.0
    sliver_width_m: float = 0.10
    adjoining_m: float = 0.05


@dataclass(frozen=True, slots=True)
class ExtractItem:
    """One feature as it lies to the subject.

    `area_m2` is the overlap, `share` that area over the subject's (0 to 1),
    `distance_m` boundary to boundary, 0 when it overlaps. `point_only`: known only as a
    point, so no area is measured; `widened_by_m` is what its point was widened by.
    """

    feature: Feature
    relation: ItemRelation
    area_m2: float
    share: float
    distance_m: float
    point_only: bool = False
    widened_by_m: float = 0.0


@dataclass(frozen=True, slots=True)
class CoverageState:
    """What one county knows of a theme on the day asked.

    `part`: holds for a part of the subject (or ring) in that county only; `area_m2` is
    the area of the subject it holds for (0 where only the ring touches the county).
    """

    division_code: str
    state: CoverageStateName
    data_date: date | None
    part: bool = False
    area_m2: float = 0.0


@dataclass(frozen=True, slots=True)
class CategoryShare:
    """Union of the items "on" of one category: area and share of the subject."""

    category: str
    area_m2: float
    share: float


@dataclass(frozen=True, slots=True)
class ThemeResult:
    """The answer for one theme; `area_m2` and `share` are of the union of items "on"."""

    theme: str
    status: ThemeStatus
    coverage: tuple[CoverageState, ...]
    area_m2: float
    share: float
    sliver_area_m2: float
    items: tuple[ExtractItem, ...]
    border: tuple[BorderHit, ...]
    categories: tuple[CategoryShare, ...]


@dataclass(frozen=True, slots=True)
class DistanceRow:
    """One line of the distance table (enterprise_buffers.md section 4) for a subject.

    `distance_m` is rounded to 0.01 m; `inside` is distance ≤ limit (touching counts).
    `widened_by_m` and `widened_why` say what a point source was widened by.
    """

    key: str
    source: Feature
    distance_m: float
    limit_m: float
    inside: bool
    widened_by_m: float
    widened_why: Literal["", "accuracy", "equivalent_radius"]
    action: str
    reason: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Extract:
    """Every theme for one subject, on one day, as known at one change.

    `counties` are those of the neighbourhood (with their settings).
    """

    subject: Subject
    as_of: date
    known_at: int
    themes: Mapping[str, ThemeResult]
    distances: tuple[DistanceRow, ...]
    counties: tuple[County, ...] = ()
