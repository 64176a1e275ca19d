"""What does an enterprise plot score, and which level of attention is that? (core).

Scores of a medium are the sum of its indicators' scores, 0 to 100 (recalled,
medium-high); the total is the root mean square of soil and groundwater (recalled,
medium-high, no source found). What is not known scores in the middle and lowers the
certainty: the share of the achievable score that rests on known answers (proposed).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal

from screening.attention.table import MEDIA, Indicator, Medium, Scheme, ScoreTable

Level = Literal["high", "medium", "low"]
Basis = Literal["register", "answer", "unknown"]
"""Where an option comes from: computed from the register, said on the form, nowhere."""

HIGH_FROM: Final = 70.0
MEDIUM_FROM: Final = 40.0
"""Totals from which attention is high and medium (recalled, high; no source found)."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Between which values an indicator lies, as far as the register can tell.

    Both ends are possible, in the unit of the table's bounds; `high` may be infinite.
    The indicator is known when both ends give the same option.
    """

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """One line of the breakdown: what an indicator scored, and on what basis."""

    indicator: Indicator
    medium: Medium
    score: float
    basis: Basis


@dataclass(frozen=True, slots=True)
class Score:
    """Scores of one plot: by medium and in total, 0 to 100; certainty 0 to 1.

    `ignored` are answers that no indicator of the scheme's table has an option for.
    """

    by_medium: Mapping[Medium, float]
    certainty_by_medium: Mapping[Medium, float]
    total: float
    certainty: float
    lines: tuple[IndicatorScore, ...]
    ignored: tuple[str, ...]


def score_plot(
    table: ScoreTable,
    scheme: Scheme,
    measured: Mapping[str, Measured],
    answers: Mapping[str, Collection[int]],
) -> Score:
    """Return what a plot scores.

    Parameters
    ----------
    measured
        By indicator, what the register tells; it goes before an answer.
    answers
        By indicator, the numbers of the options chosen on the form. Of several (access
        of people) the highest score counts (proposed).
    """
    lines = tuple(
        _score_indicator(indicator, medium, measured, answers)
        for medium in MEDIA
        for indicator in table.indicators[scheme, medium]
    )
    by_medium = {
        medium: sum(line.score for line in lines if line.medium == medium)
        for medium in MEDIA
    }
    certainty = {medium: _certainty(lines, medium) for medium in MEDIA}
    total = sqrt(sum(score**2 for score in by_medium.values()) / len(MEDIA))
    return Score(
        by_medium,
        certainty,
        round(total, 2),
        sum(certainty.values()) / len(MEDIA),
        lines,
        _ignored(lines, answers),
    )


def _score_indicator(
    indicator: Indicator,
    medium: Medium,
    measured: Mapping[str, Measured],
    answers: Mapping[str, Collection[int]],
) -> IndicatorScore:
    found = measured.get(indicator.code)
    if found is not None:
        option = indicator.option_for(found.low)
        if option is not None and option is indicator.option_for(found.high):
            return IndicatorScore(indicator, medium, option.score, "register")
    chosen = [
        indicator.options[number]
        for number in answers.get(indicator.code, ())
        if number in indicator.options
    ]
    known = [option.score for option in chosen if not option.unknown]
    if known:
        return IndicatorScore(indicator, medium, max(known), "answer")
    return IndicatorScore(indicator, medium, indicator.middle_score, "unknown")


def _certainty(lines: tuple[IndicatorScore, ...], medium: Medium) -> float:
    own = [line for line in lines if line.medium == medium]
    whole = sum(line.indicator.max_score for line in own)
    known = sum(line.indicator.max_score for line in own if line.basis != "unknown")
    return known / whole if whole else 0.0


def _ignored(
    lines: tuple[IndicatorScore, ...], answers: Mapping[str, Collection[int]]
) -> tuple[str, ...]:
    options: dict[str, set[int]] = {}
    for line in lines:
        numbers = options.setdefault(line.indicator.code, set())
        numbers.update(line.indicator.options)
    return tuple(
        f"{code}:{number}"
        for code in sorted(answers)
        for number in sorted(answers[code])
        if number not in options.get(code, set())
    )


def find_level(
    total: float, high_from: float = HIGH_FROM, medium_from: float = MEDIUM_FROM
) -> Level:
    """Return the level of attention of a total score; a bound belongs to the level.

    Examples
    --------
    >>> find_level(70.0), find_level(69.99), find_level(39.99)
    ('high', 'medium', 'low')
    """
    if total >= high_from:
        return "high"
    return "medium" if total >= medium_from else "low"
