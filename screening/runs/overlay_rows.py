"""What of one layer meets what of another, and how much in all? (core).

图层叠加筛查. A row for every pair, one for every class that covers a piece of land, and
one for all classes together, in which no ground counts twice and the rest is told. What
meets nothing has a row where it is asked for: priority land outside basic farmland, and
the reverse (R-B07).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely

from parcels.texts import Text
from screening.neighbourhood import BorderHit, Feature
from screening.overlay_layers import Layer, Pairs, join_pairs, overlay_layers
from screening.overlay_shares import Covered, measure_covered
from screening.runs.border_rows import describe_hit
from screening.runs.columns import (
    BORDER_DIVISION,
    DISTANCE,
    DIVISION,
    RING,
    WIDENED,
    number_column,
    text_column,
)
from screening.runs.row import Row
from screening.surroundings import Neighbour, Surroundings, describe_distance

COLUMNS: Final = (
    text_column("row", "行类型", "Row", "run_row"),
    text_column("code", "编码", "Code"),
    text_column("name", "名称", "Name"),
    text_column("category", "类别", "Class", "category"),
    DIVISION,
    text_column("other_theme", "对象专题", "Other theme", "theme"),
    text_column("other_code", "对象编码", "Other code"),
    text_column("other_name", "对象名称", "Other name"),
    text_column("other_class", "对象类别", "Other class", "category"),
    RING,
    number_column("area_m2", "重叠面积", "Overlap", "m2"),
    number_column("share", "占比", "Share", "share"),
    number_column("exclusive_m2", "仅此类面积", "This class alone", "m2"),
    number_column("exclusive_share", "仅此类占比", "Share alone", "share"),
    number_column("rest_m2", "未重叠面积", "Not covered", "m2"),
    DISTANCE,
    WIDENED,
    BORDER_DIVISION,
)


@dataclass(frozen=True, slots=True)
class OverlayMaterial:
    """Left features of one tile, what they may meet, and hits across the border.

    `within_m` is 0 where only overlap is asked for. With `unmet` what meets nothing has
    a row as well.
    """

    left: Sequence[Feature]
    right: Sequence[Feature]
    across: Sequence[tuple[Feature, BorderHit]]
    within_m: float
    sliver_area_m2: float
    sliver_width_m: float
    unmet: bool = False


def list_overlaps(material: OverlayMaterial) -> list[Row]:
    """Return the rows of one tile, in order of the left feature."""
    found: list[list[Row]] = [[] for _ in material.left]
    areal_left = _areal(material.left)
    areal_right = _areal(material.right)
    met = _overlaps(material, areal_left, areal_right, found)
    _add_near(material, met, found)
    place = {id(feature): index for index, feature in enumerate(material.left)}
    for feature, hit in material.across:
        values = {**_own(feature), "row": "across_border", "other_theme": hit.theme}
        values |= {"ring": hit.relation, "ask_division": hit.division_code}
        found[place[id(feature)]].append(Row(values, describe_hit(hit)))
    if material.unmet:
        for feature, rows in zip(material.left, found, strict=True):
            if not rows:
                rows.append(_unmet_row(feature))
    return [row for rows in found for row in rows]


def _areal(features: Sequence[Feature]) -> list[int]:
    return [
        index
        for index, feature in enumerate(features)
        if shapely.get_dimensions(feature.geometry) == 2
    ]


def _overlaps(
    material: OverlayMaterial,
    lefts: list[int],
    rights: list[int],
    found: list[list[Row]],
) -> set[tuple[int, int]]:
    """Add pairs, classes and totals; return which pairs share ground."""
    if not lefts or not rights:
        return set()
    left = _layer([material.left[index] for index in lefts])
    right = _layer([material.right[index] for index in rights])
    pairs = join_pairs(overlay_layers(left, right, keep_pieces=True))
    same = [
        material.left[lefts[a]].is_same_version(material.right[rights[b]])
        for a, b in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)
    ]
    pairs = _without(pairs, np.array(same, dtype=bool))
    classes = [_class_of(material.right[index]) for index in rights]
    covered = measure_covered(
        pairs, left, classes, material.sliver_area_m2, material.sliver_width_m
    )
    slivers = {each.left for each in covered if each.sliver}
    assert pairs.pieces is not None or not len(pairs)
    met = set()
    for number in range(len(pairs)):
        a, b = int(pairs.left[number]), int(pairs.right[number])
        one, other = lefts[a], rights[b]
        met.add((one, other))
        found[one].append(
            _pair_row(
                material.left[one],
                material.right[other],
                "sliver" if a in slivers else "on",
                float(pairs.areas_m2[number]),
                float(pairs.shares[number]),
                pairs.pieces[number],  # type: ignore[index]
            )
        )
    for each in covered:
        one = lefts[each.left]
        found[one] += _total_rows(material.left[one], each)
    return met


def _layer(features: Sequence[Feature]) -> Layer:
    shapes = np.array([feature.geometry for feature in features], dtype=object)
    recorded = [feature.attributes.get("mapped_area_m2") for feature in features]
    if None in recorded:
        return Layer.of(shapes)
    return Layer.of(shapes, np.array(recorded, dtype=float))


def _without(pairs: Pairs, same: np.ndarray[Any, np.dtype[np.bool_]]) -> Pairs:
    if not same.any():
        return pairs
    kept = ~same
    pieces = None if pairs.pieces is None else pairs.pieces[kept]
    return Pairs(
        pairs.left[kept],
        pairs.right[kept],
        pairs.relations[kept],
        pairs.shares[kept],
        pairs.areas_m2[kept],
        pieces,
    )


def _class_of(feature: Feature) -> str:
    return feature.category or ""


def _own(feature: Feature) -> dict[str, Any]:
    return {
        "code": feature.code,
        "name": feature.name,
        "category": feature.category,
        "division_code": feature.division_code,
    }


def _other(feature: Feature) -> dict[str, Any]:
    return {
        "other_theme": feature.theme,
        "other_code": feature.code,
        "other_name": feature.name,
        "other_class": feature.category,
    }


def _pair_row(
    one: Feature, other: Feature, ring: str, area_m2: float, share: float, piece: Any
) -> Row:
    values = {**_own(one), "row": "pair", **_other(other), "ring": ring}
    values |= {"area_m2": round(area_m2, 2), "share": round(share, 6)}
    part = f"{area_m2:,.2f}"
    why = Text(
        f"重叠 {part} 平方米，占 {share:.2%}", f"overlaps by {part} m², {share:.2%}"
    )
    if ring == "sliver":
        why = Text(f"{why.zh}；合并后为细碎面", f"{why.en}; a sliver when united")
    return Row(values, why, piece)


def _total_rows(one: Feature, covered: Covered) -> list[Row]:
    ring = "sliver" if covered.sliver else "on"
    rows = [
        Row(
            {
                **_own(one),
                "row": "class",
                "other_class": part.name or None,
                "ring": ring,
                "area_m2": round(part.inclusive_m2, 2),
                "share": round(part.inclusive, 6),
                "exclusive_m2": round(part.exclusive_m2, 2),
                "exclusive_share": round(part.exclusive, 6),
            },
            Text(
                "该类合并后的面积；“仅此类”不含其他类也覆盖的部分",
                "the class united; alone: without ground other classes cover too",
            ),
        )
        for part in covered.classes
    ]
    values = {**_own(one), "row": "total", "ring": ring}
    values |= {"area_m2": round(covered.area_m2, 2), "share": round(covered.share, 6)}
    if covered.share > 0:
        rest_m2 = covered.area_m2 / covered.share - covered.area_m2
        values["rest_m2"] = round(max(rest_m2, 0.0), 2)
    why = Text("全部对象合并后的面积，不重复计算", "all united, nothing counted twice")
    return [*rows, Row(values, why)]


def _unmet_row(one: Feature) -> Row:
    area = one.attributes.get("mapped_area_m2")
    if area is None and shapely.get_dimensions(one.geometry) == 2:
        area = float(_layer([one]).areas_m2[0])
    values = {**_own(one), "row": "unmet"}
    if area is not None:
        values["rest_m2"] = round(area, 2)
    why = Text("在案对象均未与之相遇", "nothing on record meets it")
    return Row(values, why, one.geometry)


def _add_near(
    material: OverlayMaterial, met: set[tuple[int, int]], found: list[list[Row]]
) -> None:
    """Add what shares no ground: points and lines on it, and all within a distance."""
    surroundings = Surroundings(material.left)
    place = {id(feature): index for index, feature in enumerate(material.left)}
    near: list[list[tuple[Neighbour, Feature]]] = [[] for _ in material.left]
    for number, other in enumerate(material.right):
        line_or_point = shapely.get_dimensions(other.geometry) < 2
        if not (material.within_m or line_or_point or not _all_areal(material.left)):
            continue
        for neighbour in surroundings.around(other, material.within_m):
            index = place[id(neighbour.feature)]
            if (index, number) not in met:
                near[index].append((neighbour, other))
    for index, entries in enumerate(near):
        entries.sort(key=lambda entry: (entry[0].distance_m, entry[1].code))
        found[index] += [_near_row(*entry) for entry in entries]


def _all_areal(features: Sequence[Feature]) -> bool:
    return len(_areal(features)) == len(features)


def _near_row(neighbour: Neighbour, other: Feature) -> Row:
    values = {
        **_own(neighbour.feature),
        "row": "pair",
        **_other(other),
        "ring": neighbour.ring,
        "distance_m": neighbour.distance_m,
        "widened_by_m": neighbour.widened_by_m,
    }
    return Row(values, describe_distance(neighbour), other.geometry)


def tally_overlaps(row: Row) -> Mapping[str, float]:
    """Count pairs and land met; sum areas in all and by class, slivers left out."""
    values = row.values
    match values["row"]:
        case "pair":
            return {"pairs": 1, f"ring.{values['ring']}": 1}
        case "across_border":
            return {"across_border": 1}
        case "unmet":
            return {"unmet": 1, "rest_m2": values.get("rest_m2", 0.0)}
        case "class" if values["ring"] == "on":
            return {f"area_m2.{values['other_class'] or ''}": values["area_m2"]}
        case "total" if values["ring"] == "on":
            rest_m2 = values.get("rest_m2", 0.0)
            return {"objects_met": 1, "area_m2": values["area_m2"], "rest_m2": rest_m2}
        case _:
            return {}
