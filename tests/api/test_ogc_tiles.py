"""OGC API Tiles: tilesets of collections, after the standard's abstract tests."""

import math

import pytest

from tests.api.bodies import new_code, parcel

REL = "http://www.opengis.net/def/rel/ogc/1.0"
TILES = "/ogc/collections/parcel/tiles"
TILESET = f"{TILES}/WebMercatorQuad"


def link(document, rel):
    (found,) = [one for one in document["links"] if one["rel"] == rel]
    return found


def followed(api, document, rel):
    """The document a link leads to, by the path of its address."""
    answer = api.get("/" + link(document, rel)["href"].split("/", 3)[3])
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_collection_leads_to_its_tiles(api):
    collection = api.get("/ogc/collections/parcel").json()
    (listed,) = followed(api, collection, f"{REL}/tilesets-vector")["tilesets"]
    # 17-083r4, tileSet: dataType, crs and links are required.
    assert {"dataType", "crs", "links", "tileMatrixSetURI"} <= set(listed)
    whole = followed(api, listed, "self")
    assert whole["dataType"] == "vector"
    assert followed(api, whole, f"{REL}/tiling-scheme")["id"] == "WebMercatorQuad"


def test_the_template_leads_to_a_tile(api):
    code = new_code()
    api.create("/v1/parcels", parcel(code, 114.085))
    template = link(api.get(TILESET).json(), "item")
    assert template["templated"] is True
    assert template["type"] == "application/vnd.mapbox-vector-tile"
    x = int((114.0851 + 180) / 360 * 2**16)
    y = int((1 - math.asinh(math.tan(math.radians(34.6001))) / math.pi) / 2 * 2**16)
    path = "/" + template["href"].split("/", 3)[3]
    for name, value in (("tileMatrix", 16), ("tileRow", y), ("tileCol", x)):
        path = path.replace(f"{{{name}}}", str(value))
    answer = api.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == template["type"]
    assert code.encode() in answer.content
    again = api.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_the_definition_is_the_registered_one(api):
    found = api.get("/ogc/tileMatrixSets/WebMercatorQuad").json()
    # 17-083r4, annex D.1: scale of matrix 0, and 2 to the power of 18 tiles a side.
    top, eighteen = found["tileMatrices"][0], found["tileMatrices"][18]
    assert top["scaleDenominator"] == pytest.approx(559082264.028717, rel=1e-12)
    assert top["cellSize"] == pytest.approx(156543.033928041, rel=1e-12)
    assert top["pointOfOrigin"] == pytest.approx([-20037508.342789, 20037508.342789])
    assert eighteen["matrixWidth"] == 262144
    for one in found["tileMatrices"]:
        assert {"id", "scaleDenominator", "cellSize", "pointOfOrigin"} <= set(one)
        assert {"tileWidth", "tileHeight", "matrixWidth", "matrixHeight"} <= set(one)
    (listed,) = api.get("/ogc/tileMatrixSets").json()["tileMatrixSets"]
    assert listed["uri"] == found["uri"] == api.get(TILESET).json()["tileMatrixSetURI"]


def test_limits_say_where_there_are_tiles(api):
    for name in ("parcel", "plot"):
        path = f"/ogc/collections/{name}/tiles/WebMercatorQuad"
        limits = api.get(path).json()["tileMatrixSetLimits"]
        lowest = int(limits[0]["tileMatrix"])
        assert api.get(f"{path}/{lowest}/0/0").status_code == 200
        assert api.get(f"{path}/{lowest - 1}/0/0").status_code in (400, 404)
        last = limits[0]["maxTileRow"]
        assert api.get(f"{path}/{lowest}/{last}/{last}").status_code == 200
        assert api.get(f"{path}/{lowest}/0/{last + 1}").status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{TILES}/WorldCRS84Quad", 404),
        (f"{TILES}/WorldCRS84Quad/14/0/0", 404),
        ("/ogc/tileMatrixSets/nonsense", 404),
        ("/ogc/collections/sample_result/tiles", 404),
        (f"{TILESET}/23/0/0", 404),
        (f"{TILESET}/fourteen/0/0", 400),
        (f"{TILESET}?colour=red", 400),
        (f"{TILESET}/14/0/0?colour=red", 400),
    ],
)
def test_what_is_not_there_is_told(api, path, status):
    answer = api.get(path)
    assert answer.status_code == status, answer.text


def test_who_draws_no_tiles_is_not_led_to_them(api):
    permits = api.as_("permit_system")
    links = permits.get("/ogc/collections/parcel").json()["links"]
    assert not any("tilesets" in one["rel"] for one in links)
    assert permits.get(TILES).status_code == 403
