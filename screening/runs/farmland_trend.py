"""The kind `farmland_trend`: soil of farmland between survey rounds (shell).

A piece is a county: its points may lie in any of its units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from parcels.texts import Text
from screening.categories.gather import gather_rounds, with_parameters
from screening.categories.loader import read_settings
from screening.categories.material import Units
from screening.neighbourhood import Feature
from screening.runs.columns import DIVISION_FIELD
from screening.runs.farmland_categories import ELEMENTS_FIELD, plan_counties
from screening.runs.kind import Kind, RunOrder
from screening.runs.row import Field
from screening.runs.tiles import LayerRead, read_around
from screening.runs.trend_rows import (
    COLUMNS,
    Sampled,
    TrendMaterial,
    TrendTerms,
    list_trends,
    tally_trends,
)
from screening.runs.upstream import read_limit
from screening.standards.loader import read_standards

_SOURCES: Final = tuple(
    LayerRead(layer) for layer in ("enterprise", "facility", "former_use")
)
_OWN_CHOICE: Final = Text(
    "项目默认：政策只要求开展趋势和成因分析，未规定方法",
    "project default: policy asks for the analysis and says no method",
)
_ROUND_HINT: Final = Text(
    "采样批次名称，没有批次的按采样年份；不填取最早和最近一轮",
    "name of a campaign, or the year where there is none; left out: first and last",
)


def _read(connection: sa.Connection, order: RunOrder, county: str) -> TrendMaterial:
    units, results = gather_rounds(connection, order.moment, county)
    features = _features(units)
    limit = read_limit(order, "radius_m", "buf_cross_m")
    given = order.parameters
    return TrendMaterial(
        features,
        [Sampled(*one) for one in results],
        read_around(connection, order, features, limit.metres, _SOURCES),
        TrendTerms(
            int(given["least_points"]),
            given["least_change"],
            (given.get("from_round"), given.get("to_round")),
            limit,
        ),
        with_parameters(read_settings(), dict(given)),
        read_standards().on("farmland", order.moment.as_of),
    )


def _features(units: Units) -> list[Feature]:
    return [
        Feature(
            theme="farmland_unit",
            layer="farmland_unit",
            code=code,
            name=None,
            category=category,
            division_code=division,
            geometry=geometry,
            attributes={},
        )
        for code, category, division, geometry in zip(
            units.code.tolist(),
            units.category.tolist(),
            units.division.tolist(),
            units.geometry.tolist(),
            strict=True,
        )
    ]


def _themes(parameters: Mapping[str, Any]) -> Sequence[str]:
    return ("farmland_unit", *(one.layer for one in _SOURCES))


FARMLAND_TREND: Final = Kind(
    "farmland_trend",
    Text("农用地土壤污染趋势和成因", "Trend and causes of farmland pollution"),
    Text(
        "按单元和元素对比两轮土壤调查，变差的列出附近污染源。仅供分析，不改变类别。",
        "Compares two rounds of soil survey by unit and element and lists sources near"
        " where it got worse. For analysis; it changes no category.",
    ),
    (
        DIVISION_FIELD,
        ELEMENTS_FIELD,
        Field("from_round", Text("前一轮", "Earlier round"), "text", hint=_ROUND_HINT),
        Field("to_round", Text("后一轮", "Later round"), "text", hint=_ROUND_HINT),
        Field(
            "least_points",
            Text("每轮最少点位数", "Least points a round"),
            "number",
            default=3.0,
            least=1.0,
            most=1000.0,
            hint=_OWN_CHOICE,
        ),
        Field(
            "least_change",
            Text("计为变化的幅度（0–1）", "Change that counts (0 to 1)"),
            "number",
            default=0.2,
            most=10.0,
            hint=_OWN_CHOICE,
        ),
        Field(
            "radius_m",
            Text("污染源距离（米）", "Distance of sources (m)"),
            "number",
            most=10_000.0,
            hint=Text(
                "不填按规则集（政策未规定距离，产品默认值）",
                "by the rule set when left out; policy gives no number",
            ),
        ),
    ),
    COLUMNS,
    plan_counties,
    _read,
    list_trends,
    tally_trends,
    _themes,
)
