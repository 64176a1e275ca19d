"""Which tiles of a grid does a box touch? (core)."""

from __future__ import annotations

from math import floor
from typing import NamedTuple

from screening.distance import Bounds

Tile = tuple[int, int]


class Grid(NamedTuple):
    """A grid of square tiles, EPSG:4490.

    Attributes
    ----------
    side_deg
        Side of a tile, degrees.
    most
        Tiles a box may touch; a larger box has none.
    """

    side_deg: float
    most: int

    def tiles(self, bounds: Bounds) -> list[Tile]:
        """Return the tiles that a box touches; [] when it is too large.

        Examples
        --------
        >>> Grid(0.1, 4).tiles((114.05, 34.02, 114.12, 34.03))
        [(1140, 340), (1141, 340)]
        >>> Grid(0.1, 4).tiles((114.05, 34.02, 116.12, 34.03))
        []
        """
        west, south, east, north = (floor(bound / self.side_deg) for bound in bounds)
        if (east - west + 1) * (north - south + 1) > self.most:
            return []
        return [(x, y) for x in range(west, east + 1) for y in range(south, north + 1)]

    def bounds(self, tile: Tile) -> Bounds:
        """Return the box of a tile, degrees."""
        x, y = tile
        side = self.side_deg
        return (x * side, y * side, (x + 1) * side, (y + 1) * side)
