"""A parcel along a county's border lies in its own county alone."""

import pytest
import shapely

from screening.coverage import counties_held, counties_met
from screening.neighbourhood import County

METRE = 1 / 111_320
"""One metre along a meridian in degrees, near enough here."""
SLIVER = (1.0, 0.10)
BORDER = 34.0


def county(code: str, south: float, north: float) -> County:
    return County(code, code, code, shapely.box(113.0, south, 114.0, north), False)


SOUTH, NORTH = county("999901", 33.0, BORDER), county("999902", BORDER, 35.0)


def held(over_m: float) -> tuple[str, ...]:
    """Counties of a parcel of the south, 100 m deep, that reaches over the border."""
    north = BORDER + over_m * METRE
    parcel = shapely.box(113.5, north - 100 * METRE, 113.501, north)
    return counties_held(parcel, counties_met(parcel, (NORTH, SOUTH)), *SLIVER)


@pytest.mark.parametrize("over_m", [-50, 0, 1e-7, 0.05, 0.09])
def test_parcel_and_film_beyond_the_border_lie_in_one_county(over_m):
    assert held(over_m) == ("999901",)


def test_parcel_that_really_crosses_lies_in_both_the_larger_first():
    assert held(0.11) == ("999901", "999902")
    assert held(60) == ("999902", "999901")


def test_a_corner_under_a_square_metre_is_a_sliver():
    corner = shapely.box(113.5, BORDER - METRE, 113.5 + METRE, BORDER + 0.9 * METRE)
    met = counties_met(corner, (SOUTH, NORTH))
    assert counties_held(corner, met, *SLIVER) == ("999901",)


def test_the_only_county_counts_however_small_the_parcel():
    speck = shapely.box(113.5, 33.5, 113.5 + METRE / 10, 33.5 + METRE / 10)
    assert counties_held(speck, counties_met(speck, (SOUTH, NORTH)), *SLIVER) == (
        "999901",
    )


def test_ground_in_no_county_has_none():
    beyond = shapely.box(115.0, 33.5, 115.1, 33.6)
    met = counties_met(beyond, (SOUTH, NORTH))
    assert counties_held(beyond, met, *SLIVER) == ()
    assert counties_met(beyond, ()) == ()
