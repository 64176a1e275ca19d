"""When must land be surveyed, whoever suspects it or not? Rules C04 to C10 (core).

By change of use (Soil Law Art. 59), by former industry (凉府发〔2017〕6号 item 12, the
soil action plan), by supply (item 14), and what follows when the soil fails.
"""

from __future__ import annotations

from parcels.texts import Text
from screening.facts import Facts
from screening.land_use import (
    LandUse,
    is_home_school_or_hospital,
    is_industrial,
    is_residential_or_public,
    is_residential_or_public_today,
    is_sensitive_wide,
)
from screening.parameters import Parameters
from screening.rules.conditions import (
    PERMITS,
    SUPPLY,
    WORKS,
    is_remediation,
    soil_fails,
    survey_missing,
)
from screening.rules.instruments import (
    ACCOUNTING_METHOD,
    HENAN_DRAFT,
    LAND_REGULATION,
    NO_ARTICLE,
    ORDER_3,
    SOIL_ACTION_PLAN,
    SOIL_LAW,
    article,
    law,
    liangshan,
    recalled,
)
from screening.rules.parties import EE, EE_CITY, NR
from screening.rules.rule import Citation, rule
from screening.truth import Truth, declared, truth
from screening.vocabulary import Outcome, Transaction

_RETURNED = frozenset(
    {Transaction.TAKE_BACK, Transaction.PURCHASE, Transaction.RESERVE}
)


def _not_residential_or_public_today(use: LandUse) -> bool:
    return not is_residential_or_public_today(use)


def _change_of_use(facts: Facts, _: Parameters) -> Text | None:
    current = "、".join(str(use) for use in facts.current_uses)
    return Text(
        f"现状 {current}，规划 {facts.planned_use}。",
        f" Current use {current}, planned use {facts.planned_use}.",
    )


@rule(
    "C04",
    title=Text(
        "变更为住宅、公共管理与公共服务用地前应调查",
        "A survey before land becomes residential or public-service land",
    ),
    transactions=SUPPLY | {Transaction.USE_CHANGE, Transaction.LAND_PLAN_PERMIT},
    outcome=Outcome.REQUIRE_INVESTIGATION,
    reason=Text(
        "用途变更为住宅、公共管理与公共服务用地的，变更前应当开展土壤污染状况调查，无论原用途如何。",
        "Land that becomes residential, public-administration or public-service land "
        "is surveyed before the change, whatever it was used for.",
    ),
    legal_basis=(
        law(SOIL_LAW, article(59, 2, 3)),
        law(
            ACCOUNTING_METHOD,
            Text("时点为供地前", "time point: supply of the land"),
            confidence=Text(
                "经公开的调查公告核对", "verified through published survey notices"
            ),
        ),
    ),
    required_documents=(
        Text(
            "经评审的调查报告（第一阶段即可的，从其规定），在签订出让合同或作出划拨决定前完成",
            "reviewed survey (phase I may do), before the grant contract or the "
            "allocation decision",
        ),
    ),
    consult=(EE_CITY, NR),
    lifts_when=Text("调查报告通过评审", "the survey passes review"),
    note=Text(
        "住宅与公共用地之间变更不需调查，见于山东省2023年意见（开头部分已核对）。现状为公用设施用地"
        "（GB/T 21010 的 0809）视为非敏感。",
        "No survey between residential and public classes: practice of Shandong since "
        "2023 (opening part read). Utilities (0809 of GB/T 21010) as current use count "
        "as not sensitive.",
    ),
    detail=_change_of_use,
)
def survey_before_residential_or_public_use(facts: Facts, _: Parameters) -> Truth:
    """Soil Law Art. 59(2)(3)."""
    return (
        facts.planned(is_residential_or_public)
        & facts.any_current(_not_residential_or_public_today)
        & survey_missing(facts)
    )


@rule(
    "C05",
    title=Text(
        "住宅与公共用地之间变更，原则上不再调查",
        "Change between sensitive classes needs no new survey in principle",
    ),
    marks=frozenset({"henan_draft"}),
    transactions=frozenset({Transaction.USE_CHANGE}),
    outcome=Outcome.ALLOW_WITH_CONDITIONS,
    reason=Text(
        "现状与规划均为住宅、公共管理与公共服务用地，原则上不再要求调查，保留提示。",
        "Current and planned use are both residential or public service: in principle "
        "no new survey; kept as a warning.",
    ),
    legal_basis=(
        Citation(
            HENAN_DRAFT,
            NO_ARTICLE,
            "verified",
            Text("仅为征求意见稿", "a draft for comment only"),
            "henan_draft",
        ),
    ),
    required_documents=(Text("已有调查报告或说明", "existing survey or statement"),),
)
def change_between_sensitive_classes(facts: Facts, _: Parameters) -> Truth:
    """Henan draft of 2023; no law until a deployment switches it on."""
    return facts.planned(is_residential_or_public) & facts.any_current(
        is_residential_or_public_today
    )


def _list_applied(_: Facts, parameters: Parameters) -> Text | None:
    listed = parameters.listed_industries
    return Text(
        f"适用行业清单 {listed.name}（{listed.title.zh}）。",
        f" List applied: {listed.name} ({listed.title.en}).",
    )


@rule(
    "C06",
    title=Text(
        "列入清单行业的用地收回或改为敏感用途前应调查",
        "Land of listed industries is surveyed before take-back or sensitive use",
    ),
    transactions=SUPPLY | _RETURNED | {Transaction.USE_CHANGE},
    outcome=Outcome.REQUIRE_INVESTIGATION,
    reason=Text(
        "原（现）为清单所列行业用地，拟收回或改为居住、商业、学校、医疗、养老等用途：由土地使用权人调查评估；已收回的由县级人民政府调查。",
        "Land of a listed industry that is taken back, or becomes homes, shops, "
        "schools, medical or elder care: the user surveys; if already taken back, the "
        "county government.",
    ),
    legal_basis=(
        liangshan(12),
        law(
            SOIL_ACTION_PLAN,
            Text("建设用地准入管理部分", "part on access of development land"),
            confidence=Text("条款经二手来源核对", "clause through a secondary source"),
        ),
    ),
    themes=("former_use", "enterprise", "plot"),
    required_documents=(
        Text(
            "报生态环境、住建、自然资源部门备案的调查报告",
            "survey filed with the environment, construction and land departments",
        ),
    ),
    consult=(EE,),
    lifts_when=Text("调查报告通过评审", "the survey passes review"),
    note=Text(
        "收购与集体土地属推论；用地上现有企业计入原有行业，属产品设计。",
        "Purchase and collective land are an inference; an enterprise standing on the "
        "land counts as former industry by design.",
    ),
    parameters=("listed_industries",),
    detail=_list_applied,
)
def listed_industry_land_is_surveyed(facts: Facts, parameters: Parameters) -> Truth:
    """LS 12; action plan 国发〔2016〕31号."""
    returned_or_sensitive = facts.is_one_of(_RETURNED) | facts.planned(
        is_sensitive_wide
    )
    return (
        survey_missing(facts)
        & returned_or_sensitive
        & facts.former_industry_in(parameters.listed_industries)
    )


@rule(
    "C07",
    title=Text(
        "存量用地转为居住、学校、医院而土壤不达标的，不予立项许可",
        "No approval where supplied land fails the soil quality for homes or schools",
    ),
    marks=frozenset({"liangshan"}),
    transactions=PERMITS,
    outcome=Outcome.DENY,
    reason=Text(
        "存量用地原属清单行业或存在污染风险，拟转为居住、学校、医院等敏感用地，土壤质量不满足要求：不得立项批准、核准或备案。",
        "Supplied land of a listed industry, or at risk, is to become homes, school or "
        "hospital and fails the soil quality: no approval, verification or filing.",
    ),
    legal_basis=(liangshan(14),),
    themes=("former_use", "enterprise", "plot"),
    required_documents=(
        Text("满足规划用途的土壤评估", "soil assessment that meets the planned class"),
    ),
    consult=(EE,),
    lifts_when=Text("治理后评估达标", "an assessment after treatment meets the class"),
    note=Text(
        "行业以方案所列为准（清单H1），不含第42号令另列的行业。",
        "The industries are those of the plan (list H1), without those that Order 42 "
        "adds.",
    ),
)
def failing_supplied_land_is_not_approved(
    facts: Facts, parameters: Parameters
) -> Truth:
    """LS 14."""
    at_risk = facts.pollutants_at_risk | facts.former_industry_in(
        parameters.industry_lists["H1"]
    )
    return (
        truth(facts.existing_supplied_land)
        & facts.planned(is_home_school_or_hospital)
        & at_risk
        & soil_fails(facts)
        & ~is_remediation(facts)
    )


@rule(
    "C08",
    title=Text(
        "调查评估意见为出让、划拨的前置条件",
        "A survey opinion is a precondition of grant and allocation",
    ),
    marks=frozenset({"liangshan"}),
    transactions=frozenset({Transaction.GRANT, Transaction.ALLOCATE}),
    outcome=Outcome.REQUIRE_INVESTIGATION,
    reason=Text(
        "出让、划拨前应取得地块的土壤调查评估意见。",
        "Before grant or allocation the plot's survey and assessment opinion is "
        "required.",
    ),
    legal_basis=(liangshan(14),),
    required_documents=(Text("土壤调查评估意见", "survey and assessment opinion"),),
    consult=(EE,),
    lifts_when=Text("调查评估意见已取得", "the opinion is on file"),
)
def survey_is_precondition_of_supply(facts: Facts, _: Parameters) -> Truth:
    """LS 14."""
    return survey_missing(facts)


@rule(
    "C09",
    title=Text(
        "不符合建设用地土壤质量要求的，不予供地、许可",
        "No supply or permit where the soil does not meet the standard",
    ),
    transactions=SUPPLY | WORKS | {Transaction.USE_CHANGE},
    outcome=Outcome.DENY,
    reason=Text(
        "经评审的报告表明地块不符合规划用途的土壤环境质量要求。",
        "A reviewed report shows that the soil does not meet the quality required for "
        "the planned use.",
    ),
    legal_basis=(
        liangshan(13, 14, 15),
        law(LAND_REGULATION, article(14, 2)),
    ),
    themes=("plot",),
    required_documents=(Text("治理修复及效果评估", "treatment and effect evaluation"),),
    consult=(EE,),
    lifts_when=Text("治理后评估达标", "an evaluation after treatment meets the class"),
    note=Text(
        "集体土地、改变用途和开工由条例第十四条第二款推得。",
        "Collective land, change of use and start of works are inferred from Art. "
        "14(2).",
    ),
)
def failing_soil_is_not_supplied(facts: Facts, _: Parameters) -> Truth:
    """LS 13 to 15; Land Law Regulation Art. 14(2)."""
    return soil_fails(facts) & ~is_remediation(facts)


@rule(
    "C10",
    title=Text(
        "新增工业用地应开展现状调查并备案",
        "New industrial land needs a baseline survey",
    ),
    marks=frozenset({"liangshan"}),
    transactions=frozenset({Transaction.GRANT}),
    outcome=Outcome.REQUIRE_INVESTIGATION,
    reason=Text(
        "新增工业用地实行土壤环境强制调查评估与备案。",
        "For new industrial land soil survey and filing are mandatory.",
    ),
    legal_basis=(
        liangshan(17),
        recalled(ORDER_3, Text("现状调查有关条款", "baseline survey")),
    ),
    required_documents=(Text("现状调查报告", "baseline survey"),),
    consult=(EE,),
    lifts_when=Text("现状调查通过评审", "the baseline survey passes review"),
    note=Text("政策已核对；第3号令凭记忆。", "Plan verified; Order 3 recalled."),
)
def new_industrial_land_needs_baseline(facts: Facts, _: Parameters) -> Truth:
    """LS 17; Order 3 on baseline surveys (recalled)."""
    return (
        truth(not facts.survey.baseline)
        & facts.planned(is_industrial)
        & declared(facts.declared.new_supply, "new_supply")
    )
