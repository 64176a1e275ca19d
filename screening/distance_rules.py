"""Which distances around sources does the product watch? (core, data).

The table of enterprise_buffers.md section 4. No law gives a distance in metres for
"around" (周边): every number here is a project default, to be replaced by a deployment,
and every row says so. The action is what follows by default; the gate decides by its
own rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from parcels.texts import Text
from screening.industries import EditionCodes, IndustryList
from screening.parameters import Parameters, marked_source

Way = Literal["straight", "network"]
DISTANCE_CONFIDENCE: Final = "project default"

OPEN_STAGES: Final = frozenset(
    {
        "suspected",
        "initial_survey",
        "initial_review",
        "contaminated",
        "detailed_survey",
        "risk_assessment",
        "rcr_listed",
        "risk_control",
        "remediation",
        "effect_evaluation",
        "target_not_met",
    }
)
"""Stages of suspected, contaminated and registered plots (transfer_gate_rules.md 4)."""

MINING_AND_SMELTING: Final = IndustryList(
    "mining_and_smelting",
    Text("采矿、选矿、冶炼", "mining, dressing and smelting"),
    {
        "2017": (EditionCodes(("08", "09", "31", "32"), ("313", "325")),),
        "2011": (EditionCodes(("08", "09", "31", "32"), ("314", "326")),),
        "2002": (EditionCodes(("08", "09", "32", "33"), ("323", "335")),),
    },
)
"""Mines and smelters of metals, without rolling (压延); 2002 and 2011 recalled."""


@dataclass(frozen=True, slots=True)
class SourceClass:
    """Which features a distance rule starts from (源的类别).

    Attributes
    ----------
    theme, categories
        Theme of the features, and their categories; empty means any.
    industries, other_than
        Names of lists of industries: the feature's industry is on one of the first and
        on none of the others. Empty means any.
    or_key_unit
        A key supervised unit (土壤污染重点监管单位) counts whatever its industry and
        status.
    """

    theme: str
    categories: frozenset[str] = frozenset()
    industries: tuple[str, ...] = ()
    other_than: tuple[str, ...] = ()
    or_key_unit: bool = False


@dataclass(frozen=True, slots=True)
class DistanceRule:
    """One line of the table: a source class, what it is watched for, and the ring.

    Attributes
    ----------
    key
        Name of the setting.
    target
        What the subject must be, or hold, for the row to matter.
    ring_m
        Metres; distance ≤ ring is inside.
    action, reason
        What follows by default, and where the number comes from.
    way
        "network" follows a river and is no straight line: not measured here.
    """

    key: str
    source: SourceClass
    target: str
    ring_m: float
    action: str
    reason: Text
    confidence: str = DISTANCE_CONFIDENCE
    way: Way = "straight"


_PLANT: Final = SourceClass(
    "enterprise", frozenset({"active"}), ("H1", "H6"), or_key_unit=True
)
LANDFILL_AND_DUMPS: Final = frozenset({"landfill", "informal_dump", "illegal_dump"})
"""Where waste lies in the ground: a dump is no safer than what was built for it."""
_TAILINGS: Final = SourceClass("facility", frozenset({"tailings_pond"}))
_HOMES: Final = SourceClass(
    "receptor",
    frozenset(
        {
            "residential",
            "kindergarten",
            "school",
            "hospital",
            "sanatorium",
            "elder_care",
        }
    ),
)
_HJ_964: Final = Text(
    "HJ 964-2018 污染影响型{}级评价调查范围(据记忆)",
    "survey range of HJ 964-2018, pollution type, level {} (recalled)",
)
_LOCAL: Final = Text("法律未规定距离，由地方设定", "no legal number; set locally")


def _hj_964(level_zh: str, level_en: str) -> Text:
    return Text(_HJ_964.zh.format(level_zh), _HJ_964.en.format(level_en))


DISTANCE_RULES: Final[tuple[DistanceRule, ...]] = (
    DistanceRule(
        "BUF_KEY_UNIT",
        _PLANT,
        "sensitive_use",
        500.0,
        "consult_ee",
        Text("地块调查中人口统计半径", "population radius used in site screening"),
    ),
    DistanceRule(
        "BUF_KEY_UNIT_WIDE",
        _PLANT,
        "receptors",
        1000.0,
        "information",
        Text("地块调查敏感目标搜索半径", "search radius of site surveys"),
    ),
    DistanceRule(
        "BUF_SMELTER_FARM",
        SourceClass("enterprise", frozenset({"active"}), ("mining_and_smelting",)),
        "cultivated_land",
        1000.0,
        "monitoring_list",
        _hj_964("一", "1"),
    ),
    DistanceRule(
        "BUF_OTHER_FARM",
        SourceClass(
            "enterprise", frozenset({"active"}), ("H1",), ("mining_and_smelting",)
        ),
        "cultivated_land",
        200.0,
        "information",
        _hj_964("二", "2"),
    ),
    DistanceRule(
        "BUF_PLOT",
        SourceClass("plot", OPEN_STAGES),
        "sensitive_use",
        100.0,
        "consult_ee",
        Text(
            "相邻宗地；地下水影响可能更远",
            "neighbour parcels; groundwater may need more",
        ),
    ),
    DistanceRule(
        "BUF_LANDFILL",
        SourceClass("facility", LANDFILL_AND_DUMPS),
        "sensitive_use_and_wells",
        500.0,
        "consult_ee",
        Text(
            "生活垃圾填埋场距居民点距离(原标准，二手资料)",
            "distance of household landfills to homes (older standard, secondary)",
        ),
    ),
    DistanceRule(
        "BUF_WASTE_YARD",
        SourceClass("facility", frozenset({"waste_yard"})),
        "sensitive_use_and_wells",
        500.0,
        "consult_ee",
        Text("参照填埋场", "as for landfills"),
    ),
    DistanceRule(
        "BUF_TAILINGS_DOWN",
        _TAILINGS,
        "homes_and_facilities",
        1000.0,
        "consult_ee",
        Text(
            "“头顶库”下游1公里；此处为直线距离，流路距离不小于它",
            "overhead pond, 1 km downstream; in a straight line here, which the flow "
            "path is never shorter than",
        ),
    ),
    DistanceRule(
        "BUF_TAILINGS_WATER",
        _TAILINGS,
        "water_zones",
        10_000.0,
        "list",
        Text("政策要求排查，沿水系，最远10公里", "policy list; along the network"),
        way="network",
    ),
    DistanceRule(
        "BUF_TAILINGS_PBF",
        _TAILINGS,
        "permanent_basic_farmland",
        1000.0,
        "list",
        Text("政策要求排查，未规定距离", "policy list, no distance given"),
    ),
    DistanceRule(
        "BUF_SITING_RECEPTOR", _HOMES, "proposed_plant", 500.0, "deny", _LOCAL
    ),
    DistanceRule(
        "BUF_SITING_CONSULT", _HOMES, "proposed_plant", 1000.0, "consult_ee", _LOCAL
    ),
    *(
        rule
        for theme in ("concentrated_priority_farmland", "pbf_concentrated_area")
        for rule in (
            DistanceRule(
                "BUF_SITING_FARM",
                SourceClass(theme),
                "proposed_plant",
                0.0,
                "deny",
                Text("《土壤污染防治法》第五十条(区内)", "Soil Law Art. 50 (inside)"),
            ),
            DistanceRule(
                "BUF_SITING_FARM_NEAR",
                SourceClass(theme),
                "proposed_plant",
                200.0,
                "consult_ee",
                _LOCAL,
            ),
        )
    ),
    DistanceRule(
        "BUF_ROAD",
        SourceClass("main_road"),
        "monitoring_list",
        50.0,
        "information",
        Text("政策提及道路，未规定距离", "policy names roads, no number"),
    ),
)
"""Section 4 of enterprise_buffers.md; every number a project default."""


def with_rings(
    rules: Iterable[DistanceRule], rings_m: Mapping[str, float]
) -> tuple[DistanceRule, ...]:
    """Return the table with other rings for some keys; raises KeyError for a new key.

    Examples
    --------
    >>> with_rings(DISTANCE_RULES, {"BUF_PLOT": 150.0})[4].ring_m
    150.0
    """
    table = tuple(rules)
    unknown = set(rings_m) - {rule.key for rule in table}
    if unknown:
        raise KeyError(f"no distance rule has the key {', '.join(sorted(unknown))}")
    return tuple(
        replace(rule, ring_m=rings_m.get(rule.key, rule.ring_m)) for rule in table
    )


RING_PARAMETERS: Final[Mapping[str, str]] = {
    "BUF_KEY_UNIT": "buf_key_unit_m",
    "BUF_KEY_UNIT_WIDE": "buf_key_unit_wide_m",
    "BUF_SMELTER_FARM": "buf_smelter_farm_m",
    "BUF_OTHER_FARM": "buf_other_farm_m",
    "BUF_PLOT": "buf_plot_m",
    "BUF_LANDFILL": "buf_landfill_m",
    "BUF_WASTE_YARD": "buf_waste_yard_m",
    "BUF_TAILINGS_DOWN": "buf_tailings_m",
    "BUF_SITING_RECEPTOR": "buf_siting_receptor_m",
    "BUF_SITING_CONSULT": "buf_siting_consult_m",
    "BUF_SITING_FARM_NEAR": "buf_siting_farm_near_m",
    "BUF_TAILINGS_WATER": "buf_tailings_water_m",
    "BUF_TAILINGS_PBF": "buf_tailings_pbf_m",
    "BUF_ROAD": "buf_road_m",
}
"""Rules whose ring a rule set gives, and by which parameter."""


def rules_with(numbers: Parameters) -> tuple[DistanceRule, ...]:
    """Return the table with the rings that a rule set gives."""
    rings = {key: getattr(numbers, name) for key, name in RING_PARAMETERS.items()}
    return with_rings(DISTANCE_RULES, rings)


def describe_ring(rule: DistanceRule, numbers: Parameters) -> Text:
    """Return where the number of a ring comes from, since when and how sure it is."""
    given = numbers.sources.get(RING_PARAMETERS.get(rule.key, ""))
    if given is None:
        zh, en = rule.reason
        return Text(f"{zh}（产品默认值）", f"{en} ({rule.confidence})")
    zh, en = marked_source(given.source, given.confidence)
    if given.valid_from:
        zh = f"{zh}，自 {given.valid_from} 起"
        en = f"{en}, since {given.valid_from}"
    return Text(zh, en)
