"""Are vertices repeated, too near to each other, or the tip of a spike? (core).

节点重复、节点过密、尖锐角. Worked off in blocks that stay in the processor's cache, on
the bare coordinates: no geometry is made for a row without a fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import radians, tan
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from parcels.crs import get_crs, transform_to_storage
from parcels.surveys.checks.rings import Coordinates, Indices, Rings, list_rings
from parcels.surveys.checks.tolerances import TOLERANCES, Tolerances
from parcels.surveys.issues import Issues

EQUATOR_METRES_A_DEGREE: Final = 111_319.5
"""Of longitude, on the equator."""
_BLOCK_RINGS: Final = 4096


class _Found(NamedTuple):
    """Vertices (indices of the coordinates) with a fault."""

    repeated: Indices
    close: Indices
    spikes: Indices


def check_vertices(
    plane: npt.NDArray[Any],
    rows: npt.NDArray[np.int32],
    srid: int,
    known: Rings | None = None,
    tolerances: Tolerances = TOLERANCES,
) -> Iterator[Issues]:
    """Give an issue for each row with repeated vertices, close ones, or spikes.

    Parameters
    ----------
    plane
        Valid geometries in the survey's plane, None where there is none; only
        (multi)polygons are looked at.
    rows
        Row number of each.
    known
        Rings of some of the polygons that need not be taken out of them again.
    """
    is_polygon = np.isin(shapely.get_type_id(plane), (3, 6))
    if known is not None and len(known.owner):
        is_polygon[known.owner] = False
        yield from _check_rings(known, rows, srid, tolerances)
    polygons = np.flatnonzero(is_polygon)
    if len(polygons):
        rings = list_rings(plane[polygons])
        yield from _check_rings(rings, rows[polygons], srid, tolerances)


def _check_rings(
    rings: Rings, rows: npt.NDArray[np.int32], srid: int, tolerances: Tolerances
) -> Iterator[Issues]:
    found = find_vertices(rings, tolerances, metric=get_crs(srid).zone is not None)
    for kind, vertices in (
        ("geometry_repeated_points", found.repeated),
        ("geometry_close_vertices", found.close),
        ("geometry_spike", found.spikes),
    ):
        if len(vertices):
            yield _tell(kind, vertices, rings, rows, srid)


def _tell(
    kind: str,
    vertices: Indices,
    rings: Rings,
    rows: npt.NDArray[np.int32],
    srid: int,
) -> Issues:
    ring = np.searchsorted(rings.starts, vertices, side="right") - 1
    owner = rings.owner[ring]
    order = np.argsort(owner, kind="stable")
    owner, vertices = owner[order], vertices[order]
    faulty, first, count = np.unique(owner, return_index=True, return_counts=True)
    points = shapely.points(rings.coordinates[vertices])
    group = np.repeat(np.arange(len(faulty)), count)
    shapes = shapely.multipoints(points, indices=group)
    xy = rings.coordinates[vertices[first]]
    return Issues(
        kind,
        rows[faulty],
        details={
            "count": count,
            "x": [f"{x:.11g}" for x in xy[:, 0]],
            "y": [f"{y:.11g}" for y in xy[:, 1]],
        },
        shapes=transform_to_storage(shapes, srid),
    )


def find_vertices(
    rings: Rings, tolerances: Tolerances = TOLERANCES, *, metric: bool = True
) -> _Found:
    """Return the vertices with a fault.

    Of two vertices that are repeated or close the second is told; a spike is told at
    its tip. Angles are between edges of some length: a repeated vertex hides no spike.

    Parameters
    ----------
    metric
        Whether coordinates are metres; else they are degrees.
    """
    found: list[_Found] = []
    for first in range(0, len(rings.starts) - 1, _BLOCK_RINGS):
        starts = rings.starts[first : first + _BLOCK_RINGS + 1]
        begin = int(starts[0])
        xy = rings.coordinates[begin : starts[-1]]
        block = _find_in_block(
            xy if metric else _metres(xy), starts - begin, tolerances
        )
        found.append(_Found(*(part + begin for part in block)))
    return _Found(*(np.concatenate(part) for part in zip(*found, strict=True)))


def _metres(lonlat: Coordinates) -> Coordinates:
    """Return degrees as metres east and north, exact enough for neighbours."""
    scale = np.cos(np.radians(lonlat[:, 1])) * EQUATOR_METRES_A_DEGREE
    west = lonlat[:1, 0]
    return np.column_stack(
        ((lonlat[:, 0] - west) * scale, lonlat[:, 1] * EQUATOR_METRES_A_DEGREE)
    )


def _find_in_block(xy: Coordinates, starts: Indices, tolerances: Tolerances) -> _Found:
    east, north = np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1])
    dx, dy = np.diff(east), np.diff(north)
    # From one ring's last vertex to the next ring's first there is no edge.
    between = starts[1:-1] - 1
    dx[between] = dy[between] = np.nan
    length2 = dx * dx + dy * dy
    near = np.flatnonzero(length2 < tolerances.cluster_m**2)
    repeated = near[length2[near] <= tolerances.resolution_m**2]
    close = np.setdiff1d(near, repeated)
    slope = tan(radians(tolerances.spike_degrees))
    if len(repeated):
        return _Found(
            repeated + 1, close + 1, _spikes_without(repeated, xy, starts, slope)
        )
    tips = np.flatnonzero(_is_spike(dx[:-1], dy[:-1], dx[1:], dy[1:], slope)) + 1
    last, first = starts[1:] - 2, starts[:-1]
    # An empty or single-point ring has no edges; valid polygons hold none.
    closing = _is_spike(dx[last], dy[last], dx[first], dy[first], slope)
    return _Found(repeated + 1, close + 1, np.union1d(tips, first[closing]))


def _is_spike(
    dx: npt.NDArray[np.float64],
    dy: npt.NDArray[np.float64],
    next_dx: npt.NDArray[np.float64],
    next_dy: npt.NDArray[np.float64],
    slope: float,
) -> npt.NDArray[np.bool_]:
    """Tell whether an edge nearly turns back on the one before; NaN never does."""
    turn = dx * next_dy - dy * next_dx
    ahead = dx * next_dx + dy * next_dy
    spike: npt.NDArray[np.bool_] = np.abs(turn) < -slope * ahead
    spike |= (turn == 0) & (ahead < 0)
    return spike


def _spikes_without(
    repeated: Indices, xy: Coordinates, starts: Indices, slope: float
) -> Indices:
    """Return spikes of rings in which the second of repeated vertices is left out."""
    kept = np.ones(len(xy), dtype=bool)
    # The vertex that closes a ring stays, the one it repeats goes.
    closing = np.isin(repeated + 2, starts[1:])
    kept[np.where(closing, repeated, repeated + 1)] = False
    places = np.flatnonzero(kept)
    moved = np.concatenate(([0], np.cumsum(kept)))[starts]
    dx, dy = np.diff(xy[places, 0]), np.diff(xy[places, 1])
    between = moved[1:-1] - 1
    dx[between] = dy[between] = np.nan
    tips = np.flatnonzero(_is_spike(dx[:-1], dy[:-1], dx[1:], dy[1:], slope)) + 1
    last, first = moved[1:] - 2, moved[:-1]
    closing_tip = _is_spike(dx[last], dy[last], dx[first], dy[first], slope)
    spikes: Indices = places[np.union1d(tips, first[closing_tip])]
    return spikes
