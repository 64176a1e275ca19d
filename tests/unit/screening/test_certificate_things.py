"""How a certificate tells where the things lie that its findings rest on."""

import pytest

from app.pages.i18n import read_catalogue
from screening.certificate.saying import Sayer
from screening.certificate.things import write_hits

BESIDE = {
    "theme": "plot",
    "feature": "9999012190046",
    "relation": "within",
    "category": "risk_assessment",
    "area_m2": 0.0,
    "share": 0.0,
    "distance_m": 3.29,
    "division_code": None,
}


def place(language, **changed):
    finding = {"rule": "H02", "evidence": [BESIDE | changed]}
    numbers = {("plot", "9999012190046"): 1}
    say = Sayer(read_catalogue(language), language, {})
    [line] = write_hits([finding], numbers, say)
    return line["place"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "周边，相距 3.29 m；仅有点位，已扣除其范围和精度 68.71 m"),
        (
            "en",
            "nearby, 3.29 m away; known as a point: 68.71 m taken off for its size and "
            "accuracy",
        ),
    ],
)
def test_a_distance_shortened_for_a_point_says_by_what(language, said):
    assert place(language, widened_by_m=68.71) == said


def test_a_distance_of_an_older_record_or_an_outline_is_told_alone():
    assert place("en") == place("en", widened_by_m=None) == "nearby, 3.29 m away"


def test_a_point_that_may_reach_the_land_tells_no_distance():
    told = place("en", relation="imprecise", distance_m=0.0, widened_by_m=68.71)
    assert told == "imprecise"
