"""Two survey rounds on one field of 400 m by 400 m, told by medians one can count."""

from datetime import date

import pytest

from parcels.texts import Text
from screening.categories.loader import read_settings
from screening.categories.samples import Result
from screening.runs.trend_rows import (
    Sampled,
    TrendMaterial,
    TrendTerms,
    list_trends,
)
from screening.runs.upstream_rows import Limit
from screening.standards.loader import read_standards
from tests.builders import make_feature, multi, point, square

LIMIT = Limit(1000.0, Text("默认", "project default"))
TERMS = TrendTerms(3, 0.2, (None, None), LIMIT)
DAYS = {"2013年": date(2013, 5, 1), "2018年": date(2018, 5, 1), "A": date(2020, 5, 1)}
UNIT = make_feature(multi(square(400)), code="U-1", layer="farmland_unit")


def result(name, number, value, element="Cd", **more):
    place = point(number * 10.0)
    held = {
        "point": f"P-{number}",
        "longitude": place.x,
        "latitude": place.y,
        "land": "dry_land",
        "sample": name,
        "sampled_on": DAYS[name],
        "depth_from_m": None,
        "depth_to_m": None,
        "horizon": None,
        "analyte": element,
        "value": value,
        "non_detect": False,
        "detection_limit": None,
        "qc_status": None,
    }
    return Sampled(name, Result(**(held | more)))


def survey(name, *values, first=0, **more):
    return [
        one
        for number, value in enumerate(values, start=first)
        for one in (
            result(name, number, value, **more),
            result(name, number, 6.0, "pH"),
        )
    ]


def rows(*rounds, terms=TERMS, sources=()):
    results = [one for each in rounds for one in each]
    standard = read_standards().on("farmland", date(2026, 1, 1))
    settings = read_settings()
    return list_trends(
        TrendMaterial([UNIT], results, sources, terms, settings, standard)
    )


def smelter(east_m):
    return make_feature(
        multi(square(100, east_m=east_m)),
        layer="enterprise",
        theme="enterprise",
        code="E-1",
        name="冶炼厂",
        version_id=9,
    )


@pytest.mark.parametrize(
    ("after", "expected", "change"),
    [
        ((0.12, 0.24, 0.36), "rising", 0.2),
        ((0.10, 0.23, 0.30), "steady", 0.15),
        ((0.10, 0.16, 0.30), "falling", -0.2),
    ],
)
def test_the_median_of_a_unit_rises_stays_or_falls(after, expected, change):
    (row,) = rows(survey("2013年", 0.1, 0.2, 0.3), survey("2018年", *after))
    values = row.values
    assert values["row"] == expected
    assert values["change_share"] == pytest.approx(change)
    assert (values["from_mg_per_kg"], values["from_points"]) == (0.2, 3)
    assert values["same_points"] and "project default" in row.why.en


def test_only_points_of_both_rounds_count_where_they_are_enough():
    before = survey("2013年", 0.1, 0.2, 0.3) + survey("2013年", 9.0, first=7)
    (row,) = rows(before, survey("2018年", 0.1, 0.2, 0.3))
    assert (row.values["row"], row.values["from_points"]) == ("steady", 3)


def test_where_the_points_are_others_each_round_counts_all_of_its_own():
    (row,) = rows(survey("2013年", *[0.1] * 3), survey("2018年", *[0.2] * 4, first=5))
    assert not row.values["same_points"]
    assert (row.values["row"], row.values["to_points"]) == ("rising", 4)


def test_too_few_points_tell_nothing():
    (row,) = rows(survey("2013年", 0.1, 0.2), survey("2018年", 0.3, 0.4))
    assert row.values["row"] == "too_few_points"
    assert "change_share" not in row.values


def test_a_non_detect_counts_half_its_limit_and_a_majority_of_them_stops_it():
    limits = {"non_detect": True, "detection_limit": 0.02}
    one = [result("2018年", 0, None, **limits)]
    before = survey("2013年", 0.01, 0.2, 0.3)
    after = one + survey("2018年", 0.2, 0.3, first=1)
    (row,) = rows(before, after)
    assert (row.values["row"], row.values["to_mg_per_kg"]) == ("steady", 0.2)
    most = [result("2018年", n, None, **limits) for n in (0, 1)]
    (row,) = rows(before, most + survey("2018年", 0.3, first=2))
    assert row.values["row"] == "mostly_non_detect"


def test_the_first_and_last_round_are_compared_unless_others_are_named():
    rounds = (
        survey("2013年", *[0.1] * 3),
        survey("2018年", *[0.1] * 3),
        survey("A", *[0.2] * 3),
    )
    (row,) = rows(*rounds)
    assert (row.values["from_round"], row.values["to_round"]) == ("2013年", "A")
    named = TrendTerms(3, 0.2, ("2013年", "2018年"), LIMIT)
    (row,) = rows(*rounds, terms=named)
    assert (row.values["to_round"], row.values["row"]) == ("2018年", "steady")


def test_sources_are_named_where_it_got_worse_and_prove_nothing():
    worse = (survey("2013年", *[0.1] * 3), survey("2018年", *[0.4] * 3))
    (row,) = rows(*worse, sources=[smelter(500)])
    assert (row.values["from_class"], row.values["to_class"]) == (1, 2)
    assert row.values["nearest_source"] == "E-1"
    assert row.values["distance_m"] == pytest.approx(250, abs=0.05)
    assert "冶炼厂" in row.why.zh and "no proof" in row.why.en
    (row,) = rows(*worse, sources=[smelter(1300)])
    assert row.values["sources"] == 0 and "not known" in row.why.en
    (row,) = rows(survey("2013年", *[0.1] * 3), survey("2018年", *[0.1] * 3))
    assert "sources" not in row.values


def test_deep_and_failed_samples_do_not_count():
    deep = survey("2018年", *[9.0] * 3, depth_from_m=0.6, depth_to_m=1.0)
    failed = survey("2018年", *[9.0] * 3, qc_status="不合格")
    for extra in (deep, failed):
        (row,) = rows(survey("2013年", *[0.1] * 3), extra)
        assert row.values["row"] == "one_round"


def test_a_unit_of_one_round_says_so_and_one_without_points_is_left_out():
    (row,) = rows(survey("2013年", *[0.1] * 3))
    assert row.values["row"] == "one_round" and "2013年" in row.why.en
    assert rows() == []
