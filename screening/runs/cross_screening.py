"""The kind `cross_screening`: points over the standard against sources (shell)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from parcels.texts import Text
from screening.distance_rules import OPEN_STAGES
from screening.neighbourhood import Feature
from screening.runs.border import read_border
from screening.runs.columns import DIVISION_FIELD
from screening.runs.cross_rows import (
    COLUMNS,
    CrossMaterial,
    JudgedPoint,
    cross,
    tally_cross,
)
from screening.runs.kind import Kind, RunOrder
from screening.runs.row import Choice, Field
from screening.runs.tiles import LayerRead, Tile, plan_tiles, read_around, read_tile
from screening.runs.upstream import read_limit
from screening.sample_judgement import judge_points

_SOURCES: Final[Mapping[str, LayerRead]] = {
    "enterprise": LayerRead("enterprise"),
    "facility": LayerRead("facility"),
    "former_use": LayerRead("former_use"),
    "plot": LayerRead("plot", tuple(sorted(OPEN_STAGES))),
}
_TITLES: Final[Mapping[str, Text]] = {
    "enterprise": Text("企业", "enterprises"),
    "facility": Text("设施", "facilities"),
    "former_use": Text("历史用途", "former uses"),
    "plot": Text("疑似和污染地块", "suspected and contaminated plots"),
}
_POINTS: Final = (LayerRead("monitoring_point"),)


def _sources(order: RunOrder) -> list[LayerRead]:
    return [_SOURCES[name] for name in order.parameters["sources"]]


def _plan(connection: sa.Connection, order: RunOrder) -> Sequence[Tile]:
    return plan_tiles(connection, order, [*_sources(order), *_POINTS])


def _read(connection: sa.Connection, order: RunOrder, tile: Tile) -> CrossMaterial:
    limit = read_limit(order, "radius_m", "buf_cross_m")
    sources = read_tile(connection, order, tile, _sources(order))
    points = _judge(connection, order, read_tile(connection, order, tile, _POINTS))
    around = read_around(connection, order, sources, limit.metres, _POINTS)
    over = [one.point for one in points if one.worst > 1]
    across = read_border(
        connection, order, over, limit.metres, order.parameters["sources"]
    )
    return CrossMaterial(
        sources,
        points,
        _judge(connection, order, around),
        read_around(connection, order, over, limit.metres, _sources(order)),
        [(one.feature, one.hit) for one in across],
        limit,
    )


def _judge(
    connection: sa.Connection, order: RunOrder, points: Sequence[Feature]
) -> list[JudgedPoint]:
    judged = judge_points(connection, points, order.moment) if points else []
    return [
        JudgedPoint(point)
        if found is None
        else JudgedPoint(point, found["classes"], found["standard"])
        for point, found in zip(points, judged, strict=True)
    ]


def _themes(parameters: Mapping[str, Any]) -> Sequence[str]:
    return (*parameters["sources"], "monitoring_point")


CROSS_SCREENING: Final = Kind(
    "cross_screening",
    Text("超标点位与污染源交叉筛查", "Exceeding points and sources"),
    Text(
        "列出土壤超过筛选值的点位（农用地按 GB 15618，建设用地按 GB 36600）附近的"
        "污染源，作为整治清单的候选；核实后可据此建立整改任务。农产品点位不在其内。",
        "Lists sources near soil points over the screening value (GB 15618 on farmland,"
        " GB 36600 on development land) as candidates for rectification; tasks are"
        " opened from those an officer confirms. Points of produce are not judged.",
    ),
    (
        Field(
            "sources",
            Text("污染源", "Sources"),
            "choices",
            default=sorted(_SOURCES),
            choices=tuple(Choice(*each) for each in _TITLES.items()),
        ),
        Field(
            "radius_m",
            Text("距离（米）", "Distance (m)"),
            "number",
            most=10_000.0,
            hint=Text(
                "不填按规则集（政策未规定距离，产品默认值）",
                "by the rule set when left out; policy gives no number",
            ),
        ),
        DIVISION_FIELD,
    ),
    COLUMNS,
    _plan,
    _read,
    cross,
    tally_cross,
    _themes,
)
