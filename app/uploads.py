"""Where this installation keeps survey files."""

from __future__ import annotations

from app.settings import Settings
from parcels.surveys.archive import Archive


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
