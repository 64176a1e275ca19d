"""Which filings fall due in a division, and when are their tasks opened? (core).

报送日历: section 6 of `plot_lifecycle.md`, R-E02, R-E03, R-E06 and R-E22, as data in
``filings.toml``, each with its source and how well that is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

from parcels.codes import division_contains
from parcels.plots.basis import Basis, Verification
from parcels.plots.occurrence import Level
from parcels.tasks.model import Bureau
from parcels.texts import Text

_CODE_LENGTH: Final[dict[Level, int]] = {"county": 6, "city": 4, "province": 2}
Plots = Literal["held", "contaminated", "aftercare"]


@dataclass(frozen=True, slots=True)
class Duty:
    """What a bureau of certain divisions has to do, and on what ground."""

    name: str
    what: Text
    bureaus: tuple[Bureau, ...]
    level: Level
    divisions: tuple[str, ...]
    basis: Basis

    def division_of(self, county: str) -> str | None:
        """Return the division whose bureau has the duty for a county's land."""
        if not any(division_contains(one, county) for one in self.divisions):
            return None
        return county[: _CODE_LENGTH[self.level]]


@dataclass(frozen=True, slots=True)
class Filing:
    """A filing of every year.

    Attributes
    ----------
    month, day
        Last day; None where the source gives none.
    plots
        Which plots each need one; None: one for the division.
    verified_years
        Years the source speaks of; empty: every year.
    lead_days
        Days before its last day on which its task is opened.
    """

    duty: Duty
    month: int | None
    day: int | None
    plots: Plots | None
    verified_years: tuple[int, ...]
    lead_days: int

    def due_on(self, year: int) -> date | None:
        """Return its last day in a year."""
        if self.month is None or self.day is None:
            return None
        return date(year, self.month, self.day)

    def basis_in(self, year: int) -> Basis:
        """Return its ground in a year: a proposal where the source is silent."""
        basis = self.duty.basis
        if not self.verified_years or year in self.verified_years:
            return basis
        return Basis(basis.document, basis.article, "design_choice")

    def year_open(self, today: date) -> int | None:
        """Return the year whose filing is to be seen to today; None when none is.

        Examples
        --------
        >>> duty = Duty("x", Text("", ""), (), "city", (), None)
        >>> filing = Filing(duty, 1, 31, None, (), 90)
        >>> filing.year_open(date(2026, 11, 29)), filing.year_open(date(2026, 6, 1))
        (2027, None)
        """
        for year in (today.year, today.year + 1):
            last = self.due_on(year)
            if last is None:
                return today.year
            if last - timedelta(self.lead_days) <= today <= last:
                return year
        return None


@dataclass(frozen=True, slots=True)
class PaperTerm:
    """A term in working days that a paper of a plot starts by its day."""

    duty: Duty
    document_type: str
    working_days: int


@dataclass(frozen=True, slots=True)
class Filings:
    """Everything that ``filings.toml`` holds."""

    filings: tuple[Filing, ...]
    paper_terms: tuple[PaperTerm, ...]


def parse_filings(document: Mapping[str, Any]) -> Filings:
    """Return what a file of filings holds; KeyError names what is missing."""
    return Filings(
        tuple(_filings(document)),
        tuple(
            PaperTerm(_duty(one), one["document_type"], one["working_days"])
            for one in document["paper_term"]
        ),
    )


def _filings(document: Mapping[str, Any]) -> Iterator[Filing]:
    for one in document["filing"]:
        yield Filing(
            _duty(one),
            one.get("month"),
            one.get("day"),
            one.get("plots"),
            tuple(one.get("verified_years", ())),
            document["lead_days"],
        )


def _duty(one: Mapping[str, Any]) -> Duty:
    mark: Verification = one["verification"]
    return Duty(
        one["name"],
        Text(one["what_zh"], one["what_en"]),
        tuple(one["bureaus"]),
        one["level"],
        tuple(one["divisions"]),
        Basis(
            Text(one["document_zh"], one["document_en"]),
            Text(one["article_zh"], one["article_en"]),
            mark,
        ),
    )
