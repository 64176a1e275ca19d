"""Where this installation keeps survey files, and what follows from a commit."""

from __future__ import annotations

from uuid import UUID

from app.database import Database
from app.security.principals import Principal
from app.settings import Settings
from parcels.surveys import repository
from parcels.surveys.archive import Archive
from screening.affected import list_affected


def find_archive(settings: Settings) -> Archive:
    """Return the archive of survey files in the data directory.

    What processes that were killed left in it is removed.
    """
    archive = Archive(settings.data_dir / "uploads")
    archive.sweep()
    return archive


def find_documents(settings: Settings) -> Archive:
    """Return the archive of documents in the data directory, swept likewise."""
    archive = Archive(settings.data_dir / "documents")
    archive.sweep()
    return archive


def record_affected(database: Database, asker: Principal, upload_id: UUID) -> None:
    """Keep with an upload which decisions did not see what it changed.

    After its commit, and after it was taken back, in a transaction of its own.
    """
    with database.transaction(asker) as connection:
        upload = repository.get_upload(connection, upload_id)
        changes = (upload.change_id, upload.revert_change_id)
        affected = [
            {**one, "id": str(one["id"]), "recorded_at": one["recorded_at"].isoformat()}
            for change in changes
            if change is not None
            for one in list_affected(connection, upload.request.layer, change)
        ]
        if affected:
            repository.keep_affected(connection, upload, affected)
