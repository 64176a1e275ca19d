"""Which plots there are, and what is known of each.

Stages follow the life cycle of a plot; firms and findings are invented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

GBT = "gbt21010_2017:"


@dataclass(frozen=True)
class PlotSpec:
    """One plot: where it lies (a site or a free parcel), its stage and record.

    `start` is the day it was first noted; `since` the day its present stage began.
    `facts` are attributes of the register; `report` changes the last report filed.
    """

    site: str
    name: str
    stage: str
    industry: str
    start: date
    since: date
    facts: dict[str, Any] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)
    shape: str = "inset"
    lists: tuple[str, ...] = ()
    division: str = "999901"


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _spec(
    site: str,
    name: str,
    stage: str,
    industry: str,
    days: str,
    facts: dict[str, Any] | None = None,
    **more: Any,
) -> PlotSpec:
    start, since = days.split()
    return PlotSpec(
        site, name, stage, industry, _day(start), _day(since), facts or {}, **more
    )


NAMED = [
    _spec(
        "pesticide",
        "原县农药厂地块",
        "rcr_listed",
        "2631",
        "2019-06-14 2023-11-20",
        {
            "pollutants": ["六六六总量", "滴滴涕总量", "苯"],
            "risk_grade": "high",
            "negative_list": [GBT + "07", GBT + "08"],
        },
    ),
    _spec(
        "lead_smelter",
        "原铅锌冶炼厂地块",
        "risk_control",
        "3212",
        "2019-07-02 2024-05-10",
        {"pollutants": ["铅", "镉", "砷"], "risk_grade": "high"},
    ),
    _spec(
        "coking",
        "原焦化厂地块",
        "remediation",
        "2521",
        "2019-05-20 2024-09-02",
        {"pollutants": ["苯并[a]芘", "苯", "石油烃"], "risk_grade": "high"},
    ),
    _spec(
        "plating_removed",
        "原第二电镀厂地块",
        "effect_evaluation",
        "3360",
        "2019-04-11 2025-02-18",
        {
            "pollutants": ["六价铬", "镍"],
            "risk_grade": "medium",
            "target_met": True,
            "soil_standard": "met",
            "evaluated_class": "class_2",
        },
    ),
    _spec(
        "acid_works",
        "原硫酸厂地块",
        "target_not_met",
        "2611",
        "2019-05-06 2025-03-12",
        {"pollutants": ["砷", "汞"], "risk_grade": "high", "target_met": False},
    ),
    _spec(
        "depot_removed",
        "原石油库地块",
        "removed",
        "2511",
        "2018-09-03 2024-08-30",
        {
            "evaluated_class": "class_2",
            "soil_standard": "met",
            "target_met": True,
            "aftercare_required": False,
        },
    ),
    _spec(
        "aftercare_breach",
        "原铬盐厂西地块",
        "aftercare",
        "2613",
        "2018-05-08 2024-06-28",
        {
            "evaluated_class": "class_2",
            "soil_standard": "met",
            "target_met": True,
            "aftercare_required": True,
            "aftercare_breach": True,
        },
    ),
    _spec(
        "aftercare_kept",
        "原染料仓库地块",
        "aftercare",
        "2645",
        "2018-06-12 2024-10-15",
        {
            "evaluated_class": "class_2",
            "soil_standard": "met",
            "target_met": True,
            "aftercare_required": True,
            "aftercare_breach": False,
        },
    ),
    _spec(
        "chrome_salt",
        "原铬盐厂东地块",
        "contaminated",
        "2613",
        "2021-03-15 2024-01-22",
        {"pollutants": ["六价铬"], "risk_grade": "high"},
    ),
    _spec(
        "battery",
        "原蓄电池厂地块",
        "detailed_survey",
        "3843",
        "2021-06-08 2024-11-04",
        {"pollutants": ["铅", "锑"], "risk_grade": "medium"},
    ),
    _spec(
        "dye_works",
        "原染料厂地块",
        "risk_assessment",
        "2645",
        "2020-08-19 2025-01-16",
        {
            "pollutants": ["苯胺", "氯苯"],
            "risk_grade": "high",
            "required_activity": "risk_assessment",
            "required_activity_served_on": _day("2024-09-20"),
            "required_activity_due_on": _day("2025-06-30"),
        },
    ),
    _spec(
        "gas_works",
        "原煤气厂地块",
        "risk_acceptable",
        "2529",
        "2019-10-10 2023-12-08",
        {
            "evaluated_class": "class_2",
            "soil_standard": "met",
            "risk_grade": "low",
        },
    ),
    _spec(
        "rubber_works",
        "原橡胶助剂厂地块",
        "risk_acceptable",
        "2661",
        "2019-11-05 2024-02-27",
        {
            "evaluated_class": "class_2",
            "soil_standard": "met",
            "risk_grade": "medium",
            "negative_list": [GBT + "05", GBT + "07", GBT + "08"],
        },
    ),
    _spec(
        "held_plot",
        "原化肥厂地块(暂不开发)",
        "contaminated",
        "2621",
        "2019-09-09 2022-12-14",
        {"pollutants": ["砷", "氟化物"], "risk_grade": "high", "held": True},
    ),
    _spec(
        "fence_plot",
        "原皮革化工厂地块",
        "rcr_listed",
        "2661",
        "2019-08-08 2024-07-19",
        {"pollutants": ["六价铬"], "risk_grade": "medium"},
        shape="over_fence",
    ),
    _spec(
        "paint_works",
        "原油漆厂地块",
        "suspected",
        "2641",
        "2024-03-11 2025-04-08",
    ),
    _spec(
        "plating_works",
        "原第一电镀厂地块",
        "initial_survey",
        "3360",
        "2024-05-15 2025-03-20",
        {
            "required_activity": "initial_survey",
            "required_activity_served_on": _day("2025-03-20"),
            "required_activity_due_on": _day("2025-09-20"),
        },
    ),
    _spec(
        "solvent_store",
        "原溶剂库地块",
        "initial_review",
        "2614",
        "2023-09-05 2025-06-03",
        {
            "required_activity": "initial_survey",
            "required_activity_served_on": _day("2024-12-02"),
            "required_activity_due_on": _day("2025-06-02"),
            "required_activity_done_on": _day("2025-05-27"),
        },
    ),
    _spec(
        "weaving_mill",
        "原棉纺织厂地块",
        "candidate",
        "1711",
        "2025-02-17 2025-02-17",
        lists=("priority_supervised",),
    ),
    _spec(
        "printing_works",
        "原县印刷厂地块",
        "removed",
        "2319",
        "2018-03-06 2024-04-25",
        {
            "evaluated_class": "class_1",
            "soil_standard": "met",
            "target_met": True,
            "aftercare_required": False,
        },
    ),
    _spec(
        "school_plot",
        "原农机修理厂地块",
        "cleared",
        "4330",
        "2021-04-12 2023-06-16",
        {"evaluated_class": "class_1", "soil_standard": "met"},
    ),
    _spec(
        "cleared_yard",
        "原供销社仓库地块",
        "cleared",
        "5990",
        "2021-05-18 2023-09-21",
        {"evaluated_class": "class_2", "soil_standard": "met"},
    ),
    _spec(
        "wrong_entry",
        "人民路门面房(误列)",
        "closed_error",
        "5211",
        "2022-03-01 2022-06-30",
    ),
    _spec(
        "point_inside",
        "原镀锌管厂地块(仅有中心点)",
        "suspected",
        "3360",
        "2023-08-14 2024-10-11",
        {"accuracy_m": 20.0, "stated_area_m2": 12_000.0, "coord_source": "gnss"},
        shape="point",
    ),
    _spec(
        "n_border_plot",
        "东湾镇原化工厂地块",
        "contaminated",
        "2614",
        "2020-10-20 2023-10-26",
        {"pollutants": ["苯", "氯仿"], "risk_grade": "medium"},
        shape="beyond_border",
        division="999902",
    ),
    _spec(
        "zone_plot",
        "清溪农药储存点地块",
        "suspected",
        "2631",
        "2022-05-16 2024-03-20",
    ),
    _spec(
        "n_failed_works",
        "东湾镇原颜料厂地块",
        "risk_assessment",
        "2643",
        "2020-09-07 2025-01-15",
        {
            "pollutants": ["铅", "六价铬"],
            "risk_grade": "medium",
            "evaluated_class": "class_1",
            "soil_standard": "not_met",
        },
        division="999902",
    ),
]


@dataclass(frozen=True)
class Filler:
    """Some more plots of one stage, on free parcels of these kinds."""

    stage: str
    kinds: tuple[str, ...]
    count: int
    industries: tuple[str, ...]
    division: str = "999901"


FILLERS = [
    Filler("candidate", ("village", "park"), 5, ("3360", "1310", "2221", "4210")),
    Filler("suspected", ("village", "park"), 3, ("2651", "3360", "1910")),
    Filler("initial_survey", ("village", "old_industry"), 2, ("2710", "3843")),
    Filler("initial_review", ("park",), 1, ("2612",)),
    Filler("cleared", ("village", "town", "park"), 6, ("3311", "2223", "5265", "1757")),
    Filler("contaminated", ("village", "old_industry"), 2, ("3216", "2662")),
    Filler("detailed_survey", ("park",), 1, ("2619",)),
    Filler("risk_assessment", ("village",), 1, ("1910",)),
    Filler("risk_acceptable", ("village", "park"), 2, ("2652", "3824")),
    Filler("rcr_listed", ("mine",), 1, ("0912",)),
    Filler("risk_control", ("village",), 1, ("3212",)),
    Filler("remediation", ("park",), 1, ("2663",)),
    Filler("effect_evaluation", ("village",), 1, ("3360",)),
    Filler("target_not_met", ("old_industry",), 1, ("2645",)),
    Filler("removed", ("village", "town"), 2, ("2651", "3130")),
    Filler("aftercare", ("village",), 1, ("1931",)),
    Filler("closed_error", ("village",), 1, ("5211",)),
    Filler("candidate", ("village",), 1, ("3360",), "999902"),
    Filler("suspected", ("village",), 2, ("2631", "3360"), "999902"),
    Filler("initial_survey", ("village",), 1, ("2645",), "999902"),
    Filler("cleared", ("village",), 2, ("3311", "1310"), "999902"),
    Filler("risk_control", ("village",), 1, ("2611",), "999902"),
    Filler("removed", ("village",), 1, ("3360",), "999902"),
]

PATHS: dict[str, tuple[str, ...]] = {}
_TO_REVIEW = ("candidate", "suspected", "initial_survey", "initial_review")
_TO_ASSESSMENT = (*_TO_REVIEW, "contaminated", "detailed_survey", "risk_assessment")
for _path in (
    (*_TO_REVIEW, "cleared"),
    (*_TO_ASSESSMENT, "risk_acceptable"),
    (*_TO_ASSESSMENT, "rcr_listed", "risk_control"),
    (*_TO_ASSESSMENT, "rcr_listed", "remediation", "effect_evaluation", "removed"),
    (
        *_TO_ASSESSMENT,
        *("rcr_listed", "remediation", "effect_evaluation", "target_not_met"),
    ),
    (
        *_TO_ASSESSMENT,
        *("rcr_listed", "remediation", "effect_evaluation", "removed", "aftercare"),
    ),
    ("candidate", "suspected", "closed_error"),
):
    for _number, _stage in enumerate(_path):
        PATHS.setdefault(_stage, _path[: _number + 1])

EVENTS = {
    "suspected": "listed",
    "initial_survey": "survey_notified",
    "initial_review": "survey_report_submitted",
    "cleared": "review_found_no_exceedance",
    "contaminated": "review_found_exceedance",
    "detailed_survey": "detailed_survey_notified",
    "risk_assessment": "detailed_survey_report_submitted",
    "risk_acceptable": "risk_found_acceptable",
    "rcr_listed": "register_entry",
    "risk_control": "risk_control_plan_filed",
    "remediation": "remediation_plan_filed",
    "effect_evaluation": "effect_evaluation_submitted",
    "target_not_met": "target_missed",
    "removed": "removed_from_register",
    "aftercare": "aftercare_began",
    "closed_error": "entry_withdrawn",
}
FIRMS = (
    "净土虚构环境调查有限公司",
    "示范虚构生态技术有限公司",
    "邻界虚构检测评估有限公司",
    "青山虚构环保工程有限公司",
)
BARRED_FIRM = "失信虚构咨询有限公司"
