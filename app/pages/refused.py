"""The page for a person whose address leads nowhere, or cannot be shown now (shell)."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from app.pages.i18n import translate
from app.pages.routes import language_of_page, render_page
from app.pages.verification import wants_page
from app.problems import Problem

_FOR_PROGRAMS: Final = ("/v1/", "/ogc/", "/static/", "/healthz", "/readyz", "/metrics")
_TOLD: Final = {
    "no-such-path": ("missing.title", "missing.detail"),
    "not-found": ("missing.title", "missing.detail"),
    "not-allowed": ("refused.not_yours", "refused.not_yours_detail"),
}
"""Title and detail of what a page says in other words than the interface."""


def refused_page(request: Request, problem: Problem) -> Response | None:
    """Return a problem as a page, or None where a program asks or programs are at home.

    Nobody is named on it: the database may be what is wrong.
    """
    if not wants_page(request) or request.url.path.startswith(_FOR_PROGRAMS):
        return None
    language = language_of_page(request)
    told = _TOLD.get(problem.slug)
    if told is not None:
        title, detail = (translate(language, key) for key in told)
    else:
        title = problem.title.of(language)
        detail = problem.detail.of(language) if problem.detail else ""
    page = render_page(
        request, "refused.html", None, status=problem.status, title=title, detail=detail
    )
    page.headers.update(problem.headers)
    return page
