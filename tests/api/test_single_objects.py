"""What one object that is written by hand is refused for."""

import pytest

from app.schemas.attributes import order_of
from parcels.register.layers import LAYER_BY_NAME
from parcels.register.possible_values import ORDERED
from tests.api.bodies import OURS, square
from tests.api.test_layers import SAMPLES

FAR, INSIDE = [80.0, 30.0], [114.05, 34.65]


def enterprise(code, lonlat, **more):
    return {
        "code": code,
        "division_code": OURS,
        "valid_from": "2024-01-01",
        "geometry": {"type": "Point", "coordinates": lonlat},
        **SAMPLES["enterprise"],
        **more,
    }


def restriction(code, theme, **more):
    return {
        "code": code,
        "division_code": OURS,
        "valid_from": "2024-01-01",
        "theme": theme,
        "geometry": square(114.02, 34.62),
        **more,
    }


def fault(answer):
    """The one fault of a refused request."""
    assert answer.status_code == 422, answer.text
    (found,) = answer.json()["errors"]
    return found


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "m beyond 县999901 (999901)"), ("zh", "（999901）界线")],
)
def test_a_place_outside_its_county_is_refused(api, language, said):
    asked = api.as_("surveyor", **{"Accept-Language": language})
    found = fault(asked.post("/v1/enterprises", enterprise("E-FAR", FAR)))
    assert (found["pointer"], found["reason"]) == ("/geometry", "outside_county")
    assert found["found"] == "[80.0,30.0]" and said in found["message"]
    assert api.get("/v1/enterprises/E-FAR").status_code == 404


def test_a_place_a_little_beyond_its_county_is_taken(api):
    """Outlines of counties are drawn roughly: some works lie beyond them."""
    api.create("/v1/enterprises", enterprise("E-NEAR", [114.11, 34.65]), "surveyor")


def test_a_place_is_not_moved_out_of_its_county(api):
    surveyor = api.as_("surveyor")
    surveyor.create("/v1/enterprises", enterprise("E-MOVED", INSIDE), "surveyor")
    body = enterprise("E-MOVED", FAR, valid_from="2025-01-01")
    moved = surveyor.put("/v1/enterprises/E-MOVED", body, headers={"If-Match": "*"})
    assert fault(moved)["reason"] == "outside_county"


def test_an_area_may_cross_the_border_and_not_lie_beyond_it(api):
    crossing = restriction("RA-X", "scenic_area", geometry=square(114.09, 34.62, 0.05))
    api.create("/v1/restriction-areas", crossing, "surveyor")
    beyond = restriction("RA-Y", "scenic_area", geometry=square(114.6, 34.62))
    refused = api.as_("surveyor").post("/v1/restriction-areas", beyond)
    assert fault(refused)["reason"] == "outside_county"


def test_nothing_is_held_against_a_county_that_is_not_drawn(api):
    body = enterprise("E-UNDRAWN", FAR, division_code="999977")
    api.create("/v1/enterprises", body)


@pytest.mark.parametrize(
    "day", ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"]
)
def test_a_day_that_stands_for_none_is_refused(api, day):
    surveyor = api.as_("surveyor", **{"Accept-Language": "en"})
    body = enterprise("E-DAY", INSIDE, valid_from=day)
    found = fault(surveyor.post("/v1/enterprises", body))
    assert (found["pointer"], found["reason"]) == ("/valid_from", "date_year")
    assert "1900 to 2200" in found["message"]
    ending = {"on": day, "reason": "注销"}
    assert fault(surveyor.post("/v1/enterprises/E-DAY/end", ending))["pointer"] == "/on"


@pytest.mark.parametrize(
    ("theme", "reason", "said"),
    [
        ("My Theme!", "theme_form", "lower-case words"),
        ("Ecological_Redline", "theme_form", "ecological_redline"),
        ("ecological_redine", "theme_unknown", "ecological_redline is meant"),
        ("ecologicalredline", "theme_unknown", "ecological_redline is meant"),
    ],
)
def test_a_theme_that_cannot_be_meant_is_refused(api, theme, reason, said):
    surveyor = api.as_("surveyor", **{"Accept-Language": "en"})
    body = restriction("RA-THEME", theme)
    found = fault(surveyor.post("/v1/restriction-areas", body))
    assert (found["pointer"], found["reason"]) == ("/theme", reason)
    assert said in found["message"]


@pytest.mark.parametrize("theme", ["wetland_park", "scenic_area_2", "dust"])
def test_a_bureau_may_have_themes_of_its_own(api, theme):
    body = restriction(f"RA-OWN-{theme}", theme)
    api.create("/v1/restriction-areas", body, "surveyor")


@pytest.mark.parametrize(
    ("path", "body", "pointer", "said"),
    [
        (
            "/v1/former-uses",
            {"from_year": 2010, "to_year": 2000, "geometry": square(114.02, 34.62)},
            "/to_year",
            "from_year (2010)",
        ),
        (
            "/v1/samples",
            {"depth_from_m": 0.5, "depth_to_m": 0.2, **SAMPLES["sample_result"]},
            "/depth_to_m",
            "depth_from_m (0.5)",
        ),
        (
            "/v1/farmland-measures",
            {**SAMPLES["farmland_measure"], "produce_compliant": 11},
            "/produce_compliant",
            "more than produce_samples (10)",
        ),
        (
            "/v1/theme-coverages",
            {"theme": "plot", "data_date": "2026-02-01", "stale_on": "2026-01-01"},
            "/stale_on",
            "before data_date (2026-02-01)",
        ),
    ],
)
def test_values_that_contradict_each_other_are_refused_by_both_names(
    api, path, body, pointer, said
):
    asked = api.as_("admin", **{"Accept-Language": "en"})
    whole = {"code": "X-1", "division_code": OURS, **body}
    found = fault(asked.post(path, whole))
    assert (found["pointer"], found["reason"]) == (pointer, "order_reversed")
    assert said in found["message"]


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("/v1/samples", {**SAMPLES["sample_result"], "value": -0.1}, "/value"),
        (
            "/v1/samples",
            {**SAMPLES["sample_result"], "detection_limit": 0},
            "/detection_limit",
        ),
        ("/v1/receptors", {"kind": "school", "population": -1}, "/population"),
        ("/v1/enterprises", {**SAMPLES["enterprise"], "accuracy_m": 0}, "/accuracy_m"),
    ],
)
def test_numbers_that_cannot_be_are_refused_by_hand_as_in_a_file(
    api, path, body, pointer
):
    whole = {"code": "X-1", "division_code": OURS, **body}
    if path != "/v1/samples":
        whole["geometry"] = {"type": "Point", "coordinates": INSIDE}
    assert fault(api.as_("admin").post(path, whole))["pointer"] == pointer


def test_every_pair_of_values_is_held_against_each_other_by_hand():
    for layer, pairs in ORDERED.items():
        names = [one.name for one in LAYER_BY_NAME[layer].attributes]
        for pair in pairs:
            later = max(pair, key=names.index)
            before = names[: names.index(later)]
            assert order_of(LAYER_BY_NAME[layer], later, before), (layer, pair)
