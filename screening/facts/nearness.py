"""What of a theme lies how near, and what does finding nothing there prove? (core).

Distances run boundary to boundary, are compared as they are published (0.01 m), and
touching the ring counts as inside. Nothing found is a negative only where every county
the search ring touches covers the theme. Of another division's feature only the ring is
told: it is unknown wherever a part of that ring may count.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Set
from dataclasses import dataclass

from screening.extract import BorderHit, Extract, Feature
from screening.facts.themes import border_evidence, hit
from screening.themes import RINGS_M
from screening.truth import NO, Missing, Truth, unknown


@dataclass(frozen=True, slots=True)
class Nearby:
    """A thing near the subject: how far, of which category, with its evidence.

    `found` is true, or unknown for a thing of another division; `distance_m` is then
    the least it can be.
    """

    distance_m: float
    category: str | None
    found: Truth


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The things of one theme around the subject, nearest first.

    Attributes
    ----------
    things
        Within the search distance of the theme; of other divisions after one's own.
    absence
        What it means that no other thing was found.
    """

    things: tuple[Nearby, ...]
    absence: Truth

    def within(self, metres: float, categories: Set[str] = frozenset()) -> Truth:
        """Whether a thing of these categories lies so near; empty means any.

        Of a thing without a known category it cannot be excluded that it is one.
        """
        result = NO
        for thing in self.things:
            if thing.distance_m > metres:
                continue
            if not categories or thing.category is None or thing.category in categories:
                result = result | thing.found
        return result if result.is_true else result | self.absence


def _category(feature: Feature) -> str | None:
    return feature.category


def surroundings(
    extract: Extract,
    theme: str,
    fact: str,
    counts: Callable[[Feature], bool] = lambda _: True,
    category: Callable[[Feature], str | None] = _category,
    *,
    on_record_only: bool = False,
) -> Surroundings:
    """Return what of a theme lies around the subject, as far as it was searched.

    Parameters
    ----------
    fact
        Fact of the catalogue that is missing where nothing can be told.
    counts, category
        Which features count, and as what; by default all, as the layer classes them.
    on_record_only
        Ask the counties on record only. Else ground of the ring in no county on record
        leaves open what lies there.
    """
    result = extract.themes.get(theme)
    if result is None:
        return Surroundings((), unknown(Missing(fact, "no_coverage", theme)))
    own = [
        Nearby(round(item.distance_m, 2), category(item.feature), hit(item))
        for item in result.items
        if counts(item.feature)
    ]
    own.sort(key=lambda thing: thing.distance_m)
    evidence = border_evidence(extract, theme)
    across = [
        Nearby(
            least_distance_m(border),
            None,
            unknown(
                Missing(fact, "border", theme, border.division_code),
                evidence=(shown,),
            ),
        )
        for border, shown in zip(result.border, evidence, strict=True)
    ]
    absence = absence_around(extract, theme, fact, on_record_only=on_record_only)
    return Surroundings((*own, *across), absence)


def least_distance_m(border: BorderHit) -> float:
    """Return the inner edge of the ring that a thing of another division lies in."""
    if border.within_m is None:
        return 0.0
    place = bisect_left(RINGS_M, border.within_m)
    # Nothing on the inner edge itself: that would have been told by the ring inside.
    return RINGS_M[place - 1] + 0.01 if place else 0.01


def absence_around(
    extract: Extract, theme: str, fact: str, *, on_record_only: bool = False
) -> Truth:
    """Return what silence means in all counties that the search ring touches.

    False in covered ground; false, resting on old data, in stale ground; else unknown.
    """
    result = extract.themes.get(theme)
    states = [
        state
        for state in (result.coverage if result else ())
        if state.division_code or not on_record_only
    ]
    if not states:
        return unknown(Missing(fact, "no_coverage", theme))
    lacking = dict.fromkeys(
        state.division_code or None for state in states if state.state == "no_coverage"
    )
    if lacking:
        return unknown(*(Missing(fact, "no_coverage", theme, d) for d in lacking))
    stale = dict.fromkeys(s.division_code for s in states if s.state == "stale")
    return Truth(False, stale=tuple(Missing(fact, "stale", theme, d) for d in stale))
