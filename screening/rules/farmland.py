"""May farmland be built on or converted? Rules D01 to D06 (core).

永久基本农田, 农用地土壤环境质量类别: Land Management Law Art. 30, 35, 44, 46, Soil Law
Art. 50 and 59, the plans of Liangshan and Zhengzhou.
"""

from __future__ import annotations

from typing import Final

from parcels.texts import Text
from screening.facts import Facts
from screening.land_use import is_agricultural, is_residential_or_public
from screening.parameters import Parameters
from screening.rules.conditions import (
    PERMITS,
    SUPPLY,
    WORKS,
    planned_construction,
    survey_missing,
)
from screening.rules.instruments import (
    ANHUI_NOTICE,
    BASIC_FARMLAND_REGULATION,
    LAND_LAW,
    LAND_REGULATION,
    SOIL_LAW,
    another_province,
    article,
    articles,
    law,
    liangshan,
    zhengzhou,
)
from screening.rules.parties import AG, COUNTY_GOVERNMENT, EE_CITY, NR, STATE_COUNCIL
from screening.rules.rule import rule
from screening.truth import Truth, declared, truth
from screening.vocabulary import (
    ENTRY,
    PRIORITY_PROTECTION,
    STRICT_CONTROL,
    Outcome,
    Transaction,
)

OCCUPATION: Final = (
    ENTRY
    | SUPPLY
    | WORKS
    | {Transaction.USE_CHANGE, Transaction.FARM_CONVERT, Transaction.SITING}
)
"""Steps by which basic farmland could be occupied or its use changed."""

_BEFORE_APPROVAL: Final = frozenset(
    {
        Transaction.ACQUIRE,
        Transaction.FARM_CONVERT,
        Transaction.PROJECT_APPROVAL,
        Transaction.SITING,
    }
)
"""Steps on the way to the State Council's approval; later ones need its number."""


def is_excepted_key_project(facts: Facts) -> Truth:
    """Tell whether the exception of Art. 35 and 44 is claimed as far as it must be."""
    key_project = truth(bool(facts.project.national_key_project))
    approved = truth(bool(facts.declared.state_council_approval))
    return key_project & (facts.is_one_of(_BEFORE_APPROVAL) | approved)


def occupies(facts: Facts) -> Truth:
    """Tell whether the planned use is construction; none named counts as that."""
    use = facts.planned_use
    return truth(use is None or not is_agricultural(use))


@rule(
    "D01",
    title=Text(
        "永久基本农田不得占用或改变用途",
        "Permanent basic farmland may not be occupied nor its use changed",
    ),
    transactions=OCCUPATION,
    outcome=Outcome.DENY,
    reason=Text(
        "涉及永久基本农田，任何单位和个人不得擅自占用或改变用途；仅国家能源、交通、水利、军事设施等重点项目确实难以避让的，经国务院批准后可以占用。",
        "The land overlaps permanent basic farmland, which nobody may occupy or put to "
        "another use. Only key energy, transport, water and military projects that "
        "cannot avoid it may, with approval of the State Council.",
    ),
    legal_basis=(
        law(LAND_LAW, articles(35, 44, 46)),
        law(BASIC_FARMLAND_REGULATION, article(15)),
        liangshan(8),
    ),
    themes=("permanent_basic_farmland",),
    required_documents=(
        Text("国务院批准文件", "approval of the State Council"),
        Text("补划方案", "plan for the replacement plot"),
    ),
    consult=(NR,),
    lifts_when=Text(
        "属国家重点项目并已申明（project.national_key_project）；供地以后各环节还须填写国务院批准文号",
        "the project is claimed as a national key project "
        "(project.national_key_project); from supply on the number of the State "
        "Council's approval is needed as well",
    ),
    note=Text(
        "改变用途依第三十五条第一款明文加入。",
        "Change of use was added because Art. 35(1) bars it in terms.",
    ),
)
def basic_farmland_is_not_occupied(facts: Facts, _: Parameters) -> Truth:
    """Land Management Law Art. 35, 44, 46; Regulation Art. 15."""
    return (
        facts.overlaps_permanent_basic_farmland
        & ~is_excepted_key_project(facts)
        & occupies(facts)
    )


@rule(
    "D02",
    title=Text(
        "重点项目占用永久基本农田须报国务院批准",
        "A key project on basic farmland takes the State Council's route",
    ),
    transactions=OCCUPATION,
    outcome=Outcome.ALLOW_WITH_CONDITIONS,
    reason=Text(
        "申明为国家重点项目：占用永久基本农田的农用地转用、征收由国务院批准，并补划数量、质量相当的永久基本农田。",
        "Claimed as a national key project: conversion and acquisition are for the "
        "State Council to approve, and equal basic farmland has to be added elsewhere.",
    ),
    legal_basis=(
        law(LAND_LAW, articles(35, 44, 46)),
        law(BASIC_FARMLAND_REGULATION, articles(15, 16)),
        law(LAND_REGULATION, article(24)),
    ),
    themes=("permanent_basic_farmland",),
    required_documents=(
        Text("国务院批准文件", "approval of the State Council"),
        Text("必要性和无法避让论证", "statement of need and that it cannot be avoided"),
        Text(
            "数量相等、质量相当的补划方案",
            "replacement basic farmland of equal quantity and quality",
        ),
    ),
    consult=(STATE_COUNCIL,),
)
def key_project_on_basic_farmland(facts: Facts, _: Parameters) -> Truth:
    """Land Management Law Art. 35, 44, 46; Regulation Art. 15, 16."""
    return facts.overlaps_permanent_basic_farmland & is_excepted_key_project(facts)


@rule(
    "D03",
    title=Text(
        "未经批准的项目不得占用优先保护类耕地",
        "No unapproved project on priority-protection farmland",
    ),
    marks=frozenset({"zhengzhou"}),
    transactions=SUPPLY | PERMITS | {Transaction.FARM_CONVERT},
    outcome=Outcome.DENY,
    reason=Text(
        "未经批准或不符合规定的建设项目，一律不得占用优先保护类耕地。",
        "Projects not approved or not compliant may not occupy priority-protection "
        "farmland.",
    ),
    legal_basis=(zhengzhou("三(二)2"), law(SOIL_LAW, article(50))),
    themes=("farmland_unit", "permanent_basic_farmland"),
    required_documents=(Text("农用地转用批准文件", "approval of farmland conversion"),),
    consult=(NR,),
    lifts_when=Text(
        "取得农用地转用批准（project.approved）",
        "the conversion is approved (project.approved)",
    ),
    parameters=("sliver_area_m2", "sliver_width_m"),
)
def unapproved_project_on_priority_farmland(facts: Facts, _: Parameters) -> Truth:
    """ZZ 三(二)2; Soil Law Art. 50. Land inside basic farmland is left to D01."""
    return (
        facts.farmland_includes(PRIORITY_PROTECTION)
        & facts.farmland.priority_outside_pbf
        & ~declared(facts.project.approved, "project_approved")
        & planned_construction(facts)
    )


@rule(
    "D04",
    title=Text(
        "占用优先保护类耕地须补充，面积不减少",
        "Priority-protection farmland that is converted has to be made up for",
    ),
    transactions=frozenset({Transaction.FARM_CONVERT}),
    outcome=Outcome.ALLOW_WITH_CONDITIONS,
    reason=Text(
        "优先保护类耕地面积不减少、土壤环境质量不下降：占用须落实占补平衡。",
        "The area of priority-protection farmland must not fall: compensate.",
    ),
    legal_basis=(
        liangshan(8),
        zhengzhou("三(二)2"),
        law(LAND_LAW, article(30)),
    ),
    themes=("farmland_unit",),
    required_documents=(
        Text("农用地转用批准文件", "approval of the conversion"),
        Text("耕地占补平衡方案", "plan for the balance of cultivated land"),
    ),
    consult=(NR, AG),
)
def priority_farmland_is_compensated(facts: Facts, _: Parameters) -> Truth:
    """LS 8; ZZ 三(二)2; Land Management Law Art. 30."""
    return (
        facts.farmland_includes(PRIORITY_PROTECTION)
        & truth(facts.project.approved is not False)
        & planned_construction(facts)
    )


@rule(
    "D05",
    title=Text(
        "重度污染农用地转为城镇建设用地前应调查",
        "Heavily polluted farmland is surveyed before it becomes development land",
    ),
    marks=frozenset({"liangshan"}),
    transactions=frozenset({Transaction.FARM_CONVERT}),
    outcome=Outcome.REQUIRE_INVESTIGATION,
    reason=Text(
        "严格管控类（重度污染）农用地转为城镇建设用地的，由县级人民政府组织调查评估。",
        "Strict-control (heavily polluted) farmland that becomes urban development "
        "land is surveyed by the county government.",
    ),
    legal_basis=(liangshan(12), law(SOIL_LAW, article(59))),
    themes=("farmland_unit",),
    required_documents=(Text("调查评估报告", "survey and assessment"),),
    consult=(COUNTY_GOVERNMENT, EE_CITY),
    lifts_when=Text("调查报告通过评审", "the survey passes review"),
)
def polluted_farmland_is_surveyed(facts: Facts, _: Parameters) -> Truth:
    """LS 12, from 2018 on; Soil Law Art. 59."""
    return (
        facts.farmland_includes(STRICT_CONTROL)
        & survey_missing(facts)
        & planned_construction(facts)
    )


@rule(
    "D06",
    title=Text(
        "农用地转为住宅、公共管理与公共服务用地前应调查",
        "A survey before farmland becomes residential or public-service land",
    ),
    transactions=frozenset({Transaction.FARM_CONVERT}),
    outcome=Outcome.REQUIRE_INVESTIGATION,
    reason=Text(
        "农用地变更为住宅、公共管理与公共服务用地的，变更前应当调查；国家层面不因原为农用地而免除，省级可简化程序。",
        "Farmland that becomes residential or public-service land is surveyed first. "
        "National law makes no exception for farmland; provinces may simplify.",
    ),
    legal_basis=(
        law(SOIL_LAW, article(59, 2)),
        another_province(ANHUI_NOTICE, Text("程序简化", "simplified procedure")),
    ),
    required_documents=(
        Text(
            "经评审的调查报告（第一阶段即可的，从其规定）",
            "reviewed survey (phase I may do)",
        ),
        Text("省里允许简化程序的，从其规定", "simplified where the province allows it"),
    ),
    consult=(EE_CITY, NR),
    lifts_when=Text("调查报告通过评审", "the survey passes review"),
)
def survey_before_farmland_becomes_residential(facts: Facts, _: Parameters) -> Truth:
    """Soil Law Art. 59(2)."""
    return survey_missing(facts) & facts.planned(is_residential_or_public)
