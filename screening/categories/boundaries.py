"""How long a boundary do areas share? (core): 共用边界长度.

Most edges of a tessellation are drawn the same on both sides. Those are matched by
their ends; only areas that both have an edge nobody else has are laid on each other, to
the millimetre: where a cut meets a neighbour's edge its end is off by a rounding.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from screening.categories.material import Geometries, Plane

Indices = npt.NDArray[np.int64]
GRID_M: Final = 0.001
_FEW: Final = 12
"""Areas that are simply laid on each other, each on each."""
_MIX: Final = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5],
    np.uint64,
)


class Shared(NamedTuple):
    """Pairs of areas and the length of boundary they share, metres."""

    first: Indices
    second: Indices
    lengths: npt.NDArray[np.float64]


def shared_lengths(geometries: Geometries, wanted: Indices, plane: Plane) -> Shared:
    """Return pairs (wanted, other) and how long a boundary they share.

    Pairs that only touch at a point are left out. `geometries` are in degrees.
    """
    flat = plane.to_plane(geometries)
    if len(geometries) <= _FEW:
        low, high = np.triu_indices(len(geometries), 1)
        found = _laid_on_each_other(flat, low, high)
    else:
        found = _matched(flat, wanted)
    is_wanted = np.zeros(len(geometries), dtype=bool)
    is_wanted[wanted] = True
    there, back = is_wanted[found.first], is_wanted[found.second]
    return Shared(
        np.concatenate((found.first[there], found.second[back])),
        np.concatenate((found.second[there], found.first[back])),
        np.concatenate((found.lengths[there], found.lengths[back])),
    )


def _laid_on_each_other(flat: Geometries, low: Indices, high: Indices) -> Shared:
    lines = shapely.boundary(flat)
    common = shapely.intersection(lines[low], lines[high], grid_size=GRID_M)
    lengths = shapely.length(common)
    # What is thinner than the grid has nothing left on it.
    thin = np.flatnonzero(lengths == 0)
    common = shapely.intersection(lines[low[thin]], lines[high[thin]])
    lengths[thin] = shapely.length(common)
    held = lengths > 0
    return Shared(low[held], high[held], lengths[held])


def _matched(flat: Geometries, wanted: Indices) -> Shared:
    """Return each pair once, lower index first."""
    owner, ends = _edges(flat)
    order, twin = _twins(ends)
    one, two = owner[order[:-1][twin]], owner[order[1:][twin]]
    edges = ends[order[:-1][twin]]
    lengths = np.hypot(edges[:, 0] - edges[:, 2], edges[:, 1] - edges[:, 3])
    alone = np.ones(len(owner), dtype=bool)
    alone[order[:-1][twin]] = alone[order[1:][twin]] = False
    apart = one != two
    exact = _summed(one[apart], two[apart], lengths[apart], len(flat))
    rough = _by_shape(flat, np.unique(owner[alone]), wanted)
    keys = exact.first * len(flat) + exact.second
    kept = ~np.isin(keys, rough.first * len(flat) + rough.second)
    measured = _laid_on_each_other(flat, rough.first, rough.second)
    return Shared(
        *(
            np.concatenate((mine[kept], other))
            for mine, other in zip(exact, measured, strict=True)
        )
    )


def _edges(flat: Geometries) -> tuple[Indices, npt.NDArray[np.float64]]:
    """Return each edge's area and its ends, `(n, 4)`, the smaller end first."""
    parts, area = shapely.get_parts(flat, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    places, ring = shapely.get_coordinates(rings, return_index=True)
    inside = ring[:-1] == ring[1:]
    begins, stops = places[:-1][inside], places[1:][inside]
    turned = (begins[:, 0] > stops[:, 0]) | (
        (begins[:, 0] == stops[:, 0]) & (begins[:, 1] > stops[:, 1])
    )
    begins[turned], stops[turned] = stops[turned], begins[turned].copy()
    return area[part[ring[:-1][inside]]], np.hstack((begins, stops))


def _twins(ends: npt.NDArray[np.float64]) -> tuple[Indices, npt.NDArray[np.bool_]]:
    """Return edges in an order in which equal ones are neighbours, and which are.

    Of an edge that three areas claim none counts: they overlap.
    """
    with np.errstate(over="ignore"):
        mixed = (np.ascontiguousarray(ends).view(np.uint64) * _MIX).sum(
            axis=1, dtype=np.uint64
        )
    order = np.argsort(mixed, kind="stable")
    twin = (ends[order[:-1]] == ends[order[1:]]).all(axis=1)
    crowd = twin[:-1] & twin[1:]
    twin[:-1][crowd] = False
    twin[1:][crowd] = False
    return order, twin


def _summed(
    one: Indices, two: Indices, lengths: npt.NDArray[np.float64], many: int
) -> Shared:
    keys = np.minimum(one, two) * many + np.maximum(one, two)
    once, place = np.unique(keys, return_inverse=True)
    total = np.bincount(place, weights=lengths, minlength=len(once)).astype(np.float64)
    return Shared(once // many, once % many, total)


def _by_shape(flat: Geometries, ragged: Indices, wanted: Indices) -> Shared:
    """Return pairs that both have an edge of their own and meet, one of them wanted."""
    mine = np.intersect1d(ragged, wanted)
    tree = shapely.STRtree(flat[ragged])
    first, other = tree.query(flat[mine], predicate="dwithin", distance=GRID_M)
    one, two = mine[first], ragged[other]
    apart = one != two
    low = np.minimum(one[apart], two[apart])
    high = np.maximum(one[apart], two[apart])
    once = np.unique(low * len(flat) + high)
    return Shared(once // len(flat), once % len(flat), np.zeros(len(once)))
