"""The kind `enterprise_surroundings`: what lies around enterprises (shell)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from parcels.texts import Text
from screening.distance_rules import (
    DISTANCE_CONFIDENCE,
    DistanceRule,
    SourceClass,
    describe_ring,
    rules_with,
)
from screening.runs.border import read_border
from screening.runs.columns import DIVISION_FIELD
from screening.runs.kind import Kind, RunOrder
from screening.runs.row import Choice, Field
from screening.runs.surrounding_rows import (
    COLUMNS,
    TARGET_LAYERS,
    RingOf,
    SurroundingMaterial,
    list_surroundings,
    tally_surroundings,
)
from screening.runs.tiles import LayerRead, Tile, plan_tiles, read_around, read_tile

_SOURCES: Final[Mapping[str, LayerRead]] = {
    "enterprise": LayerRead("enterprise"),
    "facility": LayerRead("facility"),
    "former_use": LayerRead("former_use"),
    "plot": LayerRead("plot"),
    "industrial_park": LayerRead("restriction_area", ("industrial_park",)),
    "main_road": LayerRead("restriction_area", ("main_road",)),
}
_TITLES: Final[Mapping[str, Text]] = {
    "enterprise": Text("企业", "enterprises"),
    "facility": Text("设施", "facilities"),
    "former_use": Text("历史用途", "former uses"),
    "plot": Text("地块", "plots"),
    "industrial_park": Text("工业园区", "industrial parks"),
    "main_road": Text("主要道路", "main roads"),
}
_TARGETS: Final[Mapping[str, LayerRead]] = {
    "parcel": LayerRead("parcel"),
    "farmland_unit": LayerRead("farmland_unit"),
    "receptor": LayerRead("receptor"),
    "water_source": LayerRead("water_source"),
    "permanent_basic_farmland": LayerRead(
        "restriction_area", ("permanent_basic_farmland",)
    ),
    "monitoring_point": LayerRead("monitoring_point"),
}
_TARGET_TITLES: Final[Mapping[str, Text]] = {
    "parcel": Text("宗地", "parcels"),
    "farmland_unit": Text("农用地单元", "farmland units"),
    "receptor": Text("敏感受体", "receptors"),
    "water_source": Text("饮用水水源", "water sources"),
    "permanent_basic_farmland": Text("永久基本农田", "permanent basic farmland"),
    "monitoring_point": Text("监测点位", "monitoring points"),
}


def _plan(connection: sa.Connection, order: RunOrder) -> Sequence[Tile]:
    return plan_tiles(connection, order, _sources(order))


def _sources(order: RunOrder) -> list[LayerRead]:
    codes = order.parameters.get("codes")
    return [
        LayerRead(
            _SOURCES[name].layer,
            _SOURCES[name].categories,
            tuple(codes) if codes else None,
        )
        for name in order.parameters["sources"]
    ]


def _read(
    connection: sa.Connection, order: RunOrder, tile: Tile
) -> SurroundingMaterial:
    parameters = order.parameters
    rings = _rings(order)
    perimeter_m = parameters["perimeter_m"]
    reach_m = max([perimeter_m, *(ring.rule.ring_m for ring in rings)])
    sources = read_tile(connection, order, tile, _sources(order))
    wanted = [_TARGETS[name] for name in parameters["targets"]]
    if "monitoring_point" not in parameters["targets"]:
        wanted.append(_TARGETS["monitoring_point"])
    across = read_border(connection, order, sources, reach_m, _themes(parameters))
    return SurroundingMaterial(
        sources,
        read_around(connection, order, sources, reach_m, wanted),
        [(found.feature, found.hit) for found in across],
        rings,
        bool(parameters.get("rings_m")),
        order.numbers.industry_lists,
        perimeter_m,
        _months_before(order.moment.as_of, int(parameters["overdue_months"])),
        parameters["overdue_for"] == "all",
    )


def _rings(order: RunOrder) -> list[RingOf]:
    asked = order.parameters.get("rings_m")
    if not asked:
        return [
            RingOf(rule, describe_ring(rule, order.numbers))
            for rule in rules_with(order.numbers)
            if rule.way == "straight" and rule.target in TARGET_LAYERS
        ]
    origin = Text("筛查人自定的距离", "chosen by the asker")
    return [
        RingOf(
            DistanceRule(
                "ASKED", SourceClass(""), "", metres, "", origin, DISTANCE_CONFIDENCE
            ),
            origin,
        )
        for metres in asked
    ]


def _months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier, the last of a shorter month."""
    count = day.year * 12 + day.month - 1 - months
    if count < 12:
        return date.min
    year, month = count // 12, count % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    last = (following - date.resolution).day
    return date(year, month, min(day.day, last))


def _themes(parameters: Mapping[str, Any]) -> Sequence[str]:
    return tuple(parameters["targets"])


ENTERPRISE_SURROUNDINGS: Final = Kind(
    "enterprise_surroundings",
    Text("企业周边", "Around enterprises"),
    Text(
        "列出企业、设施、园区周边的宗地、农用地、受体和监测点位，以及逾期未开展的周边监测。",
        "Lists parcels, farmland, receptors and monitoring points around enterprises,"
        " facilities and parks, and perimeter monitoring that is overdue.",
    ),
    (
        Field(
            "sources",
            Text("污染源", "Sources"),
            "choices",
            default=["enterprise", "facility", "industrial_park", "main_road"],
            choices=tuple(Choice(*each) for each in _TITLES.items()),
        ),
        Field("codes", Text("污染源编码", "Source codes"), "codes"),
        Field(
            "targets",
            Text("周边对象", "Objects"),
            "choices",
            default=["farmland_unit", "monitoring_point", "parcel", "receptor"],
            choices=tuple(Choice(*each) for each in _TARGET_TITLES.items()),
        ),
        Field(
            "rings_m",
            Text("自定距离（米）", "Rings of your own (m)"),
            "numbers",
            most=10_000.0,
            hint=Text(
                "不填则按距离表（法律未规定距离，均为可设定的默认值）",
                "the distance table when left out (no law gives a distance: defaults)",
            ),
        ),
        Field(
            "perimeter_m",
            Text("周边监测范围（米）", "Perimeter (m)"),
            "number",
            default=1000.0,
            most=10_000.0,
            hint=Text(
                "产品默认值 1000 米；方案未规定距离",
                "project default of 1,000 m; the plan gives no distance",
            ),
        ),
        Field(
            "overdue_months",
            Text("监测周期（月）", "Monitoring period (months)"),
            "number",
            default=12.0,
            least=1.0,
            most=120.0,
            hint=Text(
                "默认 12 个月：重点企业和园区周边每年监测一次",
                "12 by default: around key enterprises and parks once a year",
            ),
        ),
        Field(
            "overdue_for",
            Text("应监测的污染源", "Sources to be monitored"),
            "choice",
            default="key_units",
            choices=(
                Choice(
                    "key_units",
                    Text("重点监管单位和园区", "key units and parks"),
                ),
                Choice("all", Text("全部", "all")),
            ),
        ),
        DIVISION_FIELD,
    ),
    COLUMNS,
    _plan,
    _read,
    list_surroundings,
    tally_surroundings,
    _themes,
)
