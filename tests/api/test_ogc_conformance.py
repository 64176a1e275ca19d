"""Do the answers of `/ogc` have the form that the standards ask for?

Restated from OGC API Features Part 1 (OGC 17-069r4, its schemas `landingPage`,
`confClasses`, `collections`, `collection`, `link`, `featureCollectionGeoJSON`,
`featureGeoJSON` and abstract tests A.2.2 to A.2.8) and Part 2 (OGC 18-058r1). A form is
a type, a set of allowed values, a list of one form, or a table of members of which
those with ``?`` may be missing.
"""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
import shapely
from shapely.geometry import shape

from app.ogc.documents import COLLECTIONS
from app.ogc.words import CRS84, CRS_LIST, EPSG_4490
from tests.api.bodies import OURS, THEIRS, new_code, parcel
from tests.api.test_layers import sample

URI = re.compile(r"https?://\S+")
LINK = {"href": URI, "rel": str, "type": str, "hreflang?": str, "title?": str}
COLLECTION = {
    "id": str,
    "title?": str,
    "description?": str,
    "links": [LINK],
    "itemType?": {"feature"},
    "crs": [set(CRS_LIST)],
    "storageCrs?": set(CRS_LIST),
    "extent?": {"spatial": {"bbox": [[float]], "crs": {CRS84}}},
}
POSITION = [float]
COORDINATES = {
    "Point": POSITION,
    "MultiPoint": [POSITION],
    "LineString": [POSITION],
    "MultiLineString": [[POSITION]],
    "Polygon": [[POSITION]],
    "MultiPolygon": [[[POSITION]]],
}
FEATURE = {
    "type": {"Feature"},
    "id": str,
    "geometry": (None, {"type": set(COORDINATES), "coordinates": list}),
    "properties": dict,
    "links?": [LINK],
}
FORMS = {
    "landing page": {"title?": str, "description?": str, "links": [LINK]},
    "conformance": {"conformsTo": [URI]},
    "collections": {"links": [LINK], "collections": [COLLECTION], "crs?": [str]},
    "collection": COLLECTION,
    "features": {
        "type": {"FeatureCollection"},
        "features": [FEATURE],
        "links": [LINK],
        "timeStamp": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
        "numberMatched?": int,
        "numberReturned": int,
    },
    "feature": {**FEATURE, "links": [LINK]},
    "queryables": {
        "$schema": {"https://json-schema.org/draft/2020-12/schema"},
        "$id": URI,
        "type": {"object"},
        "properties": dict,
        "title?": str,
        "description?": str,
        "additionalProperties?": bool,
    },
}


def faults(value, form, place="$"):
    """Where a value has not the form; empty when it has."""
    match form:
        case dict():
            if not isinstance(value, dict):
                return [f"{place} is no object"]
            return _members(value, form, place)
        case [inner]:
            if not isinstance(value, list):
                return [f"{place} is no list"]
            return [
                one
                for number, item in enumerate(value)
                for one in faults(item, inner, f"{place}[{number}]")
            ]
        case tuple():
            found = [faults(value, inner, place) for inner in form]
            return [] if [] in found else found[-1]
        case set():
            return [] if value in form else [f"{place} is {value!r}"]
        case re.Pattern():
            fits = isinstance(value, str) and form.fullmatch(value)
            return [] if fits else [f"{place} is {value!r}"]
        case None:
            return [] if value is None else [f"{place} is not null"]
        case type():
            kinds = (int, float) if form is float else form
            fits = isinstance(value, kinds) and not (
                isinstance(value, bool) and form is not bool
            )
            return [] if fits else [f"{place} is {value!r}"]
    raise TypeError(form)


def _members(value, form, place):
    found = [
        f"{place}.{name} is missing"
        for name in form
        if not name.endswith("?") and name not in value
    ]
    for name, inner in form.items():
        plain = name.rstrip("?")
        if plain in value:
            found += faults(value[plain], inner, f"{place}.{plain}")
    return found


def read(api, path, kind, media="application/json", **parameters):
    """A document below `/ogc` that has its form."""
    answer = api.get(f"/ogc{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == media
    document = answer.json()
    assert faults(document, FORMS[kind]) == []
    return document


GEOJSON = "application/geo+json"


def rels(document):
    return {one["rel"] for one in document["links"]}


def test_the_forms_tell_what_is_wrong():
    feature = {"type": "Feature", "id": "a", "geometry": None, "properties": {}}
    assert faults(feature, FEATURE) == []
    assert faults({**feature, "id": 7}, FEATURE) == ["$.id is 7"]
    assert faults({"links": [{"href": "x"}]}, FORMS["landing page"]) == [
        "$.links[0].rel is missing",
        "$.links[0].type is missing",
        "$.links[0].href is 'x'",
    ]


@pytest.fixture(scope="module")
def admin(_register):
    """Everything, with an object in every collection."""
    surveyor = _register.as_("surveyor")
    for layer in COLLECTIONS.values():
        if layer.name == "division":
            continue
        made = surveyor.post(f"/v1/{layer.path}", sample(layer, new_code()))
        assert made.status_code == 201, made.text
    return _register.as_("admin")


@pytest.mark.parametrize("path", ["", "/"])
def test_landing_page(admin, path):
    found = read(admin, path, "landing page")
    assert {"self", "service-desc", "conformance", "data"} <= rels(found)
    for one in found["links"]:
        here = one["href"].replace("http://testserver", "")
        assert admin.get(here).status_code == 200, here


def test_conformance_and_collections(admin):
    declared = read(admin, "/conformance", "conformance")["conformsTo"]
    assert len(declared) == len(set(declared))
    found = read(admin, "/collections", "collections")
    assert "self" in rels(found)
    assert {one["id"] for one in found["collections"]} == set(COLLECTIONS)


@pytest.mark.parametrize("name", COLLECTIONS)
def test_a_collection_its_features_and_one_of_them(admin, name):
    path = f"/collections/{name}"
    described = read(admin, path, "collection")
    assert {"self", "items"} <= rels(described)
    assert described["crs"][0] == CRS84 and described["storageCrs"] in described["crs"]
    listed = read(admin, "/collections", "collections")["collections"]
    assert described in listed
    read(admin, f"{path}/queryables", "queryables", "application/schema+json")

    before = datetime.now(UTC).replace(microsecond=0)
    page = read(admin, f"{path}/items", "features", GEOJSON, limit=2)
    moment = datetime.fromisoformat(page["timeStamp"])
    assert before <= moment <= datetime.now(UTC) + timedelta(seconds=1)
    assert {"self", "collection"} <= rels(page)
    assert page["numberReturned"] == len(page["features"]) > 0
    for one in page["features"]:
        _check_geometry(one["geometry"])
        own = read(admin, f"{path}/items/{quote(one['id'])}", "feature", GEOJSON)
        assert {"self", "collection"} <= rels(own)
        assert {**own, "links": None} == {**one, "links": None}


def _check_geometry(geometry):
    if geometry is None:
        return
    assert faults(geometry["coordinates"], COORDINATES[geometry["type"]]) == []
    west, south, east, north = shape(geometry).bounds
    assert -180 <= west <= east <= 180 and -90 <= south <= north <= 90


@pytest.mark.parametrize("name", COLLECTIONS)
def test_the_extent_of_a_county_holds_every_feature(admin, name):
    """Part 1, /req/core/fc-md-extent; GDAL reads every page where there is none."""
    planner = admin.as_("planner")
    path = f"/collections/{name}"
    ((west, south, east, north),) = read(planner, path, "collection")["extent"][
        "spatial"
    ]["bbox"]
    assert (east - west, north - south) < (2, 2)
    found = read(planner, f"{path}/items", "features", GEOJSON, limit=1000)["features"]
    inside = shapely.box(west, south, east, north)
    for one in found:
        assert one["geometry"] is None or inside.covers(shape(one["geometry"]))


def test_no_extent_is_told_of_more_than_a_county(admin):
    assert "extent" not in read(admin, "/collections/parcel", "collection")


@pytest.mark.parametrize("name", COLLECTIONS)
def test_ids_are_of_one_feature_each(admin, name):
    address, ids = f"/ogc/collections/{name}/items?limit=1000", []
    while address:
        page = admin.get(address).json()
        ids += [one["id"] for one in page["features"]]
        following = [one["href"] for one in page["links"] if one["rel"] == "next"]
        address = following[0] if following else None
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", COLLECTIONS)
def test_parameters_are_defined_as_the_standard_has_them(admin, name):
    paths = admin.get("/openapi.json").json()["paths"]
    operation = paths[f"/ogc/collections/{name}/items"]["get"]
    defined = {one["name"]: one for one in operation["parameters"]}
    for one in ("bbox", "datetime", "limit", "crs", "bbox-crs"):
        assert defined[one]["in"] == "query" and not defined[one]["required"]
        assert (defined[one]["style"], defined[one]["explode"]) == ("form", False)
    box = defined["bbox"]["schema"]
    assert (box["type"], box["items"]["type"]) == ("array", "number")
    assert [(x["minItems"], x["maxItems"]) for x in box["oneOf"]] == [(4, 4), (6, 6)]
    assert defined["datetime"]["schema"]["type"] == "string"
    limit = defined["limit"]["schema"]
    assert limit["type"] == "integer"
    assert 1 <= limit["minimum"] <= limit["default"] <= limit["maximum"]
    for one in ("crs", "bbox-crs"):
        kind = defined[one]["schema"]
        assert (kind["type"], kind["format"]) == ("string", "uri")
    assert "400" in operation["responses"] and "422" not in operation["responses"]


@pytest.mark.parametrize("name", COLLECTIONS)
def test_a_box_brings_what_meets_it_and_what_has_no_ground(admin, name):
    path = f"/collections/{name}/items"
    for box in (
        (114.0, 34.6, 114.03, 34.63),
        (-1.5, 50.0, 1.5, 53.0),
        (-80.0, -5.0, -70.0, 5.0),
        (177.0, 65.0, -177.0, 70.0),
        (-180.0, 85.0, 180.0, 90.0),
        (-180.0, -90.0, 180.0, -85.0),
    ):
        text = ",".join(map(str, box))
        page = read(admin, path, "features", GEOJSON, bbox=text, limit=1000)
        for one in page["features"]:
            ground = one["geometry"] and shape(one["geometry"])
            assert ground is None or shapely.box(*box).intersects(ground)


def test_ground_beside_a_box_is_not_in_it(admin):
    """A triangle whose own box covers a corner that it leaves free."""
    code = new_code()
    corners = [[114.08, 34.68], [114.09, 34.68], [114.08, 34.69], [114.08, 34.68]]
    ground = {"type": "Polygon", "coordinates": [corners]}
    admin.create("/v1/parcels", {**parcel(code), "geometry": ground})
    for box, among in (
        ("114.088,34.688,114.089,34.689", False),
        ("114.081,34.681,114.082,34.682", True),
    ):
        for address in ("/ogc/collections/parcel/items", "/v1/parcels"):
            answer = admin.get(address, params={"bbox": box, "limit": "1000"})
            assert (code in answer.text) == among, (address, box)


def coverage(code, county=OURS):
    body = {"code": code, "division_code": county, "valid_from": "2024-01-01"}
    return {**body, "theme": "plot", "data_date": "2026-01-01"}


def test_what_speaks_of_a_whole_county_is_in_every_box(admin):
    code = new_code()
    admin.create("/v1/theme-coverages", coverage(code))
    for box in ("0,0,1,1", "177,65,-177,70"):
        path = "/collections/theme_coverage/items"
        page = read(admin, path, "features", GEOJSON, bbox=box, code=code)
        assert [one["geometry"] for one in page["features"]] == [None]


@pytest.mark.parametrize("code", ["{}", "甲/{} 乙?", "12:{}"])
def test_a_code_in_two_divisions_is_two_features(admin, code):
    code = code.format(new_code())
    for county in (OURS, THEIRS):
        admin.create("/v1/theme-coverages", coverage(code, county))
    path = "/collections/theme_coverage/items"
    page = read(admin, path, "features", GEOJSON, code=code)
    assert {one["id"] for one in page["features"]} == {
        f"{county}:{code}" for county in (OURS, THEIRS)
    }
    for one in page["features"]:
        address = f"{path}/{quote(one['id'], safe='')}"
        own = read(admin, address, "feature", GEOJSON)
        assert own["properties"] == one["properties"]
        (here,) = (x["href"] for x in own["links"] if x["rel"] == "self")
        again = admin.get(here.removeprefix("http://testserver"))
        assert again.json()["id"] == one["id"]


def test_an_id_of_another_division_is_not_there(admin):
    code = new_code()
    admin.create("/v1/theme-coverages", coverage(code, THEIRS))
    path = f"/ogc/collections/theme_coverage/items/{THEIRS}:{code}"
    assert admin.get(path).status_code == 200
    assert admin.as_("planner").get(path).status_code == 404
    assert admin.get(path.replace(THEIRS, THEIRS[:4])).status_code == 404


@pytest.mark.parametrize("name", COLLECTIONS)
def test_systems_are_answered_as_asked_for(admin, name):
    path = f"/ogc/collections/{name}/items"
    plain = admin.get(path, params={"limit": 1})
    assert plain.headers["content-crs"] == f"<{CRS84}>"
    one = plain.json()["features"][0]
    for address in (f"{path}?limit=1", f"{path}/{quote(one['id'])}?"):
        turned = admin.get(f"{address}&crs={EPSG_4490}")
        assert turned.headers["content-crs"] == f"<{EPSG_4490}>"
        found = turned.json()
        feature = found["features"][0] if "features" in found else found
        if one["geometry"] is not None:
            swapped = shapely.transform(shape(one["geometry"]), lambda xy: xy[:, ::-1])
            assert shape(feature["geometry"]).equals(swapped)
        assert admin.get(f"{address}&crs=urn:x").status_code == 400
    assert admin.get(f"{path}?bbox-crs=urn:x&bbox=1,2,3,4").status_code == 400


@pytest.mark.parametrize("name", COLLECTIONS)
def test_what_is_not_offered_is_a_400(admin, name):
    path = f"/ogc/collections/{name}/items"
    for asked in ("limit=unlimited", "unknownQueryParameter12345=1"):
        assert admin.get(f"{path}?{asked}").status_code == 400
    assert admin.get(f"/ogc/collections/no_such_{name}").status_code == 404


@pytest.mark.parametrize("name", COLLECTIONS)
def test_days_are_taken_in_every_form(admin, name):
    path = f"/collections/{name}/items"
    for asked in (
        "2026-02-12T23:20:50Z",
        "2026-02-12",
        "2026-02-12T00:00:00Z/2026-03-18T12:31:12Z",
        "2026-02-12T00:00:00Z/..",
        "../2026-03-18T12:31:12Z",
        "2026-02-12T00:00:00Z/",
        "/2026-03-18T12:31:12Z",
    ):
        read(admin, path, "features", GEOJSON, datetime=asked, limit=1)
