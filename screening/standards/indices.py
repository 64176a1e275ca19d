"""How strong is the pollution, by the usual indices? (core).

Descriptive only: none of them decides a farmland category or a question of the gate.
Formulas and grades as in the notes on indices; each set of grades carries its mark and
says whether the limit belongs to the lower grade (≤) or to the upper (<).

- single factor P = C / S (单项污染指数; formula verified, grades recalled high)
- accumulation A = C / B (累积指数; formula verified, grades recalled medium)
- Nemerow P_N = √((mean(P)² + max(P)²) / 2) (内梅罗; verified)
- geo-accumulation I_geo = log2(C / 1.5 B) (地累积; verified)
- Hakanson E = T C / B and RI = ΣE (潜在生态危害; formula and RI verified, grades of E
  recalled high)

Non-detects: for statistics half the detection limit stands in (HJ/T 166-2004 section
11.3, recalled high); more than half of them, and no index from a mean is given
(proposed).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2, sqrt
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Grades:
    """Names of grades and where one ends and the next begins (分级).

    Attributes
    ----------
    upper
        Ends of all grades but the last, ascending.
    end_belongs_below
        Whether an end itself is of the lower grade (≤), else of the upper (<).
    """

    names: tuple[str, ...]
    upper: tuple[float, ...]
    end_belongs_below: bool
    confidence: Literal["verified", "recalled", "proposed"]

    def of(self, value: float) -> str:
        """Return the grade of a value.

        Examples
        --------
        >>> NEMEROW.of(0.7), NEMEROW.of(0.71), RISK_INDEX.of(150.0)
        ('clean', 'warning_line', 'moderate')
        """
        for name, end in zip(self.names, self.upper, strict=False):
            if value < end or (self.end_belongs_below and value == end):
                return name
        return self.names[-1]


SINGLE_FACTOR: Final = Grades(
    ("none", "slight", "light", "moderate", "heavy"), (1, 2, 3, 5), True, "recalled"
)
ACCUMULATION: Final = Grades(
    ("none", "light", "moderate", "heavy"), (1.5, 3, 6), True, "recalled"
)
NEMEROW: Final = Grades(
    ("clean", "warning_line", "light", "moderate", "heavy"),
    (0.7, 1.0, 2.0, 3.0),
    True,
    "verified",
)
GEO_ACCUMULATION: Final = Grades(
    ("0", "1", "2", "3", "4", "5", "6"), (0, 1, 2, 3, 4, 5), True, "verified"
)
HAKANSON: Final = Grades(
    ("low", "moderate", "considerable", "high", "very_high"),
    (40, 80, 160, 320),
    False,
    "recalled",
)
RISK_INDEX: Final = Grades(
    ("low", "moderate", "high", "very_high"), (150, 300, 600), False, "verified"
)
TOXIC_RESPONSE: Final[Mapping[str, float]] = {
    "Hg": 40, "Cd": 30, "As": 10, "Pb": 5, "Cu": 5, "Ni": 5, "Cr": 2, "Zn": 1
}  # fmt: skip
"""Factor T of Hakanson by element; verified in three sources."""

MOST_NON_DETECTS: Final = 0.5
"""Share of non-detects above which no index from a mean is given (proposed)."""


def single_factor(content: float, limit: float) -> float:
    """Return P = C / S."""
    return content / limit


def nemerow(ratios: Sequence[float]) -> float:
    """Return the Nemerow index of single-factor indices; ValueError for none.

    Examples
    --------
    >>> nemerow([1.0, 7.0])  # mean 4, greatest 7
    5.70087712549569
    """
    if not ratios:
        raise ValueError("no single-factor index")
    mean = sum(ratios) / len(ratios)
    return sqrt((mean * mean + max(ratios) ** 2) / 2)


def geo_accumulation(content: float, background: float) -> float:
    """Return I_geo = log2(C / (1.5 B)).

    Examples
    --------
    >>> round(geo_accumulation(0.6, 0.1), 9)
    2.0
    """
    return log2(content / (1.5 * background))


def ecological_risk(analyte: str, content: float, background: float) -> float | None:
    """Return E = T C / B; None for an item without a factor.

    Examples
    --------
    >>> ecological_risk("Cd", 0.2, 0.1)
    60.0
    """
    factor = TOXIC_RESPONSE.get(analyte)
    return None if factor is None else factor * content / background


def rescaled_risk_ends(analytes: Sequence[str]) -> tuple[float, ...]:
    """Return the ends of `RISK_INDEX` for another set of elements.

    They were made for eight pollutants with PCB, whose factors sum to 133; for others
    they are scaled by the sum of the factors (recalled, medium: an option).

    Examples
    --------
    >>> [round(end) for end in rescaled_risk_ends(["Hg", "Cd", "As", "Pb", "Cr"])]
    [98, 196, 392]
    """
    total = sum(TOXIC_RESPONSE.get(one, 0.0) for one in analytes)
    return tuple(end * total / _FACTORS_OF_HAKANSON for end in RISK_INDEX.upper)


_FACTORS_OF_HAKANSON: Final = 133.0
"""PCB 40, Hg 40, Cd 30, As 10, Pb 5, Cu 5, Cr 2, Zn 1 (PCB recalled, medium)."""


def stand_in(detection_limit: float) -> float:
    """Return what stands for a non-detect in statistics: half its limit."""
    return detection_limit / 2


def mean_is_fair(non_detects: int, samples: int) -> bool:
    """Whether an index from a mean may be given for so many non-detects.

    Examples
    --------
    >>> mean_is_fair(5, 10), mean_is_fair(6, 10), mean_is_fair(0, 0)
    (True, False, False)
    """
    return samples > 0 and non_detects / samples <= MOST_NON_DETECTS
