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

import pyarrow as pa
import sqlalchemy as sa

from parcels.register import tables
from parcels.register.repository import TIME_ZONE
from parcels.surveys import repository
from parcels.surveys.against_register import check_against_register
from parcels.surveys.archive import Archive
from parcels.surveys.committing import commit_upload
from parcels.surveys.compared import compare_with_register
from parcels.surveys.confinement import Examination, run_examination
from parcels.surveys.errors import UploadInOtherState
from parcels.surveys.ground import Ground
from parcels.surveys.issues import add_issues
from parcels.surveys.known_ground import gather_ground
from parcels.surveys.limits import Limits
from parcels.surveys.progress import Watch
from parcels.surveys.proposing import Proposal
from parcels.surveys.refusals import FileRefused
from parcels.surveys.repository import NO_ORDER, Upload
from parcels.surveys.request import UploadRequest


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
    archive: Archive,
    upload: Upload,
    ground: Ground,
    limits: Limits | None = None,
    watch: Watch | None = None,
) -> Iterator[Examination | Proposal]:
    """Read and check a kept file in a child process; what it left lasts for the block.

    Parameters
    ----------
    ground
        What the register draws of the upload's division (`gather_ground`).
    watch
        Told how far it is now and then; what it raises ends the reading.

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
            watch,
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
    upload = repository.get_upload(connection, upload_id)
    seen = connection.scalar(sa.select(tables.change_head.c.number))
    issues = _with_register(connection, upload, examination)
    archive.keep_staged(upload.id, examination.rows)
    archive.keep_shown(upload.id, examination.rejected, examination.shown)
    faulty = repository.faulty_rows(issues)
    found = compare_with_register(connection, archive, upload, faulty)
    issues = add_issues(issues, found.issues)
    upload = _being_examined(connection, upload_id)
    repository.replace_issues(connection, upload, issues)
    later = repository.add_later_versions(connection, upload, found.staged)
    counts = repository.count_issues(issues) | (
        {"later_version": later} if later else {}
    )
    errors = repository.count_severity(issues, "error")
    return repository.move_upload(
        connection,
        upload.id,
        "checked" if errors else "staged",
        row_count=examination.facts["rows"],
        accepted_count=examination.facts["rows"] - len(faulty),
        issue_counts=counts,
        error_count=errors,
        warning_count=repository.count_severity(issues, "warning") + later,
        whole_file_errors=repository.count_whole_file_errors(issues),
        facts=dict(examination.facts),
        staged_sha256=examination.rows_sha256,
        seen_change=seen,
        comparison=found.summary,
        **NO_ORDER,
    )


def _with_register(
    connection: sa.Connection, upload: Upload, examination: Examination
) -> pa.Table:
    """Return the issues of an examination and what the register says to its rows."""
    facts = examination.facts
    found = check_against_register(
        connection,
        upload.request,
        facts["reading"].get("crs", upload.request.crs),
        (examination.rows, examination.rejected),
        facts["mapping"],
    )
    return add_issues(examination.issues, found)


def record_proposal(
    connection: sa.Connection, upload_id: UUID, proposal: Proposal
) -> Upload:
    """Keep how the file would be read; the upload waits in ``needs_confirmation``."""
    upload = _being_examined(connection, upload_id)
    return repository.move_upload(
        connection,
        upload.id,
        "needs_confirmation",
        proposed=proposal.as_json(),
        **NO_ORDER,
    )


def record_finding(
    connection: sa.Connection,
    archive: Archive,
    upload_id: UUID,
    found: Examination | Proposal,
) -> Upload:
    """Keep what reading a file led to."""
    if isinstance(found, Proposal):
        return record_proposal(connection, upload_id, found)
    return record_examination(connection, archive, upload_id, found)


def _being_examined(connection: sa.Connection, upload_id: UUID) -> Upload:
    upload = repository.get_upload(connection, upload_id, lock=True)
    if upload.state not in repository.OPEN_STATES:
        raise UploadInOtherState(upload.id, upload.state, repository.OPEN_STATES)
    return upload


def check_upload(
    connection: sa.Connection,
    archive: Archive,
    upload_id: UUID,
    limits: Limits | None = None,
    watch: Watch | None = None,
) -> Upload:
    """Examine an upload and keep what was found, all in the caller's transaction.

    A file that cannot be taken makes the upload ``failed``; nothing is raised then.
    """
    upload = repository.get_upload(connection, upload_id)
    ground = gather_ground(connection, upload.request)
    try:
        with examine_upload(archive, upload, ground, limits, watch) as found:
            return record_finding(connection, archive, upload_id, found)
    except FileRefused as refusal:
        return repository.record_failure(connection, upload_id, refusal)


def import_file(
    connection: sa.Connection,
    archive: Archive,
    source: BinaryIO,
    filename: str,
    request: UploadRequest,
    *,
    actor: str,
    reason: str | None = None,
    limits: Limits | None = None,
) -> Upload:
    """Receive, check and, if it has no error, commit a file in one transaction.

    `reason` says why warnings are accepted, should there be any.

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
    terms = {"reason": reason}
    return commit_upload(connection, archive, upload.id, actor=actor, terms=terms)
