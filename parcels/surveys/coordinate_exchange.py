"""What does a text of boundary points for the ministry say? (core).

报部坐标格式: a head ``[属性描述]`` with the coordinate system, then ``[地块坐标]``.
Each plot begins with a line that ends in ``@`` (number of points, area in hectares,
number, name, kind of geometry, map sheet, use); its points follow as number, ring, X
(north), Y (east). Structure as published programs write and read it (recalled, no
standard at hand).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import shapely

from parcels.crs import Datum, list_crs
from parcels.surveys.boundary_points import draw_outline, group_lines
from parcels.surveys.limits import Limits
from parcels.surveys.raw import RawBatch, RawLayer
from parcels.surveys.refusals import FileRefused
from parcels.surveys.text_files import read_text

_PLOTS: Final = "[地块坐标]"
_ENCODINGS: Final = ("utf-8", "gbk", "utf-16-le", "utf-16-be")
_END: Final = "@"
_COLUMNS: Final = (
    "界址点数",
    "地块面积_公顷",
    "地块编号",
    "地块名称",
    "图形属性",
    "图幅号",
    "地块用途",
    "地类编码",
)
_AREA: Final = "面"
_DATUMS: Final[tuple[tuple[str, Datum], ...]] = (
    ("2000", "CGCS2000"),
    ("80", "Xian 1980"),
    ("54", "Beijing 1954"),
)
_PREFIXED_M: Final = 1e7


@dataclass(slots=True)
class _Plot:
    """A plot as it is being read: line of its head, values, points."""

    line: int
    values: list[str]
    rings: list[str] = field(default_factory=list)
    points: list[tuple[float, float]] = field(default_factory=list)


def is_exchange(data: bytes) -> bool:
    """Return whether a text is one of boundary points for the ministry."""
    return any(_PLOTS.encode(one) in data for one in _ENCODINGS)


def read_exchange(
    data: bytes, declared_encoding: str | None, limits: Limits
) -> RawLayer:
    """Return the plots of a text; row numbers are those of the lines.

    Raises
    ------
    FileRefused
        If a line is neither head nor point, or a plot has other points than its head
        says.
    """
    text, encoding = read_text(data, declared_encoding)
    head, plots = _parse(text)
    if len(plots) > limits.rows:
        raise FileRefused("too_many_rows", found=len(plots), limit=limits.rows)
    return RawLayer(
        fields=_COLUMNS,
        has_geometry=True,
        batches=iter([_batch(plots)] if plots else []),
        crs=_crs_words(head, plots),
        findings=(encoding,),
    )


def _parse(text: str) -> tuple[dict[str, str], list[_Plot]]:
    head: dict[str, str] = {}
    plots: list[_Plot] = []
    in_plots = False
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if line == _PLOTS:
            in_plots = True
        elif in_plots and line.endswith(_END):
            plots.append(_read_head(number, line))
        elif in_plots and line:
            _read_point(number, line, plots)
        elif "=" in line:
            name, _, value = line.partition("=")
            head[name.strip()] = value.strip()
    for plot in plots:
        _check_count(plot)
    return head, plots


def _read_head(number: int, line: str) -> _Plot:
    values = [one.strip() for one in line.removesuffix(_END).rstrip(",").split(",")]
    padded = (values + [""] * len(_COLUMNS))[: len(_COLUMNS)]
    return _Plot(number, padded)


def _read_point(number: int, line: str, plots: list[_Plot]) -> None:
    values = [one.strip() for one in line.split(",")]
    try:
        north, east = float(values[2]), float(values[3])
        plots[-1].points.append((east, north))
    except (IndexError, ValueError) as error:
        raise FileRefused("exchange_line", row=number, text=line[:60]) from error
    plots[-1].rings.append(values[1] or "1")


def _check_count(plot: _Plot) -> None:
    """Compare points with the head's number; it may or may not count closing ones."""
    told, found = plot.values[0], len(plot.points)
    slack = len(set(plot.rings))
    if not found or (told.isdigit() and abs(int(told) - found) > slack):
        raise FileRefused("exchange_points", row=plot.line, told=told, found=found)


def _batch(plots: list[_Plot]) -> RawBatch:
    columns: Mapping[str, pa.Array] = {
        name: pa.array([plot.values[i] or None for plot in plots], pa.string())
        for i, name in enumerate(_COLUMNS)
    }
    shapes = np.array([_shape(plot) for plot in plots], dtype=object)
    rows = np.array([plot.line for plot in plots], dtype=np.int32)
    return RawBatch(rows, columns, pa.array(shapely.to_wkb(shapes), pa.binary()))


def _shape(plot: _Plot) -> shapely.Geometry:
    points = np.array(plot.points)
    kind = plot.values[_COLUMNS.index("图形属性")] or _AREA
    if kind == _AREA:
        return draw_outline([points[one] for one in group_lines(plot.rings)])
    if kind == "线" and len(points) > 1:
        return shapely.LineString(points)
    return shapely.MultiPoint(points)


def _crs_words(head: Mapping[str, str], plots: list[_Plot]) -> str | None:
    """Return the EPSG code of what the head says, None where it says too little."""
    named = head.get("坐标系", "")
    datum = next((found for word, found in _DATUMS if word in named), None)
    width, zone = head.get("几度分带", "").strip("度带"), head.get("带号", "")
    if datum is None or not (width.isdigit() and zone.isdigit()):
        return None
    prefixed = any(east > _PREFIXED_M for plot in plots for east, _ in plot.points[:1])
    for crs in list_crs():
        if (crs.datum, crs.zone_width, crs.zone, crs.prefixed) == (
            datum,
            int(width),
            int(zone),
            prefixed,
        ):
            return f"EPSG:{crs.srid}"
    return None
