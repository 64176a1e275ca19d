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


@pytest.mark.parametrize(
    ("path", "first", "second", "said"),
    [
        (
            "/v1/gate/decisions?recorded_from=2026-03-02&recorded_to=2026-03-01",
            "recorded_from",
            "recorded_to",
            "must not be before recorded_from (2026-03-02); correct one of them.",
        ),
        (
            "/v1/ledger/consistency?earlier=2&later=1",
            "earlier",
            "later",
            "must not be less than earlier (2); correct one of them.",
        ),
    ],
)
def test_an_end_before_its_beginning_is_refused(api, path, first, second, said):
    answer = api.send("GET", path, headers=ENGLISH)
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert (fault["parameter"], fault["reason"]) == (second, "order_reversed")
    assert fault["message"] == said and first in said
    chinese = api.send("GET", path, headers={"Accept-Language": "zh"}).json()
    assert f"{first}（" in chinese["errors"][0]["message"]


@pytest.mark.parametrize(
    "days",
    [
        "recorded_from=2026-03-01&recorded_to=2026-03-01",
        "recorded_from=2026-03-02",
        "recorded_to=2026-03-01",
    ],
)
def test_one_day_and_an_open_end_are_periods(api, days):
    assert api.get(f"/v1/gate/decisions?{days}").status_code == 200


def test_an_interval_of_ogc_that_ends_before_it_begins_is_told_so(api):
    path = "/ogc/collections/enterprise/items?datetime=2026-03-02/2026-03-01"
    answer = api.send("GET", path, headers=ENGLISH)
    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["parameter"]) == (400, "datetime")
    assert fault["message"] == "ends before it begins; give the earlier end first."


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/v1/plots?stage=listed", "rcr_listed"),
        ("/v1/receptors?kind=castle", "school"),
        ("/v1/enterprises?status=busy", "active"),
        ("/v1/samples?medium=fire", "soil"),
        ("/v1/parcels?land_use_scheme=gb", "gbt21010_2017"),
        ("/v1/plot-lists/rcr?stage=listed", "rcr_listed"),
        ("/v1/tasks?kind=tea", "consultation"),
        ("/v1/tasks/late?kind=tea", "consultation"),
        ("/v1/screening/runs?kind=tea", "receptors"),
        ("/v1/gate/decisions?transaction=gift", "grant"),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_not_found_empty(api, path, value):
    """An empty list reads as nothing there."""
    answer = api.as_("admin").send("GET", path, headers=ENGLISH)
    assert answer.status_code == 422, answer.text
    (fault,) = answer.json()["errors"]
    name = path.partition("?")[2].partition("=")[0]
    assert (fault["in"], fault["parameter"]) == ("query", name)
    assert fault["message"].startswith("must be one of '")
    assert f"'{value}'" in fault["message"]
