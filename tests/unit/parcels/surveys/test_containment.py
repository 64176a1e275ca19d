"""A county of 1 km in squares of 10 m: inside, over its border, on it, elsewhere."""

import json

import numpy as np
import pyarrow as pa
import pytest
import shapely

from parcels.crs import transform_to_storage
from parcels.surveys.checks.containment import check_containment
from parcels.surveys.ground import Ground, Outline
from parcels.surveys.issues import Issue, combine
from tests.survey_files import square_at
from tests.unit.parcels.surveys.candidate_rows import (
    candidates,
    parcels,
    told,
    with_geometry,
)


def outline(code, shape):
    return Outline(code, "某地", "Somewhere", transform_to_storage(shape, 4526))


COUNTY = outline("999901", square_at(0, 0, 1000))
GROUND = Ground((COUNTY,), (outline("999901001", square_at(0, 0, 500)),))


def check(*geometries, ground=GROUND, **columns):
    found = with_geometry(parcels(len(geometries), **columns), geometries)
    return list(check_containment(found, ground, 4526))


def test_rows_inside_and_on_the_border_have_no_issue():
    assert check(square_at(500, 500), square_at(990, 0), square_at(0, 0, 1000)) == []


def test_division_that_is_not_drawn_is_not_judged():
    assert check(square_at(5000, 0), ground=Ground()) == []


@pytest.mark.parametrize(
    ("east", "kind"),
    [(1039.9, "beyond_county"), (1040.1, "outside_county"), (990.2, "beyond_county")],
)
def test_fifty_metres_are_the_margin(east, kind):
    assert told(check(square_at(500, 500), square_at(east, 500))) == {kind: [2]}


def first_issue(details):
    return Issue(1, "outside_county", "error", 2, None, None, details, None)


def test_the_division_is_named_in_the_readers_language():
    (found,) = combine(check(square_at(1100, 500))).to_pylist()
    issue = first_issue(json.loads(found["details"]))
    assert "某地（999901）" in issue.message("zh")
    assert "Somewhere (999901)" in issue.message("en")


def test_a_report_that_was_kept_before_names_it_as_it_did():
    details = {"division": "999901", "division_name": "某地", "distance_m": 60}
    assert "某地 (999901)" in first_issue({**details, "area_m2": 1}).message("en")


def test_what_lies_outside_is_shown_and_measured():
    (issue,) = check(square_at(995, 500))
    assert issue.details["area_m2"] == [pytest.approx(50, abs=0.05)]
    assert issue.details["distance_m"] == [pytest.approx(5, abs=0.01)]
    assert issue.shapes[0].area == pytest.approx(
        transform_to_storage(square_at(0, 0), 4526).area / 2, rel=1e-3
    )


@pytest.mark.parametrize(
    ("beside", "count"), [(0.0005, 0), (0.002, 1), (0.049, 1), (0.06, 0)]
)
def test_vertices_beside_the_border_are_told_between_a_millimetre_and_five_centimetres(
    beside, count
):
    found = check(square_at(990 - beside, 500))
    assert [one.kind for one in found] == ["border_not_matched"] * count
    if found:
        assert found[0].details["count"].tolist() == [2]
        assert found[0].details["distance_m"] == [pytest.approx(beside)]


def test_row_lies_in_the_township_it_names():
    inside, beyond = square_at(540, 0), square_at(560, 0)
    found = check(inside, beyond, XZDM=["999901001", "999901001"])
    assert told(found) == {"outside_township": [2]}


def test_row_outside_its_county_is_not_told_of_its_township_as_well():
    elsewhere, next_township = square_at(3000, 0), square_at(600, 0)
    found = check(elsewhere, next_township, XZDM=["999901001", "999901001"])
    assert told(found) == {"outside_county": [1], "outside_township": [2]}


def test_zone_may_cross_the_border_but_not_lie_elsewhere():
    found, issues = candidates(
        "water_zone", BHQDM=["a", "b"], SYDM=["s", "s"], JB=["level_1"] * 2
    )
    with_geometry(found, [square_at(900, 0, 1000), square_at(3000, 0)])
    assert told(check_containment(found, GROUND, 4526)) == {"outside_county": [2]}


def test_county_is_not_held_against_its_own_outline():
    found, _ = candidates("division", XZQDM=["999901", "999901002"])
    with_geometry(found, [square_at(0, 0, 2000), square_at(990, 0, 500)])
    assert told(check_containment(found, GROUND, 4526)) == {"outside_county": [2]}


def test_points_are_contained_too():
    found, _ = candidates("monitoring_point", DWBM=["a", "b"])
    at = [one.centroid for one in (square_at(5, 5), square_at(2000, 0))]
    with_geometry(found, at)
    assert told(check_containment(found, GROUND, 4526)) == {"outside_county": [2]}


def test_many_rows_give_the_issues_of_each_alone():
    rng = np.random.default_rng(1)
    jagged = shapely.Point(38_500_500, 3_846_500).buffer(480, quad_segs=7)
    places = rng.uniform(0, 990, (5000, 2))
    squares = np.array([square_at(x, y) for x, y in places], dtype=object)
    ground = Ground((outline("999901", jagged),), ())
    found = check(*squares, ground=ground)
    beyond = ~shapely.covers(shapely.buffer(jagged, 0.001), squares)
    rows = np.concatenate([one.rows for one in found if "county" in one.kind])
    assert np.array_equal(np.sort(rows), np.flatnonzero(beyond) + 1)


def test_each_row_is_held_against_its_own_county():
    other = outline("999902", square_at(1000, 0, 1000))
    found = with_geometry(parcels(2), [square_at(100, 0), square_at(100, 0)])
    found.division_code = pa.array(["999901", "999902"])
    ground = Ground((COUNTY, other), ())
    assert told(check_containment(found, ground, 4526)) == {"outside_county": [2]}
