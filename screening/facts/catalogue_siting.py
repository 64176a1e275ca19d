"""Facts of siting and of drinking water: source, silence, effect (core, data).

Section 8 of the rule table; part of `screening.facts.catalogue`.
"""

from __future__ import annotations

from typing import Final

from parcels.texts import Text
from screening.facts.fact import (
    ABSENT,
    DECLARED,
    NO_OVERLAP,
    NOTHING_NEAR,
    UNKNOWN,
    Fact,
)

_FALSE_FOR_OTHER_USES: Final = Text(
    "工业、采矿、环卫用途未知，其他用途为否",
    "unknown for industrial, mining and waste use, false otherwise",
)


def _theme(theme: str, zh: str, en: str, *, warns_uncovered: bool = False) -> Fact:
    """Return the fact that a theme of that name overlaps the subject."""
    source = Text(f"“{zh}”图层", f"theme {theme}")
    return Fact(
        theme,
        Text(zh, en),
        source,
        NO_OVERLAP,
        UNKNOWN,
        warns_uncovered=warns_uncovered,
    )


SITING_AND_WATER: Final = (
    _theme(
        "concentrated_priority_farmland",
        "优先保护类耕地集中区域",
        "area where priority-protection farmland is concentrated",
        warns_uncovered=True,
    ),
    Fact(
        "pbf_concentrated_area",
        Text(
            "永久基本农田集中区域",
            "area where permanent basic farmland is concentrated",
        ),
        Text("“永久基本农田集中区域”图层", "theme pbf_concentrated_area"),
        NO_OVERLAP,
        Text(
            "与永久基本农田重叠时视为涉及，否则未知",
            "an overlap with permanent basic farmland stands in, else unknown",
        ),
        warns_uncovered=True,
    ),
    _theme(
        "ecological_sensitive_area",
        "生态敏感区",
        "ecologically sensitive area",
        warns_uncovered=True,
    ),
    _theme(
        "dense_population_area",
        "人口密集区",
        "densely populated area",
        warns_uncovered=True,
    ),
    Fact(
        "receptor",
        Text("周边敏感受体", "receptors around"),
        Text("“敏感受体”图层", "theme receptor"),
        NOTHING_NEAR,
        UNKNOWN,
    ),
    Fact(
        "yangtze_shoreline",
        Text("长江干支流岸线距离", "distance to shorelines of the Yangtze"),
        Text(
            "“长江干流岸线”“长江支流岸线”图层",
            "themes yangtze_main_shoreline, yangtze_tributary_shoreline",
        ),
        NOTHING_NEAR,
        UNKNOWN,
    ),
    _theme(
        "yellow_river_shoreline_control",
        "黄河岸线管控范围",
        "shoreline control range of the Yellow River",
    ),
    _theme("scenic_area", "风景名胜区", "scenic area"),
    _theme("nature_reserve", "自然保护区", "nature reserve"),
    Fact(
        "flow_path",
        Text("下游流路上的敏感受体", "receptor downstream along the flow path"),
        Text("在案河网", "river network on record"),
        Text(
            "河网证明受体在或不在流路上时据此判定",
            "true or false where the network proves it",
        ),
        Text(
            "直线1公里内无受体时为否，否则未知",
            "false when no receptor lies within 1 km in a straight line, else unknown",
        ),
    ),
    Fact(
        "water_zone",
        Text("饮用水水源保护区", "drinking-water source zone"),
        Text("“饮用水水源保护区”图层", "theme water_zone"),
        NO_OVERLAP,
        UNKNOWN,
    ),
    Fact(
        "zone_basis",
        Text("水源保护区的划定依据", "basis of the drinking-water source zone"),
        Text("保护区登记", "record of the zone"),
        ABSENT,
        UNKNOWN,
    ),
    Fact(
        "water_source",
        Text("未划定保护区的水源", "water source without zones"),
        Text("“饮用水水源”图层", "theme water_source"),
        NOTHING_NEAR,
        UNKNOWN,
        "warns",
    ),
    Fact(
        "project_industry",
        Text("项目行业或是否可能污染土壤", "industry, or whether it may pollute soil"),
        DECLARED,
        ABSENT,
        _FALSE_FOR_OTHER_USES,
    ),
    Fact(
        "project_emits_heavy_metals",
        Text("项目是否排放重金属", "whether the project emits heavy metals"),
        DECLARED,
        ABSENT,
        Text(
            "所列行业为是；非工业用途为否；其余未知",
            "true for the industries listed, false for other than industrial use, "
            "else unknown",
        ),
    ),
    Fact(
        "project_discharges_pollutants",
        Text("项目是否排放污染物", "whether the project discharges pollutants"),
        DECLARED,
        ABSENT,
        UNKNOWN,
    ),
    Fact(
        "project_heavily_pollutes_water",
        Text("项目是否严重污染水体", "whether the project heavily pollutes water"),
        DECLARED,
        ABSENT,
        _FALSE_FOR_OTHER_USES,
    ),
    Fact(
        "project_adds_discharge",
        Text("改建是否增加排污量", "whether rebuilding adds discharge"),
        DECLARED,
        ABSENT,
        _FALSE_FOR_OTHER_USES,
    ),
    Fact(
        "project_discharge_outlet",
        Text("项目是否设置排污口", "whether the project has a discharge outlet"),
        DECLARED,
        ABSENT,
        Text(
            "不排放污染物时为否，否则未知",
            "false when it discharges no pollutants, else unknown",
        ),
    ),
)
"""Facts that rules of groups E and G wait for."""
