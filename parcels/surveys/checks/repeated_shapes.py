"""Do several rows of the file draw one polygon? (core, whole file).

图形重复: an export or a merge that was done twice. Told row by row with the first that
draws it, and left out of all comparisons then: what the first overlaps they overlap as
well. Wherever its rings begin and whichever way they run, a polygon is the same; one
that is drawn anew, a vertex elsewhere, is an overlap.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from parcels.surveys.checks.edges import hash_edges
from parcels.surveys.checks.rings import Indices, list_rings
from parcels.surveys.checks.shape_tree import Shapes
from parcels.surveys.issues import Issues

_BLOCK: Final = 16_384


class Repeated(NamedTuple):
    """Rows that draw what a row before them draws, and that row, by their indices."""

    later: Indices
    first: Indices


def find_repeated(
    shapes: Shapes, asked: Indices, periods: npt.NDArray[np.int64]
) -> Repeated:
    """Return which rows draw a polygon again that another draws for the same days.

    Parameters
    ----------
    shapes
        Valid (multi)polygons in one plane, none missing.
    asked
        Ascending indices of the rows that may; those with an edge that no neighbour
        walks backwards (`edges.find_unmatched`) are enough.
    periods
        `(n, 2)` first day of validity and the day it ends, as numbers.
    """
    keys = (*periods[asked].T[::-1], _sum_edges(shapes, asked))
    order = np.lexsort(keys)
    same = np.ones(max(len(asked) - 1, 0), dtype=bool)
    for key in keys:
        same &= key[order[1:]] == key[order[:-1]]
    again = np.flatnonzero(np.append(False, same)[: len(asked)])
    # A stable order: of rows alike the first of the file comes first.
    starts = np.flatnonzero(~np.append(False, same)[: len(asked)])
    first = starts[np.searchsorted(starts, again, side="right") - 1]
    pairs = np.column_stack((asked[order[again]], asked[order[first]]))
    pairs = pairs[np.argsort(pairs[:, 0])]
    alike = _are_same(shapes, pairs)
    return Repeated(*pairs[alike].T)


def _sum_edges(shapes: Shapes, asked: Indices) -> npt.NDArray[np.uint64]:
    """Return a number for each row that is the same for the same edges."""
    sums = np.empty(len(asked), np.uint64)
    for begin in range(0, len(asked), _BLOCK):
        block = asked[begin : begin + _BLOCK]
        hashes, owners = hash_edges(list_rings(shapes[block]))
        starts = np.searchsorted(owners, np.arange(len(block)))
        # The last bit is the direction.
        sums[begin : begin + _BLOCK] = np.add.reduceat(hashes >> np.uint64(1), starts)
    return sums


def _are_same(shapes: Shapes, pairs: Indices) -> npt.NDArray[np.bool_]:
    """Tell which pairs of rows draw the same rings, wherever these begin."""
    same = np.empty(len(pairs), dtype=bool)
    for begin in range(0, len(pairs), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        one, two = (shapely.normalize(shapes[rows]) for rows in pairs[block].T)
        same[block] = shapely.equals_identical(one, two)
    return same


def check_repeated(
    repeated: Repeated, rows: npt.NDArray[np.int32], codes: npt.NDArray[Any]
) -> Iterator[Issues]:
    """Give an issue for each row that draws the polygon of a row before it.

    Parameters
    ----------
    rows, codes
        Row number and code of each row.
    """
    later, first = repeated
    if len(later):
        _, group, count = np.unique(first, return_inverse=True, return_counts=True)
        yield Issues(
            "geometry_repeated",
            rows[later],
            details={
                "code": codes[later].tolist(),
                "first_row": rows[first].tolist(),
                "other_code": codes[first].tolist(),
                "count": count[group] + 1,
            },
        )
