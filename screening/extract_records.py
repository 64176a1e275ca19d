"""What an extract says: records of its themes, items, coverage and distances (core).

Filled by `screening.extract.measure_extracts`; import them from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from screening.distance_rules import DISTANCE_RULES, DistanceRule
from screening.distance_table import DistanceRow
from screening.industries import IndustryList
from screening.neighbourhood import BorderHit, County, Feature, Subject

ItemRelation = Literal["on", "sliver", "adjoining", "within", "imprecise"]
"""How a feature lies to the subject.

"on": overlaps by more than a sliver, or a point (or line) of it lies on the subject.
"sliver": overlaps, but so little that it counts as boundary mismatch (碎面).
"adjoining": touches or nearly so. "within": nearer than the search distance.
"imprecise": known as a point that lies outside but may reach the subject (rule I02).
"""

ThemeStatus = Literal["concerned", "clear", "no_coverage", "stale", "imprecise"]
CoverageStateName = Literal["covered", "stale", "no_coverage"]
Reach = Literal["subject", "ring"]


@dataclass(frozen=True, slots=True)
class ExtractSettings:
    """Limits of an extract; all of them project defaults.

    Attributes
    ----------
    sliver_area_m2, sliver_width_m
        SLIVER_AREA, SLIVER_WIDTH: strictly below either is a sliver.
    adjoining_m
        A gap up to this counts as adjoining.
    bare_point_m
        How far a feature of an area theme may reach that is known as a point without
        area or accuracy: nearer than this it is imprecise, never clear.
    distance_rules
        The distance table.
    industry_lists
        Lists of industries by name that the distance table refers to (H1, H6).
    """

    sliver_area_m2: float = 1.0
    sliver_width_m: float = 0.10
    adjoining_m: float = 0.5
    bare_point_m: float = 50.0
    distance_rules: tuple[DistanceRule, ...] = DISTANCE_RULES
    industry_lists: Mapping[str, IndustryList] = field(default_factory=dict)


class ExtractItem(NamedTuple):
    """One feature as it lies to the subject.

    Attributes
    ----------
    area_m2, share
        Overlap, and its part of the subject's area (0 to 1). 0 for points and lines.
    distance_m
        Boundary to boundary, 0 where they meet; of a point less what it is widened by,
        and 0 where that reaches the subject.
    point_only
        Known as a point only: whether it is on the subject can be told, how much of it
        cannot, so no area is made up.
    widened_by_m
        What a point was widened by (stated area, accuracy).
    """

    feature: Feature
    relation: ItemRelation
    area_m2: float
    share: float
    distance_m: float
    point_only: bool = False
    widened_by_m: float = 0.0


class CoverageState(NamedTuple):
    """What one county knows of a theme on the day asked, for one piece of ground.

    Attributes
    ----------
    division_code
        The county; "" for ground that lies in no county on record.
    data_date
        Of the newest data it rests on; None without coverage.
    part
        Holds for a part only of what was asked of that county.
    share
        Of the subject that it holds for; 0 where only the search ring is concerned.
    reach
        "subject" where the county holds part of the subject, "ring" where only the
        search distance reaches it.
    """

    division_code: str
    state: CoverageStateName
    data_date: date | None
    part: bool = False
    share: float = 0.0
    reach: Reach = "subject"


@dataclass(frozen=True, slots=True)
class CategoryShare:
    """Union of the items "on" of one category: area and share of the subject.

    0 for a category whose items are known as points only.
    """

    category: str
    area_m2: float
    share: float


class ThemeResult(NamedTuple):
    """The answer for one theme.

    Attributes
    ----------
    status
        The first that holds of concerned, imprecise, no_coverage, stale, clear.
    coverage
        What each county asked says, by county.
    area_m2, share
        Of the union of the items "on"; items may overlap and are never summed.
    sliver_area_m2
        Of the union of the items "sliver".
    border
        What lies on or near the subject and belongs to another division; its area is
        not known here and not part of `area_m2`.
    """

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
class Extract:
    """Every theme for one subject, on one day, as known at one change.

    Attributes
    ----------
    themes
        By theme code, in the order asked.
    distances
        Rows of the distance table for the sources found.
    distances_not_searched
        Keys of the table that this extract cannot answer: no theme was searched as far
        as their ring, or they follow a network.
    counties
        Those of the neighbourhood, with their settings.
    """

    subject: Subject
    as_of: date
    known_at: int
    themes: Mapping[str, ThemeResult]
    distances: tuple[DistanceRow, ...]
    counties: tuple[County, ...] = ()
    distances_not_searched: tuple[str, ...] = ()
