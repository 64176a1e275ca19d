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
    leads_nowhere = _leads_nowhere(problem)
    told = _TOLD.get("no-such-path" if leads_nowhere else problem.slug)
    if told is not None:
        title, detail = (translate(language, key) for key in told)
    else:
        title = problem.title.of(language)
        detail = problem.detail.of(language) if problem.detail else ""
    status = 404 if leads_nowhere else problem.status
    page = render_page(
        request, "refused.html", None, status=status, title=title, detail=detail
    )
    page.headers.update(problem.headers)
    return page


def _leads_nowhere(problem: Problem) -> bool:
    """Whether nothing is wrong but the path: a mistyped name of a public register."""
    return bool(problem.faults) and all(one.place == "path" for one in problem.faults)
