"""The kind `farmland_categories`: a proposed division of farmland (shell).

A piece is a county: an unsurveyed unit may take its class from any neighbour there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from parcels.analytes import FARMLAND_ELEMENTS
from parcels.texts import Text
from screening.categories.gather import (
    gather_material,
    list_counties,
    with_parameters,
)
from screening.categories.loader import read_marks, read_settings
from screening.categories.rows import COLUMNS, CategoryMaterial, propose, tally
from screening.parameters import marked_source
from screening.runs.columns import DIVISION_FIELD, analyte_choices
from screening.runs.kind import Kind, RunOrder
from screening.runs.row import Choice, Field
from screening.standards.loader import read_standards


def _hint(name: str) -> Text:
    """Return the source of a default and how sure it is."""
    mark = read_marks()[name]
    return marked_source(mark.source, mark.confidence)


def _field(name: str, zh: str, en: str, kind: Any, **more: Any) -> Field:
    default = getattr(read_settings(), name)
    return Field(name, Text(zh, en), kind, default=default, hint=_hint(name), **more)


ELEMENTS_FIELD: Final = Field(
    "elements",
    Text("评价元素", "Elements"),
    "choices",
    choices=analyte_choices(FARMLAND_ELEMENTS),
    hint=Text(
        "不填为五项全部；少于五项的结果只能作参考（项目默认）",
        "all five when left out; with fewer the result is for orientation only"
        " (project default)",
    ),
)
_FIELDS: Final = (
    DIVISION_FIELD,
    ELEMENTS_FIELD,
    _field("dominant_share", "优势点位比例", "Dominant share", "number", most=1.0),
    _field(
        "split_by",
        "混合单元划分依据",
        "Cut mixed units along",
        "choice",
        choices=(
            Choice("patches", Text("耕地图斑", "farmland patches")),
            Choice("thiessen", Text("泰森多边形", "Thiessen polygons")),
        ),
    ),
    _field(
        "isolate_class_3",
        "孤立三类点位单独划出",
        "Separate unit for a lone class-3 point",
        "yes_no",
    ),
    _field(
        "produce_rule",
        "农产品调整规则",
        "Rule of produce",
        "choice",
        choices=(
            Choice("A", Text("规则 A", "rule A")),
            Choice("B", Text("规则 B", "rule B")),
            Choice(
                "B_adjacent",
                Text(
                    "规则 B，计入相邻单元点位", "rule B, with points of adjacent units"
                ),
            ),
        ),
    ),
    _field(
        "least_produce_points",
        "农产品最少点位数",
        "Least produce points",
        "number",
        least=1.0,
        most=100.0,
    ),
    _field(
        "produce_compliant_share",
        "三类调为二类的达标比例",
        "Share that brings class 3 to 2",
        "number",
        most=1.0,
    ),
    _field("sliver_m2", "碎面面积（平方米）", "Sliver (m2)", "number"),
)
_THEMES: Final = ("farmland_unit",)


def plan_counties(connection: sa.Connection, order: RunOrder) -> Sequence[str]:
    """Return the counties of the division asked for, else of all the asker has."""
    division = order.parameters.get("division", order.scope)
    return list_counties(connection, order.moment, division)


def _read(connection: sa.Connection, order: RunOrder, county: str) -> CategoryMaterial:
    settings = with_parameters(read_settings(), dict(order.parameters))
    material = gather_material(
        connection, order.moment, county, settings, read_standards()
    )
    return CategoryMaterial(county, material, settings)


def _themes(parameters: Mapping[str, Any]) -> Sequence[str]:
    return _THEMES


FARMLAND_CATEGORIES: Final = Kind(
    "farmland_categories",
    Text("农用地土壤环境质量类别划分", "Categories of farmland"),
    Text(
        "按点位、农产品和单元划分优先保护、安全利用、严格管控三类，供审核批准"
        "（环办土壤〔2019〕53号，凭记忆）。",
        "Divides farmland into priority protection, safe use and strict control by its"
        " points, produce and units, for review and approval (guideline 环办土壤"
        "〔2019〕53号, recalled).",
    ),
    _FIELDS,
    COLUMNS,
    plan_counties,
    _read,
    propose,
    tally,
    _themes,
)
