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
