"""What ground do two polygons share, however large one of them is? (core).

Large ones are cut in pieces first: the work then grows with the ground that is shared,
not with the outlines it belongs to. Where two boundaries lie on each other there is
ground narrower than any survey tells; what they share is the rest.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely import GeometryType

from parcels.subdivision import PIECE_VERTICES, subdivide_all

Geometries = npt.NDArray[Any]
Indices = npt.NDArray[np.int64]

_NOBODY: Final = np.empty(0, np.int64)


class Pieces(NamedTuple):
    """Pieces of polygons, and whose each is."""

    shapes: Geometries
    owner: Indices


class Shared(NamedTuple):
    """Pairs of polygons, by their indices, and the ground each pair shares."""

    first: Indices
    second: Indices
    ground: Geometries


NOTHING: Final = Shared(_NOBODY, _NOBODY, np.empty(0, dtype=object))


def cut_in_pieces(polygons: Geometries, beside: Geometries | None = None) -> Pieces:
    """Return valid polygons in pieces of few vertices.

    Parameters
    ----------
    beside
        What they are held against; where nothing of it lies large ones are left out.
    """
    if beside is not None:
        large = shapely.get_num_coordinates(polygons) > PIECE_VERTICES
        polygons = polygons.copy()
        box = shapely.box(*shapely.total_bounds(beside))
        polygons[large] = shapely.intersection(polygons[large], box)
    return Pieces(*subdivide_all(polygons, PIECE_VERTICES))


def share_ground(
    mine: Pieces, other: Pieces, meeting: tuple[Indices, Indices], narrow: float
) -> Shared:
    """Return the ground of pairs of pieces that meet, once for each pair of owners.

    Pairs are in the order of their owners; those that share nothing are left out, and
    so is of each whatever is narrower.

    Parameters
    ----------
    meeting
        Indices of pieces of the one and of the other.
    narrow
        Mean width (2 × area ÷ perimeter) up to which ground is none, in the plane's
        unit.
    """
    one, two = meeting
    owners = np.column_stack((mine.owner[one], other.owner[two]))
    shared = shapely.intersection(mine.shapes[one], other.shapes[two])
    shared, index = _polygons(shared)
    pairs, group = np.unique(owners[index], axis=0, return_inverse=True)
    shared, index = _polygons(_united(shared, group, len(pairs)))
    wide = 2 * shapely.area(shared) > narrow * shapely.length(shared)
    kept, group = np.unique(index[wide], return_inverse=True)
    ground = _united(shared[wide], group, len(kept))
    return Shared(pairs[kept, 0], pairs[kept, 1], ground)


def _polygons(shapes: Geometries) -> tuple[Geometries, Indices]:
    """Return the polygons in shapes, and in which each is."""
    parts, index = shapely.get_parts(shapes, return_index=True)
    areal = shapely.get_type_id(parts) == GeometryType.POLYGON
    return parts[areal], index[areal]


def _united(polygons: Geometries, group: Indices, groups: int) -> Geometries:
    """Return the polygons of each group as one geometry; each group has some."""
    order = np.argsort(group, kind="stable")
    polygons, group = polygons[order], group[order]
    count = np.bincount(group, minlength=groups)
    alone = count[group] == 1
    united: Geometries = np.empty(groups, dtype=object)
    united[group[alone]] = polygons[alone]
    several = np.flatnonzero(count > 1)
    if len(several):
        place = np.searchsorted(several, group[~alone])
        together = shapely.geometrycollections(polygons[~alone], indices=place)
        united[several] = shapely.disjoint_subset_union_all(together[:, None], axis=1)
    return united
