"""How boundary points get millimetre coordinates, the same in every parcel.

The network of boundaries is laid on a grid of `GRID_M`, so that no two points are
nearer than that and none lies closer than half of it to a boundary it is not part of.
Then every point is moved by less than that, as points in nature do not lie on grids.
"""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry import Polygon

from sample_county.plane import chance

GRID_M = 0.2
STRAY_M = 0.03


def scatter_points(polygons: list[Polygon]) -> list[Polygon]:
    """Return the polygons with each boundary point moved by up to `STRAY_M`.

    A point moves the same way in every polygon it belongs to.
    """
    moved: dict[tuple[float, float], tuple[float, float]] = {}

    def move(points: np.ndarray) -> np.ndarray:
        return np.array([_moved(x, y, moved) for x, y in points.tolist()])

    return [shapely.transform(polygon, move) for polygon in polygons]


def _moved(
    x: float, y: float, moved: dict[tuple[float, float], tuple[float, float]]
) -> tuple[float, float]:
    key = (round(x, 1), round(y, 1))
    if key not in moved:
        dice = chance(f"point {key[0]:.1f} {key[1]:.1f}")
        moved[key] = (
            round(key[0] + dice.uniform(-STRAY_M, STRAY_M), 3),
            round(key[1] + dice.uniform(-STRAY_M, STRAY_M), 3),
        )
    return moved[key]
