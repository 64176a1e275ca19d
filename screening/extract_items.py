"""How does each feature lie to the subject? (core).

First every feature is placed, all themes in one go: what it shares with the subject,
else how far away it is. Then each theme is judged as a whole, because a sliver is one
only after the pieces of its theme are united:

* A theme whose united overlap is a sliver has slivers only.
* Else a feature overlaps ("on") when its own overlap is no sliver, or when the small
  overlaps of its category make up more than a sliver together. Should that leave none,
  all of them count: land is not let off because it was registered in strips.
* What covers the whole subject is never a sliver, however small the subject.

A feature known as a point is "on" when the subject contains the point, with no area
made up for it; outside, but within the radius of its stated area plus its accuracy, it
is "imprecise" (rule I02). A bare point, with neither, may reach as far as
`ExtractSettings.bare_point_m` in area themes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from screening.distance import (
    NOT_WIDENED,
    WidenedWhy,
    Widening,
    measure_distances_from,
    measure_widening,
)
from screening.extract_records import (
    CategoryShare,
    ExtractItem,
    ExtractSettings,
    ItemRelation,
)
from screening.neighbourhood import Feature, Subject, ThemeSpec
from screening.overlay import (
    AROUND,
    DISJOINT,
    NOTHING,
    Relations,
    Shapes,
    cut,
    is_sliver,
    localise,
    measure_shares,
    measure_shares_of,
    relate,
    unite,
)


class Place(NamedTuple):
    """A feature, what it shares with the subject, and how far away it is.

    Attributes
    ----------
    piece
        Polygons in common; empty when no ground is.
    share
        Of the piece in the subject.
    covers
        The feature covers the whole subject.
    gap_m
        Distance boundary to boundary before any widening, 0 where they meet.
    areal, point_only
        A polygon; a point. Neither: a line.
    widening
        Of a point; nothing else is widened.
    distance_m
        Distance after widening, never below 0.
    """

    feature: Feature
    piece: BaseGeometry
    share: float
    covers: bool
    gap_m: float
    areal: bool
    point_only: bool
    widening: Widening
    distance_m: float

    @property
    def widened_by_m(self) -> float:
        """What the point was widened by, metres."""
        return self.widening.metres

    @property
    def widened_why(self) -> WidenedWhy:
        """Why."""
        return self.widening.why


class Surroundings(NamedTuple):
    """A subject, what lies around it, and the themes asked for, by name."""

    subject: Subject
    features: Sequence[Feature]
    themes: Mapping[str, ThemeSpec]


def place_features(lands: Sequence[Surroundings]) -> list[list[Place]]:
    """Return for each land the place of every feature of its themes, in their order.

    All are measured in one go: one subject has few features, and a call for a few costs
    nearly what one for hundreds does.
    """
    wanted = [
        [feature for feature in land.features if feature.theme in land.themes]
        for land in lands
    ]
    counts = [len(features) for features in wanted]
    subjects = np.array([land.subject.geometry for land in lands], dtype=object)
    whose = np.repeat(np.arange(len(lands)), counts)
    farthest_m = [
        max((spec.search_m for spec in land.themes.values()), default=0.0)
        for land in lands
    ]
    places = iter(
        _place(subjects, list(chain.from_iterable(wanted)), whose, farthest_m)
    )
    return [list(islice(places, count)) for count in counts]


def _place(
    subjects: Shapes,
    asked: Sequence[Feature],
    whose: NDArray[np.int64],
    farthest_m: Sequence[float],
) -> list[Place]:
    if not asked:
        return []
    shapes = np.array([feature.geometry for feature in asked], dtype=object)
    dimensions = shapely.get_dimensions(shapes).tolist()
    widenings = [
        measure_widening(feature.accuracy_m, feature.stated_area_m2)
        if dimension == 0
        else NOT_WIDENED
        for feature, dimension in zip(asked, dimensions, strict=True)
    ]
    widest_m = [0.0] * len(subjects)
    for place, widening in zip(whose.tolist(), widenings, strict=True):
        widest_m[place] = max(widest_m[place], widening.metres)
    relations, pieces, shares = _overlaps(subjects, shapes, whose)
    gaps = np.zeros(len(asked))
    apart = (relations == DISJOINT).nonzero()[0]
    gaps[apart] = measure_distances_from(
        subjects,
        shapes[apart],
        whose[apart],
        [far + wide for far, wide in zip(farthest_m, widest_m, strict=True)],
    )
    return [
        Place(
            feature,
            piece,
            share,
            relation == AROUND,
            gap_m,
            dimension == 2,
            dimension == 0,
            widening,
            max(0.0, gap_m - widening.metres),
        )
        for feature, piece, share, relation, gap_m, dimension, widening in zip(
            asked,
            pieces,
            shares.tolist(),
            relations.tolist(),
            gaps.tolist(),
            dimensions,
            widenings,
            strict=True,
        )
    ]


def _overlaps(
    subjects: Shapes, shapes: Shapes, whose: NDArray[np.int64]
) -> tuple[Relations, Shapes, NDArray[np.float64]]:
    """Return relation, common piece and share of each; the measuring in one call."""
    relations = np.zeros(len(shapes), dtype=np.uint8)
    pieces = np.full(len(shapes), NOTHING, dtype=object)
    shares = np.zeros(len(shapes))
    shapely.prepare(subjects)
    hits = shapely.intersects(subjects[whose], shapes).nonzero()[0]
    if len(hits):
        own = subjects[whose[hits]]
        near = localise(own, shapes[hits])
        related = relate(own, near)
        common = cut(own, near, related)
        around = related == AROUND
        shares[hits[around]] = 1.0
        partly = (~(around | shapely.is_empty(common))).nonzero()[0]
        if len(partly):
            shares[hits[partly]] = measure_shares_of(
                subjects, common[partly], whose[hits[partly]]
            )
        relations[hits], pieces[hits] = related, common
    return relations, pieces, shares


@dataclass(frozen=True, slots=True)
class ThemeItems:
    """The items of one theme and what they sum to (shares of united pieces)."""

    items: tuple[ExtractItem, ...]
    share: float
    sliver_share: float
    categories: tuple[CategoryShare, ...]


_NO_ITEMS = ThemeItems((), 0.0, 0.0, ())


def judge_theme(
    subject: Subject,
    spec: ThemeSpec,
    places: Sequence[Place],
    settings: ExtractSettings,
) -> ThemeItems:
    """Return the items of one theme; what lies beyond its search is left out.

    Items of an area theme come by relation and falling area, those of a proximity theme
    by distance.
    """
    if not places:
        return _NO_ITEMS
    overlaps = [place for place in places if place.share > 0]
    on, slivers = _sort_slivers(subject, overlaps, settings)
    judged: list[tuple[Place, ItemRelation]] = [(place, "on") for place in on]
    judged += [(place, "sliver") for place in slivers]
    for place in places:
        if place.share == 0 and (relation := _relate_apart(place, spec, settings)):
            judged.append((place, relation))
    items = [_item(subject, place, relation) for place, relation in judged]
    if len(items) > 1:
        items.sort(key=_by_relation if spec.kind == "area" else _by_distance)
    share = _united_share(subject, on)
    counted = [place for place, relation in judged if relation == "on"]
    return ThemeItems(
        tuple(items),
        share,
        _united_share(subject, slivers),
        _categories(subject, counted, share) if counted else (),
    )


def _sort_slivers(
    subject: Subject, overlaps: list[Place], settings: ExtractSettings
) -> tuple[list[Place], list[Place]]:
    """Part the overlaps of one theme into what counts and what is boundary mismatch."""
    if not overlaps:
        return [], []
    small = [place for place in overlaps if _is_sliver(subject, [place], settings)]
    if not small:
        return overlaps, []
    if len(small) == len(overlaps):
        if _is_sliver(subject, overlaps, settings):
            return [], overlaps
        return overlaps, []
    slivers = [
        place
        for group in _by_category(small).values()
        if _is_sliver(subject, group, settings)
        for place in group
    ]
    left_out = {id(place) for place in slivers}
    return [place for place in overlaps if id(place) not in left_out], slivers


def _is_sliver(
    subject: Subject, places: Sequence[Place], settings: ExtractSettings
) -> bool:
    if any(place.covers for place in places):
        return False
    if len(places) == 1:
        united, share = places[0].piece, places[0].share
    else:
        united = unite(np.array([place.piece for place in places], dtype=object))
        share = float(measure_shares(np.array([united]), subject.geometry)[0])
    return is_sliver(
        united,
        share * subject.mapped_area_m2,
        settings.sliver_area_m2,
        settings.sliver_width_m,
    )


def _united_share(subject: Subject, places: Sequence[Place]) -> float:
    """Return the share of the subject that the places cover together."""
    if not places:
        return 0.0
    if len(places) == 1 or any(place.covers for place in places):
        return max(place.share for place in places)
    united = unite(np.array([place.piece for place in places], dtype=object))
    return float(measure_shares(np.array([united]), subject.geometry)[0])


def _by_category(places: Sequence[Place]) -> dict[str | None, list[Place]]:
    groups: dict[str | None, list[Place]] = {}
    for place in places:
        groups.setdefault(place.feature.category, []).append(place)
    return groups


def _categories(
    subject: Subject, on: Sequence[Place], theme_share: float
) -> tuple[CategoryShare, ...]:
    groups = _by_category(on)
    found = []
    for category in sorted(name for name in groups if name is not None):
        share = (
            theme_share
            if len(groups) == 1
            else _united_share(subject, groups[category])
        )
        found.append(CategoryShare(category, share * subject.mapped_area_m2, share))
    return tuple(found)


def _relate_apart(
    place: Place, spec: ThemeSpec, settings: ExtractSettings
) -> ItemRelation | None:
    """Return how a feature lies that shares no ground; None beyond the search."""
    if place.gap_m == 0 and not place.areal:
        return "on"
    if place.point_only and place.gap_m <= _reach(place, spec, settings):
        return "imprecise"
    distance_m = round(place.distance_m, 2)
    if distance_m <= settings.adjoining_m:
        return "adjoining"
    return "within" if distance_m <= spec.search_m else None


def _reach(place: Place, spec: ThemeSpec, settings: ExtractSettings) -> float:
    if place.widening.metres == 0 and spec.kind == "area":
        return settings.bare_point_m
    return place.widening.metres


def _item(subject: Subject, place: Place, relation: ItemRelation) -> ExtractItem:
    return ExtractItem(
        place.feature,
        relation,
        place.share * subject.mapped_area_m2,
        place.share,
        place.distance_m,
        place.point_only,
        place.widening.metres,
    )


_ORDER: Mapping[ItemRelation, int] = {
    "on": 0,
    "imprecise": 1,
    "sliver": 2,
    "adjoining": 3,
    "within": 4,
}


def _by_relation(item: ExtractItem) -> tuple[object, ...]:
    rank = _ORDER[item.relation]
    return (rank, -item.area_m2, item.distance_m, *_identity(item))


def _by_distance(item: ExtractItem) -> tuple[object, ...]:
    return (item.distance_m, _ORDER[item.relation], -item.area_m2, *_identity(item))


def _identity(item: ExtractItem) -> tuple[str, str, int]:
    feature = item.feature
    return feature.division_code, feature.code, feature.version_id
