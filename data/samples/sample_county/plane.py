"""Where coordinates live, and how chance stays the same every time.

All ground is drawn in metres from a corner of the county (east, north), which lies in
the 3-degree zone 38 of CGCS2000. Survey coordinates are kept to the millimetre.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import numpy as np
import shapely
from pyproj import CRS, Geod, Transformer
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

ZONE_SRID = 4526
"""CGCS2000, 3-degree zone 38, easting with the zone prefix."""
MERIDIAN_SRID = 4547
"""CGCS2000, central meridian 114°E, easting without prefix."""
LONLAT_SRID = 4490

ORIGIN_EAST = 38_492_000.0
ORIGIN_NORTH = 3_838_000.0
MILLIMETRE = 0.001
SEED = 20260101

_TO_LONLAT = Transformer.from_crs(
    CRS.from_epsg(ZONE_SRID), CRS.from_epsg(LONLAT_SRID), always_xy=True
)
_GEOD = Geod(a=6378137.0, rf=298.257222101)


def chance(part: str) -> random.Random:
    """Return the random numbers of one part; other parts never disturb them."""
    return random.Random(f"{SEED}:{part}")


def to_zone(geometry: BaseGeometry) -> BaseGeometry:
    """Return local metres as EPSG:4526, each coordinate the nearest millimetre."""
    return _shift(geometry, ORIGIN_EAST, ORIGIN_NORTH)


def to_meridian(geometry: BaseGeometry) -> BaseGeometry:
    """Return local metres as EPSG:4547 (easting without the prefix 38)."""
    return _shift(geometry, ORIGIN_EAST - 38_000_000.0, ORIGIN_NORTH)


def _shift(geometry: BaseGeometry, east: float, north: float) -> BaseGeometry:
    return shapely.transform(geometry, lambda local: np.round(local + (east, north), 3))


def to_lonlat(geometry: BaseGeometry) -> BaseGeometry:
    """Return local metres as EPSG:4490, longitude first, to 1e-9 degree (0.1 mm)."""

    def project(local: np.ndarray) -> np.ndarray:
        east, north = local[:, 0] + ORIGIN_EAST, local[:, 1] + ORIGIN_NORTH
        return np.round(np.column_stack(_TO_LONLAT.transform(east, north)), 9)

    return shapely.transform(geometry, project)


def ellipsoid_area_m2(geometry: BaseGeometry) -> float:
    """Return the ellipsoidal area (椭球面积) of local ground, to 0.01 m²."""
    lonlat = shapely.transform(
        geometry,
        lambda xy: np.column_stack(
            _TO_LONLAT.transform(xy[:, 0] + ORIGIN_EAST, xy[:, 1] + ORIGIN_NORTH)
        ),
    )
    area = 0.0
    for part in shapely.get_parts(lonlat):
        rings = [part.exterior, *part.interiors]
        areas = [
            abs(_GEOD.polygon_area_perimeter(*ring.coords.xy)[0]) for ring in rings
        ]
        area += areas[0] - sum(areas[1:])
    return round(area, 2)


def on_grid(geometry: BaseGeometry) -> BaseGeometry:
    """Return the geometry with every coordinate on a millimetre."""
    return shapely.set_precision(geometry, MILLIMETRE)


def polygons_of(geometry: BaseGeometry, smallest_m2: float = 0.0) -> list[Polygon]:
    """Return the polygons of any geometry that are larger than `smallest_m2`."""
    return [
        part
        for part in shapely.get_parts(geometry)
        if isinstance(part, Polygon) and part.area > smallest_m2
    ]


def as_multipolygon(geometry: BaseGeometry) -> MultiPolygon:
    """Return polygons as one MultiPolygon."""
    return MultiPolygon(polygons_of(geometry))


def wander(
    points: list[tuple[float, float]],
    amplitude_m: float,
    step_m: float,
    part: str,
) -> LineString:
    """Return a line through the points that wanders like something grown.

    Midpoints are moved sideways, half as far on each halving, until no piece is longer
    than `step_m`. The given points stay.
    """
    dice = chance(part)

    def halve(
        a: tuple[float, float], b: tuple[float, float], amplitude: float
    ) -> list[tuple[float, float]]:
        length = math.dist(a, b)
        if length <= step_m:
            return [a]
        off = amplitude * (dice.random() * 2 - 1)
        middle = (
            (a[0] + b[0]) / 2 - (b[1] - a[1]) / length * off,
            (a[1] + b[1]) / 2 + (b[0] - a[0]) / length * off,
        )
        return [*halve(a, middle, amplitude / 2), *halve(middle, b, amplitude / 2)]

    path: list[tuple[float, float]] = []
    for a, b in zip(points, points[1:], strict=False):
        path += halve(a, b, min(amplitude_m, math.dist(a, b) / 4))
    return LineString([*path, points[-1]])


def smooth(points: list[tuple[float, float]], step_m: float) -> LineString:
    """Return a Catmull-Rom curve through the points, pieces of about `step_m`."""
    ends = [points[0], *points, points[-1]]
    path: list[tuple[float, float]] = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        pieces = max(1, round(math.dist(b, c) / step_m))
        for piece in range(pieces):
            t = piece / pieces
            x, y = (_catmull_rom(a[i], b[i], c[i], d[i], t) for i in (0, 1))
            path.append((x, y))
    return LineString([*path, points[-1]])


def _catmull_rom(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b
        + (c - a) * t
        + (2 * a - 5 * b + 4 * c - d) * t**2
        + (3 * b - a - 3 * c + d) * t**3
    )


def blob(
    east: float, north: float, radius_m: float, part: str, points: int = 28
) -> Polygon:
    """Return a rounded, uneven patch of about that radius around a point."""
    dice = chance(part)
    waves = [(k, dice.random() * math.tau, 0.16 / k) for k in (2, 3, 5)]
    ring = []
    for step in range(points):
        angle = math.tau * step / points
        reach = radius_m * (1 + sum(w * math.sin(k * angle + s) for k, s, w in waves))
        ring.append((east + reach * math.cos(angle), north + reach * math.sin(angle)))
    return Polygon(ring)


def patch(
    ring: Sequence[tuple[float, float]], part: str, amplitude_m: float
) -> Polygon:
    """Return the ring as ground with an edge that wanders, no edge over 150 m."""
    return Polygon(wander([*ring, ring[0]], amplitude_m, 150.0, part))
