"""Into which pieces of few vertices is a large polygon cut? (core).

Cutting with a polygon costs as much as it has vertices, wherever the cut is made. In
pieces, or clipped to the place, only those near it are asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GeometryType
from shapely.geometry.base import BaseGeometry

Shapes = NDArray[Any]

PART_VERTICES: Final = 512
"""A polygon of more is subdivided for cutting."""
PIECE_VERTICES: Final = 128
"""The same where each piece meets few others; answers do not depend on it."""
_GROUP: Final = 64
"""So many shapes share what is clipped around them."""


def subdivide_all(
    polygons: Shapes, vertices: int = PART_VERTICES
) -> tuple[Shapes, NDArray[np.int64]]:
    """Return polygons in parts of at most so many vertices, and whose part each is."""
    parts, owner = shapely.get_parts(polygons, return_index=True)
    large = np.flatnonzero(shapely.get_num_coordinates(parts) > vertices)
    cut = [subdivide(parts[one], vertices) for one in large.tolist()]
    counts = [len(pieces) for pieces in cut]
    return (
        np.concatenate((np.delete(parts, large), *cut)),
        np.concatenate((np.delete(owner, large), np.repeat(owner[large], counts))),
    )


def subdivide(polygon: BaseGeometry, vertices: int = PART_VERTICES) -> Shapes:
    """Return a polygon in parts of at most so many vertices, halved along its box.

    Their union is the polygon and they share edges at most. A part that cannot be
    halved any more (all of its vertices in one place) stays as it is.

    Parameters
    ----------
    polygon
        Valid polygon or multipolygon, any plane.
    """
    done: list[BaseGeometry] = []
    waiting = [(part, 0) for part in shapely.get_parts(polygon).tolist()]
    while waiting:
        part, depth = waiting.pop()
        if shapely.get_num_coordinates(part) <= vertices or depth >= 40:
            done.append(part)
            continue
        for half in _halve(part):
            waiting += [(each, depth + 1) for each in half.tolist()]
    return np.array(done, dtype=object)


def boxes_around(shapes: Shapes, margin: float) -> Shapes:
    """Return the box of each shape, so much larger on every side."""
    bounds = shapely.bounds(shapes) + [-margin, -margin, margin, margin]
    boxes: Shapes = shapely.box(*bounds.T)
    return boxes


def clip_around(
    shapes: Shapes, large: Shapes, margin: float
) -> Iterator[tuple[NDArray[np.int64], Shapes]]:
    """Give groups of shapes, and the polygons of large ones around each group.

    What is given of them ends farther than the margin from the box of any shape of its
    group; within, nothing is cut and no vertex moved.

    Parameters
    ----------
    shapes
        None missing or empty; each is in one group.
    large
        Valid (multi)polygons in the same plane.
    """
    bounds = shapely.bounds(shapes)
    middle = (bounds[:, :2] + bounds[:, 2:]) / 2
    waiting = [(np.arange(len(shapes)), large)] if len(shapes) else []
    while waiting:
        group, ground = waiting.pop()
        if not len(ground) or len(group) <= _GROUP:
            yield group, ground
            continue
        axis = int(np.ptp(middle[group], axis=0).argmax())
        order = group[np.argsort(middle[group, axis], kind="stable")]
        for half in np.array_split(order, 2):
            west, south = bounds[half, :2].min(axis=0) - 2 * margin
            east, north = bounds[half, 2:].max(axis=0) + 2 * margin
            near = shapely.intersection(ground, shapely.box(west, south, east, north))
            waiting.append((half, _polygons(near)))


def _polygons(shapes: Shapes) -> Shapes:
    parts = shapely.get_parts(shapely.get_parts(shapes))
    polygons: Shapes = parts[shapely.get_type_id(parts) == GeometryType.POLYGON]
    return polygons


def _halve(part: BaseGeometry) -> Iterator[Shapes]:
    west, south, east, north = part.bounds
    if east - west >= north - south:
        middle = (west + east) / 2
        boxes = ((west, south, middle, north), (middle, south, east, north))
    else:
        middle = (south + north) / 2
        boxes = ((west, south, east, middle), (west, middle, east, north))
    for box in boxes:
        yield _polygons(shapely.intersection([part], shapely.box(*box)))
