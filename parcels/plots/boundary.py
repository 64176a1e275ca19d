"""Which boundary or place does a text give a plot? (core).

For corrections: GeoJSON in EPSG:4490, longitude before latitude, or a centre point in
degrees, minutes and seconds as published lists give it.
"""

from __future__ import annotations

from typing import Final

import shapely
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from parcels.crs import CHINA_BOUNDS
from parcels.degrees import parse_position
from parcels.plots.refusals import BoundaryNotUsable
from parcels.validity import explain

MOST_VERTICES: Final = 20_000
"""Vertices of one corrected boundary; a project default."""


def parse_boundary(text: str) -> MultiPolygon | Point:
    """Return a valid geometry in two dimensions, inside China.

    Raises
    ------
    BoundaryNotUsable

    Examples
    --------
    >>> parse_boundary('{"type": "Point", "coordinates": [114.5, 34.25]}').x
    114.5
    >>> parse_boundary("34°15′0″ N, 114°30′0″ E").y
    34.25
    """
    position = parse_position(text)
    geometry = Point(position) if position is not None else _read_geojson(text)
    if geometry.is_empty or shapely.get_num_coordinates(geometry) > MOST_VERTICES:
        raise BoundaryNotUsable(
            f"应有 1 至 {MOST_VERTICES} 个顶点",
            f"must have 1 to {MOST_VERTICES} vertices",
        )
    flat = shapely.force_2d(geometry)
    _check_inside_china(flat)
    if not flat.is_valid:
        why = explain(shapely.is_valid_reason(flat))
        raise BoundaryNotUsable(
            f"几何无效：{why.zh}，位于 ({why.x:.9g}, {why.y:.9g})",
            f"is not valid: {why.en} at ({why.x:.9g}, {why.y:.9g})",
        )
    return MultiPolygon([flat]) if isinstance(flat, Polygon) else flat


def _read_geojson(text: str) -> BaseGeometry:
    try:
        found = shapely.from_geojson(text)
    except shapely.GEOSException:
        found = None
    if isinstance(found, Point | Polygon | MultiPolygon):
        return found
    raise BoundaryNotUsable(
        "应为 GeoJSON 的 Point、Polygon 或 MultiPolygon，或度分秒坐标",
        "must be a GeoJSON Point, Polygon or MultiPolygon, or a place in degrees,"
        " minutes and seconds",
    )


def _check_inside_china(geometry: BaseGeometry) -> None:
    west, south, east, north = CHINA_BOUNDS
    # Written so that NaN is refused as well.
    for x, y in shapely.get_coordinates(geometry).tolist():
        if not (west <= x <= east and south <= y <= north):
            raise BoundaryNotUsable(
                f"坐标 ({x!r}, {y!r}) 不在中国范围内；先经度后纬度",
                f"has a coordinate ({x!r}, {y!r}) outside China; longitude comes first",
            )
