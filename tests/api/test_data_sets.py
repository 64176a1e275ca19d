"""The catalogue of shared data says what the service does."""

import pytest

from app.security.principals import ROLES
from parcels.register.layers import LAYERS


def catalogue(api, role, language="zh"):
    headers = {"Accept-Language": language}
    answer = api.as_(role).get("/v1/data-sets", headers=headers)
    assert answer.status_code == 200, answer.text
    return {one["name"]: one for one in answer.json()["items"]}


def test_every_layer_is_in_it_with_keeper_and_ways(api):
    found = catalogue(api, "planner")
    assert {layer.name for layer in LAYERS} < set(found)
    assert all(one["kept_by"] and one["ways"] for one in found.values())
    assert found["plot"]["title"] == "地块"
    assert [one["bureau"] for one in found["farmland_unit"]["kept_by"]] == ["AG", "EE"]
    assert "public" in [one["way"] for one in found["plot"]["ways"]]


@pytest.mark.parametrize("role", ROLES)
def test_who_may_read_by_it_is_let_in(api, role):
    for one in catalogue(api, role).values():
        if not one["address"]:
            continue
        status = api.as_(role).get(one["address"]).status_code
        may = "read" in one["own"]
        assert (status != 403) == may, (one["name"], status)


def test_a_permit_system_is_told_of_plots_in_extracts_alone(api):
    found = catalogue(api, "permit_system", "en")
    assert found["plot"]["own"] == ["summary"]
    assert found["plot_party"]["own"] == []
    assert found["decision"]["own"] == ["read", "write"]
    assert found["decision"]["title"] == "Gate decisions"


def test_who_is_not_let_to_tiles_is_left_out_of_them(api):
    ways = {
        way["way"]: way for way in catalogue(api, "permit_system")["parcel"]["ways"]
    }
    assert ways["tiles"]["not_for"] == ["permit_system"]
    assert ways["interface"]["not_for"] == []
    for role in ROLES:
        status = api.as_(role).get("/v1/tiles/parcel/14/13381/6487.mvt").status_code
        assert (status == 403) == (role in ways["tiles"]["not_for"]), role
