"""How high the ground is: a small elevation grid that falls along the rivers."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import rasterio
import shapely
from affine import Affine

from sample_county import plan, plane
from sample_county.ground import Ground

CELL_M = 50.0
WEST, SOUTH, EAST, NORTH = -200.0, 0.0, 10_600.0, 9_000.0
CHANNEL_DEPTH_M = 2.5


def elevation_grid(ground: Ground) -> np.ndarray:
    """Return heights in metres, ``(rows, columns) float64``, north row first.

    A cell lies as high as the nearest river there, plus a slope away from it, plus the
    hills; cells in a river lie a little lower, so that water stays in it.
    """
    east = np.arange(WEST + CELL_M / 2, EAST, CELL_M)
    north = np.arange(NORTH - CELL_M / 2, SOUTH, -CELL_M)
    x, y = np.meshgrid(east, north)
    points = shapely.points(x.ravel(), y.ravel())
    distance = np.full(points.shape, np.inf)
    base = np.zeros(points.shape)
    for river in plan.RIVERS:
        line = ground.rivers[river.code]
        gap = shapely.distance(line, points)
        share = shapely.line_locate_point(line, points, normalized=True)
        fall = river.head_elevation_m - _mouth_elevation(river, ground)
        height = river.head_elevation_m - fall * share
        nearer = gap < distance
        distance = np.where(nearer, gap, distance)
        base = np.where(nearer, height, base)
    height = base + _rise(distance) + _hills(x.ravel(), y.ravel(), distance)
    height = np.where(distance < CELL_M * 0.75, base - CHANNEL_DEPTH_M, height)
    return np.round(height.reshape(x.shape), 1)


def _mouth_elevation(river: plan.River, ground: Ground) -> float:
    """Return the height at which a river ends: that of the river it joins, there."""
    if river.joins is None:
        return plan.MOUTH_ELEVATION_M
    joined = next(other for other in plan.RIVERS if other.code == river.joins)
    line = ground.rivers[joined.code]
    mouth = shapely.get_point(ground.rivers[river.code], -1)
    share = float(shapely.line_locate_point(line, mouth, normalized=True))
    fall = joined.head_elevation_m - _mouth_elevation(joined, ground)
    return joined.head_elevation_m - fall * share


def _rise(distance: np.ndarray) -> np.ndarray:
    """Slope of the plain: gentle beside the river, gentler far off."""
    return 1.0 + 16.0 * (1.0 - np.exp(-distance / 1400.0))


def _hills(x: np.ndarray, y: np.ndarray, distance: np.ndarray) -> np.ndarray:
    height = np.zeros(x.shape)
    for (east, north), radius, top in plan.HILLS:
        away = np.hypot(x - east, y - north) / (radius * 1.15)
        height += top * np.where(away < 1, np.cos(away * math.pi / 2) ** 2, 0.0)
    return height * np.clip(distance / 260.0, 0.0, 1.0)


def write_elevation(ground: Ground, path: Path) -> None:
    """Write the grid as GeoTIFF, EPSG:4526, decimetres in whole numbers."""
    grid = np.round(elevation_grid(ground) * 10).astype("int16")
    west, north = WEST + plane.ORIGIN_EAST, NORTH + plane.ORIGIN_NORTH
    transform = Affine(CELL_M, 0.0, west, 0.0, -CELL_M, north)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=grid.shape[0],
        width=grid.shape[1],
        count=1,
        dtype="int16",
        crs=f"EPSG:{plane.ZONE_SRID}",
        transform=transform,
        nodata=-32768,
        compress="DEFLATE",
        predictor=2,
        zlevel=9,
    ) as raster:
        raster.write(grid, 1)
        raster.scales = (0.1,)
        raster.units = ("m",)
        raster.update_tags(
            TIFFTAG_DATETIME="2024:12:31 00:00:00",
            TIFFTAG_IMAGEDESCRIPTION="Invented heights of the sample county 999901, "
            "made by data/samples/generate.py; no survey",
        )
