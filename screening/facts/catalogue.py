"""Where does each fact come from, and what does it mean when it is not known? (core).

Section 8 of the rule table as data, for the facts that the rules read so far. All of it
is the project's own choice unless the text says otherwise. A fact that only rules with
the outcome "allow with conditions" wait for never blocks (`effect_on`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from parcels.texts import Text
from screening.facts.catalogue_siting import SITING_AND_WATER
from screening.facts.fact import (
    ABSENT,
    DECLARED,
    NO_OVERLAP,
    NOTHING_NEAR,
    UNKNOWN,
    Effect,
    Fact,
)
from screening.truth import Cause
from screening.vocabulary import Outcome

_NO: Final = Text("否", "false")
_NONE: Final = Text("无", "none")
_PLOT_THEME: Final = Text("“地块”图层", "theme plot")

_ALL: Final = (
    Fact(
        "plot_stage",
        Text("地块阶段与名录", "plot stage and list memberships"),
        _PLOT_THEME,
        Text("无地块", "no plot"),
        UNKNOWN,
    ),
    Fact(
        "evaluated_class",
        Text("地块评估用地类型", "class of use evaluated for the plot"),
        Text("评审意见", "review opinion on record"),
        ABSENT,
        Text(
            "未知；规划为第二类用地时视为在评估范围内",
            "unknown; a planned class-2 use is within any class",
        ),
    ),
    Fact(
        "target_met",
        Text("效果评估达到目标", "target met"),
        Text("经评审的效果评估", "reviewed effect evaluation"),
        _NO,
        _NO,
    ),
    Fact(
        "aftercare_required",
        Text("需要后期管理", "after-care required"),
        Text("地块档案", "plot record"),
        UNKNOWN,
        UNKNOWN,
        "warns",
    ),
    Fact(
        "aftercare_breach",
        Text("未履行后期管理", "after-care not kept"),
        Text("后期管理记录", "after-care record"),
        Text("无需后期管理时为否", "false when no after-care is required"),
        UNKNOWN,
        "warns",
    ),
    Fact(
        "negative_list",
        Text("开发利用负面清单", "negative list of the plot"),
        Text("地块档案", "plot record"),
        Text("空", "empty"),
        Text(
            "空；清单与规划用途分类不同且无法对应时未知",
            "empty; unknown when list and planned use are of schemes that "
            "cannot be compared",
        ),
    ),
    Fact(
        "required_activity_overdue",
        Text("应开展活动逾期", "required activity overdue"),
        Text("送达日或期限", "date of service or due date"),
        _NO,
        _NO,
    ),
    Fact(
        "in_control_area",
        Text("位于管控区域", "inside a control area"),
        Text(
            "“管控区域”图层或地块“暂不开发利用”标记",
            "theme control_area or the plot's flag held",
        ),
        _NO,
        Text(
            "“地块”图层已覆盖且周边无污染地块、名录地块时为否，否则未知",
            "false when theme plot is covered and no contaminated or registered plot "
            "lies near, else unknown",
        ),
    ),
    Fact(
        "is_key_supervised_unit_land",
        Text("土壤污染重点监管单位用地", "land of a key supervised unit"),
        Text(
            "重点监管单位名录与企业用地", "key-unit lists joined to enterprise premises"
        ),
        _NO,
        Text(
            "登记现状为农用地或住宅时为否，否则未知",
            "false when the recorded use is agricultural or residential, else unknown",
        ),
    ),
    Fact(
        "former_industry",
        Text("原有行业", "former industry"),
        Text(
            "“原用途”图层、地块档案、用地上的企业",
            "theme former_use, plot record, enterprises on the land",
        ),
        _NONE,
        Text(
            "以申报为准；登记现状为农用地或住宅且企业图层已覆盖而无企业时为无，否则未知",
            "as declared; else none when the recorded use is agricultural or "
            "residential and theme enterprise is covered with no site, else unknown",
        ),
    ),
    Fact(
        "survey_reviewed",
        Text("调查报告通过评审", "survey reviewed"),
        Text("档案中的评审报告", "reviewed report on file"),
        _NO,
        _NO,
    ),
    Fact(
        "baseline_survey",
        Text("现状（背景）调查", "baseline survey"),
        Text("档案中的评审报告", "reviewed report on file"),
        _NO,
        _NO,
    ),
    Fact(
        "survey_date",
        Text("调查报告日期", "date of the survey report"),
        Text("报告记录", "report record"),
        UNKNOWN,
        UNKNOWN,
        "warns",
    ),
    Fact(
        "soil_standard",
        Text("是否符合规划用途的土壤质量要求", "soil quality for the planned use"),
        Text("经评审的报告", "reviewed report"),
        Text("未评价", "not assessed"),
        Text("未评价", "not assessed"),
    ),
    Fact(
        "report_doubtful",
        Text(
            "报告存疑或单位列入负面清单", "report flagged or firm on the negative list"
        ),
        Text("报告记录", "report record"),
        _NO,
        _NO,
    ),
    Fact(
        "dismantling",
        Text("拆除活动及备案", "dismantling and its filing"),
        Text("备案记录、申报", "filing record, declared"),
        _NO,
        Text("否；有拆除而无备案记录视为未备案", "false; no filing means not filed"),
    ),
    Fact(
        "land_disturbed_since_survey",
        Text("调查后土地受扰动", "land disturbed since the survey"),
        DECLARED,
        ABSENT,
        _NO,
    ),
    Fact(
        "current_use",
        Text("现状用途", "current use"),
        Text("宗地登记，否则申报", "parcel record, else declared"),
        ABSENT,
        UNKNOWN,
    ),
    Fact(
        "planned_use",
        Text("规划用途", "planned use"),
        Text("请求", "request"),
        ABSENT,
        Text("必填而未填时未知", "unknown where it is required"),
    ),
    Fact(
        "farmland_category",
        Text("农用地土壤环境质量类别", "farmland category"),
        Text("“农用地单元”图层", "theme farmland_unit"),
        Text(
            "农用地为未划定；现状为建设用地时非农用地",
            "unclassified on farmland, not farmland when the current use is "
            "development land",
        ),
        Text(
            "现状为建设用地时非农用地，否则未知",
            "not farmland by the current use, else unknown",
        ),
        warns_for=frozenset({"D04", "D07", "D08", "D10"}),
    ),
    Fact(
        "permanent_basic_farmland",
        Text("永久基本农田", "permanent basic farmland"),
        Text("“永久基本农田”图层", "theme permanent_basic_farmland"),
        NO_OVERLAP,
        UNKNOWN,
    ),
    Fact(
        "enterprise",
        Text("周边在产企业", "active enterprises near"),
        Text("“企业”图层与重点监管单位名录", "theme enterprise and the key-unit lists"),
        NOTHING_NEAR,
        UNKNOWN,
    ),
    Fact(
        "facility",
        Text(
            "周边尾矿库、填埋场、垃圾堆放点、堆场",
            "tailings ponds, landfills, dumps, waste yards near",
        ),
        Text("“设施”图层", "theme facility"),
        NOTHING_NEAR,
        UNKNOWN,
    ),
    Fact(
        "crop_ban_area",
        Text("特定农产品禁止生产区域", "crop-ban area"),
        Text("“特定农产品禁止生产区域”图层", "theme crop_ban_area"),
        _NONE,
        Text(
            "无；含严格管控类或类别未知的农用地上拟种食用农产品（或未申报）时未知",
            "none; unknown for an edible or undeclared crop on land that includes "
            "strict control or whose category is not known",
        ),
    ),
    Fact(
        "recharge_area",
        Text("地下水补给区", "recharge area of groundwater"),
        Text("“地下水补给区”图层", "theme recharge_area"),
        _NONE,
        _NONE,
    ),
    Fact(
        "crop",
        Text("拟种作物及其是否食用", "crop to be grown and whether it is eaten"),
        DECLARED,
        ABSENT,
        Text(
            "未知；判断周边污染源时按食用计",
            "unknown; counts as edible where sources around are judged",
        ),
    ),
    Fact(
        "transferee",
        Text("受让方类型", "kind of transferee"),
        DECLARED,
        ABSENT,
        UNKNOWN,
        "warns",
    ),
    Fact(
        "ecological_redline",
        Text("生态保护红线", "ecological redline"),
        Text("“生态保护红线”图层", "theme ecological_redline"),
        NO_OVERLAP,
        UNKNOWN,
    ),
    Fact(
        "county_restricted",
        Text("环评限批", "limit on approvals in the county"),
        Text("县级设置", "setting of the county"),
        _NO,
        _NO,
    ),
    Fact(
        "project_approved",
        Text("项目已经批准", "project approved"),
        DECLARED,
        ABSENT,
        UNKNOWN,
    ),
    Fact("new_supply", Text("新增供地", "new supply"), DECLARED, ABSENT, UNKNOWN),
    Fact(
        "existing_supplied_land",
        Text("已供存量用地", "land already supplied"),
        Text("宗地登记，否则申报", "parcel record, else declared"),
        ABSENT,
        _NO,
    ),
    Fact(
        "pollutants_at_risk",
        Text("存在污染风险的污染物", "pollutants at risk"),
        Text("地块档案、申报", "plot record, declared"),
        _NONE,
        _NONE,
    ),
)
FACTS: Final[Mapping[str, Fact]] = MappingProxyType(
    {fact.id: fact for fact in (*_ALL, *SITING_AND_WATER)}
)
"""Every fact by id; `Missing.fact` is one of these ids."""


def effect_on(
    fact_id: str, rule_id: str, outcome: Outcome, cause: Cause | None = None
) -> Effect:
    """Return what this unknown fact does through this rule; `cause` is why it is so.

    Examples
    --------
    >>> effect_on("farmland_category", "D03", Outcome.DENY)
    'blocks'
    >>> effect_on("farmland_category", "D04", Outcome.ALLOW_WITH_CONDITIONS)
    'warns'
    """
    fact = FACTS[fact_id]
    if rule_id in fact.warns_for or outcome is Outcome.ALLOW_WITH_CONDITIONS:
        return "warns"
    if fact.warns_uncovered and cause == "no_coverage":
        return "warns"
    return fact.effect
