"""What the policy documents ask to be kept of each object is kept and told."""

import pytest

from tests.api.bodies import OURS, entry, square

PLACE = (114.026, 34.676)
COMMON = {"division_code": OURS, "valid_from": "2024-03-01"}
POINT = {"type": "Point", "coordinates": list(PLACE)}

KEPT = {
    "plots": (
        {"plot_code": "P-DUTY", "stage": "suspected", **entry("suspected")},
        {
            "source_system": "全国污染地块土壤环境管理信息系统",
            "source_id": "4101030026318",
            "synced_on": "2024-03-02",
        },
    ),
    "plot-documents": (
        {"code": "D-DUTY", "document_type": "initial_survey", "dated_on": "2024-01-05"},
        {
            "filed_ee_on": "2024-02-01",
            "filed_nr_on": "2024-02-02",
            "filed_hc_on": "2024-02-03",
        },
    ),
    "enterprises": (
        {"code": "E-DUTY", "name": "示范电镀厂", "status": "active"},
        {
            "tags": ["涉重金属重点行业企业全口径清单", "环境违法企业"],
            "clean_production_audited_on": "2023-06-30",
            "clean_production_due_on": "2028-06-30",
            "heavy_metal_emission_kg": 12.5,
            "heavy_metal_emission_year": 2023,
        },
    ),
    "facilities": (
        {"code": "F-DUTY", "kind": "tailings_pond"},
        {"hazard_level": "三等", "radioactive": True},
    ),
    "restriction-areas": (
        {"code": "A-DUTY", "theme": "access_list_unit", "name": "管控单元1"},
        {"access_rules": "禁止新建电镀项目", "boundary_accuracy_m": 5.0},
    ),
    "former-uses": ({"code": "U-DUTY", "name": "原农药厂"}, {"products": "杀虫脒"}),
}
"""Path → an object, and what the duty asks to be kept of it."""
_GROUND = ("plot-documents",)
_AREAS = ("restriction-areas",)


def body_of(path):
    own, kept = KEPT[path]
    if path in _GROUND:
        return {**COMMON, **own, **kept}
    geometry = square(*PLACE) if path in _AREAS else POINT
    return {**COMMON, **own, **kept, "geometry": geometry}


@pytest.mark.parametrize("path", KEPT)
def test_what_a_duty_asks_for_is_kept_and_told(api, path):
    made = api.create(f"/v1/{path}", body_of(path))
    _, kept = KEPT[path]
    assert {name: made[name] for name in kept} == kept
    code = made.get("plot_code") or made["code"]
    read = api.as_("registrar").get(f"/v1/{path}/{code}").json()
    assert {name: read[name] for name in kept} == kept


def test_a_zone_of_a_water_source_says_when_it_was_marked(api):
    source = {**COMMON, "code": "S-DUTY", "name": "示范水源", "geometry": POINT}
    api.create("/v1/water-sources", source)
    zone = {"code": "Z-DUTY", "source_code": "S-DUTY", "level": "level_1"}
    more = {"basis": "approved", "markers_set_on": "2024-05-01"}
    made = api.create(
        "/v1/water-zones", {**COMMON, **zone, **more, "geometry": square(*PLACE)}
    )
    assert made["markers_set_on"] == "2024-05-01"


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("plot-documents", {"filed_nr_on": "2023-12-31"}),
        ("restriction-areas", {"boundary_accuracy_m": 0}),
        ("enterprises", {"clean_production_due_on": "2023-06-29"}),
        ("enterprises", {"heavy_metal_emission_kg": -0.1}),
    ],
)
def test_days_in_the_wrong_order_and_figures_that_cannot_be_are_refused(
    api, path, wrong
):
    sent = {**body_of(path), "code": "X-DUTY", **wrong}
    answer = api.as_("registrar").post(f"/v1/{path}", sent)
    assert answer.status_code == 422, answer.text
    (name,) = wrong
    assert name in str(answer.json()["errors"])


SITES = {
    "L-USE": {"kind": "landfill", "status": "in_use", "waste": "household"},
    "L-STOP": {"kind": "landfill", "status": "stopped", "waste": "household"},
    "L-SHUT": {"kind": "landfill", "status": "closed", "waste": "household"},
    "D-HEAP": {"kind": "informal_dump", "status": "in_use", "waste": "mixed"},
    "D-ILL": {"kind": "illegal_dump", "status": "stopped", "waste": "hazardous"},
    "D-SLUDGE": {"kind": "illegal_dump", "status": "closed", "waste": "sludge"},
}


def test_landfills_and_dumps_are_listed_by_kind_state_and_waste(api):
    for code, site in SITES.items():
        body = {**COMMON, "code": f"{code}-DUTY", **site, "geometry": POINT}
        api.create("/v1/facilities", body)

    def found(**query):
        items = api.get("/v1/facilities", params=query).json()["items"]
        codes = {item["code"].removesuffix("-DUTY") for item in items}
        return sorted(codes & SITES.keys())

    assert found(kind="landfill", waste="household") == ["L-SHUT", "L-STOP", "L-USE"]
    assert found(kind="landfill", waste="household", status="closed") == ["L-SHUT"]
    assert found(kind="informal_dump") == ["D-HEAP"]
    assert found(kind="illegal_dump", waste="hazardous") == ["D-ILL"]


@pytest.mark.parametrize("wrong", [{"kind": "dump"}, {"waste": "plastic"}])
def test_a_kind_of_site_or_waste_that_is_none_is_refused(api, wrong):
    site = {**COMMON, "code": "X-SITE", "kind": "landfill", "geometry": POINT, **wrong}
    answer = api.as_("registrar").post("/v1/facilities", site)
    assert answer.status_code == 422
    (name,) = wrong
    assert answer.json()["errors"][0]["pointer"] == f"/{name}"
