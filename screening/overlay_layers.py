"""How much of each piece of one layer do the pieces of another cover? (core).

图层叠加. Layer on layer in blocks: pairs whose boxes meet are told apart by prepared
geometry, so that what lies whole inside a mask is never cut; what is left is cut
along its boundary alone. Measuring is `screening.overlay`'s: shares of drawn areas,
square metres as share times area of record.

Where no pieces are asked for, what a convex mask cuts is measured without them
(`screening.convex_cut`).

Large masks are cut into parts of few vertices first (`subdivide`), and only the parts
near a boundary are ever cut with; whole containment is told from the mask itself.

Blocks are independent: whoever calls may map them over threads (shapely lets go of the
interpreter while it computes) by giving his own `map_blocks`. Two threads must not ask
one prepared geometry at once (its indexes are made when first needed: GEOS crashes
then), so each block prepares masks of its own. `join_pairs` puts pairs in order of the
left layer, then of the right, whatever the blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from parcels.area import measure_area
from parcels.refusal import Refusal
from parcels.subdivision import PART_VERTICES, subdivide
from screening.convex_cut import ConvexMasks
from screening.overlay import (
    AROUND,
    DISJOINT,
    INSIDE,
    MEETS,
    TOUCHING_M2,
    Relations,
    Shapes,
    cut,
    repair,
)

Indices = NDArray[np.int64]
Vector = NDArray[np.float64]
MapBlocks = Callable[[Callable[[Any], "Pairs"], Iterable[Any]], Iterable["Pairs"]]
"""As `map`: applies a function to each block, in order; may do so side by side."""

MOST_PAIRS: Final = 5_000_000
"""Pairs of one overlay at most; a project default (40 bytes each without pieces)."""
_BLOCK: Final = 10_000
_EMPTY: Final = shapely.Polygon()


class TooManyPairs(Refusal):
    """Two layers meet in more pairs than one overlay may give."""

    def __init__(self, found: int, most: int) -> None:
        super().__init__(
            "too_many_pairs",
            f"两个图层的叠加超过 {most} 对（已有 {found} 对）；请缩小范围或筛选类别。",
            f"The two layers meet in more than {most} pairs ({found} so far); narrow"
            " the area or choose categories.",
        )


@dataclass(frozen=True, slots=True)
class Layer:
    """One side of an overlay: polygons, EPSG:4490, with their areas of record.

    `areas_m2` are ellipsoidal (图形面积); measured where they are not given. Shapes
    that are not valid are repaired when they are measured or cut: what lies whole in a
    mask needs neither, and to look at every shape costs as much as to tell it apart.
    """

    shapes: Shapes
    areas_m2: Vector

    @classmethod
    def of(cls, shapes: Shapes, areas_m2: Vector | None = None) -> Layer:
        """Return a layer of shapes; to be measured they are repaired."""
        own = np.asarray(shapes, dtype=object)
        if areas_m2 is not None:
            return cls(own, areas_m2)
        valid = repair(own)
        return cls(valid, measure_area(valid))

    def __len__(self) -> int:
        return len(self.shapes)


@dataclass(frozen=True, slots=True)
class Pairs:
    """What of the left layer shares ground with what of the right (叠加对).

    Attributes
    ----------
    left, right
        Positions in the layers.
    relations
        As the left one sees the right: AROUND, INSIDE or MEETS (`screening.overlay`).
    shares
        Of the left one's area, 0 to 1; 1 only where the right covers it whole.
    areas_m2
        Share times the left one's area of record.
    pieces
        The ground in common, valid polygons; None when not asked for.
    """

    left: Indices
    right: Indices
    relations: Relations
    shares: Vector
    areas_m2: Vector
    pieces: Shapes | None = None

    def __len__(self) -> int:
        return len(self.left)


def overlay_layers(
    left: Layer,
    right: Layer,
    *,
    map_blocks: MapBlocks = map,
    keep_pieces: bool = False,
    most_pairs: int = MOST_PAIRS,
) -> Iterator[Pairs]:
    """Yield the pairs that share ground, block by block, in order of the right layer.

    Pairs that only touch are left out. A block is done when it is asked for, unless
    `map_blocks` runs ahead.

    Raises
    ------
    TooManyPairs
        As soon as more than `most_pairs` have been found.
    """
    if not len(left) or not len(right):
        return
    masks = _Masks(right, keep_pieces)
    blocks = _list_blocks(left, right)
    found = 0
    overlay = partial(_overlay_block, left, right, masks, keep_pieces)
    for pairs in map_blocks(overlay, blocks):
        found += len(pairs)
        if found > most_pairs:
            raise TooManyPairs(found, most_pairs)
        if len(pairs):
            yield pairs


def join_pairs(blocks: Iterable[Pairs]) -> Pairs:
    """Return the pairs of several blocks as one, in order of left, then right."""
    parts = list(blocks)
    if not parts:
        none = np.zeros(0, dtype=np.int64)
        return Pairs(none, none, np.zeros(0, np.uint8), np.zeros(0), np.zeros(0))
    kept = [part.pieces for part in parts if part.pieces is not None]
    left = np.concatenate([part.left for part in parts])
    right = np.concatenate([part.right for part in parts])
    order = np.lexsort((right, left))
    return Pairs(
        left[order],
        right[order],
        np.concatenate([part.relations for part in parts])[order],
        np.concatenate([part.shares for part in parts])[order],
        np.concatenate([part.areas_m2 for part in parts])[order],
        np.concatenate(kept)[order] if kept else None,
    )


def _list_blocks(left: Layer, right: Layer) -> list[tuple[Indices, Indices]]:
    """Return pairs whose boxes meet, mask after mask, in blocks of some thousands."""
    tree = shapely.STRtree(left.shapes)
    rights, lefts = tree.query(right.shapes)
    order = np.lexsort((lefts, rights))
    lefts, rights = lefts[order], rights[order]
    return [
        (lefts[start : start + _BLOCK], rights[start : start + _BLOCK])
        for start in range(0, len(lefts), _BLOCK)
    ]


class _Masks:
    """The right layer as it is cut with: in parts where it is large."""

    def __init__(self, right: Layer, keep_pieces: bool) -> None:
        self.whole = repair(right.shapes)
        vertices = shapely.get_num_coordinates(self.whole)
        self.large = vertices > PART_VERTICES
        large = np.flatnonzero(self.large)
        parts = [subdivide(self.whole[index]) for index in large.tolist()]
        self.first = np.zeros(len(self.whole) + 1, dtype=np.int64)
        self.first[large + 1] = [len(each) for each in parts]
        np.cumsum(self.first, out=self.first)
        self.parts = np.concatenate([np.zeros(0, dtype=object), *parts])
        self.bounds = shapely.bounds(self.parts)
        self.convex = None if keep_pieces else ConvexMasks.of(self.whole)

    def prepared(self, rights: Indices) -> Shapes:
        """Return masks by their positions, prepared and the caller's own."""
        firsts, places = np.unique(rights, return_inverse=True)
        own = shapely.force_2d(self.whole[firsts])
        shapely.prepare(own)
        chosen: Shapes = own[places]
        return chosen


def _overlay_block(
    left: Layer,
    right: Layer,
    masks: _Masks,
    keep_pieces: bool,
    block: tuple[Indices, Indices],
) -> Pairs:
    lefts, rights = block
    relations, shapes = tell_apart(left.shapes[lefts], masks.prepared(rights))
    met = relations != DISJOINT
    lefts, rights = lefts[met], rights[met]
    relations, shapes = relations[met], shapes[met]
    # Of what a convex mask cuts the area alone is quicker to have than the piece.
    by_area = np.zeros(len(lefts), dtype=bool)
    common = np.zeros(len(lefts))
    if masks.convex is not None:
        by_area = (relations == MEETS) & masks.convex.convex[rights]
        common[by_area] = masks.convex.measure_common(shapes[by_area], rights[by_area])
    pieces = _cut(shapes, rights, np.where(by_area, DISJOINT, relations), masks)
    partly = relations != AROUND
    piecewise = partly & ~by_area
    common[piecewise] = measure_area(pieces[piecewise], edges="drawn")
    shares = np.ones(len(lefts))
    shares[partly] = _shares(common[partly], shapes[partly])
    # What is whole is whole, however small; a film along a boundary is nothing.
    areas = shares * left.areas_m2[lefts]
    some = (areas >= TOUCHING_M2) | (relations == AROUND)
    if not some.all():
        lefts, rights, relations = lefts[some], rights[some], relations[some]
        shares, areas, pieces = shares[some], areas[some], pieces[some]
    kept = repair(pieces) if keep_pieces else None
    return Pairs(lefts, rights, relations, shares, areas, kept)


def tell_apart(lefts: Shapes, rights: Shapes) -> tuple[Relations, Shapes]:
    """Return how each left polygon sees the right one beside it, and the left ones.

    AROUND where the right covers the left, INSIDE where it lies in the left, MEETS
    where only a cut can say, DISJOINT where they share no point. Prepare the rights,
    and give them valid. The left ones come back ready to be cut: those that meet a
    boundary are repaired.
    """
    relations = np.full(len(lefts), DISJOINT, dtype=np.uint8)
    whole = shapely.contains_properly(rights, lefts)
    relations[whole] = AROUND
    rest = np.flatnonzero(~whole)
    rest = rest[shapely.intersects(rights[rest], lefts[rest])]
    relations[rest] = MEETS
    ready = lefts.copy()
    ready[rest] = repair(lefts[rest])
    covered = rest[shapely.covers(rights[rest], ready[rest])]
    relations[covered] = AROUND
    # Only a smaller box can lie inside; most masks are larger than what they meet.
    rest = rest[relations[rest] == MEETS]
    inside = rest[_box_within(rights[rest], ready[rest])]
    inside = inside[shapely.covers(ready[inside], rights[inside])]
    relations[inside] = INSIDE
    return relations, ready


def _box_within(inner: Shapes, outer: Shapes) -> NDArray[np.bool_]:
    a, b = shapely.bounds(inner), shapely.bounds(outer)
    within: NDArray[np.bool_] = (a[:, :2] >= b[:, :2]).all(axis=1) & (
        a[:, 2:] <= b[:, 2:]
    ).all(axis=1)
    return within


def _cut(lefts: Shapes, rights: Indices, relations: Relations, masks: _Masks) -> Shapes:
    pieces = np.full(len(lefts), _EMPTY, dtype=object)
    large = (relations == MEETS) & masks.large[rights]
    small = ~large
    pieces[small] = cut(lefts[small], masks.whole[rights[small]], relations[small])
    if large.any():
        pieces[large] = _cut_with_parts(lefts[large], rights[large], masks)
    return pieces


def _cut_with_parts(lefts: Shapes, rights: Indices, masks: _Masks) -> Shapes:
    """Cut each left geometry with those parts of its mask whose boxes it meets."""
    counts = masks.first[rights + 1] - masks.first[rights]
    owner = np.repeat(np.arange(len(lefts)), counts)
    offsets = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    parts = np.repeat(masks.first[rights], counts) + offsets
    a, b = shapely.bounds(lefts)[owner], masks.bounds[parts]
    near = (a[:, :2] <= b[:, 2:]).all(axis=1) & (b[:, :2] <= a[:, 2:]).all(axis=1)
    owner, parts = owner[near], parts[near]
    relations = np.full(len(owner), MEETS, dtype=np.uint8)
    found = cut(lefts[owner], masks.parts[parts], relations)
    return _gather(found, owner, len(lefts))


def _gather(found: Shapes, owner: Indices, count: int) -> Shapes:
    """Return the pieces of each owner as one; they share edges at most."""
    pieces = np.full(count, _EMPTY, dtype=object)
    some = ~shapely.is_empty(found)
    found, owner = found[some], owner[some]
    firsts, starts, counts = np.unique(owner, return_index=True, return_counts=True)
    single = counts == 1
    pieces[firsts[single]] = found[starts[single]]
    for first, start, many in zip(
        firsts[~single].tolist(),
        starts[~single].tolist(),
        counts[~single].tolist(),
        strict=True,
    ):
        # Part by part: of two combs across each other nearly all parts stand alone, and
        # a union of them takes a hundred times as long.
        parts = shapely.get_parts(found[start : start + many])
        pieces[first] = shapely.disjoint_subset_union_all(parts)
    return pieces


def _shares(areas: Vector, wholes: Shapes) -> Vector:
    whole = measure_area(wholes, edges="drawn")
    shares = np.divide(areas, whole, out=np.zeros(len(areas)), where=whole > 0)
    clipped: Vector = np.clip(shares, 0.0, 1.0)
    return clipped
