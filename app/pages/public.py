"""Public pages of the registers of plots: read without login or script (shell)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from app.answers import list_etags
from app.pages.i18n import read_catalogue, translate
from app.pages.routes import language_of_page, render_page
from app.public_registers import COLUMNS
from parcels.analytes import name_analyte
from parcels.plots.published import PublishedPlot
from parcels.refusal import Language

KEPT: Final = "public, max-age=300"
"""Anybody may keep it for five minutes (project default), then asks again."""
_INDUSTRY: Final = re.compile(
    r"(?P<edition>\d{4}):(?P<code>\w+):(?P<from>\d{4})-(?P<to>\d{4})"
)


def public_index(request: Request, counts: Mapping[str, int]) -> Response:
    """Show which registers are public and how many entries each has."""
    page = render_page(request, "public_index.html", None, counts=dict(counts))
    return _kept(request, page)


def public_register(
    request: Request, register: str, entries: Sequence[PublishedPlot]
) -> Response:
    """Show a register as a table: columns that any entry fills."""
    language = language_of_page(request)
    filled = {name for entry in entries for name in entry.fields}
    columns = [
        (name, zh if language == "zh" else en)
        for name, zh, en in COLUMNS
        if name in filled
    ]
    names = [name for name, _ in columns]
    page = render_page(
        request,
        "public_register.html",
        None,
        register=register,
        key=register.replace("-", "_"),
        columns=columns,
        rows=[_row(entry, names, language) for entry in entries],
        listed=any(entry.listed_on is not None for entry in entries),
        located=any(entry.longitude is not None for entry in entries),
        latest=max((entry.published_on for entry in entries), default=None),
    )
    return _kept(request, page)


def _row(
    entry: PublishedPlot, names: Sequence[str], language: Language
) -> dict[str, Any]:
    named = entry.division_zh if language == "zh" else entry.division_en
    place = ""
    if entry.longitude is not None:
        place = f"{entry.longitude}, {entry.latitude}"
    return {
        "division": named or entry.division_zh or entry.division_code,
        "values": [_text(language, name, entry.fields.get(name)) for name in names],
        "place": place,
        "listed_on": entry.listed_on,
        "published_on": entry.published_on,
        "source": entry.publication_source,
    }


def _text(language: Language, name: str, value: Any) -> str:
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


def _kept(request: Request, page: Response) -> Response:
    """Let anybody keep a page for a while, unless it carries a choice of language."""
    if "set-cookie" in page.headers:
        return page
    digest = hashlib.sha256(bytes(page.body)).hexdigest()[:32]
    page.headers["ETag"] = f'"{digest}"'
    page.headers["Cache-Control"] = KEPT
    if page.headers["ETag"] in list_etags(request.headers.get("if-none-match", "")):
        kept = {
            name: page.headers[name]
            for name in ("etag", "cache-control", "vary", "content-security-policy")
        }
        return Response(status_code=304, headers=kept)
    return page
