"""Does any piece of ground belong to two rows of the file? (core, whole file).

重叠. Complete, not sampled, in the survey's own plane. Polygons whose edges are all
matched by a neighbour are passed over (`edges`); of the rest GEOS tells which do not
fit (`shapely.coverage_invalid_edges`), and only those are cut with all they touch.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from parcels.area import measure_area, round_area
from parcels.crs import get_crs, transform_to_storage
from parcels.surveys.checks.edges import find_unmatched
from parcels.surveys.issues import Issues

ERROR_AREA_M2: Final = 1.0
"""Larger overlaps are errors (survey conventions, section 5, project default)."""
TOLERANCE_M: Final = 0.001
"""Overlaps narrower on average than the survey's millimetre are the same boundary."""

TILED_LAYERS: Final = frozenset({"parcel", "farmland_unit"})
"""Layers whose objects share no ground."""

Geometries = npt.NDArray[Any]
Indices = npt.NDArray[np.int64]
Pairs = tuple[Indices, Indices, Geometries]
_METRES_A_DEGREE: Final = 111_000.0


def check_overlaps(
    plane: Geometries,
    rows: npt.NDArray[np.int32],
    codes: npt.NDArray[Any],
    periods: npt.NDArray[np.int64],
    srid: int,
) -> Iterator[Issues]:
    """Give an issue for each row that shares ground with a row before it.

    Parameters
    ----------
    plane
        Valid (multi)polygons of the whole file in the survey's plane, none missing.
    rows, codes
        Row number and code of each.
    periods
        `(n, 2)` first day of validity and the day it ends, as numbers. Two rows that do
        not hold on the same day may share ground.
    """
    if len(plane) < 2:
        return
    first, second, shared = _at_one_time(_find_pairs(plane, srid), periods)
    if not len(first):
        return
    stored = transform_to_storage(shared, srid)
    area = measure_area(stored, "drawn")
    for kind, chosen in (
        ("overlap", area > ERROR_AREA_M2),
        ("overlap_slight", area <= ERROR_AREA_M2),
    ):
        if chosen.any():
            yield Issues(
                kind,
                rows[second[chosen]],
                details={
                    "other_row": rows[first[chosen]].tolist(),
                    "other_code": codes[first[chosen]].tolist(),
                    "area_m2": [round_area(one) for one in area[chosen]],
                },
                shapes=stored[chosen],
            )


def _find_pairs(plane: Geometries, srid: int) -> Pairs:
    """Return pairs of polygons (lower index first) and the ground they share.

    Where tessellations overlap, polygons inside them fit their own neighbours, but
    some polygon at the rim of the overlap does not. From there the search goes on over
    every polygon found to overlap, until it finds no other.
    """
    tree = shapely.STRtree(plane)
    asked = _suspects(plane, tree)
    seen = np.zeros(len(plane), dtype=bool)
    found: list[Pairs] = []
    while len(asked):
        seen[asked] = True
        found.append(_cut(plane, asked, tree, srid))
        partners = np.unique(np.concatenate(found[-1][:2]))
        asked = partners[~seen[partners]]
    return _distinct(found)


def _suspects(plane: Geometries, tree: shapely.STRtree) -> Indices:
    """Return the polygons that do not fit their neighbours."""
    unmatched = find_unmatched(plane)
    _, near = tree.query(plane[unmatched])
    near = np.union1d(unmatched, near)
    if len(near) < 2:
        return near[:0]
    edges = shapely.coverage_invalid_edges(plane[near])
    fits: npt.NDArray[np.bool_] = shapely.is_missing(edges) | shapely.is_empty(edges)
    return near[~fits]


def _cut(plane: Geometries, asked: Indices, tree: shapely.STRtree, srid: int) -> Pairs:
    mine, other = tree.query(plane[asked], predicate="intersects")
    pairs = np.sort(np.column_stack((asked[mine], other)), axis=1)
    pairs = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
    shared = shapely.intersection(plane[pairs[:, 0]], plane[pairs[:, 1]])
    # In a geographic system plane lengths are degrees; compare in metres.
    scale = _METRES_A_DEGREE if get_crs(srid).zone is None else 1.0
    area, perimeter = shapely.area(shared) * scale**2, shapely.length(shared) * scale
    wide = (area > 0) & (2 * area > TOLERANCE_M * perimeter)
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
