"""The rings of polygons as arrays (core): one vertex a row, which ring, whose hole."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

Coordinates = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class Rings(NamedTuple):
    """Rings of an array of polygons (环), one after the other.

    Attributes
    ----------
    coordinates
        `(vertices, 2) float64`, the last vertex of a ring is its first.
    starts
        `(rings + 1,)` where each ring starts; the last entry is the number of vertices.
    owner
        `(rings,)` index of the polygon.
    hole
        `(rings,)` whether it is one.
    """

    coordinates: Coordinates
    starts: Indices
    owner: Indices
    hole: Mask


def list_rings(polygons: npt.NDArray[Any]) -> Rings:
    """Return the rings of (multi)polygons, none missing, any plane."""
    kind, coordinates, offsets = shapely.to_ragged_array(polygons, include_z=False)
    starts, parts = offsets[0].astype(np.int64), offsets[1].astype(np.int64)
    part_owner = np.arange(len(polygons))
    if kind == shapely.GeometryType.MULTIPOLYGON:
        part_owner = np.repeat(part_owner, np.diff(offsets[2]))
    hole = np.ones(len(starts) - 1, dtype=bool)
    hole[parts[:-1]] = False
    return Rings(coordinates, starts, np.repeat(part_owner, np.diff(parts)), hole)
