"""Which polygons of a file fit their neighbours, and which do not? (core).

Overlaps and gaps are looked for from here. Most polygons of a tessellation share every
edge exactly with one neighbour (`edges`) and need no geometry at all; of the rest GEOS
tells which edges lie across or beside another polygon's
(`shapely.coverage_invalid_edges`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from parcels.crs import get_crs
from parcels.surveys.checks.edges import find_unmatched
from parcels.surveys.checks.parts import METRES_A_DEGREE
from parcels.surveys.checks.shape_tree import ShapeTree
from parcels.surveys.checks.tolerances import TOLERANCES, Tolerances
from parcels.surveys.row_shapes import RowShapes

Geometries = npt.NDArray[Any]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """The polygons of a file beside each other (图斑拼接).

    Attributes
    ----------
    plane
        Valid (multi)polygons in the survey's plane, none missing.
    srid
        EPSG number of the plane.
    tree
        Index over all of them.
    unmatched
        Indices of polygons with an edge that no neighbour walks backwards.
    misfits
        Indices of polygons that overlap a neighbour or leave a narrow gap to one.
    edges
        Lines of each misfit where it does not fit.
    scale
        Metres in a unit of the plane; in degrees those of a degree of latitude.
    """

    plane: RowShapes
    srid: int
    tree: ShapeTree
    unmatched: Indices
    misfits: Indices
    edges: Geometries
    scale: float


def view_coverage(
    plane: RowShapes,
    srid: int,
    tolerances: Tolerances = TOLERANCES,
    unmatched: Indices | None = None,
) -> Coverage:
    """Return how the polygons of a whole file lie beside each other.

    Parameters
    ----------
    unmatched
        What `find_unmatched` would say, if it is known already.
    """
    scale = METRES_A_DEGREE if get_crs(srid).zone is None else 1.0
    width = tolerances.sliver_width_m / scale
    tree = ShapeTree(plane)
    unmatched = find_unmatched(plane[:]) if unmatched is None else unmatched
    near = _with_neighbours(plane, unmatched, tree, width)
    edges = np.full(len(near), None, dtype=object)
    if len(near) > 1:
        edges = shapely.coverage_invalid_edges(plane[near], gap_width=width)
    fits = shapely.is_missing(edges) | shapely.is_empty(edges)
    return Coverage(plane, srid, tree, unmatched, near[~fits], edges[~fits], scale)


def _with_neighbours(
    plane: RowShapes, asked: Indices, tree: ShapeTree, width: float
) -> Indices:
    """Return polygons and all whose box comes near theirs; none that stand alone."""
    bounds = plane.bounds[asked]
    boxes = shapely.box(*(bounds + [-width, -width, width, width]).T)
    mine, other = tree.query(boxes)
    apart = asked[mine] != other
    return np.union1d(asked[mine[apart]], other[apart])
