"""How do rows lie to what the register holds beside them? (core).

Pairs of a row and an object of the register that is not in the file: they may not share
ground, and where they meet their boundary should be one (接边). Measured like overlaps
within the file, in the survey's own plane.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from parcels.area import measure_area
from parcels.crs import (
    get_crs,
    srid_for_zone,
    transform_from_storage,
    transform_to_storage,
    zone_for,
)
from parcels.surveys.checks.overlaps import relate
from parcels.surveys.checks.shared_ground import cut_in_pieces, share_ground
from parcels.surveys.checks.short_lines import find_pair, short_lines
from parcels.surveys.checks.tolerances import TOLERANCES, Tolerances
from parcels.surveys.figures import round_all
from parcels.surveys.issues import Issues

Geometries = npt.NDArray[Any]
Indices = npt.NDArray[np.int64]
Distances = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """Pairs of a row and an object of the register near it.

    Each shape is held once, however many pairs it is in: an outline over a whole county
    is near every row.

    Attributes
    ----------
    rows
        Row number of each pair.
    own_codes, codes
        Code of the row, and of the object.
    said
        What the register says of the object that matters (its land use), as text.
    mine, other
        For each pair the place of its shapes.
    row_shapes, object_shapes
        Geometries in EPSG:4490, of rows and of objects.
    """

    rows: npt.NDArray[np.int32]
    own_codes: npt.NDArray[Any]
    codes: npt.NDArray[Any]
    said: npt.NDArray[Any]
    mine: Indices
    other: Indices
    row_shapes: Geometries
    object_shapes: Geometries

    def __len__(self) -> int:
        return len(self.rows)

    def find(self, mine: Indices, other: Indices) -> Indices:
        """Return which pair two shapes are, -1 where they are none."""
        return find_pair(self.mine, self.other, mine, other)


class _Plane(NamedTuple):
    """Shapes of rows and of objects in a plane of metres, and its EPSG number."""

    rows: Geometries
    objects: Geometries
    srid: int


def _draw(pairs: Neighbours, srid: int | None) -> _Plane:
    plane = metric_plane(pairs.row_shapes, srid)
    rows, objects = (
        transform_from_storage(one, plane)
        for one in (pairs.row_shapes, pairs.object_shapes)
    )
    return _Plane(rows, objects, plane)


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
    plane = _draw(pairs, srid)
    wide, shared = _share(pairs, plane, tolerances.same_line_m)
    yield from _overlaps(pairs, plane, wide, shared, tolerances)
    large = shapely.area(shared) > tolerances.overlap_error_m2
    yield from _edges(pairs, plane, wide[large], tolerances)


def check_said(
    pairs: Neighbours, kind: str, srid: int | None, tolerances: Tolerances = TOLERANCES
) -> Iterator[Issues]:
    """Give an issue for each pair that shares ground but should not, by what is said.

    Slivers are none: two layers are never drawn from one survey.
    """
    if not len(pairs):
        return
    plane = _draw(pairs, srid)
    wide, shared = _share(pairs, plane, tolerances.sliver_width_m)
    large = shapely.area(shared) > tolerances.overlap_error_m2
    wide, shared = wide[large], shared[large]
    if len(wide):
        stored = transform_to_storage(shared, plane.srid)
        yield Issues(
            kind,
            pairs.rows[wide],
            details={
                "code": pairs.own_codes[wide].tolist(),
                "other_code": pairs.codes[wide].tolist(),
                "said": pairs.said[wide].tolist(),
                "area_m2": round_all(measure_area(stored, "drawn")),
            },
            shapes=stored,
        )


def _share(
    pairs: Neighbours, plane: _Plane, narrow: float
) -> tuple[Indices, Geometries]:
    """Return the pairs that share ground wider than that, and that ground."""
    mine = cut_in_pieces(plane.rows, beside=plane.objects)
    other = cut_in_pieces(plane.objects, beside=plane.rows)
    one, two = shapely.STRtree(other.shapes).query(mine.shapes, predicate="intersects")
    asked = pairs.find(mine.owner[one], other.owner[two]) >= 0
    shared = share_ground(mine, other, (one[asked], two[asked]), narrow)
    place = pairs.find(shared.first, shared.second)
    order = np.argsort(place)
    return place[order], shared.ground[order]


def _overlaps(
    pairs: Neighbours,
    plane: _Plane,
    wide: Indices,
    shared: Geometries,
    tolerances: Tolerances,
) -> Iterator[Issues]:
    if not len(wide):
        return
    mine = shapely.area(plane.rows)[pairs.mine[wide]]
    other = shapely.area(plane.objects)[pairs.other[wide]]
    zh, en = relate(shapely.area(shared), mine, other)
    stored = transform_to_storage(shared, plane.srid)
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
                    "area_m2": round_all(area[chosen]),
                    "relation_zh": zh[chosen],
                    "relation_en": en[chosen],
                },
                shapes=stored[chosen],
            )


def _edges(
    pairs: Neighbours, plane: _Plane, overlapping: Indices, tolerances: Tolerances
) -> Iterator[Issues]:
    """Tell vertices of either that lie beside the other's boundary, not on it.

    Not of pairs that overlap by more than a little: mending that shows the rest.
    """
    owner, points, distance = (
        np.concatenate(part)
        for part in zip(
            _vertices_beside(pairs, plane.rows, plane.objects, tolerances),
            _vertices_beside(
                pairs, plane.objects, plane.rows, tolerances, of_rows=False
            ),
            strict=True,
        )
    )
    apart = ~np.isin(owner, overlapping)
    order = np.flatnonzero(apart)[np.argsort(owner[apart], kind="stable")]
    if not len(order):
        return
    faulty, group, count = np.unique(
        owner[order], return_inverse=True, return_counts=True
    )
    farthest = np.zeros(len(faulty))
    np.maximum.at(farthest, group, distance[order])
    shapes = shapely.multipoints(points[order], indices=group)
    yield Issues(
        "register_edge_not_matched",
        pairs.rows[faulty],
        details={
            "code": pairs.own_codes[faulty].tolist(),
            "other_code": pairs.codes[faulty].tolist(),
            "count": count,
            "distance_m": round_all(farthest, 3),
        },
        shapes=transform_to_storage(shapes, plane.srid),
    )


def _vertices_beside(
    pairs: Neighbours,
    polygons: Geometries,
    others: Geometries,
    tolerances: Tolerances,
    *,
    of_rows: bool = True,
) -> tuple[Indices, Geometries, Distances]:
    """Return pair, point and distance of vertices near a boundary and not on it.

    Parameters
    ----------
    of_rows
        Whether the polygons are rows and the others objects, or the reverse.
    """
    points, owner = shapely.get_parts(
        shapely.extract_unique_points(polygons), return_index=True
    )
    lines, line_owner = short_lines(shapely.boundary(others))
    point, line = shapely.STRtree(lines).query(
        points, predicate="dwithin", distance=tolerances.edge_match_m
    )
    mine, other = owner[point], line_owner[line]
    pair = pairs.find(mine, other) if of_rows else pairs.find(other, mine)
    asked = pair >= 0
    pair, point, line = pair[asked], point[asked], line[asked]
    distance = shapely.distance(points[point], lines[line])
    # Of the lines of one boundary the nearest counts.
    order = np.lexsort((distance, point, pair))
    pair, point, distance = pair[order], point[order], distance[order]
    nearest = np.ones(len(order), dtype=bool)
    nearest[1:] = (np.diff(pair) != 0) | (np.diff(point) != 0)
    beside = nearest & (distance > tolerances.same_line_m)
    return pair[beside], points[point[beside]], distance[beside]
