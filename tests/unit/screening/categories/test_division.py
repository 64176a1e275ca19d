"""Division of farmland on fields of a few squares, rule by rule."""

import numpy as np
import pytest
import shapely

from parcels.area import measure_area
from screening.categories.division import divide
from tests.unit.screening.categories.fields import (
    by_place,
    classes,
    division,
    field,
    material,
    points,
    settings,
    square,
)

ONE = [square(0, 0)]
SPREAD = [(0.1, 0.1), (0.3, 0.7), (0.5, 0.2), (0.7, 0.8), (0.9, 0.4)]


def spread(*given):
    """Points of one square with these classes; ten places at most."""
    places = SPREAD + [(x + 0.05, 1 - y) for x, y in SPREAD]
    return points(*((x, y, c) for (x, y), c in zip(places, given, strict=False)))


@pytest.mark.parametrize("klass", [1, 2, 3])
def test_unit_takes_the_class_all_its_points_have(klass):
    found, _ = division(ONE, spread(klass, klass, klass))
    assert classes(found) == [klass]
    assert found.pieces.origin.tolist() == ["points"]


def test_point_that_could_not_be_judged_says_nothing():
    found, _ = division(ONE, spread(2, 0, 2))
    assert classes(found) == [2]


@pytest.mark.parametrize(
    ("given", "pieces"),
    [((1, 1, 1, 1, 2), 1), ((2, 2, 2, 2, 1), 1), ((1, 1, 1, 2), 2)],
    ids=["exactly 80 %", "class 2 dominant", "75 %"],
)
def test_dominant_class_needs_four_fifths(given, pieces):
    found, _ = division(ONE, spread(*given))
    assert len(found.pieces) == pieces


def test_dominant_share_is_configuration():
    found, _ = division(ONE, spread(1, 1, 1, 2), changed={"dominant_share": 0.75})
    assert classes(found) == [1]


def test_others_side_by_side_are_not_isolated_and_cut_the_unit():
    row = [(0.05 + 0.1 * i, 0.5, 2 if i in (8, 9) else 1) for i in range(10)]
    found, _ = division(ONE, points(*row))
    assert sorted(classes(found)) == [1, 2]
    apart = [(x, y, 2 if i in (3, 9) else 1) for i, (x, y, _) in enumerate(row)]
    found, _ = division(ONE, points(*apart))
    assert classes(found) == [1]


def test_mixed_unit_is_cut_halfway_between_its_points():
    found, _ = division(ONE, points((0.25, 0.5, 1), (0.75, 0.5, 3)))
    assert by_place(found) == {(0.25, 0.5): 1, (0.75, 0.5): 3}
    assert set(found.pieces.origin) == {"part"}


def test_mixed_unit_is_cut_along_patches_where_there_are_some():
    patches = [square(0, 0, 0.3), square(0.3, 0, 0.7)]
    soil = points((0.1, 0.5, 1), (0.9, 0.5, 3))
    found, _ = division(ONE, soil, patches=patches)
    assert by_place(found) == {(0.15, 0.5): 1, (0.65, 0.5): 3}
    found, _ = division(ONE, soil, patches=patches, changed={"split_by": "thiessen"})
    assert by_place(found) == {(0.25, 0.5): 1, (0.75, 0.5): 3}


def test_patch_without_points_goes_with_the_one_it_shares_most_with():
    patches = [square(0, 0, 0.2), square(0.2, 0, 0.3), square(0.5, 0, 0.5)]
    found, _ = division(
        ONE, points((0.1, 0.5, 3), (0.6, 0.5, 1), (0.9, 0.5, 1)), patches=patches
    )
    assert sorted(classes(found)) == [1, 3]
    areas = found.pieces.area_m2
    assert areas.sum() == pytest.approx(measure_area(ONE[0]), abs=1e-6)


def test_patch_with_points_of_several_classes_takes_the_worst():
    patches = [square(0, 0, 0.5), square(0.5, 0, 0.5)]
    soil = points((0.1, 0.5, 1), (0.4, 0.5, 2), (0.6, 0.5, 1), (0.9, 0.5, 1))
    found, _ = division(ONE, soil, patches=patches)
    assert by_place(found) == {(0.25, 0.5): 2, (0.75, 0.5): 1}


def test_ground_of_a_unit_outside_all_patches_is_kept():
    soil = points((0.1, 0.5, 1), (0.9, 0.5, 3))
    found, _ = division(ONE, soil, patches=[square(0, 0, 0.3)])
    assert found.pieces.area_m2.sum() == pytest.approx(measure_area(ONE[0]), abs=1e-6)
    assert sorted(classes(found)) == [1, 3]


@pytest.mark.parametrize("dominant", [1, 2])
def test_class_3_point_alone_gets_a_unit_of_its_own(dominant):
    found, _ = division(ONE, spread(dominant, dominant, dominant, dominant, 3))
    assert sorted(classes(found)) == [dominant, 3]


def test_isolating_class_3_points_is_configuration():
    soil = spread(1, 1, 1, 1, 3)
    found, _ = division(ONE, soil, changed={"isolate_class_3": False})
    assert classes(found) == [1]


def test_class_3_dominant_keeps_its_milder_points():
    found, _ = division(ONE, spread(3, 3, 3, 3, 1))
    assert classes(found) == [3]


def test_points_at_one_place_count_with_the_worst_when_a_unit_is_cut():
    soil = points((0.2, 0.5, 1), (0.2, 0.5, 2), (0.8, 0.5, 1))
    found, _ = division(ONE, soil)
    assert by_place(found) == {(0.25, 0.5): 2, (0.75, 0.5): 1}


def test_unsurveyed_unit_takes_the_neighbour_with_the_longest_boundary():
    # An L round the square: two sides with class 3, one side with class 1.
    low, left = square(0, 0, 2), square(0, 1)
    shapes = [shapely.union(low, left), square(1, 1), square(2, 0, 1, 2)]
    found, _ = division(shapes, points((0.5, 0.5, 3), (2.5, 1.0, 1)))
    assert classes(found) == [3, 3, 1]
    assert found.pieces.origin.tolist() == ["points", "neighbour", "points"]
    assert found.pieces.source.tolist() == [-1, 0, -1]


def test_unsurveyed_units_are_filled_ring_by_ring():
    found, _ = division(field(3, 1), points((0.5, 0.5, 2)))
    assert classes(found) == [2, 2, 2]
    assert found.pieces.source.tolist() == [-1, 0, 1]


def test_touching_at_a_corner_is_no_neighbour():
    found, _ = division([square(0, 0), square(1, 1)], points((0.5, 0.5, 2)))
    assert classes(found) == [2, 0]
    assert found.pieces.category.tolist() == [2, 0]


def test_element_nobody_could_judge_is_taken_from_the_neighbour():
    soil = points((0.5, 0.5, (1, 2, 1, 1, 1)), (1.5, 0.5, (3, 0, 1, 1, 1)))
    found, _ = division(field(2, 1), soil)
    assert found.pieces.final.tolist() == [[1, 2, 1, 1, 1], [3, 2, 1, 1, 1]]
    assert found.pieces.origin.tolist() == ["points", "partly"]


def test_worst_of_the_five_elements_governs():
    found, _ = division(ONE, points((0.5, 0.5, (1, 2, 1, 3, 1))))
    assert found.pieces.category.tolist() == [3]


def test_elements_are_cut_where_each_is_mixed():
    soil = points((0.25, 0.5, (1, 2, 1, 1, 1)), (0.75, 0.5, (3, 2, 1, 1, 1)))
    found, _ = division(ONE, soil)
    assert sorted(found.pieces.final.tolist()) == [[1, 2, 1, 1, 1], [3, 2, 1, 1, 1]]
    assert sorted(found.pieces.category.tolist()) == [2, 3]


def test_produce_brings_class_2_down_where_all_of_three_comply():
    soil, produce = spread(2, 2), spread(1, 1, 1)
    found, _ = division(ONE, soil, produce)
    assert (found.pieces.soil[0, 0], classes(found)) == (2, [1])


@pytest.mark.parametrize(
    ("rule", "own", "beside", "result"),
    [
        ("B", (), (1, 1), 3),
        ("B_adjacent", (), (1, 1), 2),
        ("B_adjacent", (), (1, 2), 3),
        ("B_adjacent", (1,), (), 2),
        ("B_adjacent", (2,), (1, 1), 3),
        ("B_adjacent", (1, 1, 2), (1, 1, 1), 2),
        ("B_adjacent", (2, 2, 2), (1, 1, 1), 3),
        ("A", (1,), (1, 1), 3),
    ],
)
def test_points_of_adjacent_units_count_where_a_unit_has_too_few(
    rule, own, beside, result
):
    shapes = [square(0, 0), square(1, 0), square(5, 5)]
    soil = points((0.5, 0.5, 3), (1.5, 0.5, 3), (5.5, 5.5, 3))
    mine = [(0.2 + 0.2 * i, 0.3, klass) for i, klass in enumerate(own)]
    other = [(1.2 + 0.2 * i, 0.3, klass) for i, klass in enumerate(beside)]
    far = [(5.2, 5.3, 2), (5.4, 5.3, 2)]
    changed = {"produce_rule": rule, "produce_compliant_share": 0.6}
    found, _ = division(shapes, soil, points(*mine, *other, *far), changed=changed)
    assert by_place(found)[(0.5, 0.5)] == result
    assert by_place(found)[(5.5, 5.5)] == 3


def test_each_part_of_a_cut_unit_has_its_own_produce():
    soil = points((0.25, 0.5, 2), (0.75, 0.5, 3))
    produce = points(*((0.1, 0.2 * i, 1) for i in range(1, 4)))
    found, _ = division(ONE, soil, produce)
    assert by_place(found) == {(0.25, 0.5): 1, (0.75, 0.5): 3}


def test_sliver_is_merged_into_the_neighbour_of_its_category():
    shapes = [square(0, 0), square(1, 0)]
    # The cut leaves 5 m x 100 m = 500 m2 of class 2 beside a unit of class 2.
    patches = [square(0, 0, 0.95), square(0.95, 0, 0.05)]
    soil = points((0.5, 0.5, 1), (0.97, 0.5, 2), (1.5, 0.5, 2))
    kept, _ = division(shapes, soil, patches=patches)
    assert len(kept.pieces) == 3
    found, made = division(shapes, soil, patches=patches, changed={"sliver_m2": 600.0})
    assert classes(found) == [1, 2]
    assert found.pieces.merged.tolist() == [0, 1]
    assert found.pieces.area_m2.sum() == pytest.approx(made.units.area_m2.sum())


@pytest.mark.parametrize(
    "soil_beside, township",
    [(3, None), (2, ["999901001", "999901002"])],
    ids=["another category", "another township"],
)
def test_sliver_is_not_merged_across_a_category_or_a_township(soil_beside, township):
    patches = [square(0, 0, 0.95), square(0.95, 0, 0.05)]
    soil = points((0.5, 0.5, 1), (0.97, 0.5, 2), (1.5, 0.5, soil_beside))
    found, _ = division(
        [square(0, 0), square(1, 0)],
        soil,
        patches=patches,
        changed={"sliver_m2": 600.0},
        township=township,
    )
    assert len(found.pieces) == 3


def test_whole_small_unit_is_never_merged():
    shapes = [square(0, 0, 0.05), square(0.05, 0)]
    soil = points((0.02, 0.5, 2), (0.5, 0.5, 2))
    found, _ = division(shapes, soil, changed={"sliver_m2": 1000.0})
    assert len(found.pieces) == 2


def test_areas_of_the_pieces_sum_to_every_unit():
    rng = np.random.default_rng(3)
    soil = points(
        *(
            (x, y, int(c))
            for x, y, c in zip(
                rng.uniform(0, 5, 120),
                rng.uniform(0, 5, 120),
                rng.integers(1, 4, 120),
                strict=True,
            )
        )
    )
    found, made = division(field(5, 5), soil, changed={"sliver_m2": 0.0})
    sums = np.bincount(found.pieces.unit, weights=found.pieces.area_m2)
    assert len(found.pieces) > 50
    assert np.abs(sums - made.units.area_m2).max() < 0.001
    drawn = measure_area(found.pieces.geometry, "drawn")
    whole = measure_area(made.units.geometry, "drawn")
    assert np.abs(np.bincount(found.pieces.unit, weights=drawn) - whole).max() < 0.001


def test_order_of_points_and_units_changes_nothing():
    rng = np.random.default_rng(5)
    placed = [
        (float(x), float(y), int(c))
        for x, y, c in zip(
            rng.uniform(0, 3, 40),
            rng.uniform(0, 3, 40),
            rng.integers(1, 4, 40),
            strict=True,
        )
    ]
    found, _ = division(field(), points(*placed))
    turned, _ = division(field()[::-1], points(*placed[::-1]))
    assert by_place(found) == by_place(turned)


def test_point_outside_all_units_is_of_none():
    found, _ = division(ONE, points((0.5, 0.5, 1), (9.0, 9.0, 3)))
    assert found.soil_owner.tolist() == [0, -1]
    assert classes(found) == [1]


def test_nothing_gives_nothing():
    empty = divide(material([], points()), settings())
    assert len(empty.pieces) == 0


def test_unit_without_any_point_near_stays_unknown():
    found, _ = division(ONE, points())
    assert (found.pieces.category.tolist(), found.pieces.origin.tolist()) == (
        [0],
        ["unknown"],
    )
