"""Ellipsoidal areas, against `pyproj.Geod` and against what one can do in the head."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from parcels.area import (
    measure_area,
    measure_perimeter,
    round_area,
    to_mu,
)
from parcels.local_plane import LocalPlane
from tests.builders import random_polygon, square

GEOD = Geod(a=6378137.0, rf=298.257222101)


def geod_area(polygon):
    return abs(GEOD.geometry_area_perimeter(polygon)[0])


def within_law(found, expected):
    return abs(found - expected) <= 1e-7 * expected + 0.001


def test_a_square_of_ten_metres_has_a_hundred():
    assert measure_area(square(10)) == pytest.approx(100, abs=0.001)


@pytest.mark.parametrize("seed", range(200))
def test_parcels_anywhere_in_china_agree_with_geod(seed):
    rng = np.random.default_rng(seed)
    place = rng.uniform(73, 135), rng.uniform(18, 54)
    parcel = random_polygon(rng, place, radius_m=100, vertices=rng.integers(3, 30))
    assert within_law(measure_area(parcel), geod_area(parcel))


@settings(max_examples=150, deadline=None)
@given(
    place=st.tuples(st.floats(73, 135), st.floats(18, 54)),
    corners=st.lists(
        st.tuples(st.floats(-100, 100), st.floats(-100, 100)), min_size=3, max_size=3
    ),
)
def test_any_triangle_with_edges_up_to_200_m_agrees_with_geod(place, corners):
    xy = np.array(corners) / np.sqrt(2)
    triangle = shapely.Polygon(LocalPlane(*place).coordinates_to_lonlat(xy))
    assert within_law(measure_area(triangle), geod_area(triangle))


@pytest.mark.parametrize("edge_m", [1_000, 9_000, 11_000, 100_000])
@pytest.mark.parametrize("latitude", [18, 36, 54])
def test_long_edges_agree_with_geod(edge_m, latitude):
    county = square(edge_m, at=(104.0, latitude))
    assert measure_area(county) == pytest.approx(geod_area(county), rel=1e-9)


def test_a_county_with_one_long_edge_among_parcels_is_measured_too():
    county = square(30_000)
    areas = measure_area(np.array([square(10), county, square(20)]))
    assert areas == pytest.approx([100, geod_area(county), 400], rel=1e-6)


def test_a_hole_is_taken_off_and_parts_are_added():
    ring = shapely.difference(square(30), square(10))
    apart = shapely.MultiPolygon([ring, square(10, at=(114.1, 34.0))])
    assert measure_area(apart) == pytest.approx(900, abs=0.002)


def test_a_county_with_a_hole_and_long_edges_loses_the_hole():
    outer, inner = square(50_000), square(20_000)
    ring = shapely.Polygon(outer.exterior, [inner.exterior])
    assert measure_area(ring) == pytest.approx(
        geod_area(outer) - geod_area(inner), rel=1e-9
    )


def test_polygons_inside_collections_count_and_lines_do_not():
    mixed = shapely.GeometryCollection(
        [
            shapely.Point(114, 34),
            shapely.LineString([(114, 34), (114.1, 34)]),
            shapely.MultiPolygon([square(10)]),
            shapely.GeometryCollection([square(20, at=(114.2, 34))]),
        ]
    )
    assert measure_area(mixed) == pytest.approx(500, abs=0.002)


@pytest.mark.parametrize(
    "nothing",
    [
        None,
        shapely.Polygon(),
        shapely.MultiPolygon(),
        shapely.GeometryCollection(),
        shapely.Point(114, 34),
        shapely.LineString([(114, 34), (115, 35)]),
    ],
)
@pytest.mark.parametrize("edges", ["geodesic", "drawn"])
def test_what_has_no_ground_has_no_area(nothing, edges):
    assert measure_area(nothing, edges) == 0.0


def test_nan_gives_nan():
    with np.errstate(invalid="ignore"):
        broken = shapely.Polygon([(114, 34), (114.1, np.nan), (114.1, 34.1)])
    areas = measure_area(np.array([square(10), broken]))
    assert areas[0] == pytest.approx(100, abs=0.001)
    assert np.isnan(areas[1])


def test_no_geometries_have_no_areas():
    assert measure_area(np.array([], dtype=object)).shape == (0,)


@pytest.mark.parametrize("edges", ["geodesic", "drawn"])
def test_vertex_order_and_ring_start_change_nothing(edges):
    rng = np.random.default_rng(3)
    for _ in range(50):
        parcel = random_polygon(rng, (110.0, 30.0), radius_m=80, vertices=12)
        ring = np.array(parcel.exterior.coords)[:-1]
        turned = shapely.Polygon(np.roll(ring, rng.integers(1, 12), axis=0)[::-1])
        assert measure_area(turned, edges) == pytest.approx(
            measure_area(parcel, edges), abs=1e-6
        )


@pytest.mark.parametrize("edges", ["geodesic", "drawn"])
def test_one_at_a_time_or_all_at_once_is_the_same(edges):
    rng = np.random.default_rng(4)
    parcels = np.array(
        [
            random_polygon(rng, (104.0, 31.0), 60, rng.integers(3, 200))
            for _ in range(40)
        ]
        * 40
    )
    together = measure_area(parcels, edges)
    assert together[:40].tolist() == [measure_area(p, edges) for p in parcels[:40]]
    assert np.array_equal(together[:40], together[-40:])


def test_edges_straight_in_degrees_are_measured_as_drawn():
    rng = np.random.default_rng(8)
    for latitude in (18.0, 36.0, 54.0):
        zone = random_polygon(rng, (120.0, latitude), radius_m=20_000, vertices=9)
        fine = shapely.segmentize(zone, 0.0005)
        assert measure_area(zone, "drawn") == pytest.approx(geod_area(fine), rel=1e-9)


def test_the_pieces_of_a_drawn_area_sum_to_the_whole():
    rng = np.random.default_rng(9)
    for _ in range(30):
        parcel = random_polygon(rng, (104.0, 50.0), radius_m=110, vertices=5)
        knife = random_polygon(rng, (104.0, 50.0), radius_m=300, vertices=3)
        inside = measure_area(shapely.intersection(parcel, knife), "drawn")
        outside = measure_area(shapely.difference(parcel, knife), "drawn")
        whole = measure_area(parcel, "drawn")
        # GEOS rounds the cut to 1e-14 degrees: a nanometre along the knife.
        assert inside + outside == pytest.approx(whole, abs=2e-6)


def test_geodesic_and_drawn_edges_differ_where_one_expects_it():
    # A triangle on a base of 200 m along the parallel of 54°N.
    base = LocalPlane(100.0, 54.0).coordinates_to_lonlat(
        np.array([[-100.0, 0.0], [100.0, 0.0], [0.0, 173.2]])
    )
    triangle = shapely.Polygon(base)
    apart = measure_area(triangle) - measure_area(triangle, "drawn")
    assert 0.05 < abs(apart) < 0.2


def test_the_perimeter_counts_holes_and_not_the_way_between_rings():
    ring = shapely.difference(square(30), square(10))
    assert measure_perimeter(ring) == pytest.approx(160, abs=1e-3)
    apart = shapely.MultiPolygon([square(10), square(10, at=(115.0, 34.0))])
    assert measure_perimeter(apart) == pytest.approx(80, abs=1e-3)


def test_perimeters_of_many_are_those_of_each():
    holed = square(30).difference(square(10))
    many = np.array([holed, shapely.Point(114, 34), square(20), None], dtype=object)
    assert measure_perimeter(many).tolist() == pytest.approx([160, 0, 80, 0], abs=1e-3)


def test_the_perimeter_agrees_with_geod():
    rng = np.random.default_rng(10)
    for latitude in (18.0, 36.0, 54.0):
        parcel = random_polygon(rng, (90.0, latitude), radius_m=150, vertices=8)
        assert measure_perimeter(parcel) == pytest.approx(
            GEOD.geometry_length(parcel), rel=1e-7
        )


@pytest.mark.parametrize(
    "nothing", [shapely.Polygon(), shapely.LineString([(114, 34), (115, 34)])]
)
def test_what_has_no_ground_has_no_perimeter(nothing):
    assert measure_perimeter(nothing) == 0.0


def test_fifteen_mu_are_a_hectare():
    assert to_mu(10_000) == 15.0


def test_areas_are_published_to_a_hundredth():
    assert round_area(100.004) == 100.0
    assert round_area(100.006) == 100.01
