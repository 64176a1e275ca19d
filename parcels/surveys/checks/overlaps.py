"""Does any piece of ground belong to two rows of the file? (core, whole file).

重叠. Complete, not sampled, in the survey's own plane. Only polygons that do not fit
their neighbours (`coverage`) are cut with all they touch.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from parcels.area import measure_area, round_area
from parcels.surveys.checks.coverage import Coverage
from parcels.surveys.checks.tolerances import TOLERANCES, Tolerances
from parcels.surveys.issues import Issues

TILED_LAYERS: Final = frozenset({"division", "parcel", "farmland_unit"})
"""Layers whose objects share no ground; divisions, none of one level."""

Geometries = npt.NDArray[Any]
Indices = npt.NDArray[np.int64]
Pairs = tuple[Indices, Indices, Geometries]
SAME_SHARE: Final = 0.999
"""Share of a polygon from which on it is wholly inside the other one (project
default): two surveys of one boundary never agree to the last bit."""
_RELATIONS: Final = (
    ("部分重叠", "partly"),
    ("该行在另一行之内", "this row lies inside the other"),
    ("另一行在该行之内", "the other row lies inside this one"),
    ("两行图形相同", "both rows draw the same ground"),
)


def check_overlaps(
    coverage: Coverage,
    found: Pairs,
    rows: npt.NDArray[np.int32],
    codes: npt.NDArray[Any],
    periods: npt.NDArray[np.int64],
    tolerances: Tolerances = TOLERANCES,
) -> Iterator[Issues]:
    """Give an issue for each pair of rows that share ground, told with the later row.

    Each names both rows and both codes; nobody can say which of them is wrong.

    Parameters
    ----------
    found
        What `find_overlaps` found.
    rows, codes
        Row number and code of each.
    periods
        `(n, 2)` first day of validity and the day it ends, as numbers. Two rows that do
        not hold on the same day may share ground.
    """
    first, second, shared = _at_one_time(found, periods)
    if not len(first):
        return
    stored = coverage.to_storage(shared)
    area = measure_area(stored, "drawn")
    plane = coverage.plane
    zh, en = relate(shared, plane[second], plane[first])
    for kind, chosen in (
        ("overlap", area > tolerances.overlap_error_m2),
        ("overlap_slight", area <= tolerances.overlap_error_m2),
    ):
        if chosen.any():
            yield Issues(
                kind,
                rows[second[chosen]],
                details={
                    "code": codes[second[chosen]].tolist(),
                    "other_row": rows[first[chosen]].tolist(),
                    "other_code": codes[first[chosen]].tolist(),
                    "area_m2": [round_area(one) for one in area[chosen]],
                    "relation_zh": zh[chosen],
                    "relation_en": en[chosen],
                },
                shapes=stored[chosen],
            )


def relate(
    shared: Geometries, mine: Geometries, other: Geometries
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return how each pair of polygons overlaps, in Chinese and in English.

    Shares are of the areas in their own plane.
    """
    area = shapely.area(shared)
    inside = (area >= SAME_SHARE * shapely.area(mine)).astype(int)
    around = (area >= SAME_SHARE * shapely.area(other)).astype(int)
    words = np.array(_RELATIONS, dtype=object)[inside + 2 * around]
    return words[:, 0], words[:, 1]


def find_overlaps(coverage: Coverage, tolerances: Tolerances = TOLERANCES) -> Pairs:
    """Return pairs of polygons (lower index first) and the ground they share.

    Where tessellations overlap, polygons inside them fit their own neighbours, but
    some polygon at the rim of the overlap does not. From there the search goes on over
    every polygon found to overlap, until it finds no other.
    """
    asked = coverage.misfits
    seen = np.zeros(len(coverage.plane), dtype=bool)
    found: list[Pairs] = []
    while len(asked):
        seen[asked] = True
        found.append(_cut(coverage, asked, tolerances))
        partners = np.unique(np.concatenate(found[-1][:2]))
        asked = partners[~seen[partners]]
    return _distinct(found)


def _cut(coverage: Coverage, asked: Indices, tolerances: Tolerances) -> Pairs:
    plane = coverage.plane
    mine, other = coverage.tree.query(plane[asked], predicate="intersects")
    pairs = np.sort(np.column_stack((asked[mine], other)), axis=1)
    pairs = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
    shared = shapely.intersection(plane[pairs[:, 0]], plane[pairs[:, 1]])
    # Narrower on average than the survey's millimetre, it is the same boundary.
    area, perimeter = shapely.area(shared), shapely.length(shared)
    least = tolerances.same_line_m / coverage.scale
    wide = (area > 0) & (2 * area > least * perimeter)
    return pairs[wide, 0], pairs[wide, 1], shared[wide]


def _distinct(found: list[Pairs]) -> Pairs:
    """Join the rounds of the search; a pair found from both sides counts once."""
    if not found:
        nobody = np.empty(0, np.int64)
        return nobody, nobody, np.empty(0, dtype=object)
    first, second, shared = (np.concatenate(part) for part in zip(*found, strict=True))
    _, once = np.unique(np.column_stack((first, second)), axis=0, return_index=True)
    return first[once], second[once], shared[once]


def _at_one_time(found: Pairs, periods: npt.NDArray[np.int64]) -> Pairs:
    first, second, shared = found
    begin = np.maximum(periods[first, 0], periods[second, 0])
    together = begin < np.minimum(periods[first, 1], periods[second, 1])
    return first[together], second[together], shared[together]
