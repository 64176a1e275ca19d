"""Polygons of one ring as plain arrays, from the file to the register (core).

Nearly all rows of a survey are such polygons. Moved, measured and written as arrays
they cost a fraction of what geometries do, one by one.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from shapely import GeometryType

from parcels.crs import coordinates_to_storage
from parcels.surveys.checks.rings import Rings

Mask = npt.NDArray[np.bool_]

_WKB: Final = bytes.fromhex("0106000000 01000000 0103000000 01000000")
"""A multi-polygon of one polygon of one ring, little-endian, up to the number of
vertices (OGC 06-103r4, section 8)."""
_VERTEX_BYTES: Final = 16


def make_polygons(rings: Rings, kind: GeometryType) -> npt.NDArray[Any]:
    """Return the polygons as geometries, `POLYGON` or `MULTIPOLYGON`."""
    each = np.arange(len(rings.owner) + 1)
    levels = 2 if kind is GeometryType.MULTIPOLYGON else 1
    polygons: npt.NDArray[Any] = shapely.from_ragged_array(
        kind, rings.coordinates, (rings.starts, *[each] * levels)
    )
    return polygons


def box_rings(rings: Rings) -> npt.NDArray[np.float64]:
    """Return `(rings, 4)` least and greatest coordinates of each polygon."""
    if not len(rings.owner):
        return np.empty((0, 4))
    begin = rings.starts[:-1]
    least = np.minimum.reduceat(rings.coordinates, begin, axis=0)
    return np.column_stack((least, np.maximum.reduceat(rings.coordinates, begin)))


def keep_rings(rings: Rings, kept: Mask) -> Rings:
    """Return some of the polygons; `owner` stays what it was."""
    if kept.all():
        return rings
    counts = np.diff(rings.starts)
    coordinates = rings.coordinates[np.repeat(kept, counts)]
    starts = np.concatenate(([0], np.cumsum(counts[kept])))
    return Rings(coordinates, starts, rings.owner[kept], rings.hole[kept])


def take_rings(rings: Rings, chosen: npt.NDArray[np.int64]) -> Rings:
    """Return some of the polygons in the order asked for, maybe one several times."""
    counts = np.diff(rings.starts)[chosen]
    starts = np.concatenate(([0], np.cumsum(counts)))
    shift = np.repeat(rings.starts[:-1][chosen] - starts[:-1], counts)
    coordinates = rings.coordinates[np.arange(starts[-1]) + shift]
    return Rings(coordinates, starts, rings.owner[chosen], rings.hole[chosen])


def rings_to_storage(rings: Rings, clockwise: Mask, srid: int) -> Rings:
    """Return polygons of the survey's plane in EPSG:4490, counter-clockwise.

    Parameters
    ----------
    clockwise
        `(rings,)` which of them are walked clockwise.
    srid
        EPSG number of the plane.
    """
    lonlat = coordinates_to_storage(rings.coordinates, srid)
    if clockwise.any():
        counts, starts = np.diff(rings.starts), rings.starts
        place = np.arange(len(lonlat))
        mirrored = np.repeat(starts[:-1] + starts[1:] - 1, counts) - place
        if not clockwise.all():
            mirrored = np.where(np.repeat(clockwise, counts), mirrored, place)
        lonlat = np.take(lonlat, mirrored, axis=0)
    return rings._replace(coordinates=lonlat)


def rings_to_wkb(rings: Rings) -> pa.Array:
    """Return each polygon as a multi-polygon in WKB."""
    counts = np.ascontiguousarray(np.diff(rings.starts), "<u4")
    vertices = pa.Array.from_buffers(
        pa.large_binary(),
        len(counts),
        [
            None,
            pa.py_buffer(np.ascontiguousarray(rings.starts * _VERTEX_BYTES)),
            pa.py_buffer(np.ascontiguousarray(rings.coordinates)),
        ],
    )
    number = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(4), len(counts), [None, pa.py_buffer(counts)]
    ).cast(pa.large_binary())
    head, nothing = (pa.scalar(one, pa.large_binary()) for one in (_WKB, b""))
    joined = pc.binary_join_element_wise(head, number, vertices, nothing)
    return joined.cast(pa.binary())
