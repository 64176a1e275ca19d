"""What does the score table of enterprise screening say, and is it whole? (core).

赋分表. A table has two schemes (in production; closed or relocated) and two media
(soil, groundwater); in each the highest scores of its indicators sum to 100.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isclose, isfinite
from typing import Final, Literal, cast

from parcels.refusal import Refusal
from parcels.register.values import ATTENTION_MEDIA, ATTENTION_SCHEMES
from parcels.texts import Text

Scheme = Literal["in_production", "closed_relocated"]
Medium = Literal["soil", "groundwater"]

SCHEMES: Final = cast(tuple[Scheme, ...], ATTENTION_SCHEMES)
MEDIA: Final = cast(tuple[Medium, ...], ATTENTION_MEDIA)
HIGHEST: Final = 100.0
"""Sum of the highest scores of one scheme and medium (recalled, medium-high)."""


class TableNotWhole(Refusal):
    """A score table lacks something, or does not add up."""

    def __init__(self, table: str, zh: str, en: str) -> None:
        super().__init__(
            "attention_table_not_whole",
            f"赋分表“{table}”不完整：{zh}。请更正后重新导入。",
            f"The score table “{table}” is not whole: {en}. Correct it and import it"
            " again.",
        )


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to an indicator and what it scores.

    Attributes
    ----------
    at_least, below
        Bounds of a measured value that gives this option, lower included, upper not;
        None is unbounded. Both None: chosen by a person only.
    unknown
        The option stands for "not known".
    """

    number: int
    text: Text
    score: float
    unknown: bool = False
    at_least: float | None = None
    below: float | None = None

    def holds(self, value: float) -> bool:
        """Return whether a measured value gives this option."""
        if self.at_least is None and self.below is None:
            return False
        above = self.at_least is None or value >= self.at_least
        return above and (self.below is None or value < self.below)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A third-level indicator of one medium (三级指标), options by number."""

    code: str
    group: str
    title: Text
    max_score: float
    options: Mapping[int, Option]

    def option_for(self, value: float) -> Option | None:
        """Return the option a measured value gives; None if the table has no bounds."""
        return next((o for o in self.options.values() if o.holds(value)), None)

    @property
    def middle_score(self) -> float:
        """Score of what nobody knows: that of its option, else half of the highest.

        A middle score for unknown answers is recalled (medium); half is a project
        default.
        """
        for option in self.options.values():
            if option.unknown:
                return option.score
        return self.max_score / 2


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """A whole table; `status` and `source` say how far it can be relied on."""

    name: str
    source: Text
    indicators: Mapping[tuple[Scheme, Medium], tuple[Indicator, ...]]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of a table as it is kept or shipped: an option of an indicator."""

    scheme: str
    medium: str
    group: str
    indicator: str
    title: Text
    max_score: float
    option: Option


def build_table(name: str, source: Text, rows: Iterable[TableRow]) -> ScoreTable:
    """Return the table that rows make.

    Raises
    ------
    TableNotWhole
        A scheme or medium is missing, an option is given twice or scores more than
        its indicator, or the highest scores do not sum to 100.
    """
    lines: dict[tuple[str, str], dict[str, list[TableRow]]] = {}
    for row in rows:
        medium = lines.setdefault((row.scheme, row.medium), {})
        medium.setdefault(row.indicator, []).append(row)
    indicators = {
        (scheme, medium): tuple(
            _indicator(name, options)
            for _, options in sorted(lines.get((scheme, medium), {}).items())
        )
        for scheme in SCHEMES
        for medium in MEDIA
    }
    for place, found in indicators.items():
        _check_sum(name, place, found)
    return ScoreTable(name, source, indicators)


def _indicator(table: str, rows: Sequence[TableRow]) -> Indicator:
    first = rows[0]
    where = f"{first.scheme} {first.medium} {first.indicator}"
    options: dict[int, Option] = {}
    for row in sorted(rows, key=lambda row: row.option.number):
        if row.option.number in options:
            number = row.option.number
            raise TableNotWhole(
                table,
                f"{where} 的选项 {number} 重复",
                f"option {number} of {where} is given twice",
            )
        if row.max_score != first.max_score or not 0 <= row.option.score <= (
            first.max_score
        ):
            raise TableNotWhole(
                table,
                f"{where} 的分值超出其满分或满分不一致",
                f"a score of {where} is beyond its highest, or the highest differ",
            )
        options[row.option.number] = row.option
    return Indicator(
        first.indicator, first.group, first.title, first.max_score, options
    )


def _check_sum(table: str, place: tuple[str, str], found: Sequence[Indicator]) -> None:
    total = sum(indicator.max_score for indicator in found)
    if not isfinite(total) or not isclose(total, HIGHEST, abs_tol=1e-6):
        scheme, medium = place
        raise TableNotWhole(
            table,
            f"{scheme} {medium} 的满分合计为 {total:g}，应为 {HIGHEST:g}",
            f"the highest scores of {scheme} {medium} sum to {total:g}, not"
            f" {HIGHEST:g}",
        )
