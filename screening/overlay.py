"""How much of a piece of land do others cover? (core).

重叠分析. Everything works on pairs of equal-length arrays, or on one subject against an
array, so that one parcel and a layer against a layer are the same code:

    relate   what meets what, and what needs no cut because one holds the other
    cut      the pieces in common
    unite    pieces of one restriction, so that no ground counts twice
    measure_shares   their part of the whole

All geometry is EPSG:4490; cuts run along edges as drawn in degrees, and shares compare
areas of the same reading (`edges="drawn"` in `parcels.area`), which is additive: the
parts of a parcel sum to the parcel, and no share passes 1. An overlap in square metres
is its share times the area of record (图形面积).

Touching edges share no area, and what is below 1 cm² is taken for touching: rounding
of stored degrees makes such films along common boundaries. Geometry of the register
that is not valid is repaired first (areas enclosed by its rings; a bow-tie gives two
triangles). Should GEOS still fail, the pair is cut again on a grid of 1e-10 degrees
(0.01 mm), then of 1e-9.

Slivers (碎面) are judged on united pieces, never one by one (transfer_gate_rules.md,
I03: SLIVER_AREA and SLIVER_WIDTH, project defaults).
"""

from __future__ import annotations

from math import cos, radians
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parcels.area import measure_area, measure_perimeter
from parcels.crs import FLATTENING, SEMI_MAJOR_AXIS_M

Shapes = NDArray[Any]
Relations = NDArray[np.uint8]

DISJOINT: Final = 0
"""No point in common."""
MEETS: Final = 1
"""Something in common; only a cut can say how much."""
INSIDE: Final = 2
"""The other lies inside the subject, boundary and all."""
AROUND: Final = 3
"""The other covers the whole subject."""

TOUCHING_M2: Final = 1e-4
"""Overlaps below this are rounding along a common boundary, no overlap (接边误差)."""

_GRIDS_DEG: Final = (1e-10, 1e-9)
_MANY_VERTICES: Final = 64
_METRES_PER_DEGREE: Final = 111_700.0
_LEAST_SQUARE_M2: Final = (
    SEMI_MAJOR_AXIS_M**2 * (1 - FLATTENING) ** 2 * radians(1) ** 2 * (1 - 1e-6)
)
"""Radii of the meridian and of the prime vertical at their least, by a degree each."""
MOST_SQUARE_M2: Final = _METRES_PER_DEGREE**2
"""No square degree has more than this, m²."""
NOTHING: Final = shapely.Polygon()
"""The piece of what shares no ground."""


class EmptyGeometry(ValueError):
    """A share of something without area was asked for."""


def localise(subject: BaseGeometry | Shapes, others: Shapes) -> Shapes:
    """Return the others valid, and large ones cut to the surroundings of the subject.

    Of a county-wide zone only what lies in the subject's box matters for its overlap.
    Lines and points stay as they are. Others that cannot meet the subject stay as they
    are too, so pass only what `shapely.intersects` has let through.
    """
    large = (shapely.get_num_coordinates(others) > _MANY_VERTICES).nonzero()[0]
    if not len(large):
        return repair(others)
    near = others.copy()
    bounds = np.broadcast_to(shapely.bounds(subject), (len(others), 4))
    for index, (west, south, east, north) in zip(
        large.tolist(), bounds[large].tolist(), strict=True
    ):
        margin = 0.1 * max(east - west, north - south) + 1e-7
        box = (west - margin, south - margin, east + margin, north + margin)
        near[index] = clip(others[index], box, otherwise=None)
    # The quick clip does not promise valid output; then the whole is repaired instead.
    broken = ~shapely.is_valid(near)
    if not broken.any():
        return near
    near[broken] = repair(others[broken])
    return near


def clip(
    geometry: BaseGeometry,
    box: tuple[float, float, float, float],
    otherwise: BaseGeometry | None,
) -> BaseGeometry | None:
    """Return what of a geometry lies in a box: quick, and not always valid.

    `box` is west, south, east, north; `otherwise` is what is returned where GEOS cannot
    clip.
    """
    try:
        return shapely.clip_by_rect(geometry, *box)
    except shapely.GEOSException:
        return otherwise


def repair(geometries: Shapes) -> Shapes:
    """Return polygons made valid: the ground their rings enclose, counted once.

    Valid ones, lines, points, None and empty stay as they are.
    """
    broken = ~shapely.is_valid(geometries) & (shapely.get_dimensions(geometries) == 2)
    if not broken.any():
        return geometries
    repaired = geometries.copy()
    repaired[broken] = shapely.make_valid(
        geometries[broken], method="structure", keep_collapsed=False
    )
    return repaired


def relate(subject: BaseGeometry | Shapes, others: Shapes) -> Relations:
    """Return DISJOINT, MEETS, INSIDE or AROUND for each of the others.

    Prepare a subject that meets many (`shapely.prepare`). Lines and points are never
    AROUND; what shares a stretch of boundary is MEETS and wants a cut. None and empty
    are DISJOINT.
    """
    relations = np.zeros(len(others), dtype=np.uint8)
    hits = np.flatnonzero(shapely.intersects(subject, others))
    if not len(hits):
        return relations
    left, right = _pick(subject, hits), others[hits]
    found = np.full(len(hits), MEETS, dtype=np.uint8)
    found[shapely.covered_by(left, right)] = AROUND
    found[shapely.contains_properly(left, right)] = INSIDE
    relations[hits] = found
    return relations


def _pick(subject: BaseGeometry | Shapes, index: NDArray[np.int64]) -> Any:
    return subject[index] if isinstance(subject, np.ndarray) else subject


def cut(subject: BaseGeometry | Shapes, others: Shapes, relations: Relations) -> Shapes:
    """Return what the subject and each of the others have in common, as polygons.

    Only pairs that MEET are cut. Where nothing but points or lines is shared the piece
    is empty.
    """
    pieces = np.full(len(others), NOTHING, dtype=object)
    areal = shapely.get_dimensions(others) == 2
    inside = (areal & (relations == INSIDE)).nonzero()[0]
    pieces[inside] = others[inside]
    around = (relations == AROUND).nonzero()[0]
    pieces[around] = _pick(subject, around)
    pairs = (areal & (relations == MEETS)).nonzero()[0]
    if len(pairs):
        pieces[pairs] = _intersect(_pick(subject, pairs), others[pairs])
    return pieces


def _intersect(left: Any, right: Shapes) -> Shapes:
    try:
        shared = shapely.intersection(left, right)
    except shapely.GEOSException:
        lefts = np.broadcast_to(np.asarray(left, dtype=object), right.shape)
        shared = np.array(
            [_intersect_on_grid(a, b) for a, b in zip(lefts, right, strict=True)],
            dtype=object,
        )
    mixed = shapely.get_type_id(shared) == 7
    if mixed.any():
        shared[mixed] = [_polygons_only(piece) for piece in shared[mixed]]
    shared[shapely.get_dimensions(shared) < 2] = NOTHING
    return np.asarray(shared, dtype=object)


def _intersect_on_grid(left: BaseGeometry, right: BaseGeometry) -> BaseGeometry:
    left, right = repair(np.array([left, right], dtype=object))
    for grid in (None, *_GRIDS_DEG[:-1]):
        try:
            return shapely.intersection(left, right, grid_size=grid)
        except shapely.GEOSException:
            continue
    return shapely.intersection(left, right, grid_size=_GRIDS_DEG[-1])


def _polygons_only(collection: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(collection)
    return shapely.disjoint_subset_union_all(parts[shapely.get_dimensions(parts) == 2])


def overlap_pieces(subject: BaseGeometry, others: Shapes) -> Shapes:
    """Return what the subject has in common with each of the others, as polygons.

    All steps in one: repaired, told apart, cut. Empty where no ground is shared.
    """
    pieces = np.full(len(others), NOTHING, dtype=object)
    hits = np.flatnonzero(shapely.intersects(subject, others))
    if len(hits):
        near = localise(subject, others[hits])
        pieces[hits] = cut(subject, near, relate(subject, near))
    return pieces


def subtract(whole: BaseGeometry, part: BaseGeometry) -> BaseGeometry:
    """Return what of the whole the part leaves; both valid polygons, EPSG:4490."""
    for grid in (None, *_GRIDS_DEG[:-1]):
        try:
            return shapely.difference(whole, part, grid_size=grid)
        except shapely.GEOSException:
            continue
    return shapely.difference(
        *repair(np.array([whole, part])), grid_size=_GRIDS_DEG[-1]
    )


def unite(pieces: Shapes) -> BaseGeometry:
    """Return the union of pieces; an empty polygon for none.

    Examples
    --------
    >>> twice = np.array([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)])
    >>> unite(twice).area
    3.0
    """
    filled = pieces[~shapely.is_empty(pieces)]
    if len(filled) == 0:
        return NOTHING
    if len(filled) == 1:
        return filled[0]
    try:
        return unite_parts(filled)
    except shapely.GEOSException:
        pass
    for grid in _GRIDS_DEG[:-1]:
        try:
            return shapely.union_all(filled, grid_size=grid)
        except shapely.GEOSException:
            continue
    return shapely.union_all(repair(filled), grid_size=_GRIDS_DEG[-1])


def unite_parts(pieces: Shapes) -> BaseGeometry:
    """Return the union of polygons, part by part: what stands alone is left alone.

    Of a comb nearly all parts do, and a union of all with all takes many times as long.
    """
    return shapely.disjoint_subset_union_all(shapely.get_parts(pieces))


def measure_shares(pieces: Shapes, whole: BaseGeometry) -> NDArray[np.float64]:
    """Return the share of each piece in the whole, 0 to 1; films below 1 cm² have none.

    Parameters
    ----------
    pieces
        Parts of the whole, valid, EPSG:4490.
    whole
        Valid polygon or multipolygon, EPSG:4490.

    Raises
    ------
    EmptyGeometry
        If the whole has no area.
    """
    whose = np.zeros(len(pieces), dtype=np.int64)
    return measure_shares_of(np.array([whole]), pieces, whose)


def measure_shares_of(
    wholes: Shapes, pieces: Shapes, whose: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the share of each piece in its own whole, as `measure_shares` does.

    `whose` is the place of its whole. Raises `EmptyGeometry` for a whole without area.
    """
    areas = measure_area(np.concatenate((pieces, wholes)), edges="drawn")
    parts, totals = areas[: len(pieces)], areas[len(pieces) :]
    if not (totals > 0).all():
        raise EmptyGeometry("there is no share of a geometry without area")
    parts[parts < TOUCHING_M2] = 0.0
    shares: NDArray[np.float64] = np.minimum(parts / totals[whose], 1.0)
    return shares


def overlap_share(subject: BaseGeometry, others: Shapes) -> float:
    """Return the share of the subject that the others cover together, 0.0 to 1.0.

    重叠面积占比. Others that overlap each other count once; touching edges count as 0.

    Parameters
    ----------
    subject
        Valid polygon or multipolygon, EPSG:4490.
    others
        Polygons of one restriction, EPSG:4490.

    Raises
    ------
    EmptyGeometry
        If the subject has no area.

    Examples
    --------
    >>> half = np.array([shapely.box(114.001, 34.0, 114.003, 34.001)])
    >>> round(overlap_share(shapely.box(114.0, 34.0, 114.002, 34.001), half), 9)
    0.5
    """
    near = localise(subject, others[shapely.intersects(subject, others)])
    relations = relate(subject, near)
    united = unite(cut(subject, near, relations))
    share = float(measure_shares(np.array([united]), subject)[0])
    return 1.0 if (relations == AROUND).any() else share


def is_sliver(
    united: BaseGeometry, area_m2: float, sliver_area_m2: float, sliver_width_m: float
) -> bool:
    """Return whether an overlap is a sliver (碎面): too small or on average too narrow.

    Strictly below either limit is a sliver. The mean width is 2A/P. Area is compared as
    published, to 0.01 m², width to the millimetre, so that the printed figures agree
    with the verdict. What has no area is no overlap, and no sliver. Of several parts
    one that is no sliver by itself settles it: a long film along a boundary must not
    hide a corner that really overlaps.

    Parameters
    ----------
    united
        United pieces of one theme or category, EPSG:4490.
    area_m2
        Their area.
    """
    if area_m2 <= 0:
        return False
    if round(area_m2, 2) < sliver_area_m2:
        return True
    # A degree is never longer than this: most overlaps are wide beyond doubt.
    if 2 * area_m2 > sliver_width_m * united.length * _METRES_PER_DEGREE:
        return False
    if round(2 * area_m2 / measure_perimeter(united), 3) >= sliver_width_m:
        return False
    parts = shapely.get_parts(united)
    if len(parts) == 1:
        return True
    areas_m2 = measure_area(parts, edges="drawn")
    large = [round(area, 2) >= sliver_area_m2 for area in areas_m2.tolist()]
    widths_m = 2 * areas_m2[large] / measure_perimeter(parts[large])
    return all(round(width, 3) < sliver_width_m for width in widths_m.tolist())


def is_ground(
    united: BaseGeometry, sliver_area_m2: float, sliver_width_m: float
) -> bool:
    """Return whether a valid piece has area and is no sliver.

    Most are far beyond either limit, which their area in degrees tells: a square degree
    is never smaller than at the piece's highest latitude.
    """
    _, south, _, north = united.bounds
    least_m2 = united.area * _square_degree(max(abs(south), abs(north)))
    if (
        least_m2 > sliver_area_m2 + 0.01
        and 2 * least_m2 > sliver_width_m * united.length * _METRES_PER_DEGREE
    ):
        return True
    area_m2 = measure_area(united, edges="drawn")
    return area_m2 > 0 and not is_sliver(
        united, area_m2, sliver_area_m2, sliver_width_m
    )


def _square_degree(latitude: float) -> float:
    """Return less than a square degree has in m² anywhere up to that latitude."""
    return _LEAST_SQUARE_M2 * cos(radians(latitude))
