"""What was found of a theme, and what does finding nothing prove? (core).

Nothing found in a covered layer is a negative. In a layer past its date it is a
negative that rests on old data. In a layer that does not cover the subject it is
unknown, and so it is where a feature of another division lies: of that nothing but the
theme and whom to ask is known.
"""

from __future__ import annotations

from collections.abc import Iterator

from screening.extract import BorderHit, CoverageState, Extract, ExtractItem
from screening.truth import NO, Evidence, Missing, Truth, unknown


def items_on(extract: Extract, theme: str) -> tuple[ExtractItem, ...]:
    """Return what overlaps the subject by more than a sliver."""
    return items_related(extract, theme, "on")


def items_related(
    extract: Extract, theme: str, relation: str
) -> tuple[ExtractItem, ...]:
    """Return the items of a theme that lie so to the subject."""
    result = extract.themes.get(theme)
    # Of most themes nothing is found.
    if result is None or not result.items:
        return ()
    return tuple([item for item in result.items if item.relation == relation])


def evidence_of(item: ExtractItem) -> Evidence:
    """Return the item as a decision shows it."""
    return Evidence(
        item.feature.theme,
        item.feature.code,
        item.relation,
        item.feature.category,
        item.area_m2,
        item.share,
        item.distance_m,
        widened_by_m=item.widened_by_m or None,
    )


def hit(*items: ExtractItem) -> Truth:
    """Return true with these items as evidence."""
    return Truth(True, evidence=tuple(evidence_of(item) for item in items))


def overlap(extract: Extract, theme: str, fact: str) -> Truth:
    """Whether the theme overlaps the subject."""
    found = items_on(extract, theme)
    return hit(*found) if found else absence(extract, theme, fact)


def absence(extract: Extract, theme: str, fact: str) -> Truth:
    """Return what it means that no (other) feature of the theme was found.

    False in a covered layer; false, resting on old data, in a stale one; else unknown.
    """
    across = [
        Missing(fact, "border", theme, border.division_code)
        for border in border_hits(extract, theme)
        if border.relation == "on"
    ]
    if across:
        return unknown(*across, evidence=border_evidence(extract, theme))
    return uncovered(extract, theme, fact)


def uncovered(extract: Extract, theme: str, fact: str) -> Truth:
    """As `absence`, by coverage alone: what lies across a border is left out."""
    states = _states_of_subject(extract, theme)
    asked = {state.division_code for state in states}
    lacking: list[str | None] = [
        *(code for code in extract.subject.division_codes if code not in asked),
        *(s.division_code or None for s in states if s.state == "no_coverage"),
    ]
    if lacking or not states:
        divisions = dict.fromkeys(lacking or [None])
        return unknown(*(Missing(fact, "no_coverage", theme, d) for d in divisions))
    stale = tuple(
        Missing(fact, "stale", theme, state.division_code)
        for state in states
        if state.state == "stale"
    )
    return Truth(False, stale=stale) if stale else NO


def _states_of_subject(extract: Extract, theme: str) -> list[CoverageState]:
    """Return coverage of the ground the subject lies on, not of its surroundings."""
    result = extract.themes.get(theme)
    if result is None:
        return []
    return [
        state
        for state in result.coverage
        if state.reach == "subject" and not (state.part and state.share == 0)
    ]


def border_hits(extract: Extract, theme: str) -> tuple[BorderHit, ...]:
    """Return what lies on or near the subject and belongs to another division."""
    result = extract.themes.get(theme)
    return () if result is None else result.border


def border_evidence(extract: Extract, theme: str) -> tuple[Evidence, ...]:
    """Return those features as far as they may be shown."""
    return tuple(
        Evidence(
            theme,
            None,
            border.relation,
            distance_m=border.within_m,
            division_code=border.division_code,
        )
        for border in border_hits(extract, theme)
    )


def items_within(extract: Extract, theme: str, metres: float) -> Iterator[ExtractItem]:
    """Yield what lies on the subject or at most so far from it; touching counts.

    A thing known only as a point that may reach the subject counts as well.
    """
    result = extract.themes.get(theme)
    for item in result.items if result else ():
        if item.relation != "within" or item.distance_m <= metres:
            yield item
