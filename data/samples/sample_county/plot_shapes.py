"""What shape a plot has, beside the parcel it lies on.

Most lie a step inside their parcel. Three do not: one reaches a centimetre over a
fence, one is known by a point only, one lies 40 m beyond the county border.
"""

from __future__ import annotations

import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from sample_county.plane import on_grid, polygons_of
from sample_county.plot_data import PlotSpec
from sample_county.survey import Parcel, inset

FENCE_LENGTHS_M = tuple(number / 10 for number in range(380, 430))
FENCE_OVERLAP_M = 0.010
FENCE_OVERLAP_M2 = 0.4
BEYOND_BORDER_M = 40.0


def plot_shape(
    spec: PlotSpec, parcel: Parcel, sites: dict[str, Parcel]
) -> BaseGeometry:
    """Return the shape of a plot that lies on a parcel, in local metres."""
    if spec.shape == "point":
        if spec.site == "point_inside":
            return _point_near(parcel, sites["point_near"])
        return on_grid(parcel.geometry.representative_point())
    if spec.shape == "over_fence":
        return _over_fence(parcel, sites["fence_neighbour"])
    if spec.shape == "beyond_border":
        near = sites["border_home"].geometry.buffer(BEYOND_BORDER_M, 32)
        far = on_grid(inset(parcel.geometry, 1.5).difference(near))
        return max(polygons_of(far), key=lambda part: part.area)
    return inset(parcel.geometry, 1.5)


def _point_near(parcel: Parcel, neighbour: Parcel) -> Point:
    """Return a point of the parcel that lies 25 m from the neighbour."""
    ring = neighbour.geometry.buffer(25.0).exterior.intersection(
        inset(parcel.geometry, 5.0)
    )
    return on_grid(shapely.get_parts(ring)[0].interpolate(0.5, normalized=True))


def _over_fence(parcel: Parcel, neighbour: Parcel) -> Polygon:
    """Return the parcel's ground with a centimetre of the neighbour's along a fence.

    Points lie on whole millimetres, so the length is the one that gives 0.4 m² best.
    """
    fence = _longest_straight(parcel, neighbour)
    middle = fence.length / 2
    shapes = []
    for length in FENCE_LENGTHS_M:
        a = fence.interpolate(middle - length / 2)
        b = fence.interpolate(middle + length / 2)
        shapes.append(_reach_over(parcel, neighbour, LineString([a, b])))
    return min(
        shapes,
        key=lambda shape: abs(
            shape.intersection(neighbour.geometry).area - FENCE_OVERLAP_M2
        ),
    )


def _reach_over(parcel: Parcel, neighbour: Parcel, strip: LineString) -> Polygon:
    """Join the ground inside the parcel with a strip on both sides of its fence."""
    left = strip.buffer(0.5, single_sided=True)
    over = left.intersection(neighbour.geometry).area > left.area / 2
    sides = (FENCE_OVERLAP_M, -3.0) if over else (-FENCE_OVERLAP_M, 3.0)
    strips = [
        strip.buffer(side, single_sided=True, cap_style="flat", join_style="mitre")
        for side in sides
    ]
    shape = on_grid(shapely.union_all([inset(parcel.geometry, 1.5), *strips]))
    return max(polygons_of(shape), key=lambda part: part.area)


def _longest_straight(parcel: Parcel, neighbour: Parcel) -> LineString:
    shared = parcel.geometry.intersection(neighbour.geometry)
    lines = [p for p in shapely.get_parts(shared) if isinstance(p, LineString)]
    pairs = [
        LineString(pair)
        for line in lines
        for pair in zip(line.coords, line.coords[1:], strict=False)
    ]
    longest = max(pairs, key=lambda line: line.length)
    if longest.length < FENCE_LENGTHS_M[-1]:
        raise LookupError(f"the common fence is only {longest.length:.1f} m straight")
    return longest
