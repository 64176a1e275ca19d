from datetime import date
from math import inf

import pytest
import shapely

from screening.attention.scoring import Measured
from screening.attention.spatial import TARGET_THEMES, measure_indicators
from screening.neighbourhood import Feature
from screening.surroundings import Neighbour


def near(theme, distance_m, category=None, ring="within", **attributes):
    feature = Feature(
        theme=theme,
        layer=theme,
        code="K",
        name=None,
        category=category,
        division_code="999901",
        geometry=shapely.Point(114, 34),
        attributes=attributes,
        data_date=date(2024, 1, 1),
        version_id=1,
    )
    return Neighbour(feature, ring, distance_m, 0.0, False, 0.0, 0.0)


def measured(*neighbours, covered=TARGET_THEMES, across=()):
    return measure_indicators(neighbours, covered, across)


def test_the_nearest_target_of_any_kind_counts():
    found = measured(near("farmland_unit", 250.0), near("receptor", 90.0, "school"))
    assert found["RE_DIST"] == Measured(90.0, 90.0)


def test_nothing_within_the_search_is_nothing_where_all_is_covered():
    assert measured()["RE_DIST"] == Measured(1000.0, 1000.0)
    assert measured()["RE_POP500"] == Measured(0.0, 0.0)


@pytest.mark.parametrize("theme", TARGET_THEMES)
def test_a_theme_that_is_not_covered_leaves_the_distance_open_below(theme):
    covered = set(TARGET_THEMES) - {theme}
    found = measured(near("receptor", 400.0, "school"), covered=covered)
    assert found["RE_DIST"] == Measured(0.0, 400.0)


def test_what_lies_across_the_border_leaves_the_distance_open():
    found = measured(across=["receptor"])
    assert found["RE_DIST"] == Measured(0.0, 1000.0)
    assert found["RE_POP500"] == Measured(0.0, inf)


def test_only_wells_sources_and_rivers_are_water():
    found = measured(
        near("receptor", 10.0, "school"),
        near("farmland_unit", 20.0),
        near("receptor", 500.0, "well"),
        near("river", 700.0),
    )
    assert found["RE_DISTW"] == Measured(500.0, 500.0)


def test_a_target_known_as_a_point_only_may_be_nearer():
    found = measured(
        near("receptor", 30.0, "school", ring="cannot_be_placed"),
        near("receptor", 200.0, "hospital"),
    )
    assert found["RE_DIST"] == Measured(30.0, 200.0)


def test_people_within_500_m_are_counted_and_no_further():
    found = measured(
        near("receptor", 500.0, "school", population=300),
        near("receptor", 500.01, "school", population=4000),
        near("receptor", 100.0, "residential", population=50),
    )
    assert found["RE_POP500"] == Measured(350.0, 350.0)


def test_a_receptor_without_a_number_of_people_leaves_their_sum_open():
    found = measured(
        near("receptor", 100.0, "school", population=300),
        near("receptor", 100.0, "residential", population=None),
    )
    assert found["RE_POP500"] == Measured(300.0, inf)


def test_rainfall_is_that_of_the_areas_the_plot_lies_in():
    found = measured(
        near("annual_rainfall", 0.0, ring="on", **{"class": "640"}),
        near("annual_rainfall", 0.0, ring="on", **{"class": "655.5"}),
        near("annual_rainfall", 12.0, **{"class": "1200"}),
    )
    assert found["PA_RAIN"] == Measured(640.0, 655.5)


@pytest.mark.parametrize("category", [None, "多雨", "-1", "nan", "1e9"])
def test_what_is_no_rainfall_tells_nothing(category):
    found = measured(near("annual_rainfall", 0.0, ring="on", **{"class": category}))
    assert "PA_RAIN" not in found
