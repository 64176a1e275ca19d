"""The local plane is the transverse Mercator of PROJ, centred where we measure."""

import numpy as np
import pyproj
import pytest
import shapely

from parcels.local_plane import LocalPlane

PLACES = [(73.0, 18.0), (102.27, 27.9), (114.0, 34.75), (135.0, 54.0)]


def around(place, degrees):
    rng = np.random.default_rng(11)
    return np.array(place) + rng.uniform(-degrees, degrees, (500, 2))


def proj(place):
    return pyproj.Transformer.from_crs(
        4490,
        f"+proj=tmerc +lon_0={place[0]} +lat_0={place[1]} +ellps=GRS80 +type=crs",
        always_xy=True,
    )


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("degrees", [0.01, 1.0, 10.0])
def test_metres_are_those_of_proj(place, degrees):
    lonlat = around(place, degrees)
    expected = np.column_stack(proj(place).transform(lonlat[:, 0], lonlat[:, 1]))
    found = LocalPlane(*place).coordinates_to_plane(lonlat)
    assert np.abs(found - expected).max() < 1e-6


@pytest.mark.parametrize("place", PLACES)
def test_there_and_back_is_the_same_place(place):
    lonlat = around(place, 2.0)
    plane = LocalPlane(*place)
    back = plane.coordinates_to_lonlat(plane.coordinates_to_plane(lonlat))
    assert np.abs(back - lonlat).max() < 1e-10


def test_the_origin_is_zero():
    origin = LocalPlane(114.0, 34.0).to_plane(shapely.Point(114.0, 34.0))
    assert origin.coords[0] == pytest.approx((0.0, 0.0), abs=1e-9)


def test_east_is_x_and_north_is_y():
    plane = LocalPlane(114.0, 34.0)
    assert plane.to_plane(shapely.Point(114.001, 34.0)).x == pytest.approx(92.4, abs=1)
    assert plane.to_plane(shapely.Point(114.0, 34.001)).y == pytest.approx(111, abs=1)


def test_a_plane_around_a_geometry_is_centred_on_its_box():
    plane = LocalPlane.around(shapely.box(113.0, 34.0, 115.0, 36.0))
    assert (plane.longitude, plane.latitude) == (114.0, 35.0)


def test_arrays_with_none_and_empty_pass():
    plane = LocalPlane(114.0, 34.0)
    moved = plane.to_plane(np.array([None, shapely.Point(), shapely.Point(114, 34)]))
    assert moved[0] is None
    assert moved[1].is_empty
