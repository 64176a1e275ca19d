"""Rows of one layer, as the loader takes them (core)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class LayerRows:
    """Some rows of one layer of the register.

    Attributes
    ----------
    layer
        Table of the schema.
    columns
        Names of the values; always begins with code, division_code, valid_from.
    rows
        One tuple a row, in the order of the columns.
    geometries
        Beside the rows, EPSG:4490 with SRID; None for a layer without geometry.
        Areas and the opening change are the loader's to add.
    """

    layer: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    geometries: NDArray[Any] | None = None


KEY_COLUMNS = ("code", "division_code", "valid_from")


def some_day(random: np.random.Generator, first_year: int, years: int) -> date:
    """Return a random day of these years."""
    return date(first_year, 1, 1) + timedelta(days=int(random.integers(365 * years)))


def pick(random: np.random.Generator, *choices: Any) -> Any:
    """Return one of the choices, each as likely; a choice given twice counts twice."""
    return choices[int(random.integers(len(choices)))]
