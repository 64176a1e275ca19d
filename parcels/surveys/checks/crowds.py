"""Which rows share ground with very many others, and with how many? (core).

Thousands of polygons on one place have millions of pairs. Rows are held against a
sample of the others first, and against more of them only as long as few are met: the
work grows with the rows and not with their pairs, and no row that meets another is
missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import shapely

from parcels.surveys.checks.shape_tree import ShapeTree
from parcels.surveys.checks.shared_ground import Pieces

Geometries = npt.NDArray[Any]
Indices = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Together = Callable[[Indices, Indices], Mask]
"""Tells of pairs of rows which hold on a common day."""

MOST_MET: Final = 50
"""A row that shares ground with more others is crowded (project default): two surveys
of the same fields share with ten each, a township's outline with thousands."""
_SAMPLE: Final = 512
_GROWTH: Final = 4
_PAIRS_AT_ONCE: Final = 4_000_000
_PAIRS_COUNTED: Final = 30_000_000
"""Pairs that are counted one by one; of more the number is told as about so many."""


class CutShapes(Protocol):
    """Geometries of rows, none missing, whole or in pieces."""

    @property
    def bounds(self) -> npt.NDArray[np.float64]:
        """`(n, 4)` least and greatest coordinates."""

    def cut(self, rows: Indices) -> Pieces:
        """Return rows in pieces of few vertices; `owner` is the row."""


class Met(NamedTuple):
    """What rows were found to meet.

    Attributes
    ----------
    rows
        The rows that were asked about, ascending.
    counts
        How many others each meets.
    exact
        Whether that was counted; else it is estimated from a sample.
    mine, other
        Pairs of pieces that meet: of each row some, or all if they are few.
    """

    rows: Indices
    counts: Indices
    exact: Mask
    mine: Indices
    other: Indices


def find_crowded(
    shapes: CutShapes, tree: ShapeTree, asked: Indices, narrow: float
) -> Indices:
    """Return which of some rows share ground with more than `MOST_MET` others.

    Parameters
    ----------
    narrow
        Width up to which ground is not shared, in the plane's unit.
    """
    bounds = shapes.bounds
    near = tree.find_near(bounds[asked])
    boxes = find_met(_boxes(bounds, asked), _boxes(bounds, near), predicate=None)
    busy = boxes.rows[boxes.counts > MOST_MET]
    if not len(busy):
        return busy
    near = tree.find_near(bounds[busy])
    met = find_met(solid(shapes, busy, narrow), solid(shapes, near, narrow))
    return met.rows[met.counts > MOST_MET]


def _boxes(bounds: npt.NDArray[np.float64], rows: Indices) -> Pieces:
    return Pieces(shapely.box(*bounds[rows].T), rows)


def solid(shapes: CutShapes, rows: Indices, narrow: float) -> Pieces:
    """Return rows in pieces, each without a rim: what meets then shares ground."""
    return without_rim(shapes.cut(rows), narrow)


def without_rim(pieces: Pieces, narrow: float) -> Pieces:
    """Return pieces less half of that width along their outlines, maybe nothing."""
    inner = shapely.buffer(pieces.shapes, -narrow / 2, join_style="mitre")
    return Pieces(inner, pieces.owner)


def find_met(
    asked: Pieces,
    others: Pieces,
    most: int = MOST_MET,
    together: Together | None = None,
    predicate: str | None = "intersects",
    keep: int = 0,
) -> Met:
    """Return how many other rows each row meets, and some of the pairs.

    Parameters
    ----------
    asked, others
        Rows in pieces.
    most
        Rows that meet more are held against no further ones.
    together
        Which pairs count; all if not given.
    predicate
        ``intersects``, or None for boxes that meet.
    keep
        With how many others the pairs of a row are returned at most.
    """
    search = _Search(asked, others, together, predicate)
    count = np.zeros(len(search.rows), np.int64)
    share = np.ones(len(search.rows))
    pending = np.ones(len(search.rows), dtype=bool)
    pairs = [(np.empty(0, np.int64), np.empty(0, np.int64))]
    met, size = np.full(len(search.rows), _SAMPLE), _SAMPLE
    while pending.any():
        part = min(size / search.total, 1.0)
        still = np.flatnonzero(pending)
        for rows, found in search.walk(still, met[still], size):
            met[rows] = (found.met + 1) * _GROWTH
            done = (found.agreed > most) | (part == 1.0)
            count[rows[done]], share[rows[done]] = found.agreed[done], part
            pending[rows[done]] = False
            if keep:
                pairs.append(found.first_pairs(done, keep))
        size *= _GROWTH
    sampled = np.flatnonzero(share < 1.0)
    count[sampled] = np.rint(count[sampled] / share[sampled])
    if count[sampled].sum() <= _PAIRS_COUNTED:
        for rows, found in search.walk(sampled, count[sampled], search.total):
            count[rows] = found.agreed
        share[sampled] = 1.0
    mine, other = (np.concatenate(part) for part in zip(*pairs, strict=True))
    return Met(search.rows, count, share == 1.0, mine, other)


class _Found(NamedTuple):
    """What consecutive rows meet in a sample.

    Attributes
    ----------
    met, agreed
        How many others, and how many of them count.
    mine, other
        Pairs of pieces that count.
    row, place
        Of each pair: which of the rows, and the how manieth other row it is to it.
    """

    met: Indices
    agreed: Indices
    mine: Indices
    other: Indices
    row: Indices
    place: Indices

    def first_pairs(self, done: Mask, keep: int) -> tuple[Indices, Indices]:
        """Return the pairs of some rows with their first few others."""
        kept = done[self.row] & (self.place < keep)
        return self.mine[kept], self.other[kept]


class _Search:
    """Rows to be held against samples of other rows."""

    def __init__(
        self,
        asked: Pieces,
        others: Pieces,
        together: Together | None,
        predicate: str | None,
    ) -> None:
        self.rows = np.unique(asked.owner)
        self._asked, self._others = asked, others
        self._order = np.argsort(asked.owner, kind="stable")
        self._starts = np.searchsorted(
            asked.owner[self._order], np.append(self.rows, np.iinfo(np.int64).max)
        )
        self._rank, self.total = _rank(others.owner)
        self._together, self._predicate = together, predicate

    def walk(
        self, rows: Indices, expected: Indices, size: int
    ) -> Iterator[tuple[Indices, _Found]]:
        """Hold rows (places in `rows`) against so many others, some at a time."""
        sample = np.flatnonzero(self._rank < size)
        tree = shapely.STRtree(self._others.shapes[sample])
        ends = np.cumsum(expected) // _PAIRS_AT_ONCE
        for block in np.split(rows, np.flatnonzero(np.diff(ends)) + 1):
            if len(block):
                yield block, self._look(block, tree, sample)

    def _look(self, block: Indices, tree: shapely.STRtree, sample: Indices) -> _Found:
        begin, end = self._starts[block], self._starts[block + 1]
        pieces = self._order[_ranges(begin, end)]
        row = np.repeat(np.arange(len(block)), end - begin)
        mine, met = tree.query(self._asked.shapes[pieces], predicate=self._predicate)
        one, piece, other = row[mine], pieces[mine], sample[met]
        two = self._others.owner[other]
        apart = self.rows[block][one] != two
        order = np.flatnonzero(apart)[np.lexsort((two[apart], one[apart]))]
        one, two, piece, other = one[order], two[order], piece[order], other[order]
        new = np.ones(len(one), dtype=bool)
        new[1:] = (one[1:] != one[:-1]) | (two[1:] != two[:-1])
        counts = np.bincount(one[new], minlength=len(block))
        if self._together is not None:
            agree = self._together(self.rows[block][one], two)
            one, new = one[agree], new[agree]
            piece, other = piece[agree], other[agree]
        agreed = np.bincount(one[new], minlength=len(block))
        before = np.cumsum(agreed) - agreed
        place = np.cumsum(new) - 1 - before[one]
        return _Found(counts, agreed, piece, other, one, place)


def _rank(owner: Indices) -> tuple[Indices, int]:
    """Return each piece's place among the rows, in an order that follows no pattern."""
    rows, place = np.unique(owner, return_inverse=True)
    mixed = rows.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0xFF51AFD7ED558CCD)
    rank = np.empty(len(rows), np.int64)
    rank[np.argsort(mixed)] = np.arange(len(rows))
    return rank[place], len(rows)


def _ranges(begin: Indices, end: Indices) -> Indices:
    """Return all numbers from each beginning to before its end."""
    count = end - begin
    shift = np.repeat(begin - (np.cumsum(count) - count), count)
    numbers: Indices = np.arange(count.sum()) + shift
    return numbers
