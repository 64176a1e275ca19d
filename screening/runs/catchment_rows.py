"""What drains to a place, and what lies there? (core).

集水区. The ground above a drinking-water source or a chosen point by the elevation
model: its outline, its area, and every enterprise, facility, plot and former use on it
with the way its water takes. A catchment that is cut off where the model or the window
ends is told as not complete: it is at least as large as drawn. Things of other
divisions are not listed, and the row says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from parcels.area import measure_area
from parcels.local_plane import LocalPlane
from parcels.texts import Text
from screening.neighbourhood import Feature
from screening.runs.row import Row
from screening.runs.upstream_rows import Limit
from screening.upstream.flow import (
    Flow,
    Mask,
    count_upstream,
    find_catchment,
    route,
    trace,
)
from screening.upstream.paths import lowest_cell
from screening.upstream.saying import describe_terrain
from screening.upstream.terrain import Terrain


@dataclass(frozen=True, slots=True)
class CatchmentMaterial:
    """One place, what was read around it, and the terrain; None without one."""

    place: Feature
    things: Sequence[Feature]
    terrain: Terrain | None
    reach: Limit
    snap: Limit


def list_catchment(material: CatchmentMaterial) -> list[Row]:
    """Return the row of the catchment, then what lies in it, nearest by water first."""
    terrain = material.terrain
    if terrain is None:
        return [_unknown(material, Text("没有高程数据", "there is no elevation model"))]
    flow = route(terrain.heights, *terrain.cell_size_m)
    outlets, moved_m = _outlets(material, terrain, flow)
    if not outlets.any():
        text = Text("该处没有高程", "the model has no heights there")
        return [_unknown(material, text)]
    cells = find_catchment(flow, outlets)
    complete = not (cells & flow.edge).any()
    outline = terrain.outline(cells)
    found = _Catchment(material, terrain, flow, outlets, outline, complete)
    rows = [_catchment_row(found, moved_m)]
    rows += sorted(_rows_inside(found), key=_by_way)
    return rows


@dataclass(frozen=True, slots=True)
class _Catchment:
    material: CatchmentMaterial
    terrain: Terrain
    flow: Flow
    outlets: Mask
    outline: BaseGeometry
    complete: bool


def _outlets(
    material: CatchmentMaterial, terrain: Terrain, flow: Flow
) -> tuple[Mask, float]:
    """Return the cells of a place, and how far a point was moved to its stream."""
    place = material.place.geometry
    if shapely.get_dimensions(place) == 2:
        return terrain.cells_of(place) & np.isfinite(flow.level), 0.0
    cells = np.flatnonzero(np.isfinite(flow.level))
    plane = LocalPlane.around(place)
    away = np.hypot(*plane.coordinates_to_plane(terrain.centres(cells)).T)
    outlets = np.zeros(terrain.shape, dtype=bool)
    own = terrain.find_cell(*shapely.get_coordinates(place)[0].tolist())
    near = away <= material.snap.metres
    if own is not None:
        near |= cells == own
    if not near.any():
        return outlets, 0.0
    count = count_upstream(flow)[cells[near]]
    best = int(np.argmax(count))
    outlets.flat[cells[near][best]] = True
    return outlets, round(float(away[near][best]), 2)


def _base(material: CatchmentMaterial, row: str) -> dict[str, Any]:
    place = material.place
    return {
        "row": row,
        "source_code": place.code,
        "source_name": place.name,
        "division_code": place.division_code,
        "theme": place.theme,
        "type": place.category,
    }


def _unknown(material: CatchmentMaterial, why: Text) -> Row:
    values = {**_base(material, "catchment"), "outcome": "unknown", "complete": False}
    text = Text(f"集水区不明：{why.zh}", f"the catchment is not known: {why.en}")
    return Row(values, text, material.place.geometry)


def _catchment_row(found: _Catchment, moved_m: float) -> Row:
    terrain, material = found.terrain, found.material
    whole = np.array([found.outline], dtype=object)
    (area_m2,) = measure_area(whole).tolist()
    values = {
        **_base(material, "catchment"),
        "outcome": "upstream",
        "method": "terrain",
        "limit_m": material.reach.metres,
        "area_m2": round(area_m2, 2),
        "complete": found.complete,
        "cell_m": round(terrain.cell_m, 2),
        "data_date": terrain.source.data_date,
    }
    method = describe_terrain(terrain)
    zh, en = f"集水区，{method.zh}", f"the catchment, {method.en}"
    if moved_m:
        zh += f"；出口移至 {moved_m:.2f} 米外汇水最多的格网"
        en += f"; the outlet was moved {moved_m:.2f} m to where most water runs"
    if not found.complete:
        zh += "；范围被高程数据或计算窗口边缘截断，实际不小于此"
        en += "; cut off where model or window ends, so it is at least as large"
    zh += "；只列出本辖区在案对象"
    en += "; only what is on record in your divisions is listed"
    return Row(values, Text(zh, en), found.outline)


def _rows_inside(found: _Catchment) -> Iterator[Row]:
    shapely.prepare(found.outline)
    own = found.material.place
    for thing in found.material.things:
        if (thing.layer, thing.version_id) == (own.layer, own.version_id):
            continue
        if shapely.intersects(found.outline, thing.geometry):
            yield _inside(found, thing)


def _inside(found: _Catchment, thing: Feature) -> Row:
    along_m = _way_m(found, thing)
    values = {
        **_base(found.material, "in_catchment"),
        "theme": thing.theme,
        "type": thing.category,
        "code": thing.code,
        "name": thing.name,
        "outcome": "upstream",
        "method": "terrain",
        "along_m": along_m,
        "cell_m": round(found.terrain.cell_m, 2),
        "data_date": found.terrain.source.data_date,
    }
    method = describe_terrain(found.terrain)
    if along_m is None:
        text = Text("部分位于集水区内", "a part of it lies in the catchment")
    else:
        text = Text(
            f"位于集水区内，水沿流路 {along_m:.2f} 米到达",
            f"lies in the catchment; its water comes along {along_m:.2f} m of path",
        )
    why = Text(f"{text.zh}；{method.zh}", f"{text.en}; {method.en}")
    return Row(values, why, thing.geometry)


def _way_m(found: _Catchment, thing: Feature) -> float | None:
    """Return how far a thing's water has to run; None if it drains elsewhere."""
    start = lowest_cell(found.terrain, found.flow, thing.geometry)
    if start is None:
        return None
    cells = trace(found.flow, start, found.flow.down.size)
    arrived = np.flatnonzero(found.outlets.flat[cells])
    if not len(arrived):
        return None
    way = found.terrain.centres(cells[: int(arrived[0]) + 1])
    plane = LocalPlane.around(found.material.place.geometry)
    steps = np.diff(plane.coordinates_to_plane(way), axis=0)
    return round(float(np.hypot(*steps.T).sum()), 2)


def _by_way(row: Row) -> tuple[bool, float, str, str]:
    along = row.values["along_m"]
    theme, code = str(row.values["theme"]), str(row.values["code"])
    return along is None, along or 0.0, theme, code
