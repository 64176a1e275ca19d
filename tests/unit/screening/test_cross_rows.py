"""Points over the standard against sources, on land drawn with a ruler."""

import pytest

from parcels.texts import Text
from screening.neighbourhood import BorderHit
from screening.runs.cross_rows import CrossMaterial, JudgedPoint, cross
from screening.runs.upstream_rows import Limit
from tests.builders import make_feature, multi, point, square

LIMIT = Limit(1000.0, Text("默认", "project default"))


def source(code="E-1", east_m=0.0, layer="enterprise"):
    return make_feature(
        multi(square(100, east_m=east_m)),
        theme=layer,
        layer=layer,
        code=code,
        category="active",
        version_id=abs(hash(code)) % 10**9,
    )


def sampled(code, east_m, **classes):
    shape = make_feature(
        point(east_m),
        theme="monitoring_point",
        layer="monitoring_point",
        code=code,
        category="soil",
        version_id=abs(hash(code)) % 10**9,
    )
    return JudgedPoint(shape, classes or None)


def rows(sources=(), points=(), across=()):
    return cross(
        CrossMaterial(
            list(sources),
            list(points),
            list(points),
            list(sources),
            [(one.point, hit) for one, hit in across],
            LIMIT,
        )
    )


def test_a_source_near_an_exceeding_point_is_a_candidate_with_reasons():
    near, far = sampled("P-1", 150, Cd=2, Pb=1), sampled("P-2", 450, Cd=3, As=2)
    (row,) = rows([source()], [far, near])
    values = row.values
    assert (values["row"], values["code"]) == ("candidate", "E-1")
    assert (values["exceeding"], values["over_intervention"]) == (2, 1)
    assert values["elements"] == "As, Cd" and values["nearest_point"] == "P-1"
    assert values["distance_m"] == pytest.approx(100, abs=0.02)
    assert "P-2 400" in row.why.en and "no proof" in row.why.en
    assert "project default" in row.why.en


def test_the_distance_itself_counts_and_a_metre_more_does_not():
    assert rows([source()], [sampled("P", 1050 - 0.05, Cd=2)])[0].values["row"] == (
        "candidate"
    )
    (row,) = rows([source()], [sampled("P", 1051, Cd=2)])
    assert row.values["row"] == "without_source"


def test_points_at_or_below_the_screening_value_make_no_candidate():
    assert rows([source()], [sampled("P", 100, Cd=1, Pb=1)]) == []


def test_points_that_cannot_be_judged_are_counted_and_not_taken_for_clean():
    (row,) = rows([source()], [sampled("P", 100, Cd=2), sampled("Q", 120)])
    assert (row.values["judged"], row.values["not_judged"]) == (1, 1)
    assert rows([source()], [sampled("Q", 120)]) == []


def test_an_exceeding_point_without_a_source_is_a_row_of_its_own():
    (row,) = rows([], [sampled("P", 0, Cd=3)])
    assert (row.values["row"], row.values["code"]) == ("without_source", "P")
    assert "not known" in row.why.en


def test_of_another_division_only_theme_and_whom_to_ask_are_told():
    one = sampled("P", 0, Cd=2)
    hit = BorderHit("enterprise", "within", 1000.0, "999902")
    first, second = rows([], [one], [(one, hit)])
    assert "another division" in first.why.en
    assert second.values == {
        "row": "across_border",
        "nearest_point": "P",
        "division_code": one.point.division_code,
        "theme": "enterprise",
        "ask_division": "999902",
    }
