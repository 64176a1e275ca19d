"""Which polygons share every edge exactly with one neighbour? (core).

In a clean tessellation each edge belongs to two polygons and is walked once in each
direction. Polygons of which this holds cannot overlap anything unless one of the
others does too, so the exact and slow test needs the rest only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from parcels.surveys.checks.rings import Coordinates, Indices, Mask, Rings, list_rings

_PRIMES: Final = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xC2B2AE3D27D4EB4F),
    np.uint64(0xFF51AFD7ED558CCD),
)
_SHIFT: Final = np.uint64(32)
_ONE: Final = np.uint64(1)
_BLOCK_POLYGONS: Final = 65_536
_BLOCK: Final = 16_384
"""Edges or vertices worked on at once."""
_SLOTS: Final = 2**20
_TO_SLOT: Final = np.uint64(64 - 20)

Hashes = npt.NDArray[np.uint64]


class Edges(NamedTuple):
    """Edges of polygons: a hash each, its direction in the last bit, and its owner."""

    hashes: Hashes
    owners: npt.NDArray[np.int32]


def find_unmatched(polygons: npt.NDArray[Any]) -> Indices:
    """Return indices of polygons with an edge that no neighbour walks backwards.

    Edges at the rim of a tessellation are unmatched, too.

    Parameters
    ----------
    polygons
        Valid (multi)polygons, none missing, any plane; worked off in blocks.
    """
    blocks = []
    for first in range(0, len(polygons), _BLOCK_POLYGONS):
        block = polygons[first : first + _BLOCK_POLYGONS]
        hashes, owners = hash_edges(list_rings(block))
        blocks.append(Edges(hashes, owners + np.int32(first)))
    return find_unpaired(blocks)


def find_unpaired(parts: Sequence[Edges]) -> Indices:
    """Return the owners of edges that are walked once, or more than once each way."""
    if not parts:
        return np.empty(0, np.int64)
    ordered = np.concatenate([part.hashes for part in parts])
    ordered.sort()
    lonely = _find_lonely(ordered)
    if not len(lonely):
        return np.empty(0, np.int64)
    owners = [part.owners[_is_among(part.hashes, lonely)] for part in parts]
    return np.unique(np.concatenate(owners)).astype(np.int64)


def hash_edges(rings: Rings, clockwise: Mask | None = None) -> Edges:
    """Return the edges of rings; all of one survey in one plane are comparable.

    Vertices must be equal to the last bit; edges are told apart by 63 bits of hash
    (two of 20 million differ with a chance of 1 in 50,000 per file).

    Parameters
    ----------
    clockwise
        `(rings,)` which rings are; found out when not given.
    """
    coordinates, starts, owner, hole = rings
    ring: Indices = np.repeat(np.arange(len(owner)), np.diff(starts))
    inside = ring[1:] == ring[:-1]
    if clockwise is None:
        clockwise = _signed_areas(coordinates, starts, ring, inside) <= 0
    wrong_way = clockwise ^ hole
    vertex = _hash_vertices(coordinates)
    start, end, ring = vertex[:-1], vertex[1:], ring[:-1]
    # Zero-length edges (repeated vertices) are walked in no direction.
    real = inside & (start != end)
    edge = (_mix(start + end) & ~_ONE) | ((start > end) ^ wrong_way[ring])
    return Edges(edge[real], owner[ring[real]].astype(np.int32))


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
    hashes = np.empty(len(coordinates), np.uint64)
    # In blocks that stay in the processor's cache.
    for first in range(0, len(hashes), _BLOCK):
        block = slice(first, first + _BLOCK)
        # Adding zero makes -0.0 and 0.0 the same bits.
        bits = (np.ascontiguousarray(coordinates[block]) + 0.0).view(np.uint64)
        hashes[block] = _mix(_mix(bits[:, 0]) * _PRIMES[1] + bits[:, 1])
    return hashes


def _mix(values: Hashes) -> Hashes:
    mixed = values * _PRIMES[0]
    mixed ^= mixed >> _SHIFT
    mixed *= _PRIMES[2]
    mixed ^= mixed >> _SHIFT
    return mixed


def _find_lonely(ordered: Hashes) -> Hashes:
    """Return the edges, the last bit set, that are no pair in opposite directions."""
    found = []
    for first in range(0, len(ordered), _BLOCK):
        # Two on either side tell all there is to know of those between.
        begin, last = max(first - 2, 0), min(first + _BLOCK, len(ordered))
        window = ordered[begin : last + 2]
        alone = _is_alone(window)[first - begin : last - begin]
        found.append(ordered[first:last][alone] | _ONE)
    return np.unique(np.concatenate(found)) if found else ordered


def _is_alone(ordered: Hashes) -> Mask:
    same = (ordered[1:] ^ ordered[:-1]) <= _ONE
    pair = same & (ordered[1:] != ordered[:-1])
    # Three of a kind are no pair.
    pair[1:] &= ~same[:-1]
    pair[:-1] &= ~same[1:]
    alone = np.ones(len(ordered), dtype=bool)
    alone[:-1] &= ~pair
    alone[1:] &= ~pair
    return alone


def _is_among(edges: Hashes, few: Hashes) -> Mask:
    """Tell which of many edges are among a few, ordered ones, in either direction."""
    # A million slots sort out nearly all of them before anything is compared.
    taken = np.zeros(_SLOTS, dtype=bool)
    taken[few >> _TO_SLOT] = True
    among = np.empty(len(edges), dtype=bool)
    for first in range(0, len(edges), _BLOCK):
        block = slice(first, first + _BLOCK)
        among[block] = taken[edges[block] >> _TO_SLOT]
    asked = np.flatnonzero(among)
    wanted = edges[asked] | _ONE
    place = np.minimum(np.searchsorted(few, wanted), len(few) - 1)
    among[asked] = few[place] == wanted
    return among
