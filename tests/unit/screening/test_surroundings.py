"""How a thing lies to its source, in words."""

from screening.surroundings import Surroundings, describe_distance
from tests.builders import make_feature, point, square

SOURCE = make_feature(square(200), version_id=1)


def describe(thing):
    (found,) = Surroundings([thing]).around(SOURCE, 100)
    return describe_distance(found)


def test_a_point_that_may_reach_the_source_has_no_distance_of_nothing():
    accurate = make_feature(point(130), version_id=2, accuracy_m=50.0)
    text = describe(accurate)
    assert text.zh.startswith("仅有点位，无法确定是否相接；点位已按精度")
    assert text.en.startswith("one is known as a point only, and may reach the other;")


def test_a_bare_point_that_may_reach_the_source_has_its_distance():
    text = describe(make_feature(point(130), version_id=2))
    assert text.zh == "仅有点位，无法确定是否相接（距离 30.00 米）"
    assert text.en.endswith("may reach the other (30.00 m)")
