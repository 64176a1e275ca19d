"""The way of a survey file into the register: the use cases (service).

Every surface calls these: the API, the command line, the sample county. Each takes
the caller's transaction and commits nothing; reading a file (`examine_upload`) takes
minutes and none at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import BinaryIO
from uuid import UUID

import sqlalchemy as sa

from parcels.register import tables
from parcels.register.history import number_change, open_change
from parcels.register.repository import TIME_ZONE
from parcels.surveys import repository
from parcels.surveys.archive import Archive, digest_of
from parcels.surveys.comparing import Comparison, compare
from parcels.surveys.confinement import Examination, run_examination
from parcels.surveys.errors import RegisterMovedSince, StagedRowsLost, UploadNotReady
from parcels.surveys.ground import Ground
from parcels.surveys.known_ground import gather_ground
from parcels.surveys.limits import Limits
from parcels.surveys.proposing import Proposal
from parcels.surveys.refusals import FileRefused
from parcels.surveys.repository import Upload
from parcels.surveys.request import UploadRequest
from parcels.surveys.staging import Staging, stage_rows
from parcels.surveys.writing import write_versions


def find_today(connection: sa.Connection) -> date:
    """Return today by the database's clock, in Asia/Shanghai."""
    today: date = connection.execute(
        sa.select(sa.cast(sa.func.timezone(TIME_ZONE, sa.func.now()), sa.Date))
    ).scalar_one()
    return today


def receive_upload(
    connection: sa.Connection,
    archive: Archive,
    source: BinaryIO,
    filename: str,
    request: UploadRequest,
    *,
    actor: str,
    client_id: UUID | None = None,
) -> Upload:
    """Keep the bytes of a file and open an upload in state ``received``.

    The same bytes with the same declaration from the same division, while an upload of
    them is open, are that upload.

    Parameters
    ----------
    filename
        Name it was sent under; its extension tells the format, its folders are dropped.

    Raises
    ------
    LayerNotWritable, DivisionNotYours
        Before a byte is read.
    """
    repository.check_rights(connection, request)
    file = archive.keep(source)
    return repository.insert_upload(
        connection, file, filename, request, actor, client_id
    )


@contextmanager
def examine_upload(
    archive: Archive, upload: Upload, ground: Ground, limits: Limits | None = None
) -> Iterator[Examination | Proposal]:
    """Read and check a kept file in a child process; what it left lasts for the block.

    Parameters
    ----------
    ground
        What the register draws of the upload's division (`gather_ground`).

    Raises
    ------
    FileRefused
        If the file as a whole cannot be taken.
    """
    with archive.scratch() as scratch:
        yield run_examination(
            archive.path(upload.file.sha256),
            upload.filename,
            upload.request,
            ground,
            limits or Limits(),
            scratch,
        )


def record_examination(
    connection: sa.Connection,
    archive: Archive,
    upload_id: UUID,
    examination: Examination,
) -> Upload:
    """Keep what an examination found: issues, accepted rows, and the new state.

    ``staged`` without errors, else ``checked``.
    """
    upload = repository.get_upload(connection, upload_id, lock=True)
    if upload.state not in repository.OPEN_STATES:
        raise UploadNotReady(upload.id, upload.state, 0)
    repository.replace_issues(connection, upload, examination.issues)
    errors = repository.count_errors(examination.issues)
    return repository.move_upload(
        connection,
        upload.id,
        "checked" if errors else "staged",
        row_count=examination.facts["rows"],
        accepted_count=examination.facts["accepted"],
        issue_counts=repository.count_issues(examination.issues),
        error_count=errors,
        facts=dict(examination.facts),
        staged_sha256=archive.keep_staged(upload.id, examination.rows),
        seen_change=connection.scalar(sa.select(tables.change_head.c.number)),
    )


def record_proposal(
    connection: sa.Connection, upload_id: UUID, proposal: Proposal
) -> Upload:
    """Keep how the file would be read; the upload waits in ``needs_confirmation``."""
    upload = repository.get_upload(connection, upload_id, lock=True)
    if upload.state not in repository.OPEN_STATES:
        raise UploadNotReady(upload.id, upload.state, 0)
    return repository.move_upload(
        connection,
        upload.id,
        "needs_confirmation",
        facts={"proposed": proposal.as_json()},
    )


def check_upload(
    connection: sa.Connection,
    archive: Archive,
    upload_id: UUID,
    limits: Limits | None = None,
) -> Upload:
    """Examine an upload and keep what was found, all in the caller's transaction.

    A file that cannot be taken makes the upload ``failed``; nothing is raised then.
    """
    upload = repository.get_upload(connection, upload_id)
    ground = gather_ground(connection, upload.request)
    try:
        with examine_upload(archive, upload, ground, limits) as found:
            if isinstance(found, Proposal):
                return record_proposal(connection, upload_id, found)
            return record_examination(connection, archive, upload_id, found)
    except FileRefused as refusal:
        return repository.record_failure(connection, upload_id, refusal)


def commit_upload(
    connection: sa.Connection, archive: Archive, upload_id: UUID, *, actor: str
) -> Upload:
    """Write the rows of a staged upload into the register.

    Rows that the register already says are not touched. When there is anything to
    write, it is one change, numbered by this function's last statement: the caller
    commits and does nothing else before.

    Raises
    ------
    UploadNotReady
        If it is not ``staged``.
    RegisterMovedSince
        If the layer changed in that division after the upload was checked.
    StagedRowsLost
        If the accepted rows are not what was checked.
    """
    upload = repository.get_upload(connection, upload_id, lock=True)
    if upload.state != "staged":
        raise UploadNotReady(upload.id, upload.state, upload.error_count)
    staging = _stage(connection, archive, upload)
    _lock_counties(connection, staging)
    _refuse_if_moved(connection, upload)
    comparison = compare(connection, staging)
    repository.add_later_versions(connection, upload, staging, comparison)
    if not comparison.new and not comparison.changed:
        return _committed(connection, upload, comparison, None)
    change = open_change(
        connection,
        actor=actor,
        division_code=upload.division_code,
        upload_id=upload.id,
    )
    write_versions(connection, change, staging, comparison, upload.request.crs)
    committed = _committed(connection, upload, comparison, change.id)
    number_change(connection, change)
    return committed


def import_file(
    connection: sa.Connection,
    archive: Archive,
    source: BinaryIO,
    filename: str,
    request: UploadRequest,
    *,
    actor: str,
    limits: Limits | None = None,
) -> Upload:
    """Receive, check and, if it has no error, commit a file in one transaction.

    A file that was committed before with the same declaration is that upload, and
    nothing is done: an interrupted series of files can simply be started again.
    """
    repository.check_rights(connection, request)
    file = archive.keep(source)
    done = repository.find_upload(connection, file, request, ("committed",))
    if done is not None:
        return done
    upload = repository.insert_upload(connection, file, filename, request, actor, None)
    upload = check_upload(connection, archive, upload.id, limits)
    if upload.state != "staged":
        return upload
    return commit_upload(connection, archive, upload.id, actor=actor)


def _stage(connection: sa.Connection, archive: Archive, upload: Upload) -> Staging:
    rows = archive.staged_path(upload.id)
    if not rows.exists() or digest_of(rows) != upload.staged_sha256:
        raise StagedRowsLost(upload.id)
    request = upload.request
    return stage_rows(connection, request.register_layer, rows, request.valid_from)


def _lock_counties(connection: sa.Connection, staging: Staging) -> None:
    """Wait for other writers of these counties; later statements see what they did.

    The same locks as the register's own (`registry.check_opened`), in the same order.
    """
    county = sa.cast(sa.func.left(staging.table.c.division_code, 6), sa.Integer)
    counties = connection.scalars(sa.select(county).distinct().order_by(county)).all()
    for one in counties:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(726001, one)))


def _refuse_if_moved(connection: sa.Connection, upload: Upload) -> None:
    since = connection.scalars(
        sa.select(tables.change.c.id).where(tables.change.c.number > upload.seen_change)
    ).all()
    if not since:
        return
    layer = tables.TABLES[upload.request.layer]
    touched = sa.select(layer.c.version_id).where(
        layer.c.division_code.startswith(upload.division_code, autoescape=True)
        if upload.division_code != "*"
        else sa.true(),
        sa.or_(layer.c.opened_by.in_(since), layer.c.closed_by.in_(since)),
    )
    if connection.scalar(sa.select(touched.exists())):
        raise RegisterMovedSince(upload.id)


def _committed(
    connection: sa.Connection,
    upload: Upload,
    comparison: Comparison,
    change_id: int | None,
) -> Upload:
    return repository.move_upload(
        connection,
        upload.id,
        "committed",
        comparison=comparison.as_json(),
        change_id=change_id,
    )
