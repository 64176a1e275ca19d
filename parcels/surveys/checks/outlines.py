"""Which geometries lie wholly inside an outline? (core), fast for a million rows.

A grid over the outline knows which of its cells lie wholly inside; a row whose box
touches only such cells needs no geometry. The others are tested one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from threading import get_ident
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
from parcels.surveys.ground import Outline

_CELLS: Final = 192
_GRID_PAYS_ROWS: Final = 3_000

Geometries = npt.NDArray[Any]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """An outline ready to be asked (行政区界线).

    Attributes
    ----------
    shape
        The outline in EPSG:4490, prepared.
    metric_srid
        EPSG number of the plane in which distances from it are metres.
    metric
        The outline in that plane.
    boundary
        Its boundary in that plane.
    """

    shape: BaseGeometry
    metric_srid: int
    metric: BaseGeometry
    boundary: BaseGeometry

    def find_outside(self, stored: Geometries) -> Indices:
        """Return indices of geometries that reach beyond the outline; None never do.

        Parameters
        ----------
        stored
            EPSG:4490.
        """
        asked = np.flatnonzero(~shapely.is_missing(stored))
        if len(asked) > _GRID_PAYS_ROWS:
            asked = asked[~self._surely_inside(shapely.bounds(stored[asked]))]
        outside: Indices = asked[~shapely.covers(self.shape, stored[asked])]
        return outside

    def find_near_border(self, stored: Geometries) -> Indices:
        """Return indices of geometries that may touch the boundary or lie beyond it."""
        asked = np.flatnonzero(~shapely.is_missing(stored))
        if len(asked) > _GRID_PAYS_ROWS:
            asked = asked[~self._surely_inside(shapely.bounds(stored[asked]))]
        return asked

    def _surely_inside(self, bounds: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        west, south, east, north = self.shape.bounds
        size = np.array([(east - west) / _CELLS, (north - south) / _CELLS])
        begin = np.floor((bounds[:, :2] - (west, south)) / size).astype(np.int64)
        end = np.floor((bounds[:, 2:] - (west, south)) / size).astype(np.int64) + 1
        within = ((begin >= 0) & (end <= _CELLS)).all(axis=1)
        begin, end = np.clip(begin, 0, _CELLS), np.clip(end, 0, _CELLS)
        sums = _count_not_inside(self)
        count = (
            sums[end[:, 0], end[:, 1]]
            - sums[begin[:, 0], end[:, 1]]
            - sums[end[:, 0], begin[:, 1]]
            + sums[begin[:, 0], begin[:, 1]]
        )
        surely: npt.NDArray[np.bool_] = within & (count == 0)
        return surely


@lru_cache(maxsize=256)
def _count_not_inside(frame: Frame) -> npt.NDArray[np.int64]:
    """Return how many cells west and south of each corner are not wholly inside."""
    west, south, east, north = frame.shape.bounds
    x = np.linspace(west, east, _CELLS + 1)
    y = np.linspace(south, north, _CELLS + 1)
    left, low = np.meshgrid(x[:-1], y[:-1], indexing="ij")
    right, high = np.meshgrid(x[1:], y[1:], indexing="ij")
    cells = shapely.box(left, low, right, high)
    outside = ~shapely.contains_properly(frame.shape, cells)
    sums = np.zeros((_CELLS + 1, _CELLS + 1), np.int64)
    sums[1:, 1:] = outside.cumsum(axis=0).cumsum(axis=1)
    return sums


def frame_outline(outline: Outline, srid: int) -> Frame:
    """Return an outline ready to be asked, by the calling thread alone.

    Parameters
    ----------
    srid
        EPSG number of the survey. Its plane is used where it has one: an outline that
        was surveyed in the same zone has straight edges there.
    """
    # A prepared geometry of GEOS changes while it is asked: each thread has its own.
    return _frame(outline, srid, get_ident())


@lru_cache(maxsize=256)
def _frame(outline: Outline, srid: int, _: int) -> Frame:
    shape = shapely.from_wkb(shapely.to_wkb(outline.geometry))
    if get_crs(srid).zone is None:
        srid = srid_for_zone(zone_for(shape.centroid.x))
    metric = transform_from_storage(shape, srid)
    shapely.prepare(shape)
    shapely.prepare(metric)
    boundary = metric.boundary
    shapely.prepare(boundary)
    return Frame(shape, srid, metric, boundary)
