"""What the sentences of one kind of issue are (core)."""

from __future__ import annotations

from typing import Final, NamedTuple


class IssueText(NamedTuple):
    """What was found (zh, en) and what to do (advice)."""

    zh: str
    en: str
    advice_zh: str
    advice_en: str


FIX_AND_RESEND: Final = (
    "请在原文件中改正后重新上传。",
    "Correct it in the source file and upload again.",
)
"""What to do where nothing more can be said."""

REPAIR_OFFERS: Final = {
    "close_rings": (
        "也可在上传设置中勾选“闭合未闭合的环”（close_rings）",
        "or tick “Close unclosed rings” (close_rings) in the settings of the upload",
    ),
    "remove_repeated_points": (
        "也可在上传设置中勾选“删去重复节点”（remove_repeated_points）",
        "or tick “Remove repeated vertices” (remove_repeated_points) in the settings"
        " of the upload",
    ),
    "make_valid": (
        "也可在上传设置中勾选“修复不合法图形”（make_valid）",
        "or tick “Make invalid geometries valid” (make_valid) in the settings of the"
        " upload",
    ),
}
"""How a report offers a repair: as the page calls it, with its key for programs."""
