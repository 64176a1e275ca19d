"""Does produce move a unit to another class? (core): 农产品辅助判定.

Rule A (verified in code that follows the guideline), per unit and element, with n
produce points of which n1 and n3 are of class 1 and 3:

- class 1 stays class 1;
- fewer than 3 points move nothing;
- class 2 becomes 1 when no point is above class 1;
- class 3 becomes 2 when no point is of class 3 and at least 65 % are of class 1.

Rule B (recalled, medium) differs below 3 points: class 3 becomes 2 when there is a
point and all comply. Points of adjacent units may be counted there, which is a rule of
its own (`B_adjacent`). Produce never makes a class stricter, and moves it by one at
most.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from screening.categories.material import Classes
from screening.categories.settings import Settings

Counts = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int64]


def adjust(
    soil: Classes, produce: Counts, settings: Settings, around: Counts | None = None
) -> Classes:
    """Return the class of each unit and element after produce is looked at.

    Parameters
    ----------
    soil
        `(n, elements)` classes by soil.
    produce
        `(n, elements, 3)` numbers of produce points of class 1, 2, 3.
    around
        The same of the adjacent units; they count where a unit has too few of its own
        (`B_adjacent`).
    """
    clean, some, bad = produce[..., 0], produce[..., 1], produce[..., 2]
    total = clean + some + bad
    enough = total >= settings.least_produce_points
    share = clean / np.maximum(total, 1)
    adjusted = soil.copy()
    adjusted[(soil == 2) & enough & (some + bad == 0)] = 1
    compliant = share >= settings.produce_compliant_share
    adjusted[(soil == 3) & enough & (bad == 0) & compliant] = 2
    if settings.produce_rule != "A":
        counted = produce if around is None else produce + around
        known = counted.sum(axis=-1)
        few = (known > 0) & ~enough & (counted[..., 0] == known)
        adjusted[(soil == 3) & few] = 2
    return adjusted


def wants_around(soil: Classes, produce: Counts, settings: Settings) -> Indices:
    """Return the units for which points of adjacent units count, in order."""
    if settings.produce_rule != "B_adjacent":
        return np.zeros(0, np.int64)
    few = produce.sum(axis=-1) < settings.least_produce_points
    return np.flatnonzero(((soil == 3) & few).any(axis=1))


def combined(classes: Classes) -> Classes:
    """Return the worst class over the elements (综合类别); 0 where it is not known.

    Class 3 of one element is enough; else every element must be known.

    Examples
    --------
    >>> combined(np.array([[1, 2, 1], [1, 0, 1], [3, 0, 1]], np.int8)).tolist()
    [2, 0, 3]
    """
    worst = classes.max(axis=1)
    open_ones = (classes == 0).any(axis=1) & (worst < 3)
    return np.where(open_ones, 0, worst).astype(np.int8)


def target_pollutants(classes: Classes, names: tuple[str, ...]) -> list[str]:
    """Return the elements that make a unit's category (目标污染物); none in class 1.

    Proposed: every element whose own class equals the combined one, when above 1.

    Examples
    --------
    >>> target_pollutants(np.array([1, 2, 1, 1, 1]), ("Cd", "Hg", "As", "Pb", "Cr"))
    ['Hg']
    """
    worst = classes.max()
    if worst <= 1:
        return []
    return [name for name, one in zip(names, classes, strict=True) if one == worst]
