"""The kind `water_source_risk`: risks inside drinking-water zones (shell)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from parcels.texts import Text
from screening.distance_rules import OPEN_STAGES
from screening.parameters import Parameter
from screening.runs.border import read_border
from screening.runs.columns import DIVISION_FIELD
from screening.runs.kind import Kind, RunOrder
from screening.runs.row import Choice, Field
from screening.runs.tiles import LayerRead, Tile, plan_tiles, read_around, read_tile
from screening.runs.water_rows import (
    COLUMNS,
    WaterMaterial,
    list_water_risks,
    tally_water_risks,
)

_RISKS: Final[Mapping[str, LayerRead]] = {
    "enterprise": LayerRead("enterprise"),
    "facility": LayerRead("facility"),
    "plot": LayerRead("plot", tuple(sorted(OPEN_STAGES))),
    "former_use": LayerRead("former_use"),
}
_TITLES: Final[Mapping[str, Text]] = {
    "enterprise": Text("企业", "enterprises"),
    "facility": Text(
        "尾矿库、填埋场等设施", "tailings ponds, landfills, other facilities"
    ),
    "plot": Text("疑似和污染地块", "suspected and contaminated plots"),
    "former_use": Text("历史用途", "former uses"),
}
_EXTENTS: Final[Mapping[str, str]] = {
    "river": "hj338_river_m",
    "lake": "hj338_lake_m",
    "reservoir": "hj338_lake_m",
    "groundwater": "hj338_groundwater_m",
    "scattered": "hj338_scattered_m",
}


def _zones(order: RunOrder) -> LayerRead:
    levels = order.parameters.get("levels")
    return LayerRead("water_zone", tuple(levels) if levels else None)


def _plan(connection: sa.Connection, order: RunOrder) -> Sequence[Tile]:
    return plan_tiles(connection, order, [_zones(order), LayerRead("water_source")])


def _read(connection: sa.Connection, order: RunOrder, tile: Tile) -> WaterMaterial:
    zones = read_tile(connection, order, tile, [_zones(order)])
    sources = read_tile(connection, order, tile, [LayerRead("water_source")])
    extents = _extents(order)
    reach_m = max((float(extent.value) for extent in extents.values()), default=0.0)
    wanted = [_RISKS[name] for name in order.parameters["risks"]]
    across = read_border(connection, order, zones, 0.0, _themes(order.parameters))
    return WaterMaterial(
        zones,
        sources,
        read_around(connection, order, [*zones, *sources], reach_m, wanted),
        [(one.feature, one.hit) for one in across if one.hit.relation == "on"],
        extents,
    )


def _extents(order: RunOrder) -> dict[str, Parameter]:
    if not order.parameters["hints"]:
        return {}
    sources = order.numbers.sources
    return {kind: sources[name] for kind, name in _EXTENTS.items()}


def _themes(parameters: Mapping[str, Any]) -> Sequence[str]:
    return (*parameters["risks"], "water_zone", "water_source")


WATER_SOURCE_RISK: Final = Kind(
    "water_source_risk",
    Text("饮用水水源风险源", "Drinking-water risks"),
    Text(
        "列出各级保护区内的企业、尾矿库、填埋场和污染地块，以及没有保护区的水源。",
        "Lists enterprises, tailings ponds, landfills and contaminated plots inside"
        " each zone, and sources without zones.",
    ),
    (
        Field(
            "levels",
            Text("保护区级别", "Levels"),
            "choices",
            choices=(
                Choice("level_1", Text("一级", "level 1")),
                Choice("level_2", Text("二级", "level 2")),
                Choice("quasi", Text("准保护区", "quasi")),
            ),
        ),
        Field(
            "risks",
            Text("风险源", "Risks"),
            "choices",
            default=["enterprise", "facility", "former_use", "plot"],
            choices=tuple(Choice(*each) for each in _TITLES.items()),
        ),
        Field(
            "hints",
            Text("提示默认范围", "Default extents as hints"),
            "yes_no",
            default=True,
            hint=Text(
                "没有批准保护区的水源按 HJ 338 默认范围提示（数值凭记忆，仅为提示）",
                "for sources without an approved zone: HJ 338, recalled, hints only",
            ),
        ),
        DIVISION_FIELD,
    ),
    COLUMNS,
    _plan,
    _read,
    list_water_risks,
    tally_water_risks,
    _themes,
)
