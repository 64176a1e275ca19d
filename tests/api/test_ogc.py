"""OGC API Features: found, paged and read by GDAL as desktop GIS does it."""

import os
import socket
import subprocess
import sys
import threading
import time

import pytest
import uvicorn

from app.ogc_words import CRS84, EPSG_4490
from tests.api.bodies import OURS, THEIRS, new_code, parcel, parcel_code

ITEMS = "/ogc/collections/parcel/items"


def features(answer):
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geo+json"
    return answer.json()["features"]


def ids(answer):
    return [one["id"] for one in features(answer)]


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
    api.create("/v1/parcels", parcel(code, 114.4, land_use_code="0809"))
    for asked in (
        "land_use_code=0809",
        f"parcel_code={code}",
        "filter=land_use_code = '0809'",
        f"filter=(parcel_code = '{code}') AND (\"land_use_code\" = '0809')",
        "filter=S_INTERSECTS(geometry,BBOX(114.4,34.6,114.401,34.601))",
        "land_use_code=0809&datetime=2026-01-01T00:00:00Z",
    ):
        assert ids(api.get(f"{ITEMS}?{asked}")) == [code], asked
    assert ids(api.get(f"{ITEMS}?land_use_code=0809&datetime=2023-12-31")) == []


@pytest.mark.parametrize(
    "asked",
    [
        "bbox=1,2,3",
        "bbox=a,b,c,d",
        "crs=EPSG:3857",
        "datetime=2024-01-01/2024-02-01",
        "datetime=yesterday",
        "limit=0",
        "colour=red",
        "filter=land_use_code LIKE '08%'",
        "filter=(parcel_code = 'a'",
        "filter=registered_area_m2 = '1'",
        "filter=%27%3B drop table",
        "f=html",
    ],
)
def test_what_is_not_offered_is_refused(api, asked):
    answer = api.get(f"{ITEMS}?{asked}")
    assert answer.status_code == 422, answer.text


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
        api.create("/v1/parcels", parcel(new_code(), 114.6 + number * 0.002))
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
