"""Roles and database of the private cluster; safe to run at every start."""

from __future__ import annotations

import psycopg
from psycopg import sql

from app.cluster.passwords import Passwords
from app.cluster.urls import DATABASE, OWNER, SERVICE

_ROLE_EXISTS = "select 1 from pg_roles where rolname = %s"
_DATABASE_EXISTS = "select 1 from pg_database where datname = %s"

_MAKE_ROLE = "create role {role} login"
_LIMIT_ROLE = (
    "alter role {role} login nosuperuser nocreatedb nocreaterole noreplication"
    " nobypassrls password {password}"
)
_MAKE_DATABASE = (
    "create database {database} owner {owner} template {template}"
    " encoding 'UTF8' locale 'C.UTF-8'"
)
_RIGHTS = (
    "grant {service} to {owner} with admin option",
    "revoke all on database {database} from public",
    "revoke all on database postgres from public",
    "grant connect, temporary on database {database} to {service}",
)


def provision(connection: psycopg.Connection, passwords: Passwords) -> None:
    """Make the two roles and the database, or correct what is there.

    Parameters
    ----------
    connection
        The superuser's, to the database `postgres`, in autocommit.
    passwords
        Those the roles shall have. They travel as SCRAM verifiers: the server never
        sees, and can never log, the words themselves.
    """
    for role, password in ((OWNER, passwords.owner), (SERVICE, passwords.service)):
        if not connection.execute(_ROLE_EXISTS, (role,)).fetchone():
            _run(connection, _MAKE_ROLE, role=role)
        verifier = connection.pgconn.encrypt_password(
            password.encode(), role.encode(), b"scram-sha-256"
        )
        connection.execute(
            sql.SQL(_LIMIT_ROLE).format(
                role=sql.Identifier(role), password=sql.Literal(verifier.decode())
            )
        )
    make_database(connection, DATABASE)


def make_database(
    connection: psycopg.Connection, database: str, template: str = "template0"
) -> None:
    """Make a database of the owner's, reachable by the service, if it is not there."""
    if not connection.execute(_DATABASE_EXISTS, (database,)).fetchone():
        names = {"database": database, "owner": OWNER, "template": template}
        _run(connection, _MAKE_DATABASE, **names)
    for statement in _RIGHTS:
        _run(connection, statement, database=database, owner=OWNER, service=SERVICE)


def _run(connection: psycopg.Connection, statement: str, **names: str) -> None:
    identifiers = {key: sql.Identifier(name) for key, name in names.items()}
    connection.execute(sql.SQL(statement).format(**identifiers))
