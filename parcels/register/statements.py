"""Named SQL statements: read from files, run on the driver's connection (shell).

A file holds several statements, each under a line ``-- name: the_name`` followed by
comment lines that say what it is for. Parameters are bound (``%(name)s``); Python
never builds SQL from values.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg
import shapely
import sqlalchemy as sa
from psycopg.rows import RowFactory, dict_row, tuple_row
from shapely.geometry.base import BaseGeometry

from parcels.crs import STORAGE_SRID
from parcels.register.conversation import Asked, Reply, converse

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_LAYER = re.compile(r"\{layer (\w+) (\w+)\}")
_IN_FORCE = re.compile(r"\{in_force (\w+)\}")
_PARAMETER = re.compile(r"%\((\w+)\)s")
_VALID = (
    r" and \1.valid_from <= %(as_of)s"
    r" and (\1.valid_to is null or \1.valid_to > %(as_of)s)"
)
_KNOWN_THEN = (
    r"exists (select from registry.change o"
    r" where o.id = \1.opened_by and o.number <= %(known_at)s)"
    r" and not exists (select from registry.change c"
    r" where c.id = \1.closed_by and c.number <= %(known_at)s)"
)


_BOX = struct.Struct("<BIIII10d")
"""EWKB of a polygon of one ring of five points, little-endian."""
_HEADER = struct.Struct("<BI")
_SRID_HEADER = struct.Struct("<BII")
"""Of WKB and of EWKB: byte order, kind, SRID."""
_POLYGON, _WITH_SRID = 3, 0x20000000


class Statements(Mapping[str, str]):
    """The statements of one file, by name."""

    def __init__(self, path: Path) -> None:
        parts = _NAME.split(path.read_text(encoding="utf-8"))
        self._statements = {
            name: body.strip()
            for name, body in zip(parts[1::2], parts[2::2], strict=True)
        }

    def __getitem__(self, name: str) -> str:
        return self._statements[name]

    def __iter__(self) -> Any:
        return iter(self._statements)

    def __len__(self) -> int:
        return len(self._statements)


def as_known_now(statement: str) -> str:
    """Return the statement over the versions that are open now.

    ``{layer plot v}`` becomes the table under the alias ``v``; ``{in_force v}`` the
    condition that the version is open, which the partial indexes serve, and valid on
    ``%(as_of)s``.
    """
    statement = _LAYER.sub(r"registry.\1 \2", statement)
    return _IN_FORCE.sub(r"\1.closed_by is null" + _VALID, statement)


def as_known_then(statement: str) -> str:
    """Return the statement over the versions known after change ``%(known_at)s``.

    Open and closed versions are read as two arms, so that each arm has its index.
    """
    statement = _LAYER.sub(
        r"(select * from registry.\1 where closed_by is null"
        r" union all"
        r" select * from registry.\1 where closed_by is not null) \2",
        statement,
    )
    return _IN_FORCE.sub(_KNOWN_THEN + _VALID, statement)


def driver(connection: sa.Connection) -> psycopg.Connection[Any]:
    """Return the psycopg connection under a SQLAlchemy one, same transaction."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    return raw


@lru_cache(maxsize=512)
def positional(statement: str) -> tuple[bytes, tuple[str, ...]]:
    """Return a statement with numbered parameters, and their names in that order.

    psycopg takes a statement of over 4,096 characters apart at every call (0.2 ms for
    the features of a neighbourhood); here that is done once.

    Examples
    --------
    >>> positional("select %(a)s, %(b)s, %(a)s, 7 %% 2")
    (b'select $1, $2, $1, 7 % 2', ('a', 'b'))
    """
    names = tuple(dict.fromkeys(_PARAMETER.findall(statement)))
    numbers = {name: f"${number}" for number, name in enumerate(names, start=1)}
    written = _PARAMETER.sub(lambda match: numbers[match[1]], statement)
    return written.replace("%%", "%").encode(), names


def asked(
    statement: str, parameters: Mapping[str, Any], *, binary: bool = True
) -> Asked:
    """Return a statement with its parameters in the order of their numbers.

    Raises
    ------
    KeyError
        If a parameter of the statement is not given.
    """
    written, names = positional(statement)
    return Asked(written, [parameters[name] for name in names], binary)


def fetch(
    connection: sa.Connection,
    statement: str,
    parameters: Mapping[str, Any],
    row_factory: RowFactory[Any] = dict_row,
) -> list[Any]:
    """Run a statement prepared, with binary results, and return every row.

    `row_factory` is `dict_row` or `tuple_row`.
    """
    (reply,) = _send(connection, [asked(statement, parameters)])
    if row_factory is tuple_row:
        return reply.rows
    names = reply.names
    return [dict(zip(names, row, strict=True)) for row in reply.rows]


def fetch_each(
    connection: sa.Connection, questions: Iterable[tuple[str, Mapping[str, Any]]]
) -> list[list[tuple[Any, ...]]]:
    """Run statements in one message, as `fetch` does; return the rows of each."""
    replies = _send(connection, [asked(*each) for each in questions])
    return [reply.rows for reply in replies]


AHEAD = "asked_ahead"
"""Key of `Connection.info` for the list of questions that go with the next message."""


class Ahead:
    """A question that travels with the next message (see `fetch_ahead`)."""

    def __init__(self, connection: sa.Connection, question: Asked) -> None:
        self._connection = connection
        self.question = question
        self.reply: Reply | None = None

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """The rows; asked for now where no message has gone since."""
        if self.reply is None:
            _send(self._connection, [])
        assert self.reply is not None
        return self.reply.rows


def fetch_ahead(
    connection: sa.Connection, statement: str, parameters: Mapping[str, Any]
) -> Ahead:
    """Ask what is needed later with whatever is asked next, in one message.

    Where the transaction does not offer that (see `AHEAD`) it is asked at once. An
    error of the statement is then an error of what was asked next.
    """
    one = Ahead(connection, asked(statement, parameters))
    waiting = connection.info.get(AHEAD)
    if waiting is None:
        (one.reply,) = converse(driver(connection), [one.question])
    else:
        waiting.append(one)
    return one


def _send(connection: sa.Connection, questions: Sequence[Asked]) -> list[Reply]:
    """Send statements, and what was asked ahead before them, in one message."""
    ahead: list[Ahead] = connection.info.get(AHEAD) or []
    sent = [*ahead]
    ahead.clear()
    replies = converse(
        driver(connection), [*(one.question for one in sent), *questions]
    )
    for one, reply in zip(sent, replies, strict=False):
        one.reply = reply
    return replies[len(sent) :]


def execute(
    connection: sa.Connection, statement: str, parameters: Mapping[str, Any]
) -> int:
    """Run a statement that returns no rows, prepared; return the rows it touched."""
    one = asked(statement, parameters, binary=False)
    (reply,) = _send(connection, [one])
    return reply.count


WRITES = "writes_at_commit"
"""Key of `Connection.info` for the list of writes that are sent with the commit."""


def execute_at_commit(
    connection: sa.Connection, statement: str, parameters: Mapping[str, Any]
) -> None:
    """Write with the commit, in one message with it; nothing can read it before.

    Where the transaction does not offer that (see `WRITES`) it is written at once. An
    error of the statement is then an error of the commit.
    """
    writes = connection.info.get(WRITES)
    if writes is None:
        execute(connection, statement, parameters)
    else:
        writes.append((statement, parameters))


def ewkb(geometry: BaseGeometry, srid: int = STORAGE_SRID) -> bytes:
    """Return a geometry as PostGIS takes it in a bound parameter."""
    return wkb_with_srid(shapely.to_wkb(geometry), srid)


def wkb_with_srid(wkb: bytes, srid: int = STORAGE_SRID) -> bytes:
    """Return WKB, little-endian and without an SRID, as PostGIS takes it (EWKB).

    Examples
    --------
    >>> wkb_with_srid(shapely.to_wkb(shapely.Point(114, 34)))[:9].hex()
    '01010000208a110000'
    """
    order, kind = _HEADER.unpack_from(wkb)
    return _SRID_HEADER.pack(order, kind | _WITH_SRID, srid) + wkb[_HEADER.size :]


def box_ewkb(
    bounds: tuple[float, float, float, float], srid: int = STORAGE_SRID
) -> bytes:
    """Return the polygon of a box (west, south, east, north) as `ewkb` returns it."""
    west, south, east, north = bounds
    ring = (east, south, east, north, west, north, west, south, east, south)
    return _BOX.pack(1, _POLYGON | _WITH_SRID, srid, 1, 5, *ring)
