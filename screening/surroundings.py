"""How do the things around a source lie to it? (core).

周边分析. One source (an enterprise, a pond, a plot, a zone) against what was read
around it: which ring each thing lies in, how far away it is, how much of it the source
covers.

    on                it shares ground with the source, or a point or line lies on it
    cannot_be_placed  one of the two is known as a point only, and may reach the other
    adjoining         boundaries no more than half a metre apart
    within            nearer than the search distance

Distances run from boundary to boundary (enterprise_buffers.md section 1); what is known
as a point is widened by its accuracy and the radius of its stated area, on both sides,
and the answer says by how much. A distance is compared as published, to 0.01 m, and
equal counts as inside; no buffer polygon decides anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from parcels.texts import Text
from screening.distance import expand_bounds, measure_distances, measure_widening
from screening.neighbourhood import Feature
from screening.overlay_layers import Layer, join_pairs, overlay_layers

Ring = Literal["on", "cannot_be_placed", "adjoining", "within"]

ADJOINING_M: Final = 0.5
"""A gap up to this counts as adjoining (design choice, as in extracts)."""
BARE_POINT_M: Final = 50.0
"""How far a point without area or accuracy may reach (project default, as there)."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A thing near a source and how it lies to it.

    Attributes
    ----------
    distance_m
        Boundary to boundary less the widening, never below 0, to 0.01 m.
    widened_by_m
        Sum of what the two were widened by as points; 0 for polygons and lines.
    bare
        One of them is a point without accuracy or area: the distance is that of the
        point alone.
    overlap_m2, overlap_share
        Ground in common, and its share of the thing; 0 where one has no area.
    """

    feature: Feature
    ring: Ring
    distance_m: float
    widened_by_m: float
    bare: bool
    overlap_m2: float
    overlap_share: float


class Surroundings:
    """Things that sources are held against, with a tree over their boxes."""

    def __init__(self, things: Sequence[Feature]) -> None:
        self.things = list(things)
        self.shapes: NDArray[Any] = np.array(
            [thing.geometry for thing in self.things], dtype=object
        )
        self._widening = np.array([_widening(thing) for thing in self.things])
        self._points = shapely.get_dimensions(self.shapes) == 0
        self._areal = shapely.get_dimensions(self.shapes) == 2
        self._tree = shapely.STRtree(self.shapes)

    def around(self, source: Feature, reach_m: float) -> list[Neighbour]:
        """Return what lies within a distance of a source, by ring and distance.

        The source itself (the same version) is left out.
        """
        if not self.things:
            return []
        own_m = _widening(source)
        far_m = reach_m + own_m + float(self._widening.max()) + BARE_POINT_M
        box = shapely.box(*expand_bounds(source.geometry.bounds, far_m))
        near = np.sort(self._tree.query(box))
        gaps = measure_distances(source.geometry, self.shapes[near], far_m)
        widened = self._widening[near] + own_m
        distances = np.round(np.maximum(gaps - widened, 0.0), 2)
        kept = np.flatnonzero((distances <= reach_m) & (gaps <= far_m))
        near, gaps, widened = near[kept], gaps[kept], widened[kept]
        areas, shares = self._overlap(source, near, gaps)
        found = [
            self._neighbour(source, *values)
            for values in zip(
                near.tolist(),
                gaps.tolist(),
                distances[kept].tolist(),
                widened.tolist(),
                areas.tolist(),
                shares.tolist(),
                strict=True,
            )
            if not source.is_same_version(self.things[values[0]])
        ]
        found.sort(key=_order)
        return found

    def within(self, source: Feature, reach_m: float) -> list[Neighbour]:
        """Return what lies within a distance of a source, or may reach it as a point.

        In the order of `around`.
        """
        return [
            one
            for one in self.around(source, max(reach_m, BARE_POINT_M))
            if one.ring == "cannot_be_placed" or one.distance_m <= reach_m
        ]

    def _overlap(
        self, source: Feature, near: NDArray[np.int64], gaps: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        areas, shares = np.zeros(len(near)), np.zeros(len(near))
        if shapely.get_dimensions(source.geometry) != 2:
            return areas, shares
        met = np.flatnonzero((gaps == 0) & self._areal[near])
        if len(met):
            ground = Layer.of(self.shapes[near[met]])
            mask = Layer.of(np.array([source.geometry], dtype=object), np.zeros(1))
            pairs = join_pairs(overlay_layers(ground, mask))
            areas[met[pairs.left]] = pairs.areas_m2
            shares[met[pairs.left]] = pairs.shares
        return areas, shares

    def _neighbour(
        self,
        source: Feature,
        index: int,
        gap_m: float,
        distance_m: float,
        widened_m: float,
        overlap_m2: float,
        share: float,
    ) -> Neighbour:
        thing = self.things[index]
        both_areal = bool(self._areal[index]) and source.geometry.area > 0
        bare = _is_bare(source) or _is_bare(thing)
        if gap_m == 0 and (share > 0 or not both_areal):
            ring: Ring = "on"
        elif gap_m > 0 and gap_m <= max(widened_m, BARE_POINT_M if bare else 0.0):
            ring = "cannot_be_placed"
        else:
            ring = "adjoining" if distance_m <= ADJOINING_M else "within"
        widened = round(widened_m, 2)
        return Neighbour(
            thing, ring, distance_m, widened, bare, overlap_m2, min(share, 1.0)
        )


def _widening(feature: Feature) -> float:
    if shapely.get_dimensions(feature.geometry) != 0:
        return 0.0
    return measure_widening(feature.accuracy_m, feature.stated_area_m2).metres


def _is_bare(feature: Feature) -> bool:
    is_point = shapely.get_dimensions(feature.geometry) == 0
    return bool(is_point) and _widening(feature) == 0


_RANK: Final[dict[Ring, int]] = {
    "on": 0,
    "cannot_be_placed": 1,
    "adjoining": 2,
    "within": 3,
}


def _order(neighbour: Neighbour) -> tuple[object, ...]:
    thing = neighbour.feature
    return (
        _RANK[neighbour.ring],
        neighbour.distance_m,
        thing.layer,
        thing.division_code,
        thing.code,
        thing.version_id,
    )


def describe_distance(neighbour: Neighbour) -> Text:
    """Return in words how a thing lies to its source, widening and doubt included."""
    distance = f"{neighbour.distance_m:.2f}"
    match neighbour.ring:
        case "on":
            text = Text("位于其上", "lies on it")
        case "adjoining":
            text = Text("相邻", "adjoins it")
        case "within":
            text = Text(f"相距 {distance} 米", f"lies {distance} m away")
        case _:
            # Once widened they meet: no distance is left that would say anything.
            apart = neighbour.distance_m > 0
            text = Text(
                "仅有点位，无法确定是否相接" + (f"（距离 {distance} 米）" * apart),
                "one is known as a point only, and may reach the other"
                + (f" ({distance} m)" * apart),
            )
    if not neighbour.widened_by_m:
        return text
    metres = f"{neighbour.widened_by_m:.2f}"
    return Text(
        f"{text.zh}；点位已按精度或等效半径外扩 {metres} 米",
        f"{text.en}; points were widened by {metres} m (accuracy, equivalent radius)",
    )
