"""Is there ground between neighbours that belongs to none of them? (core, whole file).

缝隙. Two kinds: a hole in what all polygons cover together, and a strip between two
boundaries that should be one, open at its ends. Narrow ones are faults in every layer
of neighbours; wide holes only where a layer has to cover all the ground. Complete:
every hole is bounded by edges that no neighbour walks backwards. Strips are not looked
for between rows that overlap or face one hole: that fault is told, and mending it shows
the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from parcels.area import measure_area
from parcels.crs import transform_to_storage
from parcels.surveys.checks.coverage import Coverage, Geometries, Indices
from parcels.surveys.checks.overlaps import Pairs
from parcels.surveys.checks.parts import is_sliver
from parcels.surveys.checks.tolerances import TOLERANCES, Tolerances
from parcels.surveys.issues import Issues

_ALONG_SHARE: Final = 0.3
_MOST_PAIRS: Final = 100_000
"""Of so many pairs at most the strip between is cut out (a third of a millisecond
each); a file with more is drawn apart as a whole, and its edges are shown instead."""
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
    overlaps: Pairs,
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
    told = np.concatenate((_keys(coverage, *overlaps[:2]), _around(coverage, holes)))
    first, second = _untold(coverage, told)
    strips: Geometries = np.empty(0, dtype=object)
    if len(first) > _MOST_PAIRS:
        yield _not_shared(coverage, first, second, rows)
    else:
        strips = _strips(coverage, first, second, tolerances)
    thin = np.concatenate((holes[narrow], strips))
    for kind, gaps in (("gap_narrow", thin), ("gap", holes[~narrow])):
        if len(gaps) and (tiling or kind == "gap_narrow"):
            yield _tell(kind, gaps, coverage, rows, codes)


def find_cover(coverage: Coverage, tolerances: Tolerances = TOLERANCES) -> Cover:
    """Return what polygons with unmatched edges cover together, and its holes.

    No hole is partly filled: between a polygon that fills it and a gap beside there
    would be an unmatched edge, and that polygon were one of them.
    """
    asked = np.union1d(coverage.unmatched, coverage.misfits)
    if not len(asked):
        return Cover(np.empty(0, dtype=object), np.empty(0, dtype=object))
    union = shapely.disjoint_subset_union_all(coverage.plane[asked])
    parts = shapely.get_parts(union)
    rings, part = shapely.get_rings(parts, return_index=True)
    hole = np.append(False, part[1:] == part[:-1])
    holes = _without_islands(shapely.polygons(rings[hole]), parts)
    holes = holes[is_wide(holes, coverage, tolerances)]
    inside, _ = coverage.tree.query(
        shapely.point_on_surface(holes), predicate="intersects"
    )
    kept = np.ones(len(holes), dtype=bool)
    kept[inside] = False
    return Cover(parts, holes[kept])


def _without_islands(holes: Geometries, parts: Geometries) -> Geometries:
    """Return the holes less what stands alone inside them."""
    islands = shapely.point_on_surface(parts)
    hole, island = shapely.STRtree(islands).query(holes, predicate="intersects")
    met, group = np.unique(hole, return_inverse=True)
    if len(met):
        inside = shapely.geometrycollections(parts[island], indices=group)
        inside = shapely.union_all(inside[:, None], axis=1)
        holes[met] = shapely.difference(holes[met], inside)
    pieces = shapely.get_parts(holes)
    polygons: Geometries = pieces[shapely.get_type_id(pieces) == 3]
    return polygons


def is_wide(
    polygons: Geometries, coverage: Coverage, tolerances: Tolerances
) -> npt.NDArray[np.bool_]:
    """Tell which polygons are more than the same boundary drawn twice."""
    least = tolerances.same_line_m / coverage.scale
    area, perimeter = shapely.area(polygons), shapely.length(polygons)
    wide: npt.NDArray[np.bool_] = 2 * area > least * perimeter
    return wide


def _keys(coverage: Coverage, first: Indices, second: Indices) -> Indices:
    """Return a number for each pair of polygons."""
    count = len(coverage.plane)
    return np.minimum(first, second) * count + np.maximum(first, second)


def _around(coverage: Coverage, holes: Geometries) -> Indices:
    """Return the pairs of misfits, near each other, that a hole lies between."""
    near = 1e-6 / coverage.scale
    hole, beside = coverage.tree.query(holes, predicate="dwithin", distance=near)
    # A polygon beside several holes counts for the last: enough to leave most out.
    label = np.full(len(coverage.plane), -1)
    label[beside] = hole
    first, second = _facing(coverage)
    mine, other = coverage.misfits[first], coverage.misfits[second]
    same = (label[mine] == label[other]) & (label[mine] >= 0)
    return _keys(coverage, mine[same], other[same])


def _facing(coverage: Coverage) -> tuple[Indices, Indices]:
    """Return pairs of misfits whose edges may come near each other, as their indices.

    Touching boxes are enough here; `_strips` measures.
    """
    bounds = shapely.bounds(coverage.edges)
    width = TOLERANCES.sliver_width_m / coverage.scale
    boxes = shapely.box(*(bounds + [-width, -width, width, width]).T)
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
    shapes = transform_to_storage(coverage.edges[faulty], coverage.srid)
    return Issues("boundary_not_shared", rows[coverage.misfits[faulty]], shapes=shapes)


def _strips(
    coverage: Coverage, first: Indices, second: Indices, tolerances: Tolerances
) -> Geometries:
    """Return the narrow ground between edges that face each other, open at an end."""
    width = tolerances.sliver_width_m / coverage.scale
    used, place = np.unique(np.concatenate((first, second)), return_inverse=True)
    reach = shapely.buffer(
        coverage.edges[used], width, cap_style="flat", join_style="mitre"
    )
    mine, other = reach[place[: len(first)]], reach[place[len(first) :]]
    between = shapely.intersection(mine, other)
    pieces, owner = shapely.get_parts(cut_covered(coverage, between), return_index=True)
    kept = shapely.get_type_id(pieces) == 3
    kept &= is_wide(pieces, coverage, tolerances)
    pieces, owner = pieces[kept], owner[kept]
    return _joined(pieces[_lies_between(pieces, coverage, first[owner], second[owner])])


def cut_covered(coverage: Coverage, between: Geometries) -> Geometries:
    """Return pieces of ground less what polygons lie on them."""
    owner, index = coverage.tree.query(between, predicate="intersects")
    met, group = np.unique(owner, return_inverse=True)
    covered: Geometries = np.full(len(between), shapely.Polygon(), dtype=object)
    if len(met):
        groups = shapely.geometrycollections(coverage.plane[index], indices=group)
        covered[met] = shapely.union_all(groups[:, None], axis=1)
    bare: Geometries = shapely.difference(between, covered)
    return bare


def _lies_between(
    polygons: Geometries, coverage: Coverage, first: Indices, second: Indices
) -> npt.NDArray[np.bool_]:
    """Tell which pieces lie along both edges, not at a corner where they cross.

    There the piece is a parallelogram with a quarter of its length along each.
    """
    sides = [
        shapely.length(
            shapely.intersection(
                shapely.boundary(polygons),
                shapely.buffer(coverage.edges[one], 1e-6 / coverage.scale),
            )
        )
        for one in (first, second)
    ]
    least = _ALONG_SHARE * shapely.length(polygons)
    along: npt.NDArray[np.bool_] = np.minimum(*sides) > least
    return along


def _joined(strips: Geometries) -> Geometries:
    """Return each piece of ground once, though several pairs of edges face it."""
    if not len(strips):
        return strips
    parts: Geometries = shapely.get_parts(shapely.disjoint_subset_union_all(strips))
    return parts


def _tell(
    kind: str,
    gaps: Geometries,
    coverage: Coverage,
    rows: npt.NDArray[np.int32],
    codes: npt.NDArray[Any],
) -> Issues:
    neighbours = list_beside(gaps, coverage, rows)
    stored = transform_to_storage(gaps, coverage.srid)
    area = measure_area(stored)
    width = 2 * shapely.area(gaps) / shapely.length(gaps) * coverage.scale
    return Issues(
        kind,
        np.array([rows[one[0]] for one in neighbours], dtype=np.int32),
        details={
            "code": [codes[one[0]] for one in neighbours],
            "area_m2": [round(float(one), 4) for one in area],
            "width_m": [round(float(one), 3) for one in width],
            "others": [_named(one[1:], rows, codes) for one in neighbours],
            "others_count": [len(one) - 1 for one in neighbours],
            "other_rows": [rows[one[1 : _LISTED + 1]].tolist() for one in neighbours],
        },
        shapes=stored,
    )


def list_beside(
    gaps: Geometries, coverage: Coverage, rows: npt.NDArray[np.int32]
) -> list[Indices]:
    """Return the polygons beside each piece of ground, in the order of the file."""
    near = 1e-6 / coverage.scale
    gap, beside = coverage.tree.query(gaps, predicate="dwithin", distance=near)
    order = np.lexsort((rows[beside], gap))
    gap, beside = gap[order], beside[order]
    starts = np.searchsorted(gap, np.arange(len(gaps) + 1))
    return [beside[begin:end] for begin, end in zip(starts, starts[1:], strict=False)]


def _named(
    others: Indices, rows: npt.NDArray[np.int32], codes: npt.NDArray[Any]
) -> str:
    named = [f"{rows[one]} ({codes[one] or '-'})" for one in others[:_NAMED].tolist()]
    return ", ".join(named) + (" …" if len(others) > _NAMED else "")
