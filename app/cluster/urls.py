"""How each role reaches the database, as libpq URLs that SQLAlchemy reads too."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict

from app.cluster.configuration import PORT
from app.cluster.passwords import Passwords, find_passwords
from app.cluster.place import find_place
from app.cluster.processes import wait_for_server_begun
from app.refusals import DatabaseUnusable, InvalidSettings
from app.settings import Settings

DATABASE = "jingtu"
SUPERUSER = "postgres"
OWNER = "jingtu_owner"
SERVICE = "jingtu_service"


@dataclass(frozen=True, slots=True)
class ClusterUrls:
    """Connection URLs by what their role may do; each holds a password."""

    superuser: str | None = field(repr=False)
    """Extensions and marks that only a superuser may set; None when the database is
    not ours (the owner's role then has to have what it needs)."""

    owner: str = field(repr=False)
    """Owns the schema: migrations, nothing else."""

    service: str = field(repr=False)
    """Everything the program does for callers; under row-level security."""


def private_urls(
    socket_folder: Path, passwords: Passwords, database: str = DATABASE
) -> ClusterUrls:
    """Return the URLs of a database of the private cluster."""

    def url(role: str, password: str) -> str:
        where = urlencode({"host": str(socket_folder), "port": PORT}, quote_via=quote)
        return f"postgresql://{role}:{quote(password, safe='')}@/{database}?{where}"

    return ClusterUrls(
        superuser=url(SUPERUSER, passwords.superuser),
        owner=url(OWNER, passwords.owner),
        service=url(SERVICE, passwords.service),
    )


def outside_urls(given: str) -> ClusterUrls:
    """Return the URLs for a database of the bureau's own.

    Its role runs the migrations; the service connects as the same role and at once
    becomes `jingtu_service`, which the migrations make and grant.

    Parameters
    ----------
    given
        libpq URL (`postgres://`, `postgresql://`; a SQLAlchemy driver suffix is
        accepted) or keyword string (`host=… dbname=…`).

    Raises
    ------
    InvalidSettings
        If it cannot be understood, or names no database.
    """
    scheme, colon, rest = given.partition("://")
    if colon:
        given = f"{scheme.partition('+')[0]}://{rest}"
    try:
        parts = conninfo_to_dict(given)
    except psycopg.ProgrammingError as error:
        raise InvalidSettings(
            "JINGTU_DATABASE_URL is not a database address; it should look like"
            " postgresql://user:password@host:5432/database"
        ) from error
    if not parts.get("dbname"):
        raise InvalidSettings("JINGTU_DATABASE_URL names no database.")
    owner = _url({key: str(value) for key, value in parts.items()})
    parts["options"] = f"{parts.get('options', '')} -c role={SERVICE}".strip()
    service = _url({key: str(value) for key, value in parts.items()})
    return ClusterUrls(superuser=None, owner=owner, service=service)


def _url(parts: dict[str, str]) -> str:
    """Write connection parts as a URL that psycopg and SQLAlchemy both understand."""
    rest = dict(parts)
    user = quote(rest.pop("user", ""), safe="")
    password = quote(rest.pop("password", ""), safe="")
    database = quote(rest.pop("dbname"), safe="")
    login = f"{user}:{password}@" if password else f"{user}@" if user else ""
    query = urlencode(rest, quote_via=quote)
    return f"postgresql://{login}/{database}" + (f"?{query}" if query else "")


def database_urls(settings: Settings) -> ClusterUrls:
    """Return the URLs of the database these settings name. Starts nothing.

    Waits for a private database that is being started at this moment.

    Raises
    ------
    DatabaseUnusable
        If the private database is not running.
    InvalidSettings
        If `JINGTU_DATABASE_URL` cannot be understood.
    """
    if settings.database_url is not None:
        return outside_urls(settings.database_url.get_secret_value())
    place = find_place(settings.data_dir)
    server = wait_for_server_begun(place / "data") if place else None
    passwords = find_passwords(settings.data_dir)
    if server is None or passwords is None:
        raise DatabaseUnusable(
            f"The private database in {settings.data_dir} is not running. Start the"
            " service (scripts/serve) first, or set JINGTU_DATABASE_URL."
        )
    return private_urls(server.socket_folder, passwords)
