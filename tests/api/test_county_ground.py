"""A county ends, or is drawn elsewhere, when nothing in force loses its ground."""

import itertools
import json

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


def redraw(api, code, west, side=0.1):
    """Draw a county elsewhere from a day on."""
    body = {
        "name_zh": f"县{code}",
        "invented": True,
        "valid_from": ENDING["on"],
        "geometry": square(west, 31.0, side),
    }
    asked = api.as_("admin", **{"Accept-Language": "en"})
    return asked.put(f"/v1/divisions/{code}", body, headers={"If-Match": "*"})


def test_a_county_is_not_drawn_away_from_its_objects(api, county):
    code, west = county
    refused = redraw(api, code, west + 0.3)
    assert (refused.status_code, refused.json()["reason"]) == (409, "county_in_use")
    assert "parcel 1, receptor 1) more than 10 km beyond" in refused.json()["detail"]
    drawn = api.as_("admin").get(f"/v1/divisions/{code}").json()["geometry"]
    assert drawn["coordinates"][0][0][0][0] == pytest.approx(west + 0.1)


def test_a_county_may_be_drawn_anew_around_and_near_its_objects(api, county):
    """0.1 degrees are some 9.5 km here."""
    code, west = county
    assert redraw(api, code, west + 0.1).status_code == 200


def test_a_county_is_drawn_away_where_another_takes_the_ground(api, county):
    code, west = county
    draw(api, str(next(_counties)), west, ENDING["on"])
    assert redraw(api, code, west + 0.3).status_code == 200


@pytest.fixture
def city(bureau, api):
    """A surveyor of a city with two counties; the western edge of the first.

    A parcel lies in the first, 2 km from its western edge.
    """
    ours = bureau(f"99{next(_cities)}")
    west = 85.0 + (int(ours.county) - 9970)
    ours.commit(divisions(ours, (1, west), (2, west + 0.1)), **AS_DIVISIONS)
    code = f"{ours.county}01001001GB00001"
    api.create("/v1/parcels", parcel(code, west + 0.02, 31.02))
    return ours, west


_cities = itertools.count(70)
AS_DIVISIONS = {
    "layer": "divisions",
    "name": "区划.geojson",
    "crs": "4490",
    "encoding": None,
}


def divisions(ours, *counties):
    """A file of a city's counties, each by number and western edge."""
    codes = [(f"{ours.county}{number:02d}", west) for number, west in counties]
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name_zh": f"县{code}", "invented": True},
            "geometry": square(west, 31.0, 0.1),
        }
        for code, west in codes
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def refusal(ours, data, **more):
    """Why a file could not be committed."""
    upload = ours.upload(data, **AS_DIVISIONS, valid_from="2026-07-01", **more)
    left = ours.order(upload, "commit", reason="已核对")
    assert left["state"] == "staged", left
    return left["refusal"]["reason"]


def test_a_file_without_a_county_in_use_does_not_end_it(city):
    ours, west = city
    without = divisions(ours, (2, west + 0.1))
    assert refusal(ours, without, update="whole") == "county_in_use"
    first = ours.api.get(f"/v1/divisions/{ours.county}01").json()
    assert first["valid_to"] is None


def test_a_file_ends_a_county_where_it_brings_another_on_its_ground(city):
    ours, west = city
    following = divisions(ours, (3, west), (2, west + 0.1))
    ours.commit(following, **AS_DIVISIONS, update="whole", valid_from="2026-07-01")
    then = ours.api.get(f"/v1/divisions/{ours.county}01?as_of=2026-06-30").json()
    assert then["valid_to"] == "2026-07-01"


def test_a_file_does_not_draw_a_county_away_from_its_objects(city):
    ours, west = city
    assert refusal(ours, divisions(ours, (1, west + 0.14))) == "county_in_use"


def test_a_file_of_a_county_in_use_is_not_taken_back(bureau, api):
    ours = bureau(f"99{next(_cities)}")
    west = 85.0 + (int(ours.county) - 9970)
    upload = ours.commit(divisions(ours, (1, west)), **AS_DIVISIONS)
    code = f"{ours.county}01001001GB00001"
    api.create("/v1/parcels", parcel(code, west + 0.02, 31.02))
    left = ours.order(upload, "revert", reason="误报")
    assert (left["state"], left["refusal"]["reason"]) == ("committed", "county_in_use")
    ending = {"on": "2024-01-01", "reason": "误报"}
    assert api.as_("admin").post(f"/v1/parcels/{code}/end", ending).status_code == 200
    assert ours.order(left, "revert", reason="误报")["state"] == "reverted"
