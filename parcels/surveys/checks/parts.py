"""Are the parts and holes of a polygon what the layer allows? (core).

多部分、碎部件、微小洞、环方向. Only polygons with several parts or with holes are taken
apart; most have neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from parcels.area import measure_area
from parcels.crs import get_crs, transform_to_storage
from parcels.surveys.checks.rings import Indices, Mask
from parcels.surveys.checks.tolerances import TOLERANCES, Tolerances
from parcels.surveys.figures import round_all
from parcels.surveys.issues import Issues

Geometries = npt.NDArray[Any]
Rows = npt.NDArray[np.int32]
METRES_A_DEGREE: Final = 111_000.0
ONE_PART_LAYERS: Final = frozenset({"parcel", "farmland_unit"})
"""Layers whose objects are one piece of land each (survey conventions, section 5:
a warning; an error for land-use parcels, which are told by their fields)."""


def check_parts(
    plane: Geometries,
    rows: Rows,
    srid: int,
    several: str | None,
    tolerances: Tolerances = TOLERANCES,
) -> Iterator[Issues]:
    """Give an issue for each row with parts or rings it should not have.

    Parameters
    ----------
    plane
        Valid geometries in the survey's plane, None where there is none; only
        (multi)polygons are looked at.
    several
        Kind of issue for a row of several parts; None where the layer allows them.
    """
    counts = shapely.get_num_geometries(plane)
    is_polygon = np.isin(shapely.get_type_id(plane), (3, 6))
    many = np.flatnonzero(is_polygon & (counts > 1))
    if len(many):
        if several is not None:
            yield _several(several, plane[many], rows[many], srid)
        yield from _sliver_parts(plane[many], rows[many], srid, tolerances)
    single = is_polygon & (shapely.get_num_interior_rings(plane) > 0)
    holed = np.union1d(np.flatnonzero(single), many)
    if len(holed):
        yield from _holes(plane[holed], rows[holed], srid, tolerances)


def _several(kind: str, plane: Geometries, rows: Rows, srid: int) -> Issues:
    """Show every part but the largest."""
    parts, owner = shapely.get_parts(plane, return_index=True)
    order = np.lexsort((-shapely.area(parts), owner))
    parts, owner = parts[order], owner[order]
    rest = np.append(False, owner[1:] == owner[:-1])
    return Issues(
        kind,
        rows,
        details={"count": shapely.get_num_geometries(plane)},
        shapes=transform_to_storage(
            shapely.multipolygons(parts[rest], indices=owner[rest]), srid
        ),
    )


def _sliver_parts(
    plane: Geometries, rows: Rows, srid: int, tolerances: Tolerances
) -> Iterator[Issues]:
    parts, owner = shapely.get_parts(plane, return_index=True)
    small = is_sliver(parts, srid, tolerances)
    # Where every part is one, the row itself is a sliver and told as such.
    small &= np.bincount(owner, ~small)[owner] > 0
    if small.any():
        yield _tell("geometry_sliver_part", parts[small], owner[small], rows, srid)


def _holes(
    plane: Geometries, rows: Rows, srid: int, tolerances: Tolerances
) -> Iterator[Issues]:
    parts, part_owner = shapely.get_parts(plane, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    owner = part_owner[part]
    hole = np.append(False, part[1:] == part[:-1])
    filled = shapely.polygons(rings)
    tiny = hole.copy()
    tiny[hole] = is_sliver(filled[hole], srid, tolerances)
    if tiny.any():
        yield _tell("geometry_tiny_hole", filled[tiny], owner[tiny], rows, srid)
    shell = np.flatnonzero(~hole)[np.cumsum(~hole) - 1]
    ccw = shapely.is_ccw(rings)
    same = hole & (ccw == ccw[shell])
    if same.any():
        yield _tell("geometry_ring_direction", filled[same], owner[same], rows, srid)


def _tell(
    kind: str, polygons: Geometries, owner: Indices, rows: Rows, srid: int
) -> Issues:
    """Return an issue for each owner that shows its polygons and their area."""
    faulty, group, count = np.unique(owner, return_inverse=True, return_counts=True)
    stored = transform_to_storage(polygons, srid)
    areas = np.bincount(group, measure_area(stored))
    return Issues(
        kind,
        rows[faulty],
        details={"count": count, "area_m2": round_all(areas)},
        shapes=shapely.multipolygons(stored, indices=group),
    )


def is_sliver(polygons: Geometries, srid: int, tolerances: Tolerances) -> Mask:
    """Tell which polygons are slivers (碎面): small, or narrow on average.

    Mean width is 2 × area ÷ perimeter. In degrees both are taken at the polygons' own
    latitude, which is exact enough to tell 10 cm.
    """
    if get_crs(srid).zone is None:
        polygons = to_metres(polygons)
    area, perimeter = shapely.area(polygons), shapely.length(polygons)
    sliver: Mask = area < tolerances.sliver_area_m2
    sliver |= 2 * area < tolerances.sliver_width_m * perimeter
    return sliver


def to_metres(lonlat: Geometries) -> Geometries:
    """Return geometries in degrees as metres from a corner, for lengths of a few."""
    if not len(lonlat):
        return lonlat
    bounds = shapely.total_bounds(lonlat)

    def scale(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        east = (xy[:, 0] - bounds[0]) * np.cos(np.radians(xy[:, 1]))
        return np.column_stack((east, xy[:, 1] - bounds[1])) * METRES_A_DEGREE

    moved: Geometries = shapely.transform(lonlat, scale)
    return moved
