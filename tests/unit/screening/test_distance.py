"""Distances and rings, against geodesics and against what one can do in the head."""

import math
import time

import numpy as np
import pyproj
import pytest
import shapely
from pyproj import Geod

from parcels.local_plane import LocalPlane
from screening.distance import (
    buffer_for_display,
    expand_bounds,
    measure_distances,
    measure_distances_from,
    measure_widening,
)
from tests.builders import point, random_polygon, rectangle, square

GEOD = Geod(a=6378137.0, rf=298.257222101)
LATITUDES = (18.0, 36.0, 54.0)


def distance(a, b, **options):
    return measure_distances(a, np.array([b]), **options)[0]


def sampled_distance(a, b):
    """Distance through space between boundaries sampled every half metre."""
    space = pyproj.Transformer.from_crs(4490, 4479, always_xy=True)

    def samples(geometry):
        fine = shapely.segmentize(geometry, 0.5 / 111_000)
        lonlat = shapely.get_coordinates(fine)
        return np.column_stack(space.transform(*lonlat.T, np.zeros(len(lonlat))))

    gaps = samples(a)[:, None, :] - samples(b)[None, :, :]
    return float(np.sqrt((gaps**2).sum(axis=2)).min())


def test_a_gap_of_forty_metres_is_forty_metres():
    assert distance(square(10), rectangle(45, -5, 55, 5)) == pytest.approx(40, abs=1e-4)


@pytest.mark.parametrize(
    "other",
    [
        square(10, east_m=5),
        rectangle(5, -5, 15, 5),
        square(2),
        square(100),
        point(0),
    ],
    ids=["overlap", "touching edge", "inside", "around", "point inside"],
)
def test_what_meets_is_at_distance_zero(other):
    assert distance(square(10), other) < 1e-6


@pytest.mark.parametrize("seed", range(60))
def test_points_anywhere_in_china_agree_with_geodesics(seed):
    rng = np.random.default_rng(seed)
    longitude, latitude = rng.uniform(73, 135), rng.uniform(18, 54)
    metres = rng.uniform(1, 20_000)
    there = GEOD.fwd(longitude, latitude, rng.uniform(0, 360), metres)[:2]
    found = distance(shapely.Point(longitude, latitude), shapely.Point(there))
    assert found == pytest.approx(metres, rel=1e-5)


@pytest.mark.parametrize("seed", range(20))
def test_boundaries_anywhere_in_china_agree_with_sampling(seed):
    rng = np.random.default_rng(seed)
    place = rng.uniform(73, 135), rng.uniform(18, 54)
    here = random_polygon(rng, place, radius_m=60, vertices=7)
    away = GEOD.fwd(*place, rng.uniform(0, 360), rng.uniform(150, 1500))[:2]
    there = random_polygon(rng, away, radius_m=80, vertices=6)
    assert distance(here, there) == pytest.approx(
        sampled_distance(here, there), rel=5e-5, abs=0.001
    )


@pytest.mark.parametrize("latitude", LATITUDES)
def test_a_long_edge_is_where_it_is_drawn(latitude):
    # A river along the parallel for 60 km: straight in degrees, bent in metres.
    river = shapely.LineString([(113.7, latitude), (114.3, latitude)])
    village = shapely.Point(114.0, latitude + 0.005)
    expected = GEOD.inv(114.0, latitude, 114.0, latitude + 0.005)[2]
    assert distance(village, river) == pytest.approx(expected, rel=5e-4)


def test_what_lies_beyond_the_search_may_be_infinite_but_near_is_exact():
    rng = np.random.default_rng(1)
    wide = random_polygon(rng, (114.5, 34.75), radius_m=20_000, vertices=400)
    near = shapely.Point(114.1, 34.75)
    exact = distance(near, wide)
    assert distance(near, wide, within_m=exact * 1.01) == pytest.approx(exact, rel=1e-6)
    assert distance(near, wide, within_m=10.0) == math.inf


@pytest.mark.parametrize("seed", range(20))
def test_a_wide_reserve_is_as_far_as_its_boundary_near_the_search(seed):
    rng = np.random.default_rng(seed)
    wide = random_polygon(rng, (114.0, 34.0), radius_m=5_000, vertices=300)
    for _ in range(10):
        here = shapely.Point(
            114 + rng.uniform(-0.06, 0.06), 34 + rng.uniform(-0.06, 0.06)
        )
        exact = distance(here, wide)
        found = distance(here, wide, within_m=1000.0)
        if exact <= 1000.0:
            assert found == pytest.approx(exact, abs=0.0012)
        else:
            assert found > 1000.0


def test_a_small_geometry_beyond_the_search_keeps_its_distance():
    far = square(10, east_m=500)
    assert distance(square(10), far, within_m=1.0) == pytest.approx(490, abs=0.01)


def test_order_of_the_others_and_direction_change_nothing():
    here, near, far = square(10), square(10, east_m=50), square(10, east_m=90)
    one_way = measure_distances(here, np.array([near, far]))
    assert measure_distances(here, np.array([far, near])) == pytest.approx(
        one_way[::-1], rel=1e-12
    )
    assert distance(near, here) == pytest.approx(one_way[0], rel=1e-7)


def test_none_and_empty_have_no_distance():
    found = measure_distances(square(10), np.array([None, shapely.Polygon()]))
    assert np.isnan(found).all()
    assert measure_distances(square(10), np.array([], dtype=object)).shape == (0,)


@pytest.mark.parametrize("latitude", LATITUDES)
@pytest.mark.parametrize("metres", [0.5, 100, 1000, 10_000])
def test_an_expanded_box_holds_all_within_the_distance(latitude, metres):
    box = square(200, at=(100.0, latitude)).bounds
    west, south, east, north = expand_bounds(box, metres)
    corners = [(x, y) for x in box[::2] for y in box[1::2]]
    for x, y in corners:
        for azimuth in range(0, 360, 5):
            there = GEOD.fwd(x, y, azimuth, metres)
            assert west <= there[0] <= east
            assert south <= there[1] <= north


def test_an_expanded_box_is_not_wasteful():
    west, south, east, north = expand_bounds((114.0, 54.0, 114.0, 54.0), 1000.0)
    assert GEOD.inv(west, 54.0, east, 54.0)[2] < 2050
    assert GEOD.inv(114.0, south, 114.0, north)[2] < 2050


@pytest.mark.parametrize(
    ("accuracy", "area", "metres", "why"),
    [
        (None, None, 0.0, ""),
        (0.0, 0.0, 0.0, ""),
        (-5.0, math.nan, 0.0, ""),
        (5.0, None, 5.0, "accuracy"),
        (None, math.pi * 1e4, 100.0, "equivalent_radius"),
        (5.0, math.pi * 1e4, 105.0, "equivalent_radius_and_accuracy"),
    ],
)
def test_a_point_is_widened_by_what_is_known_of_it(accuracy, area, metres, why):
    widening = measure_widening(accuracy, area)
    assert widening.metres == pytest.approx(metres)
    assert widening.why == why


def ring_errors(ring, source, radius_m):
    """Relative error of the radius at the vertices and at the middle of edges."""
    vertices = shapely.get_coordinates(ring)
    middles = (vertices[1:] + vertices[:-1]) / 2
    places = shapely.points(np.vstack((vertices, middles)))
    return np.abs(measure_distances(source, places) / radius_m - 1)


@pytest.mark.parametrize("place", [(73.0, 18.0), (104.0, 36.0), (135.0, 54.0)])
@pytest.mark.parametrize("radius_m", [50, 1000, 10_000])
def test_a_ring_around_a_point_is_true_to_half_a_thousandth(place, radius_m):
    ring = buffer_for_display(shapely.Point(place), radius_m)
    vertices = shapely.get_coordinates(ring)
    middles = (vertices[1:] + vertices[:-1]) / 2
    for x, y in np.vstack((vertices, middles)):
        metres = GEOD.inv(*place, x, y)[2]
        assert abs(metres / radius_m - 1) < 5e-4


@pytest.mark.parametrize("latitude", LATITUDES)
def test_a_ring_around_a_long_side_is_true_at_the_middle_of_edges(latitude):
    works = square(8_000, at=(104.0, latitude))
    ring = buffer_for_display(works, 500)
    assert ring_errors(ring, works, 500).max() < 5e-4


def test_a_ring_keeps_holes_that_the_radius_does_not_fill():
    yard = shapely.difference(square(1000), square(600))
    ring = buffer_for_display(yard, 50)
    assert len(ring.interiors) == 1


def test_a_ring_of_nothing_is_nothing():
    assert buffer_for_display(shapely.Polygon(), 100).is_empty


@pytest.mark.parametrize("radius_m", [0, -1, math.nan])
def test_a_ring_needs_a_radius(radius_m):
    with pytest.raises(ValueError, match="positive radius"):
        buffer_for_display(square(10), radius_m)


def test_a_ring_of_few_segments_is_refused():
    with pytest.raises(ValueError, match="too few"):
        buffer_for_display(square(10), 100, segments=16)


def test_each_subject_is_measured_from_in_its_own_plane():
    """Forty metres east of either, three thousand kilometres apart."""
    south, north = (109.5, 18.3), (124.0, 52.9)
    subjects = np.array([square(10, south), square(10, north)])
    others = np.array(
        [
            square(10, place, east_m=east)
            for place, east in ((north, 50), (south, 50), (north, 90), (south, -50))
        ]
    )
    found = measure_distances_from(subjects, others, np.array([1, 0, 1, 0]))
    assert found == pytest.approx([40, 40, 80, 40], abs=0.001)


def test_each_subject_has_its_own_search():
    """A reserve of many corners 900 m away; searched by one as far as that."""
    rng = np.random.default_rng(3)
    wide = random_polygon(rng, (114.5, 34.75), radius_m=20_000, vertices=400)
    here = shapely.Point(114.1, 34.75)
    exact = distance(here, wide)
    found = measure_distances_from(
        np.array([here, here]), np.array([wide, wide]), np.array([0, 1]), [10.0, 1e6]
    )
    assert found[0] == math.inf
    assert found[1] == pytest.approx(exact, rel=1e-6)


def star(corners):
    """A polygon around a place whose every other corner lies nearer to it."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    far = np.where(np.arange(corners) % 2, 200.0, 3000.0)
    xy = np.column_stack((np.cos(angle) * far, np.sin(angle) * far))
    return LocalPlane(114.0, 34.0).to_lonlat(shapely.Polygon(xy))


def test_a_ring_around_many_corners_is_the_one_drawn_at_once():
    plane, shape = LocalPlane(114.0, 34.0), star(256)
    ring = plane.to_plane(buffer_for_display(shape, 1000))
    at_once = plane.to_plane(shape).buffer(1000, quad_segs=32)
    apart_m2 = shapely.symmetric_difference(ring, at_once).area
    assert apart_m2 < 1e-4 * at_once.area
    assert shapely.covers(ring.buffer(1e-6), plane.to_plane(shape))


def test_a_ring_around_a_large_area_of_many_corners_holds_its_middle():
    ring = buffer_for_display(star(1000), 50)
    assert ring.covers(shapely.Point(114.0, 34.0))


def test_a_ring_around_thousands_of_corners_takes_seconds():
    """At once it took minutes: whoever asked kept a process of the gate busy."""
    began = time.process_time()
    assert buffer_for_display(star(10_000), 5000).is_valid
    assert time.process_time() - began < 20


def test_a_ring_around_many_corners_leaves_a_large_hole_open():
    shape = star(1000)
    frame = shapely.box(113.8, 33.8, 114.2, 34.2) - shape
    ring = buffer_for_display(frame, 50)
    assert not ring.covers(shapely.Point(114.0, 34.0))
    assert ring.covers(shapely.Point(113.9, 33.9))


def teeth(count, *, at=(114.0, 36.0)):
    """A comb of so many teeth 1 m wide, 1 m apart and 100 m long."""
    ring = [(0.0, -1.0)]
    for west in range(0, 2 * count, 2):
        ring += [(west, 0.0), (west, 100.0), (west + 1, 100.0), (west + 1, 0.0)]
    ring.append((2.0 * count, -1.0))
    plane = LocalPlane(*at)
    return shapely.Polygon(plane.coordinates_to_lonlat(np.array(ring)))


def test_a_subject_of_very_many_corners_is_as_far_away_as_its_nearest_corner_tells():
    comb = teeth(500)
    plane = LocalPlane(114.0, 36.0)
    beyond = plane.coordinates_to_lonlat(np.array([[1000.0, 120.0], [-30.0, 50.0]]))
    others = np.array([shapely.Point(lonlat) for lonlat in beyond], dtype=object)
    geodesics = [
        GEOD.line_length(*shapely.get_coordinates(shapely.shortest_line(comb, other)).T)
        for other in others
    ]
    found = measure_distances(comb, others)
    assert found == pytest.approx(geodesics, abs=1e-3)
    assert found == pytest.approx([20.0 * math.sqrt(1 + 1 / 400), 30.0], abs=0.01)


def test_what_meets_or_lies_in_a_subject_of_very_many_corners_has_no_distance():
    comb = teeth(500)
    inside = comb.buffer(-1e-6).representative_point()
    others = np.array([inside, comb, shapely.box(113.0, 35.0, 115.0, 37.0), None])
    found = measure_distances(comb, others)
    assert found[:3].tolist() == [0.0, 0.0, 0.0]
    assert np.isnan(found[3])
