"""How do the sources around a subject lie to the rings that are watched? (core).

A row compares the distance as published, to 0.01 m, with the ring of its rule; touching
the ring counts as inside. A source known as a point is widened first, and the row says
by what. The rules are data: `screening.distance_rules`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from parcels.texts import Text
from screening.distance import WidenedWhy
from screening.distance_rules import (
    DISTANCE_RULES,
    MINING_AND_SMELTING,
    DistanceRule,
    SourceClass,
)
from screening.industries import Industry, IndustryList, any_known
from screening.neighbourhood import Feature, ThemeSpec


@dataclass(frozen=True, slots=True)
class DistanceRow:
    """One source as it lies to the subject, by one rule of the table.

    Attributes
    ----------
    distance_m
        Boundary to boundary, to 0.01 m, after widening; 0 where they meet.
    inside
        Distance ≤ limit.
    widened_by_m, widened_why
        What a point was widened by: accuracy, radius of the stated area, both, or "".
    certain
        False where the industry of the source cannot be told from its code; it is
        shown all the same.
    """

    key: str
    source: Feature
    target: str
    distance_m: float
    limit_m: float
    inside: bool
    widened_by_m: float
    widened_why: WidenedWhy
    action: str
    reason: Text
    confidence: str
    certain: bool = True


class Located(Protocol):
    """A feature with its measured place to the subject."""

    @property
    def feature(self) -> Feature: ...  # noqa: D102
    @property
    def distance_m(self) -> float: ...  # noqa: D102
    @property
    def widened_by_m(self) -> float: ...  # noqa: D102
    @property
    def widened_why(self) -> WidenedWhy: ...  # noqa: D102


def measure_distance_table(
    located: Sequence[Located],
    rules: Iterable[DistanceRule] = DISTANCE_RULES,
    industry_lists: Mapping[str, IndustryList] | None = None,
) -> tuple[DistanceRow, ...]:
    """Return a row for every source and every rule it falls under, nearest first.

    Rows outside their ring are kept, with `inside` false. The order is key, distance,
    code of the source.

    Parameters
    ----------
    located
        Features with distance and widening, at most one entry a feature and theme.
    industry_lists
        Lists by name (`H1`, `H6`). A source whose list is not given cannot be told, so
        it is shown as not certain.
    """
    rules = [rule for rule in rules if rule.way == "straight"]
    if not rules:
        return ()
    lists = {"mining_and_smelting": MINING_AND_SMELTING, **(industry_lists or {})}
    by_theme: dict[str, list[Located]] = {}
    for place in located:
        by_theme.setdefault(place.feature.theme, []).append(place)
    rows = [
        _row(rule, place, certain=known)
        for rule in rules
        for place in by_theme.get(rule.source.theme, ())
        if (known := belongs_to(place.feature, rule.source, lists)) is not False
    ]
    rows.sort(key=lambda row: (row.key, row.distance_m, row.source.code))
    return tuple(rows)


def list_not_searched(
    rules: Iterable[DistanceRule], themes: Iterable[ThemeSpec]
) -> tuple[str, ...]:
    """Return the keys whose ring was not searched: no such theme, or not so far."""
    reach = {spec.theme: spec.search_m for spec in themes}
    keys = (
        rule.key
        for rule in rules
        if rule.way == "network" or reach.get(rule.source.theme, -1.0) < rule.ring_m
    )
    return tuple(dict.fromkeys(keys))


def _row(rule: DistanceRule, place: Located, certain: bool | None) -> DistanceRow:
    distance_m = round(place.distance_m, 2)
    return DistanceRow(
        key=rule.key,
        source=place.feature,
        target=rule.target,
        distance_m=distance_m,
        limit_m=rule.ring_m,
        inside=distance_m <= rule.ring_m,
        widened_by_m=place.widened_by_m,
        widened_why=place.widened_why,
        action=rule.action,
        reason=rule.reason,
        confidence=rule.confidence,
        certain=bool(certain),
    )


def belongs_to(
    feature: Feature, source: SourceClass, lists: Mapping[str, IndustryList]
) -> bool | None:
    """Return whether a feature is of a class; None when its industry is not told."""
    if source.or_key_unit and feature.attributes.get("key_unit"):
        return True
    if source.categories and feature.category not in source.categories:
        return False
    if not source.industries:
        return True
    industry = Industry(
        feature.attributes.get("industry_code"),
        feature.attributes.get("industry_edition"),
    )
    listed = _on_any(industry, source.industries, lists)
    excluded = _on_any(industry, source.other_than, lists)
    if listed is False or excluded is True:
        return False
    return True if listed and excluded is False else None


def _on_any(
    industry: Industry, names: Sequence[str], lists: Mapping[str, IndustryList]
) -> bool | None:
    return any_known(
        lists[name].holds(industry) if name in lists else None for name in names
    )
