"""What lies around that has to be asked about? Rules H01 to H04 (core).

周边: no law gives a distance in metres for "around". The distances are parameters, all
of them project defaults, and every answer names them with their source; the rules ask
for an opinion and bar nothing.
"""

from __future__ import annotations

from typing import Final

from parcels.texts import Text
from screening.facts import Facts
from screening.facts.nearby import SUPPLIED_FOR_USE, count_across_border
from screening.land_use import is_sensitive_wide
from screening.parameters import Parameters
from screening.rules.instruments import (
    CLEAN_SOIL_CONFERENCE,
    GUANGDONG_MEASURES,
    HEALTH_DISTANCE,
    HJ_25_1,
    NO_ARTICLE,
    SOIL_LAW,
    another_province,
    article,
    articles,
    design,
    law,
    liangshan,
    recalled,
    zhengzhou,
)
from screening.rules.parties import (
    AG,
    EE,
    EMERGENCY,
    NR,
    URBAN_MANAGEMENT,
)
from screening.rules.projects import may_pollute_soil
from screening.rules.rule import rule
from screening.rules.siting import PROTECTED_RECEPTORS
from screening.truth import NO, Truth, truth
from screening.vocabulary import FARM_WORK, UNCLASSIFIED, Outcome, Transaction

_SITED: Final = frozenset({Transaction.SITING, Transaction.EIA})
_GUANGDONG_19: Final = another_province(GUANGDONG_MEASURES, article(19))
_ASKED_BY_DESIGN: Final = design(
    Text(
        "距离和征求意见属产品设计",
        "the distances, and that it is asked, are our choice",
    )
)
_OPINION: Final = Text(
    "生态环境部门出具同意意见", "favourable opinion of the ecology-environment side"
)


@rule(
    "H01",
    title=Text(
        "敏感用地与污染源相互靠近，征求意见",
        "Sensitive land and a source come close: the authority is asked",
    ),
    transactions=SUPPLIED_FOR_USE | _SITED | {Transaction.DETAILED_PLAN},
    outcome=Outcome.CONSULT,
    reason=Text(
        "拟作敏感用途的土地邻近在产重点行业企业或土壤污染重点监管单位，或者拟建污染源位于敏感受体外圈：核对卫生防护距离和土壤状况。",
        "Land for a sensitive use lies near an active plant of a listed industry or a "
        "key supervised unit, or a new source in the outer ring of a receptor: check "
        "the health-protection distance and the soil.",
    ),
    legal_basis=(
        law(
            HEALTH_DISTANCE,
            NO_ARTICLE,
            confidence=Text(
                "定义已核对，标准全称凭记忆",
                "definition verified, full title from memory",
            ),
        ),
        _GUANGDONG_19,
        _ASKED_BY_DESIGN,
    ),
    themes=("enterprise", "receptor"),
    required_documents=(
        Text("防护距离说明", "statement on the distance"),
        Text("地块土壤检测资料", "soil data of the land"),
    ),
    consult=(EE, NR),
    lifts_when=_OPINION,
    parameters=("buf_key_unit_m", "buf_siting_receptor_m", "buf_siting_consult_m"),
)
def source_and_receptor_come_close(facts: Facts, parameters: Parameters) -> Truth:
    """GB/T 39499-2020; Guangdong measures Art. 19; the consequence by design."""
    if facts.transaction in _SITED:
        return may_pollute_soil(facts, parameters) & _in_outer_ring(facts, parameters)
    return facts.near.plants & facts.planned(is_sensitive_wide)


def _in_outer_ring(facts: Facts, parameters: Parameters) -> Truth:
    """Tell whether the nearest receptor lies beyond E03's distance, within H01's."""
    if facts.siting is None:
        return NO
    receptors = facts.siting.receptors
    inner = receptors.within(parameters.buf_siting_receptor_m, PROTECTED_RECEPTORS)
    outer = receptors.within(parameters.buf_siting_consult_m, PROTECTED_RECEPTORS)
    return count_across_border(outer) & truth(not inner.is_true)


@rule(
    "H02",
    title=Text(
        "敏感用地邻近疑似或污染地块，征求意见",
        "A suspected or contaminated plot beside sensitive land is asked about",
    ),
    transactions=SUPPLIED_FOR_USE,
    outcome=Outcome.CONSULT,
    reason=Text(
        "邻近地块为疑似污染地块、污染地块或名录地块，污染物可能迁移至本地块。",
        "A neighbouring plot is suspected, contaminated or on the register: its "
        "pollution may reach the land.",
    ),
    legal_basis=(
        _GUANGDONG_19,
        recalled(HJ_25_1, NO_ARTICLE, Text("标准凭记忆", "standard from memory")),
        _ASKED_BY_DESIGN,
    ),
    themes=("plot",),
    required_documents=(
        Text(
            "考虑相邻地块影响（含地下水）的调查",
            "survey that looks at the neighbour, with groundwater",
        ),
    ),
    consult=(EE,),
    lifts_when=_OPINION,
    parameters=("buf_plot_m",),
)
def open_plot_lies_beside(facts: Facts, _: Parameters) -> Truth:
    """Guangdong measures Art. 19; HJ 25.1; elsewhere by design."""
    return facts.near.open_plots & facts.planned(is_sensitive_wide)


@rule(
    "H03",
    title=Text(
        "邻近尾矿库、填埋场、垃圾堆放点或堆场，征求意见",
        "A tailings pond, landfill, dump or waste yard nearby is asked about",
    ),
    transactions=SUPPLIED_FOR_USE | {Transaction.FARM_CIRCULATE},
    outcome=Outcome.CONSULT,
    reason=Text(
        "周边有尾矿库、填埋场、垃圾堆放或倾倒点、固体废物堆场，属于重点关注的风险区域。",
        "A tailings pond, landfill, dump or waste yard lies near: its surroundings are "
        "areas of concern.",
    ),
    legal_basis=(
        law(SOIL_LAW, articles(16, 17, 25)),
        liangshan(2, 6, 24, 29),
        zhengzhou("三(五)3"),
        zhengzhou("三(五)5"),
        zhengzhou("三(五)6"),
        _ASKED_BY_DESIGN,
    ),
    themes=("facility",),
    required_documents=(Text("地块土壤检测资料", "soil data of the land"),),
    consult=(EE, EMERGENCY, URBAN_MANAGEMENT),
    lifts_when=_OPINION,
    parameters=("buf_tailings_m", "buf_landfill_m", "buf_waste_yard_m"),
)
def facility_lies_near(facts: Facts, _: Parameters) -> Truth:
    """Soil Law Art. 16, 17, 25; LS 2, 6, 24, 29; ZZ 三(五)3, 5, 6; else by design."""
    return facts.near.facilities & _for_people_or_food(facts)


def _for_people_or_food(facts: Facts) -> Truth:
    """Tell whether the use is sensitive, or a crop grows that may be eaten."""
    if facts.transaction is Transaction.FARM_CIRCULATE:
        return truth(facts.crop_may_be_eaten)
    return facts.planned(is_sensitive_wide)


@rule(
    "H04",
    title=Text(
        "未划定类别的农用地邻近污染源，先行监测",
        "Unclassified farmland near a source is monitored first",
    ),
    transactions=FARM_WORK,
    outcome=Outcome.CONSULT,
    reason=Text(
        "未划定类别的农用地邻近在产采选、冶炼或其他重点行业企业，种植食用农产品前先行监测。",
        "Unclassified farmland lies near an active mine, smelter or other plant of a "
        "listed industry: it is monitored before edible crops grow there.",
    ),
    legal_basis=(
        law(SOIL_LAW, article(16)),
        law(
            CLEAN_SOIL_CONFERENCE,
            Text("第五点", "point 五"),
            confidence=Text("已读会议材料", "record of the conference was read"),
        ),
        _ASKED_BY_DESIGN,
    ),
    themes=("enterprise", "farmland_unit"),
    required_documents=(Text("土壤和农产品协同采样", "joint sample of soil and crop"),),
    consult=(AG, EE),
    lifts_when=Text(
        "划定类别，或协同监测结果达标并征得同意",
        "the land gets its category, or the joint samples comply and the opinion is "
        "favourable",
    ),
    parameters=("buf_smelter_farm_m", "buf_other_farm_m"),
)
def farmland_lies_near_a_source(facts: Facts, _: Parameters) -> Truth:
    """Soil Law Art. 16; VC 五. A category nobody knows is left to other rules."""
    unclassified = facts.farmland.categories.get(UNCLASSIFIED, NO)
    return unclassified & facts.near.farm_sources & truth(facts.crop_may_be_eaten)
