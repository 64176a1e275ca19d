"""Which elevation model do screening runs follow water over? (shell)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from app.refusals import InvalidSettings
from app.samples import SAMPLES
from app.settings import Settings

SAMPLE_ELEVATION: Final = SAMPLES / "地面高程.tif"


def check_elevation(settings: Settings) -> None:
    """Refuse a setting that names no file: a run would find out months later.

    Raises
    ------
    InvalidSettings
    """
    found = find_elevation(settings)
    if found is not None and not found.is_file():
        raise InvalidSettings(f"JINGTU_ELEVATION: there is no file {found}.")


def find_elevation(settings: Settings) -> Path | None:
    """Return the file of the setting, or the sample county's beside its data."""
    if settings.elevation is not None:
        return settings.elevation.expanduser().resolve()
    shown = settings.demo and SAMPLE_ELEVATION.exists()
    return SAMPLE_ELEVATION if shown else None
