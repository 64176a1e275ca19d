"""What does the register say of an object, on a day and as known then? (shell).

Every read takes a `Moment`. Reads of what is known now go through the partial indexes
on open versions; reads of what was known before join the changes that opened and
closed each version. Rows of other divisions are not there for the caller: row-level
security removes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import shapely
import sqlalchemy as sa
from psycopg.rows import tuple_row
from shapely.geometry.base import BaseGeometry

from parcels.crs import STORAGE_SRID
from parcels.register import tables
from parcels.register.layers import PARCEL, Layer
from parcels.register.selecting import (
    Box,
    begins_with,
    columns,
    meets_box,
    rows_of_every_time,
    select_during,
    select_known_now,
    select_known_then,
)
from parcels.register.statements import (
    Statements,
    as_known_now,
    as_known_then,
    fetch,
)

_SUCCESSORS: Final = Statements(Path(__file__).parent / "sql" / "lineage.sql")[
    "successors"
]
_SUCCESSORS_NOW: Final = as_known_now(_SUCCESSORS)
_SUCCESSORS_THEN: Final = as_known_then(_SUCCESSORS)

TIME_ZONE = "Asia/Shanghai"


class UnknownMoment(Exception):
    """The register had no change yet, or has not reached that number."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The day in law a read asks for, and how much of the record it may see.

    Attributes
    ----------
    as_of
        Day on which a version must be valid (half-open: from, before to).
    known_at
        Number of the last change to take into account; None means the latest.
    """

    as_of: date
    known_at: int | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """Days in law, the first and the last among them, as known now.

    Of an object the last version that was valid on any of them is read.
    """

    first: date = date.min
    last: date = date.max


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one object.

    `values` are the layer's attributes; `geometry` is None for layers without one.
    `source` is ``upload:<id>`` or ``actor:<name>`` of the opening change.
    """

    layer: Layer
    version_id: int
    object_id: int
    code: str
    division_code: str
    valid_from: date
    valid_to: date | None
    values: dict[str, Any]
    geometry: BaseGeometry | None
    change_number: int
    recorded_at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class PageKey:
    """Last row of a page; the next page begins after it.

    At one moment a division has one version of a code at most.
    """

    division_code: str
    code: str


CLOCK = "transaction_time"
"""Key of `Connection.info` under which who began the transaction keeps its time.

Told with the beginning it costs nothing; asked for it costs a round trip.
"""


def transaction_time(connection: sa.Connection) -> datetime:
    """Return the database's time at the start of the transaction, Asia/Shanghai."""
    began: datetime | None = connection.info.get(CLOCK)
    if began is None:
        began = connection.execute(sa.select(sa.func.now())).scalar_one()
    return began.astimezone(ZoneInfo(TIME_ZONE))


def today(connection: sa.Connection) -> date:
    """Return the day by the database's clock in Asia/Shanghai."""
    return transaction_time(connection).date()


def span_of_days(
    first: date | None, last: date | None
) -> tuple[datetime | None, datetime | None]:
    """Return when a span of days begins, and when it is over; None leaves it open.

    Days in Asia/Shanghai, both included; the later time is no more of the span.

    Examples
    --------
    >>> begins, over = span_of_days(date(2026, 3, 1), date(2026, 3, 1))
    >>> begins.isoformat(), over.isoformat()
    ('2026-03-01T00:00:00+08:00', '2026-03-02T00:00:00+08:00')
    """
    over = None if last in (None, date.max) else last + timedelta(days=1)
    begins, ends = (
        None if day is None else datetime.combine(day, time.min, ZoneInfo(TIME_ZONE))
        for day in (first, over)
    )
    return begins, ends


def last_change(connection: sa.Connection) -> int:
    """Return the number of the last change this transaction can see."""
    return int(connection.execute(sa.select(tables.change_head.c.number)).scalar_one())


def resolve_moment(
    connection: sa.Connection,
    as_of: date | None = None,
    known_at: int | datetime | None = None,
) -> Moment:
    """Return the moment a caller means; None means today and the latest change.

    A time is resolved to the last change recorded at or before it.

    Raises
    ------
    UnknownMoment
        If the number lies beyond the last change, or the time before the first.
    """
    day = as_of or today(connection)
    if known_at is None:
        return Moment(day)
    if isinstance(known_at, datetime):
        return Moment(day, _change_at(connection, known_at))
    if not 0 <= known_at <= last_change(connection):
        raise UnknownMoment(f"change {known_at} has not been made")
    return Moment(day, known_at)


def _change_at(connection: sa.Connection, time: datetime) -> int:
    number = connection.execute(
        sa.select(sa.func.max(tables.change.c.number)).where(
            tables.change.c.recorded_at <= time
        )
    ).scalar_one()
    if number is None:
        raise UnknownMoment(f"nothing was recorded at or before {time.isoformat()}")
    return int(number)


def find_version(
    connection: sa.Connection, layer: Layer, code: str, moment: Moment
) -> Version | None:
    """Return the version of that code at that moment; None when there is none."""
    rows, statement = _select(layer, moment)
    statement = statement.where(rows.c.code == code).limit(1)
    row = connection.execute(statement, _parameters(moment)).mappings().first()
    return None if row is None else _version(layer, row)


def list_history(connection: sa.Connection, layer: Layer, code: str) -> list[Version]:
    """Return every version ever recorded of that code, in the order recorded."""
    rows = rows_of_every_time(layer)
    opened = tables.change.alias("opened")
    statement = (
        columns(layer, rows, opened)
        .where(rows.c.code == code)
        .order_by(opened.c.number, rows.c.valid_from)
    )
    return [_version(layer, row) for row in connection.execute(statement).mappings()]


def list_versions(
    connection: sa.Connection,
    layer: Layer,
    moment: Moment | Period,
    *,
    bbox: Box | None = None,
    division: str | None = None,
    equals: Sequence[tuple[str, str]] = (),
    codes: Sequence[str] | None = None,
    after: PageKey | None = None,
    limit: int = 100,
) -> list[Version]:
    """Return a page of versions in the order of division and code.

    Parameters
    ----------
    bbox
        Objects that meet it, and those that have no ground of their own.
    division
        Division prefix without trailing zeros. Name the caller's own where he asks for
        no narrower one: row-level security alone uses no index.
    equals
        Attribute name and value that must be equal.
    codes
        Codes of which a version must have one; None is any.
    after
        Where the page before ended.
    """
    rows, statement = _narrow(layer, moment, bbox, division, equals)
    if codes is not None:
        statement = statement.where(rows.c.code.in_(codes))
    statement = statement.order_by(rows.c.division_code, rows.c.code)
    if after is None:
        return _page(connection, layer, statement, moment, limit)
    # Row-level security lets an index serve comparisons of columns, not of rows.
    same = rows.c.division_code == after.division_code
    rest = statement.where(same, rows.c.code > after.code)
    found = _page(connection, layer, rest, moment, limit)
    if len(found) < limit:
        others = statement.where(rows.c.division_code > after.division_code)
        found += _page(connection, layer, others, moment, limit - len(found))
    return found


def count_versions(
    connection: sa.Connection,
    layer: Layer,
    moment: Moment | Period,
    *,
    bbox: Box | None = None,
    division: str | None = None,
    equals: Sequence[tuple[str, str]] = (),
    most: int,
) -> int | None:
    """Return how many versions `list_versions` has in all; None if more than `most`."""
    _, statement = _narrow(layer, moment, bbox, division, equals)
    counted = statement.with_only_columns(sa.literal(1), maintain_column_froms=True)
    number = sa.select(sa.func.count()).select_from(counted.limit(most + 1).subquery())
    found: int = connection.execute(number, _parameters(moment)).scalar_one()
    return found if found <= most else None


def _narrow(
    layer: Layer,
    moment: Moment | Period,
    bbox: Box | None,
    division: str | None,
    equals: Sequence[tuple[str, str]],
) -> tuple[sa.FromClause, sa.Select[Any]]:
    rows, statement = _select(layer, moment)
    if bbox is not None:
        statement = statement.where(meets_box(layer, rows, bbox))
    if division is not None:
        statement = statement.where(begins_with(rows.c.division_code, division))
    for name, value in equals:
        statement = statement.where(rows.c[name] == value)
    return rows, statement


def _page(
    connection: sa.Connection,
    layer: Layer,
    statement: sa.Select[Any],
    moment: Moment | Period,
    limit: int,
) -> list[Version]:
    rows = connection.execute(statement.limit(limit), _parameters(moment)).mappings()
    return [_version(layer, row) for row in rows]


def list_touching(
    connection: sa.Connection,
    layer: Layer,
    geometry: BaseGeometry,
    moment: Moment,
    limit: int = 1000,
) -> list[Version]:
    """Return the versions whose geometry meets that geometry (EPSG:4490)."""
    rows, statement = _select(layer, moment)
    subject = sa.func.ST_GeomFromWKB(shapely.to_wkb(geometry), STORAGE_SRID)
    statement = (
        statement.where(rows.c.geom.op("&&")(subject))
        .where(sa.func.ST_Intersects(rows.c.geom, subject))
        .order_by(rows.c.code, rows.c.version_id)
    )
    return _page(connection, layer, statement, moment, limit)


def list_successors(
    connection: sa.Connection, code: str, moment: Moment
) -> list[Version]:
    """Return the parcels into which a parcel has been split, merged or renumbered.

    The lineage is followed to the parcels in force at the moment, however many steps;
    an empty list means that the code is not known to have had a successor.
    """
    statement = _SUCCESSORS_NOW if moment.known_at is None else _SUCCESSORS_THEN
    values = {"code": code, **_parameters(moment)}
    found = [
        find_version(connection, PARCEL, successor, moment)
        for (successor,) in fetch(connection, statement, values, tuple_row)
    ]
    return [version for version in found if version is not None]


def _parameters(moment: Moment | Period) -> dict[str, Any]:
    if isinstance(moment, Period):
        return {"first": moment.first, "last": moment.last}
    return {"as_of": moment.as_of, "known_at": moment.known_at}


def _select(
    layer: Layer, moment: Moment | Period
) -> tuple[sa.FromClause, sa.Select[Any]]:
    """Return where a read looks, and the statement to be narrowed."""
    if isinstance(moment, Period):
        return select_during(layer)
    if moment.known_at is None:
        return select_known_now(layer)
    return select_known_then(layer)


def _version(layer: Layer, row: sa.RowMapping) -> Version:
    geometry = row.get("geom")
    return Version(
        layer=layer,
        version_id=row["version_id"],
        object_id=row["object_id"],
        code=row["code"],
        division_code=row["division_code"],
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        values={a.name: row[a.name] for a in layer.attributes},
        geometry=None if geometry is None else shapely.from_wkb(bytes(geometry)),
        change_number=row["change_number"],
        recorded_at=row["recorded_at"],
        source=describe_source(row["upload_id"], row["actor"]),
    )


def describe_source(upload_id: object | None, actor: str) -> str:
    """Return ``upload:<id>`` for what an upload brought, else ``actor:<name>``."""
    return f"actor:{actor}" if upload_id is None else f"upload:{upload_id}"
