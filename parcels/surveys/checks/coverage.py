"""Which polygons of a file fit their neighbours, and which do not? (core).

Overlaps and gaps are looked for from here. Most polygons of a tessellation share every
edge exactly with one neighbour (`edges`) and need no geometry at all; of the rest GEOS
tells which edges lie across or beside another polygon's (`invalid_edges`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from parcels.crs import get_crs, transform_to_storage
from parcels.subdivision import PIECE_VERTICES, subdivide, subdivide_all
from parcels.surveys.checks.crowds import find_crowded
from parcels.surveys.checks.invalid_edges import find_invalid_edges
from parcels.surveys.checks.parts import METRES_A_DEGREE
from parcels.surveys.checks.shape_tree import Shapes, ShapeTree
from parcels.surveys.checks.shared_ground import Pieces
from parcels.surveys.checks.tolerances import TOLERANCES, Tolerances

Geometries = npt.NDArray[Any]
Indices = npt.NDArray[np.int64]
Point = npt.NDArray[np.float64]

_LONG_TO_CUT: Final = 4096
"""Vertices of a polygon whose pieces are worth remembering."""


class LocalShapes:
    """Geometries of rows in metres from a point beside them, made when asked for.

    GEOS works with 16 digits. Of a coordinate with a zone prefix eight are spent before
    the point, and what it joins or cuts then moves by tenths of a millimetre: of very
    narrow ground pieces were lost. The point is whole metres, so that nothing is
    rounded.
    """

    def __init__(self, shapes: Shapes, origin: Point) -> None:
        self._shapes, self.origin = shapes, origin
        self._cut: dict[int, Geometries] = {}

    def __len__(self) -> int:
        return len(self._shapes)

    def __getitem__(self, chosen: Any) -> Any:
        return move(self._shapes[chosen], -self.origin)

    def cut(self, rows: Indices) -> Pieces:
        """Return rows in pieces of few vertices; `owner` is the row.

        Those of very many vertices are cut once and remembered.
        """
        shapes = self[rows]
        large = shapely.get_num_coordinates(shapes) > _LONG_TO_CUT
        pieces, owner = subdivide_all(shapes[~large], PIECE_VERTICES)
        for row, shape in zip(rows[large].tolist(), shapes[large], strict=True):
            if row not in self._cut:
                self._cut[row] = subdivide(shape, PIECE_VERTICES)
        cut = [self._cut[row] for row in rows[large].tolist()]
        owners = np.repeat(rows[large], [len(one) for one in cut])
        return Pieces(
            np.concatenate((pieces, *cut)),
            np.concatenate((rows[~large][owner], owners)),
        )

    @property
    def bounds(self) -> npt.NDArray[np.float64]:
        """`(n, 4)` least and greatest coordinates."""
        bounds: npt.NDArray[np.float64] = self._shapes.bounds
        return bounds - np.tile(self.origin, 2)


def move(shapes: Any, by: Point) -> Any:
    """Return geometries moved by so much to the east and to the north."""
    return shapely.transform(shapes, lambda xy: xy + by) if by.any() else shapes


@dataclass(frozen=True, slots=True, eq=False)
class IndexedRows:
    """The polygons of a file, to be asked where they lie.

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
    scale
        Metres in a unit of the plane; in degrees those of a degree of latitude.
    """

    plane: LocalShapes
    srid: int
    origin: Point
    tree: ShapeTree
    scale: float

    def to_storage(self, shapes: Geometries) -> Geometries:
        """Return shapes as the register keeps them."""
        return transform_to_storage(move(shapes, self.origin), self.srid)


def index_rows(rows: Shapes, srid: int) -> IndexedRows:
    """Return valid (multi)polygons in the survey's plane, none missing, indexed."""
    degrees = get_crs(srid).zone is None
    plane = LocalShapes(rows, np.zeros(2) if degrees else _origin(rows.bounds))
    scale = METRES_A_DEGREE if degrees else 1.0
    return IndexedRows(plane, srid, plane.origin, ShapeTree(plane), scale)


@dataclass(frozen=True, slots=True, eq=False)
class Coverage(IndexedRows):
    """The polygons of a file beside each other (图斑拼接).

    Attributes
    ----------
    crowded
        Indices of polygons that overlap very many others. They are told as that
        (`overlaps`); whether the rest fits is asked as if they were not there.
    near
        Indices of polygons with an edge that no neighbour walks backwards, and of all
        whose box comes near one of theirs.
    misfits
        Indices of polygons that overlap a neighbour or leave a narrow gap to one.
    edges
        Lines of each misfit where it does not fit.
    """

    crowded: Indices
    near: Indices
    misfits: Indices
    edges: Geometries


def view_coverage(
    rows: IndexedRows, unmatched: Indices, tolerances: Tolerances = TOLERANCES
) -> Coverage:
    """Return how the polygons of a whole file lie beside each other.

    Parameters
    ----------
    unmatched
        Ascending indices of those with an edge that no neighbour walks backwards
        (`edges.find_unmatched`).
    """
    width = tolerances.sliver_width_m / rows.scale
    narrow = tolerances.same_line_m / rows.scale
    crowded = find_crowded(rows.plane, rows.tree, unmatched, narrow)
    lonely = np.setdiff1d(unmatched, crowded, assume_unique=True)
    near = _with_neighbours(rows, lonely, crowded, width)
    edges = find_invalid_edges(rows.plane[near], width)
    fits = shapely.is_missing(edges) | shapely.is_empty(edges)
    misfits, edges = near[~fits], edges[~fits]
    near = np.union1d(lonely, near)
    return Coverage(
        rows.plane,
        rows.srid,
        rows.origin,
        rows.tree,
        rows.scale,
        crowded,
        near,
        misfits,
        edges,
    )


def _origin(bounds: npt.NDArray[np.float64]) -> Point:
    """Return whole metres south-west of all boxes; empty geometries have none."""
    known = bounds[np.isfinite(bounds).all(axis=1), :2]
    return np.floor(known.min(axis=0)) if len(known) else np.zeros(2)


def _with_neighbours(
    rows: IndexedRows, asked: Indices, without: Indices, width: float
) -> Indices:
    """Return polygons and all whose box comes near theirs; none that stand alone.

    Parameters
    ----------
    asked, without
        Indices of the polygons, and of those that count for nobody's neighbour.
    """
    around = np.array([-width, -width, width, width])
    bounds = rows.plane.bounds
    near = rows.tree.find_near(bounds[asked] + around)
    near = np.setdiff1d(near, without, assume_unique=True)
    mine, other = shapely.STRtree(shapely.box(*bounds[near].T)).query(
        shapely.box(*(bounds[asked] + around).T)
    )
    apart = asked[mine] != near[other]
    return np.union1d(asked[mine[apart]], near[other[apart]])
