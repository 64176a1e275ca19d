"""What does an interpolated surface read like? (core): its terms, points and cells.

The first row says how it was made and how good it is; then each point with what the
others would have it be, where one sees outliers; then the cells. A surface supports
drawing and checking; units are judged by the points in them (spatial_interpolation.md
1, verified in practice), so no row carries a class.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import shapely

from parcels.crs import (
    srid_for_zone,
    transform_from_storage,
    transform_to_storage,
    zone_for,
)
from parcels.texts import Text
from screening.runs.columns import number_column, text_column
from screening.runs.row import Column, Row
from screening.surfaces.estimate import Samples
from screening.surfaces.surface import (
    Cells,
    Grid,
    NoSurface,
    Surface,
    choose_surface,
    fill,
    lay_grid,
    middles,
)

MOST_NON_DETECTS: Final = 0.5
MOST_DEGREES: Final = 4.5
"""Width of a surface: more does not fit one zone of three degrees with its margins."""
SURFACE, POINT, CELL = "surface", "point", "cell"
_SAME_PLACE_M: Final = 0.01
_DIGITS: Final = 6
COLUMNS: Final = (
    text_column("row", "行类型", "Row", "run_row"),
    text_column("code", "点位编码", "Point"),
    Column("grid_column", Text("列", "Column"), "integer"),
    Column("grid_row", Text("行", "Row of the grid"), "integer"),
    number_column("value", "值（mg/kg 或 pH）", "Value (mg/kg or pH)"),
    number_column("left_out_value", "交叉验证值", "Value when left out"),
    number_column("error", "误差", "Error"),
    number_column("deviation", "估计标准差", "Standard deviation"),
    number_column("probability", "超过阈值的概率", "Probability above", "share"),
    text_column("method", "方法", "Method", "surface_method"),
    text_column("model", "变异函数模型", "Variogram", "variogram_model"),
    Column("logarithms", Text("取对数", "Logarithms"), "yes_no"),
    number_column("nugget", "块金 C0", "Nugget C0"),
    number_column("sill", "基台 C0+C1", "Sill C0+C1"),
    number_column("range_m", "变程 a", "Range a", "m"),
    number_column("nugget_ratio", "块金比", "Nugget ratio", "share"),
    Column("points", Text("点位数", "Points"), "integer"),
    Column("non_detects", Text("未检出点位", "Non-detects"), "integer"),
    Column("merged", Text("同位合并点位", "Points merged"), "integer"),
    number_column("mean_error", "平均误差", "Mean error"),
    number_column("rmse", "均方根误差", "RMSE"),
    number_column("r2", "决定系数 R²", "R²"),
    Column("srid", Text("坐标系 EPSG", "CRS (EPSG)"), "integer"),
    number_column("west_m", "左边界", "West", "m"),
    number_column("north_m", "上边界", "North", "m"),
    number_column("cell_m", "像元", "Cell", "m"),
    Column("columns", Text("列数", "Columns"), "integer"),
    Column("rows", Text("行数", "Rows"), "integer"),
)


class SurfacePoint(NamedTuple):
    """A point with its latest value, degrees."""

    code: str
    longitude: float
    latitude: float
    value: float
    non_detect: bool


@dataclass(frozen=True, slots=True)
class SurfaceMaterial:
    """Points of one item, and what was asked of the surface."""

    points: Sequence[SurfacePoint]
    cell_m: float | None
    above: float | None


@dataclass(frozen=True, slots=True, eq=False)
class _Plane:
    """Points in metres, those at one place as one."""

    srid: int
    samples: Samples
    codes: list[str]
    merged: int


def make_surface(material: SurfaceMaterial) -> list[Row]:
    """Return the rows of a surface.

    Raises
    ------
    NoSurface
        If the points allow none.
    """
    non_detects = sum(one.non_detect for one in material.points)
    if non_detects > MOST_NON_DETECTS * len(material.points):
        raise NoSurface(
            "mostly_non_detect",
            f"{len(material.points)} 个点位中 {non_detects} 个未检出，"
            "超过一半不作插值。",
            f"{non_detects} of {len(material.points)} points were not detected; above"
            " half there is no surface.",
        )
    plane = _to_plane(material.points)
    surface = choose_surface(plane.samples)
    grid, cells = lay_grid(surface, material.cell_m)
    filled = fill(surface, grid, cells, material.above)
    return [
        _surface_row(surface, grid, plane, non_detects, material.above),
        *_point_rows(surface, plane),
        *_cell_rows(grid, filled, plane.srid),
    ]


def _to_plane(points: Sequence[SurfacePoint]) -> _Plane:
    lonlat = np.array([(one.longitude, one.latitude) for one in points], np.float64)
    lonlat = lonlat.reshape(-1, 2)
    if len(lonlat) and np.ptp(lonlat[:, 0]) > MOST_DEGREES:
        raise NoSurface(
            "too_wide",
            "点位东西跨度超过一个三度带；请按行政区缩小范围。",
            "the points span more than a zone of three degrees; narrow by division.",
        )
    middle = float(lonlat[:, 0].mean()) if len(lonlat) else 105.0
    srid = srid_for_zone(zone_for(middle))
    shapes = transform_from_storage(shapely.points(lonlat), srid)
    places = np.round(shapely.get_coordinates(shapes) / _SAME_PLACE_M)
    held: dict[tuple[float, float], list[int]] = {}
    for number, place in enumerate(places.tolist()):
        held.setdefault((place[0], place[1]), []).append(number)
    values = [float(np.mean([points[i].value for i in each])) for each in held.values()]
    return _Plane(
        srid,
        Samples(
            np.array(list(held), np.float64).reshape(-1, 2) * _SAME_PLACE_M,
            np.array(values, np.float64),
        ),
        [", ".join(points[i].code for i in each) for each in held.values()],
        len(points) - len(held),
    )


def _surface_row(
    surface: Surface, grid: Grid, plane: _Plane, non_detects: int, above: float | None
) -> Row:
    variogram, checked = surface.variogram, surface.validation
    values: dict[str, Any] = {
        "row": SURFACE,
        "method": surface.method,
        "logarithms": surface.logarithms,
        "points": len(surface.samples),
        "non_detects": non_detects,
        "merged": plane.merged,
        "mean_error": _plain(checked.mean_error),
        "rmse": _plain(checked.rmse),
        "r2": _plain(checked.r2),
        "srid": plane.srid,
        "west_m": grid.west_m,
        "north_m": grid.north_m,
        "cell_m": grid.cell_m,
        "columns": grid.columns,
        "rows": grid.rows,
    }
    if variogram is not None:
        values |= {
            "model": variogram.model,
            "nugget": _plain(variogram.nugget),
            "sill": _plain(variogram.nugget + variogram.partial_sill),
            "range_m": round(variogram.range_m, 2),
            "nugget_ratio": _plain(variogram.nugget_ratio),
        }
    return Row(values, _why(surface, above), None)


def _why(surface: Surface, above: float | None) -> Text:
    zh = "插值结果只用于制图和核查，不评定类别；单元按其中的点位评定"
    en = "for drawing and checking only; it sets no category, units are judged by the"
    en += " points in them"
    if surface.variogram is None:
        zh += (
            "。点位少于 30 个或没有空间结构，按反距离加权（幂 2，12 点），没有误差估计"
        )
        en += ". Fewer than 30 points or no structure: inverse distance (power 2, 12"
        en += " points), which knows no uncertainty"
    else:
        zh += "。普通克里金，最近 16 点，三种模型中取留一法误差最小者（项目默认）"
        en += ". Ordinary kriging by the 16 nearest points with the model of least"
        en += " leave-one-out error (project defaults)"
    if surface.logarithms:
        zh += "；偏度大于 1，先取对数再还原为均值"
        en += "; logarithms first, as the skewness is over 1, and back as the mean"
    if above is not None and surface.variogram is None:
        zh, en = f"{zh}；不能给出超过阈值的概率", f"{en}; no probability can be told"
    return Text(zh, en)


def _point_rows(surface: Surface, plane: _Plane) -> list[Row]:
    left_out = surface.validation.left_out.tolist()
    values = surface.samples.values.tolist()
    shapes = transform_to_storage(shapely.points(surface.samples.places), plane.srid)
    why = Text("留一法：其余点位给出的值", "left out: what the other points give")
    return [
        Row(
            {
                "row": POINT,
                "code": code,
                "value": _plain(value),
                "left_out_value": _plain(other),
                "error": _plain(other - value),
            },
            why,
            shape,
        )
        for code, value, other, shape in zip(
            plane.codes, values, left_out, shapes.tolist(), strict=True
        )
    ]


def _cell_rows(grid: Grid, cells: Cells, srid: int) -> list[Row]:
    half = grid.cell_m / 2
    east, north = middles(grid, cells.column, cells.row).T
    boxes = shapely.box(east - half, north - half, east + half, north + half)
    shapes = transform_to_storage(boxes, srid)
    why = Text("估计值，不用于评定", "an estimate, not for judging")
    return [
        Row(
            {
                "row": CELL,
                "grid_column": column,
                "grid_row": row,
                "value": _plain(value),
                "deviation": _plain(deviation),
                "probability": _plain(probability),
            },
            why,
            shape,
        )
        for column, row, value, deviation, probability, shape in zip(
            cells.column.tolist(),
            cells.row.tolist(),
            cells.value.tolist(),
            cells.deviation.tolist(),
            cells.probability.tolist(),
            shapes.tolist(),
            strict=True,
        )
    ]


def _plain(value: float) -> float | None:
    return round(value, _DIGITS) if np.isfinite(value) else None


def tally_surface(row: Row) -> Mapping[str, float]:
    """Count points and cells."""
    return {str(row.values["row"]): 1}
