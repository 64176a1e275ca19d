"""Layers of what lies on and around the land, and what was measured there (core)."""

from __future__ import annotations

from parcels.register.attributes import (
    APPROVAL,
    INDUSTRY_CODE,
    INDUSTRY_EDITION,
    MAPPED_AREA,
    NAME,
    POINT_FACTS,
    boolean_attribute,
    date_attribute,
    integer_attribute,
    list_attribute,
    number_attribute,
    text_attribute,
)
from parcels.register.layer import Layer, Shape
from parcels.register.values import (
    FACILITY_KINDS,
    FOODS,
    MEDIA,
    RECEPTOR_KINDS,
    SAMPLED_LAND,
    WASTE_KINDS,
    ZONE_LEVELS,
)

CLEAN_PRODUCTION = (
    date_attribute(
        "clean_production_audited_on",
        "清洁生产审核日期",
        "Clean production audited on",
        "QJSHRQ",
    ),
    date_attribute(
        "clean_production_due_on",
        "下次清洁生产审核期限",
        "Next audit of clean production due on",
        "QJSHQX",
    ),
)
"""The last compulsory audit (强制性清洁生产审核), and the day by which the office wants
the next; it comes every five years (ZZ 三(五)1)."""

EMISSION = (
    number_attribute(
        "heavy_metal_emission_kg",
        "重点重金属排放量（千克）",
        "Emission of key heavy metals, kg",
        "ZJSPFL",
    ),
    integer_attribute(
        "heavy_metal_emission_year",
        "重点重金属排放年度",
        "Year of that emission",
        "ZJSPFN",
    ),
)
"""Key heavy metals (重点重金属) emitted in a year, as reported; stored, not judged."""

ENTERPRISE = Layer(
    "enterprise",
    "enterprises",
    "企业",
    "Enterprise",
    Shape.PLACE,
    (
        text_attribute("name", "企业名称", "Name", "QYMC", required=True),
        INDUSTRY_CODE,
        INDUSTRY_EDITION,
        text_attribute(
            "status",
            "状态",
            "Status",
            "ZT",
            values=("active", "closed", "moved"),
            required=True,
        ),
        text_attribute("permit_number", "排污许可证号", "Discharge permit", "XKZH"),
        list_attribute("tags", "名单标签", "Lists it is on", "MDBQ"),
        *CLEAN_PRODUCTION,
        *EMISSION,
        *POINT_FACTS,
        MAPPED_AREA,
    ),
    code_fields=("TYSHXYDM", "统一社会信用代码", "企业代码"),
)
KEY_UNIT_LIST = Layer(
    "key_unit_list",
    "",
    "土壤污染重点监管单位名录",
    "Key supervised units",
    Shape.NONE,
    (
        text_attribute(
            "enterprise_code",
            "企业代码",
            "Enterprise code",
            "TYSHXYDM",
            required=True,
            reference=True,
        ),
        integer_attribute("year", "年度", "Year", "ND", required=True),
        text_attribute("list_name", "名录", "List", "ML"),
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
        text_attribute("name", "水源名称", "Name", "SYMC", required=True),
        text_attribute(
            "source_type",
            "类型",
            "Type",
            "SYLX",
            values=("river", "lake", "reservoir", "groundwater"),
        ),
        text_attribute(
            "scale_class",
            "规模",
            "Scale",
            "GM",
            values=("city_county", "qiandunwanren", "township", "scattered"),
        ),
        text_attribute(
            "status",
            "状态",
            "Status",
            "ZT",
            values=("in_use", "backup", "planned", "withdrawn"),
        ),
        *POINT_FACTS,
        MAPPED_AREA,
    ),
    code_fields=("SYDM", "水源代码", "水源地代码"),
)
WATER_ZONE = Layer(
    "water_zone",
    "water-zones",
    "饮用水水源保护区",
    "Water-source protection zone",
    Shape.AREA,
    (
        text_attribute(
            "source_code",
            "水源代码",
            "Source code",
            "SYDM",
            required=True,
            reference=True,
        ),
        text_attribute(
            "level", "级别", "Level", "JB", values=ZONE_LEVELS, required=True
        ),
        text_attribute(
            "basis",
            "依据",
            "Basis",
            "YJ",
            values=("approved", "hj338_default", "unknown"),
            required=True,
        ),
        date_attribute("markers_set_on", "设立界标日期", "Markers set on", "JBRQ"),
        APPROVAL,
        MAPPED_AREA,
    ),
    code_fields=("BHQDM", "保护区代码"),
)
FACILITY = Layer(
    "facility",
    "facilities",
    "设施",
    "Facility",
    Shape.PLACE,
    (
        NAME,
        text_attribute(
            "kind", "类型", "Kind", "LX", values=FACILITY_KINDS, required=True
        ),
        text_attribute(
            "status",
            "状态",
            "Status",
            "ZT",
            values=("in_use", "stopped", "closed", "struck_off"),
        ),
        text_attribute("waste", "废物种类", "Waste", "FWZL", values=WASTE_KINDS),
        text_attribute("hazard_level", "风险等级", "Hazard level", "FXDJ"),
        boolean_attribute("radioactive", "伴生放射性", "Radioactive", "BSFS"),
        *POINT_FACTS,
        MAPPED_AREA,
    ),
    code_fields=("SSDM", "设施代码"),
)
RECEPTOR = Layer(
    "receptor",
    "receptors",
    "敏感受体",
    "Receptor",
    Shape.PLACE,
    (
        NAME,
        text_attribute(
            "kind", "类型", "Kind", "LX", values=RECEPTOR_KINDS, required=True
        ),
        integer_attribute("population", "人数", "Population", "RS"),
        *POINT_FACTS,
        MAPPED_AREA,
    ),
    code_fields=("STDM", "受体代码"),
)
RESTRICTION_AREA = Layer(
    "restriction_area",
    "restriction-areas",
    "限制区域",
    "Restriction area",
    Shape.AREA,
    (
        text_attribute("theme", "专题", "Theme", "ZT", required=True),
        NAME,
        text_attribute("category", "类别", "Category", "LB"),
        list_attribute("crops", "禁产农产品", "Crops barred", "JCNCP"),
        text_attribute("access_rules", "准入要求", "Rules of access", "ZRYQ"),
        number_attribute(
            "boundary_accuracy_m", "界线精度", "Accuracy of the boundary", "JXJD"
        ),
        APPROVAL,
        MAPPED_AREA,
    ),
    code_fields=("QYDM", "YJJBNTTBBH", "BSM", "区域代码"),
)
FORMER_USE = Layer(
    "former_use",
    "former-uses",
    "历史用途",
    "Former use",
    Shape.PLACE,
    (
        text_attribute("name", "原企业", "Former enterprise", "YQY"),
        INDUSTRY_CODE,
        INDUSTRY_EDITION,
        integer_attribute("from_year", "起始年", "From year", "QSN"),
        integer_attribute("to_year", "终止年", "To year", "ZZN"),
        text_attribute("products", "产品", "Products", "CP"),
        text_attribute("evidence", "依据", "Evidence", "YJ"),
        *POINT_FACTS,
        MAPPED_AREA,
    ),
    code_fields=("LSDM", "用途编号"),
)
RIVER = Layer(
    "river",
    "rivers",
    "河流",
    "River",
    Shape.LINE,
    (
        NAME,
        integer_attribute("stream_order", "河流等级", "Stream order", "DJ"),
        text_attribute(
            "downstream_code", "下游河段", "Downstream reach", "XYDM", reference=True
        ),
    ),
    code_fields=("HLDM", "BSM", "河流代码"),
)
MONITORING_POINT = Layer(
    "monitoring_point",
    "monitoring-points",
    "监测点位",
    "Monitoring point",
    Shape.POINT,
    (
        NAME,
        text_attribute(
            "point_class",
            "点位类别",
            "Class",
            "DWLB",
            values=("basic", "risk", "background"),
        ),
        text_attribute(
            "level",
            "级别",
            "Level",
            "JB",
            values=("national", "provincial", "city", "county"),
        ),
        text_attribute(
            "medium",
            "介质",
            "Medium",
            "JZ",
            values=MEDIA,
        ),
        text_attribute(
            "land_type",
            "用地类型",
            "Land type",
            "YDLX",
            values=SAMPLED_LAND,
        ),
        *POINT_FACTS,
    ),
    code_fields=("DWBM", "点位编码", "点位编号", "点位代码"),
)
SAMPLE_RESULT = Layer(
    "sample_result",
    "samples",
    "检测结果",
    "Sample result",
    Shape.NONE,
    (
        text_attribute(
            "point_code",
            "点位编码",
            "Point code",
            "DWBM",
            required=True,
            reference=True,
        ),
        text_attribute("sample_code", "样品编号", "Sample code", "YPBH", "YPBM"),
        text_attribute("campaign", "批次", "Campaign", "PC"),
        date_attribute("sampled_on", "采样日期", "Sampled", "CYRQ"),
        number_attribute("depth_from_m", "上界深度", "Depth from", "SDS"),
        number_attribute("depth_to_m", "下界深度", "Depth to", "SDX"),
        text_attribute(
            "analyte",
            "项目",
            "Analyte",
            "XM",
            "JCXM",
            "监测项目",
            "检测项目",
            required=True,
        ),
        number_attribute("value", "数值", "Value", "SZ", "检测值", "含量"),
        text_attribute("unit", "单位", "Unit", "DW", "计量单位", required=True),
        boolean_attribute("non_detect", "未检出", "Non-detect", "WJC"),
        number_attribute("detection_limit", "检出限", "Detection limit", "JCX"),
        text_attribute("raw_value", "原始数值", "Value as written", "YSZ"),
        text_attribute("laboratory", "实验室", "Laboratory", "SYS"),
        text_attribute("method", "方法", "Method", "FF"),
        text_attribute("qc_status", "质控状态", "QC status", "ZK"),
        text_attribute("qc_checker", "质控核查人", "Checked by", "ZKR"),
        date_attribute("qc_checked_on", "质控核查日期", "Checked on", "ZKRQ"),
        text_attribute("medium", "介质", "Medium", "JZ", values=MEDIA),
        text_attribute("food", "农产品", "Produce", "NCP", "作物", values=FOODS),
        text_attribute("horizon", "采样层次", "Horizon", "CYCC", "土层"),
    ),
    code_fields=("JGBH", "结果编号"),
)
THEME_COVERAGE = Layer(
    "theme_coverage",
    "theme-coverages",
    "专题覆盖",
    "Theme coverage",
    Shape.AREA_OR_NONE,
    (
        text_attribute("theme", "专题", "Theme", "ZT", required=True),
        date_attribute("data_date", "数据日期", "Data date", "SJRQ", required=True),
        date_attribute("stale_on", "过期日", "Stale from", "GQR"),
        text_attribute("data_source", "数据来源", "Data source", "SJLY"),
        MAPPED_AREA,
    ),
    code_fields=("FGDM", "覆盖代码"),
)
