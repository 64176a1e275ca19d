"""The page for a person whose address leads nowhere (shell)."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from app.pages.routes import render_page
from app.pages.verification import wants_page

_FOR_PROGRAMS: Final = ("/v1/", "/ogc/", "/static/")


def missing_page(request: Request) -> Response | None:
    """Return the page, or None where a program asks or programs are at home."""
    if not wants_page(request) or request.url.path.startswith(_FOR_PROGRAMS):
        return None
    return render_page(request, "missing.html", None, status=404)
