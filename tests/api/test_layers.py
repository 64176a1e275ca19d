"""Objects of a layer over HTTP: entered, read at a moment, changed, ended."""

import pytest
import shapely

from parcels.area import measure_area
from parcels.crs import transform_from_storage
from parcels.register.layers import LAYERS
from tests.api.bodies import OURS, new_code, parcel, square

POINT = {"type": "Point", "coordinates": [114.05, 34.65]}
SAMPLES = {
    "division": {"name_zh": "示例镇"},
    "parcel": {},
    "plot": {"stage": "candidate", "pollutants": ["镉", "砷"], "held": False},
    "plot_pollutant": {
        "plot_code": "P-1",
        "analyte": "cd",
        "medium": "soil",
        "unit": "mg/kg",
    },
    "plot_document": {"plot_code": "P1", "document_type": "initial_survey"},
    "farmland_unit": {"category": "safe_use"},
    "farmland_measure": {
        "unit_code": "U1",
        "measure": "lime",
        "year": 2026,
        "area_m2": 1000.0,
        "produce_samples": 10,
        "produce_compliant": 9,
    },
    "enterprise": {"name": "示例电镀厂", "status": "active", "accuracy_m": 5.0},
    "water_source": {"name": "示例水源"},
    "water_zone": {"source_code": "S1", "level": "level_1", "basis": "approved"},
    "facility": {"kind": "landfill"},
    "receptor": {"kind": "school", "population": 800},
    "restriction_area": {"theme": "ecological_redline"},
    "former_use": {"from_year": 1985, "to_year": 2003},
    "river": {"name": "示例河"},
    "monitoring_point": {"medium": "soil"},
    "sample_result": {"point_code": "P1", "analyte": "cd", "unit": "mg/kg"},
    "attention_option": {
        "table_name": "示例表",
        "scheme": "in_production",
        "medium": "soil",
        "group_name": "RECEPTOR",
        "indicator": "X",
        "max_score": 9.0,
        "option_number": 1,
        "score": 3.5,
        "table_source": "示例",
    },
    "attention_answer": {
        "enterprise_code": "E1",
        "indicator": "PA_SEEP",
        "option_number": 2,
    },
    "attention_correction": {
        "enterprise_code": "E1",
        "level": "high",
        "reason": "现场核查",
        "reviewer": "张三",
        "reviewed_on": "2026-01-01",
    },
    "theme_coverage": {"theme": "plot", "data_date": "2026-01-01"},
}


def sample(layer, code):
    """A valid body of that layer."""
    body = {
        layer.code_name: code,
        "division_code": OURS,
        "valid_from": "2024-01-01",
        **SAMPLES[layer.name],
    }
    match layer.shape.value:
        case "area":
            body["geometry"] = square(114.02, 34.62)
        case "place" | "point":
            body["geometry"] = POINT
        case "line":
            body["geometry"] = {
                "type": "LineString",
                "coordinates": [[114.0, 34.6], [114.01, 34.61]],
            }
    return body


@pytest.mark.parametrize("layer", [x for x in LAYERS if x.path], ids=lambda x: x.name)
def test_an_object_lives_from_entry_to_end(api, layer):
    code = new_code()
    surveyor = api.as_("surveyor")
    path = f"/v1/{layer.path}/{code}"
    entered = surveyor.post(f"/v1/{layer.path}", sample(layer, code))
    assert entered.status_code == 201, entered.text
    assert entered.headers["location"] == path

    read = surveyor.get(path)
    assert read.json() == entered.json()
    body = read.json() | {"valid_from": "2025-01-01"}
    headers = {"If-Match": read.headers["etag"]}
    revised = surveyor.put(path, body, headers=headers)
    assert revised.status_code == 200, revised.text
    assert revised.json()["version"] != entered.json()["version"]

    ending = {"on": "2026-01-01", "reason": "注销"}
    if layer.name == "plot":
        refused = surveyor.post(f"{path}/end", ending)
        assert (refused.status_code, refused.json()["reason"]) == (
            409,
            "plot_does_not_end",
        )
        return
    assert surveyor.post(f"{path}/end", ending).json()["valid_to"] == "2026-01-01"
    assert surveyor.get(path).status_code == 404
    assert surveyor.get(f"{path}?as_of=2025-06-01").status_code == 200
    assert len(surveyor.get(f"{path}/versions").json()["items"]) == 4


def entered(api, **more):
    """A new parcel, its path and its answer."""
    code = new_code()
    answer = api.post("/v1/parcels", parcel(code, **more))
    assert answer.status_code == 201, answer.text
    return f"/v1/parcels/{code}", answer


def test_both_axes_of_time_can_be_asked(api):
    path, answer = entered(api, location="甲")
    known_then = answer.json()["change"]
    etag = answer.headers["etag"]
    body = answer.json() | {"location": "乙", "valid_from": "2025-01-01"}
    api.put(path, body, headers={"If-Match": etag})

    def location(query):
        return api.get(f"{path}?{query}").json()["location"]

    assert location("as_of=2024-12-31") == "甲"
    assert location("as_of=2025-01-01") == "乙"
    assert location(f"as_of=2025-01-01&known_at={known_then}") == "甲"
    recorded_at = answer.json()["recorded_at"]
    assert location(f"as_of=2025-01-01&known_at={recorded_at}") == "甲"


def test_nothing_is_there_before_it_was_known(api):
    path, answer = entered(api)
    before = answer.json()["change"] - 1
    assert api.get(f"{path}?known_at={before}").status_code == 404


def test_a_change_that_was_not_made_is_no_moment(api):
    answer = api.get("/v1/parcels?known_at=999999999")
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("unknown-moment")


def test_the_area_is_measured_and_not_taken(api):
    path, answer = entered(api, mapped_area_m2=1.0, registered_area_m2=10_000.0)
    polygon = shapely.box(114.0, 34.6, 114.001, 34.601)
    assert answer.json()["mapped_area_m2"] == pytest.approx(
        measure_area(polygon), abs=0.005
    )
    assert answer.json()["registered_area_m2"] == 10_000.0


def test_geometry_of_a_zone_with_prefix_is_converted(api):
    drawn = shapely.box(114.0, 34.6, 114.001, 34.601)
    projected = transform_from_storage(drawn, 4526)
    ring = [list(point) for point in projected.exterior.coords]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    _, answer = entered(api, geometry=geometry, crs="EPSG:4526")
    stored = shapely.geometry.shape(answer.json()["geometry"])
    assert stored.equals_exact(shapely.MultiPolygon([drawn]), 1e-9)
    assert answer.json()["survey_srid"] == 4526


def test_a_write_names_the_version_it_changes(api):
    path, answer = entered(api)
    body = answer.json()
    assert api.put(path, body).status_code == 428
    moved = api.put(path, body, headers={"If-Match": '"1"'})
    assert moved.status_code == 412
    assert api.put(path, body, headers={"If-Match": "*"}).status_code == 200


def test_of_two_changes_of_one_version_the_second_is_refused(api):
    path, answer = entered(api)
    headers = {"If-Match": answer.headers["etag"]}
    first = api.put(path, answer.json() | {"location": "甲"}, headers=headers)
    second = api.put(path, answer.json() | {"location": "乙"}, headers=headers)
    assert (first.status_code, second.status_code) == (200, 412)


def test_a_code_is_entered_once(api):
    _, answer = entered(api)
    again = api.post("/v1/parcels", parcel(answer.json()["parcel_code"]))
    assert again.status_code == 409
    assert again.json()["type"].endswith("already-registered")


def test_an_object_cannot_end_before_it_began(api):
    path, _ = entered(api)
    answer = api.post(f"{path}/end", {"on": "2023-01-01", "reason": "x"})
    assert answer.status_code == 404


def test_a_copy_that_still_holds_is_not_sent_again(api):
    path, answer = entered(api)
    same = api.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")


def test_geojson_where_it_is_asked_for(api):
    path, _ = entered(api)
    accept = {"Accept": "application/geo+json"}
    feature = api.get(path, headers=accept)
    assert feature.headers["content-type"] == "application/geo+json"
    assert feature.json()["type"] == "Feature"
    page = api.get("/v1/parcels?limit=1", headers=accept).json()
    assert page["type"] == "FeatureCollection" and len(page["features"]) == 1
    assert api.get("/v1/parcels?limit=1&format=geojson").json() == page


def test_pages_together_are_the_list(api):
    whole = [p["parcel_code"] for p in api.get("/v1/parcels").json()["items"]]
    paged, after = [], ""
    while after is not None:
        page = api.get(
            f"/v1/parcels?limit=2&after={after}" if after else "/v1/parcels?limit=2"
        ).json()
        paged += [p["parcel_code"] for p in page["items"]]
        after = page["next"]
    assert paged == whole and len(paged) > 2


def test_a_box_and_a_filter_narrow_a_list(api):
    code = new_code()
    far = parcel(code, 114.09, 34.69, land_use_code="0602")
    api.create("/v1/parcels", far, "planner")
    box = api.get("/v1/parcels?bbox=114.0899,34.6899,114.0911,34.6911").json()
    assert [p["parcel_code"] for p in box["items"]] == [code], box
    use = api.get("/v1/parcels?land_use_code=0602").json()
    assert code in [p["parcel_code"] for p in use["items"]]
    assert {p["land_use_code"] for p in use["items"]} == {"0602"}


def test_an_unknown_filter_is_named(api):
    answer = api.get("/v1/parcels?colour=red", headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert (fault["in"], fault["parameter"]) == ("query", "colour")


def test_every_fault_of_a_body_is_named(api):
    body = parcel(new_code(), supplied="yes", registered_area_m2=-1, colour="red")
    del body["division_code"]
    answer = api.post("/v1/parcels", body)
    places = {fault["pointer"] for fault in answer.json()["errors"]}
    assert answer.status_code == 422
    assert places == {"/supplied", "/registered_area_m2", "/colour", "/division_code"}


def test_a_code_in_two_divisions_has_to_be_told_apart(api):
    for county in ("999901", "999902"):
        api.create(
            "/v1/theme-coverages",
            {
                "code": "same",
                "division_code": county,
                "theme": "river",
                "data_date": "2026-01-01",
                "valid_from": "2026-01-01",
            },
        )
    province = api.as_("auditor")
    answer = province.get("/v1/theme-coverages/same")
    assert answer.status_code == 409
    assert answer.json()["divisions"] == ["999901", "999902"]
    told = province.get("/v1/theme-coverages/same?division=999902")
    assert told.json()["division_code"] == "999902"
    admin = api.as_("admin")
    ending = {"on": "2026-06-01", "reason": "x"}
    ended = admin.post("/v1/theme-coverages/same/end?division=999902", ending)
    assert ended.json()["division_code"] == "999902"
    assert api.get("/v1/theme-coverages/same").status_code == 200
