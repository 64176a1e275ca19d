"""Bring a database to the present schema (shell).

Two sorts of work: what needs a superuser once (PostGIS, the service's role, the mark
that lets row-level security use a spatial index) and the migrations themselves, which
the owner of the schema runs.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from app.refusals import DatabaseUnusable

log = logging.getLogger(__name__)

SERVICE_ROLE = "jingtu_service"
MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
_UPGRADE_LOCK = 726000


class DatabaseUnfit(DatabaseUnusable):
    """The database lacks something that only its administrator can supply."""


def sqlalchemy_url(url: str) -> sa.URL:
    """Return the URL with psycopg 3 as the driver; other parts are kept."""
    return sa.make_url(url).set(drivername="postgresql+psycopg")


def upgrade(owner_url: str, superuser_url: str | None = None) -> None:
    """Create or bring up to date the schema ``registry``.

    Parameters
    ----------
    owner_url
        Connection of the role that owns (or shall own) the schema.
    superuser_url
        Connection for the extension and the role; the owner's when None.

    Raises
    ------
    DatabaseUnfit
        If PostGIS or the service's role is missing and may not be created here.
    DatabaseUnusable
        If a newer version of this program has brought the schema further.
    """
    engine = sa.create_engine(
        sqlalchemy_url(superuser_url or owner_url), poolclass=sa.NullPool
    )
    with engine.begin() as connection:
        found = find_revision(connection)
        if found is not None and found not in _known_revisions():
            raise DatabaseUnusable(str(schema_fault(found)))
        _prepare(connection)
    engine = sa.create_engine(sqlalchemy_url(owner_url), poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
        connection.execute(sa.text("create schema if not exists registry"))
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.execute(sa.text(f"grant {SERVICE_ROLE} to current_user"))


def _prepare(connection: sa.Connection) -> None:
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
    _attempt(
        connection,
        "create extension if not exists postgis",
        "PostGIS is not installed in this database; a superuser must run"
        " scripts/outside-database.sql in it",
    )
    exists = connection.scalar(
        sa.text("select exists (select from pg_roles where rolname = :role)"),
        {"role": SERVICE_ROLE},
    )
    if not exists:
        _attempt(
            connection,
            f"create role {SERVICE_ROLE} nologin",
            f"the role {SERVICE_ROLE} is missing; an administrator must run"
            f" CREATE ROLE {SERVICE_ROLE} NOLOGIN",
        )
    if not box_test_is_leakproof(connection):
        try:
            with connection.begin_nested():
                connection.execute(
                    sa.text(
                        "alter function geometry_overlaps(geometry, geometry) leakproof"
                    )
                )
        except sa.exc.DBAPIError:
            log.warning(
                "spatial queries cannot use their index under row-level security:"
                " a superuser should run ALTER FUNCTION"
                " geometry_overlaps(geometry, geometry) LEAKPROOF"
            )


def _attempt(connection: sa.Connection, statement: str, otherwise: str) -> None:
    try:
        with connection.begin_nested():
            connection.execute(sa.text(statement))
    except sa.exc.DBAPIError as error:
        raise DatabaseUnfit(f"{otherwise} ({error.orig})") from error


def box_test_is_leakproof(connection: sa.Connection) -> bool:
    """Tell whether ``&&`` may use an index under row-level security.

    The box test raises nothing and reveals boxes only, so the mark is sound. A dump
    does not carry it: it is set again at each upgrade.
    """
    return bool(
        connection.scalar(
            sa.text(
                "select proleakproof from pg_proc"
                " where oid = to_regprocedure('geometry_overlaps(geometry, geometry)')"
            )
        )
    )


@lru_cache(maxsize=1)
def newest_revision() -> str | None:
    """Return the revision of the newest migration of this program."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def find_revision(connection: sa.Connection) -> str | None:
    """Return the revision of the database's schema; None when it has none."""
    exists = "select to_regclass('registry.alembic_version') is not null"
    if not connection.scalar(sa.text(exists)):
        return None
    found: str | None = connection.scalar(
        sa.text("select version_num from registry.alembic_version")
    )
    return found


def schema_fault(found: str | None) -> str | None:
    """Say what is wrong with a schema of that revision; None when it is this program's.

    One that this program does not know is a newer program's: nothing here can bring it
    back, and to work on it as it is would write what the newer one does not expect.
    """
    if found == newest_revision():
        return None
    if found is None or found in _known_revisions():
        return (
            f"The database has schema {found or 'none'}, this program needs"
            f" {newest_revision()}. Run: jingtu db upgrade"
        )
    return (
        f"The database has schema {found}, which this program does not know (its newest"
        f" is {newest_revision()}): a newer version of Jingtu has been at work on it."
        " Start that version again, or restore a backup made before it into an empty"
        " data directory."
    )


@lru_cache(maxsize=1)
def _known_revisions() -> frozenset[str]:
    scripts = ScriptDirectory(str(MIGRATIONS))
    return frozenset(each.revision for each in scripts.walk_revisions())
