"""Layers of the land itself: divisions, parcels, farmland (core).

Survey field names after the second and third land survey and the real-estate
standards as collected in the domain notes (marks there).
"""

from __future__ import annotations

from parcels.register.attributes import (
    LAND_USE_CODE,
    LAND_USE_SCHEME,
    MAPPED_AREA,
    TOWNSHIP,
    boolean_attribute,
    integer_attribute,
    list_attribute,
    number_attribute,
    text_attribute,
)
from parcels.register.layer import Attribute, Kind, Layer, Shape
from parcels.register.values import (
    FARMLAND_CATEGORIES,
    POLLUTION_LEVELS,
)

DIVISION = Layer(
    "division",
    "divisions",
    "行政区",
    "Division",
    Shape.AREA,
    (
        text_attribute("name_zh", "名称", "Name (zh)", "XZQMC", required=True),
        text_attribute("name_en", "英文名", "Name (en)", "XZQYWM"),
        Attribute("invented", Kind.BOOLEAN, "虚构", "Invented", ("XG",)),
        Attribute("restricted", Kind.BOOLEAN, "环评限批", "EIA restricted", ("XP",)),
        MAPPED_AREA,
    ),
    code_fields=("XZQDM", "XZDM", "行政区代码", "行政区划代码"),
)
PARCEL = Layer(
    "parcel",
    "parcels",
    "宗地",
    "Parcel",
    Shape.AREA,
    (
        text_attribute("legacy_code", "原宗地号", "Legacy code", "YZDH"),
        TOWNSHIP,
        text_attribute("location", "坐落", "Location", "ZL", "ZDZL", "TDZL"),
        LAND_USE_SCHEME,
        LAND_USE_CODE,
        boolean_attribute("supplied", "已供应", "Supplied", "GY"),
        number_attribute(
            "registered_area_m2", "登记面积", "Registered area", "ZDMJ", "宗地面积"
        ),
        MAPPED_AREA,
        integer_attribute("survey_srid", "测量坐标系", "Survey CRS", computed=True),
    ),
    code_name="parcel_code",
    code_fields=("ZDDM", "宗地代码", "宗地编码"),
)
PARCEL_LINEAGE = Layer(
    "parcel_lineage",
    "",
    "宗地沿革",
    "Parcel lineage",
    Shape.NONE,
    (
        text_attribute(
            "predecessor_code",
            "原宗地代码",
            "Predecessor",
            "YZDDM",
            required=True,
            reference=True,
        ),
        text_attribute(
            "successor_code",
            "现宗地代码",
            "Successor",
            "XZDDM",
            required=True,
            reference=True,
        ),
        text_attribute(
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
FARMLAND_UNIT = Layer(
    "farmland_unit",
    "farmland-units",
    "农用地单元",
    "Farmland unit",
    Shape.AREA,
    (
        TOWNSHIP,
        text_attribute(
            "category",
            "土壤环境质量类别",
            "Category",
            "ZLLB",
            values=FARMLAND_CATEGORIES,
            required=True,
        ),
        LAND_USE_SCHEME,
        LAND_USE_CODE,
        text_attribute("crop", "常年主栽作物", "Usual crop", "CNZZNZW"),
        list_attribute(
            "target_pollutants", "目标污染物", "Target pollutants", "TRMBWRW"
        ),
        text_attribute(
            "pollution_level",
            "污染程度",
            "Level of pollution",
            "WRCD",
            values=POLLUTION_LEVELS,
        ),
        number_attribute(
            "registered_area_m2",
            "登记面积",
            "Registered area",
            "TBDLMJ",
            "TBMJ",
            "SCMJ",
        ),
        MAPPED_AREA,
    ),
    code_fields=("LBBM", "DKBM", "BSM", "类别编码", "单元编码"),
)
