"""A county ends when nothing in force is left in no county."""

import itertools

import pytest

from tests.api.bodies import parcel, square

ENDING = {"on": "2026-07-01", "reason": "区划调整"}
_counties = itertools.count(999940)


def draw(api, code, west, valid_from="2020-01-01"):
    """Enter a county a tenth of a degree wide."""
    body = {
        "code": code,
        "division_code": code,
        "name_zh": f"县{code}",
        "invented": True,
        "valid_from": valid_from,
        "geometry": square(west, 31.0, 0.1),
    }
    api.create("/v1/divisions", body)


@pytest.fixture
def county(api):
    """A county of the test's own with a parcel and a school; code and western edge."""
    code = str(next(_counties))
    west = 100.0 + (int(code) - 999940) * 0.5
    draw(api, code, west)
    api.create(
        "/v1/parcels", parcel(f"{code}001001GB00001", west + 0.02, 31.02), "admin"
    )
    school = {
        "code": f"R-{code}",
        "division_code": code,
        "kind": "school",
        "valid_from": "2024-01-01",
        "geometry": {"type": "Point", "coordinates": [west + 0.05, 31.05]},
    }
    api.create("/v1/receptors", school)
    return code, west


def end(api, path, language="zh"):
    asked = api.as_("admin", **{"Accept-Language": language})
    return asked.post(f"{path}/end", ENDING)


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh", "宗地 1、敏感受体 1"), ("en", "parcel 1, receptor 1")],
)
def test_a_county_with_objects_in_force_does_not_end(api, county, language, said):
    code, _ = county
    refused = end(api, f"/v1/divisions/{code}", language)
    assert (refused.status_code, refused.json()["reason"]) == (409, "county_in_use")
    assert said in refused.json()["detail"]
    assert api.as_("admin").get(f"/v1/divisions/{code}").json()["valid_to"] is None


def test_a_county_ends_after_its_objects(api, county):
    code, _ = county
    for path in (f"parcels/{code}001001GB00001", f"receptors/R-{code}"):
        assert end(api, f"/v1/{path}").status_code == 200
    assert end(api, f"/v1/divisions/{code}").json()["valid_to"] == ENDING["on"]


def test_a_county_ends_where_another_takes_its_ground_that_day(api, county):
    code, west = county
    draw(api, str(next(_counties)), west, ENDING["on"])
    ended = end(api, f"/v1/divisions/{code}")
    assert ended.json().get("valid_to") == ENDING["on"], ended.text


def test_a_county_that_takes_half_of_the_ground_is_not_enough(api, county):
    code, west = county
    draw(api, str(next(_counties)), west + 0.05, ENDING["on"])
    assert end(api, f"/v1/divisions/{code}").status_code == 409
