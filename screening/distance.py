"""How far apart are two pieces of land, in true metres? (core).

Distances run from boundary to boundary (边界到边界), 0 where the two meet or overlap.
They are plane distances in a transverse Mercator centred on the subject
(`parcels.local_plane`): 0.0001 % off ten kilometres away. The line between two vertices
is the one drawn in degrees, the same that overlay cuts along; edges longer than some
300 m get more vertices before they are projected, which keeps them within 1.2 mm.

A distance rule compares the distance with its limit, and equal counts as inside. A
buffer polygon is for the eye only (`buffer_for_display`).

What is known as a point only lies somewhere around it: `measure_widening` says how far
it may reach, and a distance is shortened by that (enterprise_buffers.md section 1,
design choice).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, isfinite, pi, radians, sqrt
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parcels.crs import FLATTENING, SEMI_MAJOR_AXIS_M
from parcels.local_plane import LocalPlane, LocalPlanes
from screening.edges import edges_of
from screening.overlay import clip, repair

Bounds = tuple[float, float, float, float]
WidenedWhy = Literal[
    "", "accuracy", "equivalent_radius", "equivalent_radius_and_accuracy"
]

DISPLAY_SEGMENTS: Final = 32
"""Segments a quarter circle of a displayed ring: 0.03 % short at their middle."""

_SMALLEST_RADIUS_M: Final = SEMI_MAJOR_AXIS_M * (1 - FLATTENING) ** 2
_LONG_EDGE_DEG: Final = 0.003
_MANY_VERTICES: Final = 256
_BUFFERED_AT_ONCE: Final = 128
"""A ring is drawn at once around so many vertices; around more line by line."""
_LINE_EDGES: Final = 8
_INDEXED_VERTICES: Final = 1_000
"""Beyond so many vertices of a subject its edges are worth an index."""


class Widening(NamedTuple):
    """How far a thing known as a point may reach around it, and why we think so."""

    metres: float
    why: WidenedWhy


NOT_WIDENED: Final = Widening(0.0, "")


def measure_widening(
    accuracy_m: float | None, stated_area_m2: float | None
) -> Widening:
    """Return what a point is widened by: radius of its stated area plus its accuracy.

    The equivalent radius is sqrt(area / π). None, NaN and what is not positive count as
    not known.

    Examples
    --------
    >>> measure_widening(5.0, None)
    Widening(metres=5.0, why='accuracy')
    >>> round(measure_widening(5.0, 31415.93).metres, 3)
    105.0
    """
    if accuracy_m is None and stated_area_m2 is None:
        return NOT_WIDENED
    accuracy = _positive(accuracy_m)
    radius = sqrt(_positive(stated_area_m2) / pi)
    if radius and accuracy:
        return Widening(radius + accuracy, "equivalent_radius_and_accuracy")
    if radius:
        return Widening(radius, "equivalent_radius")
    return Widening(accuracy, "accuracy" if accuracy else "")


def _positive(value: float | None) -> float:
    return float(value) if value is not None and isfinite(value) and value > 0 else 0.0


def expand_bounds(bounds: Bounds, metres: float) -> Bounds:
    """Return a box in degrees that holds all within so many metres of a box.

    Conservative: never short, about 1 % generous; for an index search, not for a
    decision. `bounds` is west, south, east, north in EPSG:4490, between 80°S and 80°N.

    Examples
    --------
    >>> [round(x, 4) for x in expand_bounds((114.0, 34.0, 114.0, 34.0), 1000.0)]
    [113.9892, 33.991, 114.0108, 34.009]
    """
    west, south, east, north = bounds
    up = metres / _SMALLEST_RADIUS_M * 180 / pi
    farthest = min(max(abs(south), abs(north)) + up, 85.0)
    side = metres / (SEMI_MAJOR_AXIS_M * cos(radians(farthest))) * 180 / pi
    return west - side, south - up, east + side, north + up


def measure_distances(
    subject: BaseGeometry, others: NDArray[Any], within_m: float | None = None
) -> NDArray[np.float64]:
    """Return the distance from the subject to each of the others, in metres.

    Parameters
    ----------
    subject, others
        EPSG:4490; points, lines or polygons.
    within_m
        What lies farther than this may be answered with infinity; saves work where the
        others reach far. None measures all.

    Returns
    -------
    `(n,) float64`
        0 where they meet; NaN for None or empty.

    Examples
    --------
    >>> here = shapely.Point(114.0, 34.0)
    >>> there = np.array([shapely.Point(114.0, 34.001), here])
    >>> measure_distances(here, there).round(2).tolist()
    [110.92, 0.0]
    """
    whose = np.zeros(len(others), dtype=np.int64)
    limits = None if within_m is None else [within_m]
    return measure_distances_from(np.array([subject]), others, whose, limits)


def measure_distances_from(
    subjects: NDArray[Any],
    others: NDArray[Any],
    whose: NDArray[np.int64],
    within_m: Sequence[float] | None = None,
) -> NDArray[np.float64]:
    """Return the distance to each of the others from its own subject, in metres.

    As `measure_distances`; `whose` is the place of its subject, `within_m` is given for
    each subject.
    """
    if not len(others):
        return np.zeros(0)
    near = others if within_m is None else _clip_far(others, subjects, whose, within_m)
    together = _project(
        np.concatenate((near, subjects)),
        LocalPlanes(subjects),
        np.concatenate((whose, np.arange(len(subjects)))),
    )
    distances = _distances(together[len(others) :], together[: len(others)], whose)
    if near is not others:
        cut_away = shapely.is_empty(near) & ~shapely.is_empty(others)
        distances[cut_away] = np.inf
    return distances


def _distances(
    subjects: NDArray[Any], others: NDArray[Any], whose: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return plane distances; of a subject of many vertices by an index of its edges.

    To look through all of them for each of the others costs ten times as much.
    """
    areal = shapely.get_dimensions(subjects) > 0
    intricate = areal & (shapely.get_num_coordinates(subjects) > _INDEXED_VERTICES)
    plain = ~intricate[whose]
    distances = np.full(len(others), np.nan)
    distances[plain] = shapely.distance(subjects[whose[plain]], others[plain])
    for place in intricate.nonzero()[0].tolist():
        its = (whose == place).nonzero()[0]
        tree = shapely.STRtree(
            shapely.linestrings(edges_of(subjects[place : place + 1]))
        )
        (asked, _), found = tree.query_nearest(
            others[its], return_distance=True, all_matches=False
        )
        distances[its[asked]] = found
        shapely.prepare(subjects[place])
        distances[its[shapely.intersects(subjects[place], others[its])]] = 0.0
    return distances


def _project(
    geometries: NDArray[Any], planes: LocalPlanes, which: NDArray[np.int64]
) -> NDArray[Any]:
    """Return geometries in metres of their planes, long edges where they are drawn."""
    lonlat, owner = shapely.get_coordinates(geometries, return_index=True)
    # A step from one ring or part to the next is no edge; to look twice does no harm.
    step = np.abs(lonlat[1:] - lonlat[:-1])
    far = (step[:, 0] + step[:, 1] > _LONG_EDGE_DEG) & (owner[1:] == owner[:-1])
    projected = geometries.copy()
    if far.any():
        long = np.unique(owner[1:][far])
        # On invalid polygons `segmentize` drops ground without a word.
        whole = repair(geometries[long])
        projected[long] = shapely.segmentize(whole, _LONG_EDGE_DEG)
        lonlat, owner = shapely.get_coordinates(projected, return_index=True)
    moved: NDArray[Any] = shapely.set_coordinates(
        projected, planes.coordinates_to_plane(lonlat, which[owner])
    )
    return moved


def _clip_far(
    others: NDArray[Any],
    subjects: NDArray[Any],
    whose: NDArray[np.int64],
    within_m: Sequence[float],
) -> NDArray[Any]:
    """Cut away what of large geometries lies beyond the search; keep small ones."""
    large = (shapely.get_num_coordinates(others) > _MANY_VERTICES).nonzero()[0]
    if not len(large):
        return others
    near = others.copy()
    for place in large.tolist():
        subject = whose[place]
        box = expand_bounds(subjects[subject].bounds, within_m[subject])
        # Not always valid, but a distance asks for boundaries only.
        near[place] = clip(others[place], box, otherwise=others[place])
    return near


def buffer_for_display(
    geometry: BaseGeometry, radius_m: float, segments: int = DISPLAY_SEGMENTS
) -> BaseGeometry:
    """Return the ring of that radius around a geometry as a polygon, EPSG:4490.

    For maps. With 32 segments a quarter the radius is exact at the vertices and 0.03 %
    short at the middle of edges (design: 0.05 % at both); straight sides are given
    vertices often enough to stay as true when drawn in degrees.

    Parameters
    ----------
    geometry
        Point, line or polygon, EPSG:4490; empty gives an empty polygon.
    radius_m
        Positive.
    segments
        Segments a quarter circle, 32 at least.

    Raises
    ------
    ValueError
        Radius not positive, or fewer segments.
    """
    if not radius_m > 0:
        raise ValueError(f"a ring needs a positive radius, not {radius_m} m")
    if segments < DISPLAY_SEGMENTS:
        raise ValueError(f"{segments} segments a quarter are too few for 0.05 %")
    if shapely.is_empty(geometry):
        return shapely.Polygon()
    whole = np.array([geometry])
    source = _project(whole, LocalPlanes(whole), np.zeros(1, dtype=np.int64))[0]
    ring = _buffer(source, radius_m, segments)
    # A side of length L drawn in degrees leaves its line by L² tan φ / 8R; at 54°N this
    # length keeps that below 0.01 % of the radius.
    side_m = sqrt(8 * SEMI_MAJOR_AXIS_M * 1e-4 * radius_m / 1.4)
    plane = LocalPlane.around(geometry)
    return plane.to_lonlat(shapely.segmentize(ring, side_m))


def _buffer(source: BaseGeometry, radius_m: float, segments: int) -> BaseGeometry:
    """Return the ring around a geometry of a plane in metres.

    At once, the arcs of many near vertices all cross each other: a comb of a thousand
    teeth takes minutes. The rings around its edges, and what they leave of it, are the
    same.
    """
    few = shapely.get_num_coordinates(source) <= _BUFFERED_AT_ONCE
    if few or shapely.get_dimensions(source) == 0:
        return shapely.buffer(source, radius_m, quad_segs=segments)
    is_area = shapely.get_dimensions(source) == 2
    edges = source.boundary if is_area else source
    lines = [
        shapely.linestrings(xy[start : start + _LINE_EDGES + 1])
        for xy in map(shapely.get_coordinates, shapely.get_parts(edges))
        for start in range(0, len(xy) - 1, _LINE_EDGES)
    ]
    ring = shapely.union_all(shapely.buffer(lines, radius_m, quad_segs=segments))
    if not is_area:
        return ring
    # What no edge is near to lies wholly inside the geometry, or wholly outside.
    rest = shapely.get_parts(shapely.difference(shapely.box(*source.bounds), ring))
    middle = shapely.get_coordinates(shapely.point_on_surface(rest))
    shapely.prepare(source)
    inside = rest[shapely.contains_xy(source, middle)]
    return shapely.union_all([ring, *inside]) if len(inside) else ring
