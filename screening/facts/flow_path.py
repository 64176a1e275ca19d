"""Does a receptor lie down the flow path of a place? (core).

流路. What the river network on record can prove, and no more: reaches that name each
other lead the way, as in the runs `upstream` and `siting` (DECISIONS 37 and 42). The
ground between place and reach counts as part of the way, in a straight line.

Proved that one lies there: it stands on the place, or within the corridor of the way.
Proved that none does: the way is known for the whole distance, no direction rests on
how a line was drawn, every receptor so near can be placed, and every county around
tells of its own. Anything else stays unknown. Terrain is not asked: the elevation model
is a file, no part of the snapshot that a decision reads and can be replayed from.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from parcels.local_plane import LocalPlane
from screening.extract import Extract, ExtractItem
from screening.facts.nearness import Surroundings
from screening.facts.themes import evidence_of, hit
from screening.parameters import Parameters
from screening.truth import NO, Missing, Truth, unknown
from screening.upstream.network import Network, Way

RECEPTOR: Final = "receptor"
RIVER: Final = "river"
NOT_KNOWN: Final = unknown(Missing("flow_path", "not_on_record"))


def derive_flow_path(
    extract: Extract, receptors: Surroundings, parameters: Parameters
) -> Truth:
    """Return whether a receptor lies within the distance of an overhead pond (头顶库).

    Parameters
    ----------
    receptors
        What of the theme lies around the subject, other divisions' included.
    """
    limit_m = parameters.overhead_pond_m
    near = [item for item in _items(extract, RECEPTOR) if _distance(item) <= limit_m]
    on_it = [item for item in near if item.relation == "on"]
    if on_it:
        return hit(*on_it)
    if not near:
        return NOT_KNOWN
    rivers = [item.feature for item in _items(extract, RIVER)]
    plane = LocalPlane.around(extract.subject.geometry)
    place = plane.to_plane(extract.subject.geometry)
    way = Network(rivers, plane).follow(place, parameters.flow_snap_m, limit_m)
    if way is None:
        return NOT_KNOWN
    below = _below(_whole(place, way), near, plane, parameters.flow_corridor_m)
    if below:
        return _found(below, way)
    proved = way.ends == "reach" and not way.assumed
    if not proved or any(item.relation == "imprecise" for item in near):
        return NOT_KNOWN
    return NO | _elsewhere(receptors, limit_m)


def _items(extract: Extract, theme: str) -> tuple[ExtractItem, ...]:
    result = extract.themes.get(theme)
    return result.items if result else ()


def _distance(item: ExtractItem) -> float:
    return round(item.distance_m, 2)


def _whole(place: BaseGeometry, way: Way) -> BaseGeometry:
    """Return the way with the ground between the place and the reach."""
    start = shapely.Point(way.line.coords[0])
    leaving, _ = nearest_points(place, start)
    return shapely.union(way.line, LineString([leaving, start]))


def _below(
    way: BaseGeometry,
    near: Sequence[ExtractItem],
    plane: LocalPlane,
    corridor_m: float,
) -> list[ExtractItem]:
    """Return the receptors in the corridor; points are widened as in distances."""
    return [
        item
        for item in near
        if item.relation != "imprecise"
        and round(
            shapely.distance(way, plane.to_plane(item.feature.geometry))
            - item.widened_by_m,
            2,
        )
        <= corridor_m
    ]


def _found(below: Sequence[ExtractItem], way: Way) -> Truth:
    """Return a hit; unknown where the way rests on how a line was drawn."""
    if not way.assumed:
        return hit(*below)
    evidence = tuple(evidence_of(item) for item in below)
    return unknown(*NOT_KNOWN.missing, evidence=evidence)


def _elsewhere(receptors: Surroundings, limit_m: float) -> Truth:
    """Return what may lie there that is not on record here: other divisions' things."""
    across = tuple(thing for thing in receptors.things if thing.found.is_unknown)
    return Surroundings(across, receptors.absence).within(limit_m)
