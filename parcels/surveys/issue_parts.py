"""What stands in the sentences of an issue beside their own words? (core)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from parcels.refusal import Language
from parcels.surveys.figures import write_figure


def read_parts(
    value: str | None,
    field: str | None,
    details: Mapping[str, Any],
    language: Language,
) -> dict[str, Any]:
    """Return the parts of an issue's sentences; ``x_zh``/``x_en`` appear as ``x``.

    Parameters
    ----------
    value, field, details
        Of the issue (`issues.Issue`), as they were kept.
    """
    parts = {"value": value, "field": field, **details}
    parts |= {
        name: write_figure(value)
        for name, value in parts.items()
        if _is_long(name, value)
    }
    if language == "zh":
        # English sentences quote the value, which does the same.
        parts["value"] = value and _printable(value)
        parts["expected"] = str(parts.get("expected", "")).replace(", ", "、")
    parts["declared"] = _in_thousands(value or "")
    # A declared area is in square metres unless its field says mu.
    parts.setdefault("declared_unit", {"zh": "m² ", "en": "m²"}[language])
    for name in ("code", "other_code"):
        # A row may have none; reports that were kept earlier name the other's alone.
        parts[name] = parts.get(name) or "-"
    for name, told in details.items():
        if name.endswith(f"_{language}"):
            parts[name[:-3]] = told
    parts |= _phrases(details, parts, language)
    return parts


_PHRASES: Final[dict[str, dict[Language, tuple[str, str]]]] = {
    "beside": {
        "zh": ("{code} 与相邻各行 {others} 之间", "{code} 内部"),
        "en": ("between {code} and rows {others}", "inside {code}"),
    },
    "outside": {
        "zh": ("，界外 {area_m2} m²", ""),
        "en": (", {area_m2} m² of it outside", ""),
    },
}
_TOLD_BY: Final = {"beside": "others", "outside": "area_m2"}
"""Phrases of a sentence: one where the detail says something, one where it is nothing.

A gap that a row alone encloses has no others beside it; a point has no area outside.
"""


def _phrases(
    details: Mapping[str, Any], parts: Mapping[str, Any], language: Language
) -> dict[str, str]:
    return {
        name: by_language[language][not details.get(_TOLD_BY[name])].format(
            **{"others": "", "area_m2": "", **parts}
        )
        for name, by_language in _PHRASES.items()
    }


def _printable(text: str) -> str:
    r"""Return a text with what would act on its sentence spelled out.

    Examples
    --------
    >>> _printable("甲\u202e村\x01")
    '甲\\u202e村\\x01'
    """
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode()
        for one in text
    )


def _is_long(name: str, value: Any) -> bool:
    """Whether a part is an area or a length, which people read in thousands."""
    return name.endswith(("_m2", "_m")) and isinstance(value, int | float)


def _in_thousands(text: str) -> str:
    """Return a number as a file has it in thousands, without more idle decimals.

    Examples
    --------
    >>> _in_thousands("6700.000000000000000"), _in_thousands("0.50"), _in_thousands("?")
    ('6,700', '0.50', '?')
    """
    whole, _, decimals = text.partition(".")
    if not (whole + (decimals or "0")).isdecimal() or not whole:
        return text
    told = decimals[:2] + decimals[2:].rstrip("0")
    return f"{int(whole):,}" + (f".{told}" if told.strip("0") else "")
