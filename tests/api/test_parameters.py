"""Parameters of an address: each once, unless it is a list."""

from uuid import UUID

import pytest

from tests.api.bodies import OURS, THEIRS

ENGLISH = {"Accept-Language": "en"}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/enterprises?limit=1&limit=2", "limit"),
        ("/v1/enterprises?limit=1&limit=1", "limit"),
        ("/v1/parcels?division=999901&as_of=2024-01-01&division=9999", "division"),
        ("/v1/tasks?state=open&limit=1&state=done&limit=2", "limit"),
        ("/v1/extracts?format=json&format=geojson", "format"),
    ],
)
def test_a_parameter_given_twice_is_refused(api, path, name):
    method = "POST" if "extracts" in path else "GET"
    answer = api.send(method, path, json={}, headers=ENGLISH)
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert (fault["in"], fault["parameter"]) == ("query", name)
    assert (fault["reason"], fault["message"]) == (
        "repeated",
        "is given more than once; give it once.",
    )


@pytest.mark.parametrize(
    "path",
    [
        "/v1/tasks?state=open&state=in_progress",
        f"/v1/gate/decisions?id={UUID(int=1)}&id={UUID(int=2)}",
        f"/v1/division-names?code={OURS}&code={THEIRS}",
    ],
)
def test_a_parameter_that_is_a_list_is_given_several_times(api, path):
    assert api.get(path).status_code == 200


@pytest.mark.parametrize("name", ["limit", "bbox-crs", "enterprise_code"])
def test_a_parameter_of_ogc_given_twice_is_a_bad_request(api, name):
    path = f"/ogc/collections/enterprise/items?{name}=1&{name}=2"
    answer = api.get(path)
    assert answer.status_code == 400
    (fault,) = answer.json()["errors"]
    assert (fault["parameter"], fault["reason"]) == (name, "repeated")
