"""Which polygons share every edge exactly with one neighbour? (core).

In a clean tessellation each edge belongs to two polygons and is walked once in each
direction. Polygons of which this holds cannot overlap anything unless one of the
others does too, so the exact and slow test needs the rest only.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from parcels.surveys.checks.rings import Coordinates, Indices, Mask, list_rings

_PRIMES: Final = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xC2B2AE3D27D4EB4F),
    np.uint64(0xFF51AFD7ED558CCD),
)
_SHIFT: Final = np.uint64(32)
_ONE: Final = np.uint64(1)
_BLOCK: Final = 65_536

Hashes = npt.NDArray[np.uint64]


def find_unmatched(polygons: npt.NDArray[Any]) -> Indices:
    """Return indices of polygons with an edge that no neighbour walks backwards.

    Edges at the rim of a tessellation are unmatched, too. Vertices must be equal to
    the last bit; edges are told apart by 63 bits of hash (two of 20 million differ
    with a chance of 1 in 50,000 per file).

    Parameters
    ----------
    polygons
        Valid (multi)polygons, none missing, any plane; worked off in blocks.
    """
    blocks = [
        _hash_edges(polygons[first : first + _BLOCK], first)
        for first in range(0, len(polygons), _BLOCK)
    ]
    if not blocks:
        return np.empty(0, np.int64)
    edges = np.concatenate([edge for edge, _ in blocks])
    owners = np.concatenate([owner for _, owner in blocks])
    del blocks
    return np.unique(owners[_is_unpaired(edges)]).astype(np.int64)


def _hash_edges(
    polygons: npt.NDArray[Any], first: int
) -> tuple[Hashes, npt.NDArray[np.int32]]:
    """Return each edge as a hash with its direction in the last bit, and its owner."""
    coordinates, starts, owner, hole = list_rings(polygons)
    ring = np.repeat(np.arange(len(owner)), np.diff(starts))
    vertex = _hash_vertices(coordinates)
    inside = ring[1:] == ring[:-1]
    wrong_way = (_signed_areas(coordinates, starts, ring, inside) > 0) == hole
    start, end, ring = vertex[:-1][inside], vertex[1:][inside], ring[:-1][inside]
    # Zero-length edges (repeated vertices) are walked in no direction.
    real = start != end
    start, end, ring = start[real], end[real], ring[real]
    backwards = ((start > end) ^ wrong_way[ring]).astype(np.uint64)
    edge = (_mix(start + end) & ~_ONE) | backwards
    return edge, (owner[ring] + first).astype(np.int32)


def _signed_areas(
    coordinates: Coordinates, starts: Indices, ring: Indices, inside: Mask
) -> npt.NDArray[np.float64]:
    """Return twice the area of each ring, positive when counter-clockwise."""
    # From the ring's first vertex: seven digits of easting would cancel the area.
    local = coordinates - coordinates[starts[:-1]][ring]
    cross = local[:-1, 0] * local[1:, 1] - local[1:, 0] * local[:-1, 1]
    cross = np.append(np.where(inside, cross, 0.0), 0.0)
    areas: npt.NDArray[np.float64] = np.add.reduceat(cross, starts[:-1])
    return areas


def _hash_vertices(coordinates: npt.NDArray[np.float64]) -> Hashes:
    # Adding zero makes -0.0 and 0.0 the same bits.
    bits = (np.ascontiguousarray(coordinates) + 0.0).view(np.uint64)
    return _mix(_mix(bits[:, 0]) * _PRIMES[1] + bits[:, 1])


def _mix(values: Hashes) -> Hashes:
    mixed = values * _PRIMES[0]
    mixed ^= mixed >> _SHIFT
    mixed *= _PRIMES[2]
    mixed ^= mixed >> _SHIFT
    return mixed


def _is_unpaired(edges: Hashes) -> Mask:
    """Tell of each edge whether it is not one of a pair in opposite directions."""
    ordered = np.sort(edges)
    same = (ordered[1:] ^ ordered[:-1]) <= _ONE
    pair = same & (ordered[1:] != ordered[:-1])
    # Three of a kind are no pair.
    pair[1:] &= ~same[:-1]
    pair[:-1] &= ~same[1:]
    alone = np.ones(len(ordered), dtype=bool)
    alone[:-1] &= ~pair
    alone[1:] &= ~pair
    lonely = np.unique(ordered[alone] | _ONE)
    if not len(lonely):
        return np.zeros(len(edges), dtype=bool)
    place = np.searchsorted(lonely, edges | _ONE)
    unpaired: Mask = lonely[np.minimum(place, len(lonely) - 1)] == (edges | _ONE)
    return unpaired
