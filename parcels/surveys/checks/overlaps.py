"""Does any piece of ground belong to two rows of the file? (core, whole file).

重叠. Complete, not sampled, in the survey's own plane. Only polygons that do not fit
their neighbours (`coverage`) are cut with all they touch (`shared_ground`).

Every pair is told, but of rows that overlap very many others (`crowds`): each of them
is told with some, and with how many there are. No row that overlaps any is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from parcels.area import measure_area
from parcels.surveys.checks.coverage import Coverage
from parcels.surveys.checks.crowds import (
    MOST_MET,
    Together,
    find_crowded,
    find_met,
    without_rim,
)
from parcels.surveys.checks.shared_ground import (
    NOTHING,
    Pieces,
    Shared,
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
_TOLD_TOGETHER: Final = 500_000
_TOLD_EACH: Final = 5
"""Pairs of crowded rows that are told in all, and of each at most."""
_RELATIONS: Final = (
    ("部分重叠", "partly"),
    ("该行在另一行之内", "this row lies inside the other"),
    ("另一行在该行之内", "the other row lies inside this one"),
    ("两行图形相同", "both rows draw the same ground"),
)


class Overlaps(NamedTuple):
    """Rows that share ground on a common day, by their indices.

    Attributes
    ----------
    first, second, ground
        Pairs, the lower index first, and the ground each pair shares.
    crowded
        Rows that overlap more others than are told pair by pair for certain.
    counts, exact
        With how many each of these shares ground, and whether that was counted.
    """

    first: Indices
    second: Indices
    ground: npt.NDArray[Any]
    crowded: Indices
    counts: Indices
    exact: Mask


def check_overlaps(
    coverage: Coverage,
    found: Overlaps,
    rows: npt.NDArray[np.int32],
    codes: npt.NDArray[Any],
    tolerances: Tolerances = TOLERANCES,
) -> Iterator[Issues]:
    """Give an issue for each pair of rows that share ground, told with the later row.

    Each names both rows and both codes; nobody can say which of them is wrong. Rows
    that overlap very many others have an issue that says so.

    Parameters
    ----------
    rows, codes
        Row number and code of each.
    """
    yield from _tell_crowded(found, rows, codes)
    first, second, shared = found[:3]
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


def _tell_crowded(
    found: Overlaps, rows: npt.NDArray[np.int32], codes: npt.NDArray[Any]
) -> Iterator[Issues]:
    told = np.bincount(np.append(found.first, found.second), minlength=len(rows))
    told = told[found.crowded]
    many = (found.counts > told) | (found.counts > MOST_MET)
    if many.any():
        crowded, exact = found.crowded[many], found.exact[many]
        yield Issues(
            "overlap_many",
            rows[crowded],
            details={
                "code": codes[crowded].tolist(),
                "count": found.counts[many],
                "about_zh": np.where(exact, "", "约").astype(object),
                "about_en": np.where(exact, "", "about ").astype(object),
                "told": told[many],
            },
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


def find_overlaps(
    coverage: Coverage,
    periods: npt.NDArray[np.int64],
    tolerances: Tolerances = TOLERANCES,
) -> Overlaps:
    """Return which polygons share ground, and the ground they share.

    Where tessellations overlap, polygons inside them fit their own neighbours, but
    some polygon at the rim of the overlap does not. From there the search goes on over
    every polygon found to overlap, until it finds no other. A polygon that was cut is
    not cut again: all it overlaps is known. Of crowded ones the search goes on over
    whatever they meet.

    Parameters
    ----------
    periods
        `(n, 2)` first day of validity and the day it ends, as numbers. Two rows that do
        not hold on the same day may share ground.
    """
    narrow = tolerances.same_line_m / coverage.scale
    asked = np.union1d(coverage.misfits, coverage.crowded)
    cut, crowded, seen = np.zeros((3, len(coverage.plane)), dtype=bool)
    found: list[Shared] = [NOTHING]
    while len(asked):
        full = find_crowded(coverage.plane, coverage.tree, asked, narrow)
        crowded[full] = seen[asked] = True
        plain = np.setdiff1d(asked, full, assume_unique=True)
        found.append(_cut(coverage, plain, cut, narrow))
        cut[plain] = True
        partners = np.concatenate(
            (*found[-1][:2], _meeting(coverage, full, seen, narrow))
        )
        asked = np.unique(partners[~seen[partners]])
    together = _at_one_time(periods)
    many, among = _find_many(coverage, np.flatnonzero(crowded), together, narrow)
    shared = [np.concatenate(part) for part in zip(*found, among, strict=True)]
    kept = together(*shared[:2])
    first, second, ground = (part[kept] for part in shared)
    order = np.lexsort((second, first))
    return Overlaps(first[order], second[order], ground[order], *many)


def _cut(coverage: Coverage, asked: Indices, cut: Mask, narrow: float) -> Shared:
    """Return what some polygons share with all but those that were cut before."""
    if not len(asked):
        return NOTHING
    _, near = coverage.tree.query(shapely.box(*coverage.plane.bounds[asked].T))
    near = np.unique(near)
    pieces = coverage.plane.cut(np.union1d(asked, near[~cut[near]]))
    ours = np.flatnonzero(np.isin(pieces.owner, asked))
    mine, other = shapely.STRtree(pieces.shapes).query(
        pieces.shapes[ours], predicate="intersects"
    )
    return _share(pieces, ours[mine], other, narrow)


def _share(pieces: Pieces, one: Indices, two: Indices, narrow: float) -> Shared:
    """Return the ground of pairs of pieces, given in any order, the lower row first."""
    owner = pieces.owner
    pairs = np.sort(np.column_stack((one, two)), axis=1)
    pairs = pairs[owner[pairs[:, 0]] != owner[pairs[:, 1]]]
    one, two = np.unique(pairs, axis=0).T
    # Pieces are in no order of rows.
    swap = owner[one] > owner[two]
    meeting = np.where(swap, two, one), np.where(swap, one, two)
    # Narrower than the survey's millimetre, it is the same boundary.
    return share_ground(pieces, pieces, meeting, narrow)


def _meeting(coverage: Coverage, full: Indices, seen: Mask, narrow: float) -> Indices:
    """Return the rows not yet seen that share ground with a crowded one."""
    if not len(full):
        return full
    near = coverage.tree.find_near(coverage.plane.bounds[full])
    near = near[~seen[near]]
    whole = coverage.plane.cut(np.append(near, full))
    inner = without_rim(whole, narrow)
    fresh = np.isin(whole.owner, near)
    met = find_met(_some(inner, fresh), _some(inner, ~fresh), most=0)
    return met.rows[met.counts > 0]


def _find_many(
    coverage: Coverage, crowded: Indices, together: Together, narrow: float
) -> tuple[tuple[Indices, Indices, Mask], Shared]:
    """Return how many others crowded rows overlap, and some pairs among themselves.

    What they share with others is known from those.
    """
    if not len(crowded):
        return (crowded, crowded, np.empty(0, dtype=bool)), NOTHING
    near = coverage.tree.find_near(coverage.plane.bounds[crowded])
    pieces = coverage.plane.cut(near)
    ours = np.flatnonzero(np.isin(pieces.owner, crowded))
    inner = without_rim(pieces, narrow)
    keep = min(max(_TOLD_TOGETHER // len(crowded), 1), _TOLD_EACH)
    met = find_met(_some(inner, ours), inner, together=together, keep=keep)
    among = np.isin(pieces.owner[met.other], crowded)
    shared = _share(pieces, ours[met.mine[among]], met.other[among], narrow)
    return (met.rows, met.counts, met.exact), shared


def _some(pieces: Pieces, chosen: Any) -> Pieces:
    return Pieces(pieces.shapes[chosen], pieces.owner[chosen])


def _at_one_time(periods: npt.NDArray[np.int64]) -> Together:
    """Return what tells of pairs of rows which of them hold on a common day."""

    def together(first: Indices, second: Indices) -> Mask:
        begin = np.maximum(periods[first, 0], periods[second, 0])
        common: Mask = begin < np.minimum(periods[first, 1], periods[second, 1])
        return common

    return together
