"""Which sources lie by points over the standard? (core).

超标点位与污染源交叉筛查 (R-C11, ZZ 三(五)1, verified: farmland, crops and heavy-metal
sources are screened together for new objects of rectification). A source is a candidate
when a soil point over its screening value lies within the distance: on farmland that of
GB 15618, on development land that of GB 36600. Which distance the plan does not say.
Nearness is a reason to look and no proof, and the row says so.

Points without results that can be judged are counted, never taken for clean. An
exceeding point without a source near is a row of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from parcels.texts import Text
from screening.neighbourhood import BorderHit, Feature
from screening.runs.border_rows import describe_hit
from screening.runs.columns import (
    BORDER_DIVISION,
    DISTANCE,
    DIVISION,
    WIDENED,
    number_column,
    text_column,
)
from screening.runs.row import Column, Row
from screening.runs.upstream_rows import Limit
from screening.surroundings import Neighbour, Surroundings

CANDIDATE: Final = "candidate"
COLUMNS: Final = (
    text_column("row", "行类型", "Row", "run_row"),
    text_column("theme", "污染源", "Source", "theme"),
    text_column("type", "类型", "Type", "category"),
    text_column("code", "编码", "Code"),
    text_column("name", "名称", "Name"),
    DIVISION,
    Column("exceeding", Text("超标点位", "Points over"), "integer"),
    Column("over_intervention", Text("超管制值点位", "Over intervention"), "integer"),
    Column("judged", Text("已评价点位", "Points judged"), "integer"),
    Column("not_judged", Text("未能评价点位", "Points not judged"), "integer"),
    text_column("elements", "超标元素", "Elements"),
    text_column("nearest_point", "最近超标点位", "Nearest point"),
    DISTANCE,
    WIDENED,
    number_column("limit_m", "限值", "Limit", "m"),
    BORDER_DIVISION,
)
_NAMED: Final = 5
"""Points named in a reason; a choice of layout."""


@dataclass(frozen=True, slots=True)
class JudgedPoint:
    """A soil point and its class by element; None where it cannot be judged.

    `standard` is the number of the one it was judged by.
    """

    point: Feature
    classes: Mapping[str, int | None] | None = None
    standard: str | None = None

    @property
    def worst(self) -> int:
        """The highest class of any element, 0 where none can be judged."""
        return max((one or 0 for one in (self.classes or {}).values()), default=0)

    @property
    def over(self) -> list[str]:
        """Elements over their screening value."""
        return sorted(e for e, one in (self.classes or {}).items() if (one or 0) > 1)


@dataclass(frozen=True, slots=True)
class CrossMaterial:
    """Sources and points of one tile, what was read around them, the distance."""

    sources: Sequence[Feature]
    points: Sequence[JudgedPoint]
    points_around: Sequence[JudgedPoint]
    sources_around: Sequence[Feature]
    across: Sequence[tuple[Feature, BorderHit]]
    limit: Limit


def cross(material: CrossMaterial) -> list[Row]:
    """Return the candidates of one tile, then exceeding points without a source."""
    judged = {one.point.version_id: one for one in material.points_around}
    points = Surroundings([one.point for one in material.points_around])
    rows: list[Row] = []
    for source in material.sources:
        near = points.around(source, material.limit.metres)
        pairs = [(each, judged[each.feature.version_id]) for each in near]
        if any(one.worst > 1 for _, one in pairs):
            rows.append(_candidate(source, pairs, material.limit))
    sources = Surroundings(material.sources_around)
    across: dict[int, list[BorderHit]] = {}
    for point, hit in material.across:
        across.setdefault(point.version_id, []).append(hit)
    for one in material.points:
        hits = across.get(one.point.version_id, [])
        if one.worst > 1 and not sources.around(one.point, material.limit.metres):
            rows.append(_without_source(one, material.limit, bool(hits)))
        if one.worst > 1:
            rows += [_border_row(one, hit) for hit in hits]
    return rows


def _candidate(
    source: Feature, pairs: Sequence[tuple[Neighbour, JudgedPoint]], limit: Limit
) -> Row:
    over = [(near, one) for near, one in pairs if one.worst > 1]
    over.sort(key=lambda pair: (pair[0].distance_m, pair[1].point.code))
    nearest, first = over[0]
    elements = sorted({element for _, one in over for element in one.over})
    not_judged = sum(one.worst == 0 for _, one in pairs)
    values = {
        "row": CANDIDATE,
        "theme": source.theme,
        "type": source.category,
        "code": source.code,
        "name": source.name,
        "division_code": source.division_code,
        "exceeding": len(over),
        "over_intervention": sum(one.worst == 3 for _, one in over),
        "judged": len(pairs) - not_judged,
        "not_judged": not_judged,
        "elements": ", ".join(elements),
        "nearest_point": first.point.code,
        "distance_m": nearest.distance_m,
        "widened_by_m": nearest.widened_by_m,
        "limit_m": limit.metres,
    }
    return Row(values, _why(over, limit), source.geometry)


def _why(over: Sequence[tuple[Neighbour, JudgedPoint]], limit: Limit) -> Text:
    named = [
        f"{one.point.code} {near.distance_m:.2f} m ({_over(one)})"
        for near, one in over[:_NAMED]
    ]
    more = len(over) - len(named)
    listed = "; ".join(named)
    zh = f"{limit.metres:g} 米内有 {len(over)} 个超过筛选值的点位：{listed}"
    en = f"{len(over)} point(s) over the screening value within {limit.metres:g} m: "
    en += listed
    if more:
        zh, en = f"{zh}；另有 {more} 个", f"{en}; {more} more"
    zh += f"。距离来源：{limit.source.zh}。邻近只是排查理由，不证明因果"
    en += f". Distance: {limit.source.en}. Nearness is a reason to look, no proof"
    return Text(zh, en)


def _over(one: JudgedPoint) -> str:
    return ", ".join([*one.over, *([one.standard] if one.standard else [])])


def _without_source(one: JudgedPoint, limit: Limit, across: bool) -> Row:
    values = {
        **_point(one),
        "row": "without_source",
        "elements": ", ".join(one.over),
        "limit_m": limit.metres,
    }
    zh = f"超过筛选值，{limit.metres:g} 米内没有在案污染源，原因不明"
    en = f"over the screening value with no source on record within {limit.metres:g} m"
    en += ": the cause is not known"
    if across:
        zh += "；相邻行政区有污染源，见跨行政区行"
        en += "; another division has one, see the row across the border"
    return Row(values, Text(zh, en), one.point.geometry)


def _point(one: JudgedPoint) -> dict[str, Any]:
    return {
        "theme": one.point.theme,
        "type": one.point.category,
        "code": one.point.code,
        "name": one.point.name,
        "division_code": one.point.division_code,
    }


def _border_row(one: JudgedPoint, hit: BorderHit) -> Row:
    values = {
        "row": "across_border",
        "nearest_point": one.point.code,
        "division_code": one.point.division_code,
        "theme": hit.theme,
        "ask_division": hit.division_code,
    }
    return Row(values, describe_hit(hit))


def tally_cross(row: Row) -> Mapping[str, float]:
    """Count rows by what they are, and candidates by theme."""
    kind = str(row.values["row"])
    if kind != CANDIDATE:
        return {kind: 1}
    return {kind: 1, f"theme.{row.values['theme']}": 1}
