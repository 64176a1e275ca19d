"""`jingtu users`: persons whom an identity provider vouches for, and their rights."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final
from uuid import UUID

import sqlalchemy as sa
import typer

from app.commands.keys import owner_connection
from app.refusals import InvalidSettings
from app.security.principals import ROLES, Role
from app.security.users import (
    Identity,
    Rights,
    add_user,
    change_user,
    check_scope,
    link_key,
    list_users,
)
from app.settings import read_settings
from parcels.refusal import Refusal

commands = typer.Typer(help="Persons who sign in by token.", no_args_is_help=True)
_ACTOR: Final = "jingtu users"
_RIGHTS = sa.text(
    "select set_config('jingtu.role', 'admin', true),"
    " set_config('jingtu.scope', '*', true)"
)
_PAGE: Final = 1000

Subject = Annotated[str, typer.Argument(help="`sub` as the identity provider gives it")]
Issuer = Annotated[
    str | None, typer.Option(help="`iss` of the provider; that of the settings without")
]


@commands.command()
def add(
    subject: Subject,
    name: Annotated[str, typer.Option(help="Written on what the person does")],
    role: Annotated[str, typer.Option(help=", ".join(ROLES))],
    scope: Annotated[str, typer.Option(help="Division code; * is the whole country")],
    issuer: Issuer = None,
) -> None:
    """Enter a person, who may then use tokens of the identity provider."""
    identity = _identity(issuer, subject)
    with _administrator() as connection:
        rights = Rights(name.strip(), _role(role), check_scope(scope))
        add_user(connection, identity, rights, actor=_ACTOR)
    typer.echo(f"{name} entered")


@commands.command("list")
def list_all() -> None:
    """List persons: subject, issuer, name, role, scope, linked keys, state."""
    with _administrator() as connection:
        for user in _every_user(connection):
            state = "disabled" if user["is_disabled"] else "in use"
            keys = ", ".join(user["keys"]) or "-"
            shown = (user[one] for one in ("subject", "issuer", "name", "role"))
            typer.echo("\t".join([*shown, user["scope"], keys, state]))


@commands.command()
def disable(subject: Subject, issuer: Issuer = None) -> None:
    """Refuse a person from now on, with every key that is linked."""
    _switch(_identity(issuer, subject), is_disabled=True)
    typer.echo(f"{subject} is switched off")


@commands.command()
def enable(subject: Subject, issuer: Issuer = None) -> None:
    """Let a person in again; keys stay switched off."""
    _switch(_identity(issuer, subject), is_disabled=False)
    typer.echo(f"{subject} may sign in")


@commands.command()
def link(
    subject: Subject,
    key: Annotated[str, typer.Option(help="Name of the key, as `jingtu keys` has it")],
    issuer: Issuer = None,
) -> None:
    """Say that a key is a person's, so that both count as one."""
    with owner_connection() as connection:
        number = link_key(connection, key, _identity(issuer, subject))
    if not number:
        raise InvalidSettings(f"No key {key} is in use, or {subject} is not entered.")
    typer.echo(f"{number} key(s) linked")


def _switch(identity: Identity, *, is_disabled: bool) -> None:
    with _administrator() as connection:
        for user in _every_user(connection):
            if (user["issuer"], user["subject"]) == (identity.issuer, identity.subject):
                kept = Rights(user["name"], user["role"], user["scope"], is_disabled)
                change_user(connection, user["id"], kept, actor=_ACTOR)
                return
    raise InvalidSettings(f"{identity.subject} of {identity.issuer} is not entered.")


def _every_user(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    after: UUID | None = None
    while users := list_users(connection, after=after, limit=_PAGE):
        yield from users
        after = users[-1]["id"]


def _identity(issuer: str | None, subject: str) -> Identity:
    chosen = issuer or read_settings().oidc_issuer
    if not chosen:
        raise InvalidSettings("Give --issuer, or set JINGTU_OIDC_ISSUER.")
    return Identity(chosen, subject)


def _role(text: str) -> Role:
    if text not in ROLES:
        raise InvalidSettings(f"There is no role {text}; roles are {', '.join(ROLES)}.")
    known: Role = text
    return known


@contextmanager
def _administrator() -> Iterator[sa.Connection]:
    """Open a transaction with an administrator's rights over the whole country."""
    try:
        with owner_connection() as connection:
            connection.execute(_RIGHTS)
            yield connection
    except Refusal as error:
        raise InvalidSettings(str(error)) from error
