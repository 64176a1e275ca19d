"""Read a window of an elevation model (shell).

数字高程模型读取. Only the window that is asked for is read, and no more cells than can
be worked through: of a finer model a coarser picture is taken, and the window says so.
A file whose place or heights cannot be told is refused, never guessed at.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from math import ceil, floor, hypot, sqrt
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from pyproj import CRS, Transformer
from rasterio.enums import Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window

from parcels.crs import STORAGE_SRID
from parcels.local_plane import LocalPlane
from parcels.refusal import Refusal
from screening.distance import Bounds
from screening.upstream.flow import Heights
from screening.upstream.terrain import Terrain, TerrainSource

MOST_CELLS: Final = 2_000_000
"""Cells of one window; a choice: some ten seconds of work and 250 MB (measured)."""
MOST_READ: Final = 400_000_000
"""Cells of the file that one window may be made of; a choice: some seconds to read."""
LOWEST_M, HIGHEST_M = -500.0, 9000.0
"""Heights that occur on land in China, with room to spare."""
_DATUMS: Final = ("China 2000", "China_2000", "World Geodetic System 1984", "WGS_1984")
"""CGCS2000 and WGS 84, which are some centimetres apart: nothing beside a cell."""


class ElevationUnusable(Refusal):
    """The elevation model cannot be used; the text says why and what to do."""

    def __init__(self, name: str, zh: str, en: str) -> None:
        super().__init__(
            "elevation_unusable",
            f"高程数据“{name}”不能使用：{zh}",
            f"The elevation model {name} cannot be used: {en}",
        )


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open a raster that is placed on the ground; refuse any other."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            raster = rasterio.open(path)
    except RasterioError as error:
        raise ElevationUnusable(
            path.name,
            "文件不存在或不是可读的栅格。请检查设置 JINGTU_ELEVATION。",
            "it is not there or no raster that can be read. Check JINGTU_ELEVATION.",
        ) from error
    with raster:
        _check(raster, path.name)
        yield raster


def _check(raster: Any, name: str) -> None:
    if raster.crs is None:
        raise ElevationUnusable(
            name,
            "没有坐标系。请用 gdal_edit.py -a_srs EPSG:… 写入实际坐标系。",
            "it has no coordinate system. Write the true one with"
            " gdal_edit.py -a_srs EPSG:….",
        )
    shape = raster.transform
    if shape.is_identity or shape.b or shape.d or shape.a <= 0 or shape.e >= 0:
        raise ElevationUnusable(
            name,
            "没有地理位置，或并非上北右东。请用 gdalwarp 纠正后再用。",
            "it has no place on the ground or is not north up. Straighten it with"
            " gdalwarp.",
        )
    datum = CRS.from_user_input(raster.crs.to_wkt()).datum
    if datum is None or not any(known in datum.name for known in _DATUMS):
        found = datum.name if datum is not None else "?"
        raise ElevationUnusable(
            name,
            f"大地基准为 {found}，只接受 CGCS2000 和 WGS 84。请先转换。",
            f"its datum is {found}; only CGCS2000 and WGS 84 are taken. Convert it"
            " first.",
        )


def describe_elevation(path: Path) -> TerrainSource:
    """Return what is known of an elevation model.

    Raises
    ------
    ElevationUnusable
        If it cannot be read, has no place, or its datum does not lead to CGCS2000.
    """
    with _opened(path):
        pass
    state = path.stat()
    return _describe(path, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=8)
def _describe(path: Path, size: int, changed: int) -> TerrainSource:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with _opened(path) as raster:
        srs = raster.crs.to_wkt()
        cell_m = _cell_m(raster)
        dated = raster.tags().get("TIFFTAG_DATETIME", "")
        date = dated[:10].replace(":", "-") if len(dated) >= 10 else None
        origin = raster.tags().get("TIFFTAG_IMAGEDESCRIPTION", "").strip()[:200]
        return TerrainSource(path.name, digest, srs, cell_m, date, origin or None)


def _cell_m(raster: Any) -> float:
    """Return the longer side of a cell in the middle, in metres to the centimetre."""
    row, column = raster.height // 2, raster.width // 2
    xy = [
        raster.xy(row, column),
        raster.xy(row, column + 1),
        raster.xy(row + 1, column),
    ]
    places = np.array(xy, dtype=np.float64)
    lonlat = np.column_stack(_to_storage(raster).transform(*places.T))
    plane = LocalPlane(*lonlat[0]).coordinates_to_plane(lonlat)
    sides = [hypot(*(each - plane[0])) for each in plane[1:]]
    return round(max(sides), 2)


def _to_storage(raster: Any) -> Transformer:
    own = CRS.from_wkt(raster.crs.to_wkt())
    return Transformer.from_crs(own, CRS.from_epsg(STORAGE_SRID), always_xy=True)


def read_terrain(
    path: Path,
    bounds: Bounds,
    most_cells: int = MOST_CELLS,
    most_read: int = MOST_READ,
) -> Terrain | None:
    """Return the window of a box in degrees; None where the model shows nothing of it.

    Raises
    ------
    ElevationUnusable
        As `describe_elevation`; for heights that cannot be heights; and for a window of
        more cells than may be read, unless the file has overviews that make it fewer.
    """
    source = describe_elevation(path)
    with _opened(path) as raster:
        window, at_edge = _window(raster, bounds)
        if window is None:
            return None
        times = max(1.0, sqrt(window.width * window.height / most_cells))
        _check_size(raster, window, times, most_read, path.name)
        rows, columns = ceil(window.height / times), ceil(window.width / times)
        heights = _heights(raster, window, (rows, columns), path.name)
        if not np.isfinite(heights).any():
            return None
        shape = raster.transform
        return Terrain(
            heights,
            west=shape.c + window.col_off * shape.a,
            north=shape.f + window.row_off * shape.e,
            column=shape.a * window.width / columns,
            row=-shape.e * window.height / rows,
            srs=source.srs,
            source=source,
            at_edge=at_edge,
            coarsened=round(times, 2),
        )


def _check_size(
    raster: Any, window: Window, times: float, most: int, name: str
) -> None:
    """Refuse a window that would be averaged from too many cells."""
    fewer = max((each for each in raster.overviews(1) if each <= times), default=1)
    cells = int(window.width * window.height / fewer**2)
    if cells > most:
        raise ElevationUnusable(
            name,
            f"所需窗口有 {cells} 个格网，最多 {most} 个。请缩小距离，"
            "或用 gdaladdo 建立金字塔（或改用较粗的高程数据）。",
            f"the window needed has {cells} cells, {most} at most. Ask for a smaller"
            " distance, or build overviews with gdaladdo (or use a coarser model).",
        )


def _window(raster: Any, bounds: Bounds) -> tuple[Window | None, bool]:
    """Return the cells of a box, and whether it reaches beyond the model."""
    to_own = Transformer.from_crs(
        CRS.from_epsg(STORAGE_SRID), CRS.from_wkt(raster.crs.to_wkt()), always_xy=True
    )
    west, south, east, north = to_own.transform_bounds(*bounds, densify_pts=21)
    shape = raster.transform
    first, last = (west - shape.c) / shape.a, (east - shape.c) / shape.a
    top, bottom = (north - shape.f) / shape.e, (south - shape.f) / shape.e
    asked = np.array([first, top, last, bottom])
    if not np.isfinite(asked).all():
        return None, True
    left, right = max(floor(first), 0), min(ceil(last), raster.width)
    upper, lower = max(floor(top), 0), min(ceil(bottom), raster.height)
    if left >= right or upper >= lower:
        return None, True
    at_edge = first < 0 or top < 0 or last > raster.width or bottom > raster.height
    return Window(left, upper, right - left, lower - upper), bool(at_edge)


def _heights(raster: Any, window: Window, shape: tuple[int, int], name: str) -> Heights:
    try:
        read = raster.read(
            1,
            window=window,
            out_shape=shape,
            masked=True,
            resampling=Resampling.average,
        )
    except RasterioError as error:
        raise ElevationUnusable(
            name,
            "读取窗口失败，文件可能已损坏。",
            "a window cannot be read; is it whole?",
        ) from error
    scale, offset = raster.scales[0], raster.offsets[0]
    heights: Heights = read.astype(np.float64).filled(np.nan) * scale + offset
    heights[~np.isfinite(heights)] = np.nan
    odd = (heights < LOWEST_M) | (heights > HIGHEST_M)
    if odd.any():
        row, column = np.argwhere(odd)[0].tolist()
        value = heights[row, column]
        raise ElevationUnusable(
            name,
            f"有 {value:g} 米这样的高程（应在 {LOWEST_M:g} 至 {HIGHEST_M:g} 之间）。"
            "若为无数据标记，请用 gdal_edit.py -a_nodata 写明。",
            f"it holds a height of {value:g} m (expected {LOWEST_M:g} to"
            f" {HIGHEST_M:g}). If that marks missing data, say so with"
            " gdal_edit.py -a_nodata.",
        )
    return heights
