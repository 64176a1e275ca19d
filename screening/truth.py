"""Does a condition hold, not hold, or can it not be told? (core).

Three-valued logic after Kleene, as section 8 of the rule table asks: a false part
settles an AND, a true part settles an OR. Beyond the value a truth carries what a
decision has to show: the evidence that made it true, the facts that are missing, and
the stale layers an absence rests on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeVar

T = TypeVar("T")

Cause = Literal[
    "no_coverage", "stale", "border", "not_on_record", "not_declared", "not_comparable"
]
"""Why a fact is not known: the theme is not covered or its data are stale, a feature
of another division lies there (ask that division), the register is silent, the
request is silent, or the record cannot be compared with the request."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that is not known, and why (缺失事实).

    `fact` is a key of `screening.facts.catalogue.FACTS`. `theme` is set for
    `no_coverage`, `stale` and `border`; `division_code` is the county to ask.
    """

    fact: str
    cause: Cause
    theme: str | None = None
    division_code: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A thing of the register that a finding rests on (依据要素).

    `area_m2` is the overlap with the subject, `share` that area over the subject's
    (0 to 1), `distance_m` boundary to boundary; None where it has no meaning. Of
    another division's feature nothing but theme, relation and division is known:
    `feature` is then None. `widened_by_m` is what the distance to a thing known as a
    point was shortened by, for its size and accuracy; None of any other.
    """

    theme: str
    feature: str | None
    relation: str
    category: str | None = None
    area_m2: float | None = None
    share: float | None = None
    distance_m: float | None = None
    division_code: str | None = None
    widened_by_m: float | None = None

    def shown(self) -> dict[str, str | float | None]:
        """Return it as in the HTTP contract; `widened_by_m` only where it is set."""
        shown: dict[str, str | float | None] = {
            "theme": self.theme,
            "feature": self.feature,
            "relation": self.relation,
            "category": self.category,
            "area_m2": self.area_m2,
            "share": self.share,
            "distance_m": self.distance_m,
            "division_code": self.division_code,
        }
        if self.widened_by_m is not None:
            shown["widened_by_m"] = self.widened_by_m
        return shown


@dataclass(frozen=True, slots=True)
class Truth:
    """True, false or unknown, with its reasons.

    Attributes
    ----------
    value
        True, False, or None when it cannot be told.
    missing
        Facts that would settle an unknown value; empty for the other two.
    stale
        Layers past their date on whose silence the value rests: another value might
        follow from fresh data. Empty when something else settles it.
    evidence
        What was found; kept for true and unknown values.

    Examples
    --------
    >>> asked = unknown(Missing("plot_stage", "no_coverage", "plot"))
    >>> (asked & NO).value, (asked | YES).value, (asked & YES).value
    (False, True, None)
    """

    value: bool | None
    missing: tuple[Missing, ...] = ()
    stale: tuple[Missing, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    @property
    def is_true(self) -> bool:
        """Whether it is known to hold."""
        return self.value is True

    @property
    def is_false(self) -> bool:
        """Whether it is known not to hold."""
        return self.value is False

    @property
    def is_unknown(self) -> bool:
        """Whether it cannot be told."""
        return self.value is None

    def __bool__(self) -> bool:
        raise TypeError("a Truth has three values; ask is_true, is_false or is_unknown")

    def __and__(self, other: Truth) -> Truth:
        if self is YES or other is NO:
            return other
        if other is YES or self is NO:
            return self
        return _and(self, other)

    def __or__(self, other: Truth) -> Truth:
        if self is NO:
            return other
        if other is NO:
            return self
        return _or(self, other)

    def __invert__(self) -> Truth:
        if self is NO:
            return YES
        if self is YES:
            return NO
        if self.value is None:
            return self
        return Truth(not self.value, stale=self.stale)


YES: Final = Truth(True)
NO: Final = Truth(False)


def truth(value: bool) -> Truth:
    """Return a known value without evidence."""
    return YES if value else NO


def on_record(value: bool | None, fact: str) -> Truth:
    """Return a recorded value; what is not on record is unknown."""
    if value is None:
        return Truth(None, (Missing(fact, "not_on_record"),))
    return YES if value else NO


def declared(value: bool | None, fact: str) -> Truth:
    """Return a declared value; what is not said is unknown."""
    if value is None:
        return Truth(None, (Missing(fact, "not_declared"),))
    return YES if value else NO


def unknown(*missing: Missing, evidence: tuple[Evidence, ...] = ()) -> Truth:
    """Return the unknown value that waits for these facts."""
    return Truth(None, missing=missing, evidence=evidence)


def _and(left: Truth, right: Truth) -> Truth:
    """Conjunction; a part that is false whatever stale layers hide settles it."""
    false = [part for part in (left, right) if part.value is False]
    for part in false:
        if not part.stale:
            return part
    if false:
        return Truth(False, stale=_union(*(part.stale for part in false)))
    return _merged(None if None in (left.value, right.value) else True, left, right)


def _or(left: Truth, right: Truth) -> Truth:
    """Disjunction; a part that is true whatever stale layers hide settles it."""
    true = [part for part in (left, right) if part.value is True]
    if true:
        settled = any(not part.stale for part in true)
        stale = () if settled else _union(*(part.stale for part in true))
        return Truth(True, (), stale, _union(*(part.evidence for part in true)))
    return _merged(None if None in (left.value, right.value) else False, left, right)


def _merged(value: bool | None, left: Truth, right: Truth) -> Truth:
    return Truth(
        value,
        _union(left.missing, right.missing),
        _union(left.stale, right.stale),
        _union(left.evidence, right.evidence),
    )


def _union(*parts: tuple[T, ...]) -> tuple[T, ...]:
    """Return the members of all parts once, in order of first appearance."""
    filled = [part for part in parts if part]
    if not filled:
        return ()
    if len(filled) == 1:
        return filled[0]
    return tuple(dict.fromkeys(member for part in filled for member in part))
