"""Attributes that several layers share, and how one is written down (core)."""

from __future__ import annotations

from typing import TypedDict, Unpack

from parcels.register.layer import Attribute, Kind
from parcels.register.values import (
    COORDINATE_SOURCES,
    INDUSTRY_EDITIONS,
    LAND_USE_SCHEMES,
)


class _More(TypedDict, total=False):
    """What else an `Attribute` may say of itself."""

    values: tuple[str, ...]
    required: bool
    computed: bool
    reference: bool


def text_attribute(
    name: str, zh: str, en: str, *fields: str, **more: Unpack[_More]
) -> Attribute:
    """Return an attribute that holds a text."""
    return Attribute(name, Kind.TEXT, zh, en, fields, **more)


def number_attribute(
    name: str, zh: str, en: str, *fields: str, **more: Unpack[_More]
) -> Attribute:
    """Return an attribute that holds a number with decimals."""
    return Attribute(name, Kind.NUMBER, zh, en, fields, **more)


def integer_attribute(
    name: str, zh: str, en: str, *fields: str, **more: Unpack[_More]
) -> Attribute:
    """Return an attribute that holds a whole number."""
    return Attribute(name, Kind.INTEGER, zh, en, fields, **more)


def boolean_attribute(name: str, zh: str, en: str, *fields: str) -> Attribute:
    """Return an attribute that holds a yes or no."""
    return Attribute(name, Kind.BOOLEAN, zh, en, fields)


def date_attribute(
    name: str, zh: str, en: str, *fields: str, **more: Unpack[_More]
) -> Attribute:
    """Return an attribute that holds a day."""
    return Attribute(name, Kind.DATE, zh, en, fields, **more)


def list_attribute(name: str, zh: str, en: str, *fields: str) -> Attribute:
    """Return an attribute that holds a list of texts."""
    return Attribute(name, Kind.TEXT_LIST, zh, en, fields)


MAPPED_AREA = number_attribute(
    "mapped_area_m2", "图形面积", "Mapped area", computed=True
)
LAND_USE_SCHEME = text_attribute(
    "land_use_scheme",
    "地类分类标准",
    "Land-use scheme",
    "DLBZ",
    values=LAND_USE_SCHEMES,
)
LAND_USE_CODE = text_attribute(
    "land_use_code", "地类编码", "Land-use code", "DLBM", "地类代码"
)
TOWNSHIP = text_attribute(
    "township_code", "乡镇代码", "Township code", "XZDM", "ZLDWDM", "XZJDDM"
)
INDUSTRY_CODE = text_attribute("industry_code", "行业代码", "Industry code", "HYDM")
INDUSTRY_EDITION = text_attribute(
    "industry_edition",
    "行业分类版本",
    "Edition of GB/T 4754",
    "HYBB",
    values=INDUSTRY_EDITIONS,
)
POINT_FACTS = (
    number_attribute("accuracy_m", "点位精度", "Accuracy of a point", "JD_M"),
    number_attribute("stated_area_m2", "公布面积", "Stated area", "MJ"),
    text_attribute(
        "coord_source",
        "坐标来源",
        "Source of the coordinates",
        "ZBLY",
        values=COORDINATE_SOURCES,
    ),
)
NAME = text_attribute("name", "名称", "Name", "MC", "HXMC", "QYMC")
APPROVAL = text_attribute("approval_document", "批准文号", "Approval document", "PZWH")
