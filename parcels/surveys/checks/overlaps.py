"""Does any piece of ground belong to two rows of the file? (core, whole file).

重叠. Complete, not sampled, in the survey's own plane. Only polygons that do not fit
their neighbours (`coverage`) are cut with all they touch (`shared_ground`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from parcels.area import measure_area
from parcels.surveys.checks.coverage import Coverage
from parcels.surveys.checks.shared_ground import (
    NOTHING,
    Pieces,
    Shared,
    cut_in_pieces,
    share_ground,
)
from parcels.surveys.checks.tolerances import TOLERANCES, Tolerances
from parcels.surveys.figures import round_all
from parcels.surveys.issues import Issues

TILED_LAYERS: Final = frozenset({"division", "parcel", "farmland_unit"})
"""Layers whose objects share no ground; divisions, none of one level."""

Indices = npt.NDArray[np.int64]
Areas = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
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
    found: Shared,
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
    used, place = np.unique(np.append(second, first), return_inverse=True)
    mine, other = np.split(shapely.area(coverage.plane[used])[place], 2)
    zh, en = relate(shapely.area(shared), mine, other)
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
                    "area_m2": round_all(area[chosen]),
                    "relation_zh": zh[chosen],
                    "relation_en": en[chosen],
                },
                shapes=stored[chosen],
            )


def relate(
    shared: Areas, mine: Areas, other: Areas
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return how each pair of polygons overlaps, in Chinese and in English.

    Parameters
    ----------
    shared, mine, other
        Areas of what they share, of one and of the other, in one plane.
    """
    inside = (shared >= SAME_SHARE * mine).astype(int)
    around = (shared >= SAME_SHARE * other).astype(int)
    words = np.array(_RELATIONS, dtype=object)[inside + 2 * around]
    return words[:, 0], words[:, 1]


def find_overlaps(coverage: Coverage, tolerances: Tolerances = TOLERANCES) -> Shared:
    """Return pairs of polygons (lower index first) and the ground they share.

    Where tessellations overlap, polygons inside them fit their own neighbours, but
    some polygon at the rim of the overlap does not. From there the search goes on over
    every polygon found to overlap, until it finds no other. A polygon that was asked
    about is not cut again: all it overlaps is known.
    """
    asked = coverage.misfits
    seen = np.zeros(len(coverage.plane), dtype=bool)
    found: list[Shared] = [NOTHING]
    while len(asked):
        found.append(_cut(coverage, asked, seen, tolerances))
        seen[asked] = True
        partners = np.union1d(found[-1].first, found[-1].second)
        asked = partners[~seen[partners]]
    first, second, ground = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.lexsort((second, first))
    return Shared(first[order], second[order], ground[order])


def _cut(
    coverage: Coverage, asked: Indices, seen: Mask, tolerances: Tolerances
) -> Shared:
    """Return what some polygons share with all but those already seen."""
    _, near = coverage.tree.query(shapely.box(*coverage.plane.bounds[asked].T))
    near = np.unique(near)
    rows = np.union1d(asked, near[~seen[near]])
    pieces = cut_in_pieces(coverage.plane[rows])
    owner = rows[pieces.owner]
    ours = np.flatnonzero(np.isin(owner, asked))
    mine, other = shapely.STRtree(pieces.shapes).query(
        pieces.shapes[ours], predicate="intersects"
    )
    pairs = np.column_stack((ours[mine], other))
    pairs = np.sort(pairs[owner[pairs[:, 0]] != owner[pairs[:, 1]]], axis=1)
    one, two = np.unique(pairs, axis=0).T
    # So that the lower row comes first; pieces are in no order of rows.
    swap = owner[one] > owner[two]
    meeting = np.where(swap, two, one), np.where(swap, one, two)
    # Narrower than the survey's millimetre, it is the same boundary.
    least = tolerances.same_line_m / coverage.scale
    pieces = Pieces(pieces.shapes, owner)
    return share_ground(pieces, pieces, meeting, least)


def _at_one_time(found: Shared, periods: npt.NDArray[np.int64]) -> Shared:
    first, second, shared = found
    begin = np.maximum(periods[first, 0], periods[second, 0])
    together = begin < np.minimum(periods[first, 1], periods[second, 1])
    return Shared(first[together], second[together], shared[together])
