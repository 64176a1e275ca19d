"""The kind `receptors`: a dated list of what is sensitive around plots (shell)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from parcels.register.layers import PLOT_STAGES
from parcels.texts import Text
from screening.runs.border import read_border
from screening.runs.columns import DIVISION_FIELD
from screening.runs.kind import Kind, RunOrder
from screening.runs.receptor_rows import (
    COLUMNS,
    POPULATION_M,
    SEARCH_M,
    ReceptorMaterial,
    list_receptors,
    tally_receptors,
)
from screening.runs.row import Choice, Field
from screening.runs.tiles import LayerRead, Tile, plan_tiles, read_around, read_tile

_LOOKED_FOR: Final = (
    LayerRead("receptor"),
    LayerRead("water_source"),
    LayerRead("water_zone"),
    LayerRead("farmland_unit"),
    LayerRead("river"),
    LayerRead("restriction_area", ("nature_reserve", "scenic_area")),
)
_THEMES: Final = (
    "receptor",
    "water_source",
    "water_zone",
    "farmland_unit",
    "river",
    "nature_reserve",
    "scenic_area",
)


def _plots(order: RunOrder) -> tuple[LayerRead, ...]:
    codes, stages = order.parameters.get("plots"), order.parameters.get("stages")
    return (
        LayerRead(
            "plot",
            tuple(stages) if stages else None,
            tuple(codes) if codes else None,
        ),
    )


def _plan(connection: sa.Connection, order: RunOrder) -> Sequence[Tile]:
    return plan_tiles(connection, order, _plots(order))


def _read(connection: sa.Connection, order: RunOrder, tile: Tile) -> ReceptorMaterial:
    radius_m = order.parameters["radius_m"]
    plots = read_tile(connection, order, tile, _plots(order))
    across = read_border(connection, order, plots, radius_m, _THEMES)
    return ReceptorMaterial(
        plots,
        read_around(connection, order, plots, radius_m, _LOOKED_FOR),
        [(found.feature, found.hit) for found in across],
        radius_m,
        order.parameters["population_m"],
    )


def _themes(parameters: Mapping[str, Any]) -> Sequence[str]:
    return _THEMES


RECEPTORS: Final = Kind(
    "receptors",
    Text("地块周边敏感受体", "Receptors around plots"),
    Text(
        "列出地块周边的敏感受体、类型和距离，作为注明日期的清单。",
        "Lists what is sensitive around plots, with type and distance, as of a day.",
    ),
    (
        DIVISION_FIELD,
        Field("plots", Text("地块编码", "Plot codes"), "codes"),
        Field(
            "stages",
            Text("地块阶段", "Stages"),
            "choices",
            choices=tuple(Choice(stage, Text(stage, stage)) for stage in PLOT_STAGES),
            words="category",
        ),
        Field(
            "radius_m",
            Text("搜索半径（米）", "Search radius (m)"),
            "number",
            default=SEARCH_M,
            least=1.0,
            most=10_000.0,
            hint=Text(
                "默认 1000 米：关闭搬迁企业地块调查表的搜索半径",
                "1,000 m by default: search radius of the survey form of closed plants",
            ),
        ),
        Field(
            "population_m",
            Text("人口统计半径（米）", "Population radius (m)"),
            "number",
            default=POPULATION_M,
            most=10_000.0,
            hint=Text(
                "默认 500 米：同一调查表的人口统计半径",
                "500 m by default: population radius of the same form",
            ),
        ),
    ),
    COLUMNS,
    _plan,
    _read,
    list_receptors,
    tally_receptors,
    _themes,
)
