"""Which words of a survey stand for the values the register keeps? (core, data).

Offices write 优先保护类 and 是, the register keeps ``priority_protection`` and true. A
word counts only for attributes that allow its value; blanks and width do not matter.
Stages and lists of plots after the life cycle, categories after the classification
guideline; the rest is plain language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

import pyarrow as pa

from parcels.codes import clean_code
from parcels.land_use_codes import find_scheme
from parcels.register.layers import RESTRICTION_THEMES, Attribute

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    # farmland categories
    "priority_protection": ("优先保护", "优先保护类"),
    "safe_use": ("安全利用", "安全利用类"),
    "strict_control": ("严格管控", "严格管控类"),
    "unclassified": ("未划分", "未划定"),
    # levels of pollution of farmland, and measures on it
    "none": ("无污染", "未污染", "尚清洁"),
    "slight": ("轻微", "轻微污染"),
    "light_moderate": ("轻中度", "轻中度污染", "轻度", "中度", "轻度污染", "中度污染"),
    "heavy": ("重度", "重度污染"),
    "intensified_monitoring": ("加密监测", "加强监测"),
    "crop_livestock": ("种养结合",),
    "straw_return": ("秸秆还田",),
    "organic_fertiliser": ("增施有机肥", "有机肥"),
    "reduced_tillage": ("少耕免耕", "免耕少耕"),
    "agronomic_control": ("农艺调控", "优化施肥"),
    "low_accumulation_variety": ("低积累品种", "低积累品种替代"),
    "water_control": ("水分调控", "优化灌溉"),
    "conditioner": ("土壤调理剂", "土壤调理"),
    "lime": ("石灰", "石灰调节", "施用石灰"),
    "substitute_crops": ("替代种植",),
    "bioremediation": ("生物修复", "植物修复"),
    "restructuring": ("种植结构调整", "结构调整"),
    "no_produce_zone": ("特定农产品禁止生产区划定", "划定禁产区"),
    "return_to_forest_grass": ("退耕还林还草", "退耕还林", "退耕还草"),
    "fallow": ("休耕", "轮作休耕"),
    # stages of a plot
    "candidate": ("线索", "线索地块"),
    "suspected": ("疑似污染地块", "疑似", "疑似污染地块名单"),
    "initial_survey": ("初步调查", "初步调查报告"),
    "initial_review": ("初步调查评审", "评审"),
    "cleared": ("未超标", "移出名单"),
    "contaminated": ("污染地块", "污染地块名录"),
    "detailed_survey": ("详细调查", "详细调查报告"),
    "risk_assessment": ("风险评估", "风险评估报告"),
    "risk_acceptable": ("风险可接受",),
    "rcr_listed": ("列入名录", "列入风险管控和修复名录"),
    "risk_control": ("风险管控",),
    "remediation": ("治理与修复", "修复"),
    "effect_evaluation": ("效果评估", "效果评估报告"),
    "target_not_met": ("未达目标",),
    "removed": ("移出名录",),
    "aftercare": ("后期管理",),
    "closed_error": ("误列",),
    # screening of enterprise plots
    "in_production": ("在产企业", "在产"),
    "closed_relocated": ("关闭搬迁企业", "关闭搬迁"),
    # lists
    "rcr": ("建设用地土壤污染风险管控和修复名录", "风险管控和修复名录"),
    "priority_supervised": ("优先监管地块名录", "优先监管地块"),
    # documents
    "baseline_survey": ("土壤污染状况初始调查", "背景调查"),
    "key_unit_survey": ("重点监管单位调查", "重点单位土壤污染状况调查"),
    "risk_control_plan": ("风险管控方案",),
    "remediation_plan": ("修复方案", "治理与修复方案"),
    "removal_decision": ("移出名录决定",),
    "review_opinion": ("评审意见",),
    "dismantling_plan": ("拆除活动污染防治方案", "拆除方案"),
    "listing_form": ("疑似污染地块登记表", "列入登记表"),
    "notice": ("书面通知", "通知书"),
    "register_entry": ("污染地块名录登记", "名录登记"),
    "transport_plan": ("污染土壤转运计划", "转运计划"),
    "removal_application": ("移出名录申请",),
    "aftercare_plan": ("后期管理方案",),
    "control_area_approval": ("管控区域批准文件", "管控区域批复"),
    "isolation_measures": ("隔离措施", "隔离阻断措施"),
    "correction_approval": ("更正批准文件", "误列更正批准"),
    "passed": ("通过",),
    "returned": ("退回", "不通过", "未通过"),
    "class_1": ("第一类用地", "一类用地", "第一类", "一类"),
    "class_2": ("第二类用地", "二类用地", "第二类", "二类"),
    "met": ("达标", "符合", "未超标"),
    "not_met": ("不达标", "不符合", "超标"),
    "high": ("高", "高风险", "高度关注"),
    "medium": ("中", "中风险", "中度关注"),
    "low": ("低", "低风险", "低度关注"),
    # changes of parcels
    "split": ("分割", "宗地分割"),
    "merge": ("合并", "宗地合并"),
    "renumber": ("重编号", "重新编码"),
    # enterprises, facilities, water, receptors
    "active": ("在产", "正常", "生产"),
    "closed": ("关闭", "已关闭", "闭库", "封场"),
    "moved": ("搬迁", "已搬迁"),
    "in_use": ("在用", "使用中"),
    "stopped": ("停用",),
    "struck_off": ("销号", "已销号"),
    "backup": ("备用",),
    "planned": ("规划",),
    "withdrawn": ("取消", "撤销"),
    "river": ("河流", "河流型"),
    "lake": ("湖泊", "湖泊型"),
    "reservoir": ("水库", "水库型"),
    "groundwater": ("地下水", "地下水型"),
    "city_county": ("县级以上", "城市"),
    "qiandunwanren": ("千吨万人",),
    "township": ("乡镇", "乡镇级"),
    "scattered": ("分散式",),
    "level_1": ("一级", "一级保护区"),
    "level_2": ("二级", "二级保护区"),
    "quasi": ("准保护区", "准"),
    "approved": ("批复", "已批复"),
    "hj338_default": ("HJ338", "HJ 338 默认"),
    "tailings_pond": ("尾矿库",),
    "landfill": ("垃圾填埋场", "填埋场"),
    "informal_dump": ("非正规垃圾堆放点", "垃圾堆放点"),
    "illegal_dump": ("非法倾倒填埋点", "非法倾倒点", "非法填埋点"),
    "waste_yard": ("固体废物堆场", "固废堆场"),
    "sewage_works": ("污水处理厂",),
    "hazardous_waste_site": ("危险废物场所", "危废处置场"),
    "household": ("生活垃圾",),
    "construction": ("建筑垃圾",),
    "industrial": ("工业固体废物", "一般工业固体废物", "工业固废"),
    "hazardous": ("危险废物", "危废"),
    "sludge": ("污泥",),
    "mixed": ("混合", "混合垃圾"),
    "residential": ("居民区", "居住区", "居民点"),
    "kindergarten": ("幼儿园",),
    "school": ("学校",),
    "hospital": ("医院",),
    "sanatorium": ("疗养院",),
    "elder_care": ("养老院", "养老机构"),
    "well": ("水井", "饮用水井"),
    "other": ("其他", "其它"),
    # points
    "basic": ("基础点", "基础点位"),
    "risk": ("风险点", "风险点位", "风险监控点"),
    "background": ("背景点", "背景点位"),
    "national": ("国控", "国家级"),
    "provincial": ("省控", "省级"),
    "city": ("市控", "市级"),
    "county": ("县控", "县级"),
    "province": ("省级",),
    "soil": ("土壤",),
    "crop": ("农产品",),
    "irrigation": ("灌溉水",),
    "surface_water": ("地表水",),
    "ground_water": ("地下水",),
    "paddy": ("水田",),
    "dry_land": ("旱地", "水浇地"),
    "orchard": ("果园", "园地"),
    "rotation": ("水旱轮作",),
    "rice": ("水稻",),
    "paddy_rice": ("稻谷",),
    "brown_rice": ("糙米",),
    "white_rice": ("大米", "精米"),
    "wheat": ("小麦",),
    "maize": ("玉米",),
    "other_cereal": ("其他谷物", "谷物"),
    "other_food": ("其他农产品", "蔬菜"),
    "survey": ("实测", "测量"),
    "gnss": ("卫星定位",),
    "gcj02": ("GCJ-02", "火星坐标", "高德"),
    "bd09": ("BD-09", "百度"),
    "geocoded": ("地理编码",),
    "unknown": ("不明", "未知"),
    # themes of restriction areas
    "control_area": ("风险管控区域", "划定管控区域"),
    "permanent_basic_farmland": ("永久基本农田",),
    "ecological_redline": ("生态保护红线",),
    "crop_ban_area": ("特定农产品禁止生产区", "特定农产品严格管控区"),
    "concentrated_priority_farmland": ("优先保护类耕地集中区",),
    "pbf_concentrated_area": ("永久基本农田集中区",),
    "ecological_sensitive_area": ("生态敏感区",),
    "dense_population_area": ("人口密集区",),
    "yangtze_main_shoreline": ("长江干流岸线",),
    "yangtze_tributary_shoreline": ("长江支流岸线",),
    "yellow_river_shoreline_control": ("黄河岸线管控区",),
    "scenic_area": ("风景名胜区",),
    "nature_reserve": ("自然保护区",),
    "recharge_area": ("地下水补给区", "补给径流区"),
}
"""Value of the register → words for it; a value may have none."""

_THEME: Final = "theme"
_EDITION: Final = "industry_edition"
_SCHEMES: Final = ("land_use_scheme", "current_use_scheme", "planned_use_scheme")
_YEAR: Final = re.compile(r"(?:GB/?T?4754[-—年]?)?(2002|2011|2017)年?(?:版)?")


def translate_values(attribute: Attribute, column: pa.Array) -> pa.Array:
    """Return a text column with known words as values; other texts stay as they are."""
    if not attribute.values and attribute.name != _THEME:
        return column
    encoded = column.dictionary_encode()
    texts = [_translate(attribute, one) for one in encoded.dictionary.to_pylist()]
    return pa.array(texts, pa.string()).take(encoded.indices)


def _translate(attribute: Attribute, text: str) -> str:
    if text in attribute.values:
        return text
    plain = clean_code(text)
    if attribute.name in _SCHEMES:
        return find_scheme(text) or text
    if attribute.name == _EDITION:
        match = _YEAR.fullmatch(plain)
        return match[1] if match else text
    return _words(attribute.values or RESTRICTION_THEMES).get(plain, text)


@cache
def _words(values: tuple[str, ...]) -> dict[str, str]:
    """Return the words for some values; two values never share a word."""
    return {
        clean_code(word): value
        for value in values
        for word in (value, *WORDS.get(value, ()))
    }
