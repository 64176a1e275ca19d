"""The distance table: under which rule a source falls, on which side of its ring."""

import dataclasses
import math

import pytest

from parcels.texts import Text
from screening.distance_rules import (
    DISTANCE_RULES,
    OPEN_STAGES,
    RING_PARAMETERS,
    with_rings,
)
from screening.extract import ExtractSettings, ThemeSpec
from screening.industries import EditionCodes, IndustryList
from tests.builders import (
    make_feature,
    make_neighbourhood,
    make_subject,
    measure_extract,
    point,
    rectangle,
    square,
)

THEMES = (
    ThemeSpec("plot", "plot", "area", 100.0),
    ThemeSpec("pbf_concentrated_area", "restriction_area", "area", 200.0),
    ThemeSpec("enterprise", "enterprise", "proximity", 1000.0),
    ThemeSpec("facility", "facility", "proximity", 1000.0),
    ThemeSpec("receptor", "receptor", "proximity", 1000.0),
)
LISTS = {
    name: IndustryList(name, Text(name, name), {"2017": (EditionCodes(codes),)})
    for name, codes in (("H1", ("09", "32", "26")), ("H6", ("251", "3360")))
}


def rows(*features, rules=DISTANCE_RULES, themes=THEMES, lists=LISTS):
    """Return the rows for a square of 100 m, by key."""
    settings = ExtractSettings(distance_rules=rules, industry_lists=lists)
    found = measure_extract(
        make_subject(), make_neighbourhood(features), settings, themes
    )
    return {row.key: row for row in found.distances}


def source(theme, category, geometry=None, **attributes):
    return make_feature(
        geometry or square(10, east_m=200),
        theme=theme,
        layer=theme,
        category=category,
        attributes=attributes,
    )


def plant(code, category="active", **attributes):
    return source(
        "enterprise",
        category,
        industry_code=code,
        industry_edition="2017",
        **attributes,
    )


def test_every_number_is_a_project_default():
    assert {rule.confidence for rule in DISTANCE_RULES} == {"project default"}
    assert all(rule.reason.zh and rule.reason.en for rule in DISTANCE_RULES)


def test_the_table_has_every_key_of_the_notes():
    keys = {rule.key: rule.ring_m for rule in DISTANCE_RULES}
    assert keys == {
        "BUF_KEY_UNIT": 500.0,
        "BUF_KEY_UNIT_WIDE": 1000.0,
        "BUF_SMELTER_FARM": 1000.0,
        "BUF_OTHER_FARM": 200.0,
        "BUF_PLOT": 100.0,
        "BUF_LANDFILL": 500.0,
        "BUF_WASTE_YARD": 500.0,
        "BUF_TAILINGS_DOWN": 1000.0,
        "BUF_TAILINGS_WATER": 10_000.0,
        "BUF_TAILINGS_PBF": 1000.0,
        "BUF_SITING_RECEPTOR": 500.0,
        "BUF_SITING_CONSULT": 1000.0,
        "BUF_SITING_FARM": 0.0,
        "BUF_SITING_FARM_NEAR": 200.0,
        "BUF_ROAD": 50.0,
    }


@pytest.mark.parametrize(
    ("feature", "keys"),
    [
        (
            plant("3212"),
            {"BUF_KEY_UNIT", "BUF_KEY_UNIT_WIDE", "BUF_SMELTER_FARM"},
        ),
        (
            plant("2614"),
            {"BUF_KEY_UNIT", "BUF_KEY_UNIT_WIDE", "BUF_OTHER_FARM"},
        ),
        (plant("2511"), {"BUF_KEY_UNIT", "BUF_KEY_UNIT_WIDE"}),
        (plant("1310"), set()),
        (plant("3212", "closed"), set()),
        (
            plant("1310", "closed", key_unit={"years": [2024]}),
            {"BUF_KEY_UNIT", "BUF_KEY_UNIT_WIDE"},
        ),
        (source("facility", "landfill"), {"BUF_LANDFILL"}),
        (source("facility", "informal_dump"), {"BUF_LANDFILL"}),
        (source("facility", "illegal_dump"), {"BUF_LANDFILL"}),
        (source("facility", "waste_yard"), {"BUF_WASTE_YARD"}),
        (
            source("facility", "tailings_pond"),
            {"BUF_TAILINGS_DOWN", "BUF_TAILINGS_PBF"},
        ),
        (source("facility", "sewage_works"), set()),
        (source("receptor", "school"), {"BUF_SITING_RECEPTOR", "BUF_SITING_CONSULT"}),
        (source("receptor", "well"), set()),
        (
            source("pbf_concentrated_area", None),
            {"BUF_SITING_FARM", "BUF_SITING_FARM_NEAR"},
        ),
    ],
    ids=[
        "smelter",
        "chemicals",
        "refinery",
        "food",
        "closed smelter",
        "closed key unit",
        "landfill",
        "informal dump",
        "illegal dump",
        "waste yard",
        "tailings pond",
        "sewage works",
        "school",
        "well",
        "farmland",
    ],
)
def test_a_source_falls_under_the_rules_of_its_class(feature, keys):
    assert set(rows(feature)) == keys


@pytest.mark.parametrize("stage", sorted(OPEN_STAGES))
def test_an_open_plot_is_a_source(stage):
    assert "BUF_PLOT" in rows(source("plot", stage, square(10, east_m=80)))


@pytest.mark.parametrize("stage", ["candidate", "cleared", "removed", "closed_error"])
def test_other_plots_are_no_source(stage):
    assert rows(source("plot", stage, square(10, east_m=80))) == {}


@pytest.mark.parametrize(
    ("gap_m", "inside", "shown"),
    [
        (499.9, True, 499.9),
        (500.004, True, 500.0),
        (500.01, False, 500.01),
        (900.0, False, 900.0),
    ],
)
def test_touching_the_ring_counts_as_inside(gap_m, inside, shown):
    landfill = source("facility", "landfill", rectangle(50 + gap_m, -5, 1200, 5))
    row = rows(landfill)["BUF_LANDFILL"]
    assert row.inside is inside
    assert row.distance_m == pytest.approx(shown, abs=1e-9)
    assert row.limit_m == 500.0


def test_a_source_on_the_subject_is_at_distance_zero():
    row = rows(source("plot", "contaminated", square(10)))["BUF_PLOT"]
    assert (row.distance_m, row.inside) == (0.0, True)


def test_inside_the_farmland_is_a_ring_of_zero():
    on_it = rows(source("pbf_concentrated_area", None, square(10)))
    assert on_it["BUF_SITING_FARM"].inside
    beside = rows(source("pbf_concentrated_area", None, rectangle(60, 0, 70, 5)))
    assert not beside["BUF_SITING_FARM"].inside
    assert beside["BUF_SITING_FARM_NEAR"].inside


def test_a_point_is_widened_and_says_by_what():
    area = dataclasses.replace(
        source("facility", "landfill", point(600.0)),
        stated_area_m2=math.pi * 1e4,
        accuracy_m=20.0,
    )
    row = rows(area)["BUF_LANDFILL"]
    assert row.distance_m == pytest.approx(550 - 120, abs=0.01)
    assert row.widened_by_m == pytest.approx(120.0)
    assert row.widened_why == "equivalent_radius_and_accuracy"
    assert row.inside


def test_a_polygon_is_not_widened():
    row = rows(source("facility", "landfill"))["BUF_LANDFILL"]
    assert (row.widened_by_m, row.widened_why) == (0.0, "")


def test_a_row_names_source_number_and_action():
    row = rows(source("facility", "landfill"))["BUF_LANDFILL"]
    assert row.source.category == "landfill"
    assert (row.action, row.confidence) == ("consult_ee", "project default")
    assert row.reason.zh
    assert row.certain


@pytest.mark.parametrize("code", [None, "chemistry", "33"])
def test_a_plant_of_unclear_industry_is_shown_as_not_certain(code):
    row = rows(plant(code))["BUF_KEY_UNIT"]
    assert not row.certain


def test_without_the_lists_nothing_is_certain():
    assert not rows(plant("1310"), lists={})["BUF_KEY_UNIT"].certain


def test_rows_come_by_key_distance_and_code():
    near, far = (
        dataclasses.replace(
            source("facility", "landfill", square(10, east_m=metres)), code=code
        )
        for metres, code in ((200, "B"), (300, "A"))
    )
    settings = ExtractSettings()
    for features in ([near, far], [far, near]):
        found = measure_extract(
            make_subject(), make_neighbourhood(features), settings, THEMES
        )
        assert [row.source.code for row in found.distances] == ["B", "A"]


def test_a_deployment_sets_its_own_rings():
    own = with_rings(DISTANCE_RULES, {"BUF_LANDFILL": 100.0})
    assert not rows(source("facility", "landfill"), rules=own)["BUF_LANDFILL"].inside
    with pytest.raises(KeyError, match="BUF_MOON"):
        with_rings(DISTANCE_RULES, {"BUF_MOON": 1.0})


def test_every_ring_but_those_of_law_is_given_by_the_rule_set():
    own = {rule.key for rule in DISTANCE_RULES} - set(RING_PARAMETERS)
    assert own == {"BUF_SITING_FARM"}


def not_searched(themes, rules=DISTANCE_RULES):
    found = measure_extract(
        make_subject(),
        make_neighbourhood(),
        ExtractSettings(distance_rules=rules),
        themes,
    )
    return set(found.distances_not_searched)


def test_rings_wider_than_the_search_are_named_as_not_answered():
    everywhere = (
        *THEMES,
        ThemeSpec("concentrated_priority_farmland", "restriction_area", "area", 200.0),
        ThemeSpec("main_road", "restriction_area", "area", 50.0),
    )
    assert not_searched(everywhere) == {"BUF_TAILINGS_WATER"}
    wider = with_rings(DISTANCE_RULES, {"BUF_PLOT": 100.5})
    assert not_searched(everywhere, wider) == {"BUF_TAILINGS_WATER", "BUF_PLOT"}
