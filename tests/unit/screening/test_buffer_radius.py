"""Rings and distances against pyproj.Geod at a thousand places all over China.

A ring's radius is measured where it is worst: at its vertices and at the middle of its
edges, as they are drawn in degrees, to the nearest point of the source on geodesics.
"""

import numpy as np
import pytest
import shapely
from pyproj import Geod

from parcels.crs import FLATTENING, SEMI_MAJOR_AXIS_M
from parcels.local_plane import LocalPlane
from screening.distance import buffer_for_display, measure_distances

GEOD = Geod(a=SEMI_MAJOR_AXIS_M, f=FLATTENING)
MOST = 0.0005
"""0.05 %, at vertices and in between (design)."""
RADII_M = (10.0, 100.0, 1000.0, 10_000.0, 50_000.0)
PLACES = [
    (longitude, latitude)
    for longitude in np.linspace(73, 135, 32)
    for latitude in np.linspace(18, 54, 32)
]
"""1,024 places."""


def check_points(ring, rng, count=48):
    """Return some vertices of a ring and the middles of as many edges."""
    corners = shapely.get_coordinates(ring.exterior)
    chosen = rng.choice(len(corners) - 1, count)
    return np.vstack((corners[chosen], (corners[chosen] + corners[chosen + 1]) / 2))


def distances_to(points, line):
    """Return geodesic distances to a line drawn in degrees: search, then refine."""
    starts, ends = line[:-1], line[1:]
    best = np.full(len(points), np.inf)
    low, high = np.zeros(len(starts)), np.ones(len(starts))
    for number, point in enumerate(points):
        low[:], high[:] = 0.0, 1.0
        for _ in range(6):
            steps = np.linspace(0, 1, 17)
            parts = low[:, None] + (high - low)[:, None] * steps
            places = starts[:, None] + (ends - starts)[:, None] * parts[..., None]
            lonlat = places.reshape(-1, 2)
            there = np.broadcast_to(point, lonlat.shape)
            found = GEOD.inv(lonlat[:, 0], lonlat[:, 1], there[:, 0], there[:, 1])[2]
            found = found.reshape(parts.shape)
            nearest = found.argmin(axis=1)
            best[number] = min(best[number], found.min())
            step = (high - low) / 16
            middle = parts[np.arange(len(parts)), nearest]
            low, high = np.maximum(middle - step, 0), np.minimum(middle + step, 1)
    return best


@pytest.mark.parametrize("radius_m", RADII_M)
def test_rings_of_points_are_true_at_a_thousand_places(radius_m):
    rng = np.random.default_rng(1)
    assert len(PLACES) >= 1000
    worst = 0.0
    for place in PLACES:
        points = check_points(buffer_for_display(shapely.Point(*place), radius_m), rng)
        there = np.broadcast_to(place, points.shape)
        found = GEOD.inv(there[:, 0], there[:, 1], points[:, 0], points[:, 1])[2]
        worst = max(worst, float(np.abs(found / radius_m - 1).max()))
    assert worst <= MOST


def line_at(place, length_m):
    """Return a line of three points through a place."""
    half = length_m / 2
    corners = np.array([[-half, -half / 3], [0, half / 4], [half, half / 2]])
    return LocalPlane(*place).coordinates_to_lonlat(corners)


def area_at(place, side_m):
    """Return the outline of an area ten kilometres across."""
    half = side_m / 2
    corners = np.array([[-1, -1], [1, -0.8], [0.9, 1], [-0.7, 0.9], [-1, -1]]) * half
    return LocalPlane(*place).coordinates_to_lonlat(corners)


SOME = PLACES[::41]


@pytest.mark.parametrize("radius_m", RADII_M)
@pytest.mark.parametrize("make", [line_at, area_at])
def test_rings_of_lines_and_of_ten_kilometre_areas_are_true(radius_m, make):
    rng = np.random.default_rng(2)
    worst = 0.0
    for place in SOME:
        outline = make(place, 10_000.0)
        shape = shapely.LineString(outline)
        if make is area_at:
            shape = shapely.Polygon(outline)
        points = check_points(buffer_for_display(shape, radius_m), rng, 10)
        found = distances_to(points, outline)
        worst = max(worst, float(np.abs(found / radius_m - 1).max()))
    assert worst <= MOST


@pytest.mark.parametrize("apart_m", RADII_M)
def test_distances_are_true_at_a_thousand_places(apart_m):
    rng = np.random.default_rng(3)
    longitudes, latitudes = np.array(PLACES).T
    azimuths = rng.uniform(0, 360, len(PLACES))
    lengths = np.full(len(PLACES), apart_m)
    east, north, _ = GEOD.fwd(longitudes, latitudes, azimuths, lengths)
    for place, there in zip(PLACES, shapely.points(east, north), strict=True):
        (found,) = measure_distances(shapely.Point(*place), np.array([there]))
        assert found == pytest.approx(apart_m, rel=MOST)
