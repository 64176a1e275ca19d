"""What lies above water, and what below a tailings pond? (core).

上下游筛查. Tailings ponds upstream of drinking-water sources and around permanent basic
farmland (R-C04, ZZ 三(五)5, verified: asked for without a distance); overhead ponds
(头顶库: homes or important facilities within 1 km downstream along the flow path,
应急〔2020〕15号, through provincial plans). No text says how wide the path is: that is
a project default and stands in the row.

Each row says whether river network, terrain or plain distance was used and how fine and
how old the terrain is. Where a way breaks off before the distance is reached, what lies
beyond is `unknown`, never clear.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import shapely

from parcels.local_plane import LocalPlane
from parcels.texts import Text
from screening.neighbourhood import BorderHit, Feature
from screening.runs.border_rows import describe_hit
from screening.runs.columns import (
    BORDER_DIVISION,
    DISTANCE,
    DIVISION,
    WIDENED,
    number_column,
    text_column,
)
from screening.runs.row import Column, Row
from screening.surroundings import Neighbour, Surroundings, describe_distance
from screening.upstream.network import Network
from screening.upstream.paths import FlowPath, Hydrology, meet
from screening.upstream.saying import describe_end, describe_method
from screening.upstream.terrain import Terrain

COLUMNS: Final = (
    text_column("row", "行类型", "Row", "run_row"),
    text_column("source_code", "起点编码", "From (code)"),
    text_column("source_name", "起点名称", "From (name)"),
    DIVISION,
    text_column("theme", "对象", "Thing", "theme"),
    text_column("type", "类型", "Type", "category"),
    text_column("code", "对象编码", "Code"),
    text_column("name", "对象名称", "Name"),
    text_column("outcome", "结论", "Finding", "flow_outcome"),
    text_column("method", "依据", "Followed", "flow_method"),
    number_column("along_m", "沿流路距离", "Along the path", "m"),
    number_column("beside_m", "距流路", "Beside the path", "m"),
    DISTANCE,
    WIDENED,
    number_column("limit_m", "限值", "Limit", "m"),
    number_column("known_to_m", "流路已知长度", "Path known for", "m"),
    number_column("area_m2", "面积", "Area", "m2"),
    Column("complete", Text("范围完整", "Complete"), "yes_no"),
    number_column("cell_m", "高程格网", "Terrain cell", "m"),
    text_column("data_date", "高程日期", "Terrain date"),
    BORDER_DIVISION,
)
WATER_THEMES: Final = ("water_source", "water_zone")


@dataclass(frozen=True, slots=True)
class Limit:
    """A distance and where its number comes from."""

    metres: float
    source: Text


@dataclass(frozen=True, slots=True)
class Limits:
    """The distances of a run (参数): see `screening.parameters`."""

    water: Limit
    farmland: Limit
    downstream: Limit
    corridor: Limit
    snap: Limit


@dataclass(frozen=True, slots=True)
class PondMaterial:
    """Ponds of one tile and what was read around them.

    `things` are what may lie below: water sources and zones, receptors, enterprises.
    Of a question that is not asked the list is empty.
    """

    ponds: Sequence[Feature]
    water: Sequence[Feature]
    people: Sequence[Feature]
    farmland: Sequence[Feature]
    rivers: Sequence[Feature]
    terrain: Terrain | None
    across: Sequence[tuple[Feature, BorderHit]]
    limits: Limits


def list_below_ponds(material: PondMaterial) -> list[Row]:
    """Return the rows of one tile, pond after pond."""
    water, people = Surroundings(material.water), Surroundings(material.people)
    farmland = Surroundings(material.farmland)
    across: dict[int, list[BorderHit]] = {}
    for pond, hit in material.across:
        across.setdefault(id(pond), []).append(hit)
    hydrology = _hydrology(material) if material.ponds else None
    rows: list[Row] = []
    for pond in material.ponds:
        assert hydrology is not None
        rows += _water_rows(pond, water, hydrology, material.limits)
        rows += _people_rows(pond, people, hydrology, material.limits)
        rows += _farmland_rows(pond, farmland, material.limits)
        rows += [_border_row(pond, hit) for hit in across.get(id(pond), ())]
    return rows


def _hydrology(material: PondMaterial) -> Hydrology:
    plane = LocalPlane.around(
        shapely.box(*shapely.total_bounds([pond.geometry for pond in material.ponds]))
    )
    return Hydrology(Network(material.rivers, plane), material.terrain, plane)


def _water_rows(
    pond: Feature, water: Surroundings, hydrology: Hydrology, limits: Limits
) -> Iterator[Row]:
    near = water.around(pond, limits.water.metres)
    if not near:
        return
    path = hydrology.follow(pond.geometry, limits.snap.metres, limits.water.metres)
    for each in near:
        point = shapely.get_dimensions(each.feature.geometry) == 0
        beside_m = limits.snap.metres if point else 0.0
        found = _judge(each, path, beside_m, hydrology, "upstream")
        text = _told(found, each, path, limits.water, hydrology.terrain)
        if each.feature.category == "groundwater":
            text = _join(
                text,
                Text(
                    "地下水水源：只看地表流路，地下水流向不明",
                    "a groundwater source: surface flow only, the flow underground is"
                    " not known",
                ),
            )
        values = _values("water_below", pond, each, found, limits.water, path)
        yield Row(_with_terrain(values, path, hydrology), text, pond.geometry)


def _people_rows(
    pond: Feature, people: Surroundings, hydrology: Hydrology, limits: Limits
) -> Iterator[Row]:
    most_m = limits.downstream.metres
    near = people.around(pond, most_m + limits.corridor.metres)
    if not near:
        return
    path = hydrology.follow(pond.geometry, limits.snap.metres, most_m)
    for each in near:
        found = _judge(each, path, limits.corridor.metres, hydrology, "downstream")
        text = _told(found, each, path, limits.downstream, hydrology.terrain)
        if path is not None and found.outcome != "inside":
            width = f"{limits.corridor.metres:g}"
            zh, en = limits.corridor.source
            text = _join(
                text,
                Text(f"流路两侧各计 {width} 米：{zh}", f"{width} m beside it: {en}"),
            )
        values = _values("overhead", pond, each, found, limits.downstream, path)
        yield Row(_with_terrain(values, path, hydrology), text, each.feature.geometry)


def _farmland_rows(
    pond: Feature, farmland: Surroundings, limits: Limits
) -> Iterator[Row]:
    for each in farmland.around(pond, limits.farmland.metres):
        lies, (zh, en) = describe_distance(each), limits.farmland.source
        found = _Found("inside" if each.ring == "on" else "near", None, None)
        values = _values("farmland_near", pond, each, found, limits.farmland, None)
        values["area_m2"] = round(each.overlap_m2, 2) if each.overlap_m2 else None
        why = Text(
            f"{lies.zh}（直线距离）。{zh}", f"{lies.en} (in a straight line). {en}"
        )
        yield Row(values, why, each.feature.geometry)


@dataclass(frozen=True, slots=True)
class _Found:
    outcome: str
    along_m: float | None
    beside_m: float | None


def _judge(
    near: Neighbour,
    path: FlowPath | None,
    beside_m: float,
    hydrology: Hydrology,
    met: str,
) -> _Found:
    """Return whether a path meets a thing: `met`, `not_<met>`, inside or unknown."""
    if near.ring == "on":
        return _Found("inside", 0.0, 0.0)
    if path is None:
        return _Found("unknown", None, None)
    thing = hydrology.plane.to_plane(near.feature.geometry)
    meeting = meet(path, thing, beside_m)
    if meeting is not None:
        return _Found(met, meeting.along_m, meeting.beside_m)
    known = path.ends == "reach" and near.ring != "cannot_be_placed"
    return _Found(f"not_{met}" if known else "unknown", None, None)


def _values(
    row: str,
    pond: Feature,
    near: Neighbour,
    found: _Found,
    limit: Limit,
    path: FlowPath | None,
) -> dict[str, Any]:
    thing = near.feature
    straight = path is None or found.outcome == "inside"
    return {
        "row": row,
        "source_code": pond.code,
        "source_name": pond.name,
        "division_code": pond.division_code,
        "theme": thing.theme,
        "type": thing.category,
        "code": thing.code,
        "name": thing.name or thing.attributes.get("source_name"),
        "outcome": found.outcome,
        "method": "straight" if straight or path is None else path.method,
        "along_m": found.along_m,
        "beside_m": found.beside_m,
        "distance_m": near.distance_m,
        "widened_by_m": near.widened_by_m,
        "limit_m": limit.metres,
        "known_to_m": None if path is None else round(path.length_m, 2),
    }


def _with_terrain(
    values: dict[str, Any], path: FlowPath | None, hydrology: Hydrology
) -> dict[str, Any]:
    if values["method"] != "terrain" or hydrology.terrain is None:
        return values
    terrain = hydrology.terrain
    cell = {"cell_m": round(terrain.cell_m, 2), "data_date": terrain.source.data_date}
    return values | cell


def _told(
    found: _Found,
    near: Neighbour,
    path: FlowPath | None,
    limit: Limit,
    terrain: Terrain | None,
) -> Text:
    source = Text(f"限值来源：{limit.source.zh}", f"limit: {limit.source.en}")
    if found.outcome == "inside":
        return _join(describe_distance(near), source)
    method = describe_method(path, terrain)
    if path is None:
        lies = describe_distance(near)
        first = Text(f"只知直线距离：{lies.zh}", f"distance only: {lies.en}")
        return _join(first, method, source)
    if found.along_m is not None:
        along = f"{found.along_m:.2f}"
        first = Text(f"沿流路 {along} 米", f"{along} m along the flow path")
    elif found.outcome == "unknown":
        first = describe_end(path, near.ring)
    else:
        reach = f"{path.length_m:.0f}"
        first = Text(
            f"流路前 {reach} 米不经过该对象", f"not on the first {reach} m of the path"
        )
    return _join(first, method, source)


def _join(*texts: Text) -> Text:
    return Text("；".join(one.zh for one in texts), "; ".join(one.en for one in texts))


def _border_row(pond: Feature, hit: BorderHit) -> Row:
    values = {
        "row": "across_border",
        "source_code": pond.code,
        "source_name": pond.name,
        "division_code": pond.division_code,
        "theme": hit.theme,
        "outcome": "unknown",
        "ask_division": hit.division_code,
    }
    return Row(values, describe_hit(hit))


def tally_upstream(row: Row) -> Mapping[str, float]:
    """Count rows by what they are, and by their finding."""
    kind, outcome = str(row.values["row"]), row.values.get("outcome")
    if kind == "across_border":
        return {kind: 1}
    return {kind: 1, f"outcome.{outcome}": 1}
