"""Is there narrow ground between two boundaries that should be one? (core).

缝隙. A strip open at its ends is no hole of what the polygons cover: it is looked for
where their edges face each other. Outlines of very many vertices are worked on in
pieces, so that the work grows with the edges that face each other and not with the
outlines they belong to.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from parcels.surveys.checks.coverage import (
    Coverage,
    Geometries,
    IndexedRows,
    Indices,
)
from parcels.surveys.checks.short_lines import find_pair, short_lines
from parcels.surveys.checks.tolerances import Tolerances

_ALONG_SHARE: Final = 0.3

Values = npt.NDArray[np.float64]


class Segments(NamedTuple):
    """Segments of lines: `(n, 2, 2)` their ends, and `(n,)` whose each is."""

    ends: Values
    owner: Indices


def find_strips(
    coverage: Coverage, first: Indices, second: Indices, tolerances: Tolerances
) -> Geometries:
    """Return the narrow ground between edges that face each other, open at an end.

    Parameters
    ----------
    first, second
        Pairs of misfits, as indices of `coverage.misfits`; the first is the lower.
    """
    between, pair = _facing_ground(coverage, first, second, tolerances)
    pieces, pair = _united(cut_covered(coverage, between), pair)
    wide = is_wide(pieces, coverage, tolerances)
    pieces, pair = pieces[wide], pair[wide]
    return _joined(pieces[_lies_between(pieces, coverage, first[pair], second[pair])])


def _facing_ground(
    coverage: Coverage, first: Indices, second: Indices, tolerances: Tolerances
) -> tuple[Geometries, Indices]:
    """Return ground near the edges of both of a pair, in pieces, and which pair's."""
    width = tolerances.sliver_width_m / coverage.scale
    used = np.union1d(first, second)
    lines, owner = short_lines(coverage.edges[used])
    reach = shapely.buffer(lines, width, cap_style="flat", join_style="mitre")
    owner = used[owner]
    mine, other = shapely.STRtree(reach).query(reach, predicate="intersects")
    pair = find_pair(first, second, owner[mine], owner[other])
    wanted = pair >= 0
    mine, other = mine[wanted], other[wanted]
    return shapely.intersection(reach[mine], reach[other]), pair[wanted]


def cut_covered(file: IndexedRows, between: Geometries) -> Geometries:
    """Return pieces of ground less what polygons lie on them."""
    _, near = file.tree.query(between)
    ground, _ = file.plane.cut(np.unique(near))
    owner, index = shapely.STRtree(ground).query(between, predicate="intersects")
    covered: Geometries = np.full(len(between), shapely.Polygon(), dtype=object)
    met, group = np.unique(owner, return_inverse=True)
    if len(met):
        groups = shapely.geometrycollections(ground[index], indices=group)
        covered[met] = shapely.union_all(groups[:, None], axis=1)
    bare: Geometries = shapely.difference(between, covered)
    return bare


def _united(ground: Geometries, owner: Indices) -> tuple[Geometries, Indices]:
    """Return the ground of each owner as polygons that do not touch, and the owners."""
    parts, index = shapely.get_parts(ground, return_index=True)
    polygons = shapely.get_type_id(parts) == 3
    parts, owner = parts[polygons], owner[index[polygons]]
    one, other = shapely.STRtree(parts).query(parts, predicate="intersects")
    meet = (owner[one] == owner[other]) & (one != other)
    joint = np.zeros(len(parts), dtype=bool)
    joint[one[meet]] = True
    if not joint.any():
        return parts, owner
    order = np.flatnonzero(joint)[np.argsort(owner[joint], kind="stable")]
    owners, group = np.unique(owner[order], return_inverse=True)
    groups = shapely.multipolygons(parts[order], indices=group)
    united = shapely.disjoint_subset_union_all(groups[:, None], axis=1)
    pieces, index = shapely.get_parts(united, return_index=True)
    return (
        np.concatenate((parts[~joint], pieces)),
        np.concatenate((owner[~joint], owners[index])),
    )


def is_wide(
    polygons: Geometries, file: IndexedRows, tolerances: Tolerances
) -> npt.NDArray[np.bool_]:
    """Tell which polygons are more than the same boundary drawn twice."""
    least = tolerances.same_line_m / file.scale
    area, perimeter = shapely.area(polygons), shapely.length(polygons)
    wide: npt.NDArray[np.bool_] = 2 * area > least * perimeter
    return wide


def _lies_between(
    polygons: Geometries, coverage: Coverage, first: Indices, second: Indices
) -> npt.NDArray[np.bool_]:
    """Tell which pieces lie along both edges, not at a corner where they cross.

    There the piece is a parallelogram with a quarter of its length along each.
    """
    sides = _segments(polygons)
    along = [
        _measure_along(sides, len(polygons), coverage, one) for one in (first, second)
    ]
    least = _ALONG_SHARE * shapely.length(polygons)
    between: npt.NDArray[np.bool_] = np.minimum(*along) > least
    return between


def _measure_along(
    sides: Segments, count: int, coverage: Coverage, misfit: Indices
) -> Values:
    """Return how much of each polygon's outline lies on the edges of its misfit.

    Parameters
    ----------
    sides, count
        Outlines of the polygons, how many polygons.
    misfit
        `(count,)` whose edges are asked about.
    """
    near = 1e-6 / coverage.scale
    used = np.unique(misfit)
    edges = _segments(coverage.edges[used])
    side, edge = shapely.STRtree(shapely.linestrings(edges.ends)).query(
        shapely.linestrings(sides.ends), predicate="dwithin", distance=near
    )
    own = used[edges.owner[edge]] == misfit[sides.owner[side]]
    side, edge = side[own], edge[own]
    shared = _shared_length(sides.ends[side], edges.ends[edge], near)
    total: Any = np.bincount(sides.owner[side], weights=shared, minlength=count)
    return np.asarray(total, dtype=np.float64)


def _shared_length(sides: Values, edges: Values, near: float) -> Values:
    """Return how much of each segment lies within a very small distance of an edge.

    Parameters
    ----------
    sides, edges
        `(n, 2, 2)` both ends of each; no edge is a point.
    """
    run = edges[:, 1] - edges[:, 0]
    length = np.hypot(*run.T)
    run /= length[:, None]
    apart = sides - edges[:, :1]
    along = np.einsum("nij,nj->ni", apart, run)
    across = np.einsum("nij,nj->ni", apart, run[:, ::-1] * [-1.0, 1.0])
    enter, leave = _within(along, -near, length + near)
    enter_line, leave_line = _within(across, -near, near)
    begin = np.maximum(enter, enter_line).clip(0, 1)
    end = np.minimum(leave, leave_line).clip(0, 1)
    shared: Values = np.maximum(end - begin, 0) * np.hypot(
        *(sides[:, 1] - sides[:, 0]).T
    )
    return shared


def _within(ends: Values, least: Any, greatest: Any) -> tuple[Values, Values]:
    """Return between which shares of its way a value runs between two bounds."""
    step = ends[:, 1] - ends[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two = (least - ends[:, 0]) / step, (greatest - ends[:, 0]) / step
    return np.fmin(one, two), np.fmax(one, two)


def _segments(shapes: Geometries) -> Segments:
    """Return the segments of lines or of polygons' outlines."""
    parts, part_of = shapely.get_parts(shapes, return_index=True)
    polygons = shapely.get_type_id(parts) == 3
    rings, ring_of = shapely.get_rings(parts[polygons], return_index=True)
    lines = np.concatenate((parts[~polygons], rings))
    owner = np.concatenate((part_of[~polygons], part_of[polygons][ring_of]))
    xy, line = shapely.get_coordinates(lines, return_index=True)
    within = (line[1:] == line[:-1]) & (xy[1:] != xy[:-1]).any(axis=1)
    within = np.flatnonzero(within)
    return Segments(np.stack((xy[within], xy[within + 1]), axis=1), owner[line[within]])


def _joined(strips: Geometries) -> Geometries:
    """Return each piece of ground once, though several pairs of edges face it."""
    if not len(strips):
        return strips
    parts: Geometries = shapely.get_parts(shapely.disjoint_subset_union_all(strips))
    return parts
