"""Layer on layer against three other engines, in one plane, and on hand-made land.

geopandas shares GEOS with us, Clipper shares nothing (PostGIS: in the integration
tests). All are given the same plane coordinates: ours as degrees by one linear scale,
under which straight lines stay straight, so that pieces compare to 1e-6 and 10 cm².
"""

from concurrent.futures import ThreadPoolExecutor

import geopandas
import numpy as np
import pyclipper
import pytest
import shapely
from pyproj import Geod

from parcels.area import measure_area
from parcels.crs import FLATTENING, SEMI_MAJOR_AXIS_M
from parcels.local_plane import LocalPlane
from screening.overlay import AROUND, INSIDE, MEETS, repair
from screening.overlay_layers import (
    Layer,
    TooManyPairs,
    join_pairs,
    overlay_layers,
    subdivide,
    tell_apart,
)
from screening.overlay_shares import measure_covered
from tests.builders import random_polygon, square

ZONE_BORDER = (115.5, 34.75)
"""Between the 3° zones of 114°E and 117°E."""


def layer(*shapes):
    return Layer.of(np.array(shapes, dtype=object))


def overlay(left, right, **more):
    return join_pairs(overlay_layers(left, right, keep_pieces=True, **more))


def random_layers(seed, count, place=ZONE_BORDER):
    """Two layers around a zone border: multi-parts, holes, duplicates and slivers."""
    rng = np.random.default_rng(seed)
    plane = LocalPlane(*place)

    def somewhere():
        return plane.coordinates_to_lonlat(rng.uniform(-2000, 2000, (1, 2)))[0]

    def one():
        shape = random_polygon(rng, somewhere(), rng.uniform(20, 600), 24)
        kind = rng.integers(0, 5)
        if kind == 0:
            hole = shapely.affinity.scale(shape, 0.4, 0.4, origin=shape.centroid)
            shape = shapely.difference(shape, hole)
        if kind == 1:
            other = random_polygon(rng, somewhere(), 200, 12)
            shape = shapely.union(shape, other)
        return shape

    left = [one() for _ in range(count)]
    right = [one() for _ in range(count // 2)]
    # The same again; a tenth of a metre aside; a small one inside; one around.
    aside = [shapely.affinity.translate(s, 1e-6, 0) for s in left[:20]]
    inside = [shapely.affinity.scale(s, 0.1, 0.1) for s in left[20:40]]
    outside = [shapely.convex_hull(s) for s in left[40:60]]
    right += [*left[:20], *aside, *inside, *outside]
    return (shapely.make_valid(np.array(side, dtype=object)) for side in (left, right))


@pytest.fixture(scope="module")
def crowd():
    """More than ten thousand pairs, across the border of two zones."""
    left, right = random_layers(1, 620)
    pairs = overlay(Layer.of(left), Layer.of(right))
    assert len(pairs) > 10_000
    ours = shapely.area(to_metres(pairs.pieces))
    return to_metres(left), to_metres(right), pairs, ours


def to_metres(shapes):
    """Return shapes on a linear scale of 100 km a degree."""
    return shapely.transform(shapes, lambda lonlat: (lonlat - ZONE_BORDER) * 1e5)


def assert_same(ours, theirs):
    np.testing.assert_array_less(np.abs(ours - theirs), 1e-6 * theirs + 0.001)


def by_pair(pairs, areas):
    table = {}
    found = zip(pairs.left.tolist(), pairs.right.tolist(), areas, strict=True)
    for one, other, area in found:
        table[one, other] = area
    return table


def test_pairs_and_areas_are_those_of_geopandas(crowd):
    left, right, pairs, ours = crowd
    theirs = geopandas.overlay(
        geopandas.GeoDataFrame({"a": range(len(left))}, geometry=left),
        geopandas.GeoDataFrame({"b": range(len(right))}, geometry=right),
        how="intersection",
    )
    table = by_pair(pairs, ours)
    found = dict(
        zip(
            zip(theirs["a"], theirs["b"], strict=True),
            theirs.geometry.area,
            strict=True,
        )
    )
    for pair in table.keys() ^ found.keys():
        # One of the two left out what is no more than a touch.
        assert table.get(pair, 0) + found.get(pair, 0) < 0.001
    both = sorted(table.keys() & found.keys())
    assert len(both) > 10_000
    assert_same(
        np.array([table[pair] for pair in both]),
        np.array([found[pair] for pair in both]),
    )


def test_areas_are_those_of_an_engine_that_shares_no_code(crowd):
    left, right, pairs, ours = crowd
    theirs = np.array(
        [
            clip(left[one], right[other])
            for one, other in zip(pairs.left, pairs.right, strict=True)
        ]
    )
    assert_same(ours, theirs)


SCALE = 2**20
"""Clipper counts in whole numbers: a micrometre each."""


def clip(one, other):
    clipper = pyclipper.Pyclipper()
    clipper.AddPaths(paths(one), pyclipper.PT_SUBJECT, True)
    clipper.AddPaths(paths(other), pyclipper.PT_CLIP, True)
    rings = clipper.Execute(
        pyclipper.CT_INTERSECTION, pyclipper.PFT_EVENODD, pyclipper.PFT_EVENODD
    )
    return abs(sum(pyclipper.Area(ring) for ring in rings)) / SCALE**2


def paths(shape):
    rings = shapely.get_rings(shapely.get_parts(shape))
    return [
        np.rint(shapely.get_coordinates(ring)[:-1] * SCALE).astype(np.int64).tolist()
        for ring in rings
    ]


def test_areas_across_a_zone_border_are_those_of_geod():
    left, right = random_layers(6, 60)
    pairs = overlay(Layer.of(left), Layer.of(right))
    assert len(pairs) > 100
    geod = Geod(a=SEMI_MAJOR_AXIS_M, f=FLATTENING)
    west, south, east, north = shapely.total_bounds(pairs.pieces)
    assert west < ZONE_BORDER[0] < east
    # What is straight in degrees, given vertices every few metres, is geodesic too.
    expected = [
        abs(geod.geometry_area_perimeter(shapely.segmentize(piece, 1e-4))[0])
        for piece in shapely.normalize(pairs.pieces)
    ]
    np.testing.assert_allclose(pairs.areas_m2, expected, rtol=3e-6, atol=0.001)


def test_threads_and_blocks_change_nothing(crowd):
    left, right = (Layer.of(side) for side in random_layers(2, 200))
    one = overlay(left, right)
    with ThreadPoolExecutor(2) as executor:
        other = overlay(left, right, map_blocks=executor.map)
    for name in ("left", "right", "relations", "shares", "areas_m2"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize(
    ("right", "relation", "share"),
    [
        (square(100), AROUND, 1.0),
        (square(200), AROUND, 1.0),
        (square(50), INSIDE, 0.25),
        (square(100, east_m=50), MEETS, 0.5),
    ],
)
def test_containment_is_told_apart(right, relation, share):
    pairs = overlay(layer(square(100)), layer(right))
    assert pairs.relations.tolist() == [relation]
    assert pairs.shares[0] == pytest.approx(share, abs=1e-6)


def test_what_is_contained_is_never_cut(monkeypatch):
    def refuse(*given, **named):
        raise AssertionError("a cut")

    monkeypatch.setattr(shapely, "intersection", refuse)
    pairs = overlay(layer(square(10), square(20)), layer(square(100)))
    assert pairs.relations.tolist() == [AROUND, AROUND]


def test_neighbours_that_touch_share_nothing():
    assert len(overlay(layer(square(100)), layer(square(100, east_m=100)))) == 0


def test_what_lies_in_a_hole_shares_nothing():
    ring = shapely.difference(square(300), square(200))
    assert len(overlay(layer(square(100)), layer(ring))) == 0
    assert len(overlay(layer(square(200)), layer(ring))) == 0


def test_an_empty_layer_meets_nothing():
    assert len(overlay(layer(), layer(square(1)))) == 0
    assert len(overlay(layer(square(1)), layer(shapely.Polygon()))) == 0


def test_a_large_mask_is_cut_in_parts_to_the_same_areas():
    turn = np.linspace(0, 2 * np.pi, 5000, endpoint=False)
    radius_m = 2000 + 400 * np.sin(40 * turn)
    ring = np.column_stack((radius_m * np.cos(turn), radius_m * np.sin(turn)))
    mask = LocalPlane(*ZONE_BORDER).to_lonlat(shapely.Polygon(ring))
    parts = subdivide(mask)
    assert len(parts) > 9
    assert shapely.get_num_coordinates(parts).max() <= 512
    united = measure_area(parts, edges="drawn").sum()
    assert united == pytest.approx(measure_area(mask, edges="drawn"), rel=1e-9)
    left, _ = random_layers(3, 200)
    pairs = overlay(Layer.of(left), layer(mask))
    whole = shapely.intersection(left[pairs.left], mask)
    expected = measure_area(whole, edges="drawn") / measure_area(
        left[pairs.left], edges="drawn"
    )
    np.testing.assert_allclose(pairs.shares, expected, atol=1e-9)


def test_more_pairs_than_the_ceiling_are_refused_with_what_to_do():
    many = layer(*[square(100)] * 20)
    with pytest.raises(TooManyPairs, match="narrow"):
        overlay(many, many, most_pairs=399)
    assert len(overlay(many, many, most_pairs=400)) == 400


def test_shares_never_pass_one_and_parts_sum_to_the_whole():
    left, right = (Layer.of(side) for side in random_layers(4, 150))
    pairs = overlay(left, right)
    assert (pairs.shares <= 1).all() and (pairs.shares >= 0).all()
    names = [f"class {index % 3}" for index in range(len(right))]
    for each in measure_covered(pairs, left, names, 0.0, 0.0):
        assert 0 <= each.share <= 1
        for part in each.classes:
            assert part.exclusive <= part.inclusive + 1e-9 <= each.share + 2e-9
        alone = sum(part.exclusive for part in each.classes)
        total = sum(part.inclusive for part in each.classes)
        assert alone <= each.share + 1e-9 <= total + 2e-9


def test_an_invalid_outline_is_repaired_before_it_is_told_apart():
    west, south = ZONE_BORDER
    bow = shapely.Polygon(
        [
            (west, south),
            (west + 0.002, south + 0.002),
            (west + 0.002, south),
            (west, south + 0.002),
        ]
    )
    pairs = overlay(
        layer(bow), layer(shapely.box(west, south, west + 0.001, south + 1))
    )
    assert pairs.shares[0] == pytest.approx(0.5, abs=1e-4)


def test_an_invalid_outline_with_an_area_of_record_gives_what_its_repair_gives():
    """Repaired where it is cut, and where its piece is wanted whole."""
    left, right = random_layers(5, 60)
    bows = [
        shapely.Polygon(shapely.get_coordinates(shape.envelope)[[0, 2, 1, 3, 0]])
        for shape in left
    ]
    broken = np.array([*left, *bows], dtype=object)
    repaired = repair(broken)
    assert (~shapely.is_valid(broken)).sum() >= 60
    areas = measure_area(repaired)
    masks = Layer.of(np.append(right, shapely.box(*shapely.total_bounds(broken))))
    found = overlay(Layer.of(broken, areas), masks)
    expected = overlay(Layer.of(repaired), masks)
    assert everything(found) == everything(expected)


def test_relations_are_told_in_pairs():
    lefts = np.array([square(10), square(10), square(10)], dtype=object)
    rights = np.array([square(20), square(5), square(10, east_m=500)], dtype=object)
    shapely.prepare(rights)
    relations, _ = tell_apart(lefts, rights)
    assert relations.tolist() == [AROUND, INSIDE, 0]


def everything(pairs):
    """Every figure of a result, and every piece as bytes."""
    return (
        pairs.left.tolist(),
        pairs.right.tolist(),
        pairs.relations.tolist(),
        pairs.shares.tolist(),
        pairs.areas_m2.tolist(),
        [shapely.to_wkb(piece) for piece in pairs.pieces],
    )


def test_eight_threads_answer_as_one_and_do_not_disturb_each_other(monkeypatch):
    """Eight overlays at once over the same two layers, each on eight threads."""
    # Many blocks, so that threads do share the layers.
    monkeypatch.setattr("screening.overlay_layers._BLOCK", 16)
    left, right = (Layer.of(side) for side in random_layers(3, 150))
    alone = everything(overlay(left, right))
    assert len(alone[0]) > 20 * 16

    def on_eight(_):
        with ThreadPoolExecutor(8) as threads:
            return everything(overlay(left, right, map_blocks=threads.map))

    with ThreadPoolExecutor(8) as runs:
        for answer in runs.map(on_eight, range(8)):
            assert answer == alone
