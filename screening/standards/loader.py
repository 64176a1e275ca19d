"""Where do the limits come from? (shell: reads files, decides nothing).

`standards.toml` says which edition held when; a CSV file beside it holds the cells. A
deployment may read another folder: a province's own limits and backgrounds go there.
"""

from __future__ import annotations

import csv
import math
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from parcels.analytes import find_analyte
from parcels.texts import Text
from screening.parameters import Confidence
from screening.standards.backgrounds import Background
from screening.standards.limits import (
    COLUMNS,
    Kind,
    Limit,
    Standard,
    Standards,
    check_editions,
)

FOLDER: Final = Path(__file__).parent / "data"
_OWN_COLUMNS: Final = {"all", "class_1", "class_2"}


class InvalidTable(ValueError):
    """A table of limits cannot be read; it says which file and line."""


@cache
def read_standards(folder: Path = FOLDER) -> Standards:
    """Return every edition of every standard of a folder.

    Raises
    ------
    InvalidTable
        If a file is missing, a cell cannot be read, or two editions overlap in time.
    """
    path = folder / "standards.toml"
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        editions = tuple(_standard(folder, one) for one in document["standard"])
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise InvalidTable(f"{path.name}: {error}") from error
    faults = check_editions(editions)
    if faults:
        raise InvalidTable(f"{path.name}: {'; '.join(faults)}")
    return Standards(editions)


@cache
def read_backgrounds(folder: Path = FOLDER) -> tuple[Background, ...]:
    """Return every background of a folder; raises `InvalidTable`."""
    path = folder / "backgrounds.csv"
    return tuple(
        Background(
            row["region"],
            _analyte(path, line, row),
            _number(path, line, row["mg_per_kg"]),
            row["statistic"],
            row["confidence"],
            row["source"],
        )
        for line, row in _rows(path)
    )


def _standard(folder: Path, entry: Mapping[str, Any]) -> Standard:
    table = entry.get("table")
    return Standard(
        id=entry["id"],
        family=entry["family"],
        number=entry["number"],
        title=Text(entry["title_zh"], entry["title_en"]),
        valid_from=entry["valid_from"],
        valid_to=entry.get("valid_to"),
        confidence=entry["confidence"],
        source=entry["source"],
        limits=() if table is None else _limits(folder / table, entry["id"]),
    )


def _limits(path: Path, standard_id: str) -> tuple[Limit, ...]:
    return tuple(
        _produce_limit(path, line, row) if "food" in row else _soil(path, line, row)
        for line, row in _rows(path)
        if row.get("edition", standard_id) == standard_id
    )


def _soil(path: Path, line: int, row: Mapping[str, str]) -> Limit:
    _check_column(path, line, row["land"])
    return Limit(
        analyte=_analyte(path, line, row),
        kind=cast(Kind, row["kind"]),
        land=row["land"],
        value_mg_per_kg=_number(path, line, row["mg_per_kg"]),
        table=row["table"],
        confidence=cast(Confidence, row["confidence"]),
        ph_above=_number(path, line, row["ph_above"] or "-inf"),
        ph_to=_number(path, line, row["ph_to"] or "inf"),
        background_rule=row["background_rule"] == "yes",
    )


def _produce_limit(path: Path, line: int, row: Mapping[str, str]) -> Limit:
    _check_column(path, line, row["food"])
    return Limit(
        analyte=_analyte(path, line, row),
        kind="produce_limit",
        land=row["food"],
        value_mg_per_kg=_number(path, line, row["mg_per_kg"]),
        table="",
        confidence=cast(Confidence, row["confidence"]),
    )


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            yield from enumerate(csv.DictReader(file), 2)
    except OSError as error:
        raise InvalidTable(f"{path.name}: {error}") from error


def _analyte(path: Path, line: int, row: Mapping[str, str]) -> str:
    found = find_analyte(row["analyte"])
    if found is None or found.code != row["analyte"]:
        raise InvalidTable(f"{path.name}, line {line}: no item {row['analyte']!r}")
    return found.code


def _check_column(path: Path, line: int, name: str) -> None:
    if name not in COLUMNS and name not in _OWN_COLUMNS:
        raise InvalidTable(f"{path.name}, line {line}: no land or food {name!r}")


def _number(path: Path, line: int, text: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise InvalidTable(f"{path.name}, line {line}: {text!r}") from error
    if math.isnan(number) or (math.isfinite(number) and number < 0):
        raise InvalidTable(f"{path.name}, line {line}: {text!r}")
    return number
