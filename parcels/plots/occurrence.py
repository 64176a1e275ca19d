"""What is known when an event of a plot is judged? (core).

`Standing` is what the register says of the plot on the day of the event; `Occurrence`
is what the officer brings: the event, its papers and the details its guards ask for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Final, Literal

from parcels.codes import WHOLE_COUNTRY
from parcels.plots.correction import Correction, Proposal, WrongEvent, WrongPaper
from parcels.texts import Text

Level = Literal["county", "city", "province"]
"""Level of an ecology-environment office (同级生态环境部门)."""

LEVEL_NAMES: Final[dict[Level, Text]] = {
    "county": Text("县级", "county"),
    "city": Text("市级", "city"),
    "province": Text("省级", "province"),
}
_RANKS: Final[dict[Level | None, int]] = {
    None: 0,
    "county": 1,
    "city": 2,
    "province": 3,
}

LandClass = Literal["class_1", "class_2"]
Ground = Literal[
    "former_listed_industry", "hazardous_waste", "risk_shown_by_survey_or_inspection"
]
Finding = Literal[
    "within_background", "within_screening", "above_screening", "above_intervention"
]
Medium = Literal["soil", "surface_water", "groundwater", "air"]
PlanPart = Literal[
    "area", "targets", "measures", "monitoring", "emergency_measures", "groundwater"
]
TransportFact = Literal[
    "time", "way", "route", "quantity", "destination", "final_disposal"
]
Bureau = Literal["origin", "destination"]
KeyUnitOccasion = Literal["use_change", "take_back", "transfer", "production_end"]
ReopenGround = Literal["more_sensitive_use", "new_pollution", "new_evidence"]


def level_of(scope: str) -> Level | None:
    """Return the level of an office by its division prefix; None below a county.

    Examples
    --------
    >>> level_of("999901"), level_of("9999"), level_of("99"), level_of("999901001")
    ('county', 'city', 'province', None)
    """
    if scope == WHOLE_COUNTRY or len(scope) <= 2:
        return "province"
    if len(scope) <= 4:
        return "city"
    return "county" if len(scope) <= 6 else None


def reaches(level: Level | None, needed: Level) -> bool:
    """Whether an office of that level, or a wider one, may act at the level needed."""
    return _RANKS[level] >= _RANKS[needed]


@dataclass(frozen=True, slots=True)
class Document:
    """A paper cited with an event; keys as in layer `plot_document`."""

    code: str
    document_type: str
    firm: str | None = None
    firm_on_negative_list: bool | None = None
    flagged_false: bool | None = None
    dated_on: date | None = None
    reviewed_on: date | None = None
    review_outcome: str | None = None
    assessed_class: LandClass | None = None
    soil_standard: str | None = None


def widest(levels: Iterable[Level]) -> Level:
    """Return the level of the widest of several offices, at least one.

    Examples
    --------
    >>> widest(["county", "province", "city"])
    'province'
    """
    return max(levels, key=lambda level: _RANKS[level])


def _detail(zh: str, en: str) -> dict[str, Text]:
    return {"words": Text(zh, en)}


@dataclass(frozen=True, slots=True)
class Details:
    """What guards ask for beside the papers; None and empty are "not given".

    Every member's words stand in its metadata: the HTTP interface reads them.
    """

    reason: str | None = field(default=None, metadata=_detail("理由", "Reason"))
    opinion: str | None = field(
        default=None, metadata=_detail("评审意见", "Opinion of the reviewer")
    )
    listing_ground: Ground | None = field(
        default=None, metadata=_detail("列入依据", "Ground of the listing")
    )
    notice_number: str | None = field(
        default=None, metadata=_detail("通知文号", "Number of the notice")
    )
    served_on: date | None = field(
        default=None, metadata=_detail("通知送达日期", "Day the notice was served")
    )
    due_on: date | None = field(
        default=None,
        metadata=_detail("通知要求的完成日期", "Day the notice itself sets"),
    )
    key_unit_code: str | None = field(
        default=None,
        metadata=_detail("重点监管单位代码", "Code of the key supervised unit"),
    )
    key_unit_occasion: KeyUnitOccasion | None = field(
        default=None, metadata=_detail("触发情形", "Occasion of the survey")
    )
    states_contaminated: bool | None = field(
        default=None,
        metadata=_detail("报告结论是否为污染地块", "Whether the report says polluted"),
    )
    test_reports_attached: bool | None = field(
        default=None,
        metadata=_detail("已附采样及检测报告", "Sampling and test reports attached"),
    )
    published_on: date | None = field(
        default=None,
        metadata=_detail("主要内容公开日期", "Day the main parts were published"),
    )
    finding: Finding | None = field(
        default=None,
        metadata=_detail("与筛选值比较的结论", "Finding against the limits"),
    )
    assessed_class: LandClass | None = field(
        default=None, metadata=_detail("评价用地类别", "Class of use assessed")
    )
    groundwater_polluted: bool | None = field(
        default=None,
        metadata=_detail("地下水是否受污染", "Whether groundwater is polluted"),
    )
    risk_grade: Literal["high", "medium", "low"] | None = field(
        default=None, metadata=_detail("风险等级", "Risk grade")
    )
    negative_list: tuple[str, ...] = field(
        default=(),
        metadata=_detail(
            "开发利用负面清单（分类标准和用地代码，如 gbt21010_2017:0701）",
            "Negative list (classification and class of use, as gbt21010_2017:0701)",
        ),
    )
    pollutants: tuple[str, ...] = field(
        default=(), metadata=_detail("污染物", "Pollutants")
    )
    government_notified_on: date | None = field(
        default=None,
        metadata=_detail("通知县级人民政府日期", "Day the county government was told"),
    )
    extent_described: bool | None = field(
        default=None,
        metadata=_detail(
            "报告含污染范围和深度", "Report gives extent and depth of pollution"
        ),
    )
    effects_described: tuple[Medium, ...] = field(
        default=(),
        metadata=_detail("报告分析影响的介质", "Media whose effect is described"),
    )
    risk_acceptable: bool | None = field(
        default=None,
        metadata=_detail(
            "规划用途下风险是否可接受", "Whether the risk of the planned use is"
        ),
    )
    batch: str | None = field(
        default=None, metadata=_detail("名录批次", "Batch of the list")
    )
    plan_parts: tuple[PlanPart, ...] = field(
        default=(), metadata=_detail("方案包含的内容", "Parts the plan has")
    )
    fits_plans: bool | None = field(
        default=None,
        metadata=_detail("符合国土空间规划和城市规划", "Fits the land and urban plans"),
    )
    transport: tuple[TransportFact, ...] = field(
        default=(), metadata=_detail("转运报告载明的事项", "What the report states")
    )
    reported_on: date | None = field(
        default=None, metadata=_detail("转运报告日期", "Day the transport was reported")
    )
    reported_to: tuple[Bureau, ...] = field(
        default=(),
        metadata=_detail("已报告的生态环境部门", "Bureaus it was reported to"),
    )
    evaluator: str | None = field(
        default=None, metadata=_detail("效果评估单位", "Firm that evaluated")
    )
    works_firm: str | None = field(
        default=None, metadata=_detail("施工单位", "Firm that did the works")
    )
    target_met: bool | None = field(
        default=None, metadata=_detail("是否达到目标", "Whether the target is met")
    )
    safe_for_use: bool | None = field(
        default=None, metadata=_detail("可以安全利用", "Whether it is safe for use")
    )
    aftercare_required: bool | None = field(
        default=None,
        metadata=_detail("评估结论要求后期管理", "Evaluation asks for after-care"),
    )
    approval_number: str | None = field(
        default=None, metadata=_detail("政府批准文号", "Number of the approval")
    )
    control_area_code: str | None = field(
        default=None, metadata=_detail("管控区域代码", "Code of the control area")
    )
    sign_set_on: date | None = field(
        default=None,
        metadata=_detail("设立标识并公告日期", "Day sign and notice were set up"),
    )
    monitored_media: tuple[Medium, ...] = field(
        default=(), metadata=_detail("监测的介质", "Media monitored")
    )
    exceedance_outside: bool | None = field(
        default=None,
        metadata=_detail(
            "监测显示边界外超标", "Monitoring shows values above outside the boundary"
        ),
    )
    reopen_ground: ReopenGround | None = field(
        default=None, metadata=_detail("重新列入的情形", "Ground of the reopening")
    )
    correction: Correction | None = field(
        default=None, metadata=_detail("更正对象", "What is to be corrected")
    )
    wrong_event: str | None = field(
        default=None, metadata=_detail("误登事件的代码", "Code of the wrong event")
    )
    wrong_document: str | None = field(
        default=None, metadata=_detail("有误资料的代码", "Code of the wrong paper")
    )
    wrong_field: str | None = field(
        default=None, metadata=_detail("误填字段", "Field that is wrong")
    )
    right_value: str | None = field(
        default=None,
        metadata=_detail(
            "正确值（多值以;分隔；应为空的填 null；边界用 GeoJSON，点位可用度分秒）",
            "Right value (several with ; between; null where it should be empty; a"
            " boundary as GeoJSON, a point also in degrees, minutes and seconds)",
        ),
    )
    proposal: str | None = field(
        default=None,
        metadata=_detail("更正申请的事件代码", "Code of the event that proposed it"),
    )

    def given(self) -> dict[str, object]:
        """Return the members that were given, by name."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: v for name, v in values.items() if v is not None and v != ()}


@dataclass(frozen=True, slots=True)
class PastEvent:
    """An event on record; `to_stage` equals `from_stage` where the stage stayed.

    `withdrawn` tells that a correction has taken it back.
    """

    code: str
    event: str
    from_stage: str | None
    to_stage: str | None
    on: date
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What the register says of the plot on the day of the event.

    Attributes
    ----------
    lists
        Lists it is on that day (`registry.plot_list_membership`).
    past, later
        Events up to and with that day, and after it, in legal order.
    aftercare_required
        What the register says of after-care; None when nothing.
    proposed
        What corrections of the plot were proposed of and wait for a decision.
    """

    stage: str
    held: bool = False
    lists: frozenset[str] = frozenset()
    past: tuple[PastEvent, ...] = ()
    later: tuple[PastEvent, ...] = ()
    aftercare_required: bool | None = None
    proposed: frozenset[Correction] = frozenset()


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An event as an officer reports it.

    Attributes
    ----------
    on
        Day it happened; the stage it brings is valid from that day.
    recorded_on
        Day of the register's clock; nothing happens after it.
    level
        Level of the office that reports it; None is below a county.
    key_unit_listed
        Whether `details.key_unit_code` is on a list of key supervised units.
    control_area_known
        Whether `details.control_area_code` is a control area on record.
    proposal
        What `details.proposal` names; None where it names none of this plot.
    wrong_event
        The event that a correction of that kind speaks of, if it is one that can be
        withdrawn.
    restated
        Columns and values that a correction of a field gives; None where unreadable.
    wrong_paper
        The paper that a correction of that kind speaks of, if what it says is usable.
    """

    event: str
    on: date
    recorded_on: date
    level: Level | None
    documents: tuple[Document, ...] = ()
    details: Details = field(default_factory=Details)
    key_unit_listed: bool = False
    control_area_known: bool = False
    proposal: Proposal | None = None
    wrong_event: WrongEvent | None = None
    restated: Mapping[str, Any] | None = None
    wrong_paper: WrongPaper | None = None
