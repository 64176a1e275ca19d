"""Overlaps and shares, against squares drawn by hand and against geopandas."""

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from parcels.area import measure_area
from parcels.crs import srid_for_zone, transform_from_storage, zone_for
from parcels.local_plane import LocalPlane
from screening.overlay import (
    AROUND,
    DISJOINT,
    INSIDE,
    MEETS,
    EmptyGeometry,
    clip,
    cut,
    is_ground,
    is_sliver,
    localise,
    measure_shares,
    measure_shares_of,
    overlap_share,
    relate,
    unite,
)
from tests.builders import PLACE, point, random_polygon, rectangle, square


def shapes(*geometries):
    return np.array(geometries, dtype=object)


PARCEL = square(100)
WEST_HALF = rectangle(-50, -50, 0, 50)


def share(*others, subject=PARCEL):
    return overlap_share(subject, shapes(*others))


def test_half_covered_is_a_half():
    assert share(WEST_HALF) == pytest.approx(0.5, abs=1e-6)


def test_two_overlapping_polygons_of_one_restriction_count_once():
    assert share(WEST_HALF, rectangle(-30, -50, 10, 50)) == pytest.approx(0.6, abs=1e-6)
    assert share(square(90), square(90), square(100), square(300)) == 1.0


def test_a_parcel_wholly_covered_has_exactly_all_of_it():
    assert share(square(300)) == 1.0
    assert share(PARCEL) == 1.0


def test_two_halves_make_the_whole():
    # Drawn in degrees: a vertex put on an edge in metres is a hair off it in degrees.
    parcel = shapely.box(114.0, 34.0, 114.002, 34.001)
    halves = [
        shapely.box(114.0, 34.0, 114.0013, 34.001),
        shapely.box(114.0013, 34.0, 114.002, 34.001),
    ]
    assert share(*halves, subject=parcel) == pytest.approx(1.0, abs=1e-12)
    assert share(*halves, subject=parcel) <= 1.0


@pytest.mark.parametrize(
    "neighbour",
    [
        rectangle(50, -50, 150, 50),
        rectangle(50, 50, 150, 150),
        rectangle(60, -50, 150, 50),
        point(0),
        shapely.LineString(square(40).exterior),
        shapely.Polygon(),
    ],
    ids=["edge", "corner", "apart", "point", "line", "empty"],
)
def test_what_shares_no_ground_has_no_share(neighbour):
    assert share(neighbour) == 0.0


def test_a_neighbour_touching_along_a_long_slanted_edge_has_no_share():
    # The vertex in the middle of the common edge is off it by rounding to degrees.
    here = shapely.Polygon([(114, 34), (114.0017, 34.0007), (114, 34.0013)])
    middle = ((114.0017 + 114) / 2, (34.0007 + 34) / 2)
    there = shapely.Polygon([(114, 34), middle, (114.0017, 34.0007), (114.002, 34)])
    assert share(there, subject=here) == 0.0


def test_a_hole_in_the_zone_is_not_covered():
    zone = shapely.difference(square(200), square(50))
    assert share(zone) == pytest.approx(0.75, abs=1e-6)


def test_a_hole_in_the_parcel_is_not_its_ground():
    parcel = shapely.difference(square(100), square(50))
    assert share(square(50), subject=parcel) == 0.0
    assert share(square(100), subject=parcel) == 1.0


def test_parts_of_a_multipolygon_are_added():
    corners = shapely.MultiPolygon(
        [rectangle(-60, -60, -40, -40), rectangle(40, 40, 60, 60)]
    )
    assert share(corners) == pytest.approx(0.02, abs=1e-7)


def test_a_share_of_nothing_is_refused():
    with pytest.raises(EmptyGeometry):
        overlap_share(shapely.Polygon(), shapes(PARCEL))
    with pytest.raises(EmptyGeometry):
        measure_shares(shapes(PARCEL), shapely.Point(114, 34))


def test_each_piece_has_its_share_of_its_own_whole():
    """Halves and a quarter of two parcels, a hundred metres and ten kilometres wide."""
    small, large = square(100), square(10_000, (90.0, 45.0))
    west = rectangle(-5_000, -5_000, 0, 5_000, (90.0, 45.0))
    corner = rectangle(-50, -50, 0, 0)
    found = measure_shares_of(
        shapes(small, large), shapes(west, corner, small), np.array([1, 0, 0])
    )
    assert found == pytest.approx([0.5, 0.25, 1.0], abs=1e-6)


def test_no_others_cover_nothing():
    assert share() == 0.0


def test_containment_is_told_apart_before_any_cut():
    others = shapes(
        square(10), square(300), WEST_HALF, rectangle(60, 0, 70, 10), PARCEL, point(0)
    )
    expected = [INSIDE, AROUND, MEETS, DISJOINT, AROUND, INSIDE]
    assert relate(PARCEL, others).tolist() == expected


def test_pieces_of_what_is_contained_are_not_cut():
    inside, around = square(10), square(300)
    others = shapes(inside, around)
    pieces = cut(PARCEL, others, relate(PARCEL, others))
    assert pieces[0] is inside
    assert pieces[1] is PARCEL


def test_a_touching_corner_leaves_an_empty_piece():
    others = shapes(rectangle(50, 50, 60, 60), None, shapely.Polygon())
    relations = relate(PARCEL, others)
    assert relations.tolist()[1:] == [DISJOINT, DISJOINT]
    assert shapely.is_empty(cut(PARCEL, others, relations)).all()


def test_a_piece_that_is_polygon_and_line_keeps_the_polygon():
    parcel = shapely.box(114.0, 34.0, 114.002, 34.002)
    neighbour = shapely.union(
        shapely.box(114.001, 34.0, 114.003, 34.001),
        shapely.box(114.002, 34.001, 114.003, 34.002),
    )
    assert shapely.intersection(parcel, neighbour).geom_type == "GeometryCollection"
    pieces = cut(parcel, shapes(neighbour), np.array([MEETS], dtype=np.uint8))
    assert pieces[0].equals(shapely.box(114.001, 34.0, 114.002, 34.001))


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        # A bow-tie: two triangles of 2,500 m² each.
        ([(-50, -50), (50, 50), (50, -50), (-50, 50)], 0.5),
        # A ring that visits a vertex twice and doubles back on itself.
        ([(-50, -50), (0, -50), (0, 50), (0, 90), (0, 50), (-50, 50)], 0.5),
    ],
    ids=["bow-tie", "spike"],
)
@pytest.mark.parametrize("vertices", ["few", "many"])
def test_broken_geometry_of_the_register_counts_the_ground_it_encloses(
    broken, expected, vertices
):
    ring = LocalPlane(*PLACE).to_lonlat(shapely.LinearRing(broken))
    if vertices == "many":
        ring = shapely.segmentize(ring, 1e-6)
        assert shapely.get_num_coordinates(ring) > 256
    zone = shapely.Polygon(ring)
    assert not zone.is_valid
    assert share(zone) == pytest.approx(expected, abs=1e-4)


def test_what_geos_cannot_clip_is_what_the_caller_says():
    flat = shapely.Polygon([(-1, 0.5), (2, 0.5), (-1, 0.5), (-1, 0.5)])
    box = (0.0, 0.0, 1.0, 1.0)
    with pytest.raises(shapely.GEOSException):
        shapely.clip_by_rect(flat, *box)
    assert clip(flat, box, otherwise=None) is None
    assert clip(flat, box, otherwise=flat) is flat
    assert clip(shapely.box(0.5, 0, 3, 1), box, otherwise=None).area == 0.5


def test_a_broken_zone_is_mended_beside_a_large_one():
    bow = LocalPlane(*PLACE).to_lonlat(
        shapely.Polygon([(-50, -50), (50, 50), (50, -50), (-50, 50)])
    )
    large = random_polygon(np.random.default_rng(1), (114.1, 34.75), 500, 300)
    near = localise(PARCEL, shapes(bow, large))
    assert shapely.is_valid(near).all()
    assert measure_area(near[0]) == pytest.approx(5000, abs=0.1)


def test_parts_of_a_multipolygon_that_overlap_count_once():
    doubled = shapely.MultiPolygon([WEST_HALF, rectangle(-40, -50, 0, 50)])
    assert not doubled.is_valid
    assert share(doubled) == pytest.approx(0.5, abs=1e-6)


def test_a_collapsed_zone_covers_nothing():
    flat = shapely.Polygon([(114, 34.75), (114.0001, 34.75), (114.0002, 34.75)])
    assert share(flat) == 0.0


@pytest.mark.parametrize("seed", range(25))
def test_a_large_zone_cut_to_the_surroundings_gives_the_same_share(seed):
    rng = np.random.default_rng(seed)
    parcel = random_polygon(rng, PLACE, radius_m=100, vertices=9)
    zone = random_polygon(rng, (114.02, 34.75), radius_m=4000, vertices=1500)
    holes = shapely.union_all(
        [random_polygon(rng, PLACE, radius_m=40, vertices=5) for _ in range(3)]
    )
    zone = shapely.difference(zone, holes)
    whole = measure_area(parcel, "drawn")
    direct = measure_area(shapely.intersection(parcel, zone), "drawn") / whole
    assert share(zone, subject=parcel) == pytest.approx(direct, abs=1e-9)


def test_small_sound_geometry_is_passed_on_as_it_is():
    others = shapes(square(10), square(20))
    assert localise(PARCEL, others) is others


def test_layer_on_layer_is_the_same_as_one_by_one():
    rng = np.random.default_rng(2)
    parcels = shapes(
        *(
            square(80, east_m=100 * i, north_m=100 * j)
            for i in range(5)
            for j in range(5)
        )
    )
    plots = shapes(
        *(
            square(rng.uniform(5, 300), east_m=e, north_m=n)
            for e, n in rng.uniform(0, 400, (20, 2))
        )
    )
    left, right = shapely.STRtree(plots).query(parcels, predicate="intersects")
    relations = relate(parcels[left], plots[right])
    pieces = cut(parcels[left], plots[right], relations)
    together = measure_area(pieces, "drawn")
    for k, (i, j) in enumerate(zip(left, right, strict=True)):
        alone = overlap_share(parcels[i], plots[j : j + 1])
        whole = measure_area(parcels[i], "drawn")
        assert together[k] / whole == pytest.approx(alone, abs=1e-12)


def test_the_order_of_rows_vertices_and_rings_changes_nothing():
    rng = np.random.default_rng(6)
    parcel = random_polygon(rng, PLACE, radius_m=100, vertices=8)
    zones = [random_polygon(rng, PLACE, radius_m=120, vertices=7) for _ in range(5)]
    turned = [
        shapely.Polygon(np.roll(shapely.get_coordinates(z)[:-1], 3, axis=0)[::-1])
        for z in zones[::-1]
    ]
    assert share(*turned, subject=parcel) == pytest.approx(
        share(*zones, subject=parcel), abs=1e-12
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6))
def test_shares_stay_between_nothing_and_all(seed, count):
    rng = np.random.default_rng(seed)
    place = rng.uniform(73, 135), rng.uniform(18, 54)
    parcel = random_polygon(rng, place, radius_m=90, vertices=rng.integers(3, 12))
    zones = [
        random_polygon(rng, place, rng.uniform(1, 300), rng.integers(3, 12))
        for _ in range(count)
    ]
    together = share(*zones, subject=parcel)
    singly = [share(zone, subject=parcel) for zone in zones]
    assert 0.0 <= max(singly) <= together + 1e-12
    assert together <= min(1.0, sum(singly) + 1e-12)


def test_the_shares_of_a_partition_sum_to_one():
    rng = np.random.default_rng(12)
    for latitude in (18.0, 36.0, 54.0):
        place = (104.0, latitude)
        parcel = random_polygon(rng, place, radius_m=110, vertices=5)
        knives = [random_polygon(rng, place, 200, 4) for _ in range(3)]
        rest, parts = parcel, []
        for knife in knives:
            parts.append(shapely.intersection(rest, knife))
            rest = shapely.difference(rest, knife)
        shares = measure_shares(shapes(*parts, rest), parcel)
        assert shares.sum() == pytest.approx(1.0, abs=1e-9)


def share_in_zone(parcel, zone, densify_deg=None):
    """Return the share as geopandas finds it in the local 3-degree zone."""
    if densify_deg:
        parcel = shapely.segmentize(parcel, densify_deg)
        zone = shapely.segmentize(zone, densify_deg)
    srid = srid_for_zone(zone_for(parcel.centroid.x))
    frames = [
        geopandas.GeoDataFrame(geometry=[transform_from_storage(g, srid)], crs=srid)
        for g in (parcel, zone)
    ]
    common = geopandas.overlay(*frames, how="intersection")
    return common.area.sum() / frames[0].area.sum()


@pytest.mark.parametrize("seed", range(60))
def test_shares_agree_with_geopandas_in_the_local_zone(seed):
    rng = np.random.default_rng(seed)
    place = rng.uniform(73.6, 135), rng.uniform(18, 54)
    parcel = random_polygon(rng, place, radius_m=60, vertices=rng.integers(4, 12))
    zone = random_polygon(rng, place, radius_m=100, vertices=rng.integers(4, 12))
    found = share(zone, subject=parcel)
    assert found == pytest.approx(share_in_zone(parcel, zone), abs=1e-5)
    five_metres = 5 / 111_320
    exact = share_in_zone(parcel, zone, five_metres)
    assert found == pytest.approx(exact, abs=1e-7)


SLIVER = {"sliver_area_m2": 1.0, "sliver_width_m": 0.10}


@pytest.mark.parametrize(
    ("piece", "sliver"),
    [
        (rectangle(0, 0, 1, 0.98), True),
        (rectangle(0, 0, 1, 1), False),
        (rectangle(0, 0, 1, 1.02), False),
        (rectangle(0, 0, 0.098, 1000), True),
        (rectangle(0, 0, 0.1001, 1000), False),
        (rectangle(0, 0, 0.102, 1000), False),
        (square(100), False),
    ],
    ids=["area below", "area equal", "above", "width below", "equal", "above", "plain"],
)
def test_a_sliver_is_strictly_below_area_or_width(piece, sliver):
    assert is_sliver(piece, measure_area(piece), **SLIVER) is sliver
    assert is_ground(piece, **SLIVER) is not sliver


@given(
    latitude=st.floats(-54, 54),
    width_m=st.floats(0.02, 3.0),
    length_m=st.floats(0.02, 40.0),
)
def test_ground_told_by_degrees_is_what_measuring_tells(latitude, width_m, length_m):
    east, north = 114 + width_m / 90_000, latitude + length_m / 111_000
    piece = shapely.box(114, latitude, east, north)
    area_m2 = measure_area(piece, edges="drawn")
    measured = area_m2 > 0 and not is_sliver(piece, area_m2, **SLIVER)
    assert is_ground(piece, **SLIVER) is measured


def test_nothing_is_no_ground():
    assert not is_ground(shapely.Polygon(), **SLIVER)


def test_what_has_no_area_is_no_sliver():
    assert not is_sliver(shapely.Polygon(), 0.0, **SLIVER)


def test_slivers_that_add_up_are_none():
    strips = shapes(*(rectangle(0, k, 1, k + 0.5) for k in range(4)))
    united = unite(strips)
    assert all(is_sliver(s, measure_area(s), **SLIVER) for s in strips)
    assert not is_sliver(united, measure_area(united), **SLIVER)


def test_pieces_of_a_comb_are_united_as_geopandas_unites_them():
    teeth = [rectangle(x, 0, x + 1, 90) for x in range(0, 60, 2)]
    comb = shapely.union_all([rectangle(0, -1, 60, 0), *teeth])
    fields = shapes(*(rectangle(0, y, 60, y + 35) for y in range(0, 90, 30)))
    pieces = cut(comb, fields, relate(comb, fields))
    theirs = geopandas.GeoSeries(list(pieces), crs=4490).union_all()
    united = unite(pieces)
    assert measure_area(shapely.symmetric_difference(united, theirs)) < 1e-6
    assert len(shapely.get_parts(united)) == 30
    assert measure_area(united) == pytest.approx(30 * 90, rel=1e-6)


def test_thin_teeth_are_slivers_until_one_is_wide():
    thin = [rectangle(x, 0, x + 0.05, 90) for x in range(40)]
    united = unite(shapes(*thin))
    assert is_sliver(united, measure_area(united), **SLIVER)
    united = unite(shapes(*thin, rectangle(50, 0, 50.2, 90)))
    assert not is_sliver(united, measure_area(united), **SLIVER)


def test_nothing_united_is_nothing():
    assert unite(shapes()).is_empty
    assert unite(shapes(shapely.Polygon())).is_empty
