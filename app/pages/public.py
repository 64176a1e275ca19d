"""Public pages of the registers of plots: read without login or script (shell)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from app.answers import list_etags
from app.pages.plot_values import tell_plot_value
from app.pages.routes import language_of_page, render_page
from app.public_registers import COLUMNS
from parcels.plots.published import PublishedPlot
from parcels.refusal import Language

KEPT: Final = "public, max-age=300"
"""Anybody may keep it for five minutes (project default), then asks again."""


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
        "values": [
            tell_plot_value(language, name, entry.fields.get(name)) for name in names
        ],
        "place": place,
        "listed_on": entry.listed_on,
        "published_on": entry.published_on,
        "source": entry.publication_source,
    }


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
