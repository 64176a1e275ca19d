"""How is a field of a plot told to a reader? (shell)."""

from __future__ import annotations

import re
from typing import Any, Final

from app.pages.i18n import read_catalogue, translate
from parcels.analytes import name_analyte
from parcels.refusal import Language

_INDUSTRY: Final = re.compile(
    r"(?P<edition>\d{4}):(?P<code>\w+):(?P<from>\d{4})-(?P<to>\d{4})"
)


def tell_plot_value(language: Language, name: str, value: Any) -> str:
    """Return the value of a field of a plot in words; empty where there is none.

    Uses are ``scheme:code``; areas in m².
    """
    if value is None:
        return ""
    if name in ("negative_list", "current_use", "planned_use"):
        uses = value if isinstance(value, list) else [value]
        between = "；" if language == "zh" else "; "
        return between.join(_use(language, use) for use in uses)
    if name == "former_industries" and isinstance(value, list):
        told = (_industry(language, one) for one in value)
        return translate(language, "format.list_separator").join(told)
    if name == "pollutants" and isinstance(value, list):
        told = (name_analyte(one, language) for one in value)
        return translate(language, "format.list_separator").join(told)
    if name == "stage":
        return translate(language, f"category.{value}")
    if name == "soil_standard":
        return translate(language, f"soil_standard.{value}")
    if name == "evaluated_class":
        return translate(language, f"plot_value.{value}")
    if name == "risk_grade":
        return translate(language, f"risk_grade.{value}")
    if isinstance(value, bool):
        return translate(language, "public.yes" if value else "public.no")
    if isinstance(value, int | float):
        return f"{value:,}"
    if isinstance(value, list):
        return translate(language, "format.list_separator").join(map(str, value))
    return str(value)


def _use(language: Language, use: str) -> str:
    """Return the name of a class of use, its code and scheme behind it."""
    scheme, _, code = use.partition(":")
    named = translate(language, f"scheme.{scheme}") if scheme else scheme
    name = read_catalogue(language).get(f"use.{scheme}.{code}", "")
    told = f"{name} {code}".strip()
    return f"{told}（{named}）" if language == "zh" else f"{told} ({named})"


def _industry(language: Language, kept: str) -> str:
    """Return an industry, kept as ``edition:code:from-to``, in words.

    Any other text is told as it is.
    """
    found = _INDUSTRY.fullmatch(kept)
    return translate(language, "plots.industry", **found.groupdict()) if found else kept
