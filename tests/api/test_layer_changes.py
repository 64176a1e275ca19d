"""Another system follows the register: `/v1/{layer}/changes`."""

import pytest

from app.schemas.pages import pack_cursor
from parcels.register.layers import LAYERS, RESTRICTED_LAYERS
from tests.api.bodies import OURS, THEIRS, new_code, parcel

PATHS = [layer.path for layer in (*LAYERS, *RESTRICTED_LAYERS) if layer.path]


def end_of(api, path="parcels"):
    """The number of the last change."""
    answer = api.get(f"/v1/{path}/changes", params={"after": 0, "limit": 1000}).json()
    while answer["next"]:
        query = {"after": answer["next"], "limit": 1000}
        answer = api.get(f"/v1/{path}/changes", params=query).json()
    return answer["complete_to"]


def changes_since(api, number, path="parcels", **query):
    answer = api.get(f"/v1/{path}/changes", params={"after": number, **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_an_object_entered_is_told_with_an_address_that_answers(api):
    before, code = end_of(api), new_code()
    entered = api.create("/v1/parcels", parcel(code))
    told = changes_since(api, before)
    (item,) = told["items"]
    assert item == {
        "change": entered["change"],
        "recorded_at": entered["recorded_at"],
        "kind": "opened",
        "object_id": item["object_id"],
        "code": code,
        "division_code": OURS,
        "valid_from": "2024-01-01",
        "valid_to": None,
        "version": entered["version"],
        "source": entered["source"],
        "links": item["links"],
    }
    assert (told["next"], told["complete_to"]) == (None, entered["change"])
    assert api.get(item["links"]["object"]).json()["version"] == entered["version"]


def test_every_address_told_gives_the_version_it_tells_of(api):
    before, code = end_of(api), new_code()
    entered = api.create("/v1/parcels", parcel(code))
    end = {"on": "2025-01-01", "reason": "注销登记"}
    api.as_("admin").post(f"/v1/parcels/{code}/end", end)
    items = changes_since(api, before)["items"]
    assert [item["kind"] for item in items] == ["opened", "closed", "opened"]
    assert [item["valid_to"] for item in items] == [None, None, "2025-01-01"]
    assert items[0]["version"] == items[1]["version"] == entered["version"]
    for item in items:
        answer = api.get(item["links"]["object"]).json()
        assert answer["version"] == item["version"]


def test_a_code_with_a_slash_has_an_address(api):
    before = end_of(api, "enterprises")
    body = {
        "code": "厂/1-变更",
        "division_code": OURS,
        "name": "示例电镀厂",
        "status": "active",
        "accuracy_m": 5.0,
        "valid_from": "2024-01-01",
        "geometry": {"type": "Point", "coordinates": [114.05, 34.65]},
    }
    api.create("/v1/enterprises", body)
    (item,) = changes_since(api, before, "enterprises")["items"]
    assert api.get(item["links"]["object"]).json()["code"] == "厂/1-变更"


def test_pages_are_followed_by_next_and_then_by_complete_to(api):
    before = end_of(api)
    codes = [new_code() for _ in range(3)]
    for code in codes:
        api.create("/v1/parcels", parcel(code))
    first = changes_since(api, before, limit=2)
    assert first["complete_to"] == first["items"][-1]["change"] - 1
    second = changes_since(api, first["next"], limit=2)
    assert [i["code"] for i in first["items"] + second["items"]] == codes
    assert second["next"] is None
    assert changes_since(api, second["complete_to"])["items"] == []
    again = changes_since(api, first["complete_to"])
    assert [item["code"] for item in again["items"]] == codes[1:]


def test_without_after_the_feed_begins_at_the_first_change(api):
    told = api.get("/v1/parcels/changes", params={"limit": 1}).json()
    assert told == changes_since(api, 0, limit=1)
    assert len(told["items"]) == 1


def test_another_county_is_told_of_its_own_alone(api):
    before = end_of(api)
    api.create("/v1/parcels", parcel(new_code()))
    theirs = changes_since(api.as_("planner_other_county"), before)
    assert theirs["items"] == []
    asked = changes_since(api.as_("admin"), before, division=THEIRS)
    assert asked["items"] == []


@pytest.mark.parametrize("path", PATHS)
def test_every_layer_can_be_followed(api, path):
    answer = api.as_("admin").get(f"/v1/{path}/changes", params={"limit": 5})
    assert answer.status_code == 200
    assert answer.json().keys() == {"items", "next", "complete_to"}


def test_parties_are_told_to_those_who_may_read_them(api):
    answers = {
        role: api.as_(role).get("/v1/plot-parties/changes").status_code
        for role in ("registrar", "planner")
    }
    assert answers == {"registrar": 200, "planner": 403}
    assert api.as_(None).get("/v1/parcels/changes").status_code == 401


@pytest.mark.parametrize(
    "after",
    [
        "-1",
        "1.5",
        "abc",
        "",
        "9" * 19,
        "9" * 400,
        "１７",
        pack_cursor(1, "opened"),
        pack_cursor(1, "moved", 1),
        pack_cursor(True, "opened", 1),
        pack_cursor(2**63, "opened", 1),
        pack_cursor(1, "opened", -1),
        pack_cursor("1", "opened", 1),
        pack_cursor(OURS, new_code()),
    ],
)
def test_what_is_no_place_in_the_feed_is_refused(api, after):
    answer = api.get("/v1/parcels/changes", params={"after": after})
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert fault["parameter"] == "after"
    assert "变更号" in fault["message"]


def test_a_change_that_was_not_made_is_refused_with_the_last_one(api):
    last = end_of(api)
    assert changes_since(api, last)["items"] == []
    for after in (last + 1, pack_cursor(last + 2, "opened", 1), 10**18 - 1):
        answer = api.get(
            "/v1/parcels/changes",
            params={"after": after},
            headers={"Accept-Language": "en"},
        )
        assert answer.status_code == 422
        assert answer.json()["type"].endswith("change-not-made")
        assert f"the last change, {last}." in answer.json()["detail"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "since=3", "after=1&after=2"]
)
def test_other_parameters_that_cannot_be_used_are_refused(api, query):
    assert api.get(f"/v1/parcels/changes?{query}").status_code == 422
