"""Ground between rows and a county of 100 m by 100 m, in the head and by difference."""

import numpy as np
import pytest
import shapely
from shapely import Polygon

from parcels.area import measure_area
from parcels.crs import transform_to_storage
from parcels.surveys.checks.border_gaps import (
    check_border_gaps,
    draw_border,
    find_border_strips,
)
from parcels.surveys.checks.gaps import find_cover
from parcels.surveys.ground import Outline
from tests.survey_files import EAST, NORTH, square_at
from tests.unit.parcels.surveys.drawn_rows import view_drawn

COUNTY = square_at(0, 0, 100)


def rectangle(west, south, east, north):
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def issues(plane, county=COUNTY, srid=4526, **asked):
    """Return the issues of rows in a county, drawn in the plane of zone 38."""
    outline = Outline("999901", "净土县", "Jingtu", transform_to_storage(county, 4526))
    plane = np.array(plane, dtype=object)
    if srid == 4490:
        plane = transform_to_storage(plane, 4526)
    coverage = view_drawn(plane, srid)
    rows = np.arange(1, len(plane) + 1, dtype=np.int32)
    codes = np.array([f"c{row}" for row in rows], dtype=object)
    wanted = {"tiling": True, "whole": False, **asked}
    border = draw_border(outline, coverage)
    strips = find_border_strips(coverage, border)
    cover = find_cover(coverage)
    return list(
        check_border_gaps(coverage, cover, border, strips, rows, codes, **wanted)
    )


def gaps(*args, **asked):
    """Return (kind, row, pieces, area) of each issue."""
    return [
        (one.kind, row, int(count), area)
        for one in issues(*args, **asked)
        for row, count, area in zip(
            [None] if one.rows is None else one.rows.tolist(),
            one.details["count"],
            one.details["area_m2"],
            strict=True,
        )
    ]


def about(area):
    return pytest.approx(area, abs=0.01, rel=1e-3)


def test_rows_that_fill_the_county_leave_no_gap():
    squares = [square_at(10 * i, 10 * j) for i in range(10) for j in range(10)]
    for asked in ({}, {"whole": True}, {"srid": 4490}):
        assert gaps(squares, **asked) == []


@pytest.mark.parametrize("by", [0.05, 0.5])
def test_ground_that_a_moved_square_leaves_inside_is_no_gap_at_the_border(by):
    squares = [square_at(10 * i, 10 * j) for i in range(10) for j in range(10)]
    squares[44] = shapely.transform(squares[44], lambda xy: xy + by)
    # Without two corners, the county's outermost squares are no closed ring either.
    county = COUNTY.difference(squares[0]).difference(squares[-1])
    for asked in ({}, {"whole": True}):
        assert gaps(squares[1:-1], county, **asked) == []


def test_a_missing_square_at_the_border_is_a_gap_with_its_area():
    squares = [square_at(10 * i, 10 * j) for i in range(10) for j in range(10)]
    del squares[5]
    (issue,) = issues(squares)
    assert (issue.kind, issue.rows.tolist()) == ("border_gap", [5])
    assert issue.details["code"] == ["c5"]
    assert issue.details["division_name_zh"] == "净土县"
    assert issue.details["division_name_en"] == "Jingtu"
    missing = transform_to_storage(square_at(0, 50), 4526)
    assert measure_area(issue.shapes[0]) == about(100)
    assert issue.shapes[0].symmetric_difference(missing).area < 1e-4 * missing.area


def test_wide_ground_is_no_gap_where_the_layer_need_not_cover_it():
    assert gaps([rectangle(10, 0, 100, 100)], tiling=False) == []
    assert gaps([rectangle(10, 0, 100, 100)], tiling=False, whole=True) == []


@pytest.mark.parametrize("tiling", [True, False])
def test_a_strip_of_five_centimetres_is_a_narrow_gap_in_every_layer(tiling):
    found = gaps([rectangle(0.05, 0, 100, 100)], tiling=tiling)
    assert found == [("border_gap_narrow", 1, 1, about(5))]


@pytest.mark.parametrize(("width", "count"), [(0.0005, 0), (0.09, 1), (0.11, 0)])
def test_a_strip_counts_from_a_millimetre_to_ten_centimetres(width, count):
    # Open at both ends: the rows are a partial survey at the western border.
    row = rectangle(width, 20, 10, 80)
    assert [one[0] for one in gaps([row])] == ["border_gap_narrow"] * count


def test_an_open_strip_has_the_area_between_row_and_border():
    ((kind, row, count, area),) = gaps([rectangle(0.05, 20, 10, 80)])
    # At its ends the strip reaches around the corner, 5 cm by 10 cm at most.
    assert (kind, row, count) == ("border_gap_narrow", 1, 1)
    assert area == pytest.approx(0.05 * 60, abs=0.021)


def test_a_strip_that_is_part_of_a_gap_is_told_with_it_alone():
    # 2 mm in the west, 16 cm in the north: one piece, most of its length a film.
    found = gaps([rectangle(0.002, -0.16, 100.002, 99.84)])
    whole = 0.16 * 100 + 0.002 * 99.84
    assert found == [("border_gap_narrow", 1, 1, about(whole))]


def test_strips_of_several_rows_are_told_once_a_row():
    rows = [rectangle(0.05, 10 * i, 10, 10 * i + 10) for i in range(2, 6)]
    rows.append(rectangle(10, 20, 99.95, 60))
    found = gaps(rows)
    assert [one[1] for one in found] == [1, 5]
    assert sum(one[3] for one in found) == pytest.approx(0.05 * 80, abs=0.041)


def test_a_partial_survey_inside_the_county_says_nothing_of_the_rest():
    assert gaps([square_at(40, 40), square_at(50, 40)]) == []


def test_a_partial_survey_at_the_border_says_nothing_of_the_rest():
    assert gaps([rectangle(0, 0, 60, 100)]) == []
    slanted = Polygon([(EAST, NORTH), (EAST + 60, NORTH), (EAST, NORTH + 80)])
    assert gaps([slanted]) == []


@pytest.mark.parametrize(("east", "count"), [(90, 0), (91, 1)])
def test_what_is_a_tenth_of_the_rows_at_most_is_a_gap_of_a_partial_survey(east, count):
    # 1,000 of 9,000 m² is more than a tenth, 900 of 9,100 less.
    found = gaps([rectangle(0, 0, east, 100)])
    assert found == [("border_gap", 1, 1, about((100 - east) * 100))] * count


def test_a_whole_survey_answers_for_all_the_county():
    found = gaps([square_at(40, 40)], whole=True)
    assert found == [("border_gap", 1, 1, about(9900))]


def test_an_exclave_without_a_row_is_told_of_the_file():
    county = shapely.multipolygons([COUNTY, square_at(200, 0, 10)])
    ((kind, row, count, area),) = gaps([COUNTY], county, whole=True)
    assert (kind, row, count, area) == ("border_gap", None, 1, about(100))


def test_a_hole_between_rows_is_no_gap_at_the_border():
    ring = COUNTY.difference(square_at(50, 50))
    assert gaps([ring], whole=True) == []


def test_a_file_of_another_place_says_nothing():
    assert gaps([square_at(1000, 1000)], whole=True) == []


def test_ground_beyond_the_border_is_not_a_gap_within_it():
    assert gaps([rectangle(-10, -10, 110, 110)], whole=True) == []


def test_a_corner_where_a_row_meets_the_border_is_no_strip():
    for north in (20, 50, 99):
        row = Polygon([(EAST, NORTH), (EAST + 99, NORTH), (EAST + 99, NORTH + north)])
        assert gaps([row], tiling=False) == []


def test_a_row_less_than_a_millimetre_off_the_border_closes_a_gap():
    # The corner of the row stops 0.5 mm short: the pocket beside it is still one.
    rows = [rectangle(0.0005, 0, 100, 45), rectangle(0.0005, 55, 100, 100)]
    rows.append(rectangle(10, 45, 100, 55))
    assert gaps(rows) == [("border_gap", 1, 1, about(100))]


def test_a_survey_in_degrees_is_judged_there():
    squares = [square_at(10 * i, 10 * j) for i in range(10) for j in range(10)]
    del squares[5]
    assert gaps(squares, srid=4490) == [("border_gap", 5, 1, about(100))]


def test_a_border_drawn_otherwise_gives_no_more_issues_than_rows():
    random = np.random.default_rng(7)
    y = np.linspace(0, 100, 400)
    west = [
        (EAST + x, NORTH + v)
        for x, v in zip(random.normal(0, 0.3, 400), y, strict=True)
    ]
    county = Polygon([*west, (EAST + 100, NORTH + 100), (EAST + 100, NORTH)])
    rows = [rectangle(0, 10 * i, 100, 10 * i + 10) for i in range(10)]
    found = gaps(rows, county, whole=True)
    assert {one[1] for one in found} <= set(range(1, 11)) and len(found) <= 20
    outside = county.difference(shapely.union_all(rows))
    assert sum(one[3] for one in found) == pytest.approx(outside.area, rel=0.02)


def test_a_very_large_piece_is_shown_by_a_simpler_outline():
    angle = np.linspace(0, 2 * np.pi, 60_000, endpoint=False)
    ring = 4e3 * np.column_stack((np.cos(angle), np.sin(angle)))
    county = Polygon(ring + np.array([EAST, NORTH]))
    (issue,) = issues([square_at(0, 0)], county, whole=True)
    assert shapely.get_num_coordinates(issue.shapes[0]) <= 10_000
    exact = measure_area(transform_to_storage(county, 4526)) - 100
    assert issue.details["area_m2"] == [pytest.approx(exact, rel=1e-6)]
