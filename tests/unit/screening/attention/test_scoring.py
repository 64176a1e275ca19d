from dataclasses import replace
from math import inf

import pytest

from parcels.texts import Text
from screening.attention.default_table import read_default_table
from screening.attention.scoring import Measured, find_level, score_plot
from screening.attention.table import (
    MEDIA,
    SCHEMES,
    Option,
    TableNotWhole,
    TableRow,
    build_table,
)

NAME = Text("指标", "indicator")
SOURCE = Text("手工", "by hand")


def row(scheme, medium, indicator, number, score, highest=100.0, **more):
    return TableRow(
        scheme,
        medium,
        "G",
        indicator,
        NAME,
        highest,
        Option(number, NAME, score, **more),
    )


def rows(**more):
    """A table with one indicator X of 100 points: 100, 40 or 0."""
    return [
        row(scheme, medium, "X", number, score, **more)
        for scheme in SCHEMES
        for medium in MEDIA
        for number, score in ((1, 100.0), (2, 40.0), (3, 0.0))
    ]


def table(found=None):
    return build_table("T", SOURCE, rows() if found is None else found)


def scored(answers, measured=None, found=None):
    return score_plot(table(found), "in_production", measured or {}, answers)


@pytest.mark.parametrize(
    ("soil", "water", "total"), [(100, 100, 100), (70, 70, 70), (80, 40, 63.25)]
)
def test_the_total_is_the_root_mean_square_of_the_media(soil, water, total):
    found = [
        row(scheme, medium, "X", 1, score)
        for scheme in SCHEMES
        for medium, score in (("soil", soil), ("groundwater", water))
    ]
    assert scored({"X": [1]}, found=found).total == total


@pytest.mark.parametrize(
    ("total", "level"),
    [(70.0, "high"), (69.99, "medium"), (40.0, "medium"), (39.99, "low"), (0.0, "low")],
)
def test_a_bound_belongs_to_its_level(total, level):
    assert find_level(total) == level


def test_what_nobody_knows_scores_half_and_is_not_certain():
    score = scored({})
    assert (score.total, score.certainty) == (50.0, 0.0)
    assert {line.basis for line in score.lines} == {"unknown"}


def test_an_unknown_option_scores_what_the_table_says():
    found = rows() + [
        row(scheme, medium, "X", 4, 60.0, unknown=True)
        for scheme in SCHEMES
        for medium in MEDIA
    ]
    for answers in ({}, {"X": [4]}):
        score = scored(answers, found=found)
        assert (score.total, score.certainty) == (60.0, 0.0)


def test_of_several_answers_the_highest_counts():
    assert scored({"X": [3, 2]}).total == 40.0


def test_an_answer_without_an_option_is_told_and_not_counted():
    score = scored({"X": [9], "Y": [1]})
    assert score.ignored == ("X:9", "Y:1")
    assert score.certainty == 0.0


def measured_rows():
    """X is known from a number: below 10 scores 100, from 10 scores 0."""
    return [
        row(scheme, medium, "X", number, score, **bounds)
        for scheme in SCHEMES
        for medium in MEDIA
        for number, score, bounds in (
            (1, 100.0, {"below": 10.0}),
            (2, 0.0, {"at_least": 10.0}),
        )
    ]


@pytest.mark.parametrize(
    ("low", "high", "total", "basis"),
    [
        (9.99, 9.99, 100.0, "register"),
        (10.0, 10.0, 0.0, "register"),
        (0.0, 9.0, 100.0, "register"),
        (10.0, inf, 0.0, "register"),
        (9.0, 10.0, 50.0, "unknown"),
        (0.0, inf, 50.0, "unknown"),
    ],
)
def test_what_the_register_knows_in_part_counts_when_both_ends_agree(
    low, high, total, basis
):
    score = scored({}, {"X": Measured(low, high)}, measured_rows())
    assert score.total == total
    assert {line.basis for line in score.lines} == {basis}


def test_the_register_goes_before_the_form_and_the_form_fills_what_it_lacks():
    known = scored({"X": [1]}, {"X": Measured(10.0, 10.0)}, measured_rows())
    assert known.total == 0.0
    open_ended = scored({"X": [1]}, {"X": Measured(0.0, inf)}, measured_rows())
    assert open_ended.total == 100.0
    assert {line.basis for line in open_ended.lines} == {"answer"}


def test_highest_scores_sum_to_a_hundred():
    with pytest.raises(TableNotWhole, match="sum to 99"):
        table(rows(highest=100.0)[3:] + [row("in_production", "soil", "X", 1, 9, 99.0)])


def test_a_medium_that_is_missing_is_refused():
    found = [one for one in rows() if one.medium == "soil"]
    with pytest.raises(TableNotWhole, match="groundwater sum to 0"):
        table(found)


def test_an_option_given_twice_is_refused():
    with pytest.raises(TableNotWhole, match="given twice"):
        table([*rows(), rows()[0]])


@pytest.mark.parametrize("score", [-0.1, 100.1, float("nan")])
def test_a_score_beyond_its_highest_is_refused(score):
    first, *rest = rows()
    wrong = replace(first, option=replace(first.option, score=score))
    with pytest.raises(TableNotWhole, match="beyond its highest"):
        table([wrong, *rest])


def test_the_shipped_table_is_whole_and_says_that_it_is_not_official():
    shipped = read_default_table()
    assert "非官方" in shipped.source.zh
    assert "not the official" in shipped.source.en
    assert {place: len(found) for place, found in shipped.indicators.items()} == {
        ("in_production", "soil"): 19,
        ("in_production", "groundwater"): 18,
        ("closed_relocated", "soil"): 15,
        ("closed_relocated", "groundwater"): 14,
    }


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_worst_answers_score_a_hundred_and_are_certain(scheme):
    shipped = read_default_table()
    worst = {
        one.code: [max(one.options, key=lambda n: (one.options[n].score, -n))]
        for medium in MEDIA
        for one in shipped.indicators[scheme, medium]
    }
    score = score_plot(shipped, scheme, {}, worst)
    assert score.total == pytest.approx(100.0)
    known = {line.indicator.code for line in score.lines if line.basis == "unknown"}
    assert known <= {"RE_USE"}


@pytest.mark.parametrize(
    ("indicator", "value", "number"),
    [
        ("RE_POP500", 99, 4),
        ("RE_POP500", 100, 3),
        ("RE_POP500", 999, 3),
        ("RE_POP500", 1000, 2),
        ("RE_POP500", 5000, 2),
        ("RE_POP500", 5001, 1),
        ("RE_DIST", 99.99, 1),
        ("RE_DIST", 100, 2),
        ("RE_DIST", 299.99, 2),
        ("RE_DIST", 300, 3),
        ("RE_DIST", 999.99, 3),
        ("RE_DIST", 1000, 4),
        ("PA_RAIN", 399.9, 3),
        ("PA_RAIN", 400, 2),
        ("PA_RAIN", 1000, 1),
    ],
)
def test_bounds_of_the_shipped_table_are_those_of_its_words(indicator, value, number):
    (found,) = (
        one
        for one in read_default_table().indicators["in_production", "soil"]
        if one.code == indicator
    )
    option = found.option_for(value)
    assert option is not None
    assert option.number == number
