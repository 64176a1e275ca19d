"""Which edges do shapes have? (core)."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray


def edges_of(shapes: NDArray[Any]) -> NDArray[np.float64]:
    """Return the edges of lines and of the rings of polygons; points have none.

    Returns
    -------
    `(edges, 2, 2) float64`
        From and to, in the unit of the shapes.
    """
    parts = shapely.get_parts(shapes)
    lines = parts[shapely.get_dimensions(parts) == 1]
    lines = np.concatenate((shapely.get_rings(parts), lines))
    vertices, line = shapely.get_coordinates(lines, return_index=True)
    follows = line[1:] == line[:-1]
    edges = np.stack((vertices[:-1], vertices[1:]), axis=1)
    own: NDArray[np.float64] = edges[follows]
    return own
