"""Which risks lie inside drinking-water protection zones? (core).

饮用水水源风险源排查 (R-C15, R-B24; Water Pollution Law Art. 69, verified): enterprises,
tailings ponds, landfills, waste yards, contaminated plots and former plants inside each
zone; sources in use, planned or kept as backup that have no zone.

What the law bars by level (Art. 65 to 67, verified) is named with a zone that was
approved. Where no zone was approved, the default extent of HJ 338 around the source is
looked at as a hint only, marked as one: its numbers are recalled, and it bars nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from parcels.texts import Text
from screening.neighbourhood import BorderHit, Feature
from screening.parameters import Parameter, marked_source
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
    text_column("source_code", "水源编码", "Source code"),
    text_column("source_name", "水源名称", "Source name"),
    text_column("zone_code", "保护区编码", "Zone"),
    text_column("level", "级别", "Level", "category"),
    text_column("basis", "划定依据", "Basis", "zone_basis"),
    DIVISION,
    text_column("scale_class", "规模", "Scale", "scale_class"),
    text_column("theme", "风险源", "Risk", "theme"),
    text_column("type", "类型", "Type", "category"),
    text_column("code", "风险源编码", "Code"),
    text_column("name", "风险源名称", "Name"),
    RING,
    number_column("overlap_m2", "区内面积", "Area inside", "m2"),
    number_column("overlap_share", "区内占比", "Share inside", "share"),
    DISTANCE,
    WIDENED,
    Column("hint", Text("仅为提示", "Hint only"), "yes_no"),
    BORDER_DIVISION,
)

BARRED: Final[Mapping[str, Text]] = {
    "level_1": Text(
        "《水污染防治法》第六十五条：一级保护区内禁止与供水、保护水源无关的建设项目，已建成的拆除或关闭",
        "Water Pollution Law Art. 65: in level 1 nothing unrelated to supply; what"
        " stands is removed or closed",
    ),
    "level_2": Text(
        "《水污染防治法》第六十六条：二级保护区内禁止排放污染物的建设项目，已建成的拆除或关闭",
        "Water Pollution Law Art. 66: in level 2 nothing that discharges pollutants;"
        " what stands is removed or closed",
    ),
    "quasi": Text(
        "《水污染防治法》第六十七条：准保护区内禁止新建、扩建对水体污染严重的建设项目",
        "Water Pollution Law Art. 67: in the quasi zone nothing new that heavily"
        " pollutes water",
    ),
}
_DUTY: Final = Text("第六十九条要求排查", "Art. 69 asks for a survey")
_HAS_NO_ZONE_NEED: Final = frozenset({"withdrawn"})


@dataclass(frozen=True, slots=True)
class WaterMaterial:
    """Zones and sources of one tile, the risks around them, hits across the border.

    `extents` gives, by kind of source, how far HJ 338 reaches by default and where the
    number comes from; empty when hints are not asked for.
    """

    zones: Sequence[Feature]
    sources: Sequence[Feature]
    risks: Sequence[Feature]
    across: Sequence[tuple[Feature, BorderHit]]
    extents: Mapping[str, Parameter]


def list_water_risks(material: WaterMaterial) -> list[Row]:
    """Return the rows of one tile: zones first, then sources without one."""
    surroundings = Surroundings(material.risks)
    across: dict[int, list[BorderHit]] = {}
    for zone, hit in material.across:
        across.setdefault(id(zone), []).append(hit)
    rows: list[Row] = []
    for zone in material.zones:
        near = surroundings.around(zone, 0.0)
        rows += [_risk_row(zone, each) for each in near if each.ring != "adjoining"]
        rows += [_border_row(zone, hit) for hit in across.get(id(zone), ())]
    for source in material.sources:
        rows += _unzoned(source, surroundings, material.extents)
    return rows


def _zone(zone: Feature) -> dict[str, Any]:
    return {
        "source_code": zone.attributes.get("source_code"),
        "source_name": zone.attributes.get("source_name"),
        "zone_code": zone.code,
        "level": zone.category,
        "basis": zone.attributes.get("basis"),
        "division_code": zone.division_code,
        "hint": zone.attributes.get("basis") != "approved",
    }


def _risk(neighbour: Neighbour) -> dict[str, Any]:
    thing = neighbour.feature
    return {
        "theme": thing.theme,
        "type": thing.category,
        "code": thing.code,
        "name": thing.name,
        "ring": neighbour.ring,
        "overlap_m2": round(neighbour.overlap_m2, 2),
        "overlap_share": round(neighbour.overlap_share, 6),
        "distance_m": neighbour.distance_m,
        "widened_by_m": neighbour.widened_by_m,
    }


def _risk_row(zone: Feature, neighbour: Neighbour) -> Row:
    lies = describe_distance(neighbour)
    if neighbour.overlap_share > 0:
        part = f"{neighbour.overlap_m2:,.2f}"
        share = f"{neighbour.overlap_share:.2%}"
        lies = Text(
            f"区内 {part} 平方米，占其 {share}", f"{part} m² of it inside, {share}"
        )
    if zone.attributes.get("basis") == "approved":
        barred = BARRED[zone.category or ""]
        ground = Text(f"{barred.zh}；{_DUTY.zh}", f"{barred.en}; {_DUTY.en}")
    else:
        ground = Text(
            "该保护区未经批准，仅为提示", "the zone was not approved: a hint only"
        )
    why = Text(f"{lies.zh}。{ground.zh}", f"{lies.en}. {ground.en}")
    values = {"row": "inside_zone", **_zone(zone), **_risk(neighbour)}
    return Row(values, why, neighbour.feature.geometry)


def _border_row(zone: Feature, hit: BorderHit) -> Row:
    values = {
        "row": "across_border",
        **_zone(zone),
        "theme": hit.theme,
        "ring": hit.relation,
        "ask_division": hit.division_code,
    }
    return Row(values, describe_hit(hit), None)


def _unzoned(
    source: Feature, surroundings: Surroundings, extents: Mapping[str, Parameter]
) -> list[Row]:
    """Return that a source has no approved zone, and what the default extent holds."""
    bases = source.attributes.get("zone_bases") or ()
    if "approved" in bases or source.attributes.get("status") in _HAS_NO_ZONE_NEED:
        return []
    own = {
        "source_code": source.code,
        "source_name": source.name,
        "division_code": source.division_code,
        "scale_class": source.attributes.get("scale_class"),
    }
    rows = [_without_zone(source, own, bool(bases))]
    extent = extents.get(_extent_of(source))
    if extent is None:
        return rows
    zh, en = marked_source(extent.source, extent.confidence)
    hint_zh = f"HJ 338 默认范围 {extent.value:g} 米（{zh}），仅为提示"
    hint_en = f"default extent {extent.value:g} m ({en}): a hint"
    for neighbour in surroundings.around(source, float(extent.value)):
        lies = describe_distance(neighbour)
        values = {"row": "hint", **own, **_risk(neighbour), "hint": True}
        why = Text(f"{lies.zh}。{hint_zh}", f"{lies.en}. {hint_en}")
        rows.append(Row(values, why, neighbour.feature.geometry))
    return rows


def _without_zone(source: Feature, own: Mapping[str, Any], drawn: bool) -> Row:
    why = Text(
        "在用、备用或规划水源没有经批准的保护区",
        "a source in use, planned or kept as backup without an approved zone",
    )
    if drawn:
        why = Text(
            f"{why.zh}（已有的范围未经批准）",
            f"{why.en} (what is drawn is not)",
        )
    return Row({"row": "without_zone", **own, "hint": False}, why, source.geometry)


def _extent_of(source: Feature) -> str:
    if source.attributes.get("scale_class") == "scattered":
        return "scattered"
    return source.category or ""


def tally_water_risks(row: Row) -> Mapping[str, float]:
    """Count rows by what they are, and risks inside zones by level and theme."""
    values = row.values
    counts: dict[str, float] = {str(values["row"]): 1}
    if values["row"] == "inside_zone":
        counts[f"level.{values['level']}"] = 1
        counts[f"theme.{values['theme']}"] = 1
        if values["ring"] == "cannot_be_placed":
            counts["cannot_be_placed"] = 1
    if values["row"] == "without_zone":
        counts[f"scale.{values['scale_class'] or 'unknown'}"] = 1
    return counts
