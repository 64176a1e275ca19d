"""Which way does water run over a grid of heights? (core).

水流方向. Eight directions (D8). Pits are filled first by priority flood (Barnes,
Lehman, Mulla 2014): cells are taken in order of height from the edge inwards, and none
is left lower than the way out of it. Then each cell gives its water to the neighbour
to which the filled ground falls steepest; on what is flat, to the neighbour it was
reached from, the shortest way to the outlet of the flat. Equal heights are settled by
the order of cells, so equal grids give equal answers.

Water leaves where the ground ends: at the edge of the grid, and beside cells without a
height. What lies beyond is not known, and `Flow.edge` marks where that begins.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import hypot
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Heights = NDArray[np.float64]
Cells = NDArray[np.int64]
Mask = NDArray[np.bool_]

NOWHERE: Final = -1
_STEPS: Final = ((-1, 0), (0, -1), (0, 1), (1, 0), (-1, -1), (-1, 1), (1, -1), (1, 1))
"""Row and column of the eight neighbours, sides before corners."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Where each cell gives its water.

    Attributes
    ----------
    down
        `(cells,) int64`: number of the next cell, row after row; its own number where
        water leaves, `NOWHERE` where there is no height.
    level
        `(rows, columns) float64`: heights after filling; NaN where there are none.
    edge
        `(rows, columns) bool`: the last cells before the edge or before no height.
    order
        `(known cells,) int64`: cells from the outlets upwards; each stands after the
        one it gives its water to.
    """

    down: Cells
    level: Heights
    edge: Mask
    order: Cells

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.level.shape
        return rows, columns


def route(heights: Heights, column_m: float, row_m: float) -> Flow:
    """Return the flow over a grid.

    Parameters
    ----------
    heights
        `(rows, columns) float64`, first row in the north; NaN where there is none.
    column_m, row_m
        Metres from a cell to the next one east and south, both positive.

    Examples
    --------
    >>> flow = route(np.array([[3.0, 2.0, 1.0]]), 10.0, 10.0)
    >>> flow.down.tolist()
    [1, 2, 2]
    """
    ground = np.pad(heights, 1, constant_values=np.nan)
    known = np.isfinite(ground)
    edge = known & ~_all_around(known)
    level, parent, popped = _flood(ground, known, edge)
    down = _steepest(level, parent, column_m, row_m)
    rows, columns = heights.shape
    return Flow(
        _without_rim(down, rows, columns),
        level[1:-1, 1:-1],
        edge[1:-1, 1:-1],
        _without_rim_cells(popped, columns),
    )


def _all_around(known: Mask) -> Mask:
    """Return which cells have eight neighbours with a height; the rim has not."""
    around = np.zeros_like(known)
    inner = np.ones((known.shape[0] - 2, known.shape[1] - 2), dtype=bool)
    for row, column in _STEPS:
        inner &= _shifted(known, row, column)
    around[1:-1, 1:-1] = inner
    return around


def _shifted(grid: NDArray[Any], row: int, column: int) -> NDArray[Any]:
    rows, columns = grid.shape
    moved: NDArray[Any] = grid[
        1 + row : rows - 1 + row, 1 + column : columns - 1 + column
    ]
    return moved


def _flood(ground: Heights, known: Mask, edge: Mask) -> tuple[Heights, Cells, Cells]:
    """Return filled heights, the cell each was reached from, and the order of all."""
    width = ground.shape[1]
    steps = [row * width + column for row, column in _STEPS]
    level = ground.ravel().tolist()
    reached = bytearray((~known | edge).ravel().tobytes())
    parent = list(range(len(level)))
    heap = [(level[cell], cell) for cell in np.flatnonzero(edge).tolist()]
    heapify(heap)
    pits: deque[int] = deque()
    popped: list[int] = []
    while heap or pits:
        # What was filled up lies as high as the cell in hand: it comes before the rest.
        cell = pits.popleft() if pits else heappop(heap)[1]
        popped.append(cell)
        here = level[cell]
        for step in steps:
            other = cell + step
            if reached[other]:
                continue
            reached[other] = 1
            parent[other] = cell
            if level[other] <= here:
                level[other] = here
                pits.append(other)
            else:
                heappush(heap, (level[other], other))
    filled = np.array(level, dtype=np.float64).reshape(ground.shape)
    return filled, np.array(parent, dtype=np.int64), np.array(popped, dtype=np.int64)


def _steepest(level: Heights, parent: Cells, column_m: float, row_m: float) -> Cells:
    """Return the next cell of each, numbered in the grid with its rim."""
    width = level.shape[1]
    numbers = np.arange(level.size).reshape(level.shape)
    down = parent.reshape(level.shape).copy()
    best = np.zeros((level.shape[0] - 2, width - 2))
    inner = down[1:-1, 1:-1]
    for row, column in _STEPS:
        away_m = hypot(row * row_m, column * column_m)
        slope = (level[1:-1, 1:-1] - _shifted(level, row, column)) / away_m
        steeper = slope > best
        best[steeper] = slope[steeper]
        inner[steeper] = _shifted(numbers, row, column)[steeper]
    down[~np.isfinite(level)] = NOWHERE
    flat: Cells = down.ravel()
    return flat


def _without_rim(down: Cells, rows: int, columns: int) -> Cells:
    inner = down.reshape(rows + 2, columns + 2)[1:-1, 1:-1].ravel()
    return np.where(inner == NOWHERE, NOWHERE, _without_rim_cells(inner, columns))


def _without_rim_cells(cells: Cells, columns: int) -> Cells:
    row, column = np.divmod(cells, columns + 2)
    moved: Cells = (row - 1) * columns + column - 1
    return moved


def trace(flow: Flow, start: int, most: int) -> list[int]:
    """Return the cells that water from `start` runs through, `most` at most.

    The first is `start`; the last is where it leaves, if it comes so far.
    """
    cells = [start]
    while len(cells) < most:
        following = int(flow.down[cells[-1]])
        if following in (NOWHERE, cells[-1]):
            break
        cells.append(following)
    return cells


def find_catchment(flow: Flow, outlets: Mask) -> Mask:
    """Return the cells whose water comes to any of the outlets, these included.

    Parameters
    ----------
    outlets
        `(rows, columns) bool`.
    """
    numbers = np.arange(flow.down.size)
    target = outlets.ravel()
    ahead = np.where((flow.down == NOWHERE) | target, numbers, flow.down)
    while True:
        # Each round looks twice as far ahead.
        farther = ahead[ahead]
        if np.array_equal(farther, ahead):
            break
        ahead = farther
    found: Mask = (target[ahead] & (flow.down != NOWHERE)).reshape(flow.shape)
    return found


def count_upstream(flow: Flow) -> Cells:
    """Return of how many cells the water comes through each, itself included.

    `(cells,) int64`; 0 where there is no height.
    """
    count = np.zeros(flow.down.size, dtype=np.int64)
    count[flow.order] = 1
    total, down = count.tolist(), flow.down.tolist()
    for cell in flow.order[::-1].tolist():
        if down[cell] != cell:
            total[down[cell]] += total[cell]
    return np.array(total, dtype=np.int64)
