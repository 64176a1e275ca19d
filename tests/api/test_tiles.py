"""Tiles over HTTP: what they carry, when they are kept, how nonsense is refused."""

import pytest

from tests.api.bodies import new_code, parcel
from tests.integration.vector_tiles import read_tile

OURS = "/v1/tiles/parcel/12/3345/1627.mvt"
"""Tile of zoom 12 over the west of our county, where its parcels 1 to 3 lie."""


def codes(answer):
    return {row["code"] for row in read_tile(answer.content).get("parcel", [])}


def test_a_planner_gets_the_parcels_of_his_county(api):
    answer = api.get(OURS)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert "999901001001GB00001" in codes(answer)


def test_a_planner_of_the_next_county_gets_none_of_them(api):
    assert codes(api.as_("planner_other_county").get(OURS)) == set()


def test_a_tile_is_private_and_asked_for_again(api):
    assert api.get(OURS).headers["cache-control"] == "private, no-cache"


def test_an_unchanged_tile_is_not_sent_again(api):
    tag = api.get(OURS).headers["etag"]
    again = api.get(OURS, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag


def test_a_changed_layer_is_sent_again(api):
    tag = api.get(OURS).headers["etag"]
    api.create("/v1/parcels", parcel(new_code(), 114.05))
    again = api.get(OURS, headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert again.headers["etag"] != tag


def test_a_tag_is_good_for_its_own_scope_only(api):
    tag = api.get(OURS).headers["etag"]
    other = api.as_("auditor").get(OURS, headers={"If-None-Match": tag})
    assert other.status_code == 200


def test_nobody_gets_a_tile_without_a_key(api):
    assert api.as_(None).get(OURS).status_code == 401


def test_a_permit_system_gets_no_tiles(api):
    assert api.as_("permit_system").get(OURS).status_code == 403


def test_a_tile_where_nothing_lies_is_empty(api):
    answer = api.get("/v1/tiles/parcel/14/0/0.mvt")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "layer", ["Parcel", "parcels", "farmland_units", "a-b", "1st", "%27", "x" * 64]
)
def test_a_layer_that_cannot_be_is_not_found(api, layer):
    answer = api.get(f"/v1/tiles/{layer}/14/0/0.mvt")
    assert answer.status_code == 404


@pytest.mark.parametrize("layer", ["parcel", "farmland_unit"])
def test_parcels_below_zoom_12_lead_to_the_township_sums(api, layer):
    answer = api.get(f"/v1/tiles/{layer}/11/0/0.mvt", headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert "township" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "address",
    ["-1/0/0", "23/0/0", "12/4096/0", "12/0/4096", "12/-1/0", "12/0/-1", "0/1/0"],
)
def test_a_tile_outside_the_scheme_is_refused(api, address):
    assert api.get(f"/v1/tiles/plot/{address}.mvt").status_code == 422


@pytest.mark.parametrize("address", ["a/0/0", "12/0.5/0", "12/0/x", "1e1/0/0"])
def test_an_address_that_is_no_number_is_refused(api, address):
    assert api.get(f"/v1/tiles/plot/{address}.mvt").status_code == 422


def test_a_number_of_a_thousand_digits_is_refused(api):
    assert api.get(f"/v1/tiles/plot/{'9' * 1000}/0/0.mvt").status_code == 422


@pytest.mark.parametrize("last", ["4095/4095", "0/0"])
def test_the_corners_of_the_scheme_exist(api, last):
    assert api.get(f"/v1/tiles/plot/12/{last}.mvt").status_code == 200


def test_the_one_tile_of_zoom_nought_shows_the_counties(api):
    answer = api.get("/v1/tiles/division/0/0/0.mvt")
    assert answer.status_code == 200
