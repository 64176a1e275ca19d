"""Where do polygons lie across or beside others instead of along them? (core).

`shapely.coverage_invalid_edges` looks, for each polygon, at every vertex of all whose
box comes near. One outline over a whole county then costs its vertices once for each
row below it. Small polygons are therefore shown only the ground of large ones around
them, group by group, and each large one all others at once: the answers are the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from parcels.subdivision import PART_VERTICES, boxes_around, clip_around

Geometries = npt.NDArray[Any]
Indices = npt.NDArray[np.int64]


def find_invalid_edges(polygons: Geometries, width: float) -> Geometries:
    """Return for each polygon the lines along which it does not fit the others.

    Empty where it fits.

    Parameters
    ----------
    polygons
        Valid (multi)polygons in one plane, none missing.
    width
        Gaps up to so wide are misfits, too; in the plane's unit.
    """
    is_large = shapely.get_num_coordinates(polygons) > PART_VERTICES
    if not is_large.any() or len(polygons) < 2:
        return _ask(polygons, width)
    edges: Geometries = np.empty(len(polygons), dtype=object)
    tree = shapely.STRtree(polygons)
    for one in np.flatnonzero(is_large).tolist():
        near = tree.query(_around(polygons[[one]], width))
        others = shapely.geometrycollections(polygons[near[near != one]])
        edges[one] = _ask(np.array([polygons[one], others]), width)[0]
    small = np.flatnonzero(~is_large)
    # Clipped farther off than any gap is wide, so that no edge is beside the cut.
    for group, large in clip_around(polygons[small], polygons[is_large], width):
        asked = small[group]
        near = np.unique(tree.query(boxes_around(polygons[asked], width))[1])
        rest = np.setdiff1d(near[~is_large[near]], asked)
        shown = np.concatenate((polygons[asked], polygons[rest], large))
        edges[asked] = _ask(shown, width)[: len(asked)]
    return edges


def _ask(polygons: Geometries, width: float) -> Geometries:
    edges: Geometries = shapely.coverage_invalid_edges(polygons, gap_width=width)
    return edges


def _around(shapes: Geometries, width: float) -> Any:
    """Return the box around all of some shapes, so much larger on every side."""
    bounds = shapely.total_bounds(shapes)
    return shapely.box(*(bounds + [-width, -width, width, width]))
