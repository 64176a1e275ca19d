"""Where do the defaults of a division come from? (shell: reads a file)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from parcels.texts import Text
from screening.categories.settings import Mark, Settings

FILE: Final = Path(__file__).parent / "settings.toml"


@cache
def read_settings(path: Path = FILE) -> Settings:
    """Return the defaults; KeyError or TypeError tells what the file lacks."""
    return Settings(**{one["id"]: one["value"] for one in _entries(path)})


@cache
def read_marks(path: Path = FILE) -> Mapping[str, Mark]:
    """Return the mark and source of each default, by its name."""
    return {
        one["id"]: Mark(one["confidence"], Text(one["source_zh"], one["source_en"]))
        for one in _entries(path)
    }


def _entries(path: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))["setting"]
    return entries
