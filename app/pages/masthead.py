"""What stands at the head of every page: who is signed in, and where he may go (shell).

An account is led only to pages whose contents its role may read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.database import Database
from app.pages.i18n import translate
from app.request_errors import NotAllowed
from app.security.permissions import RIGHTS
from app.security.principals import Principal, Role
from parcels.codes import WHOLE_COUNTRY
from parcels.refusal import Language
from parcels.register.division_names import find_division_names


@dataclass(frozen=True, slots=True)
class NavEntry:
    """A page of the masthead: its path, the key of its title, the right it needs."""

    path: str
    title: str
    right: str


NAVIGATION: Final = (
    NavEntry("/", "nav.query", "read_extract"),
    NavEntry("/decisions", "nav.history", "read_decisions"),
    NavEntry("/consultations", "nav.consultations", "read_tasks"),
    NavEntry("/plots", "nav.plots", "read:plot"),
    NavEntry("/uploads", "nav.uploads", "read_uploads"),
    NavEntry("/screening", "nav.screening", "read_screening"),
    NavEntry("/tasks", "nav.tasks", "read_tasks"),
    NavEntry("/indicators", "nav.indicators", "read_indicators"),
)


def pages_for(role: Role) -> list[NavEntry]:
    """Return the pages a role may use, in the order of the masthead."""
    return [page for page in NAVIGATION if role in RIGHTS[page.right].roles]


def check_page(role: Role, path: str) -> None:
    """Refuse a page to a role that may not read what it shows.

    Parameters
    ----------
    path
        Of the address; pages below a page of the masthead need its right.

    Raises
    ------
    NotAllowed
        If the role lacks the right.
    """
    start = "/" + path.split("/")[1]
    needed = next(RIGHTS[page.right] for page in NAVIGATION if page.path == start)
    if role not in needed.roles:
        raise NotAllowed(role, sorted(needed.roles))


def scope_text(database: Database, principal: Principal, language: Language) -> str:
    """Return the caller's part of the country: its name and code.

    A division that the register does not have is told by its code.
    """
    scope = principal.scope
    if scope == WHOLE_COUNTRY:
        return translate(language, "session.whole_country")
    with database.transaction(principal, read_only=True) as connection:
        name = find_division_names(connection, [scope], language).get(scope)
    if name is None:
        return translate(language, "session.unnamed_scope", scope=scope)
    return f"{name} {scope}"
