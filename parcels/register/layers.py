"""Which layers does the register keep, and what does each row of them say? (core).

One entry a layer: its table, its attributes with the field names that surveys use
for them, and the kind of geometry it holds. Tables, imports and the HTTP interface
all read this list, so an attribute is named in one place only.

Sources: survey field names after the second and third land survey and the
real-estate standards as collected in the domain notes (marks there).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an attribute holds; each kind is one column type of the database."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TEXT_LIST = "text_list"
    JSON = "json"


class Shape(StrEnum):
    """Geometry a layer holds, EPSG:4490 longitude latitude, two dimensions."""

    AREA = "area"
    """MultiPolygon."""
    PLACE = "place"
    """MultiPolygon where the boundary is known, else a Point."""
    POINT = "point"
    LINE = "line"
    """MultiLineString."""
    AREA_OR_NONE = "area_or_none"
    """MultiPolygon, or none where the row speaks of a whole county."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a layer.

    Attributes
    ----------
    name
        Column and JSON name, unit in the name.
    survey_fields
        Names under which surveys deliver it, upper case, most usual first.
    values
        Allowed values; empty means any.
    required
        Whether a row without it is refused.
    computed
        Filled by the program (areas), never taken from a file or a caller.
    reference
        Holds the code of another object, and is compared as codes are.
    """

    name: str
    kind: Kind
    title_zh: str
    title_en: str
    survey_fields: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    required: bool = False
    computed: bool = False
    reference: bool = False


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the register.

    Attributes
    ----------
    name
        Table in schema ``registry`` and name of the layer in uploads.
    path
        Path segment below ``/v1``; empty for layers without a path of their own.
    code_name
        JSON name of the business key, column ``code``.
    code_fields
        Survey field names of the business key.
    """

    name: str
    path: str
    title_zh: str
    title_en: str
    shape: Shape
    attributes: tuple[Attribute, ...]
    code_name: str = "code"
    code_fields: tuple[str, ...] = ()

    def attribute(self, name: str) -> Attribute:
        """Return the attribute of that name; KeyError when there is none."""
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute
        raise KeyError(name)


PLOT_STAGES = (
    "candidate",
    "suspected",
    "initial_survey",
    "initial_review",
    "cleared",
    "contaminated",
    "detailed_survey",
    "risk_assessment",
    "risk_acceptable",
    "rcr_listed",
    "risk_control",
    "remediation",
    "effect_evaluation",
    "target_not_met",
    "removed",
    "aftercare",
    "closed_error",
)
PLOT_LISTS = ("suspected", "contaminated", "rcr", "priority_supervised")
FARMLAND_CATEGORIES = (
    "priority_protection",
    "safe_use",
    "strict_control",
    "unclassified",
)
ZONE_LEVELS = ("level_1", "level_2", "quasi")
FACILITY_KINDS = (
    "tailings_pond",
    "landfill",
    "waste_yard",
    "sewage_works",
    "hazardous_waste_site",
    "other",
)
RECEPTOR_KINDS = (
    "residential",
    "kindergarten",
    "school",
    "hospital",
    "sanatorium",
    "elder_care",
    "well",
    "other",
)
LAND_USE_SCHEMES = ("gbt21010_2017", "ydyh_2023", "gb50137_2011")
INDUSTRY_EDITIONS = ("2002", "2011", "2017")
SOIL_CLASSES = ("class_1", "class_2")
SOIL_RESULTS = ("met", "not_met")
COORDINATE_SOURCES = ("survey", "gnss", "gcj02", "bd09", "geocoded", "unknown")


def _text(name: str, zh: str, en: str, *fields: str, **more: object) -> Attribute:
    return Attribute(name, Kind.TEXT, zh, en, fields, **more)  # type: ignore[arg-type]


def _number(name: str, zh: str, en: str, *fields: str, **more: object) -> Attribute:
    return Attribute(name, Kind.NUMBER, zh, en, fields, **more)  # type: ignore[arg-type]


def _integer(name: str, zh: str, en: str, *fields: str, **more: object) -> Attribute:
    return Attribute(name, Kind.INTEGER, zh, en, fields, **more)  # type: ignore[arg-type]


def _boolean(name: str, zh: str, en: str, *fields: str) -> Attribute:
    return Attribute(name, Kind.BOOLEAN, zh, en, fields)


def _date(name: str, zh: str, en: str, *fields: str, **more: object) -> Attribute:
    return Attribute(name, Kind.DATE, zh, en, fields, **more)  # type: ignore[arg-type]


def _list(name: str, zh: str, en: str, *fields: str) -> Attribute:
    return Attribute(name, Kind.TEXT_LIST, zh, en, fields)


def _json(name: str, zh: str, en: str) -> Attribute:
    return Attribute(name, Kind.JSON, zh, en)


_MAPPED_AREA = _number("mapped_area_m2", "图形面积", "Mapped area", computed=True)
_LAND_USE_SCHEME = _text(
    "land_use_scheme",
    "地类分类标准",
    "Land-use scheme",
    "DLBZ",
    values=LAND_USE_SCHEMES,
)
_LAND_USE_CODE = _text("land_use_code", "地类编码", "Land-use code", "DLBM")
_TOWNSHIP = _text("township_code", "乡镇代码", "Township code", "XZDM", "ZLDWDM")
_INDUSTRY_CODE = _text("industry_code", "行业代码", "Industry code", "HYDM")
_INDUSTRY_EDITION = _text(
    "industry_edition",
    "行业分类版本",
    "Edition of GB/T 4754",
    "HYBB",
    values=INDUSTRY_EDITIONS,
)
_POINT_FACTS = (
    _number("accuracy_m", "点位精度", "Accuracy of a point", "JD_M"),
    _number("stated_area_m2", "公布面积", "Stated area", "MJ"),
    _text(
        "coord_source",
        "坐标来源",
        "Source of the coordinates",
        "ZBLY",
        values=COORDINATE_SOURCES,
    ),
)
_NAME = _text("name", "名称", "Name", "MC")
_APPROVAL = _text("approval_document", "批准文号", "Approval document", "PZWH")

DIVISION = Layer(
    "division",
    "divisions",
    "行政区",
    "Division",
    Shape.AREA,
    (
        _text("name_zh", "名称", "Name (zh)", "XZQMC", required=True),
        _text("name_en", "英文名", "Name (en)", "XZQYWM"),
        Attribute("invented", Kind.BOOLEAN, "虚构", "Invented", ("XG",)),
        Attribute("restricted", Kind.BOOLEAN, "环评限批", "EIA restricted", ("XP",)),
        _MAPPED_AREA,
    ),
    code_fields=("XZQDM",),
)
PARCEL = Layer(
    "parcel",
    "parcels",
    "宗地",
    "Parcel",
    Shape.AREA,
    (
        _text("legacy_code", "原宗地号", "Legacy code", "YZDH"),
        _TOWNSHIP,
        _text("location", "坐落", "Location", "ZL"),
        _LAND_USE_SCHEME,
        _LAND_USE_CODE,
        _boolean("supplied", "已供应", "Supplied", "GY"),
        _number("registered_area_m2", "登记面积", "Registered area", "ZDMJ"),
        _MAPPED_AREA,
        _integer("survey_srid", "测量坐标系", "Survey CRS", computed=True),
    ),
    code_name="parcel_code",
    code_fields=("ZDDM",),
)
PARCEL_LINEAGE = Layer(
    "parcel_lineage",
    "",
    "宗地沿革",
    "Parcel lineage",
    Shape.NONE,
    (
        _text(
            "predecessor_code",
            "原宗地代码",
            "Predecessor",
            "YZDDM",
            required=True,
            reference=True,
        ),
        _text(
            "successor_code",
            "现宗地代码",
            "Successor",
            "XZDDM",
            required=True,
            reference=True,
        ),
        _text(
            "kind",
            "变更类型",
            "Kind",
            "BGLX",
            values=("split", "merge", "renumber"),
            required=True,
        ),
    ),
    code_fields=("BGBH",),
)
PLOT = Layer(
    "plot",
    "plots",
    "地块",
    "Plot",
    Shape.PLACE,
    (
        _text("name", "地块名称", "Name", "DKMC"),
        _text("stage", "阶段", "Stage", "JD", values=PLOT_STAGES, required=True),
        _boolean("held", "暂不开发利用", "Held back from development", "ZBKF"),
        _text("address", "地址", "Address", "DZ"),
        _text("national_code", "国家系统编码", "National system code", "GJDM"),
        _text(
            "evaluated_class",
            "评估用地类型",
            "Class evaluated",
            "PGLB",
            values=SOIL_CLASSES,
        ),
        _text(
            "soil_standard",
            "土壤质量结论",
            "Soil-quality finding",
            "TRJL",
            values=SOIL_RESULTS,
        ),
        _boolean("target_met", "达到目标", "Target met", "DDMB"),
        _boolean("aftercare_required", "需后期管理", "After-care required", "HQGL"),
        _boolean("aftercare_breach", "未履行后期管理", "After-care breach", "WLXHG"),
        _list("negative_list", "开发利用负面清单", "Negative list", "FMQD"),
        _list("former_industries", "原行业", "Former industries", "YHY"),
        _list("pollutants", "污染物", "Pollutants", "WRW"),
        _text(
            "risk_grade",
            "风险等级",
            "Risk grade",
            "FXDJ",
            values=("high", "medium", "low"),
        ),
        _text("required_activity", "应开展活动", "Required activity", "YKZHD"),
        _date("required_activity_served_on", "通知送达日", "Notice served", "TZSD"),
        _date("required_activity_due_on", "期限", "Due", "QX"),
        _date("required_activity_done_on", "完成日", "Done", "WCR"),
        *_POINT_FACTS,
        _MAPPED_AREA,
    ),
    code_name="plot_code",
    code_fields=("DKBM",),
)
PLOT_EVENT = Layer(
    "plot_event",
    "",
    "地块事件",
    "Plot event",
    Shape.NONE,
    (
        _text(
            "plot_code", "地块编码", "Plot code", "DKBM", required=True, reference=True
        ),
        _text("event", "事件", "Event", "SJ", required=True),
        _text("from_stage", "原阶段", "From stage", "YJD", values=PLOT_STAGES),
        _text("to_stage", "新阶段", "To stage", "XJD", values=PLOT_STAGES),
        _text("note", "说明", "Note", "BZ"),
    ),
    code_fields=("SJBH",),
)
PLOT_DOCUMENT = Layer(
    "plot_document",
    "",
    "地块资料",
    "Document",
    Shape.NONE,
    (
        _text("plot_code", "地块编码", "Plot code", "DKBM", reference=True),
        _text("parcel_code", "宗地代码", "Parcel code", "ZDDM", reference=True),
        _text(
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
                "other",
            ),
            required=True,
        ),
        _text("firm", "编制单位", "Firm", "BZDW"),
        _boolean("firm_on_negative_list", "单位负面清单", "Firm listed", "DWFM"),
        _boolean("flagged_false", "涉嫌失实", "Flagged as false", "SS"),
        _date("dated_on", "报告日期", "Dated", "BGRQ"),
        _date("reviewed_on", "评审日期", "Reviewed", "PSRQ"),
        _text(
            "review_outcome",
            "评审结论",
            "Review outcome",
            "PSJL",
            values=("passed", "returned"),
        ),
        _text(
            "assessed_class",
            "评价用地类型",
            "Class assessed",
            "PJLB",
            values=SOIL_CLASSES,
        ),
        _text(
            "soil_standard",
            "土壤质量结论",
            "Soil-quality finding",
            "TRJL",
            values=SOIL_RESULTS,
        ),
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
        _text(
            "plot_code", "地块编码", "Plot code", "DKBM", required=True, reference=True
        ),
        _text("list", "名录", "List", "ML", values=PLOT_LISTS, required=True),
        _text("batch", "批次", "Batch", "PC"),
        _text("source_document", "来源文件", "Source document", "LYWJ"),
    ),
    code_fields=("MLBH",),
)
FARMLAND_UNIT = Layer(
    "farmland_unit",
    "farmland-units",
    "农用地单元",
    "Farmland unit",
    Shape.AREA,
    (
        _TOWNSHIP,
        _text(
            "category",
            "土壤环境质量类别",
            "Category",
            "ZLLB",
            values=FARMLAND_CATEGORIES,
            required=True,
        ),
        _LAND_USE_SCHEME,
        _LAND_USE_CODE,
        _text("crop", "常年主栽作物", "Usual crop", "CNZZNZW"),
        _list("target_pollutants", "目标污染物", "Target pollutants", "TRMBWRW"),
        _number("registered_area_m2", "登记面积", "Registered area", "TBDLMJ"),
        _MAPPED_AREA,
    ),
    code_fields=("LBBM",),
)
ENTERPRISE = Layer(
    "enterprise",
    "enterprises",
    "企业",
    "Enterprise",
    Shape.PLACE,
    (
        _text("name", "企业名称", "Name", "QYMC", required=True),
        _INDUSTRY_CODE,
        _INDUSTRY_EDITION,
        _text(
            "status",
            "状态",
            "Status",
            "ZT",
            values=("active", "closed", "moved"),
            required=True,
        ),
        _text("permit_number", "排污许可证号", "Discharge permit", "XKZH"),
        *_POINT_FACTS,
        _MAPPED_AREA,
    ),
    code_fields=("TYSHXYDM",),
)
KEY_UNIT_LIST = Layer(
    "key_unit_list",
    "",
    "土壤污染重点监管单位名录",
    "Key supervised units",
    Shape.NONE,
    (
        _text(
            "enterprise_code",
            "企业代码",
            "Enterprise code",
            "TYSHXYDM",
            required=True,
            reference=True,
        ),
        _integer("year", "年度", "Year", "ND", required=True),
        _text("list_name", "名录", "List", "ML"),
    ),
    code_fields=("MLBH",),
)
WATER_SOURCE = Layer(
    "water_source",
    "water-sources",
    "饮用水水源",
    "Drinking-water source",
    Shape.PLACE,
    (
        _text("name", "水源名称", "Name", "SYMC", required=True),
        _text(
            "source_type",
            "类型",
            "Type",
            "SYLX",
            values=("river", "lake", "reservoir", "groundwater"),
        ),
        _text(
            "scale_class",
            "规模",
            "Scale",
            "GM",
            values=("city_county", "qiandunwanren", "township", "scattered"),
        ),
        _text(
            "status",
            "状态",
            "Status",
            "ZT",
            values=("in_use", "backup", "planned", "withdrawn"),
        ),
        *_POINT_FACTS,
        _MAPPED_AREA,
    ),
    code_fields=("SYDM",),
)
WATER_ZONE = Layer(
    "water_zone",
    "water-zones",
    "饮用水水源保护区",
    "Water-source protection zone",
    Shape.AREA,
    (
        _text(
            "source_code",
            "水源代码",
            "Source code",
            "SYDM",
            required=True,
            reference=True,
        ),
        _text("level", "级别", "Level", "JB", values=ZONE_LEVELS, required=True),
        _text(
            "basis",
            "依据",
            "Basis",
            "YJ",
            values=("approved", "hj338_default", "unknown"),
            required=True,
        ),
        _APPROVAL,
        _MAPPED_AREA,
    ),
    code_fields=("BHQDM",),
)
FACILITY = Layer(
    "facility",
    "facilities",
    "设施",
    "Facility",
    Shape.PLACE,
    (
        _NAME,
        _text("kind", "类型", "Kind", "LX", values=FACILITY_KINDS, required=True),
        _text(
            "status",
            "状态",
            "Status",
            "ZT",
            values=("in_use", "stopped", "closed", "struck_off"),
        ),
        *_POINT_FACTS,
        _MAPPED_AREA,
    ),
    code_fields=("SSDM",),
)
RECEPTOR = Layer(
    "receptor",
    "receptors",
    "敏感受体",
    "Receptor",
    Shape.PLACE,
    (
        _NAME,
        _text("kind", "类型", "Kind", "LX", values=RECEPTOR_KINDS, required=True),
        _integer("population", "人数", "Population", "RS"),
        *_POINT_FACTS,
        _MAPPED_AREA,
    ),
    code_fields=("STDM",),
)
RESTRICTION_AREA = Layer(
    "restriction_area",
    "restriction-areas",
    "限制区域",
    "Restriction area",
    Shape.AREA,
    (
        _text("theme", "专题", "Theme", "ZT", required=True),
        _NAME,
        _text("category", "类别", "Category", "LB"),
        _list("crops", "禁产农产品", "Crops barred", "JCNCP"),
        _APPROVAL,
        _MAPPED_AREA,
    ),
    code_fields=("QYDM",),
)
FORMER_USE = Layer(
    "former_use",
    "former-uses",
    "历史用途",
    "Former use",
    Shape.PLACE,
    (
        _text("name", "原企业", "Former enterprise", "YQY"),
        _INDUSTRY_CODE,
        _INDUSTRY_EDITION,
        _integer("from_year", "起始年", "From year", "QSN"),
        _integer("to_year", "终止年", "To year", "ZZN"),
        _text("evidence", "依据", "Evidence", "YJ"),
        *_POINT_FACTS,
        _MAPPED_AREA,
    ),
    code_fields=("LSDM",),
)
RIVER = Layer(
    "river",
    "rivers",
    "河流",
    "River",
    Shape.LINE,
    (
        _NAME,
        _integer("stream_order", "河流等级", "Stream order", "DJ"),
        _text(
            "downstream_code", "下游河段", "Downstream reach", "XYDM", reference=True
        ),
    ),
    code_fields=("HLDM",),
)
MONITORING_POINT = Layer(
    "monitoring_point",
    "monitoring-points",
    "监测点位",
    "Monitoring point",
    Shape.POINT,
    (
        _NAME,
        _text(
            "point_class",
            "点位类别",
            "Class",
            "DWLB",
            values=("basic", "risk", "background"),
        ),
        _text(
            "level",
            "级别",
            "Level",
            "JB",
            values=("national", "provincial", "city", "county"),
        ),
        _text(
            "medium",
            "介质",
            "Medium",
            "JZ",
            values=("soil", "crop", "irrigation", "surface_water", "ground_water"),
        ),
        *_POINT_FACTS,
    ),
    code_fields=("DWBM",),
)
SAMPLE_RESULT = Layer(
    "sample_result",
    "samples",
    "检测结果",
    "Sample result",
    Shape.NONE,
    (
        _text(
            "point_code",
            "点位编码",
            "Point code",
            "DWBM",
            required=True,
            reference=True,
        ),
        _text("sample_code", "样品编号", "Sample code", "YPBH"),
        _text("campaign", "批次", "Campaign", "PC"),
        _date("sampled_on", "采样日期", "Sampled", "CYRQ"),
        _number("depth_from_m", "上界深度", "Depth from", "SDS"),
        _number("depth_to_m", "下界深度", "Depth to", "SDX"),
        _text("analyte", "项目", "Analyte", "XM", required=True),
        _number("value", "数值", "Value", "SZ"),
        _text("unit", "单位", "Unit", "DW", required=True),
        _boolean("non_detect", "未检出", "Non-detect", "WJC"),
        _number("detection_limit", "检出限", "Detection limit", "JCX"),
        _text("raw_value", "原始数值", "Value as written", "YSZ"),
        _text("laboratory", "实验室", "Laboratory", "SYS"),
        _text("method", "方法", "Method", "FF"),
        _text("qc_status", "质控状态", "QC status", "ZK"),
    ),
    code_fields=("JGBH",),
)
THEME_COVERAGE = Layer(
    "theme_coverage",
    "theme-coverages",
    "专题覆盖",
    "Theme coverage",
    Shape.AREA_OR_NONE,
    (
        _text("theme", "专题", "Theme", "ZT", required=True),
        _date("data_date", "数据日期", "Data date", "SJRQ", required=True),
        _date("stale_on", "过期日", "Stale from", "GQR"),
        _text("data_source", "数据来源", "Data source", "SJLY"),
        _MAPPED_AREA,
    ),
    code_fields=("FGDM",),
)

LAYERS: tuple[Layer, ...] = (
    DIVISION,
    PARCEL,
    PARCEL_LINEAGE,
    PLOT,
    PLOT_EVENT,
    PLOT_DOCUMENT,
    PLOT_LIST_MEMBERSHIP,
    FARMLAND_UNIT,
    ENTERPRISE,
    KEY_UNIT_LIST,
    WATER_SOURCE,
    WATER_ZONE,
    FACILITY,
    RECEPTOR,
    RESTRICTION_AREA,
    FORMER_USE,
    RIVER,
    MONITORING_POINT,
    SAMPLE_RESULT,
    THEME_COVERAGE,
)
LAYER_BY_NAME = {layer.name: layer for layer in LAYERS}

RESTRICTION_THEMES = (
    "control_area",
    "permanent_basic_farmland",
    "ecological_redline",
    "crop_ban_area",
    "concentrated_priority_farmland",
    "pbf_concentrated_area",
    "ecological_sensitive_area",
    "dense_population_area",
    "yangtze_main_shoreline",
    "yangtze_tributary_shoreline",
    "yellow_river_shoreline_control",
    "scenic_area",
    "nature_reserve",
    "recharge_area",
)
"""Themes of `restriction_area` that rules know; a bureau may add others."""
