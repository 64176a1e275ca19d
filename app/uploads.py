"""Where this installation keeps survey files."""

from __future__ import annotations

from app.settings import Settings
from parcels.surveys.archive import Archive


def find_archive(settings: Settings) -> Archive:
    """Return the archive of survey files in the data directory."""
    return Archive(settings.data_dir / "uploads")
