"""What is the limit of an element, on which land, at which pH, on which day? (core).

GB 15618-2018 (farmland: screening values 风险筛选值 in tables 1 and 2, intervention
values 风险管制值 in table 3) and GB 36600-2018 (development land, class 1 and 2), with
the edition in force by date. The figures are data (`data/`), each with its confidence.

Rules of use, from the notes on GB 15618: the limit itself belongs to the lower class
(≤); pH bands are ≤ 5.5, (5.5, 6.5], (6.5, 7.5], > 7.5; paddy fields and other land
differ for Cd, Hg, As, Pb, Cr, orchards for Cu (verified); paddy–upland rotation takes
the stricter of paddy and other (recalled, high). Without pH there is no limit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from parcels.texts import Text
from screening.parameters import Confidence

Family = Literal["farmland", "development_land", "produce"]
Kind = Literal["screening", "intervention", "produce_limit"]
Numbers = npt.NDArray[np.float64]

LAND_TYPES: Final = ("paddy", "dry_land", "orchard", "rotation", "other")
"""水田, 旱地, 果园, 水旱轮作, 其他: how a sample's land may be described."""

FOODS: Final = (
    "rice",
    "paddy_rice",
    "brown_rice",
    "white_rice",
    "wheat",
    "maize",
    "other_cereal",
)
"""水稻, 稻谷, 糙米, 大米, 小麦, 玉米, 其他谷物: what a produce sample is."""

COLUMNS: Final[dict[str | None, tuple[tuple[str, ...], ...]]] = {
    None: (("all",),),
    "paddy": (("paddy", "other", "all"),),
    "dry_land": (("other", "all"),),
    "orchard": (("orchard", "other", "all"),),
    "other": (("other", "all"),),
    "rotation": (("paddy", "other", "all"), ("other", "all")),
    "class_1": (("class_1",),),
    "class_2": (("class_2",),),
    "rice": (("rice", "paddy_rice"), ("rice", "brown_rice"), ("rice", "white_rice")),
    "paddy_rice": (("paddy_rice", "rice"),),
    "brown_rice": (("brown_rice", "rice"),),
    "white_rice": (("white_rice", "rice"),),
    "wheat": (("wheat", "other_cereal"),),
    "maize": (("maize", "other_cereal"),),
    "other_cereal": (("other_cereal",),),
}
"""Land or food → the columns of a table it may read, first that exists; of several such
lists the lowest limit holds (水旱轮作: the stricter). None is unknown land."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One cell of a table of limits.

    Attributes
    ----------
    ph_above, ph_to
        Band of pH, lower end open and upper end closed; infinite where unbounded.
    background_rule
        Whether a content up to the local background does not count as exceeding
        (GB 36600-2018: As, Co, V; verified).
    """

    analyte: str
    kind: Kind
    land: str
    value_mg_per_kg: float
    table: str
    confidence: Confidence
    ph_above: float = -np.inf
    ph_to: float = np.inf
    background_rule: bool = False

    def holds_at(self, ph: float) -> bool:
        """Whether the band holds a pH; NaN is in no bounded band.

        Examples
        --------
        >>> band = Limit("Cd", "screening", "paddy", 0.4, "1", "verified", 5.5, 6.5)
        >>> [band.holds_at(ph) for ph in (5.5, 5.51, 6.5, 6.51)]
        [False, True, True, False]
        """
        return self.unbounded or self.ph_above < ph <= self.ph_to

    @property
    def unbounded(self) -> bool:
        """Whether the limit is the same at every pH."""
        return self.ph_above == -np.inf and self.ph_to == np.inf


@dataclass(frozen=True, eq=False)
class Standard:
    """One edition of a standard (标准版本).

    Attributes
    ----------
    valid_from, valid_to
        Days of effect, half open; None is still in force.
    limits
        Its cells; empty when only its name is known ("not loaded").
    """

    id: str
    family: Family
    number: str
    title: Text
    valid_from: date
    valid_to: date | None
    confidence: Confidence
    source: str
    limits: tuple[Limit, ...] = ()

    @property
    def loaded(self) -> bool:
        """Whether its limits are here; a standard without them judges nothing."""
        return bool(self.limits)

    @cached_property
    def _cells(self) -> dict[tuple[str, str], dict[str, list[Limit]]]:
        cells: dict[tuple[str, str], dict[str, list[Limit]]] = {}
        for one in self.limits:
            lands = cells.setdefault((one.analyte, one.kind), {})
            lands.setdefault(one.land, []).append(one)
        return cells

    def analytes(self, kind: Kind = "screening") -> tuple[str, ...]:
        """Return the items it limits, in the order of its tables."""
        return tuple(dict.fromkeys(o.analyte for o in self.limits if o.kind == kind))

    def find(
        self, analyte: str, kind: Kind, land: str | None, ph: float = np.nan
    ) -> Limit | None:
        """Return the cell that governs, None where there is none.

        Parameters
        ----------
        land
            One of `LAND_TYPES` for farmland, ``class_1`` or ``class_2`` for development
            land, one of `FOODS` for produce.
        ph
            Of the same sample; NaN is unknown, and then only limits that are the same
            at every pH are found.
        """
        lands = self._cells.get((analyte, kind), {})
        found = []
        for columns in COLUMNS.get(land, ()):
            column = next((one for one in columns if one in lands), None)
            if column is not None:
                found += [one for one in lands[column] if one.holds_at(ph)]
        return min(found, key=lambda one: one.value_mg_per_kg, default=None)

    def find_values(
        self, analyte: str, kind: Kind, lands: npt.NDArray[np.object_], ph: Numbers
    ) -> Numbers:
        """Return the limit of each of many samples, NaN where there is none.

        `lands` and `ph` are `(n,)`; a land of None is unknown, and then only limits
        that are the same on all land are found.
        """
        values = np.full(len(ph), np.nan)
        for land in set(lands.tolist()):
            here = np.equal(lands, land).astype(bool)
            for columns in COLUMNS.get(land, ()):
                values[here] = np.fmin(
                    values[here], self._column(analyte, kind, columns, ph[here])
                )
        return values

    def _column(
        self, analyte: str, kind: Kind, columns: tuple[str, ...], ph: Numbers
    ) -> Numbers:
        lands = self._cells.get((analyte, kind), {})
        values = np.full(len(ph), np.nan)
        column = next((one for one in columns if one in lands), None)
        for one in lands.get(column or "", ()):
            if one.unbounded:
                values[:] = one.value_mg_per_kg
            else:
                values[(ph > one.ph_above) & (ph <= one.ph_to)] = one.value_mg_per_kg
        return values


class NoStandard(LookupError):
    """No edition of this family is known for a day."""


@dataclass(frozen=True, slots=True)
class Standards:
    """Every edition known, looked up by day."""

    editions: tuple[Standard, ...]

    def on(self, family: Family, day: date) -> Standard:
        """Return the edition in force on a day.

        Raises
        ------
        NoStandard
            If none of the family was.
        """
        for one in self.editions:
            ended = one.valid_to is not None and day >= one.valid_to
            if one.family == family and one.valid_from <= day and not ended:
                return one
        raise NoStandard(f"{family} on {day.isoformat()}")

    def get(self, standard_id: str) -> Standard:
        """Return the edition of that id; raises `NoStandard`."""
        for one in self.editions:
            if one.id == standard_id:
                return one
        raise NoStandard(standard_id)


def check_editions(editions: Iterable[Standard]) -> list[str]:
    """Return what is wrong: editions of a family that hold on the same day."""
    faults = []
    ordered = sorted(editions, key=lambda one: (one.family, one.valid_from))
    for before, after in zip(ordered, ordered[1:], strict=False):
        ends = before.valid_to or date.max
        if before.family == after.family and ends > after.valid_from:
            faults.append(f"{before.id} and {after.id} hold on the same day")
    return faults
