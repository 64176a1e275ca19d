"""The page behind the QR code of a certificate: for whoever was shown one (shell)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.pages.routes import render_page

router = APIRouter(include_in_schema=False)

_CHINA = ZoneInfo("Asia/Shanghai")


def wants_page(request: Request) -> bool:
    """Tell whether a browser asks, and not a program."""
    return "text/html" in request.headers.get("accept", "")


@router.get("/verify", response_class=HTMLResponse)
def number_page(request: Request) -> Response:
    """Show where a number is typed in from paper, by whoever cannot scan its code."""
    return render_page(request, "verify.html", None, number=None, found=None)


def verification_page(
    request: Request, number: str, found: Mapping[str, Any] | None, form: str
) -> Response:
    """Show what `/verify/…` answers; `found` None is an unknown number.

    `form` is the mark of the form that certificates are printed in today.
    """
    recorded_at = (
        f"{found['recorded_at'].astimezone(_CHINA):%Y-%m-%d %H:%M}" if found else ""
    )
    return render_page(
        request,
        "verify.html",
        None,
        status=200 if found else 404,
        number=number,
        found=found,
        recorded_at=recorded_at,
        form=form,
    )
