"""Layers of contaminated and suspected plots: what is kept of each (core).

Survey field names as collected in the domain notes (marks there).
"""

from __future__ import annotations

from parcels.register.attributes import (
    MAPPED_AREA,
    POINT_FACTS,
    boolean_attribute,
    date_attribute,
    list_attribute,
    number_attribute,
    text_attribute,
)
from parcels.register.layer import Attribute, Kind, Layer, Shape
from parcels.register.values import (
    LAND_USE_SCHEMES,
    PLOT_LISTS,
    PLOT_STAGES,
    SOIL_CLASSES,
    SOIL_RESULTS,
)

FOUR_BOUNDS = (
    text_attribute("bound_east", "东至", "Bound to the east", "SZD", "东至"),
    text_attribute("bound_south", "南至", "Bound to the south", "SZN", "南至"),
    text_attribute("bound_west", "西至", "Bound to the west", "SZX", "西至"),
    text_attribute("bound_north", "北至", "Bound to the north", "SZB", "北至"),
)
"""四至, in words as published lists give them."""

USES = (
    text_attribute(
        "current_use_scheme",
        "现状用途分类标准",
        "Scheme of the current use",
        "XZYTBZ",
        values=LAND_USE_SCHEMES,
    ),
    text_attribute("current_use_code", "现状用途", "Current use", "XZYT"),
    text_attribute(
        "planned_use_scheme",
        "规划用途分类标准",
        "Scheme of the planned use",
        "GHYTBZ",
        values=LAND_USE_SCHEMES,
    ),
    text_attribute("planned_use_code", "规划用途", "Planned use", "GHYT"),
)

ORIGIN = (
    text_attribute("source_system", "来源系统", "System of origin", "LYXT"),
    text_attribute("source_id", "来源系统编号", "Number in that system", "LYBH"),
    date_attribute("synced_on", "同步日期", "Taken over on", "TBRQ"),
)
"""The system a record was taken over from, its number there, and the day it was read
there (ZZ 三(三)2). When we recorded it is the version's own `recorded_at`."""

ENTRY = (
    text_attribute(
        "entry_list", "来源名录", "Register of entry", "LRML", values=PLOT_LISTS
    ),
    text_attribute("entry_batch", "来源批次", "Batch of entry", "LRPC"),
    text_attribute("entry_source", "来源文件", "Published in", "LRWJ"),
    date_attribute("entry_published_on", "来源公布日", "Published on", "LRRQ"),
)
"""The published register that a stage was taken over from (`parcels.plots.entries`)."""

PUBLICATION = (
    list_attribute("published_fields", "公开字段", "Fields made public", "GKZD"),
    date_attribute("published_on", "公开日期", "Made public on", "GKRQ"),
    text_attribute("publication_source", "公开依据", "Made public by", "GKLY"),
)

FILINGS = (
    date_attribute(
        "filed_ee_on", "报生态环境部门备案", "Filed with ecology, environment", "BAHB"
    ),
    date_attribute(
        "filed_nr_on", "报自然资源部门备案", "Filed with natural resources", "BAZR"
    ),
    date_attribute(
        "filed_hc_on", "报住建部门备案", "Filed with housing, construction", "BAZJ"
    ),
)
"""Days on which a paper was filed with each of the three departments (LS 12)."""

PLOT = Layer(
    "plot",
    "plots",
    "地块",
    "Plot",
    Shape.PLACE,
    (
        text_attribute("name", "地块名称", "Name", "DKMC"),
        text_attribute(
            "stage", "阶段", "Stage", "JD", values=PLOT_STAGES, required=True
        ),
        boolean_attribute("held", "暂不开发利用", "Held back from development", "ZBKF"),
        text_attribute("address", "地址", "Address", "DZ"),
        text_attribute("national_code", "国家系统编码", "National system code", "GJDM"),
        text_attribute("local_code", "地方编码", "Local code", "DFDM"),
        *ORIGIN,
        *FOUR_BOUNDS,
        text_attribute("former_enterprise", "原企业", "Former enterprise", "YQY"),
        *USES,
        text_attribute(
            "evaluated_class",
            "评估用地类型",
            "Class evaluated",
            "PGLB",
            values=SOIL_CLASSES,
        ),
        text_attribute(
            "soil_standard",
            "土壤质量结论",
            "Soil-quality finding",
            "TRJL",
            values=SOIL_RESULTS,
        ),
        boolean_attribute("target_met", "达到目标", "Target met", "DDMB"),
        boolean_attribute(
            "aftercare_required", "需后期管理", "After-care required", "HQGL"
        ),
        boolean_attribute(
            "aftercare_breach", "未履行后期管理", "After-care breach", "WLXHG"
        ),
        list_attribute("negative_list", "开发利用负面清单", "Negative list", "FMQD"),
        list_attribute("former_industries", "原行业", "Former industries", "YHY"),
        list_attribute("pollutants", "污染物", "Pollutants", "WRW"),
        boolean_attribute(
            "groundwater_polluted", "地下水受污染", "Groundwater polluted", "DXSWR"
        ),
        text_attribute(
            "risk_grade",
            "风险等级",
            "Risk grade",
            "FXDJ",
            values=("high", "medium", "low"),
        ),
        text_attribute("required_activity", "应开展活动", "Required activity", "YKZHD"),
        date_attribute(
            "required_activity_served_on", "通知送达日", "Notice served", "TZSD"
        ),
        date_attribute("required_activity_due_on", "期限", "Due", "QX"),
        date_attribute("required_activity_done_on", "完成日", "Done", "WCR"),
        date_attribute("reuse_started_on", "再开发利用起始日", "Reuse began", "ZLYQ"),
        text_attribute("reuse_document", "再开发利用依据", "Reuse by", "ZLYWJ"),
        *ENTRY,
        *PUBLICATION,
        *POINT_FACTS,
        MAPPED_AREA,
    ),
    code_name="plot_code",
    code_fields=("DKBM", "WRDKBM", "地块编码", "地块编号"),
)

PLOT_POLLUTANT = Layer(
    "plot_pollutant",
    "plot-pollutants",
    "地块污染物",
    "Pollutant of a plot",
    Shape.NONE,
    (
        text_attribute(
            "plot_code", "地块编码", "Plot code", "DKBM", required=True, reference=True
        ),
        text_attribute("analyte", "污染物", "Pollutant", "WRW", required=True),
        text_attribute(
            "medium",
            "介质",
            "Medium",
            "JZ",
            values=("soil", "groundwater"),
            required=True,
        ),
        number_attribute("maximum", "最大值", "Maximum found", "ZDZ"),
        number_attribute("screening_value", "筛选值", "Screening value", "SXZ"),
        number_attribute("intervention_value", "管制值", "Intervention value", "GZZ"),
        text_attribute("unit", "单位", "Unit", "DW", required=True),
        number_attribute("depth_from_m", "起始深度", "Depth from", "QSSD"),
        number_attribute("depth_to_m", "终止深度", "Depth to", "ZZSD"),
        text_attribute("source_document", "来源文件", "Source document", "LYWJ"),
    ),
    code_fields=("WRWBH",),
)

PLOT_PARTY = Layer(
    "plot_party",
    "plot-parties",
    "地块责任主体",
    "Parties of a plot",
    Shape.NONE,
    (
        text_attribute("land_user", "土地使用权人", "Land user"),
        text_attribute("liable_party", "土壤污染责任人", "Liable party"),
        text_attribute("contact", "联系方式", "Contact"),
    ),
    code_name="plot_code",
)
"""Restricted: read by roles with the right alone, in no file, extract or register."""

PLOT_EVENT = Layer(
    "plot_event",
    "",
    "地块事件",
    "Plot event",
    Shape.NONE,
    (
        text_attribute(
            "plot_code", "地块编码", "Plot code", "DKBM", required=True, reference=True
        ),
        text_attribute("event", "事件", "Event", "SJ", required=True),
        text_attribute("from_stage", "原阶段", "From stage", "YJD", values=PLOT_STAGES),
        text_attribute("to_stage", "新阶段", "To stage", "XJD", values=PLOT_STAGES),
        text_attribute("note", "说明", "Note", "BZ"),
        text_attribute("step", "流转步骤", "Step", computed=True),
        Attribute("documents", Kind.TEXT_LIST, "资料", "Documents", computed=True),
        Attribute(
            "related_codes", Kind.TEXT_LIST, "相关地块", "Other plots", computed=True
        ),
        Attribute("details", Kind.JSON, "登记事项", "Details", computed=True),
    ),
    code_fields=("SJBH",),
)

PLOT_DOCUMENT = Layer(
    "plot_document",
    "plot-documents",
    "地块资料",
    "Document",
    Shape.NONE,
    (
        text_attribute("plot_code", "地块编码", "Plot code", "DKBM", reference=True),
        text_attribute(
            "parcel_code", "宗地代码", "Parcel code", "ZDDM", reference=True
        ),
        text_attribute(
            "document_type",
            "资料类型",
            "Type",
            "ZLLX",
            values=(
                "initial_survey",
                "detailed_survey",
                "baseline_survey",
                "key_unit_survey",
                "risk_assessment",
                "risk_control_plan",
                "remediation_plan",
                "effect_evaluation",
                "removal_decision",
                "review_opinion",
                "dismantling_plan",
                "listing_form",
                "notice",
                "register_entry",
                "transport_plan",
                "removal_application",
                "aftercare_plan",
                "control_area_approval",
                "isolation_measures",
                "correction_approval",
                "other",
            ),
            required=True,
        ),
        text_attribute("firm", "编制单位", "Firm", "BZDW"),
        boolean_attribute(
            "firm_on_negative_list", "单位负面清单", "Firm listed", "DWFM"
        ),
        boolean_attribute("flagged_false", "涉嫌失实", "Flagged as false", "SS"),
        date_attribute("dated_on", "报告日期", "Dated", "BGRQ"),
        date_attribute("reviewed_on", "评审日期", "Reviewed", "PSRQ"),
        text_attribute(
            "review_outcome",
            "评审结论",
            "Review outcome",
            "PSJL",
            values=("passed", "returned"),
        ),
        text_attribute(
            "assessed_class",
            "评价用地类型",
            "Class assessed",
            "PJLB",
            values=SOIL_CLASSES,
        ),
        text_attribute(
            "soil_standard",
            "土壤质量结论",
            "Soil-quality finding",
            "TRJL",
            values=SOIL_RESULTS,
        ),
        text_attribute("firm_code", "编制单位信用代码", "Firm's credit code", "DWXYDM"),
        list_attribute("signatories", "签字人员", "Signatories", "QZRY"),
        text_attribute("reviewer", "评审组织单位", "Reviewer", "PSDW"),
        text_attribute("opinion", "评审意见", "Opinion", "PSYJ"),
        text_attribute(
            "review_level",
            "评审级别",
            "Level of review",
            "PSJB",
            values=("county", "city", "province"),
        ),
        date_attribute("published_from", "公开起始日", "Published from", "GKQS"),
        date_attribute("published_to", "公开截止日", "Published to", "GKJZ"),
        text_attribute("file_id", "文件", "Stored file", "WJ"),
        *FILINGS,
    ),
    code_fields=("ZLBH",),
)

PLOT_LIST_MEMBERSHIP = Layer(
    "plot_list_membership",
    "",
    "名录成员",
    "List membership",
    Shape.NONE,
    (
        text_attribute(
            "plot_code", "地块编码", "Plot code", "DKBM", required=True, reference=True
        ),
        text_attribute("list", "名录", "List", "ML", values=PLOT_LISTS, required=True),
        text_attribute("batch", "批次", "Batch", "PC"),
        text_attribute("source_document", "来源文件", "Source document", "LYWJ"),
    ),
    code_fields=("MLBH",),
)
