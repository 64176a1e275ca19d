"""Columns and fields that several kinds of run share (core)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from parcels.analytes import find_analyte
from parcels.texts import Text
from screening.runs.row import Choice, Column, Field

DIVISION_FIELD: Final = Field(
    "division",
    Text("行政区划代码", "Division"),
    "division",
    hint=Text(
        "只筛查该行政区；不填为全部管辖范围",
        "only this division; all of yours when left out",
    ),
)

RING: Final = Column("ring", Text("位置关系", "Relation"), words="relation")
DISTANCE: Final = Column("distance_m", Text("距离", "Distance"), "number", "m")
WIDENED: Final = Column("widened_by_m", Text("点位外扩", "Widened by"), "number", "m")
DIVISION: Final = Column("division_code", Text("行政区", "Division"), words="division")
BORDER_DIVISION: Final = Column(
    "ask_division", Text("请向其查询", "Ask in division"), words="division"
)


def number_column(name: str, zh: str, en: str, unit: str = "") -> Column:
    """Return a column of numbers."""
    return Column(name, Text(zh, en), "number", unit)


def text_column(name: str, zh: str, en: str, words: str = "") -> Column:
    """Return a column of words; `words` names the group of coded values."""
    return Column(name, Text(zh, en), words=words)


def analyte_choices(codes: Iterable[str]) -> tuple[Choice, ...]:
    """Return analytes (`parcels.analytes`) as values that a field may take."""
    named = [find_analyte(code) for code in codes]
    return tuple(
        Choice(one.code, Text(one.name_zh, one.name_en)) for one in named if one
    )
