"""Duplicates and overlaps: squares of 10 m, told pair by pair."""

import geopandas
import numpy as np
import pyarrow as pa
import pyproj
import pytest
import shapely

from parcels.surveys.checks.duplicates import check_duplicates
from parcels.surveys.checks.edges import find_unmatched
from parcels.surveys.checks.overlaps import check_overlaps, find_overlaps
from tests.survey_files import square_at
from tests.unit.parcels.surveys.drawn_rows import always, view_drawn


def duplicates(codes, divisions=None):
    divisions = divisions or ["999901"] * len(codes)
    rows = np.arange(1, len(codes) + 1, dtype=np.int32)
    found = check_duplicates(
        pa.chunked_array([codes], pa.string()),
        pa.chunked_array([divisions], pa.string()),
        rows,
        "ZDDM",
    )
    return [
        (int(row), first)
        for one in found
        for row, first in zip(one.rows, one.details["first_row"], strict=True)
    ]


def test_each_later_row_with_a_code_names_the_first():
    assert duplicates(["a", "b", "a", "a"]) == [(3, 1), (4, 1)]


def test_one_code_in_two_divisions_is_no_duplicate():
    assert duplicates(["a", "a"], ["999901", "999902"]) == []


def test_missing_codes_are_no_duplicates_of_each_other():
    assert duplicates([None, None]) == []


def overlaps(plane, srid=4526, periods=None):
    """Return (other row, row) → (kind, area)."""
    count = len(plane)
    rows = np.arange(1, count + 1, dtype=np.int32)
    codes = np.array([f"c{row}" for row in rows], dtype=object)
    days = np.array(periods) if periods else always(count)
    coverage = view_drawn(plane, srid)
    found = check_overlaps(coverage, find_overlaps(coverage, days), rows, codes)
    return {
        (other, int(row)): (one.kind, area)
        for one in found
        if one.kind != "overlap_many"
        for other, row, area in zip(
            one.details["other_row"], one.rows, one.details["area_m2"], strict=True
        )
    }


def grid(columns, rows, east=0.0, north=0.0, side=10.0):
    return [
        square_at(east + i * side, north + j * side, side)
        for i in range(columns)
        for j in range(rows)
    ]


def test_neighbours_that_share_an_edge_do_not_overlap():
    assert overlaps(grid(4, 4)) == {}


def test_an_overlap_of_square_centimetres_is_told_as_what_it_is():
    strip = shapely.box(0, 0, 0.002, 1)
    west, south = square_at(0, 0).bounds[:2]
    strip = shapely.transform(strip, lambda xy: xy + (west + 9.998, south))
    ((_, area),) = overlaps([square_at(0, 0), strip]).values()
    assert area == pytest.approx(0.002, rel=0.02)


def test_half_a_square_of_overlap_is_an_error_of_50_m2():
    assert overlaps([square_at(0, 0), square_at(5, 0)]) == {
        (1, 2): ("overlap", pytest.approx(50, abs=0.05))
    }


def test_one_square_metre_is_slight_and_more_is_an_error():
    below = overlaps([square_at(0, 0), square_at(9.91, 0)])
    above = overlaps([square_at(0, 0), square_at(9.89, 0)])
    assert [below[1, 2][0], above[1, 2][0]] == ["overlap_slight", "overlap"]


def test_boundaries_within_the_millimetre_are_the_same():
    assert overlaps([square_at(0, 0), square_at(9.9999, 0)]) == {}


def test_a_square_inside_another_and_one_drawn_twice_are_found():
    inside = overlaps([square_at(0, 0), square_at(3, 3, 2)])
    twice = overlaps([square_at(0, 0), square_at(0, 0)])
    assert inside == {(1, 2): ("overlap", pytest.approx(4, abs=0.01))}
    assert twice == {(1, 2): ("overlap", pytest.approx(100, abs=0.1))}


def test_a_square_in_the_hole_of_another_is_no_overlap():
    ring = shapely.difference(square_at(0, 0, 30), square_at(10, 10))
    assert overlaps([ring, square_at(10, 10)]) == {}


def test_rows_that_hold_at_different_times_may_share_ground():
    squares = [square_at(0, 0), square_at(0, 0)]
    assert overlaps(squares, periods=[(0, 10), (10, 20)]) == {}
    assert (1, 2) in overlaps(squares, periods=[(0, 11), (10, 20)])


def test_every_pair_of_two_tessellations_that_overlap_is_found():
    squares = grid(8, 8) + grid(8, 8, east=33.0, north=27.0)
    expected = {
        (i + 1, j + 1)
        for i in range(64)
        for j in range(64, 128)
        if shapely.area(shapely.intersection(squares[i], squares[j])) > 1e-3
    }
    assert set(overlaps(squares)) == expected


@pytest.mark.parametrize("seed", range(5))
def test_random_tessellations_give_the_pairs_of_a_plain_search(seed):
    rng = np.random.default_rng(seed)
    squares = []
    for _ in range(rng.integers(2, 5)):
        columns, rows = rng.integers(1, 7, 2)
        east, north = rng.integers(0, 60, 2)
        squares += grid(columns, rows, float(east), float(north))
    first, second = np.triu_indices(len(squares), 1)
    every = np.array(squares, dtype=object)
    shared = shapely.area(shapely.intersection(every[first], every[second])) > 1e-3
    expected = set(zip(first[shared] + 1, second[shared] + 1, strict=True))
    assert set(overlaps(squares)) == expected


def test_overlap_of_degrees_is_measured_in_square_metres():
    west = shapely.box(114.0, 34.75, 114.001, 34.751)
    east = shapely.box(114.0005, 34.75, 114.0015, 34.751)
    ((kind, area),) = overlaps([west, east], srid=4490).values()
    assert kind == "overlap"
    assert area == pytest.approx(45.77 * 110.94, rel=1e-3)


def test_polygons_of_a_tessellation_are_matched_except_at_its_rim():
    unmatched = find_unmatched(np.array(grid(3, 3), dtype=object))
    assert unmatched.tolist() == [0, 1, 2, 3, 5, 6, 7, 8]


def test_direction_of_rings_does_not_matter():
    squares = np.array(grid(3, 3), dtype=object)
    squares[4] = shapely.reverse(squares[4])
    assert 4 not in find_unmatched(squares)


def test_multi_part_and_hole_are_matched_by_what_fills_them():
    ring = shapely.difference(square_at(0, 0, 30), square_at(10, 10))
    frame = grid(5, 5, -10, -10)
    around = [one for one in frame if not one.within(square_at(0, 0, 30))]
    pieces = [
        shapely.segmentize(ring, 10.0),
        shapely.MultiPolygon([square_at(10, 10)]),
        *around,
    ]
    unmatched = find_unmatched(np.array(pieces, dtype=object))
    assert 0 not in unmatched
    assert 1 not in unmatched


def test_polygon_drawn_twice_is_unmatched():
    squares = np.array([*grid(3, 3), square_at(10, 10)], dtype=object)
    assert {4, 9} <= set(find_unmatched(squares).tolist())


@pytest.mark.parametrize("seed", range(3))
def test_areas_of_overlap_are_those_of_an_independent_overlay(seed):
    rng = np.random.default_rng(seed)
    squares = [square_at(*rng.uniform(0, 60, 2), rng.uniform(3, 15)) for _ in range(40)]
    frame = geopandas.GeoDataFrame({"row": range(1, 41)}, geometry=squares, crs=4526)
    both = geopandas.overlay(frame, frame, how="intersection")
    both = both[both["row_1"] < both["row_2"]]
    area = both.to_crs(4490).geometry.map(
        pyproj.Geod(ellps="GRS80").geometry_area_perimeter
    )
    expected = {
        (first, second): abs(size)
        for first, second, (size, _) in zip(
            both["row_1"], both["row_2"], area, strict=True
        )
        if abs(size) > 0.02
    }
    found = {key: size for key, (_, size) in overlaps(squares).items() if size > 0.02}
    assert found == pytest.approx(expected, abs=0.01)


def test_edges_are_paired_the_same_in_whatever_block_they_come_to_lie():
    # More edges than are looked at in one go; some of them three times.
    squares = grid(80, 80)
    thrice = [*squares, squares[17], squares[4000], squares[6399]]
    alone = set(find_unmatched(np.array(squares, dtype=object)).tolist())
    rim = {i for i in range(6400) if i // 80 in (0, 79) or i % 80 in (0, 79)}
    assert alone == rim
    beside = {18, 16, 97, 3999, 4001, 3920, 4080, 6398, 6319}
    found = set(find_unmatched(np.array(thrice, dtype=object)).tolist())
    assert found == rim | {17, 4000, 6399, 6400, 6401, 6402} | beside
