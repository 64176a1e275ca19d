"""Rule A and rule B of the adjustment by produce, each limit from both sides."""

import numpy as np
import pytest

from screening.categories.produce import adjust, combined, target_pollutants
from tests.unit.screening.categories.fields import ELEMENTS, settings


def adjusted(soil, produce, rule="A", **changed):
    classes = np.array([[soil]], np.int8)
    counts = np.array([[produce]], np.int64)
    return int(adjust(classes, counts, settings(produce_rule=rule, **changed))[0, 0])


@pytest.mark.parametrize("produce", [(0, 0, 0), (0, 0, 9), (3, 0, 0)])
def test_class_1_stays_whatever_the_produce(produce):
    assert adjusted(1, produce) == 1


@pytest.mark.parametrize("soil", [2, 3])
def test_fewer_than_three_points_move_nothing(soil):
    assert adjusted(soil, (2, 0, 0)) == soil
    assert adjusted(soil, (3, 0, 0)) == soil - 1


@pytest.mark.parametrize(
    ("produce", "result"), [((3, 0, 0), 1), ((9, 1, 0), 2), ((9, 0, 1), 2)]
)
def test_class_2_falls_only_when_every_point_complies(produce, result):
    assert adjusted(2, produce) == result


@pytest.mark.parametrize(
    ("produce", "result"),
    [((13, 7, 0), 2), ((12, 7, 0), 3), ((9, 0, 1), 3), ((3, 0, 0), 2), ((0, 9, 0), 3)],
    ids=["65 %", "63 %", "one of class 3", "all comply", "none complies"],
)
def test_class_3_falls_at_65_percent_and_no_point_of_class_3(produce, result):
    assert adjusted(3, produce) == result


@pytest.mark.parametrize(
    ("soil", "produce", "by_b"),
    [
        (3, (1, 0, 0), 2),
        (3, (2, 0, 0), 2),
        (3, (1, 1, 0), 3),
        (3, (0, 0, 0), 3),
        (2, (2, 0, 0), 2),
    ],
)
def test_rule_b_lets_few_points_move_class_3_when_all_comply(soil, produce, by_b):
    assert adjusted(soil, produce) == soil
    assert adjusted(soil, produce, "B") == by_b


def test_rule_b_is_rule_a_from_three_points_on():
    for produce in ((3, 0, 0), (2, 1, 0), (2, 0, 1), (13, 7, 0)):
        assert adjusted(3, produce, "B") == adjusted(3, produce)


def test_numbers_of_the_rule_are_configuration():
    assert adjusted(3, (1, 1, 0), least_produce_points=2) == 3
    changed = {"least_produce_points": 2, "produce_compliant_share": 0.5}
    assert adjusted(3, (1, 1, 0), **changed) == 2


def test_sample_of_the_notes_has_mercury_as_target():
    # Cd 1, Hg 2, As 1, Pb 1, Cr 1: five-element class 2, target Hg (S18).
    classes = np.array([[1, 2, 1, 1, 1]], np.int8)
    assert combined(classes).tolist() == [2]
    assert target_pollutants(classes[0], ELEMENTS) == ["Hg"]


def test_every_element_of_the_worst_class_is_a_target():
    assert target_pollutants(np.array([3, 2, 1, 3, 1]), ELEMENTS) == ["Cd", "Pb"]
    assert target_pollutants(np.array([1, 1, 1, 1, 1]), ELEMENTS) == []


def test_unknown_element_leaves_the_category_open_unless_another_is_3():
    classes = np.array([[1, 0, 1, 1, 1], [3, 0, 1, 1, 1], [2, 0, 2, 2, 2]], np.int8)
    assert combined(classes).tolist() == [0, 3, 0]
