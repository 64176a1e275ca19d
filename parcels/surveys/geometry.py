"""From the file's coordinates to the register's geometry (core).

Heights and measures are dropped, single parts become multi-parts, rings get one
direction, coordinates become EPSG:4490. Nothing else is touched: what is not valid
stays out and is told.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely
from shapely import GeometryType

from parcels.crs import coordinates_to_storage
from parcels.register.layers import Shape

Geometries = npt.NDArray[Any]
TYPES: Final[dict[Shape, tuple[GeometryType, ...]]] = {
    Shape.AREA: (GeometryType.POLYGON, GeometryType.MULTIPOLYGON),
    Shape.AREA_OR_NONE: (GeometryType.POLYGON, GeometryType.MULTIPOLYGON),
    Shape.PLACE: (
        GeometryType.POINT,
        GeometryType.POLYGON,
        GeometryType.MULTIPOLYGON,
    ),
    Shape.POINT: (GeometryType.POINT,),
    Shape.LINE: (GeometryType.LINESTRING, GeometryType.MULTILINESTRING),
}
"""Geometry types a layer takes, by its shape."""

_MULTI: Final = {
    GeometryType.POLYGON: GeometryType.MULTIPOLYGON,
    GeometryType.LINESTRING: GeometryType.MULTILINESTRING,
}


def from_wkb(wkb: pa.Array) -> tuple[Geometries, npt.NDArray[np.int64]]:
    """Return the geometries, and the indices of those that cannot be read.

    Both null and empty become None; so do the unreadable ones.
    """
    raw = wkb.to_numpy(zero_copy_only=False)
    try:
        geometries = shapely.from_wkb(raw, on_invalid="ignore")
    except NotImplementedError:
        # One geometry with arcs stops shapely's reading of all.
        geometries = shapely.from_wkb(_straight(raw), on_invalid="ignore")
    unreadable = np.flatnonzero(
        shapely.is_missing(geometries) & wkb.is_valid().to_numpy(zero_copy_only=False)
    )
    geometries[shapely.is_empty(geometries)] = None
    return geometries, unreadable


_CURVES: Final = range(8, 13)
"""Types of WKB with arcs, CircularString to MultiSurface (ISO 13249-3, recalled)."""


def is_curved(wkb: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Tell which bytes hold true arcs (真圆弧); None holds none."""
    return np.array([_type_of(one) in _CURVES for one in wkb], dtype=bool)


def _type_of(wkb: bytes | None) -> int:
    """Return the number of a geometry's type, without its dimensions; −1 if torn."""
    if wkb is None or len(wkb) < 5:
        return -1
    number = int.from_bytes(wkb[1:5], "little" if wkb[0] else "big")
    return (number & 0xFFFF) % 1000


def _straight(wkb: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the bytes with None for those that hold arcs."""
    straight = wkb.copy()
    straight[is_curved(wkb)] = None
    return straight


def close_rings(wkb: npt.NDArray[Any]) -> Geometries:
    """Return geometries with their rings closed; None for what that does not help."""
    closed: Geometries = shapely.from_wkb(_straight(wkb), on_invalid="fix")
    closed[shapely.is_empty(closed)] = None
    return closed


def flatten(geometries: Geometries) -> tuple[Geometries, int]:
    """Return the geometries in two dimensions, and how many had more.

    A collection of one point is that point.
    """
    high = shapely.has_z(geometries) | shapely.has_m(geometries)
    flat = shapely.force_2d(geometries) if high.any() else geometries
    single = (shapely.get_type_id(flat) == GeometryType.MULTIPOINT) & (
        shapely.get_num_geometries(flat) == 1
    )
    if single.any():
        flat = flat.copy()
        flat[single] = shapely.get_geometry(flat[single], 0)
    return flat, int(high.sum())


def to_storage(plane: Geometries, srid: int) -> Geometries:
    """Return geometries of the survey's plane as the register keeps them.

    Parameters
    ----------
    plane
        Points, (multi)polygons, (multi)lines or None, two dimensions, coordinates
        known to lie within the coordinate system.
    srid
        EPSG number of the plane.

    Returns
    -------
    Geometries
        EPSG:4490; MultiPolygon with shells counter-clockwise, MultiLineString, Point.
    """
    stored: Geometries = np.full(len(plane), None, dtype=object)
    kinds = shapely.get_type_id(plane)
    for family in ((0,), (1, 5), (3, 6)):
        chosen = np.isin(kinds, family)
        if chosen.any():
            stored[chosen] = _store_family(plane[chosen], srid)
    return stored


def _store_family(plane: Geometries, srid: int) -> Geometries:
    """Rebuild geometries of one family from moved coordinates, as multi-parts."""
    kind, coordinates, offsets = shapely.to_ragged_array(plane, include_z=False)
    if kind in _MULTI:
        kind = _MULTI[kind]
        offsets = (*offsets, np.arange(len(plane) + 1))
    moved = coordinates_to_storage(coordinates, srid)
    geometries: Geometries = shapely.from_ragged_array(kind, moved, offsets)
    if kind is GeometryType.MULTIPOLYGON:
        geometries = shapely.orient_polygons(geometries)
    return geometries


def to_wkb(stored: Geometries) -> pa.Array:
    """Return WKB of the geometries, null for None."""
    return pa.array(shapely.to_wkb(stored, byte_order=1), pa.binary())
