"""Which polygons of a file fit their neighbours, and which do not? (core).

Overlaps and gaps are looked for from here. Most polygons of a tessellation share every
edge exactly with one neighbour (`edges`) and need no geometry at all; of the rest GEOS
tells which edges lie across or beside another polygon's (`invalid_edges`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from parcels.crs import get_crs, transform_to_storage
from parcels.surveys.checks.edges import find_unmatched
from parcels.surveys.checks.invalid_edges import find_invalid_edges
from parcels.surveys.checks.parts import METRES_A_DEGREE
from parcels.surveys.checks.shape_tree import ShapeTree
from parcels.surveys.checks.tolerances import TOLERANCES, Tolerances
from parcels.surveys.row_shapes import RowShapes

Geometries = npt.NDArray[Any]
Indices = npt.NDArray[np.int64]
Point = npt.NDArray[np.float64]


class LocalShapes:
    """Geometries of rows in metres from a point beside them, made when asked for.

    GEOS works with 16 digits. Of a coordinate with a zone prefix eight are spent before
    the point, and what it joins or cuts then moves by tenths of a millimetre: of very
    narrow ground pieces were lost. The point is whole metres, so that nothing is
    rounded.
    """

    def __init__(self, shapes: RowShapes, origin: Point) -> None:
        self._shapes, self.origin = shapes, origin

    def __len__(self) -> int:
        return len(self._shapes)

    def __getitem__(self, chosen: Any) -> Any:
        return move(self._shapes[chosen], -self.origin)

    @property
    def bounds(self) -> npt.NDArray[np.float64]:
        """`(n, 4)` least and greatest coordinates."""
        bounds: npt.NDArray[np.float64] = self._shapes.bounds
        return bounds - np.tile(self.origin, 2)


def move(shapes: Any, by: Point) -> Any:
    """Return geometries moved by so much to the east and to the north."""
    return shapely.transform(shapes, lambda xy: xy + by) if by.any() else shapes


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """The polygons of a file beside each other (图斑拼接).

    Attributes
    ----------
    plane
        Valid (multi)polygons in the survey's plane, none missing, from `origin`.
    srid
        EPSG number of the plane.
    origin
        Where all shapes here are counted from; in degrees always zero.
    tree
        Index over all of them.
    unmatched
        Indices of polygons with an edge that no neighbour walks backwards.
    near
        Indices of these and of all whose box comes near one of theirs.
    misfits
        Indices of polygons that overlap a neighbour or leave a narrow gap to one.
    edges
        Lines of each misfit where it does not fit.
    scale
        Metres in a unit of the plane; in degrees those of a degree of latitude.
    """

    plane: LocalShapes
    srid: int
    origin: Point
    tree: ShapeTree
    unmatched: Indices
    near: Indices
    misfits: Indices
    edges: Geometries
    scale: float

    def to_storage(self, shapes: Geometries) -> Geometries:
        """Return shapes as the register keeps them."""
        return transform_to_storage(move(shapes, self.origin), self.srid)


def view_coverage(
    rows: RowShapes,
    srid: int,
    tolerances: Tolerances = TOLERANCES,
    unmatched: Callable[[], Indices] | None = None,
) -> Coverage:
    """Return how the polygons of a whole file lie beside each other.

    Parameters
    ----------
    rows
        Valid (multi)polygons in the survey's plane, none missing.
    unmatched
        Gives what `find_unmatched` would say, if that is found out elsewhere; asked
        once the index is made.
    """
    degrees = get_crs(srid).zone is None
    scale = METRES_A_DEGREE if degrees else 1.0
    plane = LocalShapes(rows, np.zeros(2) if degrees else _origin(rows.bounds))
    width = tolerances.sliver_width_m / scale
    tree = ShapeTree(plane)
    lonely = find_unmatched(rows[:]) if unmatched is None else unmatched()
    near = _with_neighbours(plane, lonely, tree, width)
    edges = find_invalid_edges(plane[near], width)
    fits = shapely.is_missing(edges) | shapely.is_empty(edges)
    misfits, edges = near[~fits], edges[~fits]
    near = np.union1d(lonely, near)
    return Coverage(
        plane, srid, plane.origin, tree, lonely, near, misfits, edges, scale
    )


def _origin(bounds: npt.NDArray[np.float64]) -> Point:
    """Return whole metres south-west of all boxes; empty geometries have none."""
    known = bounds[np.isfinite(bounds).all(axis=1), :2]
    return np.floor(known.min(axis=0)) if len(known) else np.zeros(2)


def _with_neighbours(
    plane: LocalShapes, asked: Indices, tree: ShapeTree, width: float
) -> Indices:
    """Return polygons and all whose box comes near theirs; none that stand alone."""
    bounds = plane.bounds[asked]
    boxes = shapely.box(*(bounds + [-width, -width, width, width]).T)
    mine, other = tree.query(boxes)
    apart = asked[mine] != other
    return np.union1d(asked[mine[apart]], other[apart])
