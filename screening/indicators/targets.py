"""Which figure was to be reached where and by when, and was it? (core).

Targets are dated data (`targets.csv`) with document, clause and how well that is known;
they are no part of the program. *About* (左右) is no hard limit: what falls short of it
is told as such, not as a failure. *Equal* is an amount that was set to be reached.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from parcels.codes import division_contains
from parcels.texts import Text
from screening.indicators.periods import Period
from screening.parameters import Confidence

Comparison = Literal["approx", "ge", "le", "eq", "lt", "milestone"]
COMPARISON_NAMES: Final[Mapping[Comparison, Text]] = {
    "approx": Text("左右", "about"),
    "ge": Text("不低于", "at least"),
    "le": Text("不高于", "at most"),
    "eq": Text("达到", "reach"),
    "lt": Text("低于", "below"),
    "milestone": Text("完成", "finished"),
}
Verdict = Literal["reached", "below_about", "missed", "not_known", "no_figure"]
VERDICT_NAMES: Final[Mapping[Verdict, Text]] = {
    "reached": Text("已达到", "reached"),
    "below_about": Text("低于“左右”值", "below the approximate figure"),
    "missed": Text("未达到", "not reached"),
    "not_known": Text("尚不能确定", "cannot be told yet"),
    "no_figure": Text("无指标值", "no figure set"),
}
_ROUNDING: Final = 1e-9
"""What sums of floating point may be off, relative; never a tolerance of the target."""


@dataclass(frozen=True, slots=True)
class Target:
    """One target of a document (目标).

    Attributes
    ----------
    document, document_en
        Its number or title, and what it is called in English.
    indicator
        Name of the indicator it is a target of; empty for figures kept only.
    value, unit
        In the document's own unit: %, 万亩 (``10^4 mu``), count; None when issued
        separately (另行下达).
    due_on
        Last day; None where the document names a recurring or no day (`due_text`).
    """

    document: str
    document_en: str
    clause: str
    indicator: str
    title: Text
    comparison: Comparison
    value: float | None
    unit: str
    due_on: date | None
    due_text: str
    division_code: str
    confidence: Confidence
    note: Text

    @property
    def source(self) -> Text:
        """Document and clause as they are cited."""
        return Text(
            f"{self.document} {self.clause}",
            f"{self.document_en}, section {self.clause}",
        )


@dataclass(frozen=True, slots=True)
class Span:
    """A figure in a target's unit: as counted, and what it may be at least and most."""

    value: float | None
    least: float | None
    most: float | None


def parse_targets(rows: Iterable[Mapping[str, str]]) -> tuple[Target, ...]:
    """Return the targets of a table; KeyError or ValueError tells what is wrong."""
    return tuple(_parse(row) for row in rows)


def _parse(row: Mapping[str, str]) -> Target:
    comparison: Comparison = row["comparison"]  # type: ignore[assignment]
    confidence: Confidence = row["confidence"]  # type: ignore[assignment]
    COMPARISON_NAMES[comparison]
    return Target(
        row["document"],
        row["document_en"],
        row["clause"],
        row["indicator"],
        Text(row["indicator_zh"], row["indicator_en"]),
        comparison,
        float(row["value"]) if row["value"] else None,
        row["unit"],
        _read_day(row["deadline"]),
        row["deadline"],
        row["division"],
        confidence,
        Text(row["note_zh"], row["note_en"]),
    )


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def applicable(
    targets: Sequence[Target], indicator: str, division: str, period: Period
) -> list[Target]:
    """Return the targets of an indicator that a division answers for in a period.

    Those that fall due in its year or later; where all have passed, the latest.

    Parameters
    ----------
    division
        Normalised; ``*`` for the whole country.
    """
    here = [
        one
        for one in targets
        if one.indicator
        and one.indicator == indicator
        and division_contains(one.division_code, division)
    ]
    begins = date(period.year, 1, 1)
    ahead = [one for one in here if one.due_on is None or one.due_on >= begins]
    last = max((one.due_on for one in here if one.due_on), default=None)
    chosen = ahead or [one for one in here if one.due_on == last]
    return sorted(chosen, key=lambda one: (one.due_on or date.max, one.document))


def judge(target: Target, found: Span) -> Verdict:
    """Return whether a figure reaches a target."""
    wanted = 100.0 if target.comparison == "milestone" else target.value
    if wanted is None:
        return "no_figure"
    if found.least is None or found.most is None:
        return "not_known"
    if _meets(target.comparison, found.least, found.most, wanted):
        return "reached"
    if _meets(target.comparison, found.most, found.least, wanted):
        return "not_known"
    return "below_about" if target.comparison == "approx" else "missed"


def _meets(comparison: Comparison, worse: float, better: float, wanted: float) -> bool:
    """Compare the worse end of a figure; `better` is worse where less is better."""
    slack = _ROUNDING * max(1.0, abs(wanted))
    if comparison in ("le", "lt"):
        return better < wanted if comparison == "lt" else better <= wanted + slack
    return worse >= wanted - slack
