"""What a reviewer is told of a division."""

import numpy as np
import pytest

from screening.categories.quality import check_division
from tests.unit.screening.categories.fields import (
    division,
    field,
    points,
    settings,
    square,
)

ONE = [square(0, 0)]


def told(shapes, soil, produce=None, changed=None, **more):
    found, made = division(shapes, soil, produce, changed=changed, **more)
    questions = check_division(found, made, settings(**(changed or {})))
    return {(one.check, one.severity) for one in questions}, questions


def row(*given):
    """Points along one square, west to east."""
    step = 1 / (len(given) + 1)
    return points(*((step * (i + 1), 0.5, c) for i, c in enumerate(given)))


def test_unit_of_one_class_raises_no_question():
    assert told(ONE, row(1, 1, 1))[0] == set()


def test_class_3_point_in_a_milder_unit_is_an_error_to_explain():
    kinds, questions = told(ONE, row(1, 1, 3, 1, 1), changed={"isolate_class_3": False})
    assert ("class_3_in_milder_unit", "error") in kinds
    (one,) = [q for q in questions if q.check == "class_3_in_milder_unit"]
    assert (one.piece, one.soil_point, one.element) == (0, 2, 0)


@pytest.mark.parametrize(("others", "many"), [(2, False), (3, True)])
def test_class_1_unit_has_two_class_2_points_at_most(others, many):
    given = [1] * 16
    for place in range(others):
        given[place * 5 + 1] = 2
    kinds, _ = told(ONE, row(*given))
    assert (("class_2_in_class_1", "warning") in kinds) is many


@pytest.mark.parametrize(
    ("given", "low"),
    [
        ((1, 1, 2, 1, 1), False),
        ((1, 2, 1, 1), True),
        ((2, 2, 1, 2, 2), False),
        ((2, 1, 2, 2), True),
        ((3, 1, 3, 1), False),
        ((1, 3, 2, 3, 1), True),
    ],
    ids=["1: 80 %", "1: 75 %", "2: 80 %", "2: 75 %", "3: 50 %", "3: 40 %"],
)
def test_a_unit_has_four_fifths_of_its_class_or_half_of_class_3(given, low):
    # A dominant share below the check's limit lets such a unit stand whole.
    kinds, _ = told(ONE, row(*given), changed={"dominant_share": 0.4})
    assert (("share_of_class", "warning") in kinds) is low


@pytest.mark.parametrize("name", ["class_1_share", "class_2_share", "class_3_share"])
def test_the_shares_of_the_check_are_configuration(name):
    klass = int(name[6])
    given = [klass, 1 if klass > 1 else 2, klass, klass]
    for limit, low in ((0.75, False), (0.76, True)):
        changed = {"dominant_share": 0.4, name: limit}
        kinds, _ = told(ONE, row(*given), changed=changed)
        assert (("share_of_class", "warning") in kinds) is low


def test_unit_with_one_point_is_held_against_its_neighbours():
    kinds, questions = told(field(2, 1), points((0.5, 0.5, 1), (1.5, 0.5, 3)))
    assert ("single_point", "warning") in kinds
    assert "相邻单元 3 类" in questions[0].text.zh
    kinds, _ = told(field(2, 1), points((0.5, 0.5, 1), (1.5, 0.5, 1)))
    assert kinds == {("single_point", "info")}


def test_class_taken_from_a_neighbour_is_marked():
    kinds, _ = told(field(2, 1), points((0.3, 0.5, 1), (0.6, 0.5, 1)))
    assert kinds == {("taken_from_neighbour", "info")}


def test_what_cannot_be_divided_is_told():
    assert told(ONE, points())[0] == {("not_known", "warning")}


def test_points_outside_and_points_that_could_not_be_judged_are_told():
    soil = points((0.3, 0.5, 1), (0.6, 0.5, 0), (0.7, 0.2, 1), (9.0, 9.0, 1))
    kinds, questions = told(ONE, soil)
    assert kinds == {("point_outside", "warning"), ("point_not_judged", "warning")}
    assert [q.soil_point for q in questions] == [3, 1]


def test_produce_above_its_limit_on_class_1_land_is_told():
    kinds, _ = told(ONE, row(1, 1), points((0.5, 0.2, 2)))
    assert kinds == {("produce_above_on_class_1", "warning")}


def test_sliver_that_nobody_takes_up_is_told():
    patches = [square(0, 0, 0.99), square(0.99, 0, 0.01)]
    soil = points((0.3, 0.5, 1), (0.995, 0.5, 3))
    kinds, _ = told(ONE, soil, patches=patches)
    assert ("sliver_kept", "info") in kinds


def test_areas_that_do_not_add_up_are_an_error():
    found, made = division(ONE, row(1, 1))
    found.pieces.area_m2 = found.pieces.area_m2 + 0.002
    assert [q.check for q in check_division(found, made, settings())] == [
        "area_differs"
    ]
    found.pieces.area_m2 = found.pieces.area_m2 - np.array([0.0015])
    assert check_division(found, made, settings()) == []
