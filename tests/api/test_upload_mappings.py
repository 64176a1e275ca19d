"""Field mappings are kept by an office and named when a file is sent."""

import pytest

from tests.api.survey_uploads import codes, new_county
from tests.survey_files import parcels_zip, square_at

BODY = {"mapping": {"code": "ZL", "legacy_code": "ZDDM"}}
PATH = "/v1/upload-mappings/parcels/旧版"


@pytest.fixture
def office(bureau):
    return bureau(new_county(11))


def test_a_kept_mapping_is_used_by_name(office):
    assert office.api.put(PATH, BODY).status_code == 200
    (code,) = codes(office.county, 7)
    data = parcels_zip([square_at(0, 0)], [("旧-7", code, 100.0)])
    office.commit(data, saved_mapping="旧版")
    assert office.parcels()[code]["legacy_code"] == "旧-7"


def test_mappings_are_listed_for_the_office_alone(office, bureau):
    office.api.put(PATH, BODY)
    listed = office.api.get("/v1/upload-mappings?layer=parcel").json()["items"]
    assert [(one["name"], one["mapping"]) for one in listed] == [
        ("旧版", BODY["mapping"])
    ]
    other = bureau(new_county(12)).api
    assert other.get("/v1/upload-mappings").json()["items"] == []
    assert other.send("DELETE", PATH).status_code == 404


def test_a_mapping_is_replaced_and_forgotten(office):
    office.api.put(PATH, BODY)
    office.api.put(PATH, {"mapping": {"code": "DKH"}})
    (kept,) = office.api.get("/v1/upload-mappings").json()["items"]
    assert kept["mapping"] == {"code": "DKH"}
    assert office.api.send("DELETE", PATH).status_code == 204
    assert office.api.send("DELETE", PATH).status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (PATH, {"mapping": {"colour": "X"}}, 422),
        (PATH, {"mapping": {}, "division": "999902"}, 403),
        ("/v1/upload-mappings/castles/a", BODY, 422),
        (f"/v1/upload-mappings/parcels/{'a' * 101}", BODY, 422),
    ],
)
def test_what_cannot_be_kept_is_refused(office, path, body, status):
    assert office.api.put(path, body).status_code == status
