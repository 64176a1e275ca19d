"""What would a reviewer of the division ask about? (core): 质检.

The checks that users of the guideline apply to its results (verified in their code):
shares of points by class of the unit, class-3 points in milder units, units with one
point against their neighbours, units that took a neighbour's class. Beside them what
this program knows: points of no unit, points that could not be judged, produce above
its limit in class-1 land (proposed), slivers, areas that do not add up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from parcels.texts import Text
from screening.categories.boundaries import shared_lengths
from screening.categories.division import Division
from screening.categories.material import (
    UNKNOWN,
    Material,
    middle_latitude,
    plane_at,
)
from screening.categories.settings import Settings

Severity = Literal["error", "warning", "info"]
AREA_TOLERANCE_M2: Final = 0.001
"""How far the pieces may sum past their unit, and no further (design section 2)."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to explain or check (质检问题).

    Attributes
    ----------
    check
        Stable key, snake case.
    piece, soil_point
        Index of what it is about; −1 for none.
    element
        Index of the element, −1 for all.
    """

    check: str
    severity: Severity
    text: Text
    piece: int = -1
    soil_point: int = -1
    element: int = -1


def check_division(
    division: Division, material: Material, settings: Settings
) -> list[Question]:
    """Return what is to be explained or looked at, check by check."""
    return [
        *_shares(division, settings),
        *_strict_points(division, material, settings),
        *_single_points(division, material),
        *_taken_over(division),
        *_not_known(division),
        *_points_outside(division, material),
        *_points_unjudged(material, settings),
        *_produce_in_class_1(division, settings),
        *_slivers(division, settings),
        *_areas(division, material),
    ]


def _shares(division: Division, settings: Settings) -> Iterator[Question]:
    counts, soil = division.soil_counts, division.pieces.soil
    total = counts.sum(axis=2)
    limits = (settings.class_1_share, settings.class_2_share, settings.class_3_share)
    for klass, limit in enumerate(limits, start=1):
        share = counts[..., klass - 1] / np.maximum(total, 1)
        low = (soil == klass) & (total > 0) & (share < limit)
        for piece, element in _places(low):
            name, found = settings.elements[element], f"{share[piece, element]:.0%}"
            text = Text(
                f"{name}：{klass}类单元的{klass}类点位占 {found}，低于 {limit:.0%}",
                f"{name}: class-{klass} unit has {found} points of its class, below"
                f" {limit:.0%}",
            )
            yield Question("share_of_class", "warning", text, piece, -1, element)
    many = (counts[..., 1] > settings.most_class_2_in_class_1) & (soil == 1)
    for piece, element in _places(many):
        name, number = settings.elements[element], int(counts[piece, element, 1])
        text = Text(
            f"{name}：一类单元有 {number} 个二类点位",
            f"{name}: class-1 unit has {number} class-2 points",
        )
        yield Question("class_2_in_class_1", "warning", text, piece, -1, element)


def _places(where: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return row and column of every true entry, as plain numbers."""
    return [(int(row), int(column)) for row, column in np.argwhere(where)]


def _strict_points(
    division: Division, material: Material, settings: Settings
) -> Iterator[Question]:
    owner, soil = division.soil_owner, material.soil
    inside = (owner >= 0)[:, None]
    here = np.where(inside, division.pieces.soil[owner], 3)
    for point, element in _places((soil.classes == 3) & (here < 3)):
        name, klass = settings.elements[element], int(here[point, element])
        code, piece = soil.code[point], int(owner[point])
        text = Text(
            f"{name}：{klass}类单元内有三类点位 {code}",
            f"{name}: class-3 point {code} in a class-{klass} unit",
        )
        yield Question("class_3_in_milder_unit", "error", text, piece, point, element)


def _single_points(division: Division, material: Material) -> Iterator[Question]:
    """List pieces with exactly one point, against the classes beside them."""
    pieces = division.pieces
    inside = division.soil_owner[division.soil_owner >= 0]
    held = np.bincount(inside, minlength=len(pieces))
    single = np.flatnonzero(held == 1)
    if not len(single):
        return
    plane = plane_at(middle_latitude(pieces.geometry))
    first, second, _ = shared_lengths(pieces.geometry, single, plane)
    category = pieces.category
    beside: dict[int, set[int]] = {}
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        beside.setdefault(one, set()).add(int(category[other]))
    for piece in single.tolist():
        around = sorted(beside.get(piece, set()))
        agrees = around in ([], [int(category[piece])])
        shown = ", ".join(map(str, around)) or "—"
        text = Text(
            f"单元只有一个点位；本单元 {category[piece]} 类，相邻单元 {shown} 类",
            f"one point only; class {category[piece]}, units beside it {shown}",
        )
        yield Question("single_point", "info" if agrees else "warning", text, piece)


def _taken_over(division: Division) -> Iterator[Question]:
    pieces = division.pieces
    taken = np.isin(pieces.origin, ("neighbour", "partly"))
    for piece in np.flatnonzero(taken).tolist():
        whole = pieces.origin[piece] == "neighbour"
        text = (
            Text(
                "无点位，取共边最长的相邻单元的类别，待核实",
                "no points; class of the neighbour with the longest boundary, check it",
            )
            if whole
            else Text(
                "部分元素无可用数据，取相邻单元的类别，待核实",
                "no usable data for some elements; taken from the neighbour, check it",
            )
        )
        yield Question("taken_from_neighbour", "info", text, piece)


def _not_known(division: Division) -> Iterator[Question]:
    text = Text(
        "无法划分：没有可评价的点位，也没有已划分的相邻单元",
        "cannot be divided: no point that can be judged and no neighbour with a class",
    )
    for piece in np.flatnonzero(division.pieces.category == UNKNOWN).tolist():
        yield Question("not_known", "warning", text, piece)


def _points_outside(division: Division, material: Material) -> Iterator[Question]:
    for point in np.flatnonzero(division.soil_owner < 0).tolist():
        code = material.soil.code[point]
        text = Text(
            f"点位 {code} 不在任何农用地单元内",
            f"point {code} lies in no farmland unit",
        )
        yield Question("point_outside", "warning", text, -1, point)


def _points_unjudged(material: Material, settings: Settings) -> Iterator[Question]:
    unknown = material.soil.classes == UNKNOWN
    for point in np.flatnonzero(unknown.any(axis=1)).tolist():
        names = [
            name
            for name, open_one in zip(settings.elements, unknown[point], strict=True)
            if open_one
        ]
        code, listed = material.soil.code[point], ", ".join(names)
        text = Text(
            f"点位 {code} 的 {listed} 无法评价"
            "（缺 pH、用地类型、检测值，或检出限过高）",
            f"{listed} of point {code} cannot be judged (pH, land or value missing, or"
            " the detection limit too high)",
        )
        yield Question("point_not_judged", "warning", text, -1, point)


def _produce_in_class_1(division: Division, settings: Settings) -> Iterator[Question]:
    above = division.produce_counts[..., 1:].sum(axis=2) > 0
    for piece, element in _places(above & (division.pieces.soil == 1)):
        name = settings.elements[element]
        text = Text(
            f"{name}：一类单元有农产品超标，建议现场核查",
            f"{name}: produce above its limit on class-1 land; look at it on site",
        )
        check = "produce_above_on_class_1"
        yield Question(check, "warning", text, piece, -1, element)


def _slivers(division: Division, settings: Settings) -> Iterator[Question]:
    pieces = division.pieces
    for piece in np.flatnonzero(pieces.area_m2 < settings.sliver_m2).tolist():
        text = Text(
            f"面积 {pieces.area_m2[piece]:,.2f} 平方米，小于 {settings.sliver_m2:g}，"
            "无同类相邻单元可并",
            f"{pieces.area_m2[piece]:,.2f} m2, below {settings.sliver_m2:g}, and no"
            " neighbour of its category to take it up",
        )
        yield Question("sliver_kept", "info", text, piece)


def _areas(division: Division, material: Material) -> Iterator[Question]:
    total = float(material.units.area_m2.sum())
    difference = float(division.pieces.area_m2.sum()) - total
    if abs(difference) > AREA_TOLERANCE_M2 * max(len(material.units), 1):
        text = Text(
            f"各单元面积之和与农用地面积相差 {difference:,.4f} 平方米",
            f"areas of the pieces differ from the farmland by {difference:,.4f} m2",
        )
        yield Question("area_differs", "error", text)
