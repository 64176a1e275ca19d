"""Jobs of uploads: read and check a file, commit it, take it back.

Each looks at the upload first: what is no longer ordered is not done, and what a
worker that was killed had begun is begun anew. It runs under the rights of who ordered
it, as they stand now. What cannot be done is written into the upload; what is raised
may succeed at the next attempt.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from app.database import Database
from app.jobs import SHORT, SURVEYS, Job, Periodic, defer
from app.security.principals import Principal
from app.work_rows import WorkRows
from parcels.refusal import Refusal
from parcels.surveys import orders
from parcels.surveys.archive import FULL, Archive
from parcels.surveys.committing import commit_upload
from parcels.surveys.confinement import Examination
from parcels.surveys.errors import UploadInOtherState
from parcels.surveys.imports import examine_upload, record_finding
from parcels.surveys.known_ground import gather_ground
from parcels.surveys.leftovers import remove_leftovers, remove_unneeded
from parcels.surveys.progress import Progress, Watch
from parcels.surveys.proposing import Proposal
from parcels.surveys.refusals import FileRefused
from parcels.surveys.repository import Upload, record_failure
from parcels.surveys.reverting import revert_upload

log = logging.getLogger(__name__)

EXAMINE: Final = "examine_upload"
COMMIT: Final = "commit_upload"
REVERT: Final = "revert_upload"

_ROWS: Final = WorkRows(
    "write_uploads",
    sa.text(
        "select id, name, role, scope, registry.person_of(id)"
        " from registry.upload_asker(:id)"
    ),
    sa.text("select registry.give_up_upload(:id, cast(:why as jsonb))"),
)
SHORT_BYTES: Final = 1024 * 1024
"""A survey file of so many bytes at most is read within seconds; a project default."""


class NoRoomToRead(Refusal):
    """The disk is full: the file is kept, but could not be unpacked and read."""

    def __init__(self) -> None:
        super().__init__(
            "no_room_to_read",
            "服务器磁盘已满，文件已保存但无法读取；请通知管理员后重新上传。",
            "The disk is full; the file was kept but could not be read. Tell the"
            " administrator, then send it again.",
        )


def upload_jobs(archive: Archive) -> tuple[Job, ...]:
    """Return the kinds of job that uploads need."""
    return tuple(
        Job(name, partial(_run, run, archive), partial(_give_up, archive))
        for name, run in ((EXAMINE, _examine), (COMMIT, _commit), (REVERT, _revert))
    )


def queue_upload(connection: sa.Connection, upload: Upload, job: str) -> None:
    """Queue what was ordered of an upload; of a large file among its like."""
    queue = SHORT if upload.file.size <= SHORT_BYTES else SURVEYS
    defer(connection, job, upload.id, queue=queue, lock=f"upload {upload.id}")


def upload_turns(archive: Archive) -> list[Periodic]:
    """Return the turns that remove what killed processes left of ended uploads."""

    def remove(database: Database) -> None:
        archive.sweep()
        removed = remove_leftovers(archive, partial(database.transaction, None))
        if removed:
            log.info("%s file(s) of uploads that have ended were removed", removed)

    return [Periodic("remove_upload_leftovers", "*/20 * * * *", remove)]


def _give_up(archive: Archive, database: Database, work_id: str) -> None:
    """Write into an upload that its job failed for good."""
    _ROWS.give_up(database, work_id)
    _tidy(archive, database, work_id)


def _tidy(archive: Archive, database: Database, work_id: str) -> None:
    """Remove what an upload that has ended leaves on disk."""
    with database.transaction(None, read_only=True) as connection:
        remove_unneeded(archive, connection, UUID(work_id))


Work = Callable[[Archive, Database, Principal, UUID], None]


def _run(work: Work, archive: Archive, database: Database, work_id: str) -> None:
    asker = _ROWS.find_asker(database, work_id)
    if asker is None:
        # Nothing is ordered any more, or the asker is gone: the database knows which.
        _ROWS.fail_without_asker(database, work_id)
    else:
        work(archive, database, asker, UUID(work_id))
    _tidy(archive, database, work_id)


def _examine(
    archive: Archive, database: Database, asker: Principal, upload_id: UUID
) -> None:
    with database.transaction(asker) as connection:
        upload = orders.begin_reading(connection, upload_id)
        if upload is None:
            return
        ground = gather_ground(connection, upload.request)
    try:
        watch = _watch(database, asker, upload_id)
        with examine_upload(archive, upload, ground, watch=watch) as found:
            watch(Progress("compare", _rows(found), _rows(found)))
            with database.transaction(asker) as connection:
                record_finding(connection, archive, upload_id, found)
    except UploadInOtherState:
        log.info("upload %s is no longer wanted", upload_id)
    except FileRefused as refusal:
        _fail(database, asker, upload_id, refusal)
    except OSError as error:
        if error.errno not in FULL:
            raise
        _fail(database, asker, upload_id, NoRoomToRead())


def _fail(
    database: Database, asker: Principal, upload_id: UUID, refusal: Refusal
) -> None:
    with database.transaction(asker) as connection:
        if orders.begin(connection, upload_id, "examine"):
            record_failure(connection, upload_id, refusal)


def _watch(database: Database, asker: Principal, upload_id: UUID) -> Watch:
    """Return what writes progress into an upload, and ends one nobody wants."""

    def watch(progress: Progress) -> None:
        with database.transaction(asker) as connection:
            if not orders.note_progress(connection, upload_id, progress.as_json()):
                raise UploadInOtherState(upload_id, "withdrawn", ("reading",))

    return watch


def _rows(found: Examination | Proposal) -> int:
    return int(found.facts["rows"]) if isinstance(found, Examination) else 0


def _commit(
    archive: Archive, database: Database, asker: Principal, upload_id: UUID
) -> None:
    try:
        with database.transaction(asker) as connection:
            upload = orders.begin(connection, upload_id, "commit")
            if upload is not None:
                commit_upload(
                    connection,
                    archive,
                    upload_id,
                    actor=asker.name,
                    terms=upload.order_terms,
                )
    except Refusal as refusal:
        _refuse(database, asker, upload_id, refusal)


def _revert(
    archive: Archive, database: Database, asker: Principal, upload_id: UUID
) -> None:
    try:
        with database.transaction(asker) as connection:
            upload = orders.begin(connection, upload_id, "revert")
            if upload is not None:
                reason = (upload.order_terms or {})["reason"]
                revert_upload(connection, upload_id, actor=asker.name, reason=reason)
    except Refusal as refusal:
        _refuse(database, asker, upload_id, refusal)


def _refuse(
    database: Database, asker: Principal, upload_id: UUID, refusal: Refusal
) -> None:
    with database.transaction(asker) as connection:
        orders.refuse_order(connection, upload_id, refusal)
