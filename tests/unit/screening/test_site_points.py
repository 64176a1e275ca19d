"""Points on development land by GB 36600: cadmium is limited at 20 and 65 mg/kg."""

from datetime import date

import numpy as np
import pytest

from screening.categories.samples import Result
from screening.site_points import judge_site_points
from screening.standards.loader import read_standards

STANDARD = read_standards().get("gb36600_2018")
DAY, LATER = date(2024, 3, 1), date(2025, 3, 1)


def result(value, land="class_1", on=DAY, deep=0.0, analyte="Cd", **more):
    given = {
        "point": "P",
        "longitude": 0.0,
        "latitude": 0.0,
        "land": land,
        "sample": f"{on} {deep}",
        "sampled_on": on,
        "depth_from_m": deep,
        "depth_to_m": deep + 0.5,
        "horizon": None,
        "analyte": analyte,
        "value": value,
        "non_detect": value is None,
        "detection_limit": 0.01,
        "qc_status": None,
    }
    return Result(**{**given, **more})


def classes(*results, background=np.nan):
    found = judge_site_points(results, STANDARD, lambda _, __: background)
    return found.get("P", {})


@pytest.mark.parametrize(
    ("land", "value", "expected"),
    [
        ("class_1", 20.0, 1),
        ("class_1", 20.01, 2),
        ("class_1", 47.01, 3),
        ("class_2", 20.01, 1),
        ("class_2", 65.01, 2),
    ],
)
def test_the_land_of_the_point_chooses_the_limit(land, value, expected):
    assert classes(result(value, land)) == {"Cd": expected}


def test_what_lies_deep_counts_as_what_lies_on_top():
    assert classes(result(1.0), result(30.0, deep=3.0)) == {"Cd": 2}


def test_a_later_day_replaces_an_earlier_one():
    assert classes(result(30.0), result(1.0, on=LATER)) == {"Cd": 1}


def test_results_that_failed_their_control_and_ph_are_left_out():
    assert classes(result(30.0, qc_status="不合格"), result(6, analyte="pH")) == {}


def test_an_item_without_a_limit_has_no_class():
    assert classes(result(9999.0, analyte="Zn")) == {"Zn": 0}


def test_a_non_detect_is_below_and_a_background_of_the_place_excuses():
    assert classes(result(None)) == {"Cd": 1}
    assert classes(result(30.0, analyte="As")) == {"As": 2}
    assert classes(result(30.0, analyte="As"), background=40.0) == {"As": 1}
