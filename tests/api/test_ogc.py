"""OGC API Features: found, paged and read by GDAL as desktop GIS does it."""

import os
import socket
import subprocess
import sys
import threading
import time

import pytest
import uvicorn

from app.ogc.words import CRS84, EPSG_4490
from tests.api.bodies import OURS, THEIRS, new_code, parcel, parcel_code

ITEMS = "/ogc/collections/parcel/items"


def features(answer):
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geo+json"
    return answer.json()["features"]


def ids(answer):
    """The codes of features, of which the ids are made."""
    for one in features(answer):
        own = one["properties"]
        code = own.get("parcel_code") or own["code"]
        assert one["id"] == f"{own['division_code']}:{code}"
    return [one["id"].partition(":")[2] for one in features(answer)]


def link(answer, rel):
    found = [one["href"] for one in answer.json()["links"] if one["rel"] == rel]
    return found[0] if found else None


def test_landing_page_leads_to_every_collection_one_may_read(api):
    landing = api.get("/ogc")
    assert "ogcapi-features-1" in str(api.get("/ogc/conformance").json())
    assert link(landing, "data").endswith("/ogc/collections")
    found = {one["id"] for one in api.get("/ogc/collections").json()["collections"]}
    assert {"parcel", "plot", "water_zone", "river"} <= found
    assert "sample_result" not in found
    permits = api.as_("permit_system").get("/ogc/collections").json()["collections"]
    assert {one["id"] for one in permits} == {"division", "parcel"}
    assert (
        api.as_("permit_system").get("/ogc/collections/plot/items").status_code == 403
    )


def test_pages_hold_every_object_once(api):
    expected = {one["parcel_code"] for one in api.get("/v1/parcels").json()["items"]}
    found, address = [], f"{ITEMS}?limit=2"
    while address:
        answer = api.get(address)
        found += ids(answer)
        address = link(answer, "next")
    assert len(found) == len(set(found)) and set(found) == expected


def test_only_the_askers_divisions_are_there(api):
    assert {code[:6] for code in ids(api.get(ITEMS))} == {OURS}
    other = api.as_("planner_other_county")
    assert {code[:6] for code in ids(other.get(ITEMS))} == {THEIRS}
    assert api.get(f"{ITEMS}/{parcel_code(1, THEIRS)}").status_code == 404


def test_axes_follow_the_system_asked_for(api):
    code = parcel_code(1)
    plain = api.get(f"{ITEMS}/{code}")
    assert plain.headers["content-crs"] == f"<{CRS84}>"
    assert plain.json()["geometry"]["coordinates"][0][0][0][0] > 100
    turned = api.get(f"{ITEMS}/{code}?crs={EPSG_4490}")
    assert turned.headers["content-crs"] == f"<{EPSG_4490}>"
    assert turned.json()["geometry"]["coordinates"][0][0][0][0] < 40
    box = ids(api.get(f"{ITEMS}?bbox=114.0101,34.6001,114.0105,34.6005"))
    other = f"{ITEMS}?bbox=34.6001,114.0101,34.6005,114.0105&bbox-crs={EPSG_4490}"
    assert code in box and ids(api.get(other)) == box


def test_equality_day_and_filter(api):
    code = new_code()
    api.create("/v1/parcels", parcel(code, 114.075, land_use_code="0809"))
    for asked in (
        "land_use_code=0809",
        f"parcel_code={code}",
        "filter=land_use_code = '0809'",
        f"filter=(parcel_code = '{code}') AND (\"land_use_code\" = '0809')",
        "filter=S_INTERSECTS(geometry,BBOX(114.075,34.6,114.076,34.601))",
        "land_use_code=0809&datetime=2026-01-01T00:00:00Z",
    ):
        assert ids(api.get(f"{ITEMS}?{asked}")) == [code], asked
    assert ids(api.get(f"{ITEMS}?land_use_code=0809&datetime=2023-12-31")) == []


def test_values_of_a_coded_property_are_told_and_can_be_asked_for(api):
    told = api.get("/ogc/collections/parcel/queryables").json()["properties"]
    assert "enum" not in told["parcel_code"]
    everything = [
        one["properties"]["parcel_code"]
        for one in features(api.get(f"{ITEMS}?limit=1000"))
        if one["properties"].get("land_use_scheme")
    ]
    found = [
        code
        for scheme in told["land_use_scheme"]["enum"]
        for code in ids(api.get(f"{ITEMS}?limit=1000&land_use_scheme={scheme}"))
    ]
    assert everything and sorted(found) == sorted(everything)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("bbox", "1,2,3"),
        ("bbox", "a,b,c,d"),
        ("bbox", "114,35,115,34"),
        ("bbox", "nan,34,115,35"),
        ("bbox-crs", "EPSG:3857"),
        ("crs", "EPSG:3857"),
        ("datetime", "2024-02-01/2024-01-01"),
        ("datetime", "2024-01-01/2024-02-01/2024-03-01"),
        ("datetime", "yesterday"),
        ("datetime", "9999-12-31T23:00:00Z"),
        ("datetime", ".."),
        ("limit", "0"),
        ("limit", "many"),
        ("after", "nonsense"),
        ("colour", "red"),
        ("filter", "land_use_code LIKE '08%'"),
        ("filter", "(parcel_code = 'a'"),
        ("filter", "registered_area_m2 = '1'"),
        ("filter", "'; drop table"),
        ("filter", "land_use_scheme = 'gbt'"),
        ("land_use_scheme", "gbt"),
        ("filter-lang", "cql-json"),
        ("f", "html"),
    ],
)
def test_what_is_not_offered_is_a_400_that_names_it(api, parameter, value):
    for language, script in (("zh", range(0x4E00, 0x9FFF)), ("en", range(0x61, 0x7A))):
        reader = api.as_("planner", **{"Accept-Language": language})
        answer = reader.get(ITEMS, params={parameter: value})
        assert answer.status_code == 400, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        (fault,) = answer.json()["errors"]
        assert (fault["in"], fault["parameter"]) == ("query", parameter)
        assert fault["found"].strip('"') in value or value in fault["found"]
        assert any(ord(letter) in script for letter in fault["message"])


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/conformance",
        "/collections",
        "/collections/parcel",
        "/collections/parcel/queryables",
        f"/collections/parcel/items/{parcel_code(1)}",
        "/tileMatrixSets",
        "/tileMatrixSets/WebMercatorQuad",
        "/collections/parcel/tiles",
    ],
)
def test_no_document_takes_an_unknown_parameter(api, path):
    assert api.get(f"/ogc{path}?f=json").status_code == 200
    for asked in ("colour=red", "f=html"):
        answer = api.get(f"/ogc{path}?{asked}")
        assert answer.status_code == 400, answer.text
        assert answer.json()["errors"][0]["parameter"] == asked.split("=")[0]


def test_a_code_that_cannot_be_is_not_there(api):
    assert api.get(f"{ITEMS}/nonsense").status_code == 404


def test_a_limit_beyond_the_most_is_the_most(api):
    assert len(features(api.get(f"{ITEMS}?limit=1000000"))) >= 3


def test_an_interval_takes_the_last_version_of_each(api):
    code = new_code()
    made = api.create("/v1/parcels", parcel(code, 114.078, valid_from="2024-01-01"))
    body = {**parcel(code, 114.078, land_use_code="0602"), "valid_from": "2025-01-01"}
    tag = api.as_("admin").get(f"/v1/parcels/{code}").headers["etag"]
    changed = api.as_("admin").put(
        f"/v1/parcels/{code}", body, headers={"If-Match": tag}
    )
    assert made and changed.status_code == 200, changed.text
    before = made["land_use_code"]
    for days, uses in (
        ("2023-01-01/2023-12-31", []),
        ("2023-01-01/2024-01-01", [before]),
        ("../2024-12-31", [before]),
        ("2024-06-01/2025-01-01", ["0602"]),
        ("2024-06-01/..", ["0602"]),
        ("/2024-06-01", [before]),
        ("2024-12-31", [before]),
        # Eight hours ahead of Greenwich it is the next day.
        ("2024-12-31T17:00:00Z", ["0602"]),
    ):
        asked = {"parcel_code": code, "datetime": days}
        found = features(api.get(ITEMS, params=asked))
        assert [one["properties"]["land_use_code"] for one in found] == uses, days


def test_matches_are_counted_on_the_first_page(api, monkeypatch):
    whole = api.get(f"{ITEMS}?limit=1000").json()
    assert whole["numberMatched"] == whole["numberReturned"] > 3
    first = api.get(f"{ITEMS}?limit=2")
    assert first.json()["numberMatched"] == whole["numberMatched"]
    assert first.json()["numberReturned"] == 2
    assert "numberMatched" not in api.get(link(first, "next")).json()
    monkeypatch.setattr("app.routes.ogc_features.MOST_COUNTED", 2)
    assert "numberMatched" not in api.get(f"{ITEMS}?limit=2").json()


def test_a_box_may_cross_the_date_line(api):
    code = parcel_code(1)
    assert code in ids(api.get(f"{ITEMS}?bbox=114.01,34,-170,35&limit=1000"))
    assert code in ids(api.get(f"{ITEMS}?bbox=120,34,114.02,35&limit=1000"))
    assert code not in ids(api.get(f"{ITEMS}?bbox=120,34,-170,35&limit=1000"))


def test_documents_have_what_their_schemas_require(api):
    for document in (api.get("/ogc"), api.get("/ogc/collections"), api.get(ITEMS)):
        for one in document.json()["links"]:
            assert one["href"].startswith("http") and one["rel"]
    landing = {one["rel"] for one in api.get("/ogc").json()["links"]}
    assert {"service-desc", "conformance", "data"} <= landing
    for one in api.get("/ogc/collections").json()["collections"]:
        assert one["id"] and {"items", "self"} <= {x["rel"] for x in one["links"]}
        assert one["storageCrs"] in one["crs"]
    found = api.get(ITEMS).json()
    assert found["type"] == "FeatureCollection" and isinstance(found["features"], list)


@pytest.fixture
def address(api):
    """The application behind a port of this machine."""
    listener = socket.create_server(("127.0.0.1", 0))
    # The lifespan is the test client's: its services stand already.
    config = uvicorn.Config(api.client.app, lifespan="off", log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
    listener.close()


GDAL = """
import sys, pyogrio
source = sys.argv[1]
assert "parcel" in {name for name, _ in pyogrio.list_layers(source)}
meta, _, _, columns = pyogrio.raw.read(source, layer="parcel", PAGE_SIZE="5")
print(*dict(zip(meta["fields"], columns))["parcel_code"])
"""


def test_gdal_reads_a_collection_over_many_pages(api, address, tmp_path):
    for number in range(14):
        api.create("/v1/parcels", parcel(new_code(), 114.06 + number * 0.002, 34.612))
    listed = api.get("/v1/parcels?limit=1000").json()["items"]
    headers = tmp_path / "headers"
    headers.write_text(f"Authorization: Bearer {api.keys['planner']}\n")
    # A process of its own: GDAL holds the interpreter while it waits for an answer.
    end = subprocess.run(
        [sys.executable, "-c", GDAL, f"OAPIF:{address}/ogc"],
        env={**os.environ, "GDAL_HTTP_HEADER_FILE": str(headers)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert end.returncode == 0, end.stderr
    found = end.stdout.split()
    assert len(found) == len(set(found)) > 14
    assert set(found) == {one["parcel_code"] for one in listed}
