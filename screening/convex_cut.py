"""How much of a polygon lies in a convex mask? (core).

A buffer around a place is convex, and a county's parcels meet thousands of them: there
the ground in common is found by cutting every ring along the edges of its mask that it
comes near, all pairs at once (Sutherland and Hodgman, Reentrant Polygon Clipping,
1974), and only its area is kept. Edges of the mask whose box misses the polygon's
cannot pass through the polygon, and what they shut out, a nearer edge does as well.

Rings that come apart in the cut stay joined along the mask's boundary, which encloses
no ground: the area is exact, the shape is not given. Areas are those of edges as drawn
(`parcels.area`), as for every other cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from parcels.area import measure_rings
from parcels.subdivision import PART_VERTICES

Shapes = NDArray[Any]
Indices = NDArray[np.int64]
Vector = NDArray[np.float64]

_POLYGON: Final = 3


@dataclass(frozen=True, slots=True)
class ConvexMasks:
    """Masks with the edges of the convex ones.

    Attributes
    ----------
    convex
        Whether each mask is convex: one ring without holes, not cut with in parts.
    starts
        `(masks + 1,)` where the edges of each begin; others than convex have none.
    edges
        `(edges, 4)` from and to, degrees; the mask lies to the left of each.
    boxes
        `(edges, 4)` their bounds.
    """

    convex: NDArray[np.bool_]
    starts: Indices
    edges: Vector
    boxes: Vector

    @classmethod
    def of(cls, masks: Shapes) -> ConvexMasks:
        """Return valid polygons with their edges."""
        simple = (
            (shapely.get_type_id(masks) == _POLYGON)
            & (shapely.get_num_interior_rings(masks) == 0)
            & (shapely.get_num_coordinates(masks) <= PART_VERTICES)
            & ~shapely.is_empty(masks)
        )
        chosen = np.flatnonzero(simple)
        edges, owner = _edges(shapely.orient_polygons(masks[chosen]))
        turns_right = np.zeros(len(chosen), dtype=bool)
        np.logical_or.at(turns_right, owner, _turns_right(edges, owner))
        convex = simple.copy()
        convex[chosen[turns_right]] = False
        kept = ~turns_right[owner]
        edges, owner = edges[kept], chosen[owner[kept]]
        counts = np.bincount(owner, minlength=len(masks))
        starts = np.concatenate(([0], np.cumsum(counts)))
        low, high = (
            np.minimum(edges[:, :2], edges[:, 2:]),
            np.maximum(edges[:, :2], edges[:, 2:]),
        )
        return cls(convex, starts, edges, np.column_stack((low, high)))

    def measure_common(self, shapes: Shapes, masks: Indices) -> Vector:
        """Return the area of what each polygon has in common with its mask, m².

        Parameters
        ----------
        shapes
            Valid polygons or multipolygons, EPSG:4490, that meet the boundary of their
            mask: what lies wholly on one side of it is told without a cut.
        masks
            Positions of convex masks, one for each.
        """
        areas = np.zeros(len(shapes))
        if not len(shapes):
            return areas
        rings, signs, owner = _list_rings(shapes)
        near, first = self._list_near(shapes, masks)
        # Rings with the most cuts first: those still to be cut are then in front.
        cuts = np.diff(first)[owner]
        order = np.argsort(-cuts, kind="stable")
        signs, owner, cuts = signs[order], owner[order], cuts[order]
        vertices, starts = _open_rings(rings[order])
        done = []
        for turn in range(int(cuts[0]) if len(cuts) else 0):
            active = int(np.searchsorted(-cuts, -turn, side="left"))
            done.append((vertices[starts[active] :], np.diff(starts[active:])))
            vertices, starts = vertices[: starts[active]], starts[: active + 1]
            edges = self.edges[near[first[owner[:active]] + turn]]
            vertices, starts = _cut_along(vertices, starts, edges)
        done.append((vertices, np.diff(starts)))
        parts = [part for part, _ in reversed(done)]
        counts = np.concatenate([count for _, count in reversed(done)])
        sizes = _measure(np.concatenate(parts), counts)
        np.add.at(areas, owner, signs * sizes)
        return areas

    def _list_near(self, shapes: Shapes, masks: Indices) -> tuple[Indices, Indices]:
        """Return the edges whose box meets each shape's, and where each one's begin."""
        bounds = shapely.bounds(shapes)
        counts = np.zeros(len(shapes), dtype=np.int64)
        found = []
        order = np.argsort(masks, kind="stable")
        cuts = np.flatnonzero(np.diff(masks[order])) + 1
        # Mask by mask: each shape against each edge of one mask is a small table.
        for group in np.split(order, cuts):
            begin, end = self.starts[masks[group[0]] : masks[group[0]] + 2]
            box, other = bounds[group].T[:, :, None], self.boxes[begin:end].T[:, None]
            meets = (box[0] <= other[2]) & (other[0] <= box[2])
            meets &= (box[1] <= other[3]) & (other[1] <= box[3])
            row, edge = np.nonzero(meets)
            counts[group] = np.bincount(row, minlength=len(group))
            found.append((group[row], edge + begin))
        pair = np.concatenate([one for one, _ in found])
        edges = np.concatenate([one for _, one in found])
        sorted_edges: Indices = edges[np.argsort(pair, kind="stable")]
        return sorted_edges, np.concatenate(([0], np.cumsum(counts)))


def _edges(polygons: Shapes) -> tuple[Vector, Indices]:
    """Return the edges of each polygon's only ring, and whose they are."""
    lonlat, owner = shapely.get_coordinates(polygons, return_index=True)
    inside = owner[1:] == owner[:-1]
    edges = np.column_stack((lonlat[:-1], lonlat[1:]))[inside]
    return edges, owner[:-1][inside]


def _turns_right(edges: Vector, owner: Indices) -> NDArray[np.bool_]:
    """Return whether the ring bends to the right where each edge ends."""
    after = np.arange(1, len(edges) + 1)
    counts = np.bincount(owner)
    ends = np.cumsum(counts)
    filled = counts > 0
    after[ends[filled] - 1] = (ends - counts)[filled]
    steps = edges[:, 2:] - edges[:, :2]
    following = steps[after]
    turns: NDArray[np.bool_] = (
        steps[:, 0] * following[:, 1] - steps[:, 1] * following[:, 0] < 0
    )
    return turns


def _list_rings(shapes: Shapes) -> tuple[Shapes, Vector, Indices]:
    """Return every ring, +1 for a shell and -1 for a hole, and whose it is."""
    parts, whose = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    signs = np.ones(len(rings))
    signs[1:][part[1:] == part[:-1]] = -1.0
    return rings, signs, whose[part]


def _open_rings(rings: Shapes) -> tuple[Vector, Indices]:
    """Return vertices without the last, which is the first, and where each begins."""
    lonlat, ring = shapely.get_coordinates(rings, return_index=True)
    counts = np.bincount(ring, minlength=len(rings))
    kept = np.ones(len(lonlat), dtype=bool)
    kept[np.cumsum(counts) - 1] = False
    return lonlat[kept], np.concatenate(([0], np.cumsum(counts - 1)))


def _cut_along(
    vertices: Vector, starts: Indices, edges: Vector
) -> tuple[Vector, Indices]:
    """Return what of each ring lies to the left of the edge beside it."""
    counts = np.diff(starts)
    ring = np.repeat(np.arange(len(counts)), counts)
    after = np.arange(1, len(vertices) + 1)
    filled = counts > 0
    after[starts[1:][filled] - 1] = starts[:-1][filled]
    step = (edges[:, 2:] - edges[:, :2])[ring]
    offset = vertices - edges[ring, :2]
    side = step[:, 0] * offset[:, 1] - step[:, 1] * offset[:, 0]
    following = side[after]
    inside = side >= 0
    crossing = np.flatnonzero(inside != inside[after])
    share = side[crossing] / (side[crossing] - following[crossing])
    begin = vertices[crossing]
    met = begin + share[:, None] * (vertices[after[crossing]] - begin)
    emitted = inside.astype(np.int64)
    emitted[crossing] += 1
    places = np.cumsum(emitted) - emitted
    cut = np.empty((int(emitted.sum()), 2))
    cut[places[inside]] = vertices[inside]
    cut[places[crossing] + inside[crossing]] = met
    kept = np.bincount(ring, weights=emitted, minlength=len(counts)).astype(np.int64)
    return cut, np.concatenate(([0], np.cumsum(kept)))


def _measure(vertices: Vector, counts: Indices) -> Vector:
    """Return the area inside open rings; none for fewer than three vertices."""
    areas = np.zeros(len(counts))
    filled = counts >= 3
    vertices = vertices[np.repeat(filled, counts)]
    own = counts[filled]
    if not len(own):
        return areas
    begin = np.cumsum(own) - own
    ends = begin + own
    # The first vertex again behind each ring's last.
    closed = np.insert(vertices, ends, vertices[begin], axis=0)
    starts = np.concatenate(([0], np.cumsum(own + 1)))
    areas[filled] = measure_rings(closed, starts, edges="drawn")
    return areas
