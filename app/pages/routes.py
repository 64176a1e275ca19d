"""Pages of the service (shell): which template answers to which path.

A page is a frame of texts; what it shows of the register its scripts fetch from
``/v1`` under the same session. Without a session every page leads to sign-in.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.data_sets import list_data_sets
from app.oidc.flow import local_path
from app.pages import survey_choices
from app.pages.assets import Assets
from app.pages.chinese import marked
from app.pages.headers import PAGE_HEADERS
from app.pages.home import home_bounds
from app.pages.i18n import (
    LANGUAGE_COOKIE,
    LANGUAGES,
    choose_language,
    translate,
)
from app.pages.masthead import pages_for, scope_text
from app.pages.reader import Reader, SignedIn
from app.pages.task_choices import task_choices
from app.schemas.data_sets import RIGHT_NAMES, write_data_set
from app.security.permissions import BUREAUS_CARRIED_ON, DEPARTMENT_OF_ROLE, RIGHTS
from app.security.principals import Principal
from app.security.session import csrf_token, session_principal
from app.services import services_of
from parcels.codes import WHOLE_COUNTRY
from parcels.refusal import Language
from parcels.register.layers import PLOT_LISTS, PLOT_STAGES
from parcels.register.repository import today
from parcels.surveys.checks.repairs import REPAIRS
from screening.indicators.periods import recent_periods
from screening.opinion import DEPARTMENT_NAMES
from screening.vocabulary import Outcome, Transaction

router = APIRouter(include_in_schema=False)

_ONE_YEAR = 365 * 24 * 3600
_LANGUAGE_NAMES = {"zh": ("中文", "zh-CN"), "en": ("English", "en")}

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["marked"] = marked
_assets = Assets()


@router.get("/", response_class=HTMLResponse)
def query_page(request: Request, principal: Reader) -> Response:
    """Show the page on which an officer looks land up and asks the gate."""
    bounds = home_bounds(services_of(request).database, principal)
    return render_page(
        request,
        "query.html",
        principal,
        bounds=bounds,
        legend_folded=False,
        may_ask=principal.role in RIGHTS["ask_gate"].roles,
        speaks_for="*"
        if principal.role == "admin"
        else DEPARTMENT_OF_ROLE.get(principal.role, ""),
    )


@router.get("/decisions", response_class=HTMLResponse)
def history_page(request: Request, principal: Reader) -> Response:
    """Show the page on which an officer finds earlier decisions."""
    return render_page(
        request,
        "decisions.html",
        principal,
        transactions=[transaction.value for transaction in Transaction],
        outcomes=[outcome.value for outcome in Outcome],
    )


@router.get("/consultations", response_class=HTMLResponse)
def consultations_page(request: Request, principal: Reader) -> Response:
    """Show the inbox of consultations: what waits for the caller's department."""
    return render_page(
        request,
        "consultations.html",
        principal,
        departments=DEPARTMENT_NAMES,
        own=DEPARTMENT_OF_ROLE.get(principal.role, ""),
    )


@router.get("/plots", response_class=HTMLResponse)
def plots_page(request: Request, principal: Reader) -> Response:
    """Show the page on which an officer finds plots and reads the registers."""
    return render_page(
        request,
        "plots.html",
        principal,
        lists=PLOT_LISTS,
        stages=PLOT_STAGES,
    )


@router.get("/plots/{code}", response_class=HTMLResponse)
def plot_page(request: Request, principal: Reader, code: str) -> Response:
    """Show one plot: its record, what happened, and what may come next."""
    own = BUREAUS_CARRIED_ON.get(principal.role, frozenset())
    return render_page(
        request, "plot.html", principal, code=code, bureaus_carried_on=" ".join(own)
    )


@router.get("/uploads", response_class=HTMLResponse)
def uploads_page(request: Request, principal: Reader) -> Response:
    """Show the page on which a surveyor sends files and follows them."""
    language = language_of_page(request)
    return render_page(
        request,
        "uploads.html",
        principal,
        bounds=home_bounds(services_of(request).database, principal),
        scope="" if principal.scope == WHOLE_COUNTRY else principal.scope,
        layers=survey_choices.writable_layers(principal.role, language),
        all_layers=survey_choices.all_layers(language),
        attributes=survey_choices.write_attributes(language),
        systems=survey_choices.coordinate_systems(language),
        states=survey_choices.STATES,
        repairs=REPAIRS,
        legend_folded=True,
    )


@router.get("/screening", response_class=HTMLResponse)
def screening_page(request: Request, principal: Reader) -> Response:
    """Show the page on which an office screens its land and reads what came of it."""
    return render_page(
        request,
        "screening.html",
        principal,
        bounds=home_bounds(services_of(request).database, principal),
        may_order=principal.role in RIGHTS["run_screening"].roles,
        division_rights=" ".join(
            step
            for step in ("approve", "adopt")
            if principal.role in RIGHTS[f"{step}_categories"].roles
        ),
        legend_folded=True,
    )


@router.get("/tasks", response_class=HTMLResponse)
def tasks_page(request: Request, principal: Reader) -> Response:
    """Show the board of tasks: late first, assigned, carried on, struck off."""
    return render_page(
        request,
        "tasks.html",
        principal,
        **task_choices(principal.role, language_of_page(request)),
    )


@router.get("/indicators", response_class=HTMLResponse)
def indicators_page(request: Request, principal: Reader) -> Response:
    """Show the dashboard: rates with targets, by township, what is late or kept."""
    with services_of(request).database.transaction(
        principal, read_only=True
    ) as connection:
        day = today(connection)
    return render_page(
        request,
        "indicators.html",
        principal,
        periods=recent_periods(day),
        may_keep=principal.role in RIGHTS["keep_indicators"].roles,
        may_restrict=principal.role in RIGHTS["restrict_approvals"].roles,
    )


@router.get("/data-sets", response_class=HTMLResponse)
def data_sets_page(request: Request, principal: SignedIn) -> Response:
    """Show the catalogue of shared data: who keeps, reads and enters what, and how."""
    language = language_of_page(request)
    return render_page(
        request,
        "data_sets.html",
        principal,
        rights=RIGHT_NAMES,
        data_sets=[
            write_data_set(one, principal.role, language) for one in list_data_sets()
        ],
    )


@router.get("/sign-in", response_class=HTMLResponse)
def sign_in_page(request: Request) -> Response:
    """Show the page on which a person signs in: with a key, or at the provider.

    Who is signed in goes on to the page of ours that was asked for before.
    """
    then = request.query_params.get("next", "/")
    if session_principal(request) is not None:
        return RedirectResponse(local_path(then), status_code=303)
    return render_page(
        request,
        "sign_in.html",
        None,
        provider=services_of(request).sign_in and provider_path(then),
    )


def provider_path(then: str, **more: str) -> str:
    """Return the path that sends a person to the identity provider."""
    return f"/sign-in/provider?{urlencode({'next': then, **more})}"


def render_page(
    request: Request,
    template: str,
    principal: Principal | None,
    *,
    status: int = 200,
    found_at: str | None = None,
    **values: Any,
) -> Response:
    """Return a page in the caller's language; `values` go to its template.

    `found_at` is the path to it in the other language, where its own address is good
    for once alone.
    """
    language = language_of_page(request)
    text = partial(translate, language)
    nav, role, scope = [], "", ""
    if principal is not None:
        nav = pages_for(principal.role)
        role = translate(language, f"role.{principal.role}")
        scope = scope_text(services_of(request).database, principal, language)
    html = _templates.get_template(template).render(
        t=text,
        asset=_assets.url,
        language=language,
        path=request.url.path,
        nav=nav,
        principal=principal,
        role_text=role,
        scope_text=scope,
        csrf_token=csrf_token(request) if principal else "",
        reads_tiles=principal and principal.role in RIGHTS["read_tiles"].roles,
        other_language=_other_language(request, language, found_at),
        **values,
    )
    response = HTMLResponse(html, status, headers=dict(PAGE_HEADERS))
    if "lang" in request.query_params:
        response.set_cookie(
            LANGUAGE_COOKIE, language, max_age=_ONE_YEAR, httponly=True, samesite="lax"
        )
    return response


def language_of_page(request: Request) -> Language:
    """Return the language in which a page is shown to this caller."""
    return choose_language(
        request.query_params.get("lang"),
        request.cookies.get(LANGUAGE_COOKIE),
        request.headers.get("accept-language"),
    )


def _other_language(
    request: Request, language: Language, found_at: str | None
) -> dict[str, str]:
    """Return the link that shows this page in the other language."""
    other = next(one for one in LANGUAGES if one != language)
    asked = [] if found_at else request.query_params.multi_items()
    query = [(key, value) for key, value in asked if key != "lang"]
    name, tag = _LANGUAGE_NAMES[other]
    address = f"{found_at or request.url.path}?{urlencode([*query, ('lang', other)])}"
    return {"name": name, "tag": tag, "href": address}
