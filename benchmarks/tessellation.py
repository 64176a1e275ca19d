"""What is the outline of cell (column, row) of an endless patchwork of land? (core).

Every corner and every point between corners is displaced by a hash of its own place
in the grid, so a cell can be had alone, in any order and in chunks of any size, and
two neighbours always share their edge point by point, bit by bit.

Plane metres, east and north; no CRS of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Coordinates = NDArray[np.float64]
"""Shape (cells, points, 2), metres or degrees as said."""
Indices = NDArray[np.int64]

CORNER_SHARE: Final = 0.15
"""Largest displacement of a corner, as a share of the cell's side."""
EDGE_SHARE: Final = 0.05
"""Largest displacement of a point between two corners, as a share of the side."""


def hash_unit(seed: int, *keys: NDArray[np.integer] | int) -> NDArray[np.float64]:
    """Return a number in [0, 1) for each tuple of integer keys.

    The finaliser of SplitMix64 is applied after each key; the same keys give the same
    number on every machine.

    Examples
    --------
    >>> a, b = hash_unit(7, np.array([1, 2]), 3), hash_unit(7, np.array([2, 1]), 3)
    >>> bool(a[0] == b[1]), bool(a[0] == a[1])
    (True, False)
    """
    state = np.array([seed & 0xFFFFFFFFFFFFFFFF], dtype=np.uint64)
    for key in keys:
        added = np.asarray(key, dtype=np.int64).view(np.uint64)
        state = _mix(state + added + np.uint64(0x9E3779B97F4A7C15))
    return np.asarray(state >> np.uint64(11), dtype=np.float64) * 2.0**-53


def _mix(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


@dataclass(frozen=True, slots=True)
class Tessellation:
    """A patchwork of four-cornered cells with crooked, shared edges.

    Attributes
    ----------
    side_m
        Side of a cell before displacement.
    points_per_edge
        Points between two corners; a closed ring has ``4 * (points + 1) + 1``.
    seed
        Two tessellations of different seeds have nothing in common.
    """

    side_m: float
    points_per_edge: int
    seed: int

    @property
    def ring_size(self) -> int:
        """Points of a closed ring, the first one twice."""
        return 4 * (self.points_per_edge + 1) + 1

    def rings(self, columns: Indices, rows: Indices) -> Coordinates:
        """Return the closed outlines of the cells, counter-clockwise, metres.

        Parameters
        ----------
        columns, rows
            Same length; cell (0, 0) has its undisplaced south-west corner at the
            origin.
        """
        south = self._edge(columns, rows, along_x=True)
        north = self._edge(columns, rows + 1, along_x=True)
        west = self._edge(columns, rows, along_x=False)
        east = self._edge(columns + 1, rows, along_x=False)
        return np.concatenate(
            [
                south[:, :-1],
                east[:, :-1],
                north[:, :0:-1],
                west[:, :0:-1],
                south[:, :1],
            ],
            axis=1,
        )

    def centres(self, columns: Indices, rows: Indices) -> NDArray[np.float64]:
        """Return the undisplaced centres, shape (cells, 2), metres."""
        return np.stack([columns + 0.5, rows + 0.5], axis=1) * self.side_m

    def _corner(self, columns: Indices, rows: Indices) -> NDArray[np.float64]:
        shift = [hash_unit(self.seed, axis, columns, rows) for axis in (0, 1)]
        displaced = (2.0 * np.stack(shift, axis=1) - 1.0) * CORNER_SHARE
        return (np.stack([columns, rows], axis=1) + displaced) * self.side_m

    def _edge(self, columns: Indices, rows: Indices, *, along_x: bool) -> Coordinates:
        """Return the edges that leave these corners eastward or northward."""
        start = self._corner(columns, rows)
        end = self._corner(columns + along_x, rows + (not along_x))
        steps = np.arange(1, self.points_per_edge + 1)
        share = (steps / (self.points_per_edge + 1))[None, :, None]
        between = start[:, None] + (end - start)[:, None] * share
        kind = 2 if along_x else 3
        unit = hash_unit(
            self.seed, kind, columns[:, None], rows[:, None], steps[None, :]
        )
        sideways = (2.0 * unit - 1.0) * EDGE_SHARE * self.side_m
        between[:, :, 1 if along_x else 0] += sideways
        return np.concatenate([start[:, None], between, end[:, None]], axis=1)
