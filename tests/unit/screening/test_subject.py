"""A polygon that cannot have one meaning is refused, with the coordinate to mend."""

import numpy as np
import pytest
import shapely

from parcels.local_plane import LocalPlane
from screening.subject import InvalidSubjectGeometry, check_crossings, check_subject
from tests.builders import PLACE, multi, point, rectangle, square


def refusal(geometry, **limits):
    with pytest.raises(InvalidSubjectGeometry) as caught:
        check_subject(geometry, **limits)
    return caught.value


def polygon(*vertices):
    return shapely.Polygon(vertices)


def test_a_polygon_becomes_a_multipolygon():
    checked = check_subject(square(100))
    assert checked.geom_type == "MultiPolygon"
    assert checked.equals(square(100))


def test_a_multipolygon_stays_one():
    apart = multi(square(10), square(10, east_m=50))
    assert check_subject(apart).equals(apart)


def test_heights_are_dropped():
    assert not check_subject(shapely.force_3d(square(10), 70.0)).has_z


@pytest.mark.parametrize(
    "nothing", [None, shapely.Polygon(), shapely.MultiPolygon(), shapely.Point()]
)
def test_nothing_is_refused(nothing):
    assert refusal(nothing).reason == "empty"


@pytest.mark.parametrize(
    "other",
    [
        shapely.Point(PLACE),
        shapely.LineString([PLACE, (114.1, 34.75)]),
        shapely.GeometryCollection([square(10)]),
    ],
    ids=lambda g: g.geom_type,
)
def test_only_polygons_have_ground(other):
    found = refusal(other)
    assert found.reason == "not_a_polygon"
    assert other.geom_type in found.en


def test_a_bow_tie_is_refused_where_it_crosses():
    found = refusal(
        polygon((114.0, 34.0), (114.002, 34.002), (114.002, 34.0), (114.0, 34.002))
    )
    assert found.reason == "self_intersection"
    assert (found.longitude, found.latitude) == pytest.approx((114.001, 34.001))
    assert "(114.001, 34.001)" in found.en
    assert "(114.001, 34.001)" in found.zh


def test_a_boundary_that_touches_itself_is_refused_there():
    found = refusal(
        polygon(
            (114.0, 34.0),
            (114.002, 34.0),
            (114.001, 34.001),
            (114.002, 34.002),
            (114.0, 34.002),
            (114.001, 34.001),
        )
    )
    assert found.reason == "ring_touches_itself"
    assert (found.longitude, found.latitude) == pytest.approx((114.001, 34.001))


def test_a_hole_outside_is_refused():
    shell, hole = square(100).exterior, square(10, east_m=200).exterior
    assert refusal(shapely.Polygon(shell, [hole])).reason == "hole_outside"


def test_a_ground_that_is_no_polygon_is_refused_with_what_to_do():
    found = refusal(polygon(*[(114.0, 34.0)] * 4))
    assert found.reason == "invalid"
    assert found.zh.endswith("请改正后重新提交。")
    assert found.en.endswith("correct it and send it again.")


def test_parts_that_lie_in_each_other_are_refused():
    assert refusal(multi(square(100), square(10))).reason == "nested"


def test_parts_that_overlap_are_refused_at_a_coordinate():
    found = refusal(multi(rectangle(0, 0, 10, 10), rectangle(5, 5, 15, 15)))
    assert found.reason == "self_intersection"
    assert found.longitude == pytest.approx(114.0, abs=0.001)


def test_holes_that_cut_the_ground_apart_are_refused():
    shell = polygon((114.0, 34.0), (114.004, 34.0), (114.004, 34.002), (114.0, 34.002))
    diamond = [(114.002, 34.0), (114.003, 34.001), (114.002, 34.002), (114.001, 34.001)]
    found = refusal(shapely.Polygon(shell.exterior, [diamond]))
    assert found.reason == "disconnected"
    assert found.longitude == pytest.approx(114.002)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_coordinate_that_is_no_number_is_counted_out(value):
    with np.errstate(invalid="ignore"):
        broken = polygon((114.0, 34.0), (114.001, value), (114.001, 34.001))
    found = refusal(broken)
    assert found.reason == "not_finite"
    assert "2" in found.en


def test_latitude_first_is_recognised():
    swapped = shapely.transform(square(100), lambda lonlat: lonlat[:, ::-1])
    found = refusal(swapped)
    assert found.reason == "swapped"
    assert "longitude" in found.en


def test_metres_are_recognised():
    metres = shapely.box(38_465_000, 3_846_000, 38_465_100, 3_846_100)
    found = refusal(metres)
    assert found.reason == "not_degrees"
    assert "4490" in found.zh


@pytest.mark.parametrize(
    "abroad",
    [
        shapely.box(2.0, 48.0, 2.1, 48.1),
        shapely.box(-114.1, 34.0, -114.0, 34.1),
        shapely.box(72.9, 34.0, 73.1, 34.1),
        shapely.box(120.0, 53.9, 120.1, 54.1),
    ],
)
def test_what_lies_outside_china_is_refused(abroad):
    assert refusal(abroad).reason == "outside_china"


def test_too_many_vertices_are_refused():
    ring = shapely.segmentize(square(100), 0.00001)
    count = shapely.get_num_coordinates(ring)
    assert refusal(ring, most_vertices=count - 1).reason == "too_many_vertices"
    assert check_subject(ring, most_vertices=count).is_valid


def test_area_has_an_upper_and_a_lower_limit():
    assert refusal(square(0.09)).reason == "too_small"
    assert check_subject(square(0.11)).is_valid
    assert refusal(square(100), largest_m2=9_999.0).reason == "too_large"
    assert check_subject(square(100), largest_m2=10_001.0).is_valid


def test_a_refused_vertex_is_named_even_when_the_whole_is_broken_otherwise():
    broken = polygon((114.0, 34.0), (200.0, 95.0), (200.0, 34.0), (114.0, 95.0))
    found = refusal(broken)
    assert found.reason == "not_degrees"
    assert (found.longitude, found.latitude) == (200.0, 95.0)


def strips(count, *, side_m=1000.0):
    """Strips of half the width of their distance, one over the other."""
    step = side_m / count
    return np.array(
        [rectangle(0, i * step, side_m, (i + 0.5) * step) for i in range(count)]
    )


def zigzag(edges, *, side_m=1000.0):
    """A band of so many edges that runs up and down over a square."""
    east = np.linspace(0, side_m, edges // 2)
    north = np.where(np.arange(len(east)) % 2, side_m, 0.0)
    lower = np.column_stack((east, north))
    upper = lower + [0.0, 0.1]
    ring = np.concatenate((lower, upper[::-1]))
    return shapely.Polygon(LocalPlane(*PLACE).coordinates_to_lonlat(ring))


def test_a_boundary_that_crosses_too_much_of_what_lies_there_is_refused():
    band, fields = zigzag(600), strips(100)
    with pytest.raises(InvalidSubjectGeometry) as caught:
        check_crossings(band, fields, most_crossings=100_000)
    assert caught.value.reason == "too_intricate"
    assert "100000" in caught.value.en
    check_crossings(band, fields, most_crossings=200_000)
    crossed = shapely.get_num_geometries(
        shapely.intersection(
            band.exterior, shapely.MultiLineString([line.exterior for line in fields])
        )
    )
    assert 100_000 < crossed < 200_000


def test_a_boundary_of_few_edges_over_one_of_very_many_is_refused_too():
    band, comb = zigzag(20), np.array([zigzag(10_000)])
    check_crossings(band, comb, most_crossings=200_000)
    with pytest.raises(InvalidSubjectGeometry):
        check_crossings(band, comb, most_crossings=10_000)


def test_points_are_crossed_without_end():
    points = np.array([point(n) for n in range(1000)])
    check_crossings(zigzag(600), points, most_crossings=600_000)
