"""Who is asked, and by which name? (core, data).

Bureaus by their role since 2018, as in `requirements_from_policy.md`.
"""

from __future__ import annotations

from typing import Final

from parcels.texts import Text

EE: Final = Text("生态环境主管部门", "ecology-environment department")
EE_SAME_LEVEL: Final = Text(
    "同级生态环境主管部门", "ecology-environment department of the same level"
)
EE_COUNTY: Final = Text("县级生态环境主管部门", "county ecology-environment department")
EE_CITY: Final = Text(
    "设区的市级生态环境主管部门", "city ecology-environment department"
)
EE_PROVINCE: Final = Text(
    "省级生态环境主管部门", "provincial ecology-environment department"
)
PROVINCE_GOVERNMENT: Final = Text("省级人民政府", "provincial government")
NR: Final = Text("自然资源主管部门", "natural-resources department")
AG: Final = Text("农业农村主管部门", "agriculture department")
AG_COUNTY: Final = Text("县级农业农村主管部门", "county agriculture department")
TOWNSHIP: Final = Text("乡（镇）人民政府", "township government")
INDUSTRY: Final = Text("工业和信息化主管部门", "industry department")
REFORM: Final = Text("发展改革主管部门", "development and reform department")
EMERGENCY: Final = Text("应急管理部门", "emergency-management department")
WATER: Final = Text("水行政主管部门", "water department")
COUNTY_GOVERNMENT: Final = Text("县级人民政府", "county government")
STATE_COUNCIL: Final = Text(
    "省级自然资源主管部门，报国务院",
    "provincial natural-resources department, to the State Council",
)
REGISTRATION: Final = Text("不动产登记机构", "real-estate registration body")
URBAN_MANAGEMENT: Final = Text(
    "城市管理（环境卫生）部门", "urban-management department"
)
