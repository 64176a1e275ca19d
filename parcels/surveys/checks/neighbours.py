"""How do rows lie to what the register holds beside them? (core).

Pairs of a row and an object of the register that is not in the file: they may not share
ground, and where they meet their boundary should be one (接边). Measured like overlaps
within the file, in the survey's own plane.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from parcels.area import measure_area, round_area
from parcels.crs import (
    get_crs,
    srid_for_zone,
    transform_from_storage,
    transform_to_storage,
    zone_for,
)
from parcels.surveys.checks.overlaps import relate
from parcels.surveys.checks.tolerances import TOLERANCES, Tolerances
from parcels.surveys.issues import Issues

Geometries = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """Pairs of a row and an object of the register near it.

    Attributes
    ----------
    rows
        Row number of each pair.
    own_codes, codes
        Code of the row, and of the object.
    said
        What the register says of the object that matters (its land use), as text.
    mine, other
        Geometries in EPSG:4490.
    """

    rows: npt.NDArray[np.int32]
    own_codes: npt.NDArray[Any]
    codes: npt.NDArray[Any]
    said: npt.NDArray[Any]
    mine: Geometries
    other: Geometries

    def __len__(self) -> int:
        return len(self.rows)


def metric_plane(stored: Geometries, srid: int | None) -> int:
    """Return the EPSG number of a plane in metres: the survey's, or the local zone."""
    if srid is not None and get_crs(srid).zone is not None:
        return srid
    west, _, east, _ = shapely.total_bounds(stored)
    return srid_for_zone(zone_for((west + east) / 2))


def check_neighbours(
    pairs: Neighbours, srid: int | None, tolerances: Tolerances = TOLERANCES
) -> Iterator[Issues]:
    """Give an issue for each pair that shares ground or meets without one boundary.

    Parameters
    ----------
    srid
        EPSG number of the survey.
    """
    if not len(pairs):
        return
    plane = metric_plane(pairs.mine, srid)
    mine = transform_from_storage(pairs.mine, plane)
    other = transform_from_storage(pairs.other, plane)
    shared = shapely.intersection(mine, other)
    wide = _is_wide(shared, tolerances)
    yield from _overlaps(pairs, mine, other, shared, wide, plane, tolerances)
    yield from _edges(pairs, mine, other, ~wide, plane, tolerances)


def check_said(
    pairs: Neighbours, kind: str, srid: int | None, tolerances: Tolerances = TOLERANCES
) -> Iterator[Issues]:
    """Give an issue for each pair that shares ground but should not, by what is said.

    Slivers are none: two layers are never drawn from one survey.
    """
    if not len(pairs):
        return
    plane = metric_plane(pairs.mine, srid)
    shared = shapely.intersection(
        transform_from_storage(pairs.mine, plane),
        transform_from_storage(pairs.other, plane),
    )
    area, length = shapely.area(shared), shapely.length(shared)
    large = area > tolerances.overlap_error_m2
    large &= 2 * area > tolerances.sliver_width_m * length
    if large.any():
        stored = transform_to_storage(shared[large], plane)
        yield Issues(
            kind,
            pairs.rows[large],
            details={
                "code": pairs.own_codes[large].tolist(),
                "other_code": pairs.codes[large].tolist(),
                "said": pairs.said[large].tolist(),
                "area_m2": _areas(stored),
            },
            shapes=stored,
        )


def _is_wide(shared: Geometries, tolerances: Tolerances) -> Mask:
    """Tell which shared ground is more than the same boundary drawn twice."""
    area, length = shapely.area(shared), shapely.length(shared)
    wide: Mask = (area > 0) & (2 * area > tolerances.same_line_m * length)
    return wide


def _areas(stored: Geometries) -> list[float]:
    return [round_area(float(one)) for one in measure_area(stored, "drawn")]


def _overlaps(
    pairs: Neighbours,
    mine: Geometries,
    other: Geometries,
    shared: Geometries,
    wide: Mask,
    plane: int,
    tolerances: Tolerances,
) -> Iterator[Issues]:
    if not wide.any():
        return
    zh, en = relate(shared[wide], mine[wide], other[wide])
    stored = transform_to_storage(shared[wide], plane)
    area = measure_area(stored, "drawn")
    for kind, chosen in (
        ("register_overlap", area > tolerances.overlap_error_m2),
        ("register_overlap_slight", area <= tolerances.overlap_error_m2),
    ):
        if chosen.any():
            yield Issues(
                kind,
                pairs.rows[wide][chosen],
                details={
                    "code": pairs.own_codes[wide][chosen].tolist(),
                    "other_code": pairs.codes[wide][chosen].tolist(),
                    "area_m2": [round_area(float(one)) for one in area[chosen]],
                    "relation_zh": zh[chosen],
                    "relation_en": en[chosen],
                },
                shapes=stored[chosen],
            )


def _edges(
    pairs: Neighbours,
    mine: Geometries,
    other: Geometries,
    apart: Mask,
    plane: int,
    tolerances: Tolerances,
) -> Iterator[Issues]:
    """Tell vertices of either that lie beside the other's boundary, not on it."""
    chosen = np.flatnonzero(apart)
    near = shapely.dwithin(mine[chosen], other[chosen], tolerances.edge_match_m)
    chosen = chosen[near]
    found = [
        _vertices_beside(one[chosen], shapely.boundary(two[chosen]), tolerances)
        for one, two in ((mine, other), (other, mine))
    ]
    owner = np.concatenate([one for one, _, _ in found])
    if not len(owner):
        return
    order = np.argsort(owner, kind="stable")
    owner = owner[order]
    points = np.concatenate([points for _, points, _ in found])[order]
    distance = np.concatenate([far for _, _, far in found])[order]
    faulty, group, count = np.unique(owner, return_inverse=True, return_counts=True)
    farthest = np.zeros(len(faulty))
    np.maximum.at(farthest, group, distance)
    shapes = shapely.multipoints(points, indices=group)
    yield Issues(
        "register_edge_not_matched",
        pairs.rows[chosen[faulty]],
        details={
            "code": pairs.own_codes[chosen[faulty]].tolist(),
            "other_code": pairs.codes[chosen[faulty]].tolist(),
            "count": count,
            "distance_m": np.round(farthest, 3),
        },
        shapes=transform_to_storage(shapes, plane),
    )


def _vertices_beside(
    polygons: Geometries, boundaries: Geometries, tolerances: Tolerances
) -> tuple[npt.NDArray[np.int64], Geometries, npt.NDArray[np.float64]]:
    """Return owner, point and distance of vertices near a boundary and not on it."""
    points, owner = shapely.get_parts(
        shapely.extract_unique_points(polygons), return_index=True
    )
    distance = shapely.distance(points, boundaries[owner])
    beside = distance > tolerances.same_line_m
    beside &= distance <= tolerances.edge_match_m
    return owner[beside], points[beside], distance[beside]
