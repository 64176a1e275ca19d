"""Known faults, seeded over a survey: is each of them found in its row? (core).

Every `STEP`-th row has one, of each kind in turn, from the first row of the file to the
last: a check that left out a batch, its edge or its end would miss some.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import numpy as np

from benchmarks.survey import SurveyChunk

STEP: Final = 97
_TWICE: Final = 10_007
_TWICE_FROM: Final = 50
"""Rows that repeat the code of the row before; none begins a chunk."""

Record = Any
"""One record of a structured array; assigning to its fields changes the survey."""


def _scheme(shape: Record, row: Record) -> None:
    row["DLBZ"] = b"gbt21010_1984".ljust(16)


def _no_scheme(shape: Record, row: Record) -> None:
    row["DLBZ"] = b" " * 16


def _code(shape: Record, row: Record) -> None:
    row["ZDDM"] = b"99980100100XGB00001"


def _no_code(shape: Record, row: Record) -> None:
    row["ZDDM"] = b" " * 19


def _foreign(shape: Record, row: Record) -> None:
    row["ZDDM"] = b"999802" + bytes(row["ZDDM"])[6:]


def _number(shape: Record, row: Record) -> None:
    row["ZDMJ"] = b"12a".rjust(15)


def _text(shape: Record, row: Record) -> None:
    row["ZL"] = b"\xff\xff".ljust(30)


def _area(shape: Record, row: Record) -> None:
    row["ZDMJ"] = f"{float(row['ZDMJ']) * 1.5:15.2f}".encode()


def _mu(shape: Record, row: Record) -> None:
    row["ZDMJ"] = f"{float(row['ZDMJ']) * 0.0015:15.2f}".encode()


def _bow_tie(shape: Record, row: Record) -> None:
    shape["points"][[5, 15]] = shape["points"][[15, 5]]


def _not_finite(shape: Record, row: Record) -> None:
    shape["points"][3, 0] = np.inf


def _elsewhere(shape: Record, row: Record) -> None:
    shape["points"][:, 0] += 2_000_000.0


def _null_shape(shape: Record, row: Record) -> None:
    shape["kind"] = 0


def _shifted(shape: Record, row: Record) -> None:
    shape["points"][:, 0] += 4.0


def _repeated(shape: Record, row: Record) -> None:
    shape["points"][4] = shape["points"][3]


FAULTS: Final[tuple[tuple[str, Callable[[Record, Record], None]], ...]] = (
    ("value_not_allowed", _scheme),
    ("land_use_scheme_missing", _no_scheme),
    ("code_malformed", _code),
    ("value_missing", _no_code),
    ("division_outside", _foreign),
    ("number_unreadable", _number),
    ("text_undecodable", _text),
    ("area_differs", _area),
    ("area_unit", _mu),
    ("geometry_invalid", _bow_tie),
    ("geometry_not_finite", _not_finite),
    ("geometry_outside_crs", _elsewhere),
    ("geometry_missing", _null_shape),
    ("overlap", _shifted),
    ("geometry_repeated_points", _repeated),
)
"""Kind of issue that must name the row, and what is done to the row."""


def fault_at(row: int, rows: int) -> int | None:
    """Return which of `FAULTS` a row of the file has; None for a good one."""
    if (row - 1) % STEP == 0 or row == rows:
        return (row // STEP) % len(FAULTS)
    return None


def repeats_code(row: int, rows: int) -> bool:
    """Tell whether a row has the code of the row before it."""
    good = fault_at(row, rows) is None and fault_at(row - 1, rows) is None
    return row % _TWICE == _TWICE_FROM and good


def seed_faults(chunk: SurveyChunk, rows: int) -> None:
    """Put the faults into a chunk of a survey of so many rows, in place."""
    for place, row in enumerate(chunk.rows()):
        fault = fault_at(row, rows)
        if fault is not None:
            FAULTS[fault][1](chunk.shapes[place], chunk.attributes[place])
        elif repeats_code(row, rows):
            chunk.attributes["ZDDM"][place] = chunk.attributes["ZDDM"][place - 1]


def find_unseen(found: Iterable[tuple[str, int]], rows: int) -> list[str]:
    """Return the seeded faults that no issue tells, as kind and row.

    Parameters
    ----------
    found
        Kind and row of every issue; of an overlap both rows count.
    """
    told = set(found)
    expected = []
    for row in range(1, rows + 1):
        if (fault := fault_at(row, rows)) is not None:
            expected.append((FAULTS[fault][0], row))
        elif repeats_code(row, rows):
            expected.append(("code_duplicate", row))
    return [f"{kind} in row {row}" for kind, row in expected if (kind, row) not in told]


def count_seeded(rows: int) -> int:
    """Return how many faults a survey of so many rows has."""
    return sum(
        fault_at(row, rows) is not None or repeats_code(row, rows)
        for row in range(1, rows + 1)
    )
