"""Indices of a point, on figures one can divide in the head."""

from datetime import date
from math import sqrt

import pytest

from screening.categories.loader import read_settings
from screening.categories.samples import Result
from screening.point_indices import measure_indices
from screening.standards.backgrounds import Background
from screening.standards.loader import read_standards

GB15618 = read_standards().get("gb15618_2018")
COUNTRY = Background("CN", "Cd", 0.2, "mean", "recalled", "notes")
PROVINCE = Background("51", "Cd", 0.1, "mean", "verified", "a provincial survey")
MERCURY = Background("CN", "Hg", 0.01, "mean", "recalled", "notes")


def result(analyte, value, land="paddy", limit=None, day=1, qc=None):
    return Result(
        "P", 114.0, 34.0, land, f"S{day}", date(2024, 1, day), None, None, None,
        analyte, value, value is None, limit, qc,
    )  # fmt: skip


def measured(*results, backgrounds=(COUNTRY, PROVINCE, MERCURY), division="513425"):
    found = measure_indices(
        results, read_settings(), GB15618, list(backgrounds), division
    )
    return found.get("P")


def told(graded):
    return None if graded is None else (graded.value, graded.grade)


def test_cadmium_by_its_limit_and_the_background_of_its_province():
    found = measured(result("pH", 7.0), result("Cd", 0.6)).items["Cd"]
    assert told(found.single_factor) == (1.0, "none")
    assert told(found.accumulation) == (6.0, "moderate")
    assert told(found.geo_accumulation) == (2.0, "2")
    assert told(found.ecological_risk) == (180.0, "high")
    assert (found.background.region, found.background.source) == (
        "51",
        "a provincial survey",
    )


def test_elsewhere_the_background_is_the_countrys():
    found = measured(result("Cd", 0.6), division="410100").items["Cd"]
    assert told(found.accumulation) == (3.0, "light")


def test_without_ph_there_is_no_single_factor_and_no_nemerow():
    found = measured(result("Cd", 0.6))
    assert (found.items["Cd"].single_factor, found.nemerow) == (None, None)
    assert found.items["Cd"].accumulation


def test_without_a_background_only_the_limit_speaks():
    found = measured(result("pH", 7.0), result("Cd", 0.6), backgrounds=())
    assert told(found.items["Cd"].single_factor) == (1.0, "none")
    assert found.items["Cd"].geo_accumulation is None
    assert (found.risk_index, found.risk_index_rescaled) == (None, None)


def test_nemerow_weighs_the_mean_with_the_greatest():
    found = measured(result("pH", 7.0), result("Cd", 0.6), result("Hg", 1.8))
    assert found.items["Hg"].single_factor.value == 3.0
    assert found.nemerow.value == round(sqrt((2.0**2 + 3.0**2) / 2), 4)
    assert found.nemerow.grade == "moderate"


def test_half_the_limit_stands_in_for_a_non_detect():
    found = measured(result("pH", 7.0), result("Hg", None, limit=0.04))
    assert found.items["Hg"].content_mg_per_kg == 0.02
    assert found.items["Hg"].non_detect
    assert told(found.items["Hg"].ecological_risk) == (80.0, "considerable")


@pytest.mark.parametrize(("absent", "given"), [(1, True), (2, False)])
def test_no_nemerow_where_most_items_were_not_detected(absent, given):
    rest = [result(name, None, limit=0.01) for name in ("Hg", "Pb")[:absent]]
    found = measured(result("pH", 7.0), result("Cd", 0.6), *rest)
    assert (found.nemerow is not None) is given


def test_the_risk_index_is_the_sum_and_is_graded_both_ways():
    found = measured(result("Cd", 0.6), result("Hg", 0.01))
    assert told(found.risk_index) == (220.0, "moderate")
    # T of both is 70 of Hakanson's 133: the ends are 79, 158 and 316.
    assert told(found.risk_index_rescaled) == (220.0, "high")
    assert found.risk_index_rescaled.confidence == "recalled"


def test_the_latest_result_counts_and_none_that_did_not_pass():
    found = measured(
        result("Cd", 0.3),
        result("Cd", 0.6, day=2),
        result("Cd", 9.0, day=3, qc="不合格"),
    )
    assert found.items["Cd"].content_mg_per_kg == 0.6


def test_a_point_without_a_content_has_no_indices():
    assert measured(result("pH", 7.0)) is None
    assert measured(result("Cd", None)) is None
