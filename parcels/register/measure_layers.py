"""The layer of measures on farmland: who did what on which land, and what came of it.

受污染耕地安全利用和管控措施, down to the unit and the person (video conference of
2020-05-12, point two; R-E18). What a measure counts for is told in
`screening.indicators` (core).
"""

from __future__ import annotations

from parcels.register.attributes import (
    date_attribute,
    integer_attribute,
    number_attribute,
    text_attribute,
)
from parcels.register.layer import Layer, Shape
from parcels.register.values import FARMLAND_MEASURES

FARMLAND_MEASURE = Layer(
    "farmland_measure",
    "farmland-measures",
    "农用地管控措施",
    "Measure on farmland",
    Shape.NONE,
    (
        text_attribute(
            "unit_code", "单元编码", "Unit code", "LBBM", required=True, reference=True
        ),
        text_attribute(
            "measure",
            "措施",
            "Measure",
            "CS",
            "CSLX",
            values=FARMLAND_MEASURES,
            required=True,
        ),
        integer_attribute("year", "年度", "Year", "ND", required=True),
        number_attribute("area_m2", "实施面积", "Area", "SSMJ", required=True),
        date_attribute("done_on", "落实日期", "Carried out", "LSRQ"),
        text_attribute("responsible_person", "责任人", "Responsible", "ZRR"),
        text_attribute("evidence", "佐证资料", "Evidence", "ZZCL"),
        text_attribute("file_id", "文件", "Stored file", "WJ"),
        integer_attribute(
            "produce_samples", "农产品样品数", "Produce samples", "NCPYPS"
        ),
        integer_attribute(
            "produce_compliant", "达标样品数", "Compliant samples", "DBYPS"
        ),
        text_attribute("note", "备注", "Note", "BZ"),
    ),
    code_fields=("CSBH", "措施编号"),
)
