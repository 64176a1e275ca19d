"""What lies on and around a subject, theme by theme? (core).

地块查询摘录. `measure_extracts` turns what one gather read into the answer for every
theme: its status, its items with area, share and distance, what each county asked knows
of it, and the distance table. No I/O; the same input gives the same answer whatever the
order of its rows.

The status is the first that holds of

concerned    an area theme has an item "on", or another division's feature lies on the
             subject; a proximity theme has anything within its search distance.
imprecise    an area theme has a feature known as a point that may reach the subject.
no_coverage  some ground asked about is covered by nobody.
stale        some ground is covered by data past their date only.
clear        everything asked is covered by fresh data, and nothing was found.

Another division's feature that only adjoins an area theme's subject, or lies within its
small search distance, is told in `border` and leaves the status as it is, as a feature
of one's own would.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from screening.coverage import Ground, Grounds, judge_coverage
from screening.distance_table import (
    DistanceRow,
    list_not_searched,
    measure_distance_table,
)
from screening.extract_items import (
    Place,
    Surroundings,
    ThemeItems,
    judge_theme,
    place_features,
)
from screening.extract_records import (
    CategoryShare,
    CoverageState,
    CoverageStateName,
    Extract,
    ExtractItem,
    ExtractSettings,
    ItemRelation,
    Reach,
    ThemeResult,
    ThemeStatus,
)
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
from screening.overlay import EmptyGeometry

__all__ = [
    "BorderHit",
    "BorderRelation",
    "CategoryShare",
    "County",
    "Coverage",
    "CoverageState",
    "CoverageStateName",
    "DistanceRow",
    "Extract",
    "ExtractItem",
    "ExtractSettings",
    "Feature",
    "ItemRelation",
    "Land",
    "Neighbourhood",
    "ParcelRecord",
    "Reach",
    "Subject",
    "ThemeKind",
    "ThemeResult",
    "ThemeSpec",
    "ThemeStatus",
    "measure_extracts",
]


class Land(NamedTuple):
    """Land to be measured, and what was read for it.

    Attributes
    ----------
    subject
        Valid geometry (`screening.subject.check_subject`), EPSG:4490.
    neighbourhood
        Everything near it, read in one snapshot, at least as far as the themes search
        and, for points, as far as they may reach.
    themes
        Each theme once. Features, border hits and coverage of other themes are left
        out.
    """

    subject: Subject
    neighbourhood: Neighbourhood
    settings: ExtractSettings
    themes: Sequence[ThemeSpec]


def measure_extracts(lands: Sequence[Land]) -> list[Extract]:
    """Return the answer for every theme asked, for each land; measured in one go.

    Raises
    ------
    EmptyGeometry
        If one of the subjects has no area.
    """
    if any(not land.subject.geometry.area > 0 for land in lands):
        raise EmptyGeometry("there is no share of a geometry without area")
    placed = place_features(
        [
            Surroundings(
                land.subject,
                land.neighbourhood.features,
                {spec.theme: spec for spec in land.themes},
            )
            for land in lands
        ]
    )
    return [_extract(land, places) for land, places in zip(lands, placed, strict=True)]


def _extract(land: Land, places: Sequence[Place]) -> Extract:
    neighbourhood, settings = land.neighbourhood, land.settings
    return Extract(
        land.subject,
        neighbourhood.as_of,
        neighbourhood.known_at,
        _measure_themes(land, places),
        measure_distance_table(
            places, settings.distance_rules, settings.industry_lists
        ),
        neighbourhood.counties,
        list_not_searched(settings.distance_rules, land.themes),
    )


def _measure_themes(land: Land, places: Sequence[Place]) -> dict[str, ThemeResult]:
    subject, neighbourhood, settings, themes = land
    placed: dict[str, list[Place]] = {}
    for place in places:
        placed.setdefault(place.feature.theme, []).append(place)
    grounds = Grounds(
        subject,
        neighbourhood.counties,
        max((spec.search_m for spec in themes), default=0.0),
        settings.sliver_area_m2,
        settings.sliver_width_m,
    )
    border: dict[str, list[BorderHit]] = {}
    for hit in neighbourhood.border:
        border.setdefault(hit.theme, []).append(hit)
    # Of most themes nothing is found.
    results = dict(_silence(grounds, neighbourhood, themes))
    for spec in themes:
        theme = spec.theme
        if theme in placed or theme in border:
            found = judge_theme(subject, spec, placed.get(theme, ()), settings)
            across = _border(border.get(theme, ()), spec)
            coverage = results[theme].coverage
            results[theme] = _result(subject, spec, found, across, coverage)
    return results


def _silence(
    grounds: Grounds, neighbourhood: Neighbourhood, themes: Sequence[ThemeSpec]
) -> Mapping[str, ThemeResult]:
    """Return what is answered of each theme where nothing is found.

    Where one county holds all that is asked, what it says of its whole is the same for
    all its ground, and judged once for the same statements.
    """
    said, as_of = neighbourhood.coverage, neighbourhood.as_of
    if grounds.alone is None:
        return _judge_silence(grounds, said, as_of, themes)
    in_parts = {statement.theme for statement in said if statement.geometry is not None}
    if not in_parts:
        return _silence_of_whole(grounds.alone, grounds, said, as_of, themes)
    whole = [statement for statement in said if statement.theme not in in_parts]
    parts = [statement for statement in said if statement.theme in in_parts]
    asked = [spec for spec in themes if spec.theme in in_parts]
    return {
        **_silence_of_whole(grounds.alone, grounds, whole, as_of, themes),
        **_judge_silence(grounds, parts, as_of, asked),
    }


def _silence_of_whole(
    alone: Ground,
    grounds: Grounds,
    said: Sequence[Coverage],
    as_of: date,
    themes: Sequence[ThemeSpec],
) -> Mapping[str, ThemeResult]:
    key = (tuple(map(id, said)), id(themes), alone.division_code, as_of)
    known = _SILENCES.get(key)
    if known is None:
        known = tuple(said), themes, _judge_silence(grounds, said, as_of, themes)
        if len(_SILENCES) >= _MOST_SILENCES:
            _SILENCES.clear()
        _SILENCES[key] = known
    return known[-1]


_MOST_SILENCES: Final = 1024
_SILENCES: Final[
    dict[
        tuple[tuple[int, ...], int, str, date],
        tuple[Sequence[Coverage], Sequence[ThemeSpec], Mapping[str, ThemeResult]],
    ]
] = {}
"""By identity; what it was made of is kept with it, so that no other takes its place.
Shared, so nobody may change what is in it."""


def _judge_silence(
    grounds: Grounds,
    said: Sequence[Coverage],
    as_of: date,
    themes: Sequence[ThemeSpec],
) -> dict[str, ThemeResult]:
    statements: dict[str, list[Coverage]] = {spec.theme: [] for spec in themes}
    for statement in said:
        statements.setdefault(statement.theme, []).append(statement)
    return {
        spec.theme: _nothing_found(
            spec,
            judge_coverage(
                grounds, spec.kind, spec.search_m, statements[spec.theme], as_of
            ),
        )
        for spec in themes
    }


def _result(
    subject: Subject,
    spec: ThemeSpec,
    found: ThemeItems,
    border: tuple[BorderHit, ...],
    coverage: tuple[CoverageState, ...],
) -> ThemeResult:
    return ThemeResult(
        theme=spec.theme,
        status=_status(spec, found.items, border, coverage),
        coverage=coverage,
        area_m2=found.share * subject.mapped_area_m2,
        share=found.share,
        sliver_area_m2=found.sliver_share * subject.mapped_area_m2,
        items=found.items,
        border=border,
        categories=found.categories,
    )


def _nothing_found(spec: ThemeSpec, coverage: tuple[CoverageState, ...]) -> ThemeResult:
    status = _status_of_silence(spec, coverage)
    return ThemeResult(spec.theme, status, coverage, 0.0, 0.0, 0.0, (), (), ())


def _status(
    spec: ThemeSpec,
    items: Sequence[ExtractItem],
    border: Sequence[BorderHit],
    coverage: Sequence[CoverageState],
) -> ThemeStatus:
    if spec.kind == "proximity" and (items or border):
        return "concerned"
    relations = {item.relation for item in items}
    if "on" in relations or any(hit.relation == "on" for hit in border):
        return "concerned"
    if "imprecise" in relations:
        return "imprecise"
    return _status_of_silence(spec, coverage)


def _status_of_silence(
    spec: ThemeSpec, coverage: Sequence[CoverageState]
) -> ThemeStatus:
    """Return what it means that nothing concerns the subject."""
    proximity = spec.kind == "proximity"
    states = {
        state.state for state in coverage if proximity or state.reach == "subject"
    }
    if not states or "no_coverage" in states:
        return "no_coverage"
    return "stale" if "stale" in states else "clear"


_BORDER_ORDER: dict[BorderRelation, int] = {"on": 0, "adjoining": 1, "within": 2}


def _border(hits: Sequence[BorderHit], spec: ThemeSpec) -> tuple[BorderHit, ...]:
    """Return the border hits of a theme within its search distance, nearest first."""
    near = [
        hit for hit in hits if hit.within_m is None or hit.within_m <= spec.search_m
    ]
    near.sort(
        key=lambda hit: (
            _BORDER_ORDER[hit.relation],
            hit.within_m or 0.0,
            hit.division_code,
        )
    )
    return tuple(near)
