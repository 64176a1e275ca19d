"""The kind `overlay`: any layer against any layer, by choice of the asker (shell)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from parcels.register.layers import LAYER_BY_NAME
from parcels.texts import Text
from screening.runs.border import read_border
from screening.runs.columns import DIVISION_FIELD
from screening.runs.kind import Kind, RunOrder
from screening.runs.overlay_rows import (
    COLUMNS,
    OverlayMaterial,
    list_overlaps,
    tally_overlaps,
)
from screening.runs.row import Choice, Field
from screening.runs.tiles import (
    LAYERS_READ,
    LayerRead,
    Tile,
    plan_tiles,
    read_around,
    read_tile,
)

_CHOICES: Final = tuple(
    Choice(name, Text(LAYER_BY_NAME[name].title_zh, LAYER_BY_NAME[name].title_en))
    for name in LAYERS_READ
)
_CLASSES: Final = Text(
    "图层自身的类别：地类、阶段、状态、类型、级别或专题；不填为全部",
    "the layer's own class: land use, stage, status, kind, level, theme; all if empty",
)


def _layer(order: RunOrder, side: str) -> tuple[LayerRead, ...]:
    classes = order.parameters.get(f"{side}_classes")
    layer = order.parameters[side]
    return (LayerRead(layer, tuple(classes) if classes else None),)


def _plan(connection: sa.Connection, order: RunOrder) -> Sequence[Tile]:
    return plan_tiles(connection, order, _layer(order, "left"))


def _read(connection: sa.Connection, order: RunOrder, tile: Tile) -> OverlayMaterial:
    within_m = order.parameters["within_m"]
    left = read_tile(connection, order, tile, _layer(order, "left"))
    right = read_around(connection, order, left, within_m, _layer(order, "right"))
    every_area = order.parameters["right"] == "restriction_area"
    themes = _themes(order.parameters)
    across = read_border(
        connection, order, left, within_m, None if every_area and not themes else themes
    )
    return OverlayMaterial(
        left,
        right,
        [(found.feature, found.hit) for found in across],
        within_m,
        order.numbers.sliver_area_m2,
        order.numbers.sliver_width_m,
        bool(order.parameters.get("unmet")),
    )


def _themes(parameters: Mapping[str, Any]) -> Sequence[str]:
    if parameters["right"] == "restriction_area":
        return tuple(parameters.get("right_classes") or ())
    return (parameters["right"],)


OVERLAY: Final = Kind(
    "overlay",
    Text("图层叠加", "Layer on layer"),
    Text(
        "任选两个图层叠加：逐对面积和占比、各类及合并后的占比，也可查一定距离内的对象。",
        "Any layer against any other: areas and shares pair by pair, by class and"
        " united; what lies within a distance too.",
    ),
    (
        Field("left", Text("图层", "Layer"), "choice", True, choices=_CHOICES),
        Field("left_classes", Text("类别", "Classes"), "codes", hint=_CLASSES),
        Field("right", Text("对象图层", "Against"), "choice", True, choices=_CHOICES),
        Field(
            "right_classes", Text("对象类别", "Classes against"), "codes", hint=_CLASSES
        ),
        Field(
            "within_m",
            Text("距离（米）", "Within (m)"),
            "number",
            default=0.0,
            most=10_000.0,
            hint=Text("0 表示只查重叠", "0 asks for overlap alone"),
        ),
        Field(
            "unmet",
            Text("列出未相遇的", "What meets nothing"),
            "yes_no",
            default=False,
            hint=Text(
                "如优先保护类耕地中未划入永久基本农田的；须看数据覆盖",
                "as priority land outside basic farmland; mind the coverage",
            ),
        ),
        DIVISION_FIELD,
    ),
    COLUMNS,
    _plan,
    _read,
    list_overlaps,
    tally_overlaps,
    _themes,
)
