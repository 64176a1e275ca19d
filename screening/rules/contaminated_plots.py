"""May a contaminated plot move on before it is listed? Rules B01 to B09 (core).

污染地块: confirmed by a reviewed survey, risk not yet assessed or not accepted, and
plots held back from development (管控区域). Order 42 of 2016, Soil Law Art. 60 to 63,
the plans of Liangshan and Zhengzhou.
"""

from __future__ import annotations

from parcels.texts import Text
from screening.facts import Facts
from screening.parameters import Parameters
from screening.rules.conditions import (
    ENTRY_AND_CONVERSION,
    LAND_AND_WORKS,
    PERMITS,
    SUPPLY,
    WORKS,
    fits_class,
    in_stages,
    is_new_supply_of_use,
    is_remediation,
    plans_more_than_evaluated,
)
from screening.rules.instruments import (
    INFERRED,
    LOCAL_PRACTICE,
    ORDER_42,
    RECALLED_HIGH,
    SOIL_LAW,
    article,
    articles,
    design,
    law,
    liangshan,
    recalled,
    zhengzhou,
)
from screening.rules.parties import (
    COUNTY_GOVERNMENT,
    EE,
    EE_CITY,
    EE_PROVINCE,
    EE_SAME_LEVEL,
    NR,
)
from screening.rules.rule import rule
from screening.truth import Truth
from screening.vocabulary import (
    CONTAM,
    OPEN,
    RCR_STAGES,
    RISK_ACCEPTABLE,
    Outcome,
    Transaction,
)


@rule(
    "B01",
    title=Text(
        "污染地块未证明符合规划用途的，不得进入用地程序",
        "No land procedure for a contaminated plot not shown to fit the planned use",
    ),
    transactions=SUPPLY | WORKS | {Transaction.USE_CHANGE, Transaction.TRANSFER},
    outcome=Outcome.DENY,
    reason=Text(
        "地块为污染地块，风险评估未完成，未证明土壤质量符合规划用途；不得供地、立项或核发规划许可。",
        "The plot is contaminated and its risk not yet assessed: soil quality for the "
        "planned use is not shown. Supply, project approval and planning permits are "
        "barred.",
    ),
    legal_basis=(
        liangshan(13, 14, 15),
        law(SOIL_LAW, articles(60, 61)),
        recalled(ORDER_42, article(29)),
    ),
    themes=("plot",),
    required_documents=(
        Text(
            "经省级评审的风险评估报告", "risk assessment reviewed at provincial level"
        ),
    ),
    consult=(EE_CITY, EE_PROVINCE),
    lifts_when=Text(
        "风险评估经评审认定风险可接受，或治理达标并移出名录",
        "the assessment passes review as acceptable, or treatment leads to removal "
        "from the register",
    ),
    note=Text(
        "改变用途、改变用途的转让和开工由产品设计加入（凉府发第14、15项）。",
        "Change of use, transfer with a change of use and start of works were added "
        "by design after items 14 and 15 of the Liangshan plan.",
    ),
)
def contaminated_plot_is_not_supplied(facts: Facts, _: Parameters) -> Truth:
    """LS 13 to 15; Soil Law Art. 60, 61; Order 42 Art. 29 (recalled)."""
    return (
        facts.any_plot(in_stages(CONTAM))
        & ~is_remediation(facts)
        & is_new_supply_of_use(facts)
    )


@rule(
    "B02",
    title=Text(
        "命中污染地块或管控区域的，记录并征求意见",
        "A hit on a contaminated plot or control area is recorded and asked",
    ),
    transactions=ENTRY_AND_CONVERSION | WORKS,
    outcome=Outcome.CONSULT,
    reason=Text(
        "查询命中污染地块或管控区域：应记录查询日期和地块土壤环境质量状况，并征求同级生态环境主管部门意见。",
        "The query hits a contaminated plot or a control area: record date and result "
        "and ask the department of the same level.",
    ),
    legal_basis=(
        zhengzhou("三(三)2"),
        design(
            Text(
                "郑州以外、管控区域及提前修复情形属产品设计",
                "other places, control areas and early remediation are our choice",
            )
        ),
    ),
    themes=("plot", "control_area"),
    required_documents=(
        Text("查询记录", "record of the query"),
        Text("生态环境主管部门意见", "opinion of the ecology-environment department"),
    ),
    consult=(EE_SAME_LEVEL,),
    lifts_when=Text("取得同意的书面意见", "a written opinion that agrees"),
    parameters=("buf_plot_m",),
)
def hit_on_contaminated_plot_is_asked(facts: Facts, _: Parameters) -> Truth:
    """ZZ 三(三)2."""
    contaminated = facts.any_plot(in_stages(CONTAM))
    entry = facts.is_one_of(ENTRY_AND_CONVERSION)
    return (entry & (contaminated | facts.in_control_area)) | (
        contaminated & is_remediation(facts)
    )


def _due_date(facts: Facts, _: Parameters) -> Text | None:
    due = [plot for plot in facts.plots if plot.activity_overdue]
    return Text(
        "".join(f"地块 {p.code} 的期限为 {p.activity_due_on}。" for p in due),
        "".join(f" Plot {p.code} was due on {p.activity_due_on}." for p in due),
    )


@rule(
    "B03",
    title=Text(
        "未按规定开展活动的地块不得办理收回、储备",
        "No take-back or reserve of a plot whose required activity is overdue",
    ),
    marks=frozenset({"zhengzhou"}),
    transactions=frozenset(
        {Transaction.TAKE_BACK, Transaction.RESERVE, Transaction.PURCHASE}
    ),
    outcome=Outcome.DENY,
    reason=Text(
        "地块未按规定期限开展相关活动，不得办理土地收回、储备。",
        "The plot did not carry out what was required by its day: take-back and "
        "reserve may not be processed.",
    ),
    legal_basis=(
        zhengzhou("三(三)2"),
        recalled(
            ORDER_42,
            Text("第十四条（六个月期限）", "Art. 14 (six-month term)"),
            RECALLED_HIGH,
        ),
    ),
    themes=("plot",),
    required_documents=(Text("完成活动的证明", "proof that the activity was done"),),
    consult=(EE_SAME_LEVEL,),
    lifts_when=Text("完成应开展的活动", "the required activity is done"),
    note=Text(
        "适用于各未结阶段；收购由产品设计加入。",
        "All required activities, so every open stage; purchase added by design.",
    ),
    parameters=("initial_survey_term_months",),
    detail=_due_date,
)
def overdue_plot_is_not_taken_back(facts: Facts, _: Parameters) -> Truth:
    """ZZ 三(三)2; the term of Order 42 Art. 14 is recalled."""
    return facts.any_plot(
        lambda plot: plot.when(plot.stage in OPEN and plot.activity_overdue)
    )


@rule(
    "B04",
    title=Text(
        "风险可接受的结论仅限于所评估的用途",
        "An acceptable risk holds for the use assessed only",
    ),
    transactions=LAND_AND_WORKS,
    outcome=Outcome.ALLOW_WITH_CONDITIONS,
    reason=Text(
        "风险评估认定风险可接受，结论仅适用于所评估的用地类型。",
        "The risk was assessed as acceptable, for the class of use assessed only.",
    ),
    legal_basis=(law(SOIL_LAW, articles(60, 61), confidence=INFERRED),),
    themes=("plot",),
    required_documents=(
        Text("评审意见", "review opinion"),
        Text(
            "申报用途与评估用途一致的说明",
            "statement that declared and assessed use agree",
        ),
    ),
)
def acceptable_risk_holds_for_its_class(facts: Facts, _: Parameters) -> Truth:
    """Soil Law Art. 60, 61 (inference)."""
    return facts.any_plot(
        lambda plot: plot.when(plot.stage == RISK_ACCEPTABLE) & fits_class(facts, plot)
    )


@rule(
    "B05",
    title=Text(
        "规划用途在地块开发利用负面清单内",
        "The planned use is on the plot's negative list",
    ),
    transactions=SUPPLY | PERMITS | {Transaction.TRANSFER, Transaction.USE_CHANGE},
    outcome=Outcome.DENY,
    reason=Text(
        "规划用途列入该地块开发利用负面清单。",
        "The planned use is on the plot's negative list for development use.",
    ),
    legal_basis=(
        liangshan(13),
        zhengzhou("三(三)1"),
        law(
            LOCAL_PRACTICE,
            Text("开封市2019年清单", "Kaifeng list of 2019"),
            confidence=Text("已读公布的清单", "the published list was read"),
        ),
    ),
    themes=("plot",),
    required_documents=(
        Text("调整后的用途，或更新的负面清单", "another use, or an updated list"),
    ),
    consult=(EE_CITY, NR),
    lifts_when=Text(
        "改变规划用途或更新负面清单", "another use is planned or the list is updated"
    ),
)
def planned_use_on_negative_list(facts: Facts, _: Parameters) -> Truth:
    """LS 13; ZZ 三(三)1."""
    listed = facts.any_plot(
        lambda plot: plot.hit & facts.planned_on_negative_list(plot)
    )
    return listed & ~is_remediation(facts) & is_new_supply_of_use(facts)


@rule(
    "B06",
    title=Text(
        "管控区域内暂不开发利用", "No development inside an announced control area"
    ),
    transactions=SUPPLY | WORKS | {Transaction.USE_CHANGE},
    outcome=Outcome.DENY,
    reason=Text(
        "位于已公告的管控区域，地块暂不开发利用。",
        "The land is held back from development; a control area was announced.",
    ),
    legal_basis=(
        liangshan(13),
        zhengzhou("三(三)3"),
        law(
            SOIL_LAW,
            article(63),
            confidence=Text("由划定目的推得", "denial inferred from the purpose"),
        ),
    ),
    themes=("control_area", "plot"),
    required_documents=(
        Text(
            "划定机关解除管控区域的决定",
            "decision of the government that set the area to lift it",
        ),
    ),
    consult=(COUNTY_GOVERNMENT, EE),
    lifts_when=Text("管控区域解除", "the control area is lifted"),
    parameters=("buf_plot_m",),
)
def control_area_is_not_developed(facts: Facts, _: Parameters) -> Truth:
    """LS 13; ZZ 三(三)3; Soil Law Art. 63."""
    return facts.in_control_area & ~is_remediation(facts)


@rule(
    "B07",
    title=Text(
        "转让不免除土壤污染责任", "A transfer does not end the duty for the soil"
    ),
    transactions=frozenset({Transaction.TRANSFER}),
    outcome=Outcome.CONSULT,
    reason=Text(
        "转让不免除责任：责任依约定或者由承继债权、债务者承担；重点监管单位须先调查（见C03）。",
        "A private transfer does not end the duty: liability follows the agreement or "
        "the successor; key units must survey first (see C03).",
    ),
    legal_basis=(
        law(SOIL_LAW, articles(45, 47)),
        liangshan(30),
        design(
            Text(
                "疑似阶段与管控区域属产品设计",
                "suspected stages and control areas are our choice",
            )
        ),
    ),
    themes=("plot", "control_area"),
    required_documents=(
        Text("土壤污染责任约定", "agreement on liability"),
        Text("交付受让人的名录查询结果", "register extract handed to the buyer"),
    ),
    consult=(EE_CITY,),
    lifts_when=Text("取得同意的书面意见", "a written opinion that agrees"),
    parameters=("buf_plot_m",),
)
def transfer_keeps_the_duty(facts: Facts, _: Parameters) -> Truth:
    """Soil Law Art. 45, 47; LS 30."""
    return facts.any_plot(in_stages(OPEN)) | facts.in_control_area


@rule(
    "B08",
    title=Text(
        "规划、选址应考虑地块风险，合理确定用途",
        "Plans and siting consider the risk of plots and set a suitable use",
    ),
    transactions=frozenset({Transaction.DETAILED_PLAN, Transaction.SITING}),
    outcome=Outcome.CONSULT,
    reason=Text(
        "规划范围涉及疑似污染地块、污染地块、名录地块或管控区域，或规划用途比评估用途更敏感：应充分考虑环境风险，合理确定土地用途。",
        "The area touches an open plot or a control area, or plans a more sensitive "
        "use than was evaluated: plan makers consider the risk and set a suitable use.",
    ),
    legal_basis=(
        zhengzhou("三(三)2"),
        liangshan(15),
        design(
            Text(
                "选址及后两种情形属产品设计",
                "siting and the last two cases are our choice",
            )
        ),
    ),
    themes=("plot", "control_area"),
    required_documents=(
        Text("地块清单及评审结论", "list of plots with review results"),
        Text("用途相容性表", "table of compatible uses"),
    ),
    consult=(EE,),
    lifts_when=Text("取得意见并合理确定用途", "the opinion is given and the use set"),
    parameters=("buf_plot_m",),
)
def plan_considers_plots(facts: Facts, _: Parameters) -> Truth:
    """ZZ 三(三)2; LS 15."""
    return (
        facts.any_plot(in_stages(OPEN))
        | facts.in_control_area
        | plans_more_than_evaluated(facts)
    )


@rule(
    "B09",
    title=Text(
        "未经治理达标的地块，环评不予批准",
        "No approval of the assessment on a plot not treated to its target",
    ),
    transactions=frozenset({Transaction.EIA}),
    outcome=Outcome.DENY,
    reason=Text(
        "项目选址涉及未经治理与修复，或治理后仍不符合规划用途要求的污染地块，环评文件不予批准。",
        "The site is a contaminated plot not treated, or treated without meeting the "
        "quality of the planned use: the assessment is not approved.",
    ),
    legal_basis=(recalled(ORDER_42, article(28), RECALLED_HIGH),),
    themes=("plot",),
    required_documents=(Text("经评审的效果评估报告", "reviewed effect evaluation"),),
    consult=(EE,),
    lifts_when=Text("效果评估评审通过", "the effect evaluation passes review"),
)
def no_assessment_on_untreated_plot(facts: Facts, _: Parameters) -> Truth:
    """Order 42 Art. 28 (recalled)."""
    untreated = CONTAM | RCR_STAGES
    return facts.any_plot(
        lambda plot: plot.when(plot.stage in untreated and not plot.target_met)
    ) & ~is_remediation(facts)
