"""Ground that one county alone reaches is judged as if it had been cut by county."""

from datetime import date

import pytest
import shapely

from screening.coverage import Grounds, judge_coverage
from screening.neighbourhood import County, Coverage, Subject

METRE = 1 / 111_320
"""One metre along a meridian in degrees, near enough here."""
BORDER = 34.0
DAY = date(2026, 3, 1)
FARTHEST_M = 1000.0


def county(code, south, north):
    return County(code, code, code, shapely.box(113.0, south, 114.0, north), False)


SOUTH, NORTH = county("999901", 33.0, BORDER), county("999902", BORDER, 35.0)
OVER = county("999903", BORDER - 300 * METRE, 34.5)
"""A neighbour that was drawn 300 m into the southern county."""
PART = shapely.box(113.0, 33.0, 113.5005, 35.0)


def statements(*codes):
    return [
        Coverage("plot", code, date(2026, 1, 1), None, part)
        for code in codes
        for part in (None, PART)
        if code == "999901" or part is None
    ]


def grounds_of(below_m, counties):
    """A parcel of 100 m, its northern edge so far below the border."""
    north = BORDER - below_m * METRE
    parcel = shapely.MultiPolygon(
        [shapely.box(113.5, north - 100 * METRE, 113.501, north)]
    )
    subject = Subject(parcel, 9_000.0, ("999901",))
    return Grounds(subject, counties, FARTHEST_M, 1.0, 0.10)


@pytest.mark.parametrize("counties", [(SOUTH, NORTH), (NORTH, SOUTH, OVER), (SOUTH,)])
@pytest.mark.parametrize(
    ("kind", "search_m"), [("area", 0.5), ("area", 100.0), ("proximity", 1000.0)]
)
@pytest.mark.parametrize("said", [("999901", "999902"), ("999902",), ("999903",)])
@pytest.mark.parametrize(
    "below_m", [5_000, 1_100, 900, 310, 250, 150, 99, 101, 1, 0.4, 0.05, 0, -40]
)
def test_states_are_those_of_the_cut(
    below_m, said, kind, search_m, counties, monkeypatch
):
    def judge():
        grounds = grounds_of(below_m, counties)
        return judge_coverage(grounds, kind, search_m, statements(*said), DAY)

    found = judge()
    monkeypatch.setattr(Grounds, "alone_within", lambda grounds, search_m: None)
    assert found == judge()


@pytest.mark.parametrize(
    ("below_m", "alone"), [(400, True), (250, False), (-40, False)]
)
def test_one_county_is_alone_only_where_no_other_reaches(below_m, alone):
    found = grounds_of(below_m, (SOUTH, NORTH, OVER)).alone_within(0.5)
    assert (found is not None) == alone
