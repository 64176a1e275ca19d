"""What must be given before a plot moves on, and on what ground? (core, data).

After the guard and document columns of `plot_lifecycle.md` section 3, with its marks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from parcels.plots import predicates as p
from parcels.plots.basis import (
    OWN_CHOICE,
    PRIORITY_GUIDE,
    Basis,
    liangshan,
    order_42,
    soil_law,
    zhengzhou,
)
from parcels.plots.occurrence import Occurrence, Standing
from parcels.texts import Text

Predicate = Callable[[Standing, Occurrence], bool]


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition of a step.

    Attributes
    ----------
    name
        Stable key.
    words
        What must hold, as a sentence without full stop.
    details
        Members of `Details` that show it; empty where papers or the register do.
    basis
        On what ground it is asked.
    """

    name: str
    words: Text
    details: tuple[str, ...]
    basis: tuple[Basis, ...]
    holds: Predicate


def guard(
    holds: Predicate, zh: str, en: str, details: tuple[str, ...], *basis: Basis
) -> Guard:
    """Return a condition named after the function that tells whether it holds."""
    return Guard(holds.__name__, Text(zh, en), details, basis, holds)


GROUND_NAMED: Final = guard(
    p.ground_named,
    "曾从事所列行业或危险废物贮存、利用、处置活动，或普查、详查、监测、现场检查表明有风险",
    "former activity in a listed industry or with hazardous waste, or risk shown by"
    " census, survey, monitoring or inspection",
    ("listing_ground",),
    order_42("2", verified=True),
    soil_law("59(1)"),
)
NOTICE_RECORDED: Final = guard(
    p.notice_recorded,
    "记录书面通知的文号和送达日期，送达不晚于事件日期",
    "number of the written notice and day of service, not after the event's day",
    ("notice_number", "served_on"),
    order_42("14"),
)
KEY_UNIT_NAMED: Final = guard(
    p.key_unit_named,
    "土壤污染重点监管单位名录中有该单位",
    "the enterprise is on a list of key supervised units in the register",
    ("key_unit_code",),
    soil_law("67"),
)
KEY_UNIT_OCCASION: Final = guard(
    p.key_unit_occasion_named,
    "说明变更用途、收回、转让或终止生产经营",
    "use change, take-back, transfer or end of production is named",
    ("key_unit_occasion",),
    soil_law("67"),
)
CONCLUSION_STATED: Final = guard(
    p.report_states_conclusion,
    "报告明确地块是否属于污染地块",
    "the report says clearly whether the plot is contaminated",
    ("states_contaminated",),
    order_42("14"),
)
TESTS_ATTACHED: Final = guard(
    p.tests_are_attached,
    "附采样和检测报告",
    "sampling and test reports are attached",
    ("test_reports_attached",),
    order_42("14"),
)
MAIN_PARTS_PUBLISHED: Final = guard(
    p.main_parts_published,
    "主要内容已公开，不晚于事件日期",
    "the main parts are published, not after the event's day",
    ("published_on",),
    order_42("14"),
)
OPINION_GIVEN: Final = guard(
    p.opinion_given,
    "写明评审意见",
    "the reviewer's opinion is written down",
    ("opinion",),
    soil_law("59(3)"),
)
NO_EXCEEDANCE: Final = guard(
    p.no_exceedance,
    "各项数值不超过规划用途类别的筛选值（或背景值），且所附资料不与此矛盾",
    "every value is at or below the screening value of the planned class (or"
    " background), and no paper cited says otherwise",
    ("finding",),
    soil_law("36", "59"),
)
EXCEEDANCE_FOUND: Final = guard(
    p.exceedance_found,
    "有数值超过筛选值，且所附资料不与此矛盾",
    "a value lies above the screening value, and no paper cited says otherwise",
    ("finding",),
    soil_law("60"),
)
CLASS_NAMED: Final = guard(
    p.class_named,
    "写明评价的用地类别，且与所附资料一致",
    "the class of use assessed is named, as in the papers cited",
    ("assessed_class",),
    soil_law("36", "59"),
)
RISK_CLASS_NAMED: Final = guard(
    p.class_named,
    "写明评估的用地类别，且与所附资料一致",
    "the class of use assessed is named, as in the papers cited",
    ("assessed_class",),
    soil_law("37", "60", "61"),
)
REMOVAL_CLASS_NAMED: Final = guard(
    p.class_named,
    "写明效果评估的用地类别，且与所附资料一致",
    "the class of use evaluated is named, as in the papers cited",
    ("assessed_class",),
    OWN_CHOICE,
)
GROUNDWATER_STATED: Final = guard(
    p.groundwater_stated,
    "写明地下水是否受污染",
    "whether groundwater is polluted is stated",
    ("groundwater_polluted",),
    soil_law("36"),
)
RISK_GRADED: Final = guard(
    p.risk_graded,
    "确定风险等级",
    "a risk grade is given",
    ("risk_grade",),
    order_42("15"),
)
NEGATIVE_LIST_GIVEN: Final = guard(
    p.negative_list_given,
    "附开发利用负面清单",
    "a negative list for development use is given",
    ("negative_list",),
    liangshan(13),
    zhengzhou("三(三)1"),
)
GOVERNMENT_TOLD: Final = guard(
    p.government_told,
    "已通知县级人民政府，不晚于事件日期",
    "the county government was told, not after the event's day",
    ("government_notified_on",),
    order_42("15"),
)
ENTRY_PUBLISHED: Final = guard(
    p.main_parts_published,
    "已向社会公开，不晚于事件日期",
    "the entry is published, not after the event's day",
    ("published_on",),
    liangshan(13),
    zhengzhou("三(三)1"),
)
EXTENT_DESCRIBED: Final = guard(
    p.extent_described,
    "报告写明污染范围和深度",
    "the report gives extent and depth of the pollution",
    ("extent_described",),
    order_42("17-18"),
)
EFFECTS_DESCRIBED: Final = guard(
    p.effects_described,
    "报告分析对土壤、地表水、地下水和空气的影响",
    "the report describes the effect on soil, surface water, groundwater and air",
    ("effects_described",),
    order_42("17-18"),
)
RISK_ACCEPTABLE: Final = guard(
    p.risk_acceptable,
    "评审认定规划用途下风险可接受",
    "the review finds the risk acceptable for the planned use",
    ("risk_acceptable",),
    soil_law("37", "60", "61"),
)
TREATMENT_NEEDED: Final = guard(
    p.treatment_needed,
    "评审认定需要实施风险管控或修复",
    "the review finds control or remediation necessary",
    ("risk_acceptable",),
    soil_law("58", "61"),
)
BATCH_RECORDED: Final = guard(
    p.batch_recorded,
    "记录名录批次（日期即事件日期）",
    "the batch of the list is recorded; its date is the event's day",
    ("batch",),
    soil_law("58", "61"),
)
CONTROL_PLAN_COMPLETE: Final = guard(
    p.control_plan_complete,
    "方案包括区域、目标、措施、监测、应急措施和地下水部分",
    "the plan has area, targets, measures, monitoring, emergency measures and a"
    " groundwater part",
    ("plan_parts",),
    soil_law("62"),
    order_42("19-21"),
)
COPY_TO_GOVERNMENT: Final = guard(
    p.government_told,
    "方案已抄送县级人民政府，不晚于事件日期",
    "the county government has a copy of the plan, not after the event's day",
    ("government_notified_on",),
    order_42("19-21"),
)
FITS_PLANS: Final = guard(
    p.fits_plans,
    "方案符合国土空间规划和城市规划",
    "the plan fits the land and the urban plan",
    ("fits_plans",),
    soil_law("64"),
)
GROUNDWATER_PART: Final = guard(
    p.groundwater_part,
    "方案包括地下水部分",
    "the plan has a part on groundwater",
    ("plan_parts",),
    soil_law("64"),
    order_42("24-25"),
)
TRANSPORT_DESCRIBED: Final = guard(
    p.transport_described,
    "报告写明转运时间、方式、线路、数量、去向和最终处置措施",
    "the report states time, way, route, quantity, destination and final disposal",
    ("transport",),
    soil_law("41"),
)
TRANSPORT_REPORTED: Final = guard(
    p.transport_reported_before,
    "转运前已报告所在地和接收地生态环境部门",
    "the bureaus of origin and destination were told before the transport",
    ("reported_on", "reported_to"),
    soil_law("41"),
)
ANOTHER_EVALUATOR: Final = guard(
    p.evaluator_is_another_firm,
    "效果评估另行委托，评估单位与施工单位不同",
    "the evaluator is another firm than the one that did the work",
    ("evaluator", "works_firm"),
    soil_law("42", "65"),
)
TARGET_MISSED: Final = guard(
    p.target_missed,
    "评审认定未达目标",
    "the review finds the target missed",
    ("target_met",),
    soil_law("66"),
)
TARGET_REACHED: Final = guard(
    p.target_reached,
    "评审认定达到目标，且所附资料不与此矛盾",
    "the review finds the target reached, and no paper cited says otherwise",
    ("target_met",),
    soil_law("66"),
)
SAFE_FOR_USE: Final = guard(
    p.safe_for_use,
    "评审认定可以安全利用",
    "the review finds the plot safe for use",
    ("safe_for_use",),
    soil_law("66"),
)
AFTERCARE_ANSWERED: Final = guard(
    p.aftercare_question_answered,
    "写明效果评估是否要求后期管理",
    "whether the evaluation asks for after-care is said",
    ("aftercare_required",),
    soil_law("42(3)"),
)
AFTERCARE_STATED: Final = guard(
    p.aftercare_stated,
    "效果评估要求后期管理",
    "the evaluation asks for after-care",
    ("aftercare_required",),
    soil_law("42(3)"),
)
GOVERNMENT_APPROVED: Final = guard(
    p.government_approved,
    "县级人民政府批准划定管控区域，记录文号",
    "the county government's approval of the control area, with its number",
    ("approval_number",),
    liangshan(13),
    zhengzhou("三(三)3"),
    soil_law("63"),
)
CONTROL_AREA_RECORDED: Final = guard(
    p.control_area_recorded,
    "管控区域范围已入库",
    "the control area is an area of the register",
    ("control_area_code",),
    liangshan(13),
    zhengzhou("三(三)3"),
    soil_law("63"),
)
SIGN_SET: Final = guard(
    p.sign_set,
    "已设立标识并发布公告，不晚于事件日期",
    "sign and notice stand, not after the event's day",
    ("sign_set_on",),
    liangshan(13),
    zhengzhou("三(三)3"),
    order_42("23"),
)
MEDIA_MONITORED: Final = guard(
    p.media_monitored,
    "监测土壤、地表水、地下水和空气",
    "soil, surface water, groundwater and air are monitored",
    ("monitored_media",),
    liangshan(13),
    zhengzhou("三(三)3"),
)
POLLUTION_SPREADS: Final = guard(
    p.pollution_spreads,
    "监测显示管控区域边界外超标",
    "monitoring shows values above the limits outside the boundary",
    ("exceedance_outside",),
    liangshan(13),
)
RELEASE_APPROVED: Final = guard(
    p.government_approved,
    "县级人民政府批准解除管控区域，记录文号",
    "the county government's approval of the release, with its number",
    ("approval_number",),
    OWN_CHOICE,
)
REOPENING_GROUND: Final = guard(
    p.reopening_ground_named,
    "写明规划用途更敏感、新的污染或新的证据",
    "more sensitive use, new pollution or new evidence is named",
    ("reopen_ground",),
    OWN_CHOICE,
)
REASON_GIVEN: Final = guard(
    p.reason_given, "写明理由", "a reason is written down", ("reason",), OWN_CHOICE
)
NOT_YET_SUPERVISED: Final = guard(
    p.not_yet_supervised,
    "地块尚不在优先监管地块名录中",
    "the plot is not yet on the list of priority supervised plots",
    (),
    PRIORITY_GUIDE,
)
SUPERVISED: Final = guard(
    p.supervised,
    "地块在优先监管地块名录中",
    "the plot is on the list of priority supervised plots",
    (),
    PRIORITY_GUIDE,
)
