"""Each department writes what it leads, and no other does (R-G06)."""

import json

import pytest
import sqlalchemy as sa

from app.database import Database
from app.migration import sqlalchemy_url
from app.security.keys import create_client
from app.security.principals import Principal
from tests.api.bodies import OURS, new_code, square
from tests.api.conftest import Api
from tests.api.survey_uploads import Bureau

THEMES = {
    "permanent_basic_farmland": {"planner"},
    "pbf_concentrated_area": {"planner"},
    "ecological_redline": {"planner", "registrar"},
    "control_area": {"registrar"},
    "access_list_unit": {"registrar"},
    "crop_ban_area": {"agriculture"},
    "concentrated_priority_farmland": {"registrar", "agriculture"},
    "scenic_area": {"planner", "registrar", "agriculture"},
    "wetland_park": {"planner", "registrar", "agriculture"},
}
OFFICES = ("planner", "registrar", "agriculture")
PBF = "permanent_basic_farmland"


def area(code, theme, **more):
    return {
        "code": code,
        "division_code": OURS,
        "theme": theme,
        "name": "限制区域",
        "valid_from": "2024-01-01",
        "geometry": square(114.031, 34.601, 0.0001),
        **more,
    }


@pytest.mark.parametrize("theme", THEMES)
def test_an_area_is_entered_by_the_departments_that_lead_its_theme(api, theme):
    for role in OFFICES:
        answer = api.as_(role).post("/v1/restriction-areas", area(new_code(), theme))
        may = role in THEMES[theme]
        assert answer.status_code == (201 if may else 403), (role, answer.text)


@pytest.mark.parametrize(
    ("theme", "led_by"),
    [
        ("plot", {"registrar"}),
        ("farmland_unit", {"registrar", "agriculture"}),
        (PBF, {"planner"}),
        ("river", {"planner", "registrar", "agriculture"}),
    ],
)
def test_who_leads_a_theme_says_what_is_known_of_it(api, theme, led_by):
    for role in OFFICES:
        body = {
            "code": new_code(),
            "division_code": OURS,
            "theme": theme,
            "data_date": "2024-01-01",
            "valid_from": "2001-01-01",
        }
        answer = api.as_(role).post("/v1/theme-coverages", body)
        assert answer.status_code == (201 if role in led_by else 403), answer.text
        if answer.status_code == 201:
            ending = {"on": "2001-01-02", "reason": "试验"}
            path = f"/v1/theme-coverages/{body['code']}/end"
            assert api.as_(role).post(path, ending).status_code == 200


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh", "由自然资源部门维护"), ("en", "is kept by natural resources")],
)
def test_the_refusal_names_the_department(api, language, said):
    asker = api.as_("registrar", **{"Accept-Language": language})
    refused = asker.post("/v1/restriction-areas", area(new_code(), PBF))
    assert (refused.status_code, refused.json()["reason"]) == (403, "theme_of_others")
    assert said in refused.json()["detail"]


def test_another_department_neither_changes_ends_nor_takes_over_an_area(api):
    code = new_code()
    api.create("/v1/restriction-areas", area(code, PBF), "planner")
    path, any_version = f"/v1/restriction-areas/{code}", {"If-Match": "*"}
    farmers = api.as_("agriculture")
    for theme in (PBF, "crop_ban_area"):
        body = area(code, theme, valid_from="2025-01-01")
        assert farmers.put(path, body, headers=any_version).status_code == 403
    ending = {"on": "2025-01-01", "reason": "误录"}
    assert farmers.post(f"{path}/end", ending).status_code == 403
    assert api.as_("planner").get(path).json()["theme"] == PBF


def test_the_database_itself_refuses_a_theme_of_others(api, api_urls):
    code = new_code()
    api.create("/v1/restriction-areas", area(code, PBF), "planner")
    database = Database(api_urls.service)
    farmer = Principal(None, "农业农村", "agriculture", OURS)
    with database.transaction(farmer) as connection:
        closed = connection.execute(
            sa.text(
                "update registry.restriction_area set closed_by = opened_by + 1"
                " where code = :code"
            ),
            {"code": code},
        )
        assert closed.rowcount == 0
    database.close()


@pytest.mark.parametrize(
    ("path", "led_by"),
    [
        ("parcels", {"planner"}),
        ("rivers", set()),
        ("plots", {"registrar"}),
        ("enterprises", {"registrar"}),
        ("water-zones", {"registrar"}),
        ("facilities", {"registrar"}),
        ("farmland-units", {"agriculture"}),
        ("farmland-measures", {"agriculture"}),
        ("monitoring-points", {"registrar", "agriculture"}),
        ("restriction-areas", {"planner", "registrar", "agriculture"}),
    ],
)
def test_single_objects_are_written_by_who_leads_them_and_by_surveyors(
    api, path, led_by
):
    for role in (*OFFICES, "surveyor", "permit_system", "auditor"):
        answer = api.as_(role).post(f"/v1/{path}", {})
        assert answer.status_code == (422 if role in led_by | {"surveyor"} else 403), (
            role
        )


@pytest.fixture
def office(_register, worker, api_urls):
    """Make an office of a role in a county of the test's own, with a worker."""
    engine = sa.create_engine(sqlalchemy_url(api_urls.owner), poolclass=sa.NullPool)

    def make(role, county):
        name = f"{role} {county}"
        with engine.begin() as connection:
            key = create_client(connection, name=name, role=role, scope=county)[1]
        keys = {**_register.keys, name: key}
        return Bureau(Api(_register.client, keys, name), worker, county)

    return make


def file_of(*themes):
    """Areas of these themes as GeoJSON, side by side."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"A-{place}", "theme": theme, "name": theme},
            "geometry": square(114.05 + place / 100, 34.65),
        }
        for place, theme in enumerate(themes)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


DECLARED = {
    "name": "限制区域.geojson",
    "layer": "restriction-areas",
    "crs": "4490",
    "encoding": "UTF-8",
    "valid_from": "2024-01-01",
    "mapping": json.dumps({"code": "code", "theme": "theme", "name": "name"}),
}


def test_rows_of_anothers_theme_are_told_and_the_others_committed(office):
    bureau = office("agriculture", "659761")
    checked = bureau.upload(file_of(PBF, "crop_ban_area"), **DECLARED)
    assert checked["issue_counts"]["theme_of_others"] == 1
    (issue,) = [
        one
        for one in bureau.api.get(checked["links"]["issues"]).json()["items"]
        if one["kind"] == "theme_of_others"
    ]
    assert (issue["row"], issue["value"]) == (1, PBF)
    done = bureau.order(checked, "commit", reason="已核对", set_aside=True)
    assert done["state"] == "committed", done
    kept = bureau.api.get("/v1/restriction-areas?division=659761").json()["items"]
    assert [one["theme"] for one in kept] == ["crop_ban_area"]


def test_a_surveyor_brings_every_theme_in_a_file(office):
    bureau = office("surveyor", "659762")
    done = bureau.commit(file_of(PBF, "crop_ban_area"), **DECLARED)
    assert done["issue_counts"].get("theme_of_others") is None


@pytest.mark.parametrize("what", ["commit", "revert"])
def test_another_department_neither_commits_nor_takes_back_a_file(office, what):
    county = {"commit": "659763", "revert": "659764"}[what]
    ours, theirs = office("planner", county), office("agriculture", county)
    upload = ours.upload(file_of(PBF), **DECLARED)
    if what == "revert":
        upload = ours.order(upload, "commit", reason="已核对")
    before = upload["state"]
    refused = theirs.order(upload, what, reason="已核对")
    assert refused["state"] == before
    assert refused["refusal"]["reason"] == "theme_of_others", refused["refusal"]
