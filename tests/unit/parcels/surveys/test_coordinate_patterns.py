"""Each line of the table of coordinates, and what most rows of a file look like."""

import numpy as np
import pytest

from parcels.crs import get_crs
from parcels.surveys.coordinate_patterns import Pattern, fits, look_at


def seen(*points):
    """Return what rows at those points look like."""
    return look_at(np.array([[x, y, x, y] for x, y in points], dtype=float))


@pytest.mark.parametrize(
    ("point", "pattern"),
    [
        ((113.62, 34.75), Pattern("degrees")),
        ((73.0, 3.0), Pattern("degrees")),
        ((136.0, 54.0), Pattern("degrees")),
        ((34.75, 113.62), Pattern("degrees", swapped=True)),
        ((38_465_205.0, 3_846_924.0), Pattern("zone_3", 38)),
        ((25_340_000.0, 1_900_000.0), Pattern("zone_3", 25)),
        ((45_660_000.0, 6_000_000.0), Pattern("zone_3", 45)),
        ((19_730_000.0, 3_850_000.0), Pattern("zone_6", 19)),
        ((13_500_000.0, 4_400_000.0), Pattern("zone_6", 13)),
        ((3_846_924.0, 38_465_205.0), Pattern("zone_3", 38, swapped=True)),
        ((3_846_924.0, 19_730_000.0), Pattern("zone_6", 19, swapped=True)),
        ((465_205.0, 3_846_924.0), Pattern("no_prefix")),
        ((3_846_924.0, 465_205.0), Pattern("no_prefix", swapped=True)),
        ((12_648_000.0, 4_130_000.0), Pattern("web_mercator")),
        ((-248.7, 625.6), Pattern("small")),
        ((4_846.924, 9_465.205), Pattern("small")),
        ((0.0, 0.0), Pattern("other")),
        ((2.35, 48.89), Pattern("other")),
        ((24_500_000.0, 3_800_000.0), Pattern("other")),
        ((38_900_000.0, 3_800_000.0), Pattern("other")),
        ((650_000.0, 6_860_000.0), Pattern("other")),
    ],
)
def test_coordinate_looks_like_its_line_of_the_table(point, pattern):
    assert seen(point).pattern == pattern


def test_most_rows_decide_and_the_others_are_counted():
    rows = [(38_465_205.0, 3_846_924.0)] * 3 + [(465_205.0, 3_846_924.0)]
    found = seen(*rows)
    assert found.pattern == Pattern("zone_3", 38)
    assert (found.share, found.rows, len(found.points)) == (0.75, 4, 3)
    assert found.bounds == (38_465_205.0, 3_846_924.0, 38_465_205.0, 3_846_924.0)


@pytest.mark.parametrize(
    ("box", "pattern"),
    [
        ((385.0, 3_846_924.0, 38_465_205.0, 3_846_930.0), Pattern("zone_3", 38)),
        ((465_205.0, 3_846_924.0, 38_465_205.0, 3_846_930.0), Pattern("zone_3", 38)),
        ((113.6, 34.7, 900_000.0, 34.8), Pattern("degrees")),
        ((0.0, 0.0, 38_900_000.0, 7_600_000.0), Pattern("other")),
    ],
    ids=["low vertex wild", "two systems", "high vertex wild", "both wild"],
)
def test_row_with_a_wild_vertex_looks_like_its_good_corner(box, pattern):
    found = look_at(np.array([box]))
    assert found.pattern == pattern
    assert pattern.kind == "other" or seen(*found.points).pattern == pattern


def test_rows_without_finite_coordinates_say_nothing():
    assert seen((np.nan, 1.0), (np.inf, 1.0)) is None
    assert seen((np.nan, 1.0), (113.0, 34.0)).rows == 1


@pytest.mark.parametrize(
    ("srid", "pattern"),
    [
        (4490, Pattern("degrees")),
        (4526, Pattern("zone_3", 38)),
        (4547, Pattern("no_prefix")),
        (4497, Pattern("zone_6", 19)),
    ],
)
def test_system_takes_its_own_pattern_and_no_other(srid, pattern):
    crs = get_crs(srid)
    assert fits(crs, pattern)
    assert not fits(crs, Pattern(pattern.kind, pattern.zone, swapped=True))
    others = {4490, 4526, 4547, 4497, 4527} - {srid}
    assert not any(fits(get_crs(other), pattern) for other in others)
