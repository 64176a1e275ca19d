"""What is a rate, and what does each row add to it? (core).

Numerator and denominator are sums of rows, each with the reason why it counts or does
not. What is not known never enters the numerator: it is summed by itself, so that a
reader sees what the rate is at least and at most.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from parcels.texts import Text

RowState = Literal["counted", "partly", "not_counted", "unknown", "outside"]
STATE_NAMES: Mapping[RowState, Text] = {
    "counted": Text("计入", "counted"),
    "partly": Text("部分计入", "counted in part"),
    "not_counted": Text("不计入", "not counted"),
    "unknown": Text("不明", "not known"),
    "outside": Text("不在核算范围", "not part of it"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One unit, plot or task in a rate.

    Attributes
    ----------
    total
        What it adds to the denominator: m² or 1.
    counted
        What of it is in the numerator, 0 to `total`.
    open
        What of `total` may count and is not known to, 0 to `total - counted`.
    undetermined
        What may belong to the denominator and is not known to; never part of `total`.
    facts
        What it was judged by, for the reader.
    """

    division_code: str
    township_code: str | None
    code: str
    total: float
    counted: float
    open: float
    undetermined: float
    state: RowState
    why: Text
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rate:
    """A sum of rows."""

    numerator: float
    denominator: float
    open: float
    undetermined: float

    @property
    def value(self) -> float | None:
        """The rate, 0 to 1; None where there is nothing to divide by."""
        return self._share(self.numerator)

    @property
    def at_most(self) -> float | None:
        """What it would be if everything not known counted."""
        whole = self.denominator + self.undetermined
        if whole <= 0:
            return None
        return min(1.0, (self.numerator + self.open + self.undetermined) / whole)

    @property
    def at_least(self) -> float | None:
        """What it would be if nothing not known counted."""
        whole = self.denominator + self.undetermined
        return None if whole <= 0 else min(1.0, self.numerator / whole)

    @property
    def firm(self) -> bool:
        """Whether nothing that matters is unknown."""
        return self.open <= 0 and self.undetermined <= 0

    def _share(self, part: float) -> float | None:
        return None if self.denominator <= 0 else min(1.0, part / self.denominator)


def sum_rows(rows: Iterable[Row]) -> Rate:
    """Return the rate of some rows.

    Examples
    --------
    >>> row = Row("1", None, "a", 4.0, 3.0, 1.0, 0.0, "partly", Text("", ""))
    >>> sum_rows([row]).value, sum_rows([row]).at_most, sum_rows([]).value
    (0.75, 1.0, None)
    """
    kept = list(rows)
    return Rate(
        math.fsum(row.counted for row in kept),
        math.fsum(row.total for row in kept),
        math.fsum(row.open for row in kept),
        math.fsum(row.undetermined for row in kept),
    )


Place = tuple[str, str | None]


def by_place(rows: Iterable[Row], place: Callable[[Row], Place]) -> dict[Place, Rate]:
    """Return the rate of each place, by county and township."""
    groups: dict[Place, list[Row]] = {}
    for row in rows:
        groups.setdefault(place(row), []).append(row)
    ordered = sorted(groups, key=lambda one: (one[0], one[1] or ""))
    return {one: sum_rows(groups[one]) for one in ordered}


def county_of(row: Row) -> Place:
    """Return the county a row lies in."""
    return row.division_code[:6], None


def township_of(row: Row) -> Place:
    """Return county and township of a row; None where no township is on record."""
    code = row.division_code
    township = row.township_code or (code if len(code) > 6 else None)
    return code[:6], township
