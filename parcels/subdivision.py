"""Into which pieces of few vertices is a large polygon cut? (core).

Cutting with a polygon costs as much as it has vertices, wherever the cut is made. In
pieces, only those near the place are asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Shapes = NDArray[Any]

PART_VERTICES: Final = 512
"""A polygon of more is subdivided for cutting."""


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


def _halve(part: BaseGeometry) -> Iterator[Shapes]:
    west, south, east, north = part.bounds
    if east - west >= north - south:
        middle = (west + east) / 2
        boxes = ((west, south, middle, north), (middle, south, east, north))
    else:
        middle = (south + north) / 2
        boxes = ((west, south, east, middle), (west, middle, east, north))
    for box in boxes:
        half = shapely.intersection(part, shapely.box(*box))
        parts = shapely.get_parts(half)
        yield parts[shapely.get_type_id(parts) == 3]
