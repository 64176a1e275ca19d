"""Is each geometry there, of the layer's kind, in its coordinate system, valid? (core).

Checked in the survey's own plane, before anything is turned into degrees. Each check
looks only at geometries that passed the ones before: an infinite coordinate is not
also outside the zone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from parcels.crs import CHINA_BOUNDS, SurveyCrs, coordinates_to_storage, get_crs
from parcels.register.layers import Shape
from parcels.surveys.checks.repairs import (
    MAKE_VALID,
    made_valid,
    offer,
)
from parcels.surveys.geometry import TYPES, Geometries, close_rings, is_curved
from parcels.surveys.issues import Issues
from parcels.surveys.row_shapes import RowShapes
from parcels.validity import Invalidity, explain

Rows = npt.NDArray[np.int32]
Indices = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_NORTHINGS: Final = (1_900_000.0, 6_000_000.0)
"""Gauss-Krüger northings of China (verified in the survey conventions, 1.4)."""
_HALF_WIDTH_M: Final = {3: 334_000.0, 6: 500_000.0}
"""Farthest from the central meridian data of a zone may lie. A zone's own half width
is 159 km and 318 km at 18°N (verified); surveys on its edge keep their zone a little
beyond it. Project default: two half widths of three degrees, one and a half of six."""

_NAMES: Final = {
    shapely.GeometryType.POINT: "Point",
    shapely.GeometryType.LINESTRING: "LineString",
    shapely.GeometryType.POLYGON: "Polygon",
    shapely.GeometryType.MULTILINESTRING: "MultiLineString",
    shapely.GeometryType.MULTIPOLYGON: "MultiPolygon",
}


def check_readable(
    wkb: npt.NDArray[Any], rows: Rows, srid: int | None
) -> Iterator[Issues]:
    """Give an issue for each geometry that could not be read, and why.

    True arcs are seen where a format keeps them (GeoPackage, File Geodatabase); a
    shapefile holds none, only the chords drawn in their place.

    Parameters
    ----------
    wkb
        The bytes of the unreadable ones.
    srid
        EPSG number of the plane; None where it is not known, so no place is told.
    """
    curved = is_curved(wkb)
    closed = close_rings(wkb)
    unclosed = ~shapely.is_missing(closed)
    if unclosed.any():
        lonlat = None
        if srid is not None:
            lonlat = _first_places(closed[unclosed], get_crs(srid))
        yield Issues("geometry_ring_unclosed", rows[unclosed], lonlat=lonlat)
    for kind, bad in (
        ("geometry_curved", curved),
        ("geometry_unreadable", ~curved & ~unclosed),
    ):
        if bad.any():
            yield Issues(kind, rows[bad])


def check_presence(
    shapes: RowShapes, unreadable: Indices, rows: Rows, shape: Shape
) -> Iterator[Issues]:
    """Give an issue for rows without geometry; `unreadable` have an issue already."""
    if shape is not Shape.AREA_OR_NONE:
        missing = ~shapes.present
        missing[unreadable] = False
        if missing.any():
            yield Issues("geometry_missing", rows[missing])


def check_coordinates(
    plane: RowShapes, rows: Rows, shape: Shape, srid: int
) -> Iterator[Issues]:
    """Give an issue for each geometry of a wrong kind or in a wrong place.

    Parameters
    ----------
    plane
        In the survey's plane, two dimensions.
    """
    usable = plane.present.copy()
    for check in (_check_types, _check_finite, _check_extent):
        for issue, bad in check(plane, usable, rows, shape, get_crs(srid)):
            usable[bad] = False
            yield issue


def check_validity(
    plane: RowShapes, rows: Rows, srid: int, certain: Mask | None = None
) -> Iterator[Issues]:
    """Give an issue for each geometry that is not valid, with reason and point.

    Parameters
    ----------
    plane
        As `check_coordinates` takes it, without what that found faulty.
    certain
        `(n,)` those known to be valid (`star_shaped`), none if not given.
    """
    bad = _find_invalid(plane, certain)
    if not len(bad):
        return
    geometries = plane[bad]
    collapsed = shapely.area(shapely.envelope(geometries)) == 0
    collapsed |= shapely.area(shapely.convex_hull(geometries)) == 0
    collapsed &= shapely.get_dimensions(geometries) == 2
    if collapsed.any():
        lonlat = _first_places(geometries[collapsed], get_crs(srid))
        yield Issues("geometry_zero_area", rows[bad[collapsed]], lonlat=lonlat)
    if not collapsed.all():
        yield _invalid(geometries[~collapsed], rows[bad[~collapsed]], srid)


def _find_invalid(shapes: RowShapes, certain: Mask | None) -> Indices:
    asked = shapes.present if certain is None else shapes.present & ~certain
    indices = np.flatnonzero(asked)
    invalid: Indices = indices[~shapely.is_valid(shapes[indices])]
    return invalid


def _invalid(plane: Geometries, rows: Rows, srid: int) -> Issues:
    reasons = [explain(one) for one in shapely.is_valid_reason(plane)]
    xy = np.array([(x, y) for _, _, x, y in reasons])
    offers = offer(plane, made_valid(plane, srid), MAKE_VALID, srid)
    details = {
        **_told(reasons),
        "x": [f"{x:.10g}" for x in xy[:, 0]],
        "y": [f"{y:.10g}" for y in xy[:, 1]],
        "offer_zh": [zh for zh, _ in offers],
        "offer_en": [en for _, en in offers],
    }
    lonlat = coordinates_to_storage(xy, srid)
    return Issues("geometry_invalid", rows, details=details, lonlat=lonlat)


Found = Iterator[tuple[Issues, Indices]]


def _check_types(
    plane: RowShapes, usable: Mask, rows: Rows, shape: Shape, _: SurveyCrs
) -> Found:
    taken = [int(kind) for kind in TYPES[shape]]
    bad = np.flatnonzero(usable & ~np.isin(plane.types, taken))
    if len(bad):
        details = {
            "found": [one.geom_type for one in plane[bad]],
            "expected": " / ".join(_NAMES[kind] for kind in TYPES[shape]),
        }
        yield Issues("geometry_wrong_type", rows[bad], details=details), bad


def _check_finite(
    plane: RowShapes, usable: Mask, rows: Rows, _: Shape, crs: SurveyCrs
) -> Found:
    bad = np.flatnonzero(usable & ~plane.finite)
    if len(bad):
        lonlat = _first_places(plane[bad], crs)
        yield Issues("geometry_not_finite", rows[bad], lonlat=lonlat), bad


def _first_places(geometries: Geometries, crs: SurveyCrs) -> npt.NDArray[np.float64]:
    """Return the first vertex of each that lies where the survey may, in degrees.

    NaN where there is none.
    """
    xy, owner, inside = _vertices(geometries, crs)
    met, first = np.unique(owner[inside], return_index=True)
    places = np.full((len(geometries), 2), np.nan)
    places[met] = coordinates_to_storage(xy[inside][first], crs.srid)
    return places


def _first_outside(geometries: Geometries, crs: SurveyCrs) -> npt.NDArray[np.float64]:
    """Return the first vertex of each that lies where no survey may, as written."""
    xy, owner, inside = _vertices(geometries, crs)
    _, first = np.unique(owner[~inside], return_index=True)
    outside: npt.NDArray[np.float64] = xy[~inside][first]
    return outside


def _vertices(
    geometries: Geometries, crs: SurveyCrs
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], Mask]:
    """Return all vertices, whose they are, and which lie where the survey may."""
    west, south, east, north = extent_of(crs)
    xy, owner = shapely.get_coordinates(geometries, return_index=True)
    inside = (xy >= (west, south)).all(axis=1) & (xy <= (east, north)).all(axis=1)
    return xy, owner, inside


def _check_extent(
    plane: RowShapes, usable: Mask, rows: Rows, _: Shape, crs: SurveyCrs
) -> Found:
    west, south, east, north = extent_of(crs)
    bounds = plane.bounds
    outside = (bounds[:, :2] < (west, south)) | (bounds[:, 2:] > (east, north))
    bad = np.flatnonzero(usable & outside.any(axis=1))
    if len(bad):
        geometries = plane[bad]
        xy = _first_outside(geometries, crs)
        details = {
            "x": [f"{x:.10g}" for x in xy[:, 0]],
            "y": [f"{y:.10g}" for y in xy[:, 1]],
            "srid": crs.srid,
            "expected": f"{west:.10g}–{east:.10g}, {south:.10g}–{north:.10g}",
        }
        lonlat = _first_places(geometries, crs)
        issues = Issues(
            "geometry_outside_crs", rows[bad], details=details, lonlat=lonlat
        )
        yield issues, bad


def extent_of(crs: SurveyCrs) -> tuple[float, float, float, float]:
    """Return the least and greatest easting and northing survey data may have.

    Degrees for a geographic system, metres for a zone, as (west, south, east, north).
    """
    if crs.zone_width is None or crs.false_easting_m is None:
        return CHINA_BOUNDS
    half = _HALF_WIDTH_M[crs.zone_width]
    middle = crs.false_easting_m
    return (middle - half, _NORTHINGS[0], middle + half, _NORTHINGS[1])


def check_stored(
    stored: RowShapes, rows: Rows, certain: Mask | None = None
) -> Iterator[Issues]:
    """Give an issue for geometries that lost their validity on the way to degrees.

    Parameters
    ----------
    certain
        As `check_validity` takes it.
    """
    bad = _find_invalid(stored, certain)
    if len(bad):
        reasons = [explain(one) for one in shapely.is_valid_reason(stored[bad])]
        lonlat = np.array([(x, y) for _, _, x, y in reasons])
        yield Issues(
            "geometry_unstable", rows[bad], details=_told(reasons), lonlat=lonlat
        )


def _told(reasons: Sequence[Invalidity]) -> dict[str, Any]:
    return {
        "reason_zh": [zh for zh, _, _, _ in reasons],
        "reason_en": [en for _, en, _, _ in reasons],
    }
