"""Is the soil of a point on development land over the standard? (core).

建设用地点位评价, GB 36600-2018: what is planned decides which class of land a point
counts for, and the point says it (class_1, class_2). Soil of a plot is investigated to
the depth that matters there, so every depth counts: of each item the results of its
latest day, and of these the highest class (proposed: the standard judges single
results and says nothing of points).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

import numpy as np

from parcels.analytes import PH
from screening.categories.samples import Result, contents_of, has_passed
from screening.standards.judgement import judge_development_land
from screening.standards.limits import Standard

Background = Callable[[str, str], float]
"""Background of an item at a point, mg/kg; NaN where none of the place is known."""


def judge_site_points(
    results: Iterable[Result], standard: Standard, background: Background
) -> dict[str, dict[str, int]]:
    """Return, by point, the class of each item: 1, 2, 3, or 0 where it has none.

    Results that quality control did not pass and pH are left out.
    """
    found: dict[str, dict[str, int]] = {}
    for (point, analyte), chosen in _latest(results).items():
        judged = judge_development_land(
            analyte, contents_of(chosen, None), standard, background(analyte, point)
        )
        worst = int(np.max(judged.classes))
        found.setdefault(point, {})[analyte] = worst
    return found


def _latest(
    results: Iterable[Result],
) -> Mapping[tuple[str, str], Sequence[Result]]:
    """Return, by point and item, the results of the latest day."""
    groups: dict[tuple[str, str], list[Result]] = {}
    for one in results:
        if one.analyte != PH and has_passed(one):
            groups.setdefault((one.point, one.analyte), []).append(one)
    return {
        key: [one for one in group if _day(one) == max(map(_day, group))]
        for key, group in groups.items()
    }


def _day(one: Result) -> date:
    return one.sampled_on or date.min
