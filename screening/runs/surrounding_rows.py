"""What lies around enterprises, ponds and parks, and who watches it? (core).

企业周边筛查 (R-C01, R-C02, R-C03). For every source the rules of the distance table
that it falls under say how far which things matter; no law gives a distance, so every
row names the rule, its number and where that comes from. A source that no rule names is
counted, never passed over.

Key supervised units and parks are to be monitored around once a year (郑州方案 三(七),
verified), soil and groundwater: each of them without a sample within the perimeter in
the last months is a row of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import shapely

from parcels.texts import Text
from screening.distance import buffer_for_display, measure_widening
from screening.distance_rules import DistanceRule
from screening.distance_table import belongs_to
from screening.industries import IndustryList
from screening.neighbourhood import BorderHit, Feature
from screening.overlay_layers import Layer, join_pairs, overlay_layers
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
from screening.runs.row import Column, Row
from screening.surroundings import Neighbour, Surroundings, describe_distance

COLUMNS: Final = (
    text_column("row", "行类型", "Row", "run_row"),
    text_column("source_theme", "污染源", "Source", "theme"),
    text_column("source_code", "污染源编码", "Source code"),
    text_column("source_name", "污染源名称", "Source name"),
    DIVISION,
    text_column("theme", "周边对象", "Object", "theme"),
    text_column("type", "类型", "Type", "category"),
    text_column("code", "对象编码", "Code"),
    text_column("name", "对象名称", "Name"),
    RING,
    DISTANCE,
    number_column("ring_m", "距离圈", "Ring", "m"),
    text_column("rules", "距离规则", "Distance rules", "ring_rule"),
    text_column("certain", "是否确定", "Certain", "certain"),
    WIDENED,
    number_column("area_m2", "对象面积", "Area", "m2"),
    number_column("area_in_ring_m2", "圈内面积", "Area in ring", "m2"),
    Column("last_sampled_on", Text("最近采样日期", "Last sampled"), "date"),
    BORDER_DIVISION,
)

TARGET_LAYERS: Final[Mapping[str, frozenset[str]]] = {
    "sensitive_use": frozenset({"parcel", "receptor", "monitoring_point"}),
    "receptors": frozenset({"receptor", "water_source", "monitoring_point"}),
    "cultivated_land": frozenset({"farmland_unit", "monitoring_point"}),
    "sensitive_use_and_wells": frozenset(
        {"parcel", "receptor", "water_source", "monitoring_point"}
    ),
    "homes_and_facilities": frozenset({"parcel", "receptor"}),
    "permanent_basic_farmland": frozenset({"restriction_area"}),
    "monitoring_list": frozenset({"parcel", "farmland_unit", "monitoring_point"}),
}
"""Layers that hold what a rule of the distance table is about."""
PERIMETER_MEDIA: Final[Mapping[str, Text]] = {
    "soil": Text("土壤", "soil"),
    "ground_water": Text("地下水", "groundwater"),
}
"""Media sampled around a source once a year (郑州方案 三(七), verified)."""


@dataclass(frozen=True, slots=True)
class RingOf:
    """A ring of the table around a source: its rule and where its number comes from."""

    rule: DistanceRule
    origin: Text


@dataclass(frozen=True, slots=True)
class SurroundingMaterial:
    """Sources of one tile and what lies around them.

    Attributes
    ----------
    rings
        The table in force; of asked rings one rule each, for every target.
    asked_rings
        Whether the rings are the asker's own: then every target counts.
    perimeter_m, overdue_before
        Monitoring within that distance counts; a last sample before that day is late.
    overdue_for_all
        Every source must be monitored, not only key units and parks.
    """

    sources: Sequence[Feature]
    things: Sequence[Feature]
    across: Sequence[tuple[Feature, BorderHit]]
    rings: Sequence[RingOf]
    asked_rings: bool
    industry_lists: Mapping[str, IndustryList]
    perimeter_m: float
    overdue_before: date
    overdue_for_all: bool


def list_surroundings(material: SurroundingMaterial) -> list[Row]:
    """Return the rows of one tile, source by source."""
    surroundings = Surroundings(material.things)
    across: dict[int, list[BorderHit]] = {}
    for source, hit in material.across:
        across.setdefault(id(source), []).append(hit)
    rows: list[Row] = []
    for source in material.sources:
        rings = _rings_of(source, material)
        reach_m = max((ring.rule.ring_m for ring, _ in rings), default=0.0)
        near = surroundings.around(source, max(reach_m, material.perimeter_m))
        rows += _near_rows(source, near, rings, material)
        if not rings:
            rows.append(_no_rule(source))
        rows += _late_rows(source, near, material)
        rows += [_border_row(source, hit) for hit in across.get(id(source), ())]
    return rows


def _rings_of(
    source: Feature, material: SurroundingMaterial
) -> list[tuple[RingOf, bool]]:
    """Return the rings around a source, and whether it surely falls under each."""
    if material.asked_rings:
        return [(ring, True) for ring in material.rings]
    found = []
    for ring in material.rings:
        if ring.rule.source.theme != source.theme or ring.rule.way != "straight":
            continue
        if ring.rule.target not in TARGET_LAYERS:
            continue
        known = belongs_to(source, ring.rule.source, material.industry_lists)
        if known is not False:
            found.append((ring, known is True))
    return found


def _near_rows(
    source: Feature,
    near: Sequence[Neighbour],
    rings: Sequence[tuple[RingOf, bool]],
    material: SurroundingMaterial,
) -> list[Row]:
    hits = []
    for neighbour in near:
        hit = [
            (ring, known)
            for ring, known in rings
            if neighbour.distance_m <= ring.rule.ring_m
            and (material.asked_rings or _is_target(neighbour.feature, ring.rule))
        ]
        if hit:
            hits.append((neighbour, hit))
    areas = _areas_in_ring(source, hits)
    return [
        _near_row(source, neighbour, hit, area)
        for (neighbour, hit), area in zip(hits, areas, strict=True)
    ]


def _is_target(feature: Feature, rule: DistanceRule) -> bool:
    if feature.layer == "restriction_area":
        return feature.theme == rule.target
    return feature.layer in TARGET_LAYERS[rule.target]


def _areas_in_ring(
    source: Feature,
    hits: Sequence[tuple[Neighbour, Sequence[tuple[RingOf, bool]]]],
) -> list[float | None]:
    """Return what of each thing lies in the widest ring it hit; None without area."""
    areas: list[float | None] = [None] * len(hits)
    by_ring: dict[float, list[int]] = {}
    for place, (neighbour, hit) in enumerate(hits):
        if shapely.get_dimensions(neighbour.feature.geometry) == 2:
            ring_m = max(ring.rule.ring_m for ring, _ in hit)
            by_ring.setdefault(ring_m, []).append(place)
    for ring_m, places in by_ring.items():
        shapes = [hits[place][0].feature.geometry for place in places]
        ground = Layer.of(np.array(shapes, dtype=object))
        pairs = join_pairs(overlay_layers(ground, _ring_layer(source, ring_m)))
        for place in places:
            areas[place] = 0.0
        for index, area in zip(
            pairs.left.tolist(), pairs.areas_m2.tolist(), strict=True
        ):
            areas[places[index]] = area
    return areas


def _ring_layer(source: Feature, ring_m: float) -> Layer:
    shape, reach_m = source.geometry, ring_m
    if shapely.get_dimensions(shape) == 0:
        reach_m += measure_widening(source.accuracy_m, source.stated_area_m2).metres
    if reach_m > 0:
        shape = buffer_for_display(shape, reach_m)
    return Layer.of(np.array([shape], dtype=object), np.zeros(1))


def _source(source: Feature) -> dict[str, Any]:
    return {
        "source_theme": source.theme,
        "source_code": source.code,
        "source_name": source.name,
        "division_code": source.division_code,
    }


def _near_row(
    source: Feature,
    neighbour: Neighbour,
    hit: Sequence[tuple[RingOf, bool]],
    area_in_ring: float | None,
) -> Row:
    thing = neighbour.feature
    nearest = min(hit, key=lambda entry: entry[0].rule.ring_m)
    certain = any(known for _, known in hit)
    values = {
        **_source(source),
        "row": "around",
        "theme": thing.theme,
        "type": thing.category,
        "code": thing.code,
        "name": thing.name,
        "ring": neighbour.ring,
        "distance_m": neighbour.distance_m,
        "ring_m": nearest[0].rule.ring_m,
        "rules": "; ".join(f"{r.rule.key} {r.rule.ring_m:g} m" for r, _ in hit),
        "certain": "certain" if certain else "industry_unknown",
        "widened_by_m": neighbour.widened_by_m,
        "area_m2": _rounded(thing.attributes.get("mapped_area_m2")),
        "area_in_ring_m2": _rounded(area_in_ring),
        "last_sampled_on": thing.attributes.get("last_sampled_on"),
    }
    lies, origin = describe_distance(neighbour), nearest[0].origin
    ring = f"{nearest[0].rule.ring_m:g}"
    zh = f"{lies.zh}；在 {ring} 米圈内（{origin.zh}）"
    en = f"{lies.en}; inside the ring of {ring} m ({origin.en})"
    if not certain:
        zh, en = (
            f"{zh}；行业不明，按可能涉及列出",
            f"{en}; industry not known, shown as it may",
        )
    return Row(values, Text(zh, en), thing.geometry)


def _rounded(area: float | None) -> float | None:
    return None if area is None else round(area, 2)


def _no_rule(source: Feature) -> Row:
    why = Text(
        "距离表中没有适用于该污染源的规则；可自定距离后重新筛查",
        "no rule of the distance table names this source; run again with own rings",
    )
    return Row({**_source(source), "row": "no_rule"}, why, source.geometry)


def _late_rows(
    source: Feature, near: Sequence[Neighbour], material: SurroundingMaterial
) -> list[Row]:
    """Return each medium of which a source has had no perimeter sample in time."""
    watched = source.attributes.get("key_unit") or source.theme == "industrial_park"
    if not (watched or material.overdue_for_all):
        return []
    around = [one for one in near if one.distance_m <= material.perimeter_m]
    lasts = {medium: _last_sampled(around, medium) for medium in PERIMETER_MEDIA}
    before = material.overdue_before.isoformat()
    return [
        _late_row(source, medium, last, material)
        for medium, last in lasts.items()
        if last is None or last < before
    ]


def _last_sampled(around: Sequence[Neighbour], medium: str) -> str | None:
    """Return the last day, ISO, on which that medium was sampled at any point."""
    days = (
        one.feature.attributes.get("last_sampled_on")
        for one in around
        if one.feature.layer == "monitoring_point" and one.feature.category == medium
    )
    return max((day for day in days if day), default=None)


def _late_row(
    source: Feature, medium: str, last: str | None, material: SurroundingMaterial
) -> Row:
    perimeter = f"{material.perimeter_m:g}"
    day, words = material.overdue_before.isoformat(), PERIMETER_MEDIA[medium]
    why = Text(
        f"周边 {perimeter} 米内自 {day} 以来没有{words.zh}采样"
        "（土壤和地下水均应每年监测一次）",
        f"no sample of {words.en} within {perimeter} m since {day} (soil and"
        " groundwater are each to be monitored once a year)",
    )
    values = {
        **_source(source),
        "row": "monitoring_overdue",
        "type": medium,
        "last_sampled_on": last,
    }
    return Row(values, why, source.geometry)


def _border_row(source: Feature, hit: BorderHit) -> Row:
    values = {
        **_source(source),
        "row": "across_border",
        "theme": hit.theme,
        "ring": hit.relation,
        "ask_division": hit.division_code,
    }
    return Row(values, describe_hit(hit))


def tally_surroundings(row: Row) -> Mapping[str, float]:
    """Count rows by what they are, objects by theme, and the ground in the rings."""
    values = row.values
    if values["row"] != "around":
        return {str(values["row"]): 1}
    counts: dict[str, float] = {f"theme.{values['theme']}": 1}
    if values["area_in_ring_m2"] is not None:
        # A thing near several sources is counted with each of them.
        counts[f"area_in_rings_m2.{values['theme']}"] = values["area_in_ring_m2"]
    if values["ring"] == "cannot_be_placed":
        counts["cannot_be_placed"] = 1
    return counts
