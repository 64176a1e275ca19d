"""What does a proposed division read like? (core): rows of its run, codes, totals.

One row a piece with its classes, category, code and where they come from; after them
one row a question a reviewer would ask (`quality`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from parcels.area import to_mu
from parcels.texts import Text
from screening.categories.division import Division, divide
from screening.categories.material import Material
from screening.categories.produce import target_pollutants
from screening.categories.quality import Question, check_division
from screening.categories.settings import Settings
from screening.runs.columns import number_column, text_column
from screening.runs.row import Column, Row

CATEGORIES: Final = (
    "unclassified",
    "priority_protection",
    "safe_use",
    "strict_control",
)
"""Category of the register by combined class, 0 to 3."""
NUMERALS: Final = ("", "Ⅰ", "Ⅱ", "Ⅲ")
_CODE: Final = re.compile(r"(\d{6})(\d{6})[ⅠⅡⅢ]?")


@dataclass(frozen=True, slots=True, eq=False)
class CategoryMaterial:
    """What one county's division is made of, and by which settings."""

    division: str
    material: Material
    settings: Settings


def _class_column(element: str) -> Column:
    title = Text(f"{element} 类别", f"Class by {element}")
    return Column(f"{element.lower()}_class", title, "integer")


COLUMNS: Final = (
    text_column("record", "记录", "Record", "category_record"),
    text_column("unit_code", "单元编码", "Unit"),
    Column("part", Text("部分", "Part"), "integer"),
    text_column("new_code", "类别编码", "Category code"),
    text_column("category", "拟划类别", "Category proposed", "farmland_category"),
    text_column(
        "category_before", "现行类别", "Category in force", "farmland_category"
    ),
    Column("changed", Text("有变化", "Changed"), "yes_no"),
    number_column("area_m2", "面积", "Area", "m2"),
    number_column("area_mu", "面积（亩）", "Area (mu)"),
    *(_class_column(one) for one in ("Cd", "Hg", "As", "Pb", "Cr")),
    text_column("soil_classes", "土壤点位类别", "Classes by soil"),
    text_column("target_pollutants", "目标污染物", "Target pollutants"),
    text_column("origin", "评定方式", "Judged by", "category_origin"),
    text_column("source_unit", "取自单元", "Taken from"),
    Column("soil_points", Text("土壤点位", "Soil points"), "integer"),
    Column("produce_points", Text("农产品点位", "Produce points"), "integer"),
    Column("slivers_merged", Text("并入碎面", "Slivers merged"), "integer"),
    text_column("township_code", "乡镇", "Township", "division"),
    text_column("land_use_code", "地类编码", "Land use"),
    text_column("check", "质检项", "Check", "category_check"),
    text_column("severity", "严重程度", "Severity", "severity"),
    text_column("point_code", "点位编码", "Point"),
    text_column("element", "元素", "Element"),
    text_column("division_code", "行政区", "Division", "division"),
)


def propose(given: CategoryMaterial) -> list[Row]:
    """Return the rows of one county: its pieces, then the questions they raise."""
    found = divide(given.material, given.settings)
    codes = number_pieces(found, given.material, given.division)
    questions = check_division(found, given.material, given.settings)
    return [
        *_piece_rows(found, given, codes),
        *(_question_row(one, found, given) for one in questions),
    ]


def number_pieces(found: Division, material: Material, county: str) -> list[str]:
    """Return the category code (LBBM) of each piece: county, serial, numeral.

    The largest piece of a unit keeps its serial, others get free ones; so do units
    whose code is of another form (code form verified, S18).
    """
    category = found.category
    matches = [_CODE.fullmatch(str(code)) for code in material.units.code]
    serials = [
        int(one[2]) if one is not None and one[1] == county else 0 for one in matches
    ]
    keeps = largest_pieces(found)
    following = max(serials, default=0)
    codes = []
    for piece, unit in enumerate(found.pieces.unit.tolist()):
        serial = serials[unit] if keeps[piece] else 0
        if serial == 0:
            following += 1
            serial = following
        codes.append(f"{county}{serial:06d}{NUMERALS[int(category[piece])]}")
    return codes


def largest_pieces(found: Division) -> list[bool]:
    """Return whether each piece is the largest of its unit, the first of equals."""
    pieces = found.pieces
    largest: dict[int, int] = {}
    for piece, unit in enumerate(pieces.unit.tolist()):
        held = largest.get(unit)
        if held is None or pieces.area_m2[piece] > pieces.area_m2[held]:
            largest[unit] = piece
    return [largest[unit] == piece for piece, unit in enumerate(pieces.unit.tolist())]


def _part_numbers(found: Division) -> list[int]:
    """Return 1 for the largest piece of each unit, and 2, 3, … for the others."""
    following: dict[int, int] = {}
    numbers = []
    keeps = largest_pieces(found)
    for piece, unit in enumerate(found.pieces.unit.tolist()):
        if keeps[piece]:
            numbers.append(1)
        else:
            following[unit] = following.get(unit, 1) + 1
            numbers.append(following[unit])
    return numbers


def _piece_rows(
    found: Division, given: CategoryMaterial, codes: list[str]
) -> list[Row]:
    parts = _part_numbers(found)
    soil = _held(found.soil_owner, len(found.pieces))
    produce = _held(found.produce_owner, len(found.pieces))
    rows = []
    for piece in range(len(found.pieces)):
        values = {
            "record": "unit",
            "part": parts[piece],
            "new_code": codes[piece],
            **_category_values(found, given, piece),
            **_class_values(found, given, piece),
            "soil_points": int(soil[piece]),
            "produce_points": int(produce[piece]),
        }
        rows.append(Row(values, _why(values), found.pieces.geometry[piece]))
    return rows


def _held(owner: npt.NDArray[np.int64], pieces: int) -> npt.NDArray[np.int64]:
    return np.bincount(owner[owner >= 0], minlength=pieces)


def _category_values(
    found: Division, given: CategoryMaterial, piece: int
) -> dict[str, Any]:
    """Return category before and proposed, areas, and what unit it is of."""
    pieces, units = found.pieces, given.material.units
    unit, source = int(pieces.unit[piece]), int(pieces.source[piece])
    category = CATEGORIES[int(found.category[piece])]
    area_m2 = float(pieces.area_m2[piece])
    return {
        "unit_code": units.code[unit],
        "category": category,
        "category_before": units.category[unit],
        "changed": category != units.category[unit],
        "area_m2": area_m2,
        "area_mu": round(to_mu(area_m2), 2),
        "origin": str(pieces.origin[piece]),
        "source_unit": None if source < 0 else units.code[pieces.unit[source]],
        "slivers_merged": int(pieces.merged[piece]),
        "township_code": units.township[unit],
        "land_use_code": units.land_use[unit],
        "division_code": units.division[unit],
    }


def _class_values(
    found: Division, given: CategoryMaterial, piece: int
) -> dict[str, Any]:
    """Return the class of each element, after produce and by soil, and the targets."""
    names, final = given.settings.elements, found.pieces.final[piece]
    known = int(found.category[piece]) > 0
    targets = target_pollutants(final, names) if known else []
    by_soil = zip(names, found.pieces.soil[piece].tolist(), strict=True)
    return {
        **{
            f"{name.lower()}_class": one or None
            for name, one in zip(names, final.tolist(), strict=True)
        },
        "soil_classes": " ".join(f"{name}:{one or '?'}" for name, one in by_soil),
        "target_pollutants": ";".join(targets) or None,
    }


_ORIGINS: Final[Mapping[str, Text]] = {
    "points": Text("由单元内点位评定", "judged by the points in it"),
    "part": Text(
        "单元内点位类别不一，划分后评定", "its points differ; cut and judged in parts"
    ),
    "neighbour": Text(
        "无点位，取共边最长的相邻单元的类别",
        "no points; class of the neighbour with the longest boundary",
    ),
    "partly": Text(
        "部分元素取自共边最长的相邻单元",
        "some elements from the neighbour with the longest boundary",
    ),
    "unknown": Text("无可用点位和相邻单元", "no usable point and no neighbour"),
}


def _why(values: Mapping[str, Any]) -> Text:
    """Return how a piece came to its category."""
    origin = _ORIGINS[values["origin"]]
    points, produce = values["soil_points"], values["produce_points"]
    counted = Text(
        f"；土壤点位 {points} 个，农产品点位 {produce} 个",
        f"; {points} soil points, {produce} produce points",
    )
    targets = values["target_pollutants"]
    by = Text(f"；目标污染物 {targets}", f"; by {targets}") if targets else Text("", "")
    return Text(f"{origin.zh}{counted.zh}{by.zh}。", f"{origin.en}{counted.en}{by.en}.")


def _question_row(one: Question, found: Division, given: CategoryMaterial) -> Row:
    pieces, material = found.pieces, given.material
    unit = int(pieces.unit[one.piece]) if one.piece >= 0 else -1
    names = given.settings.elements
    values = {
        "record": "question",
        "unit_code": material.units.code[unit] if unit >= 0 else None,
        "check": one.check,
        "severity": one.severity,
        "point_code": material.soil.code[one.soil_point]
        if one.soil_point >= 0
        else None,
        "element": names[one.element] if one.element >= 0 else None,
        "division_code": given.division,
    }
    return Row(values, one.text, _place(one, found, given))


def _place(
    one: Question, found: Division, given: CategoryMaterial
) -> BaseGeometry | None:
    """Return where a question lies: its point, else the middle of its piece."""
    if one.soil_point >= 0:
        return shapely.Point(given.material.soil.lonlat[one.soil_point])
    if one.piece >= 0:
        return shapely.point_on_surface(found.pieces.geometry[one.piece])
    return None


def tally(row: Row) -> Mapping[str, float]:
    """Add up areas and units by category, before and proposed, and questions."""
    values = row.values
    if values["record"] == "question":
        return {f"questions.{values['severity']}": 1, f"check.{values['check']}": 1}
    area = values["area_m2"]
    counts = {
        f"units.{values['category']}": 1.0,
        f"area_m2.{values['category']}": area,
        f"before_m2.{values['category_before']}": area,
        f"origin.{values['origin']}": 1.0,
    }
    if values["changed"]:
        counts["changed"] = 1.0
        way = f"{values['category_before']}>{values['category']}"
        counts[f"moved_m2.{way}"] = area
    return counts
