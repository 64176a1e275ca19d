"""Treatment, removal, holding: steps T11 to T20 (core, data).

After `plot_lifecycle.md` section 3. What its prose adds has a letter: T18R (release of
a control area, the project's own choice), P1 and P2 (priority supervision).
"""

from __future__ import annotations

from typing import Final

from parcels.plots import effects
from parcels.plots import guards as g
from parcels.plots.actors import (
    CONTRACTOR,
    COUNTY,
    COUNTY_GOVERNMENT,
    LIABLE,
    PROVINCE,
)
from parcels.plots.basis import (
    OWN_CHOICE,
    PRIORITY_GUIDE,
    liangshan,
    order_42,
    soil_law,
    zhengzhou,
)
from parcels.plots.transition import (
    DocumentNeed,
    Term,
    Transition,
)
from parcels.register.values import PLOT_STAGES
from parcels.texts import Text

RELEASED: Final = frozenset({"cleared", "risk_acceptable", "removed", "aftercare"})
"""Stages that T20 leaves; after-care follows removal and is taken with it."""
HOLDABLE: Final = frozenset(
    {
        "contaminated",
        "detailed_survey",
        "risk_assessment",
        "risk_acceptable",
        "rcr_listed",
    }
)
"""From contaminated to listed, in the order of the states (T18)."""
TREATABLE: Final = frozenset({"rcr_listed", "target_not_met"})
"""Where treatment begins, or begins again after a target was missed (section 2)."""
LIVING: Final = frozenset(PLOT_STAGES) - {"closed_error"}

_OPINION_PASSED: Final = DocumentNeed(("review_opinion",), "passed")
_OPINION: Final = DocumentNeed(("review_opinion",))


TREATMENT_STEPS: Final[tuple[Transition, ...]] = (
    Transition(
        "T11",
        "risk_control_plan_filed",
        Text("风险管控方案备案", "risk-control plan filed"),
        TREATABLE,
        "risk_control",
        LIABLE,
        (soil_law("62"), order_42("19-21")),
        guards=(g.CONTROL_PLAN_COMPLETE, g.COPY_TO_GOVERNMENT),
        documents=(DocumentNeed(("risk_control_plan",)),),
        terms=(
            Term(
                Text(
                    "定期向生态环境部门报告",
                    "regular reports to the environment bureau",
                ),
                soil_law("62"),
            ),
        ),
    ),
    Transition(
        "T12",
        "remediation_plan_filed",
        Text("修复方案备案", "remediation plan filed"),
        TREATABLE,
        "remediation",
        LIABLE,
        (soil_law("64"), order_42("24-25")),
        guards=(g.FITS_PLANS, g.GROUNDWATER_PART),
        documents=(DocumentNeed(("remediation_plan",)),),
        terms=(
            Term(
                Text(
                    "施工前备案，施工期间公开方案摘要",
                    "filed before the works; summary public during them",
                ),
                soil_law("64"),
            ),
        ),
    ),
    Transition(
        "T13",
        "soil_transported",
        Text("转运污染土壤", "soil transported off site"),
        frozenset({"remediation"}),
        None,
        CONTRACTOR,
        (soil_law("41"),),
        guards=(g.TRANSPORT_DESCRIBED, g.TRANSPORT_REPORTED),
        documents=(DocumentNeed(("transport_plan",)),),
        terms=(
            Term(
                Text(
                    "转运前五个工作日报告（工作日须对照日历）",
                    "reported five working days before (needs a calendar)",
                ),
                order_42("24-25"),
            ),
        ),
    ),
    Transition(
        "T14",
        "effect_evaluation_submitted",
        Text("完工并提交效果评估报告", "works done, effect evaluation submitted"),
        frozenset({"risk_control", "remediation"}),
        "effect_evaluation",
        LIABLE,
        (soil_law("42", "65"), order_42("26-27")),
        guards=(g.ANOTHER_EVALUATOR,),
        documents=(DocumentNeed(("effect_evaluation",)),),
        terms=(
            Term(
                Text("报告公开不少于两个月", "report published two months or more"),
                order_42("26-27"),
                months=2,
            ),
        ),
    ),
    Transition(
        "T15",
        "target_missed",
        Text("评审认定未达目标", "review found the target missed"),
        frozenset({"effect_evaluation"}),
        "target_not_met",
        PROVINCE,
        (soil_law("66"),),
        level="province",
        guards=(g.TARGET_MISSED,),
        documents=(_OPINION,),
        values=effects.treatment_required,
    ),
    Transition(
        "T16",
        "removed_from_register",
        Text("移出风险管控和修复名录", "removed from the register"),
        frozenset({"effect_evaluation"}),
        "removed",
        PROVINCE,
        (soil_law("66"),),
        level="province",
        guards=(
            g.TARGET_REACHED,
            g.SAFE_FOR_USE,
            g.REMOVAL_CLASS_NAMED,
            g.AFTERCARE_ANSWERED,
        ),
        documents=(
            DocumentNeed(("removal_application",)),
            _OPINION_PASSED,
            DocumentNeed(("removal_decision",)),
        ),
        leaves=("rcr", "contaminated"),
        values=effects.target_met,
    ),
    Transition(
        "T17",
        "aftercare_began",
        Text("开始后期管理", "after-care began"),
        frozenset({"removed"}),
        "aftercare",
        LIABLE,
        (soil_law("42(3)"),),
        guards=(g.AFTERCARE_STATED,),
        documents=(DocumentNeed(("aftercare_plan",)),),
        terms=(
            Term(
                Text("每年一份后期管理记录", "a record of after-care every year"),
                OWN_CHOICE,
                months=12,
            ),
        ),
        values=effects.aftercare_begun,
    ),
    Transition(
        "T18",
        "held_back",
        Text("暂不开发利用，划定管控区域", "held back from development"),
        HOLDABLE,
        None,
        COUNTY_GOVERNMENT,
        (liangshan(13), zhengzhou("三(三)3"), order_42("23"), soil_law("63")),
        guards=(
            g.GOVERNMENT_APPROVED,
            g.CONTROL_AREA_RECORDED,
            g.SIGN_SET,
            g.MEDIA_MONITORED,
        ),
        documents=(DocumentNeed(("control_area_approval",)),),
        terms=(
            Term(
                Text(
                    "2019年计划：11月30日前报告落实情况",
                    "plan of 2019: result reported by 30 November",
                ),
                zhengzhou("三(三)3"),
            ),
        ),
        needs_held=False,
        sets_held=True,
    ),
    Transition(
        "T18R",
        "hold_released",
        Text("解除管控区域", "released from being held back"),
        LIVING,
        None,
        COUNTY_GOVERNMENT,
        (OWN_CHOICE,),
        guards=(g.RELEASE_APPROVED, g.REASON_GIVEN),
        documents=(DocumentNeed(("control_area_approval",)),),
        needs_held=True,
        sets_held=False,
    ),
    Transition(
        "T19",
        "pollution_spread",
        Text("污染扩散", "pollution spread"),
        LIVING,
        None,
        LIABLE,
        (liangshan(13),),
        guards=(g.POLLUTION_SPREADS,),
        documents=(DocumentNeed(("isolation_measures",)),),
        terms=(Term(Text("立即采取隔离阻断措施", "isolation at once"), liangshan(13)),),
        needs_held=True,
    ),
    Transition(
        "T20",
        "reopened",
        Text("重新列入疑似污染地块名单", "reopened as suspected"),
        RELEASED,
        "suspected",
        COUNTY,
        (OWN_CHOICE, soil_law("59")),
        guards=(g.REOPENING_GROUND, g.REASON_GIVEN),
        enters=("suspected",),
        values=effects.reopened,
    ),
    Transition(
        "P1",
        "priority_supervision_began",
        Text("列入优先监管地块名录", "listed for priority supervision"),
        LIVING,
        None,
        COUNTY,
        (PRIORITY_GUIDE,),
        guards=(g.NOT_YET_SUPERVISED,),
        enters=("priority_supervised",),
        also_takes=("batch",),
    ),
    Transition(
        "P2",
        "priority_supervision_ended",
        Text("移出优先监管地块名录", "taken off priority supervision"),
        LIVING,
        None,
        COUNTY,
        (PRIORITY_GUIDE,),
        guards=(g.SUPERVISED, g.REASON_GIVEN),
        leaves=("priority_supervised",),
    ),
)
