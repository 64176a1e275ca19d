"""Layers of the screening of enterprise plots: its table, answers, corrections (core).

企业地块风险筛查. The official score tables are not public; the table shipped is a
project default, and an office that has the official one sends it as rows of
`ATTENTION_OPTION`. What the survey form says of an enterprise is kept as
`ATTENTION_ANSWER`, what a review changed (纠偏) as `ATTENTION_CORRECTION`.
"""

from __future__ import annotations

from typing import Final

from parcels.register.attributes import (
    boolean_attribute,
    date_attribute,
    integer_attribute,
    number_attribute,
    text_attribute,
)
from parcels.register.layer import Attribute, Layer, Shape
from parcels.register.values import (
    ATTENTION_LEVELS,
    ATTENTION_MEDIA,
    ATTENTION_SCHEMES,
)

_ENTERPRISE: Final[Attribute] = text_attribute(
    "enterprise_code",
    "企业代码",
    "Enterprise code",
    "TYSHXYDM",
    required=True,
    reference=True,
)
_INDICATOR: Final[Attribute] = text_attribute(
    "indicator", "指标代码", "Indicator", "ZBDM", required=True
)
_OPTION: Final[Attribute] = integer_attribute(
    "option_number", "选项序号", "Option", "XXXH", required=True
)

ATTENTION_OPTION = Layer(
    "attention_option",
    "attention-options",
    "企业地块风险筛查赋分表",
    "Score table of enterprise screening",
    Shape.NONE,
    (
        text_attribute("table_name", "赋分表", "Table", "FFB", required=True),
        text_attribute(
            "scheme", "类型", "Scheme", "LX", values=ATTENTION_SCHEMES, required=True
        ),
        text_attribute(
            "medium", "介质", "Medium", "JZ", values=ATTENTION_MEDIA, required=True
        ),
        text_attribute("group_name", "二级指标", "Group", "EJZB", required=True),
        _INDICATOR,
        text_attribute("indicator_zh", "三级指标", "Indicator (zh)", "SJZB"),
        text_attribute("indicator_en", "三级指标英文", "Indicator (en)", "SJZBYW"),
        number_attribute("max_score", "满分", "Highest score", "ZGF", required=True),
        _OPTION,
        text_attribute("option_zh", "选项", "Option (zh)", "XX"),
        text_attribute("option_en", "选项英文", "Option (en)", "XXYW"),
        number_attribute("score", "分值", "Score", "FZ", required=True),
        boolean_attribute("unknown", "不确定选项", "Stands for unknown", "BQD"),
        number_attribute("at_least", "下限", "At least", "XXZ"),
        number_attribute("below", "上限", "Below", "SXZ"),
        text_attribute("confidence", "可信度", "Confidence", "KXD"),
        text_attribute("table_source", "来源", "Source", "LY", required=True),
    ),
    code_fields=("FFBH",),
)
ATTENTION_ANSWER = Layer(
    "attention_answer",
    "attention-answers",
    "企业地块风险筛查填报",
    "Answers of enterprise screening",
    Shape.NONE,
    (
        _ENTERPRISE,
        _INDICATOR,
        _OPTION,
        date_attribute("answered_on", "填报日期", "Answered", "TBRQ"),
        text_attribute("evidence", "依据", "Evidence", "YJ"),
    ),
    code_fields=("TBBH",),
)
ATTENTION_CORRECTION = Layer(
    "attention_correction",
    "attention-corrections",
    "关注度纠偏",
    "Corrections of attention levels",
    Shape.NONE,
    (
        _ENTERPRISE,
        text_attribute(
            "level",
            "纠偏后关注度",
            "Level after review",
            "GZD",
            values=ATTENTION_LEVELS,
            required=True,
        ),
        text_attribute("reason", "纠偏理由", "Reason", "LY", required=True),
        text_attribute("reviewer", "审核人", "Reviewer", "SHR", required=True),
        date_attribute("reviewed_on", "审核日期", "Reviewed", "SHRQ", required=True),
    ),
    code_fields=("JPBH",),
)
