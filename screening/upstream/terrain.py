"""What part of the ground does a grid of heights show, cell by cell? (core).

数字高程模型窗口. A window of an elevation model as it was read, with what is known of
it; its cells are found by longitude and latitude and told as such. Lengths are measured
on the ground, never in cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

from parcels.crs import STORAGE_SRID
from parcels.local_plane import LocalPlane
from screening.upstream.flow import Heights, Mask

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TerrainSource:
    """What is known of an elevation model (高程数据说明).

    `data_date` is the day the file states (TIFFTAG_DATETIME), `origin` what it says of
    where it comes from (TIFFTAG_IMAGEDESCRIPTION); None when it states none. `cell_m`
    is the size of its own cells, `sha256` the digest of the file.
    """

    name: str
    sha256: str
    srs: str
    cell_m: float
    data_date: str | None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Terrain:
    """A window of heights (高程窗口).

    Attributes
    ----------
    heights
        `(rows, columns) float64` metres, first row in the north; NaN where none is
        known.
    west, north
        Outer corner of the first cell, in units of `srs`.
    column, row
        Size of a cell there, both positive.
    srs
        Its coordinate system, as WKT.
    at_edge
        Whether the window ends where the model itself ends, on any side.
    coarsened
        How many cells of the file one cell stands for, along a side; 1 for none.
    """

    heights: Heights
    west: float
    north: float
    column: float
    row: float
    srs: str
    source: TerrainSource
    at_edge: bool
    coarsened: float = 1.0

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.heights.shape
        return rows, columns

    @property
    def cell_m(self) -> float:
        """Longer side of a cell in metres, as it was used."""
        return max(self.cell_size_m)

    @property
    def cell_size_m(self) -> tuple[float, float]:
        """Metres from a cell in the middle to the next one east, and south."""
        rows, columns = self.shape
        row, column = (rows - 1) / 2, (columns - 1) / 2
        places = np.array([[row, column], [row, column + 1], [row + 1, column]])
        lonlat = self._lonlat(places[:, 0], places[:, 1])
        xy = LocalPlane(*lonlat[0]).coordinates_to_plane(lonlat)
        east, south = np.hypot(*(xy[1:] - xy[0]).T).tolist()
        return east, south

    def centres(self, cells: NDArray[np.int64] | list[int]) -> Vector:
        """Return longitude and latitude of cells' middles, `(n, 2)` degrees."""
        row, column = np.divmod(np.asarray(cells), self.shape[1])
        return self._lonlat(row.astype(np.float64), column.astype(np.float64))

    def _lonlat(self, row: Vector, column: Vector) -> Vector:
        """Return the place of (fractions of) cells counted from the first middle."""
        x = self.west + (column + 0.5) * self.column
        y = self.north - (row + 0.5) * self.row
        lon, lat = _transformer(self.srs, back=False).transform(x, y)
        return np.column_stack((lon, lat))

    def find_cell(self, longitude: float, latitude: float) -> int | None:
        """Return the number of the cell that holds a place; None outside."""
        x, y = _transformer(self.srs, back=True).transform(longitude, latitude)
        column = int(np.floor((x - self.west) / self.column))
        row = int(np.floor((self.north - y) / self.row))
        rows, columns = self.shape
        inside = 0 <= row < rows and 0 <= column < columns
        return row * columns + column if inside else None

    def cells_of(self, place: BaseGeometry) -> Mask:
        """Return the cells of a place, `(rows, columns) bool`.

        Those that hold one of its vertices, and those with their middle in a polygon.
        """
        x, y = _transformer(self.srs, back=True).transform(
            *shapely.get_coordinates(place).T
        )
        inside = np.zeros(self.shape, dtype=bool)
        rows, columns = self.shape
        column = np.floor((x - self.west) / self.column).astype(np.int64)
        row = np.floor((self.north - y) / self.row).astype(np.int64)
        within = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        inside[row[within], column[within]] = True
        if shapely.get_dimensions(place) == 2 and len(row):
            first_row, last_row = max(row.min(), 0), min(row.max(), rows - 1)
            first, last = max(column.min(), 0), min(column.max(), columns - 1)
            if first_row <= last_row and first <= last:
                numbers = np.arange(rows * columns).reshape(rows, columns)
                box = numbers[first_row : last_row + 1, first : last + 1]
                lonlat = self.centres(box.ravel())
                held = shapely.contains_xy(place, lonlat[:, 0], lonlat[:, 1])
                inside[first_row : last_row + 1, first : last + 1] |= held.reshape(
                    box.shape
                )
        return inside

    def outline(self, cells: Mask) -> BaseGeometry:
        """Return the ground of cells as polygons, EPSG:4490."""
        strips = []
        for row, line in enumerate(cells):
            steps = np.flatnonzero(
                np.diff(np.concatenate(([0], line.view(np.int8), [0])))
            )
            for first, last in steps.reshape(-1, 2).tolist():
                strips.append((first, row, last, row + 1))
        if not strips:
            return shapely.Polygon()
        west, north, east, south = np.array(strips, dtype=np.float64).T
        boxes = shapely.box(
            self.west + west * self.column,
            self.north - south * self.row,
            self.west + east * self.column,
            self.north - north * self.row,
        )
        whole = shapely.union_all(boxes)
        transformer = _transformer(self.srs, back=False)
        moved: BaseGeometry = shapely.transform(
            whole, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
        )
        return moved


@lru_cache(maxsize=16)
def _transformer(srs: str, *, back: bool) -> Any:
    storage, own = CRS.from_epsg(STORAGE_SRID), CRS.from_wkt(srs)
    source, target = (storage, own) if back else (own, storage)
    return Transformer.from_crs(source, target, always_xy=True)
