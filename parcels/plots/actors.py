"""Who acts in the life of a plot? (core, data)."""

from __future__ import annotations

from typing import Final

from parcels.texts import Text

COUNTY: Final = Text("县级生态环境部门", "county ecology-environment bureau")
COUNTY_WITH_OTHERS: Final = Text(
    "县级生态环境部门会同工信、自然资源、规划部门",
    "county ecology-environment bureau with industry, land and planning",
)
CITY: Final = Text(
    "市级生态环境部门会同自然资源部门",
    "city ecology-environment bureau with natural resources",
)
PROVINCE: Final = Text(
    "省级生态环境部门会同自然资源部门",
    "provincial ecology-environment department with natural resources",
)
LAND_USER: Final = Text(
    "土地使用权人（由县级生态环境部门登记）",
    "land user (recorded by the county bureau)",
)
LIABLE: Final = Text(
    "土壤污染责任人（由县级生态环境部门登记）",
    "liable party (recorded by the county bureau)",
)
CONTRACTOR: Final = Text(
    "施工单位（由县级生态环境部门登记）",
    "contractor (recorded by the county bureau)",
)
LIST_KEEPER: Final = Text("列入该名录的机关", "the body that keeps the list")
COUNTY_GOVERNMENT: Final = Text(
    "县级生态环境部门提出，县级人民政府批准",
    "proposed by the county bureau, approved by the county government",
)
