"""Uploads and their issues in the database (shell).

Row-level security shows a caller the uploads of his own division only; another's is
as if it did not exist.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

from parcels.crs import STORAGE_SRID
from parcels.refusal import Refusal
from parcels.register.statements import driver
from parcels.surveys.archive import KeptFile
from parcels.surveys.binary_copy import copy_batches
from parcels.surveys.comparing import Comparison
from parcels.surveys.errors import DivisionNotYours, LayerNotWritable, UploadNotFound
from parcels.surveys.issues import BETWEEN_ROWS, Severity
from parcels.surveys.request import UploadRequest
from parcels.surveys.staging import Staging
from parcels.surveys.tables import upload, upload_issue

_NAME_LENGTH = 255

OPEN_STATES = ("received", "reading", "needs_confirmation", "checked", "staged")
NO_ORDER: Final[dict[str, None]] = {
    "order_kind": None,
    "order_terms": None,
    "progress": None,
}
"""Values of an upload of which nothing is asked any more."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One survey file on its way into the register (上传).

    Attributes
    ----------
    request
        As declared, completed by what a person confirmed.
    issue_counts
        Kind → number.
    whole_file_errors
        Errors of the file and of no row: these rows cannot be set aside.
    facts
        What reading found out about the file.
    failure, refusal
        Why it could not be read, and why the last order was not carried out; both
        ``reason, zh, en``.
    proposed
        What has to be confirmed (`proposing.Proposal`).
    comparison
        Numbers and areas of rows by fate once it was compared.
    order_kind, order_terms, ordered_by
        What a worker was asked to do and has not finished.
    acceptance
        Who accepted which warnings for what reason.
    """

    id: UUID
    division_code: str
    state: str
    filename: str
    file: KeptFile
    request: UploadRequest
    actor: str
    client_id: UUID | None
    received_at: datetime
    row_count: int | None
    accepted_count: int | None
    issue_counts: Mapping[str, int]
    error_count: int
    facts: Mapping[str, Any] | None
    failure: Mapping[str, str] | None
    staged_sha256: bytes | None
    seen_change: int | None
    comparison: Mapping[str, Any] | None
    change_id: int | None
    changed_at: datetime
    proposed: Mapping[str, Any] | None
    confirmed: Mapping[str, Any] | None
    progress: Mapping[str, Any] | None
    warning_count: int
    whole_file_errors: int
    order_kind: str | None
    order_terms: Mapping[str, Any] | None
    ordered_by: UUID | None
    refusal: Mapping[str, str] | None
    acceptance: Mapping[str, Any] | None
    revert_change_id: int | None

    @property
    def survey_srid(self) -> int | None:
        """EPSG number the file is in: declared, or as reading it found out."""
        reading = (self.facts or {}).get("reading", {})
        srid: int | None = reading.get("crs", self.request.crs)
        return srid


def check_rights(connection: sa.Connection, request: UploadRequest) -> None:
    """Refuse a file that the caller of this transaction may not write.

    Raises
    ------
    LayerNotWritable, DivisionNotYours
        By his role, or by his part of the country.
    """
    may_write, in_scope = connection.execute(
        sa.select(
            sa.func.registry.may_write(request.layer),
            sa.func.registry.in_scope(request.division_code),
        )
    ).one()
    if not may_write:
        raise LayerNotWritable(request.layer)
    if not in_scope:
        raise DivisionNotYours(request.division_code)


def insert_upload(
    connection: sa.Connection,
    file: KeptFile,
    filename: str,
    request: UploadRequest,
    actor: str,
    client_id: UUID | None,
) -> Upload:
    """Insert an upload, or return the open one with the same bytes and declaration."""
    values = {
        "division_code": request.division_code,
        "layer": request.layer,
        "filename": _plain_name(filename),
        "sha256": file.sha256,
        "size_bytes": file.size,
        "request": request.as_json(),
        "request_sha256": request.digest(),
        "actor": actor,
        "client_id": client_id,
    }
    statement = (
        postgresql.insert(upload)
        .values(**values)
        .on_conflict_do_nothing()
        .returning(upload)
    )
    row = connection.execute(statement).mappings().one_or_none()
    if row is None:
        found = find_upload(connection, file, request, OPEN_STATES)
        assert found is not None
        return found
    return read_upload(row)


def find_upload(
    connection: sa.Connection,
    file: KeptFile,
    request: UploadRequest,
    states: Sequence[str],
) -> Upload | None:
    """Return the latest upload of those bytes with that declaration in a state."""
    statement = (
        sa.select(upload)
        .where(
            upload.c.sha256 == file.sha256,
            upload.c.request_sha256 == request.digest(),
            upload.c.division_code == request.division_code,
            upload.c.layer == request.layer,
            upload.c.state.in_(states),
        )
        .order_by(upload.c.received_at.desc())
        .limit(1)
    )
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else read_upload(row)


def get_upload(
    connection: sa.Connection, upload_id: UUID, *, lock: bool = False
) -> Upload:
    """Return an upload; `lock` keeps others from moving it on.

    Raises
    ------
    UploadNotFound
        If the caller has none of that id.
    """
    statement = sa.select(upload).where(upload.c.id == upload_id)
    if lock:
        statement = statement.with_for_update()
    row = connection.execute(statement).mappings().one_or_none()
    if row is None:
        raise UploadNotFound(str(upload_id))
    return read_upload(row)


def move_upload(
    connection: sa.Connection, upload_id: UUID, state: str, **values: Any
) -> Upload:
    """Give an upload another state, and what is known with it."""
    statement = (
        sa.update(upload)
        .where(upload.c.id == upload_id)
        .values(state=state, changed_at=sa.func.clock_timestamp(), **values)
        .returning(upload)
    )
    row = connection.execute(statement).mappings().one_or_none()
    if row is None:
        raise UploadNotFound(str(upload_id))
    return read_upload(row)


def record_failure(
    connection: sa.Connection, upload_id: UUID, refusal: Refusal
) -> Upload:
    """Keep why the file could not be read."""
    return move_upload(
        connection, upload_id, "failed", failure=told(refusal), **NO_ORDER
    )


def told(refusal: Refusal) -> dict[str, str]:
    """Return a refusal as an upload keeps it."""
    return {"reason": refusal.reason, "zh": refusal.zh, "en": refusal.en}


def replace_issues(connection: sa.Connection, owner: Upload, issues: pa.Table) -> None:
    """Let these be the issues of an upload (columns of `issues.SCHEMA`)."""
    connection.execute(
        sa.delete(upload_issue).where(upload_issue.c.upload_id == owner.id)
    )
    if not issues.num_rows:
        return
    copied = _copy_issues(connection, issues)
    numbers = sa.func.row_number().over(order_by=copied.c.place)
    point = sa.func.st_setsrid(
        sa.func.st_makepoint(copied.c.longitude, copied.c.latitude),
        STORAGE_SRID,
    )
    columns = {
        "upload_id": sa.literal(owner.id, upload.c.id.type),
        "number": numbers,
        "division_code": sa.literal(owner.division_code),
        "kind": copied.c.kind,
        "severity": copied.c.severity,
        "row_number": copied.c.row,
        "field": copied.c.field,
        "value": copied.c.value,
        "details": sa.cast(copied.c.details, postgresql.JSONB),
        "geom": sa.func.coalesce(
            sa.func.st_setsrid(copied.c.geometry, STORAGE_SRID), point
        ),
    }
    query = sa.select(*(value.label(name) for name, value in columns.items()))
    connection.execute(sa.insert(upload_issue).from_select(list(columns), query))


def _copy_issues(connection: sa.Connection, issues: pa.Table) -> sa.Table:
    """Copy issues into a temporary table: COPY is refused under row-level security."""
    table = sa.Table(
        "copied_issues",
        sa.MetaData(),
        sa.Column("place", sa.Integer),
        sa.Column("kind", sa.Text),
        sa.Column("severity", sa.Text),
        sa.Column("row", sa.Integer),
        sa.Column("field", sa.Text),
        sa.Column("value", sa.Text),
        sa.Column("details", sa.Text),
        sa.Column("longitude", sa.Double),
        sa.Column("latitude", sa.Double),
        sa.Column("geometry", Geometry(spatial_index=False)),
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DROP",
    )
    connection.execute(sa.text("drop table if exists pg_temp.copied_issues"))
    table.create(connection)
    place = pa.array(np.arange(1, issues.num_rows + 1, dtype=np.int32))
    numbered = issues.add_column(0, "place", place).combine_chunks()
    columns = [column.name for column in table.columns]
    copy_batches(driver(connection), table.name, columns, numbered.to_batches())
    return table


def add_later_versions(
    connection: sa.Connection,
    owner: Upload,
    compared: tuple[Staging, Comparison] | None,
) -> int:
    """Add a warning for each row after which the register goes on; return how many."""
    if compared is None or not compared[1].later:
        return 0
    staging, comparison = compared
    rows, fates = staging.table, comparison.fates
    last = sa.select(sa.func.coalesce(sa.func.max(upload_issue.c.number), 0)).where(
        upload_issue.c.upload_id == owner.id
    )
    columns = {
        "upload_id": sa.literal(owner.id, upload.c.id.type),
        "number": last.scalar_subquery()
        + sa.func.row_number().over(order_by=rows.c.row_number),
        "division_code": sa.literal(owner.division_code),
        "kind": sa.literal("later_version"),
        "severity": sa.literal("warning"),
        "row_number": rows.c.row_number.op("/")(staging.per_line),
        "value": rows.c.code,
        "details": sa.func.jsonb_build_object("later_from", fates.c.later_from),
    }
    query = (
        sa.select(*(value.label(name) for name, value in columns.items()))
        .join_from(rows, fates, fates.c.row_number == rows.c.row_number)
        .where(fates.c.later_from.is_not(None), fates.c.fate != "identical")
    )
    insert = sa.insert(upload_issue).from_select(list(columns), query)
    # Of an insert the number is gone with its cursor, unless asked for beforehand.
    counted = insert.execution_options(preserve_rowcount=True)
    return connection.execute(counted).rowcount


def count_severity(issues: pa.Table, severity: Severity) -> int:
    """Return the number of issues of a severity; errors keep the file out."""
    return int(pc.sum(pc.equal(issues["severity"], severity)).as_py() or 0)


def count_whole_file_errors(issues: pa.Table) -> int:
    """Return the number of errors that speak of no row."""
    errors = pc.equal(issues["severity"], "error")
    return int(pc.sum(pc.and_(errors, pc.is_null(issues["row"]))).as_py() or 0)


def faulty_rows(issues: pa.Table) -> npt.NDArray[np.int32]:
    """Return the numbers of the rows that an error names, ascending.

    Of an error between two rows both: which of them is wrong nobody has said.
    """
    errors = issues.filter(pc.equal(issues["severity"], "error"))
    shared = errors.filter(pc.is_in(errors["kind"], pa.array(list(BETWEEN_ROWS))))
    others = [
        json.loads(details)[BETWEEN_ROWS[kind]]
        for kind, details in zip(
            shared["kind"].to_pylist(), shared["details"].to_pylist(), strict=True
        )
    ]
    named = errors["row"].drop_null().to_numpy()
    return np.union1d(named, np.array(others, dtype=np.int32)).astype(np.int32)


def count_issues(issues: pa.Table) -> dict[str, int]:
    """Return kind → number of issues."""
    counts = pc.value_counts(issues["kind"])
    return {one["values"].as_py(): one["counts"].as_py() for one in counts}


def _plain_name(filename: str) -> str:
    """Return a file name without folders and without what text cannot hold."""
    name = filename.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in name if c.isprintable())[-_NAME_LENGTH:] or "-"


_MADE: Final = ("file", "request", "staged_sha256")
_AS_STORED: Final = tuple(
    one.name for one in dataclasses.fields(Upload) if one.name not in _MADE
)


def read_upload(row: sa.RowMapping) -> Upload:
    """Return the upload of a row of its table."""
    declared = {**row["request"], **(row["confirmed"] or {})}
    staged = row["staged_sha256"]
    return Upload(
        file=KeptFile(bytes(row["sha256"]), row["size_bytes"]),
        request=UploadRequest.from_json(declared),
        staged_sha256=None if staged is None else bytes(staged),
        **{name: row[name] for name in _AS_STORED},
    )
