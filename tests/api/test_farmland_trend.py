"""Trend of farmland over HTTP: two rounds at three points of one unit."""

import pytest

from tests.api.bodies import OURS, square
from tests.api.runs import rows as rows_of

WEST, SOUTH = 114.015, 34.615
COMMON = {"division_code": OURS, "valid_from": "2013-01-01"}


@pytest.fixture(scope="module", autouse=True)
def land(_register):
    """A paddy field whose cadmium doubled from 2013 to the campaign of 2018."""
    _register.create(
        "/v1/farmland-units",
        {
            "code": "TREND-U",
            "category": "priority_protection",
            "land_use_scheme": "gbt21010_2017",
            "land_use_code": "0101",
            "geometry": square(WEST, SOUTH, 0.002),
            **COMMON,
        },
    )
    for number in range(3):
        place = [WEST + 0.0005 * (number + 1), SOUTH + 0.001]
        point = {
            "code": f"TREND-{number}",
            "medium": "soil",
            "geometry": {"type": "Point", "coordinates": place},
            **COMMON,
        }
        _register.create("/v1/monitoring-points", point)
        for year, campaign, value in ((2013, None, 0.1), (2018, "2018详查", 0.2)):
            result = {
                "code": f"TREND-{number}-{year}",
                "point_code": f"TREND-{number}",
                "sample_code": f"S{year}",
                "campaign": campaign,
                "sampled_on": f"{year}-10-01",
                "analyte": "Cd",
                "value": value,
                "unit": "mg/kg",
                **COMMON,
            }
            _register.create("/v1/samples", result)


def run(api, runs, role, **parameters):
    return runs.done(api.as_(role), "farmland_trend", **parameters)


def rows(api, runs, role, **parameters):
    items = rows_of(api.as_(role), run(api, runs, role, **parameters))
    return [one["values"] for one in items if one["values"]["unit_code"] == "TREND-U"]


def test_cadmium_of_a_unit_doubled_between_its_rounds(api, runs):
    (row,) = rows(api, runs, "agriculture")
    assert (row["row"], row["element"], row["change_share"]) == ("rising", "Cd", 1.0)
    assert (row["from_round"], row["to_round"]) == ("2013", "2018详查")
    assert row["same_points"] and row["sources"] == 0


def test_another_county_sees_nothing_of_it(api, runs):
    assert rows(api, runs, "planner_other_county") == []


def test_rounds_asked_the_wrong_way_round_are_refused(api, runs):
    found = run(api, runs, "agriculture", from_round="2018详查", to_round="2013")
    assert found["state"] == "failed"
    assert "前一轮（2018详查）的采样晚于后一轮（2013）" in found["failure"]
