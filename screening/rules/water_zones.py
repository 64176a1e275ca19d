"""What is barred around drinking water? Rules G01 to G08 (core).

饮用水水源保护区: Water Pollution Law Art. 63 to 69, Groundwater Regulation Art. 45,
Soil Law Art. 36, 62, 64; HJ 338-2018 where no zone is approved yet. Zones are judged
one by one, the strictest decides by its outcome; a default extent never bars anything.
"""

from __future__ import annotations

from typing import Final

from parcels.texts import Text
from screening.facts import Facts, PlotFacts
from screening.facts.water import SCATTERED
from screening.parameters import Parameters
from screening.rules.conditions import LAND_AND_WORKS, PERMITS, SUPPLY, WORKS
from screening.rules.instruments import (
    GROUNDWATER_REGULATION,
    HJ_338,
    INFERRED,
    SIX_GUARANTEES,
    SOIL_LAW,
    WATER_LAW,
    article,
    articles,
    design,
    law,
    recalled,
)
from screening.rules.parties import EE, WATER
from screening.rules.projects import (
    adds_discharge,
    discharges_pollutants,
    has_discharge_outlet,
    heavily_pollutes_water,
    is_new_or_extended,
    is_rebuilt,
    serves_water_supply,
)
from screening.rules.rule import rule
from screening.truth import Truth, truth
from screening.vocabulary import OPEN, Outcome, Transaction

BUILDING: Final = (
    SUPPLY
    | WORKS
    | {
        Transaction.USE_CHANGE,
        Transaction.FARM_CONVERT,
        Transaction.SITING,
        Transaction.EIA,
    }
)
"""Steps towards building something."""


@rule(
    "G01",
    title=Text(
        "一级保护区不得建设与供水无关的项目",
        "Nothing is built in a level-1 zone but what serves the water supply",
    ),
    transactions=BUILDING,
    outcome=Outcome.DENY,
    reason=Text(
        "位于饮用水水源一级保护区：禁止新建、改建、扩建与供水设施和保护水源无关的建设项目；已建成的责令拆除或者关闭。",
        "The land lies in a level-1 drinking-water zone: projects unrelated to supply "
        "or protection are barred, those that stand are removed or closed.",
    ),
    legal_basis=(law(WATER_LAW, article(65)), law(WATER_LAW, article(91))),
    themes=("water_zone",),
    required_documents=(
        Text(
            "项目属供水设施或保护水源的证明",
            "proof that the project serves supply or protection",
        ),
    ),
    consult=(EE, WATER),
    lifts_when=Text(
        "申明为供水设施或保护水源的项目（project.serves_water_supply）",
        "the project is claimed as serving supply or protection "
        "(project.serves_water_supply)",
    ),
)
def nothing_is_built_in_level_1(facts: Facts, _: Parameters) -> Truth:
    """Water Pollution Law Art. 65; fine Art. 91."""
    return facts.water.zones["level_1"] & ~serves_water_supply(facts)


@rule(
    "G02",
    title=Text(
        "二级保护区不得建设排放污染物的项目",
        "No discharging project in a level-2 zone",
    ),
    transactions=BUILDING,
    outcome=Outcome.DENY,
    reason=Text(
        "位于饮用水水源二级保护区：禁止新建、改建、扩建排放污染物的建设项目。",
        "The land lies in a level-2 drinking-water zone: new, rebuilt or extended "
        "projects that discharge pollutants are barred.",
    ),
    legal_basis=(law(WATER_LAW, article(66)),),
    themes=("water_zone",),
    required_documents=(Text("不排放污染物的证明", "proof of no discharge"),),
    consult=(EE,),
    lifts_when=Text(
        "证明不排放污染物（project.discharges_pollutants）并征得意见",
        "proof that nothing is discharged (project.discharges_pollutants), and the "
        "department's opinion",
    ),
)
def nothing_discharges_in_level_2(facts: Facts, _: Parameters) -> Truth:
    """Water Pollution Law Art. 66."""
    return facts.water.zones["level_2"] & discharges_pollutants(facts)


@rule(
    "G03",
    title=Text(
        "二级保护区内申报不排放的项目，征求意见",
        "A project said not to discharge in a level-2 zone is asked about",
    ),
    transactions=BUILDING - {Transaction.EIA},
    outcome=Outcome.CONSULT,
    reason=Text(
        "位于饮用水水源二级保护区，项目申报不排放污染物（如住宅污水接入区外管网）：是否属于排放由生态环境主管部门认定。",
        "The land lies in a level-2 drinking-water zone and the project is said not to "
        "discharge (such as homes on a sewer that leads out): the department decides "
        "whether it counts as discharging.",
    ),
    legal_basis=(law(WATER_LAW, article(66), confidence=INFERRED),),
    themes=("water_zone",),
    required_documents=(
        Text("环评文件或说明", "assessment or statement"),
        Text("排水引出保护区的方案", "drainage out of the zone"),
    ),
    consult=(EE,),
    lifts_when=Text("取得同意的书面意见", "a written opinion that agrees"),
    note=Text("法律后果属推论。", "The consequence is an inference."),
)
def non_discharging_project_is_asked(facts: Facts, _: Parameters) -> Truth:
    """Water Pollution Law Art. 66; the consequence is an inference."""
    return facts.water.zones["level_2"] & ~discharges_pollutants(facts)


@rule(
    "G04",
    title=Text(
        "准保护区不得新建、扩建严重污染水体的项目，改建不得增加排污量",
        "No new heavy polluter of water in a quasi zone, no more discharge by "
        "rebuilding",
    ),
    transactions=frozenset(
        {
            Transaction.SITING,
            Transaction.EIA,
            Transaction.PROJECT_APPROVAL,
            Transaction.GRANT,
        }
    ),
    outcome=Outcome.DENY,
    reason=Text(
        "位于饮用水水源准保护区：禁止新建、扩建对水体污染严重的建设项目；改建建设项目不得增加排污量。",
        "The land lies in a quasi-protection zone: new and extended projects that "
        "heavily pollute water are barred; rebuilding may not add discharge.",
    ),
    legal_basis=(law(WATER_LAW, article(67)),),
    themes=("water_zone",),
    required_documents=(
        Text("改建前后排污量对比", "comparison of discharge for rebuilding"),
    ),
    consult=(EE,),
    lifts_when=Text(
        "证明对水体污染不严重，或改建不增加排污量",
        "proof that water is not heavily polluted, or that rebuilding adds nothing",
    ),
    note=Text(
        "未申报时，仅对工业、采矿、环卫用途要求说明。",
        "Without a statement only industrial, mining and waste use is asked.",
    ),
)
def heavy_polluter_in_quasi_zone(facts: Facts, _: Parameters) -> Truth:
    """Water Pollution Law Art. 67."""
    built = heavily_pollutes_water(facts) & is_new_or_extended(facts)
    rebuilt = is_rebuilt(facts) & adds_discharge(facts)
    return facts.water.zones["quasi"] & (built | rebuilt)


@rule(
    "G05",
    title=Text(
        "保护区内项目落实水源保护措施",
        "Works in a zone come with measures that protect the water",
    ),
    transactions=BUILDING,
    outcome=Outcome.ALLOW_WITH_CONDITIONS,
    reason=Text(
        "位于准保护区，或为一级保护区内的供水、保护水源项目：落实水源涵养、保护工程和排放控制要求。",
        "The land lies in a quasi-protection zone, or the project serves the supply in "
        "a level-1 zone: protection works and discharge limits apply.",
    ),
    legal_basis=(
        law(WATER_LAW, articles(67, 68)),
        design(Text("适用对象属产品设计", "to whom it applies is our choice")),
    ),
    themes=("water_zone",),
    required_documents=(
        Text("许可文件载明的保护措施", "protective conditions in the permit"),
    ),
    consult=(EE,),
)
def zone_comes_with_conditions(facts: Facts, _: Parameters) -> Truth:
    """Water Pollution Law Art. 67, 68; the mapping is a design choice."""
    zones = facts.water.zones
    return zones["quasi"] | (zones["level_1"] & serves_water_supply(facts))


@rule(
    "G06",
    title=Text("保护区内不得设置排污口", "No discharge outlet in a zone"),
    transactions=frozenset({Transaction.SITING, Transaction.EIA}),
    outcome=Outcome.DENY,
    reason=Text(
        "位于饮用水水源一级或二级保护区：禁止设置排污口。",
        "The land lies in a level-1 or level-2 drinking-water zone: no discharge "
        "outlets.",
    ),
    legal_basis=(law(WATER_LAW, article(64)),),
    themes=("water_zone",),
    consult=(EE,),
    lifts_when=Text(
        "不设置排污口（project.discharge_outlet）",
        "no outlet is built (project.discharge_outlet)",
    ),
    note=Text(
        "第六十三条将准保护区置于保护区外围，故不在本条之内。",
        "Art. 63 places the quasi zone outside the protection zone: not covered.",
    ),
)
def no_outlet_in_a_zone(facts: Facts, _: Parameters) -> Truth:
    """Water Pollution Law Art. 64."""
    zones = facts.water.zones
    return (zones["level_1"] | zones["level_2"]) & has_discharge_outlet(facts)


def _plots_in_zones(facts: Facts, _: Parameters) -> Text | None:
    hits = [plot for plot in facts.plots if plot.stage in OPEN and plot.water_zones]
    return Text(
        "".join(
            f"地块 {plot.code} 涉及保护区 {'、'.join(plot.water_zones)}。"
            for plot in hits
        ),
        "".join(
            f" Plot {plot.code} lies in zone {', '.join(plot.water_zones)}."
            for plot in hits
        ),
    )


@rule(
    "G07",
    title=Text(
        "水源保护区内的污染地块，征求意见",
        "A contaminated plot in a drinking-water zone is asked about",
    ),
    transactions=LAND_AND_WORKS,
    outcome=Outcome.CONSULT,
    reason=Text(
        "涉及的疑似污染地块、污染地块或名录地块位于饮用水水源保护区，可能影响饮用水安全：调查、评估和方案应包括地下水内容。",
        "The suspected, contaminated or registered plot lies in a drinking-water zone "
        "and may affect drinking water: survey, assessment and plan have to cover "
        "groundwater.",
    ),
    legal_basis=(
        law(GROUNDWATER_REGULATION, article(45)),
        law(SOIL_LAW, articles(36, 62, 64)),
        law(WATER_LAW, article(69)),
    ),
    themes=("plot", "water_zone"),
    required_documents=(
        Text(
            "调查、评估、方案中的地下水内容",
            "groundwater content in survey, assessment and plan",
        ),
    ),
    consult=(EE, WATER),
    lifts_when=Text("取得同意的书面意见", "a written opinion that agrees"),
    note=Text(
        "仅按重叠判断，未判断是否位于水源上游。",
        "Judged by overlap; whether the plot lies upstream of a source is not judged.",
    ),
    detail=_plots_in_zones,
)
def plot_in_a_zone_is_asked(facts: Facts, _: Parameters) -> Truth:
    """Groundwater Regulation Art. 45; Soil Law Art. 36, 62, 64; Water Law Art. 69."""

    def in_zone(plot: PlotFacts) -> Truth:
        zone = truth(bool(plot.water_zones)) | facts.water.other_zones
        return plot.when(plot.stage in OPEN) & zone

    return facts.any_plot(in_zone)


@rule(
    "G08",
    title=Text(
        "未划定保护区的水源周边，征求意见",
        "Land around a source whose zones are not approved is asked about",
    ),
    transactions=SUPPLY
    | PERMITS
    | {Transaction.USE_CHANGE, Transaction.FARM_CONVERT, Transaction.SITING},
    outcome=Outcome.CONSULT,
    reason=Text(
        "位于尚未批准保护区的水源的默认范围内：默认范围仅为提示，须核实保护区划定情况。",
        "The land lies within the default extent of a source whose zones are not "
        "approved yet. The extent is a hint only: the state of delimitation has to be "
        "checked.",
    ),
    legal_basis=(
        recalled(HJ_338, Text("各类水源的划分", "extents by kind of source")),
        law(
            SIX_GUARANTEES,
            Text("三（二）", "section 三(二)"),
            confidence=Text("已读政策原文", "text of the plan was read"),
        ),
    ),
    themes=("water_zone", "water_source"),
    required_documents=(
        Text("水源保护区划定情况", "state of the zone's delimitation"),
    ),
    consult=(EE,),
    lifts_when=Text(
        "保护区获批准且不涉及，或取得同意的书面意见",
        "the zones are approved and lie elsewhere, or a written opinion agrees",
    ),
    note=Text(
        "默认范围为产品参数；其他行政区的水源是否已划定保护区，须向其核实。",
        "The extents are parameters; whether a source of another division has zones "
        "has to be asked there.",
    ),
    parameters=(
        "hj338_river_m",
        "hj338_lake_m",
        "hj338_groundwater_m",
        "hj338_scattered_m",
    ),
)
def default_extent_is_asked(facts: Facts, parameters: Parameters) -> Truth:
    """HJ 338-2018 (recalled); M27 三(二)."""
    extents_m = {
        "river": parameters.hj338_river_m,
        "lake": parameters.hj338_lake_m,
        "reservoir": parameters.hj338_lake_m,
        "groundwater": parameters.hj338_groundwater_m,
        SCATTERED: parameters.hj338_scattered_m,
    }
    result = facts.water.not_approved
    for kind, metres in extents_m.items():
        result = result | facts.water.sources.within(metres, frozenset({kind}))
    return result
