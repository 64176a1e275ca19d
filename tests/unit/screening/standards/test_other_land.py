"""Development land by class and background, and produce by edition."""

from datetime import date

import numpy as np
import pytest

from parcels.analytes import ANALYTES, find_analyte
from screening.standards.backgrounds import find_background
from screening.standards.judgement import Contents, judge_development_land
from screening.standards.loader import read_backgrounds, read_standards
from screening.standards.produce import judge_produce

STANDARDS = read_standards()
GB36600 = STANDARDS.get("gb36600_2018")


def contents(value, land, limit=np.nan):
    return Contents(
        np.array([np.nan if value is None else value]),
        np.array([value is None]),
        np.array([limit]),
        np.array([True]),
        np.array([np.nan]),
        np.array([land], dtype=object),
    )


def site(analyte, value, land, background=np.nan):
    found = judge_development_land(analyte, contents(value, land), GB36600, background)
    return int(found.classes[0]), found.reasons[0]


def food(analyte, value, kind, day=date(2020, 1, 1), limit=np.nan, **more):
    standard = STANDARDS.on("produce", day)
    found = judge_produce(analyte, contents(value, kind, limit), standard, **more)
    return int(found.classes[0]), found.reasons[0]


@pytest.mark.parametrize("analyte", ["As", "Co", "V"])
def test_content_up_to_the_background_is_not_managed_as_contaminated(analyte):
    screening = GB36600.find(analyte, "screening", "class_1").value_mg_per_kg
    background = screening * 1.5
    assert site(analyte, background, "class_1", background) == (1, "below_background")
    assert site(analyte, background * 1.001, "class_1", background) == (2, None)
    assert site(analyte, background, "class_1") == (2, None)


def test_only_arsenic_cobalt_and_vanadium_know_a_background():
    assert site("Cd", 21.0, "class_1", 100.0) == (2, None)


def test_an_unclear_land_class_judges_nothing():
    assert site("Cd", 1.0, None) == (0, "land_missing")


@pytest.mark.parametrize(
    ("value", "expected"), [(0.2, 1), (0.2001, 2), (0.4, 2), (0.4001, 3)]
)
def test_produce_is_graded_by_multiples_of_its_limit(value, expected):
    assert food("Cd", value, "rice") == (expected, None)


def test_thresholds_of_produce_are_configuration():
    assert food("Cd", 0.5, "rice", thresholds=(1.0, 3.0)) == (2, None)


def test_other_cereals_have_limits_of_their_own():
    assert food("Cd", 0.15, "wheat") == food("Cd", 0.15, "maize") == (2, None)
    assert food("Cd", 0.15, "rice") == (1, None)


def test_total_arsenic_in_rice_complies_or_proves_nothing():
    assert food("As", 0.2, "rice") == (1, None)
    assert food("As", 0.21, "rice") == (0, "total_arsenic")
    assert food("iAs", 0.21, "rice") == (2, None)


def test_a_limit_that_is_not_loaded_judges_nothing():
    assert food("Pb", 9.0, "rice", date(2024, 1, 1)) == (0, "no_limit")
    assert food("Cd", 0.2, "rice", date(2024, 1, 1)) == (1, None)


def test_rice_of_unknown_form_takes_the_stricter_limit_of_2022():
    day = date(2024, 1, 1)
    assert food("iAs", 0.3, "brown_rice", day) == (1, None)
    assert food("iAs", 0.3, "white_rice", day) == (2, None)
    assert food("iAs", 0.3, "rice", day) == (2, None)


def test_produce_without_a_detect_complies_when_the_limit_proves_it():
    assert food("Cd", None, "rice", limit=0.01) == (1, None)
    assert food("Cd", None, "rice", limit=0.3) == (0, "detection_limit_too_high")


def test_backgrounds_carry_their_source_and_mark():
    found = find_background(read_backgrounds(), "Cd", "513425")
    assert (found.mg_per_kg, found.region, found.confidence) == (
        0.097,
        "CN",
        "recalled",
    )
    assert find_background(read_backgrounds(), "Mn", "513425") is None


@pytest.mark.parametrize("name", ["镉", "总镉", "cadmium", "CD", "7440-43-9", " Cd "])
def test_an_item_is_found_by_any_of_its_names(name):
    assert find_analyte(name).code == "Cd"


def test_hexavalent_chromium_is_not_chromium():
    assert find_analyte("铬（六价）").code == find_analyte("铬(六价)").code == "Cr6"
    assert find_analyte("总铬").code == "Cr"


def test_no_two_items_share_a_code():
    codes = [one.code for one in ANALYTES]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    "code", ["Cd", "Hg", "As", "Pb", "Zn", "Cr", "Mn", "Cu", "V", "Ti", "Ni"]
)
def test_the_elements_the_plans_name_are_known(code):
    assert find_analyte(code).code == code
