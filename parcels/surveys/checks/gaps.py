"""Is there ground between neighbours that belongs to none of them? (core, whole file).

缝隙. Two kinds: a hole in what all polygons cover together, and a strip between two
boundaries that should be one, open at its ends. Narrow ones are faults in every layer
of neighbours; wide holes only where a layer has to cover all the ground. Complete:
every hole is bounded by edges that no neighbour walks backwards. Strips are not looked
for between rows that overlap or face one hole, and no gap where a row lies that
overlaps very many others: that fault is told, and mending it shows the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from parcels.area import measure_area
from parcels.subdivision import boxes_around
from parcels.surveys.checks.coverage import Coverage, Geometries, Indices
from parcels.surveys.checks.crowds import find_met, without_rim
from parcels.surveys.checks.overlaps import Overlaps
from parcels.surveys.checks.parts import is_sliver
from parcels.surveys.checks.shared_ground import Pieces
from parcels.surveys.checks.strips import find_strips, is_wide
from parcels.surveys.checks.tolerances import TOLERANCES, Tolerances
from parcels.surveys.figures import round_all
from parcels.surveys.issues import Issues

_MOST_PAIRS: Final = 100_000
"""Of so many pairs at most the strip between is cut out (a third of a millisecond
each); a file with more is drawn apart as a whole, and its edges are shown instead."""
_ABOUT_M: Final = 1.0
_NAMED: Final = 5
_LISTED: Final = 50
"""How many of a gap's neighbours the sentence names and the details list; all are
counted."""


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """The ground that polygons cover together, as its outlines tell it (覆盖范围).

    Attributes
    ----------
    parts
        Polygons around all that is covered; inside them may lie some that fit their
        neighbours exactly.
    holes
        Ground inside them that belongs to nobody.
    """

    parts: Geometries
    holes: Geometries


def check_gaps(
    coverage: Coverage,
    cover: Cover,
    overlaps: Overlaps,
    rows: npt.NDArray[np.int32],
    codes: npt.NDArray[Any],
    *,
    tiling: bool,
    tolerances: Tolerances = TOLERANCES,
) -> Iterator[Issues]:
    """Give an issue for each gap, named by the first row beside it, shown as polygon.

    Parameters
    ----------
    cover
        What `find_cover` found.
    overlaps
        What `find_overlaps` found.
    rows, codes
        Row number and code of each polygon.
    tiling
        Whether the layer covers all its ground, so that wide holes are gaps, too.
    """
    holes = cover.holes
    narrow = is_sliver(holes, coverage.srid, tolerances)
    shown = holes if tiling else holes[narrow]
    told = np.concatenate(
        (_keys(coverage, overlaps.first, overlaps.second), _around(coverage, shown))
    )
    first, second = _untold(coverage, told)
    strips: Geometries = np.empty(0, dtype=object)
    if len(first) > _MOST_PAIRS:
        yield _not_shared(coverage, first, second, rows)
    else:
        strips = find_strips(coverage, first, second, tolerances)
    thin = np.concatenate((holes[narrow], strips))
    for kind, gaps in (("gap_narrow", thin), ("gap", holes[~narrow])):
        if len(gaps) and (tiling or kind == "gap_narrow"):
            yield _tell(kind, gaps, coverage, rows, codes)


def find_cover(coverage: Coverage, tolerances: Tolerances = TOLERANCES) -> Cover:
    """Return what polygons with unmatched edges and those near them cover together.

    And its holes. No hole is partly filled: between a polygon that fills it and a gap
    beside there would be an unmatched edge, and that polygon were one of them. Those
    near are needed where four polygons meet: the two beside a gap may touch in that
    point only, and the fourth closes the ring around it.
    """
    if not len(coverage.near):
        return Cover(np.empty(0, dtype=object), np.empty(0, dtype=object))
    parts = _unite(coverage)
    rings, part = shapely.get_rings(parts, return_index=True)
    hole = np.append(False, part[1:] == part[:-1])
    holes = _without_islands(shapely.polygons(rings[hole]), parts)
    holes = holes[is_wide(holes, coverage, tolerances)]
    kept = ~meets_crowd(holes, coverage)
    kept[coverage.tree.find_covered(shapely.point_on_surface(holes))] = False
    return Cover(parts, holes[kept])


def _unite(coverage: Coverage) -> Geometries:
    """Return the polygons around what those with unmatched edges and near them cover.

    Of those that fit their neighbours the shared edges are simply left out, a twentieth
    of the work of a union.
    """
    fitting = np.setdiff1d(coverage.near, coverage.misfits, assume_unique=True)
    united = shapely.coverage_union_all(coverage.plane[fitting])
    # Part by part: of one row with very many the union would join each to all others.
    parts: Geometries = shapely.get_parts([united, *coverage.plane[coverage.misfits]])
    if len(coverage.misfits):
        parts = shapely.get_parts(shapely.disjoint_subset_union_all(parts))
    return parts


def meets_crowd(ground: Geometries, coverage: Coverage) -> npt.NDArray[np.bool_]:
    """Tell which ground is partly covered by polygons that overlap very many others."""
    met = np.zeros(len(ground), dtype=bool)
    if len(coverage.crowded):
        crowd = coverage.plane.cut(coverage.crowded)
        narrow = TOLERANCES.same_line_m / coverage.scale
        beyond = len(coverage.plane)
        asked = Pieces(ground, beyond + np.arange(len(ground)))
        found = find_met(asked, without_rim(crowd, narrow), most=0)
        met[found.rows[found.counts > 0] - beyond] = True
    return met


def _without_islands(holes: Geometries, parts: Geometries) -> Geometries:
    """Return the holes less what stands alone inside them.

    Islands are taken without their own holes, which are among `holes` themselves.
    """
    islands = shapely.point_on_surface(parts)
    hole, island = shapely.STRtree(islands).query(holes, predicate="intersects")
    met, group = np.unique(hole, return_inverse=True)
    if len(met):
        filled = shapely.polygons(shapely.get_exterior_ring(parts[island]))
        inside = shapely.geometrycollections(filled, indices=group)
        inside = shapely.union_all(inside[:, None], axis=1)
        holes[met] = shapely.difference(holes[met], inside)
    pieces = shapely.get_parts(holes)
    polygons: Geometries = pieces[shapely.get_type_id(pieces) == 3]
    return polygons


def _keys(coverage: Coverage, first: Indices, second: Indices) -> Indices:
    """Return a number for each pair of polygons."""
    count = len(coverage.plane)
    return np.minimum(first, second) * count + np.maximum(first, second)


def _around(coverage: Coverage, holes: Geometries) -> Indices:
    """Return the pairs of misfits, near each other, that a hole lies between."""
    hole, beside = _touching(holes, coverage)
    first, second = _facing(coverage)
    mine, other = coverage.misfits[first], coverage.misfits[second]
    count = np.bincount(beside, minlength=len(coverage.plane))
    # The one with fewer holes is asked whether the other lies beside one of them.
    swap = count[mine] > count[other]
    few, many = np.where(swap, other, mine), np.where(swap, mine, other)
    order = np.argsort(beside, kind="stable")
    start = np.searchsorted(beside[order], few)
    pair = np.repeat(np.arange(len(few)), count[few])
    step = np.arange(len(pair)) - np.repeat(
        np.cumsum(count[few]) - count[few], count[few]
    )
    asked = hole[order][start[pair] + step]
    both = np.isin(many[pair] * len(holes) + asked, beside * len(holes) + hole)
    same = np.unique(pair[both])
    return _keys(coverage, mine[same], other[same])


def _facing(coverage: Coverage) -> tuple[Indices, Indices]:
    """Return pairs of misfits whose edges may come near each other, as their indices.

    Touching boxes are enough here; `find_strips` measures.
    """
    boxes = boxes_around(coverage.edges, TOLERANCES.sliver_width_m / coverage.scale)
    first, second = shapely.STRtree(boxes).query(boxes)
    once = first < second
    return first[once], second[once]


def _untold(coverage: Coverage, told: Indices) -> tuple[Indices, Indices]:
    """Return pairs of misfits (their indices) that have no issue between them yet."""
    first, second = _facing(coverage)
    asked = _keys(coverage, coverage.misfits[first], coverage.misfits[second])
    silent = ~np.isin(asked, told)
    return first[silent], second[silent]


def _not_shared(
    coverage: Coverage,
    first: Indices,
    second: Indices,
    rows: npt.NDArray[np.int32],
) -> Issues:
    """Show the edges themselves, where a whole file is drawn apart."""
    faulty = np.union1d(first, second)
    shapes = coverage.to_storage(coverage.edges[faulty])
    return Issues("boundary_not_shared", rows[coverage.misfits[faulty]], shapes=shapes)


def _tell(
    kind: str,
    gaps: Geometries,
    coverage: Coverage,
    rows: npt.NDArray[np.int32],
    codes: npt.NDArray[Any],
) -> Issues:
    neighbours = list_beside(gaps, coverage, rows, or_nearest=True)
    stored = coverage.to_storage(gaps)
    area = measure_area(stored)
    width = 2 * shapely.area(gaps) / shapely.length(gaps) * coverage.scale
    return Issues(
        kind,
        np.array([rows[one[0]] for one in neighbours], dtype=np.int32),
        details={
            "code": [codes[one[0]] for one in neighbours],
            "area_m2": round_all(area, 4),
            "width_m": round_all(width, 3),
            "others": [_named(one[1:], rows, codes) for one in neighbours],
            "others_count": [len(one) - 1 for one in neighbours],
            "other_rows": [rows[one[1 : _LISTED + 1]].tolist() for one in neighbours],
        },
        shapes=stored,
    )


def list_beside(
    gaps: Geometries,
    coverage: Coverage,
    rows: npt.NDArray[np.int32],
    *,
    or_nearest: bool = False,
) -> list[Indices]:
    """Return the polygons beside each piece of ground, in the order of the file.

    Parameters
    ----------
    or_nearest
        Whether ground that touches none gets the nearest: where polygons that all but
        touch were joined, it may lie a tenth of a millimetre off all of them.
    """
    gap, beside = _touching(gaps, coverage)
    alone = np.setdiff1d(np.arange(len(gaps)), gap)
    if or_nearest and len(alone):
        _, near = coverage.tree.query(
            boxes_around(gaps[alone], _ABOUT_M / coverage.scale)
        )
        near = np.unique(near)
        off, nearest = shapely.STRtree(coverage.plane[near]).query_nearest(gaps[alone])
        gap, beside = np.append(gap, alone[off]), np.append(beside, near[nearest])
    order = np.lexsort((rows[beside], gap))
    gap, beside = gap[order], beside[order]
    starts = np.searchsorted(gap, np.arange(len(gaps) + 1))
    return [beside[begin:end] for begin, end in zip(starts, starts[1:], strict=False)]


def _touching(ground: Geometries, coverage: Coverage) -> tuple[Indices, Indices]:
    """Return pairs of a piece of ground and a polygon beside it, as their indices."""
    near = 1e-6 / coverage.scale
    _, met = coverage.tree.query(boxes_around(ground, near))
    asked = np.unique(met)
    parts = coverage.plane.cut(asked)
    tree = shapely.STRtree(parts.shapes)
    piece, part = tree.query(ground, predicate="dwithin", distance=near)
    pairs = np.unique(np.column_stack((piece, parts.owner[part])), axis=0)
    return pairs[:, 0], pairs[:, 1]


def _named(
    others: Indices, rows: npt.NDArray[np.int32], codes: npt.NDArray[Any]
) -> str:
    named = [f"{rows[one]} ({codes[one] or '-'})" for one in others[:_NAMED].tolist()]
    return ", ".join(named) + (" …" if len(others) > _NAMED else "")
