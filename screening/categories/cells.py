"""Along what is a mixed unit cut? (core): patches, or the nearest point (Thiessen).

Cells are cut in degrees, so they sum to their unit; what no patch covers is a cell too.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from screening.categories.material import Geometries, Places, Plane

Pairs = npt.NDArray[np.int64]
_POLYGON: Final = 3


def thiessen_cells(unit: BaseGeometry, lonlat: Places, plane: Plane) -> Geometries:
    """Return the part of a unit nearest to each place, in the order of the places.

    Parameters
    ----------
    unit
        Polygon in degrees.
    lonlat
        `(n, 2)` degrees, all different.
    """
    if len(lonlat) == 1:
        return np.array([unit], dtype=object)
    flat = plane.to_plane(unit)
    places = shapely.multipoints(plane.to_plane(shapely.points(lonlat)))
    around = shapely.voronoi_polygons(
        places, extend_to=shapely.envelope(flat), ordered=True
    )
    cells = plane.to_degrees(shapely.get_parts(around))
    found: Geometries = only_areas(shapely.intersection(unit, cells))
    return found


def patch_cells(unit: BaseGeometry, patches: Geometries) -> Geometries:
    """Return a unit cut along patches, and what lies outside them as cells too.

    Patches that overlap are cut in turn: what one has taken is gone for the next.
    """
    cells, rest = [], unit
    for patch in patches:
        inside = only_areas(shapely.intersection(rest, patch))
        if not inside.is_empty:
            cells.append(inside)
            rest = only_areas(shapely.difference(rest, patch))
    cells += [] if rest.is_empty else list(shapely.get_parts(rest))
    return np.array(cells, dtype=object)


def only_areas(geometry: Any) -> Any:
    """Return the areal parts of a geometry, or of each of an array."""
    if isinstance(geometry, np.ndarray):
        many = geometry.copy()
        for place in np.flatnonzero(shapely.get_type_id(geometry) != _POLYGON):
            many[place] = only_areas(geometry[place])
        return many
    if geometry.geom_type == "Polygon" and not geometry.is_empty:
        return geometry
    parts = shapely.get_parts(geometry)
    areal = [
        one for one in shapely.get_parts(parts) if shapely.get_dimensions(one) == 2
    ]
    if len(areal) == 1:
        return areal[0]
    return shapely.union_all(areal) if areal else shapely.Polygon()


def components(count: int, first: Pairs, second: Pairs) -> npt.NDArray[np.int64]:
    """Return the number of the connected group of each of `count` things.

    Examples
    --------
    >>> components(4, np.array([0]), np.array([2])).tolist()
    [0, 1, 0, 3]
    """
    parent = list(range(count))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for one, two in zip(first.tolist(), second.tolist(), strict=True):
        low, high = sorted((root(one), root(two)))
        parent[high] = low
    return np.array([root(one) for one in range(count)], dtype=np.int64)
