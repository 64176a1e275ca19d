"""Which rows of a whole file lie where a few geometries lie? (core).

A tree of a million geometries is built for questions about some thousand places. A
grid over the file, which needs boxes only, tells first which rows can be meant; the
tree is made of those.
"""

from __future__ import annotations

from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import shapely

_CELLS: Final = 1024
_GRID_PAYS_ROWS: Final = 10_000

Geometries = npt.NDArray[Any]
Indices = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]


class Shapes(Protocol):
    """Geometries of rows, none missing."""

    def __len__(self) -> int: ...

    def __getitem__(self, chosen: Any) -> Any: ...

    @property
    def bounds(self) -> Values:
        """`(n, 4)` least and greatest coordinates."""


class ShapeTree:
    """Answers as `shapely.STRtree` over the geometries of rows does, none missing."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self._gridded = len(shapes) > _GRID_PAYS_ROWS
        if self._gridded:
            bounds = shapes.bounds
            self._least, greatest = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
            self._size = np.maximum((greatest - self._least) / _CELLS, 1e-300)
            self._cells = self._cells_of(bounds)

    def query(
        self,
        asked: Geometries,
        predicate: str | None = None,
        distance: float = 0.0,
    ) -> tuple[Indices, Indices]:
        """Return pairs of a geometry and a row that meet, as their indices.

        Parameters
        ----------
        predicate
            None for boxes that meet, ``intersects``, or ``dwithin``.
        distance
            What ``dwithin`` asks for.
        """
        near = self.find_near(shapely.bounds(asked), distance)
        tree = shapely.STRtree(self._shapes[near])
        within = distance if predicate == "dwithin" else None
        mine, other = tree.query(asked, predicate=predicate, distance=within)
        return mine, near[other]

    def find_covered(self, points: Geometries) -> Indices:
        """Return which points lie in some row, boundary included, as their indices.

        Rows are asked about points, not points about rows: GEOS prepares what asks, and
        a row may have any number of vertices.
        """
        rows = self._shapes[self.find_near(shapely.bounds(points))]
        _, covered = shapely.STRtree(points).query(rows, predicate="intersects")
        return np.unique(covered)

    def find_near(self, boxes: Values, distance: float = 0.0) -> Indices:
        """Return rows, ascending, whose box meets some box, and maybe more.

        Parameters
        ----------
        boxes
            `(n, 4)` least and greatest coordinates; those that are no numbers meet
            nothing.
        distance
            How near to a box counts as well.
        """
        if not self._gridded:
            return np.arange(len(self._shapes))
        boxes = boxes[np.isfinite(boxes).all(axis=1)]
        asked = self._cells_of(boxes + np.array([-1, -1, 1, 1]) * distance)
        marked = _sums(_sums(_corners(asked))[1:, 1:] > 0)
        west, south, east, north = (self._cells + [[0], [0], [1], [1]]).astype(np.intp)
        count = marked[east, north] - marked[west, north]
        count += marked[west, south] - marked[east, south]
        return np.flatnonzero(count)

    def _cells_of(self, boxes: Values) -> npt.NDArray[np.int16]:
        """Return `(4, n)` first and last column and row of cells of each box."""
        cells = np.floor((boxes.reshape(-1, 2, 2) - self._least) / self._size)
        clipped = np.clip(cells, 0, _CELLS - 1).astype(np.int16)
        return np.ascontiguousarray(clipped.reshape(-1, 4).T)


def _corners(cells: npt.NDArray[np.int16]) -> npt.NDArray[np.int32]:
    """Return a grid whose sums from the corner count the boxes over each cell."""
    grid = np.zeros((_CELLS + 1, _CELLS + 1), np.int32)
    west, south, east, north = cells.astype(np.intp)
    for column, row, step in (
        (west, south, 1),
        (east + 1, south, -1),
        (west, north + 1, -1),
        (east + 1, north + 1, 1),
    ):
        np.add.at(grid, (column, row), step)
    return grid[:_CELLS, :_CELLS]


def _sums(grid: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
    """Return the sum of all cells west and south of each corner."""
    sums = np.zeros((_CELLS + 1, _CELLS + 1), np.int32)
    sums[1:, 1:] = grid.cumsum(axis=0, dtype=np.int32).cumsum(axis=1)
    return sums
