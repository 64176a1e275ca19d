"""Into which lines of few vertices are long boundaries cut, and whose is each? (core).

What is asked about places on a boundary then costs the vertices near them and not all
of the outline's.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

Geometries = npt.NDArray[Any]
Indices = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]

_LINE_VERTICES: Final = 64


def short_lines(edges: Geometries) -> tuple[Geometries, Indices]:
    """Return lines of few segments, and whose each is.

    The last segment of a line is the first of the next (of a closed one, its last one
    is its first, too), so that each corner is a corner of one of them.
    """
    lines, owner = shapely.get_parts(edges, return_index=True)
    count = shapely.get_num_coordinates(lines)
    short = [lines[count <= _LINE_VERTICES]]
    owners = [owner[count <= _LINE_VERTICES]]
    for long in np.flatnonzero(count > _LINE_VERTICES).tolist():
        xy = shapely.get_coordinates(lines[long])
        if (xy[0] == xy[-1]).all():
            xy = np.concatenate((xy, xy[1:2]))
        starts = range(0, len(xy) - 2, _LINE_VERTICES - 2)
        short.append(np.array([_line(xy[one:]) for one in starts], dtype=object))
        owners.append(np.full(len(starts), owner[long]))
    return np.concatenate(short), np.concatenate(owners)


def _line(xy: Values) -> shapely.LineString:
    return shapely.LineString(xy[:_LINE_VERTICES])


def find_pair(
    first: Indices, second: Indices, mine: Indices, other: Indices
) -> Indices:
    """Return which of the pairs `(first, second)` each is, -1 if none."""
    if not len(first):
        return np.full(len(mine), -1)
    count = 1 + max(int(one.max(initial=-1)) for one in (first, second, mine, other))
    keys, asked = first * count + second, mine * count + other
    order = np.argsort(keys)
    place = np.searchsorted(keys, asked, sorter=order).clip(max=len(keys) - 1)
    pair: Indices = np.where(keys[order[place]] == asked, order[place], -1)
    return pair
