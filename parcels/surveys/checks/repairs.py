"""What can be put right without a surveyor, if he asks for it? (core).

Nothing is repaired in silence: a repair is offered with the area before and after, done
only when the declaration asks for its kind, and is then an issue of its own. The file
as it was sent is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from parcels.area import measure_area
from parcels.crs import get_crs, transform_to_storage
from parcels.surveys.checks.rings import Indices, list_rings
from parcels.surveys.checks.tolerances import TOLERANCES, Tolerances
from parcels.surveys.checks.vertices import EQUATOR_METRES_A_DEGREE, find_vertices
from parcels.surveys.figures import round_all, write_figure
from parcels.surveys.issue_text import REPAIR_OFFERS
from parcels.surveys.issues import Issues

Geometries = npt.NDArray[Any]
Rows = npt.NDArray[np.int32]

CLOSE_RINGS: Final = "close_rings"
REMOVE_REPEATED_POINTS: Final = "remove_repeated_points"
MAKE_VALID: Final = "make_valid"
REPAIRS: Final = (CLOSE_RINGS, REMOVE_REPEATED_POINTS, MAKE_VALID)
"""Kinds of repair a declaration may ask for, in the order they are done."""

_NOISE_M2: Final = 0.0001
"""Below a square centimetre the area of a ring that crosses itself is what rounding of
coordinates leaves (project default)."""


_MOST_CROSSINGS: Final = 300_000
_EDGES_ASKED: Final = 200
_NEIGHBOURS: Final = 8
"""Where edges come near others more often, as the median of some of them shows, no
repair is offered (project default): it would take more than a second. Every edge comes
near to itself, to the one before and the one behind, and in a bend to some more."""


class Repaired(NamedTuple):
    """Some geometries after a repair, and where they stand among all."""

    indices: Indices
    geometries: Geometries


def repair(
    plane: Geometries,
    rows: Rows,
    srid: int,
    asked: Collection[str],
    tolerances: Tolerances = TOLERANCES,
) -> Iterator[Issues]:
    """Repair geometries in place, as asked; give an issue for each that was changed.

    Parameters
    ----------
    plane
        Geometries whose coordinates lie in the survey's system, None where there is
        none; changed in place.
    asked
        Kinds of `REPAIRS`. Rings are closed where the bytes are read
        (`parcels.surveys.placing`), the others here.
    """
    ways = (
        (REMOVE_REPEATED_POINTS, "repaired_points_removed", without_repeated_points),
        (MAKE_VALID, "repaired_made_valid", made_valid),
    )
    for name, kind, way in ways:
        if name in asked:
            indices, after = way(plane, srid, tolerances)
            if len(indices):
                yield tell_repair(kind, plane[indices], after, rows[indices], srid)
                plane[indices] = after


def tell_repair(
    kind: str, before: Geometries, after: Geometries, rows: Rows, srid: int
) -> Issues:
    """Return the issue of a repair: areas before and after, the shape it has now."""
    return Issues(
        kind,
        rows,
        details=compare_areas(before, after, srid),
        shapes=transform_to_storage(after, srid),
    )


def compare_areas(
    before: Geometries, after: Geometries, srid: int
) -> dict[str, list[float]]:
    """Return ellipsoidal areas before and after a repair, as details of an issue.

    The area of a ring that crosses itself is the sum with signs, as GIS programs show
    it.
    """
    return {
        name: round_all(_settled(measure_area(_stored(shapes, srid))))
        for name, shapes in (("area_before_m2", before), ("area_after_m2", after))
    }


def _settled(area: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return areas, nought for what rounding of coordinates leaves of a ring."""
    return np.where(np.abs(area) < _NOISE_M2, 0.0, area)


def _stored(plane: Geometries, srid: int) -> Geometries:
    stored: Geometries = transform_to_storage(plane, srid)
    return stored


def without_repeated_points(
    plane: Geometries, srid: int, tolerances: Tolerances = TOLERANCES
) -> Repaired:
    """Return the polygons that repeat vertices, without them."""
    polygons = np.flatnonzero(np.isin(shapely.get_type_id(plane), (3, 6)))
    if not len(polygons):
        return Repaired(polygons, plane[polygons])
    metric = get_crs(srid).zone is not None
    rings = list_rings(plane[polygons])
    repeated = find_vertices(rings, tolerances, metric=metric).repeated
    ring = np.searchsorted(rings.starts, repeated, side="right") - 1
    indices = polygons[np.unique(rings.owner[ring])]
    tolerance = tolerances.resolution_m / (1.0 if metric else EQUATOR_METRES_A_DEGREE)
    fewer = shapely.remove_repeated_points(plane[indices], tolerance)
    return _usable(indices, fewer)


def made_valid(plane: Geometries, srid: int, _: Tolerances = TOLERANCES) -> Repaired:
    """Return the polygons that are not valid, made so (GEOS, method ``structure``).

    Rings are rebuilt from shell and holes as they were meant; what collapses to a line
    is dropped. Left out is what has no area then, and what is so tangled that nobody
    could say what it meant: its crossings grow with the square of its edges.
    """
    polygonal = np.isin(shapely.get_type_id(plane), (3, 6))
    invalid = np.flatnonzero(polygonal & ~shapely.is_valid(plane))
    tangled = [_is_tangled(one) for one in plane[invalid].tolist()]
    invalid = invalid[~np.array(tangled, dtype=bool)]
    valid = shapely.make_valid(plane[invalid], method="structure", keep_collapsed=False)
    return _usable(invalid, valid)


def _is_tangled(polygon: Any) -> bool:
    """Tell whether the edges of a polygon cross each other all over.

    By how many others an edge comes near, one in the middle of some of them: a long
    edge that crosses a good outline comes near to thousands.
    """
    rings = list_rings(np.array([polygon], dtype=object))
    count = len(rings.coordinates)
    if count**2 <= _MOST_CROSSINGS:
        return False
    low = np.minimum(rings.coordinates[1:], rings.coordinates[:-1])
    high = np.maximum(rings.coordinates[1:], rings.coordinates[:-1])
    boxes = shapely.box(*low.T, *high.T)
    asked, _ = shapely.STRtree(boxes).query(boxes[:: max(count // _EDGES_ASKED, 1)])
    more = np.median(np.bincount(asked)) - _NEIGHBOURS
    return bool(more * count > _MOST_CROSSINGS)


def _usable(indices: Indices, after: Geometries) -> Repaired:
    good = np.isin(shapely.get_type_id(after), (3, 6)) & ~shapely.is_empty(after)
    return Repaired(indices[good], after[good])


def offer(before: Geometries, repaired: Repaired, name: str, srid: int) -> list[Any]:
    """Return, for each geometry, the sentence that offers a repair, as (zh, en).

    Empty where this repair does not help.
    """
    told: list[Any] = [("", "")] * len(before)
    zh, en = REPAIR_OFFERS[name]
    if not len(repaired.indices):
        return told
    areas = compare_areas(before[repaired.indices], repaired.geometries, srid)
    for index, old, new in zip(
        repaired.indices.tolist(),
        map(write_figure, areas["area_before_m2"]),
        map(write_figure, areas["area_after_m2"]),
        strict=True,
    ):
        told[index] = (
            f"{zh}：面积由 {old} m² 变为 {new} m²。",
            f" {en[0].upper()}{en[1:]}: the area goes from {old} m² to {new} m².",
        )
    return told
