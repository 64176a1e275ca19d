"""May land on the risk-control register move on? Rules A01 to A08 (core).

建设用地土壤污染风险管控和修复名录: Soil Law Art. 58 to 66. A plot on the register
serves no home and no public purpose (Art. 61), and nothing but treatment may be built
on it until its target is met (Art. 66).
"""

from __future__ import annotations

from parcels.texts import Text
from screening.facts import Facts
from screening.facts.model import PlotFacts
from screening.land_use import is_residential_or_public
from screening.parameters import Parameters
from screening.rules.conditions import (
    LAND_AND_WORKS,
    SUPPLY,
    WORKS,
    fits_class,
    is_new_supply_of_use,
    is_remediation,
    plans_more_than_evaluated,
)
from screening.rules.instruments import (
    GB_36600,
    INFERRED,
    ORDER_42,
    SOIL_LAW,
    article,
    articles,
    design,
    item,
    law,
    liangshan,
    recalled,
    zhengzhou,
)
from screening.rules.parties import (
    EE,
    EE_CITY,
    EE_COUNTY,
    EE_PROVINCE,
    EE_SAME_LEVEL,
    NR,
)
from screening.rules.rule import rule
from screening.truth import Truth, on_record, truth
from screening.vocabulary import (
    ENTRY,
    REMOVED_STAGES,
    Outcome,
    Transaction,
)


def on_register(plot: PlotFacts) -> Truth:
    """Tell whether the plot is on the register: by membership or by stage."""
    return plot.when(plot.on_rcr_register)


def on_register_target_not_met(plot: PlotFacts) -> Truth:
    """Tell whether it is on the register and its target not shown to be met."""
    return plot.when(plot.on_rcr_register and not plot.target_met)


@rule(
    "A01",
    title=Text(
        "名录地块不得作为住宅、公共管理与公共服务用地",
        "A plot on the register may not serve as residential or public-service land",
    ),
    transactions=SUPPLY
    | WORKS
    | {Transaction.USE_CHANGE, Transaction.TRANSFER, Transaction.DETAILED_PLAN},
    outcome=Outcome.DENY,
    reason=Text(
        "地块在建设用地土壤污染风险管控和修复名录内，移出名录前不得用作住宅、公共管理与公共服务用地。",
        "The plot is on the risk-control and remediation register; until it is removed "
        "it may not serve as residential, public-administration or public-service "
        "land.",
    ),
    legal_basis=(law(SOIL_LAW, article(61, 2)),),
    themes=("plot",),
    required_documents=(
        Text("移出名录的决定", "decision that removes the plot from the register"),
    ),
    consult=(EE_PROVINCE, NR),
    lifts_when=Text(
        "地块移出名录，或规划用途改为非住宅、公共用途",
        "the plot is removed from the register, or another use is planned",
    ),
    note=Text(
        "用途不变的转让由B07征求意见，属产品设计（RESALE_ON_REGISTER 可改）。",
        "A transfer without change of use is left to B07: the project's own choice, "
        "which RESALE_ON_REGISTER can change.",
    ),
    parameters=("resale_on_register",),
)
def listed_plot_not_for_housing_or_public_service(
    facts: Facts, parameters: Parameters
) -> Truth:
    """Soil Law Art. 61(2); works of remediation themselves are not barred (A03)."""
    remediation_works = is_remediation(facts) & facts.is_one_of(WORKS)
    resale_barred = truth(parameters.resale_on_register == "deny")
    return (
        facts.any_plot(on_register)
        & ~remediation_works
        & (is_new_supply_of_use(facts) | resale_barred)
        & facts.planned(is_residential_or_public)
    )


@rule(
    "A02",
    title=Text(
        "未达风险管控、修复目标的地块禁止开工无关项目",
        "No project unrelated to treatment on a plot whose target is not met",
    ),
    transactions=WORKS,
    outcome=Outcome.DENY,
    reason=Text(
        "名录地块未达到风险评估报告确定的目标，禁止开工建设与风险管控、修复无关的项目。",
        "The plot has not met the target of its risk assessment: no project unrelated "
        "to risk control or remediation may start.",
    ),
    legal_basis=(
        law(SOIL_LAW, article(66, 3)),
        law(
            SOIL_LAW,
            item(91, 4),
            confidence=Text("罚则", "penalty; text of the law was read"),
        ),
    ),
    themes=("plot",),
    required_documents=(
        Text(
            "经评审的效果评估报告，或项目属于风险管控、修复的证明",
            "reviewed effect evaluation, or proof that the project is risk control or "
            "remediation",
        ),
    ),
    consult=(EE,),
    lifts_when=Text(
        "效果评估评审通过；项目为风险管控、修复并申明（project.type = remediation）",
        "the effect evaluation passes review; or the project is claimed as risk "
        "control or remediation (project.type = remediation)",
    ),
)
def unrelated_project_not_before_target_is_met(facts: Facts, _: Parameters) -> Truth:
    """Soil Law Art. 66(3)."""
    return facts.any_plot(on_register_target_not_met) & ~is_remediation(facts)


@rule(
    "A03",
    title=Text(
        "名录地块上的风险管控、修复工程不受禁止",
        "Works of risk control and remediation are not barred on the register",
    ),
    transactions=WORKS | {Transaction.EIA},
    outcome=Outcome.ALLOW_WITH_CONDITIONS,
    reason=Text(
        "项目申明为名录地块的风险管控、修复工程，此类工程不受禁止。",
        "The project is claimed as risk control or remediation of the listed plot; "
        "such works are not barred.",
    ),
    legal_basis=(law(SOIL_LAW, articles(40, 41, 62, 64)),),
    themes=("plot",),
    required_documents=(
        Text(
            "已备案的风险管控方案或修复方案",
            "risk-control or remediation plan that was filed",
        ),
        Text("施工公告牌", "notice board at the site"),
        Text(
            "转运污染土壤的，提前报所在地和接收地的转运计划",
            "where soil is moved, a transport plan sent beforehand to the departments "
            "of origin and destination",
        ),
    ),
    consult=(EE_COUNTY, EE_CITY),
)
def remediation_works_are_allowed(facts: Facts, _: Parameters) -> Truth:
    """Soil Law Art. 40, 41, 62, 64."""
    return facts.any_plot(on_register) & is_remediation(facts)


@rule(
    "A04",
    title=Text(
        "未达目标的名录地块不得供地、转让改变用途",
        "No supply of a listed plot whose target is not met",
    ),
    transactions=SUPPLY | {Transaction.TRANSFER, Transaction.USE_CHANGE},
    outcome=Outcome.DENY,
    reason=Text(
        "名录地块未达到风险管控、修复目标，供地将导致法律禁止的建设；治理后符合规划用途要求的方可进入用地程序。",
        "The target is not met. Supplying the land would lead to construction the law "
        "forbids; treated land enters the land procedure only when it meets the "
        "planned use.",
    ),
    legal_basis=(
        law(SOIL_LAW, article(66, 3), confidence=INFERRED),
        liangshan(13, 14, 15),
        recalled(ORDER_42, Text("准入管理有关条款", "chapter on access")),
    ),
    themes=("plot",),
    required_documents=(
        Text(
            "移出名录的决定，或经评审认定与规划用途相容的意见",
            "removal decision, or a reviewed opinion that the use is compatible",
        ),
    ),
    consult=(EE_PROVINCE,),
    lifts_when=Text(
        "效果评估评审通过或移出名录",
        "the effect evaluation passes review or the plot is removed",
    ),
    note=Text(
        "用途不变的转让由B07处理。", "A transfer without change of use is left to B07."
    ),
)
def untreated_plot_is_not_supplied(facts: Facts, _: Parameters) -> Truth:
    """Soil Law Art. 66(3), applied to the step that comes before construction."""
    return facts.any_plot(on_register_target_not_met) & is_new_supply_of_use(facts)


@rule(
    "A05",
    title=Text(
        "命中名录地块的，记录并征求意见", "A hit on the register is recorded and asked"
    ),
    transactions=LAND_AND_WORKS | {Transaction.EIA},
    outcome=Outcome.CONSULT,
    reason=Text(
        "查询命中名录地块：应记录查询日期和结果，并征求同级生态环境主管部门意见；目标已达到但尚未移出名录的，须由省级确认可安全利用。",
        "The plot is on the register: record date and result and ask the department "
        "of the same level. Where the target is met but the plot not yet removed, the "
        "province has to confirm safe use first.",
    ),
    legal_basis=(
        zhengzhou("三(三)2"),
        law(SOIL_LAW, article(68)),
    ),
    themes=("plot",),
    required_documents=(
        Text("查询记录", "record of the query"),
        Text("生态环境主管部门意见", "opinion of the ecology-environment department"),
        Text("土壤污染责任说明", "statement of liability"),
    ),
    consult=(EE_SAME_LEVEL,),
    lifts_when=Text("取得同意的书面意见", "a written opinion that agrees"),
    note=Text(
        "全国适用及“目标已达到”情形属产品设计。",
        "Use outside Zhengzhou, and the case of a met target, are the project's own "
        "choice.",
    ),
)
def hit_on_register_is_asked(facts: Facts, _: Parameters) -> Truth:
    """ZZ 三(三)2; Soil Law Art. 68 on land taken back."""
    entry = facts.transaction in ENTRY
    return facts.any_plot(
        lambda plot: plot.when(plot.on_rcr_register and (entry or plot.target_met))
    )


@rule(
    "A06",
    title=Text(
        "已移出名录的地块可在评估用途内利用",
        "A removed plot may be used within the class evaluated",
    ),
    transactions=LAND_AND_WORKS,
    outcome=Outcome.ALLOW_WITH_CONDITIONS,
    reason=Text(
        "地块经评审移出名录，可安全利用；结论仅适用于所评估的用地类型。",
        "The plot was removed after review as fit for safe use; that holds for the "
        "class of use that was evaluated.",
    ),
    legal_basis=(
        law(SOIL_LAW, article(42)),
        law(SOIL_LAW, article(66, 2)),
        design(
            Text("限于评估用地类型属产品设计", "the limit to the class is our choice")
        ),
    ),
    themes=("plot",),
    required_documents=(
        Text("移出名录公告", "notice of removal"),
        Text("效果评估报告", "effect evaluation"),
        Text("需后期管理的，提交后期管理计划", "after-care plan where one is required"),
    ),
)
def removed_plot_is_fit_within_its_class(facts: Facts, _: Parameters) -> Truth:
    """Soil Law Art. 42, 66(2)."""
    return facts.any_plot(
        lambda plot: plot.when(plot.stage in REMOVED_STAGES) & fits_class(facts, plot)
    )


@rule(
    "A07",
    title=Text(
        "规划用途比评估用途更敏感的，须重新调查评估",
        "A use more sensitive than the one evaluated needs a new survey",
    ),
    transactions=LAND_AND_WORKS | {Transaction.EIA},
    outcome=Outcome.REQUIRE_INVESTIGATION,
    reason=Text(
        "地块仅按较不敏感的用地类型评估，不能用于现规划的更敏感用途。",
        "The plot was evaluated for a less sensitive class than now planned.",
    ),
    legal_basis=(
        law(SOIL_LAW, article(59, 2)),
        recalled(GB_36600, Text("第一类、第二类用地", "class 1 and class 2")),
    ),
    themes=("plot",),
    required_documents=(
        Text(
            "针对新用地类型的调查报告或风险评估报告",
            "survey or risk assessment for the new class",
        ),
    ),
    consult=(EE_CITY,),
    lifts_when=Text(
        "按新用地类型的调查或风险评估通过评审",
        "a survey or assessment for the new class passes review",
    ),
)
def more_sensitive_use_needs_new_survey(facts: Facts, _: Parameters) -> Truth:
    """Soil Law Art. 59(2); classes of GB 36600-2018."""
    return plans_more_than_evaluated(facts)


@rule(
    "A08",
    title=Text("未履行后期管理义务的，征求意见", "After-care not kept is asked about"),
    transactions=LAND_AND_WORKS,
    outcome=Outcome.CONSULT,
    reason=Text(
        "地块需要后期管理而未按要求实施。",
        "After-care is required on the plot and was not kept.",
    ),
    legal_basis=(
        law(SOIL_LAW, article(42, 3)),
        law(SOIL_LAW, article(92)),
    ),
    themes=("plot",),
    required_documents=(Text("后期管理记录", "after-care record"),),
    consult=(EE_CITY,),
    lifts_when=Text("补做后期管理并经确认", "after-care is made good and confirmed"),
)
def aftercare_not_kept(facts: Facts, _: Parameters) -> Truth:
    """Soil Law Art. 42(3), 92."""
    return facts.any_plot(_aftercare_breached)


def _aftercare_breached(plot: PlotFacts) -> Truth:
    required = on_record(plot.aftercare_required, "aftercare_required")
    breached = on_record(plot.aftercare_breach, "aftercare_breach")
    return plot.when(plot.stage in REMOVED_STAGES) & required & breached
