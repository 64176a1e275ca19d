"""What of a plot's later life does an event that is entered late change? (core).

A later event may depend on another state than the one that follows now; later versions
take over what they do not say themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from parcels.plots.correction_guards import EVENT_OF
from parcels.plots.occurrence import PastEvent, Standing
from parcels.plots.transition import Transition
from parcels.plots.transitions import TRANSITION_OF


def carry_on(
    values: Mapping[str, Any],
    before: Mapping[str, Any],
    later: Sequence[Mapping[str, Any]],
    settled: Sequence[frozenset[str]],
) -> list[dict[str, Any]]:
    """Return what a backdated event changes in each later version, in its order.

    A column goes on as long as later versions still hold what was in force before the
    event; where one of them says something else, or a later event has settled it
    (`settled`, the columns for each later version), that stands.

    Examples
    --------
    >>> rows = [{"a": 1}, {"a": 3}, {"a": 1}]
    >>> carry_on({"a": 2}, {"a": 1}, rows, [frozenset()] * 3)
    [{'a': 2}, {}, {}]
    >>> carry_on({"a": 2}, {"a": 1}, rows[:1], [frozenset({"a"})])
    [{}]
    """
    open_names = [name for name in values if values[name] != before[name]]
    changes: list[dict[str, Any]] = []
    for version, own in zip(later, settled, strict=True):
        open_names = [
            name
            for name in open_names
            if version[name] == before[name] and name not in own
        ]
        changes.append({name: values[name] for name in open_names})
    return changes


def find_clash(transition: Transition, standing: Standing) -> PastEvent | None:
    """Return the first later event that could no longer follow, if there is one."""
    to_stage = transition.to_stage
    later = [
        one
        for one in standing.later
        if not one.withdrawn and one.event != EVENT_OF["event"]
    ]
    if to_stage is not None and to_stage != standing.stage:
        following = next((one for one in later if one.from_stage), None)
        if following is not None and following.from_stage != to_stage:
            return following
    for one in later:
        known = TRANSITION_OF.get(one.event)
        if known is None:
            continue
        if _decides_the_same(transition, known):
            return one if _no_longer_follows(transition, known) else None
    return None


def _decides_the_same(transition: Transition, later: Transition) -> bool:
    """Whether a later event speaks of the flag or list that this one changes."""
    touched = {*transition.enters, *transition.leaves} & {"priority_supervised"}
    if touched & {*later.enters, *later.leaves}:
        return True
    if transition.sets_held is None:
        return False
    return later.needs_held is not None or later.sets_held is not None


def _no_longer_follows(transition: Transition, later: Transition) -> bool:
    if transition.sets_held is not None and later.needs_held is not None:
        return transition.sets_held != later.needs_held
    listing = {"priority_supervised"}
    begins = bool(listing & set(transition.enters)) and bool(
        listing & set(later.enters)
    )
    ends = bool(listing & set(transition.leaves)) and later.event == (
        "priority_supervision_ended"
    )
    return begins or ends
