"""May a suspected plot move on, or a key unit's land? C01-C03, C11-C13 (core).

疑似污染地块, 线索地块, 土壤污染重点监管单位: Order 42 Art. 13 and 14 (recalled),
Soil Law Art. 22, 59, 67, and what makes a report doubtful. The duty to survey by use
and industry (C04 to C10) is in `survey_duty`.
"""

from __future__ import annotations

from datetime import date

from parcels.tasks.terms import add_months
from parcels.texts import Text
from screening.facts import Facts
from screening.land_use import is_sensitive_wide
from screening.parameters import Parameters
from screening.rules.conditions import (
    ENTRY_AND_CONVERSION,
    LAND_AND_WORKS,
    SUPPLY,
    WORKS,
    in_stages,
    is_new_supply_of_use,
    survey_missing,
)
from screening.rules.instruments import (
    INFERRED,
    LOCAL_PRACTICE,
    NO_ARTICLE,
    ORDER_3,
    ORDER_42,
    SOIL_LAW,
    article,
    articles,
    law,
    liangshan,
    recalled,
    zhengzhou,
)
from screening.rules.parties import (
    EE,
    EE_CITY,
    EE_COUNTY,
    EE_SAME_LEVEL,
    INDUSTRY,
    REGISTRATION,
)
from screening.rules.rule import Citation, rule
from screening.truth import NO, Missing, Truth, truth, unknown
from screening.vocabulary import CANDIDATE, SUSPECT, Outcome, Transaction


def _survey_term(_: Facts, parameters: Parameters) -> Text | None:
    months = parameters.initial_survey_term_months
    if months is None:
        return None
    return Text(
        f"书面通知后{months}个月内完成。",
        f" It is due {months} months after the written notice.",
    )


@rule(
    "C01",
    title=Text(
        "疑似污染地块应先开展初步调查",
        "A suspected plot is surveyed before it moves on",
    ),
    transactions=SUPPLY
    | WORKS
    | {Transaction.USE_CHANGE, Transaction.TRANSFER, Transaction.EIA},
    outcome=Outcome.REQUIRE_INVESTIGATION,
    reason=Text(
        "地块为疑似污染地块（或规划为敏感用途的线索地块）：须先完成初步调查并通过评审。",
        "The plot is suspected (or a lead, planned for sensitive use): the initial "
        "survey has to be done and reviewed first.",
    ),
    legal_basis=(
        recalled(
            ORDER_42,
            Text("第十三条、第十四条", "Art. 13, 14"),
            Text(
                "条号凭记忆；六个月期限把握较高",
                "articles from memory; six-month term with high confidence",
            ),
        ),
        zhengzhou("三(三)1"),
        law(SOIL_LAW, article(59)),
    ),
    themes=("plot",),
    required_documents=(
        Text(
            "经市级生态环境会同自然资源主管部门评审的初步调查报告",
            "initial survey reviewed by the city's ecology-environment and "
            "natural-resources departments",
        ),
    ),
    consult=(EE_COUNTY, EE_CITY),
    lifts_when=Text("初步调查报告通过评审", "the initial survey passes review"),
    note=Text(
        "开工、环评、改变用途的转让和线索地块属产品设计。",
        "Start of works, EIA, transfer with a change of use and leads are the "
        "project's own choice.",
    ),
    parameters=("initial_survey_term_months",),
    detail=_survey_term,
)
def suspected_plot_is_surveyed_first(facts: Facts, _: Parameters) -> Truth:
    """Order 42 Art. 13, 14 (recalled); ZZ 三(三)1; Soil Law Art. 59."""
    sensitive = facts.planned(is_sensitive_wide)
    return (
        facts.any_plot(in_stages(SUSPECT))
        | (facts.any_plot(in_stages(frozenset({CANDIDATE}))) & sensitive)
    ) & is_new_supply_of_use(facts)


@rule(
    "C02",
    title=Text(
        "命中疑似污染地块的，记录并征求意见",
        "A hit on a suspected plot is recorded and asked",
    ),
    transactions=ENTRY_AND_CONVERSION,
    outcome=Outcome.CONSULT,
    reason=Text(
        "查询命中疑似污染地块：应记录查询日期和结果，征求同级生态环境主管部门意见；收回前由土地使用权人开展调查。",
        "The query hits a suspected plot: record date and result and ask the "
        "department of the same level; the user surveys before take-back.",
    ),
    legal_basis=(zhengzhou("三(三)2"), liangshan(12)),
    themes=("plot",),
    required_documents=(
        Text("查询记录", "record of the query"),
        Text("生态环境主管部门意见", "opinion of the ecology-environment department"),
        Text("调查计划", "survey plan"),
    ),
    consult=(EE_SAME_LEVEL,),
    lifts_when=Text("取得同意的书面意见", "a written opinion that agrees"),
    note=Text(
        "两地以外及农用地转用属产品设计。",
        "Other places, and conversion of farmland, are the project's own choice.",
    ),
)
def hit_on_suspected_plot_is_asked(facts: Facts, _: Parameters) -> Truth:
    """ZZ 三(三)2; LS 12."""
    return facts.any_plot(in_stages(SUSPECT))


@rule(
    "C03",
    title=Text(
        "重点监管单位用地变更、收回、转让前应调查",
        "Land of a key unit is surveyed before change, take-back or transfer",
    ),
    transactions=frozenset(
        {
            Transaction.TAKE_BACK,
            Transaction.PURCHASE,
            Transaction.TRANSFER,
            Transaction.USE_CHANGE,
        }
    ),
    outcome=Outcome.REQUIRE_INVESTIGATION,
    reason=Text(
        "土壤污染重点监管单位用地在用途变更或者使用权收回、转让前，由土地使用权人开展调查，报告送交不动产登记机构并备案。",
        "Before change of use, take-back or transfer the user of a key unit's land "
        "surveys it; the report goes to the registration body and is filed.",
    ),
    legal_basis=(
        law(SOIL_LAW, article(67)),
        recalled(ORDER_3, Text("终止生产经营有关条款", "cessation of production")),
    ),
    themes=("key_unit", "enterprise"),
    required_documents=(
        Text("土壤污染状况调查报告", "survey report"),
        Text("送交不动产登记机构的证明", "proof of delivery to the registration body"),
    ),
    consult=(EE_CITY, REGISTRATION),
    lifts_when=Text("调查报告通过评审", "the survey passes review"),
    note=Text(
        "收购视同收回或转让，属推论。",
        "Purchase ends or transfers the same right: an inference.",
    ),
    parameters=("key_unit_list_first_year",),
)
def key_unit_surveys_first(facts: Facts, _: Parameters) -> Truth:
    """Soil Law Art. 67."""
    return facts.is_key_supervised_unit_land & survey_missing(facts)


@rule(
    "C11",
    title=Text(
        "线索地块或未备案拆除活动，征求意见",
        "A lead, or dismantling without a filed plan, is asked about",
    ),
    transactions=LAND_AND_WORKS,
    outcome=Outcome.CONSULT,
    reason=Text(
        "存在尚未研判的线索地块，或设施拆除而污染防治方案未备案：按线索地块对待。",
        "There is a lead the county has not judged yet, or facilities were dismantled "
        "without a filed pollution-control plan: treated as a candidate plot.",
    ),
    legal_basis=(
        law(SOIL_LAW, article(22), confidence=INFERRED),
        zhengzhou("三(五)2"),
        liangshan(21),
    ),
    themes=("plot",),
    required_documents=(
        Text("拆除活动污染防治方案及备案记录", "dismantling plan and its filing"),
    ),
    consult=(EE_COUNTY, INDUSTRY),
    lifts_when=Text(
        "线索经研判排除，或补齐备案并取得意见",
        "the lead is judged and dropped, or the plan filed and the opinion given",
    ),
    note=Text("法律后果属推论。", "The consequence is an inference."),
)
def lead_or_unfiled_dismantling(facts: Facts, _: Parameters) -> Truth:
    """Soil Law Art. 22; ZZ 三(五)2; LS 21."""
    dismantled = truth(bool(facts.declared.dismantling_event))
    filed = facts.survey.dismantling_plan or facts.declared.dismantling_plan_filed
    lead = facts.any_plot(in_stages(frozenset({CANDIDATE})))
    return lead | (dismantled & ~truth(bool(filed)))


@rule(
    "C12",
    title=Text("调查报告可靠性存疑", "The report on file is in doubt"),
    transactions=LAND_AND_WORKS,
    outcome=Outcome.CONSULT,
    reason=Text(
        "报告编制单位列入负面清单，或报告被标记为涉嫌失实。",
        "The firm that wrote the report is on a negative list, or the report was "
        "flagged as false.",
    ),
    legal_basis=(
        law(SOIL_LAW, articles(43, 80, 90), confidence=INFERRED),
        liangshan(45),
    ),
    required_documents=(Text("复核意见", "second review"),),
    consult=(EE,),
    lifts_when=Text("复核确认报告可靠", "a second review confirms the report"),
    note=Text("法律后果属推论。", "The consequence is an inference."),
)
def report_is_in_doubt(facts: Facts, _: Parameters) -> Truth:
    """Soil Law Art. 43, 80, 90; LS 45."""
    return facts.survey.doubtful


def _report_age(facts: Facts, parameters: Parameters) -> Text | None:
    months, day = parameters.survey_validity_months, facts.survey.oldest_on
    if months is None or day is None:
        return None
    return Text(
        f"报告日期 {day}，有效期 {months} 个月。",
        f" The report is of {day}; reports are relied on for {months} months.",
    )


@rule(
    "C13",
    title=Text("调查报告过期或土地受扰动", "The survey is old or the land disturbed"),
    transactions=LAND_AND_WORKS,
    outcome=Outcome.CONSULT,
    reason=Text(
        "调查报告超过本地设定的有效期，或调查后土地受到扰动。",
        "The survey is older than the locally set term, or the land was disturbed "
        "since.",
    ),
    legal_basis=(
        Citation(
            LOCAL_PRACTICE,
            NO_ARTICLE,
            "design_choice",
            Text("未核实；产品设计", "not verified; the project's own choice"),
        ),
    ),
    required_documents=(Text("补充调查", "supplementary survey"),),
    consult=(EE,),
    lifts_when=Text("补充调查通过评审", "a supplementary survey passes review"),
    note=Text(
        "未设定有效期时不判断报告年限。",
        "The age is not judged until a deployment sets the term.",
    ),
    parameters=("survey_validity_months",),
    detail=_report_age,
)
def survey_is_stale(facts: Facts, parameters: Parameters) -> Truth:
    """Tell by local practice; no legal number is known."""
    disturbed = truth(bool(facts.declared.land_disturbed_since_survey))
    return disturbed | _survey_too_old(facts, parameters.survey_validity_months)


def _survey_too_old(facts: Facts, months: int | None) -> Truth:
    if months is None:
        return NO
    oldest: date | None = facts.survey.oldest_on
    if oldest is not None and facts.as_of > add_months(oldest, months):
        return truth(True)
    if facts.survey.undated:
        return unknown(Missing("survey_date", "not_on_record"))
    return NO
