"""`jingtu keys`: who may ask the service. Keys are shown once and kept nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

import sqlalchemy as sa
import typer

from app.cluster import running_database
from app.migration import find_revision, sqlalchemy_url
from app.refusals import DatabaseUnusable, InvalidSettings
from app.security.keys import (
    create_client,
    disable_client,
    list_clients,
    rotate_key,
)
from app.security.principals import ROLES, Role
from app.settings import read_settings
from parcels.refusal import Refusal

commands = typer.Typer(help="Keys of clients.", no_args_is_help=True)


@commands.command()
def create(
    name: Annotated[str, typer.Argument(help="Who gets it; written on what it does")],
    role: Annotated[str, typer.Option(help=", ".join(ROLES))],
    scope: Annotated[str, typer.Option(help="Division code; * is the whole country")],
    expires: Annotated[datetime | None, typer.Option(help="Last moment")] = None,
) -> None:
    """Make a key and print it, once."""
    if role not in ROLES:
        raise InvalidSettings(f"There is no role {role}; roles are {', '.join(ROLES)}.")
    known: Role = role
    moment = expires.astimezone() if expires else None
    if moment is not None and moment <= datetime.now(UTC):
        raise InvalidSettings(f"--expires {expires}: that moment is past.")
    try:
        with owner_connection() as connection:
            _, key = create_client(
                connection, name=name, role=known, scope=scope, expires_at=moment
            )
    except (Refusal, ValueError) as error:
        raise InvalidSettings(str(error)) from error
    typer.echo(key)


@commands.command("list")
def list_keys() -> None:
    """List clients: name, role, scope, since when, until when; no key can be shown."""
    with owner_connection() as connection:
        for client in list_clients(connection):
            typer.echo("\t".join(str(field) for field in client))


@commands.command()
def disable(
    name: Annotated[str, typer.Argument(help="Every key of this name")],
) -> None:
    """Switch keys off; after five seconds they open nothing more."""
    with owner_connection() as connection:
        number = disable_client(connection, name)
    if not number:
        raise InvalidSettings(f"No key of the name {name} is in use.")
    typer.echo(f"{number} key(s) switched off")


@commands.command()
def rotate(
    name: Annotated[str, typer.Argument(help="Whose key")],
) -> None:
    """Make another key for a client and print it, once; the old one opens nothing.

    Rights, uploads, runs and notices of the client stay his own.
    """
    try:
        with owner_connection() as connection:
            key = rotate_key(connection, name)
    except ValueError as error:
        raise InvalidSettings(str(error)) from error
    typer.echo(key)


@contextmanager
def owner_connection() -> Iterator[sa.Connection]:
    """Open a transaction as the schema's owner: the service cannot make clients."""
    with running_database(read_settings(), say=_say) as urls:
        engine = sa.create_engine(sqlalchemy_url(urls.owner), poolclass=sa.NullPool)
        with engine.begin() as connection:
            if find_revision(connection) is None:
                raise DatabaseUnusable(
                    "The database has no register yet. Run: jingtu db upgrade"
                )
            yield connection


def _say(line: str) -> None:
    # Standard output carries the key alone, so that it can be captured.
    typer.echo(line, err=True)
