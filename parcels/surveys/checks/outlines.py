"""Which geometries lie wholly inside an outline? (core), fast for a million rows.

A grid over the outline knows which of its cells lie wholly inside; a row whose box
touches only such cells needs no geometry. The others are tested one by one.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from parcels.crs import (
    get_crs,
    srid_for_zone,
    transform_from_storage,
    zone_for,
)
from parcels.subdivision import PIECE_VERTICES, clip_around, subdivide_all
from parcels.surveys.checks.short_lines import short_lines
from parcels.surveys.ground import Outline
from parcels.surveys.row_shapes import RowShapes

_FINER: Final = 4
_CELLS: Final = _FINER**4
_GRID_PAYS_ROWS: Final = 3_000
_CLIPPED_BEYOND: Final = 1e-6
"""Degrees from a geometry's box where the outline around it is cut off."""

Geometries = npt.NDArray[Any]
Indices = npt.NDArray[np.int64]


class Frame:
    """An outline ready to be asked (行政区界线), by one thread.

    A prepared geometry of GEOS changes while it is asked: every call of a check makes
    its own frame. What takes long is the grid, which all share.

    Attributes
    ----------
    outline
        As the register draws it.
    shape
        Its geometry in EPSG:4490, prepared.
    metric_srid
        EPSG number of the plane in which distances from it are metres: the survey's
        own where it has one, since an outline that was surveyed in the same zone has
        straight edges there.
    """

    def __init__(self, outline: Outline, srid: int) -> None:
        self.outline = outline
        self.shape = _copy(outline.geometry)
        metric = get_crs(srid).zone is not None
        self.metric_srid = (
            srid if metric else srid_for_zone(zone_for(self.shape.centroid.x))
        )

    @cached_property
    def metric(self) -> BaseGeometry:
        """The outline in the plane of `metric_srid`, prepared."""
        metric = transform_from_storage(self.shape, self.metric_srid)
        shapely.prepare(metric)
        return metric

    @cached_property
    def boundary(self) -> BaseGeometry:
        """Its boundary in the same plane, prepared."""
        boundary = self.metric.boundary
        shapely.prepare(boundary)
        return boundary

    @cached_property
    def _pieces(self) -> shapely.STRtree:
        parts, _ = subdivide_all(np.array([self.metric], dtype=object), PIECE_VERTICES)
        return shapely.STRtree(parts)

    @cached_property
    def _lines(self) -> shapely.STRtree:
        return shapely.STRtree(short_lines(np.array([self.boundary], dtype=object))[0])

    def measure_reach(self, metric: Geometries) -> npt.NDArray[np.float64]:
        """Return how far from the outline the farthest vertex of each lies, in metres.

        Inside it is 0.
        """
        xy, owner = shapely.get_coordinates(metric, return_index=True)
        (point, _), distance = self._pieces.query_nearest(
            shapely.points(xy), return_distance=True, all_matches=False
        )
        farthest = np.zeros(len(metric))
        np.maximum.at(farthest, owner[point], distance)
        return farthest

    def measure_beside(
        self, points: Geometries, width: float
    ) -> tuple[Indices, npt.NDArray[np.float64]]:
        """Return which points lie that near to the boundary, and how near, in metres.

        Parameters
        ----------
        points
            In the plane of `metric_srid`.
        """
        point, line = self._lines.query(points, predicate="dwithin", distance=width)
        distance = shapely.distance(points[point], self._lines.geometries[line])
        order = np.lexsort((distance, point))
        near, first = np.unique(point[order], return_index=True)
        return near, distance[order][first]

    def find_beyond(self, stored: Geometries) -> Geometries:
        """Return what of each geometry lies beyond the outline, in EPSG:4490."""
        beyond: Geometries = np.empty(len(stored), dtype=object)
        whole = np.array([self.shape], dtype=object)
        for group, near in clip_around(stored, whole, _CLIPPED_BEYOND):
            inside = shapely.multipolygons(shapely.get_parts(near))
            beyond[group] = shapely.difference(stored[group], inside)
        return beyond

    def find_outside(self, stored: RowShapes, rows: Indices) -> Indices:
        """Return those of some rows that reach beyond the outline.

        Rows without geometry never do.

        Parameters
        ----------
        stored
            EPSG:4490.
        """
        asked = self.find_near_border(stored, rows)
        # By their boxes first: it needs no geometry, and the first question to a
        # prepared polygon, which GEOS answers without an index, is a short one.
        boxes = shapely.box(*stored.bounds[asked].T)
        asked = asked[~shapely.covers(self.shape, boxes)]
        outside: Indices = asked[~shapely.covers(self.shape, stored[asked])]
        return outside

    def find_near_border(self, stored: RowShapes, rows: Indices) -> Indices:
        """Return those of some rows that may touch the boundary or lie beyond it."""
        asked = rows[stored.present[rows]]
        if len(asked) > _GRID_PAYS_ROWS:
            asked = asked[~_surely_inside(self.outline, stored.bounds[asked])]
        return asked


def _copy(geometry: BaseGeometry) -> BaseGeometry:
    copy = shapely.from_wkb(shapely.to_wkb(geometry))
    shapely.prepare(copy)
    return copy


def _surely_inside(
    outline: Outline, bounds: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """Tell which boxes touch only cells that lie wholly inside."""
    west, south, east, north = outline.geometry.bounds
    size = np.array([(east - west) / _CELLS, (north - south) / _CELLS])
    begin = np.floor((bounds[:, :2] - (west, south)) / size).astype(np.int64)
    end = np.floor((bounds[:, 2:] - (west, south)) / size).astype(np.int64) + 1
    within = ((begin >= 0) & (end <= _CELLS)).all(axis=1)
    begin, end = np.clip(begin, 0, _CELLS), np.clip(end, 0, _CELLS)
    sums = _count_not_inside(outline)
    count = (
        sums[end[:, 0], end[:, 1]]
        - sums[begin[:, 0], end[:, 1]]
        - sums[end[:, 0], begin[:, 1]]
        + sums[begin[:, 0], begin[:, 1]]
    )
    surely: npt.NDArray[np.bool_] = within & (count == 0)
    return surely


@lru_cache(maxsize=256)
def _count_not_inside(outline: Outline) -> npt.NDArray[np.int64]:
    """Return how many cells west and south of each corner are not wholly inside."""
    west, south, east, north = outline.geometry.bounds
    x = np.linspace(west, east, _CELLS + 1)
    y = np.linspace(south, north, _CELLS + 1)
    outside = ~_find_inside(_copy(outline.geometry), x, y)
    sums = np.zeros((_CELLS + 1, _CELLS + 1), np.int64)
    sums[1:, 1:] = outside.cumsum(axis=0).cumsum(axis=1)
    return sums


def _find_inside(
    shape: BaseGeometry, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """Tell which cells lie wholly inside, from large squares of them to single ones.

    Only squares that the boundary runs through are looked at more closely.
    """
    inside = np.zeros((_CELLS, _CELLS), dtype=bool)
    size = _CELLS
    column = row = np.zeros(1, np.int64)
    while size > 1:
        size //= _FINER
        step = np.arange(_FINER) * size
        column = (column[:, None, None] + step[:, None]).repeat(_FINER, 2).ravel()
        row = (row[:, None, None] + step).repeat(_FINER, 1).ravel()
        boxes = shapely.box(x[column], y[row], x[column + size], y[row + size])
        within = shapely.contains_properly(shape, boxes)
        squares = inside.reshape(_CELLS // size, size, _CELLS // size, size)
        squares[column[within] // size, :, row[within] // size, :] = True
        crossed = ~within & shapely.intersects(shape, boxes)
        column, row = column[crossed], row[crossed]
    return inside
