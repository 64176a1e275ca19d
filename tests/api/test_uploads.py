"""A survey file over HTTP: sent, read, committed, taken back."""

import pytest

from tests.api.survey_uploads import new_county, send
from tests.survey_files import (
    parcels_zip,
    square_at,
)


def far_parcels(serial, county, count=3, north_m=5000.0):
    """A zipped shapefile of parcels that nothing else in the register touches."""
    squares = [square_at(serial * 40.0, north_m + 20.0 * i) for i in range(count)]
    rows = [
        (f"{county}001001GB{serial:03d}{i:02d}", f"地块{i}", 100.0)
        for i in range(count)
    ]
    return parcels_zip(squares, rows)


def test_a_file_goes_from_sending_to_taking_back(bureau):
    ours = bureau(new_county(16))
    sent = send(ours.api, far_parcels(1, ours.county), division=ours.county)
    assert sent.status_code == 202, sent.text
    path = sent.headers["location"]
    assert sent.json()["state"] == "received"
    ours.worker.work()
    read = ours.api.get(path).json()
    assert (read["state"], read["rows"], read["errors"]) == ("staged", 3, 0), read
    assert ours.api.post(f"{path}/commit", {}).status_code == 202
    ours.worker.work()
    done = ours.api.get(path).json()
    assert (done["state"], done["comparison"]["new"]) == ("committed", 3), done
    first = ours.api.get("/v1/parcels?limit=1").json()["items"][0]
    assert first["source"] == f"upload:{done['id']}"
    assert ours.api.post(f"{path}/revert", {"reason": "误传"}).status_code == 202
    ours.worker.work()
    assert ours.api.get(path).json()["state"] == "reverted"
    assert ours.parcels() == {}


def test_uploads_are_listed_the_latest_first(bureau):
    ours = bureau(new_county(13))
    sent = [ours.upload(far_parcels(n, ours.county))["id"] for n in (1, 2, 3)]
    listed = ours.api.get("/v1/uploads").json()["items"]
    assert [one["id"] for one in listed] == sent[::-1]


def test_pages_together_are_the_list_of_uploads(bureau):
    ours = bureau(new_county(14))
    sent = [ours.upload(far_parcels(n, ours.county))["id"] for n in (1, 2, 3)]
    found, query = [], {"limit": 1}
    while query is not None:
        page = ours.api.get("/v1/uploads", params=query).json()
        found += [one["id"] for one in page["items"]]
        query = page["next"] and {"limit": 1, "after": page["next"]}
    assert found == sent[::-1]


def test_uploads_are_filtered(bureau):
    ours = bureau(new_county(15))
    upload = ours.upload(far_parcels(1, ours.county))

    def ids(**query):
        listed = ours.api.get("/v1/uploads", params=query).json()["items"]
        return [one["id"] for one in listed]

    state = upload["state"]
    assert ids(state=state, layer="parcels", mine=True) == [upload["id"]]
    assert ids(sha256=upload["sha256"]) == [upload["id"]]
    assert ids(state="committed") == ids(layer="plots") == ids(sha256="0" * 64) == []


@pytest.mark.parametrize("query", ["after=x", "state=lost", "sha256=1", "colour=red"])
def test_a_list_that_cannot_be_asked_for_is_refused(api, query):
    assert api.get(f"/v1/uploads?{query}").status_code == 422
