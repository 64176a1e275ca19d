"""How has the soil of farmland changed between survey rounds? (core).

农用地土壤污染趋势与成因分析 (R-C10; ZZ 三(一)1, M27 三(三), verified as a duty). No
text says how. This is a project default: of each unit and element two rounds are
compared by the median of its topsoil points, at the points both rounds sampled where
those are enough. A non-detect counts with half its limit (HJ/T 166-2004, 11.3,
recalled); where most of a round was not detected nothing is told. Sources near a unit
that got worse are candidates for a cause; nearness proves none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any, Final, NamedTuple

import numpy as np

from parcels.refusal import Refusal
from parcels.texts import Text
from screening.categories.judging import owners
from screening.categories.samples import (
    Result,
    judge_soil_points,
    measure_points,
)
from screening.categories.settings import Settings
from screening.neighbourhood import Feature
from screening.runs.columns import DISTANCE, DIVISION, number_column, text_column
from screening.runs.row import Column, Row
from screening.runs.upstream_rows import Limit
from screening.standards.limits import Standard
from screening.surroundings import Neighbour, Surroundings

MOST_NON_DETECTS: Final = 0.5
"""Share of non-detects above which no median is told (spatial_interpolation.md 3)."""
_NAMED: Final = 5
COLUMNS: Final = (
    text_column("row", "趋势", "Trend", "run_row"),
    text_column("unit_code", "单元编码", "Unit"),
    DIVISION,
    text_column("element", "元素", "Element"),
    text_column("from_round", "前一轮", "Earlier round"),
    text_column("to_round", "后一轮", "Later round"),
    Column("from_points", Text("前一轮点位", "Points before"), "integer"),
    Column("to_points", Text("后一轮点位", "Points after"), "integer"),
    Column("same_points", Text("同点对比", "Same points"), "yes_no"),
    number_column("from_mg_per_kg", "前一轮中位数（mg/kg）", "Median before (mg/kg)"),
    number_column("to_mg_per_kg", "后一轮中位数（mg/kg）", "Median after (mg/kg)"),
    number_column("change_share", "变化率", "Change", "share"),
    Column("from_class", Text("前一轮最差类别", "Worst class before"), "integer"),
    Column("to_class", Text("后一轮最差类别", "Worst class after"), "integer"),
    Column("sources", Text("附近污染源", "Sources near"), "integer"),
    text_column("nearest_source", "最近污染源", "Nearest source"),
    DISTANCE,
    number_column("limit_m", "限值", "Limit", "m"),
)


class Sampled(NamedTuple):
    """A result and the survey round it belongs to (调查批次)."""

    round: str
    result: Result


class RoundsReversed(Refusal):
    """The round that was asked for as the earlier one was sampled after the other."""

    def __init__(self, earlier: str, later: str) -> None:
        super().__init__(
            "order_reversed",
            f"前一轮（{earlier}）的采样晚于后一轮（{later}）；请交换两者。",
            f"The earlier round ({earlier}) was sampled after the later round"
            f" ({later}); exchange them.",
        )


@dataclass(frozen=True, slots=True)
class TrendTerms:
    """What counts as a change, and of how many points (project defaults).

    `rounds` are the earlier and the later round by name; None takes the first and the
    last of each unit.
    """

    least_points: int
    least_change: float
    rounds: tuple[str | None, str | None]
    limit: Limit


@dataclass(frozen=True, slots=True)
class TrendMaterial:
    """Units of a county, results at their points, and sources around."""

    units: Sequence[Feature]
    results: Sequence[Sampled]
    sources: Sequence[Feature]
    terms: TrendTerms
    settings: Settings
    standard: Standard


class _Value(NamedTuple):
    mg_per_kg: float
    non_detect: bool
    klass: int


_Values = dict[str, _Value]
"""By point."""


def list_trends(material: TrendMaterial) -> list[Row]:
    """Return a row for each unit and element with two rounds, by unit and element."""
    held = _by_unit(material)
    order = _order_of_rounds(material.results)
    sources = Surroundings(material.sources)
    rows: list[Row] = []
    for place, unit in enumerate(material.units):
        if place in held:
            rows += _unit_rows(unit, held[place], order, sources, material)
    return rows


def _by_unit(
    material: TrendMaterial,
) -> dict[int, dict[str, dict[str, _Values]]]:
    """Return values by unit, element, round and point."""
    points = {one.result.point: one.result for one in material.results}
    lonlat = np.array(
        [(one.longitude, one.latitude) for one in points.values()], np.float64
    ).reshape(-1, 2)
    shapes = np.array([unit.geometry for unit in material.units], dtype=object)
    inside = dict(zip(points, owners(shapes, lonlat).tolist(), strict=True))
    rounds: dict[str, list[Result]] = defaultdict(list)
    for one in material.results:
        if inside[one.result.point] >= 0:
            rounds[one.round].append(one.result)
    held: dict[int, dict[str, dict[str, _Values]]] = {}
    for name, results in rounds.items():
        for element, point, value in _values(results, material):
            unit = held.setdefault(inside[point], {})
            unit.setdefault(element, {}).setdefault(name, {})[point] = value
    return held


def _values(
    results: Sequence[Result], material: TrendMaterial
) -> Iterable[tuple[str, str, _Value]]:
    """Return what one round says of each element and point: its latest result."""
    settings = material.settings
    judged = judge_soil_points(results, settings, material.standard)
    row_of = {code: place for place, code in enumerate(judged.code.tolist())}
    for column, element in enumerate(settings.elements):
        for point, one in measure_points(results, element, settings).items():
            klass = int(judged.classes[row_of[point], column])
            yield element, point, _Value(one.value, one.non_detect, klass)


def _order_of_rounds(results: Iterable[Sampled]) -> dict[str, int]:
    """Return the place of each round in time: by its first day, then by name."""
    first: dict[str, date] = {}
    for one in results:
        day = one.result.sampled_on or date.max
        first[one.round] = min(first.get(one.round, day), day)
    names = sorted(first, key=lambda name: (first[name], name))
    return {name: place for place, name in enumerate(names)}


def _unit_rows(
    unit: Feature,
    held: Mapping[str, Mapping[str, _Values]],
    order: Mapping[str, int],
    sources: Surroundings,
    material: TrendMaterial,
) -> list[Row]:
    rows = []
    near: list[Neighbour] | None = None
    for element in material.settings.elements:
        pair = _pair(held.get(element, {}), order, material.terms.rounds)
        if pair is None:
            continue
        values = _compare(held[element], pair, material.terms)
        worse = values["row"] == "rising" or _worse(values)
        if worse and near is None:
            near = sources.around(unit, material.terms.limit.metres)
        rows.append(_row(unit, element, values, near if worse else None, material))
    if not rows and any(held.values()):
        rows.append(_one_round(unit, held))
    return rows


def _pair(
    rounds: Mapping[str, _Values],
    order: Mapping[str, int],
    asked: tuple[str | None, str | None],
) -> tuple[str, str] | None:
    """Return the two rounds to compare; raises `RoundsReversed`."""
    names = sorted(rounds, key=lambda name: order[name])
    earlier = asked[0] or (names[0] if names else None)
    later = asked[1] or (names[-1] if names else None)
    if earlier is None or later is None or earlier == later:
        return None
    if not {earlier, later} <= rounds.keys():
        return None
    if order[earlier] > order[later]:
        raise RoundsReversed(earlier, later)
    return earlier, later


def _compare(
    rounds: Mapping[str, _Values], pair: tuple[str, str], terms: TrendTerms
) -> dict[str, Any]:
    before, after = rounds[pair[0]], rounds[pair[1]]
    common = before.keys() & after.keys()
    same = len(common) >= terms.least_points
    if same:
        before = {point: before[point] for point in common}
        after = {point: after[point] for point in common}
    said: dict[str, Any] = {
        "from_round": pair[0],
        "to_round": pair[1],
        "from_points": len(before),
        "to_points": len(after),
        "same_points": same,
        "from_class": _worst(before),
        "to_class": _worst(after),
    }
    if min(len(before), len(after)) < terms.least_points:
        return {**said, "row": "too_few_points"}
    if max(_non_detects(before), _non_detects(after)) > MOST_NON_DETECTS:
        return {**said, "row": "mostly_non_detect"}
    old, new = _median(before), _median(after)
    # As published: 0.2 is 0.2, whatever the last bit says.
    change = round((new - old) / old, 4) if old else None
    return {
        **said,
        "row": _direction(change, terms.least_change),
        "from_mg_per_kg": old,
        "to_mg_per_kg": new,
        "change_share": change,
    }


def _direction(change: float | None, least: float) -> str:
    if change is None:
        return "not_comparable"
    if change >= least:
        return "rising"
    return "falling" if change <= -least else "steady"


def _worst(values: _Values) -> int | None:
    return max((one.klass for one in values.values()), default=0) or None


def _worse(values: Mapping[str, Any]) -> bool:
    before, after = values["from_class"], values["to_class"]
    return before is not None and after is not None and after > before


def _non_detects(values: _Values) -> float:
    return sum(one.non_detect for one in values.values()) / len(values)


def _median(values: _Values) -> float:
    return float(median(one.mg_per_kg for one in values.values()))


def _row(
    unit: Feature,
    element: str,
    values: Mapping[str, Any],
    near: Sequence[Neighbour] | None,
    material: TrendMaterial,
) -> Row:
    said = {**_unit(unit), "element": element, **values}
    if near is not None:
        said |= {
            "sources": len(near),
            "nearest_source": near[0].feature.code if near else None,
            "distance_m": near[0].distance_m if near else None,
            "limit_m": material.terms.limit.metres,
        }
    return Row(said, _why(values, near, material.terms), unit.geometry)


_OUTCOMES: Final[Mapping[str, Text]] = {
    "rising": Text("上升", "rising"),
    "falling": Text("下降", "falling"),
    "steady": Text("无明显变化", "no marked change"),
    "too_few_points": Text("点位过少，不作判断", "too few points to tell anything"),
    "mostly_non_detect": Text(
        "多数未检出，不计算中位数", "mostly not detected: no median is told"
    ),
    "not_comparable": Text("前一轮中位数为零", "the earlier median is zero"),
}


def _why(
    values: Mapping[str, Any], near: Sequence[Neighbour] | None, terms: TrendTerms
) -> Text:
    outcome = _OUTCOMES[values["row"]]
    zh, en = outcome.zh, outcome.en
    if values.get("change_share") is not None:
        change = f"{values['change_share']:+.0%}"
        zh += f"：中位数变化 {change}（达 {terms.least_change:.0%} 计为变化，项目默认）"
        en += f": the median changed by {change} (from {terms.least_change:.0%} on a"
        en += " change, project default)"
    if _worse(values):
        zh += f"；最差点位由 {values['from_class']} 类变为 {values['to_class']} 类"
        en += f"; its worst point went from class {values['from_class']}"
        en += f" to {values['to_class']}"
    if near is not None:
        causes = _causes(near, terms.limit)
        zh, en = f"{zh}；{causes.zh}", f"{en}; {causes.en}"
    return Text(zh, en)


def _causes(near: Sequence[Neighbour], limit: Limit) -> Text:
    metres = f"{limit.metres:g}"
    if not near:
        return Text(
            f"{metres} 米内没有在案污染源，原因不明",
            f"no source on record within {metres} m: the cause is not known",
        )
    listed = "; ".join(
        f"{one.feature.name or one.feature.code} {one.distance_m:.2f} m"
        for one in near[:_NAMED]
    )
    return Text(
        f"{metres} 米内的污染源：{listed}；邻近只是排查理由，不证明因果"
        f"（距离来源：{limit.source.zh}）",
        f"sources within {metres} m: {listed}; nearness is a reason to look, no proof"
        f" (distance: {limit.source.en})",
    )


def _one_round(unit: Feature, held: Mapping[str, Mapping[str, _Values]]) -> Row:
    names = sorted({name for rounds in held.values() for name in rounds})
    listed = ", ".join(names)
    why = Text(
        f"没有可对比的两轮数据（现有：{listed}）",
        f"no two rounds to compare (on record: {listed})",
    )
    return Row({**_unit(unit), "row": "one_round"}, why, unit.geometry)


def _unit(unit: Feature) -> dict[str, Any]:
    return {"unit_code": unit.code, "division_code": unit.division_code}


def tally_trends(row: Row) -> Mapping[str, float]:
    """Count units and elements by trend."""
    return {str(row.values["row"]): 1}
