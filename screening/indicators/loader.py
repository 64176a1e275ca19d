"""Where do targets and open parameters come from? (shell: reads files)."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from parcels.texts import Text
from screening.indicators.settings import Settings
from screening.indicators.targets import Target, parse_targets
from screening.parameters import Confidence

_FOLDER: Final = Path(__file__).parent


@cache
def read_targets(path: Path = _FOLDER / "targets.csv") -> tuple[Target, ...]:
    """Return every target; KeyError or ValueError tells what the file lacks."""
    with path.open(encoding="utf-8", newline="") as file:
        return parse_targets(list(csv.DictReader(file)))


@cache
def read_settings(path: Path = _FOLDER / "settings.toml") -> Settings:
    """Return the defaults; KeyError or TypeError tells what the file lacks."""
    return Settings(**{one["id"]: one["value"] for one in _entries(path)})


@cache
def read_marks(
    path: Path = _FOLDER / "settings.toml",
) -> Mapping[str, tuple[Confidence, Text]]:
    """Return how sure each default is and where it was read, by its name."""
    return {
        one["id"]: (one["confidence"], Text(one["source_zh"], one["source_en"]))
        for one in _entries(path)
    }


def _entries(path: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))["setting"]
    return entries
