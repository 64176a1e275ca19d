"""What is there to tell of uploads: lists of them, and pages of their issues (shell).

Row-level security shows a caller the uploads of his own division only.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
import shapely
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from parcels.register import tables
from parcels.surveys.issues import BETWEEN_ROWS, Issue, Severity
from parcels.surveys.repository import Upload, read_upload
from parcels.surveys.tables import upload, upload_issue


@dataclass(frozen=True, slots=True)
class UploadFilter:
    """Which uploads; None is any."""

    state: str | None = None
    layer: str | None = None
    division_code: str | None = None
    sha256: bytes | None = None
    client_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class IssueFilter:
    """Which issues of an upload; None is any.

    `row` finds what is told of a row and what is told of another one with it.
    """

    kind: str | None = None
    severity: Severity | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class RecordedChange:
    """A change as it was recorded: its number and time."""

    number: int
    recorded_at: datetime


def list_uploads(
    connection: sa.Connection,
    wanted: UploadFilter,
    *,
    before: tuple[datetime, UUID] | None = None,
    limit: int,
) -> list[Upload]:
    """Return uploads, the latest first, that were received before another."""
    columns = upload.c
    equal = {
        columns.state: wanted.state,
        columns.layer: wanted.layer,
        columns.sha256: wanted.sha256,
        columns.client_id: wanted.client_id,
    }
    statement = sa.select(upload).where(
        *(column == value for column, value in equal.items() if value is not None)
    )
    if wanted.division_code is not None:
        statement = statement.where(
            columns.division_code.startswith(wanted.division_code, autoescape=True)
        )
    if before is not None:
        statement = statement.where(
            sa.tuple_(columns.received_at, columns.id) < sa.tuple_(*before)
        )
    latest_first = (columns.received_at.desc(), columns.id.desc())
    rows = connection.execute(statement.order_by(*latest_first).limit(limit))
    return [read_upload(row) for row in rows.mappings()]


def list_issue_page(
    connection: sa.Connection,
    upload_id: UUID,
    wanted: IssueFilter,
    *,
    after: int = 0,
    limit: int,
) -> list[Issue]:
    """Return issues of an upload in the order of the file's rows, after a number."""
    columns = upload_issue.c
    statement = sa.select(
        upload_issue, sa.func.ST_AsBinary(columns.geom).label("wkb")
    ).where(columns.upload_id == upload_id, columns.number > after)
    for column, value in (
        (columns.kind, wanted.kind),
        (columns.severity, wanted.severity),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if wanted.row is not None:
        statement = statement.where(_speaks_of(wanted.row))
    rows = connection.execute(statement.order_by(columns.number).limit(limit))
    return [_issue(row) for row in rows.mappings()]


def _speaks_of(row: int) -> sa.ColumnElement[bool]:
    """Return the condition that an issue names a row, first or beside another."""
    details = upload_issue.c.details
    return sa.or_(
        upload_issue.c.row_number == row,
        details["other_row"].as_integer() == row,
        details["first_row"].as_integer() == row,
        details["other_rows"].contains(sa.cast(row, JSONB)),
    )


def list_issues(
    connection: sa.Connection, upload_id: UUID, *, after: int = 0, limit: int = 1000
) -> list[Issue]:
    """Return issues of an upload in the order of the file, after a number."""
    return list_issue_page(
        connection, upload_id, IssueFilter(), after=after, limit=limit
    )


def list_faulty_rows(
    connection: sa.Connection, upload: Upload
) -> npt.NDArray[np.int32]:
    """Return the numbers of the rows that an error names, ascending.

    Of an error between two rows both, as `repository.faulty_rows`.
    """
    columns = upload_issue.c
    others = [
        sa.select(columns.details[detail].as_integer()).where(columns.kind == kind)
        for kind, detail in BETWEEN_ROWS.items()
    ]
    named = sa.union(
        *(
            statement.where(columns.upload_id == upload.id, columns.severity == "error")
            for statement in (sa.select(columns.row_number), *others)
        )
    ).subquery()
    (row,) = named.c
    statement = sa.select(row).where(row.is_not(None)).order_by(row)
    return np.array(connection.scalars(statement).all(), dtype=np.int32)


def find_change(
    connection: sa.Connection, change_id: int | None
) -> RecordedChange | None:
    """Return the number and time of a change; None for none."""
    if change_id is None:
        return None
    change: Any = tables.change.c
    row = connection.execute(
        sa.select(change.number, change.recorded_at).where(change.id == change_id)
    ).one()
    return RecordedChange(*row)


def _issue(row: sa.RowMapping) -> Issue:
    """Return the issue of a row of its table, with its geometry as ``wkb``."""
    wkb = row["wkb"]
    details = row["details"]
    return Issue(
        number=row["number"],
        kind=row["kind"],
        severity=row["severity"],
        row=row["row_number"],
        field=row["field"],
        value=row["value"],
        details=json.loads(details) if isinstance(details, str) else details,
        geometry=None if wkb is None else shapely.from_wkb(bytes(wkb)),
    )
