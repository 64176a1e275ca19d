"""The one way to the database: a pool, and transactions under the asker's rights.

A transaction begins with the caller's role, division prefix and client set for it
alone; row-level security reads them. It ends here too: nothing else in the program
commits. Connections are in autocommit and the transaction is begun by hand, so that
isolation level and rights travel in one message (a message costs as much as a small
query).

The service's role owns nothing and cannot bypass row-level security; `check` refuses
anything stronger. Clock and days are the database's, in Asia/Shanghai.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache

import orjson
import psycopg
import sqlalchemy as sa
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGresult

from app.database_errors import DatabaseUnavailable, domain_error
from app.migration import (
    SERVICE_ROLE,
    box_test_is_leakproof,
    find_revision,
    schema_fault,
    sqlalchemy_url,
)
from app.refusals import DatabaseUnusable
from app.security.principals import Principal
from parcels.register.conversation import Asked, converse
from parcels.register.repository import CLOCK
from parcels.register.statements import AHEAD, WRITES, asked, driver

log = logging.getLogger(__name__)

STATEMENT_TIMEOUT_S = 30
"""Longest time of one statement of a request; a project default."""
LOCK_TIMEOUT_S = 10
"""Longest wait for another writer; a project default."""
IDLE_TIMEOUT_S = 60
"""Longest time a request's transaction may wait for the program itself."""
START_PATIENCE_S = 30.0
"""Longest time a process waits at its start for a database that is being started."""
POOL_WAIT_S = 5
"""Longest wait for a free connection."""

_SESSION = {
    "search_path": "registry,public",
    "timezone": "Asia/Shanghai",
    "jit": "off",
    "datestyle": "ISO",
}
_STRENGTH = sa.text(
    "select r.rolsuper or r.rolbypassrls as bypasses,"
    " exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace"
    " where n.nspname = 'registry' and c.relowner = r.oid) as owns"
    " from pg_roles r where r.rolname = current_user"
)


class Database:
    """A pool of connections of the service's role.

    Parameters
    ----------
    url
        libpq URL. A role other than `jingtu_service` becomes it at once.
    pool_size
        Connections held at most by this process.
    application_name
        Shown in the database's list of sessions.
    statement_timeout_s
        Longest time of one statement; 0 lifts every limit of time (worker).
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        application_name: str = "jingtu",
        statement_timeout_s: float = STATEMENT_TIMEOUT_S,
    ) -> None:
        self.engine = sa.create_engine(
            service_url(url, statement_timeout_s),
            isolation_level="AUTOCOMMIT",
            pool_size=pool_size,
            max_overflow=0,
            # The connection used last has its plans and caches warm.
            pool_use_lifo=True,
            pool_timeout=POOL_WAIT_S,
            pool_recycle=3600,
            # A transaction ends before its connection goes back, or with it.
            pool_reset_on_return=None,
            json_deserializer=orjson.loads,
            connect_args={
                "application_name": application_name,
                "connect_timeout": 10,
                # `parcels.register.conversation` prepares, and nobody else.
                "prepare_threshold": None,
            },
        )

    def close(self) -> None:
        """Close every connection that is not in use."""
        self.engine.dispose()

    @property
    def connections_in_use(self) -> int:
        """Connections that transactions hold at this moment."""
        return int(self.engine.pool.checkedout())  # type: ignore[attr-defined]

    @contextmanager
    def transaction(
        self,
        principal: Principal | None,
        *,
        snapshot: bool = False,
        read_only: bool = False,
    ) -> Iterator[sa.Connection]:
        """Run one transaction under a caller's rights; commit when the block ends.

        Parameters
        ----------
        principal
            Whose rights; None sees no row of the register.
        snapshot
            One view of the data for the whole transaction (REPEATABLE READ), as a
            decision needs. Versions cannot be written in it.
        read_only
            Refuse every write.

        Raises
        ------
        DatabaseFault
            For every error of the database that a caller can cause or wait out.
        """
        opening = _opening(principal, snapshot, read_only)
        try:
            connection = self._begin(opening)
        except (sa.exc.SQLAlchemyError, psycopg.Error) as error:
            raise _meaning(error) from error
        try:
            yield connection
            _commit(connection)
        except BaseException as error:
            _roll_back(connection)
            meaning = _meaning(error)
            if meaning is error:
                raise
            raise meaning from error
        finally:
            if not connection.invalidated:
                connection.info.pop(CLOCK, None)
                connection.info.pop(WRITES, None)
                connection.info.pop(AHEAD, None)
            connection.close()

    def _begin(self, opening: bytes) -> sa.Connection:
        """Check a connection out and open the transaction on it.

        A pooled connection may have died with a restart of the database; nothing has
        been done on it yet, so one more attempt is safe.
        """
        for attempt in (1, 2):
            connection = self.engine.connect()
            try:
                begun = _send(connection, opening, ExecStatus.TUPLES_OK, "SELECT 1")
                connection.info[CLOCK] = _read_time(begun)
                connection.info[WRITES] = []
                connection.info[AHEAD] = []
                return connection
            except BaseException as error:
                connection.invalidate(error)
                connection.close()
                if attempt == 2 or not isinstance(error, psycopg.OperationalError):
                    raise
                self.engine.dispose()
        raise AssertionError("unreachable")

    def check(self) -> None:
        """Refuse a database in which callers would not be kept apart.

        Raises
        ------
        DatabaseUnusable
            If the service's role bypasses row-level security or owns the tables, or
            the schema is not the one this program was written for.
        """
        with self.transaction(None, read_only=True) as connection:
            strength = connection.execute(_STRENGTH).one()
            if strength.bypasses or strength.owns:
                raise DatabaseUnusable(
                    f"The service would read the database as a role that bypasses"
                    f" row-level security or owns the tables. It must be able to"
                    f" become {SERVICE_ROLE}, which owns nothing."
                )
            fault = schema_fault(find_revision(connection))
        if fault is not None:
            raise DatabaseUnusable(fault)

    def check_when_up(self, patience_s: float = START_PATIENCE_S) -> None:
        """Check as `check` does; wait for a database that is only being started.

        A process that is restarted while the database comes back must not count as one
        that keeps failing.

        Raises
        ------
        DatabaseUnavailable
            If it does not answer in that time.
        """
        deadline = time.monotonic() + patience_s
        while True:
            try:
                return self.check()
            except DatabaseUnavailable:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def warn_if_slow(self) -> None:
        """Say in the log when row-level security keeps queries from their index."""
        with self.transaction(None, read_only=True) as connection:
            leakproof = box_test_is_leakproof(connection)
        if not leakproof:
            log.warning(
                "geometry_overlaps is not marked LEAKPROOF: spatial queries read whole"
                " tables under row-level security. A superuser should run ALTER"
                " FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF."
            )


def service_url(url: str, statement_timeout_s: float) -> sa.URL:
    """Return the URL with the settings of a service connection in its options."""
    address = sqlalchemy_url(url)
    given = str(address.query.get("options", ""))
    options = [f"-c {name}={value}" for name, value in _SESSION.items()]
    if statement_timeout_s:
        options += [
            f"-c statement_timeout={int(statement_timeout_s * 1000)}",
            f"-c lock_timeout={LOCK_TIMEOUT_S * 1000}",
            f"-c idle_in_transaction_session_timeout={IDLE_TIMEOUT_S * 1000}",
        ]
    if address.username != SERVICE_ROLE and "role=" not in given:
        options.append(f"-c role={SERVICE_ROLE}")
    return address.update_query_dict({"options": " ".join([given, *options]).strip()})


def confine(connection: sa.Connection, division_code: str) -> None:
    """Narrow the rest of the transaction to one division.

    Codes are unique within a division only: a caller with several must not touch the
    namesake of what he means.
    """
    connection.execute(
        sa.select(sa.func.set_config("jingtu.scope", division_code, True))
    )


@lru_cache(maxsize=4096)
def _opening(principal: Principal | None, snapshot: bool, read_only: bool) -> bytes:
    level = "repeatable read" if snapshot else "read committed"
    access = "read only" if read_only else "read write"
    scope, role, client = (
        (principal.scope, principal.role, str(principal.client_id))
        if principal
        else ("", "", "")
    )
    # The gate asks the same few long questions, every time of other land: planning one
    # anew costs more than answering it (DECISIONS, 9).
    plans = " set local plan_cache_mode = force_generic_plan;" if snapshot else ""
    # A principal holds only checked words and a UUID: no quoting is needed.
    return (
        f"begin isolation level {level} {access};{plans}"
        f" set local jingtu.scope = '{scope}';"
        f" set local jingtu.role = '{role}';"
        f" set local jingtu.client = '{client}';"
        " select now()"
    ).encode()


def _commit(connection: sa.Connection) -> None:
    """Send what was kept for the commit, and the commit, in one message."""
    writes = connection.info.pop(WRITES)
    if not writes:
        _send(connection, b"commit", ExecStatus.COMMAND_OK, "COMMIT")
        return
    statements = [asked(*write, binary=False) for write in writes]
    *_, committed = converse(driver(connection), [*statements, Asked(b"commit", ())])
    _check_word(committed.word, "COMMIT")


def _check_word(found: str | None, expected: str) -> None:
    """Refuse another end than the one asked for.

    PostgreSQL answers the commit of a failed transaction with ROLLBACK and no error.
    """
    if found != expected:
        raise RuntimeError("an error was swallowed: the transaction had failed")


def _send(
    connection: sa.Connection, command: bytes, status: ExecStatus, expected: str
) -> PGresult:
    """Run commands without parameters, by the shortest way the driver has."""
    raw = driver(connection).pgconn
    result = raw.exec_(command)
    if raw.status != ConnStatus.OK:
        raise psycopg.OperationalError("the connection to the database is lost")
    if result.status != status:
        raise psycopg.errors.error_from_result(result, encoding="utf-8")
    _check_word((result.command_status or b"").decode(), expected)
    return result


def _read_time(result: PGresult) -> datetime:
    value = result.get_value(0, 0)
    assert value is not None
    return datetime.fromisoformat(value.decode())


def _meaning(error: BaseException) -> BaseException:
    if isinstance(error, (sa.exc.SQLAlchemyError, psycopg.Error)):
        return domain_error(error)
    return error


def _roll_back(connection: sa.Connection) -> None:
    if connection.invalidated:
        return
    try:
        raw = driver(connection)
        if raw.closed:
            connection.invalidate()
        else:
            raw.rollback()
    except (psycopg.Error, sa.exc.SQLAlchemyError, AssertionError) as error:
        log.warning("a failed transaction could not be rolled back: %s", error)
        connection.invalidate()
