"""A survey file over HTTP: sent, read, committed, taken back."""

from tests.api.survey_uploads import send
from tests.survey_files import (
    parcels_zip,
    square_at,
)


def far_parcels(serial, count=3, north_m=5000.0):
    """A zipped shapefile of parcels that nothing else in the register touches."""
    squares = [square_at(serial * 40.0, north_m + 20.0 * i) for i in range(count)]
    rows = [
        (f"999901001001GB{serial:03d}{i:02d}", f"地块{i}", 100.0) for i in range(count)
    ]
    return parcels_zip(squares, rows)


def test_a_file_goes_from_sending_to_taking_back(api, worker):
    surveyor = api.as_("surveyor")
    sent = send(surveyor, far_parcels(1))
    assert sent.status_code == 202, sent.text
    path = sent.headers["location"]
    assert sent.json()["state"] == "received"
    worker.work()
    read = surveyor.get(path).json()
    assert (read["state"], read["rows"], read["errors"]) == ("staged", 3, 0), read
    assert surveyor.post(f"{path}/commit", {}).status_code == 202
    worker.work()
    done = surveyor.get(path).json()
    assert (done["state"], done["comparison"]["new"]) == ("committed", 3), done
    parcel = surveyor.get("/v1/parcels/999901001001GB00100")
    assert parcel.json()["source"] == f"upload:{done['id']}"
    assert surveyor.post(f"{path}/revert", {"reason": "误传"}).status_code == 202
    worker.work()
    assert surveyor.get(path).json()["state"] == "reverted"
    assert surveyor.get("/v1/parcels/999901001001GB00100").status_code == 404
