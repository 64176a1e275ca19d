"""How do statements travel to PostgreSQL and their rows back? (shell).

Several at once: all are sent before the first answer is read, parameters and rows in
binary form. On connections that leave preparing to this module (`prepare_threshold` is
None) a statement is prepared once; on others psycopg would forget all that is prepared
whenever something is rolled back or dropped, and statements are sent whole.

This is what a cursor of psycopg does in its pipeline, on the same parts of psycopg,
without what a cursor can do besides: a fourth of the processor time, and a decision is
some eight statements.

https://www.psycopg.org/psycopg3/docs/api/pq.html
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

import psycopg
from psycopg import abc, generators
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

_MOST_PREPARED: Final = 200
"""Statements a connection keeps prepared; others are sent whole each time."""

_NUMBERS: Final = count(1)
_Shape = tuple[bytes, tuple[int, ...]]
_prepared: Final[WeakKeyDictionary[psycopg.Connection[Any], dict[_Shape, bytes]]] = (
    WeakKeyDictionary()
)


class Asked(NamedTuple):
    """A statement with numbered parameters, and what stands for them.

    `binary` asks for rows in binary form; text else.
    """

    statement: bytes
    values: Sequence[Any]
    binary: bool = True


class Reply:
    """What came back for one statement.

    Attributes
    ----------
    rows
        Empty for a statement that returns none.
    """

    def __init__(self, result: PGresult, transformer: abc.Transformer) -> None:
        self._result = result
        self.rows: list[tuple[Any, ...]] = []
        if result.status == ExecStatus.TUPLES_OK:
            transformer.set_pgresult(result)
            self.rows = transformer.load_rows(0, result.ntuples, tuple)

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        found = map(self._result.fname, range(self._result.nfields))
        return [(name or b"").decode() for name in found]

    @property
    def count(self) -> int:
        """How many rows the statement touched."""
        return self._result.command_tuples or 0

    @property
    def word(self) -> str:
        """What the server says was done, as COMMIT."""
        return (self._result.command_status or b"").decode()


def converse(
    connection: psycopg.Connection[Any], asked: Sequence[Asked]
) -> list[Reply]:
    """Send statements in one message and return a reply for each, in order.

    After one that fails the rest is not executed.

    Raises
    ------
    psycopg.Error
        The first error of a statement, or that the connection is lost.
    """
    _begin_as_configured(connection)
    # One for all of them: it finds out how a type is written only once.
    transformer = Transformer(connection)
    # A value that PostgreSQL cannot take is refused here, before anything is sent.
    written = [_Written(transformer, each) for each in asked]
    fresh: dict[_Shape, bytes] = {}
    with connection.lock:
        try:
            results = _exchange(connection, written, fresh)
        except BaseException:
            # Nobody can go on with a conversation that was left in its middle.
            connection.close()
            raise
    for result in results:
        if result.status == ExecStatus.FATAL_ERROR:
            raise psycopg.errors.error_from_result(
                result, encoding=connection.info.encoding
            )
    _prepared.setdefault(connection, {}).update(fresh)
    return [Reply(result, transformer) for result in results[-len(written) :]]


class _Written:
    """A statement with its parameters as they travel."""

    def __init__(self, transformer: abc.Transformer, asked: Asked) -> None:
        formats = [PyFormat.AUTO] * len(asked.values)
        self.values = transformer.dump_sequence(asked.values, formats)
        self.shape: _Shape = (asked.statement, transformer.types or ())
        self.formats = transformer.formats
        self.row_format = Format.BINARY if asked.binary else Format.TEXT


def _exchange(
    connection: psycopg.Connection[Any],
    written: Sequence[_Written],
    fresh: dict[_Shape, bytes],
) -> list[PGresult]:
    """Send everything, then read: results of preparing first, then one a statement."""
    pgconn = connection.pgconn
    kept = _prepared.get(connection, {})
    most = _MOST_PREPARED if connection.prepare_threshold is None else 0
    pgconn.enter_pipeline_mode()
    for statement, types in dict.fromkeys(each.shape for each in written):
        shape = (statement, types)
        if shape not in kept and len(kept) + len(fresh) < most:
            # A name is used once, so that a failure leaves no doubt about it.
            fresh[shape] = b"jingtu_%d" % next(_NUMBERS)
            pgconn.send_prepare(fresh[shape], statement, types)
    for each in written:
        _send(pgconn, each, kept.get(each.shape) or fresh.get(each.shape))
    pgconn.pipeline_sync()
    if pgconn.flush():
        connection.wait(generators.send(pgconn))
    results = [_next(connection) for _ in range(len(fresh) + len(written))]
    _next(connection)  # the end of the message
    pgconn.exit_pipeline_mode()
    return results


def _send(pgconn: PGconn, each: _Written, name: bytes | None) -> None:
    if name is None:
        statement, types = each.shape
        pgconn.send_query_params(
            statement, each.values, types, each.formats, each.row_format
        )
    else:
        pgconn.send_query_prepared(name, each.values, each.formats, each.row_format)


def _next(connection: psycopg.Connection[Any]) -> PGresult:
    result: PGresult
    (result,) = connection.wait(generators.fetch_many(connection.pgconn))
    return result


def _begin_as_configured(connection: psycopg.Connection[Any]) -> None:
    """Begin a transaction where psycopg would; with autocommit it begins none."""
    status = connection.pgconn.transaction_status
    if not connection.autocommit and status == TransactionStatus.IDLE:
        connection.execute("select 1")
