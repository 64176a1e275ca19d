"""Parcels by code, old code, point and geometry."""

import pytest

from app.database import Database
from app.security.authentication import Authenticator
from parcels.register.history import (
    insert_version,
    next_object_id,
    number_change,
    open_change,
)
from parcels.register.layers import PARCEL_LINEAGE
from tests.api.bodies import OURS, THEIRS, new_code, parcel, parcel_code, square


@pytest.fixture
def split(api, api_urls):
    """A parcel that was split in two on 2025-07-01: old code, new codes."""
    old, east, west = new_code(), new_code(), new_code()
    api.create("/v1/parcels", parcel(old), "planner")
    ending = {"on": "2025-07-01", "reason": "分割"}
    assert api.post(f"/v1/parcels/{old}/end", ending).status_code == 200
    for code in (east, west):
        api.create("/v1/parcels", parcel(code, valid_from="2025-07-01"), "planner")
    database = Database(api_urls.service)
    surveyor = Authenticator(database).find("key", api.keys["surveyor"])
    with database.transaction(surveyor) as connection:
        change = open_change(connection, actor="test", division_code=OURS)
        for new in (east, west):
            insert_version(
                connection,
                change,
                PARCEL_LINEAGE,
                {
                    "object_id": next_object_id(connection),
                    "code": f"{old}-{new}",
                    "division_code": OURS,
                    "valid_from": "2025-07-01",
                    "predecessor_code": old,
                    "successor_code": new,
                    "kind": "split",
                },
            )
        number_change(connection, change)
    database.close()
    return old, sorted((east, west))


def test_a_split_parcel_answers_with_its_successors(api, split):
    old, successors = split
    answer = api.get(f"/v1/parcels/{old}")
    assert answer.status_code == 410
    assert answer.json()["successors"] == successors


def test_a_split_parcel_still_answers_for_the_day_before(api, split):
    old, _ = split
    assert api.get(f"/v1/parcels/{old}?as_of=2025-06-30").status_code == 200
    assert api.get(f"/v1/parcels/{old}?as_of=2025-07-01").status_code == 410


def test_an_extract_of_a_split_parcel_names_its_successors(api, split):
    old, successors = split
    answer = api.get(f"/v1/parcels/{old}/extract")
    assert (answer.status_code, answer.json()["successors"]) == (410, successors)


def test_the_gate_decides_nothing_on_a_split_parcel(api, split):
    old, successors = split
    body = {"transaction": "transfer", "subject": {"parcel_code": old}}
    answer = api.post("/v1/gate/decisions", body)
    assert (answer.status_code, answer.json()["successors"]) == (422, successors)


def test_an_old_code_is_looked_up_as_the_parcels_of_today(api, split):
    old, successors = split
    found = api.post("/v1/parcels/lookup", {"code": old}).json()["items"]
    assert [p["parcel_code"] for p in found] == successors


@pytest.mark.parametrize(
    "text",
    [
        "999901001001GB00001",
        "999901 001001 gb00001",
        "９９９９０１００１００１ＧＢ００００１",
        "999901001001GB00001W00000000",
    ],
)
def test_a_code_is_found_however_it_is_written(api, text):
    found = api.post("/v1/parcels/lookup", {"code": text}).json()["items"]
    assert [p["parcel_code"] for p in found] == ["999901001001GB00001"]


def test_a_place_finds_the_parcels_there(api):
    for question in (
        {"point": [114.0105, 34.6005]},
        {"geometry": square(114.0105, 34.6005, 0.0001)},
        {"geometry": {"type": "Point", "coordinates": [114.0105, 34.6005]}},
        {"point": {"type": "Point", "coordinates": [114.0105, 34.6005]}},
    ):
        found = api.post("/v1/parcels/lookup", question).json()["items"]
        assert [p["parcel_code"] for p in found] == ["999901001001GB00001"]


@pytest.mark.parametrize("point", [{"type": "LineString"}, [114.0], ["a", 34], {}, 7])
def test_what_is_no_point_is_named(api, point):
    answer = api.post("/v1/parcels/lookup", {"point": point})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("/point")


def test_a_parcel_tells_its_use_as_one_text_too(api):
    found = api.get(f"/v1/parcels/{parcel_code(1)}").json()
    use = f"{found['land_use_scheme']}:{found['land_use_code']}"
    assert found["land_use"] == use
    (feature,) = api.get("/v1/parcels?format=geojson&limit=1").json()["features"]
    assert ":" in feature["properties"]["land_use"]


def test_a_place_in_another_division_finds_nothing(api):
    answer = api.post("/v1/parcels/lookup", {"point": [114.1105, 34.6005]})
    assert answer.json() == {"items": [], "next": None}


def test_a_code_of_another_division_finds_nothing(api):
    answer = api.post("/v1/parcels/lookup", {"code": parcel_code(1, THEIRS)})
    assert answer.json() == {"items": [], "next": None}


@pytest.mark.parametrize("body", [{}, {"code": "x", "point": [114, 34]}])
def test_a_look_up_asks_one_thing(api, body):
    answer = api.post("/v1/parcels/lookup", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["reason"] == "one_of"
