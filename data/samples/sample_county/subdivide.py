"""How a block of ground is cut into parcels that look surveyed.

Blocks are halved again and again across their longer side, by lines that are slightly
bent and never quite in the middle.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

import shapely
from shapely import affinity
from shapely.geometry import Point, Polygon

from sample_county.plane import on_grid, polygons_of


@dataclass(frozen=True)
class Cutting:
    """How ground is cut.

    `target_m2` is the largest parcel left whole (varied by half to one and a half);
    `slender` how many times longer than wide a parcel may be before it is cut across;
    `bend_m` how far a line strays; `angle` the direction parcels follow, in radians.
    """

    target_m2: float
    slender: float
    bend_m: float
    angle: Callable[[Point], float]


def subdivide(
    block: Polygon, cutting: Cutting, dice: random.Random, depth: int = 0
) -> list[Polygon]:
    """Return the parcels of a block; they tile it up to a millimetre."""
    angle = cutting.angle(block.centroid)
    return _halve(block, cutting, angle, dice, depth)


def _halve(
    block: Polygon, cutting: Cutting, angle: float, dice: random.Random, depth: int
) -> list[Polygon]:
    if block.area < cutting.target_m2 * dice.uniform(0.75, 1.6) or depth > 14:
        return [block]
    turned = affinity.rotate(block, -angle, (0, 0), use_radians=True)
    west, south, east, north = turned.bounds
    across = (east - west) * cutting.slender >= north - south
    line = _line(turned, cutting, dice, across)
    if across:
        half = Polygon([*line, (west - 99, north + 99), (west - 99, south - 99)])
    else:
        half = Polygon([*line, (east + 99, south - 99), (west - 99, south - 99)])
    half = affinity.rotate(half, angle, (0, 0), use_radians=True)
    first = on_grid(block.intersection(half))
    second = on_grid(block.difference(half))
    found: list[Polygon] = []
    for part in [*polygons_of(first, 1.0), *polygons_of(second, 1.0)]:
        found += _halve(part, cutting, angle, dice, depth + 1)
    return found


def _line(
    turned: Polygon, cutting: Cutting, dice: random.Random, across: bool
) -> list[tuple[float, float]]:
    """Return a bent line across the block, beyond it at both ends."""
    west, south, east, north = turned.bounds
    share = dice.uniform(0.42, 0.58)
    if across:
        x = west + (east - west) * share
        ends = [(x, south - 99), (x, north + 99)]
    else:
        y = south + (north - south) * share
        ends = [(west - 99, y), (east + 99, y)]
    (ax, ay), (bx, by) = ends
    length = math.dist(*ends)
    pieces = max(2, round(length / 90))
    line = [ends[0]]
    for piece in range(1, pieces):
        t = piece / pieces
        off = dice.uniform(-cutting.bend_m, cutting.bend_m)
        line.append(
            (
                ax + (bx - ax) * t + (off if across else 0.0),
                ay + (by - ay) * t + (0.0 if across else off),
            )
        )
    return [*line, ends[1]]


def shorten_edges(polygon: Polygon, longest_m: float) -> Polygon:
    """Return the polygon with extra points on edges longer than `longest_m`."""
    return shapely.segmentize(polygon, longest_m)
