"""Fields drawn by hand: squares of 100 m in degrees, side by side, and points in them.

A square of the field is `(column, row)`; a point is given in squares, (0.5, 0.5) is the
middle of the first.
"""

from dataclasses import replace

import numpy as np
import shapely

from parcels.area import measure_area
from screening.categories.division import divide
from screening.categories.loader import read_settings
from screening.categories.material import Material, Points, Units, plane_at

WEST, SOUTH = 114.0, 34.75
PLANE = plane_at(SOUTH)
SIDE_M = 100.0
EAST, NORTH = SIDE_M / PLANE.east_m, SIDE_M / PLANE.north_m
ELEMENTS = ("Cd", "Hg", "As", "Pb", "Cr")


def square(column, row, width=1.0, height=1.0):
    return shapely.box(
        WEST + column * EAST,
        SOUTH + row * NORTH,
        WEST + (column + width) * EAST,
        SOUTH + (row + height) * NORTH,
    )


def field(columns=3, rows=3):
    """Squares of a field, row by row from the south-west."""
    return [square(c, r) for r in range(rows) for c in range(columns)]


def points(*placed):
    """Points of `(east, north, class)`: of Cd alone, or of all five elements."""
    lonlat = [(WEST + x * EAST, SOUTH + y * NORTH) for x, y, _ in placed]
    classes = [c if isinstance(c, tuple) else (c, 1, 1, 1, 1) for _, _, c in placed]
    codes = [f"P{number}" for number in range(1, len(placed) + 1)]
    return Points(
        np.array(codes, dtype=object),
        np.array(lonlat, np.float64).reshape(-1, 2),
        np.array(classes, np.int8).reshape(-1, 5),
    )


def objects(values):
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


def units(shapes, township=None):
    shapes = objects(shapes)
    count = len(shapes)
    return Units(
        objects([f"9999010000{number:02d}" for number in range(1, count + 1)]),
        shapes,
        measure_area(shapes),
        objects(["999901"] * count),
        objects(township or ["999901001"] * count),
        objects(["priority_protection"] * count),
        objects(["0101"] * count),
    )


def settings(**changed):
    return replace(read_settings(), **changed)


def material(shapes, soil, produce=None, patches=(), **more):
    return Material(
        units(shapes, **more), soil, produce or points(), objects(list(patches))
    )


def division(shapes, soil, produce=None, patches=(), changed=None, **more):
    """Return the division, and the material it was made of."""
    made = material(shapes, soil, produce, patches, **more)
    return divide(made, settings(**(changed or {}))), made


def classes(found):
    """Class of cadmium of each piece after produce, in order."""
    return found.pieces.final[:, 0].tolist()


def by_place(found, element=0):
    """Return (column, row) of the middle of each piece → class of an element."""
    middles = shapely.get_coordinates(shapely.centroid(found.pieces.geometry))
    return {
        (round((x - WEST) / EAST, 2), round((y - SOUTH) / NORTH, 2)): int(one)
        for (x, y), one in zip(middles, found.pieces.final[:, element], strict=True)
    }
