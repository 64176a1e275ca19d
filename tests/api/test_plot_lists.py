"""Registers of plots as an office reads them, and the dossier of one plot."""

import csv
import io
import itertools
from datetime import date

import pytest

from tests.api.bodies import OURS, entry
from tests.api.plot_lives import happen

POINT = {"type": "Point", "coordinates": [114.06, 34.66]}
_numbers = itertools.count(1)


@pytest.fixture
def listed(api):
    """A plot on the risk-control register since March 2024; its code."""
    code = f"P-LIST-{next(_numbers)}"
    body = {
        "plot_code": code,
        "division_code": OURS,
        "stage": "risk_control",
        **entry("rcr"),
        "valid_from": "2024-03-01",
        "name": "旧厂区",
        "geometry": POINT,
    }
    api.create("/v1/plots", body)
    return code


def read_all(api, name, **asked):
    """Every entry of a list, page by page."""
    found, after = [], None
    while True:
        more = {"after": after} if after else {}
        answer = api.get(f"/v1/plot-lists/{name}", params={**asked, **more})
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        after = answer.json()["next"]
        if after is None:
            return found


def test_a_register_tells_its_plots_as_they_stand(api, listed):
    (one,) = [x for x in read_all(api, "rcr") if x["plot_code"] == listed]
    assert (one["list"], one["entered_on"], one["left_on"]) == (
        "rcr",
        "2024-03-01",
        None,
    )
    assert (one["plot"]["stage"], one["plot"]["name"]) == ("risk_control", "旧厂区")


def test_a_register_is_read_page_by_page(api, listed):
    whole = [one["plot_code"] for one in read_all(api, "rcr")]
    assert [one["plot_code"] for one in read_all(api, "rcr", limit=1)] == whole
    assert len(set(whole)) == len(whole) and listed in whole


def test_a_register_is_read_by_stage_and_day(api, listed):
    def codes(**asked):
        return {one["plot_code"] for one in read_all(api, "rcr", **asked)}

    assert listed in codes(stage="risk_control")
    assert listed not in codes(stage="remediation")
    assert listed not in codes(as_of="2024-02-29")
    assert listed in codes(as_of="2024-03-01")


@pytest.fixture
def planned(api):
    """Codes of listed plots by what is planned there: homes, a works, nothing known."""
    uses = {"sensitive": "0701", "other": "0601", "unknown": None}
    codes = {}
    for name, code in uses.items():
        codes[name] = f"P-PLAN-{next(_numbers)}"
        use = {"planned_use_scheme": "gbt21010_2017", "planned_use_code": code}
        body = {
            "plot_code": codes[name],
            "division_code": OURS,
            "stage": "contaminated",
            **entry("contaminated"),
            "valid_from": "2024-03-01",
            "geometry": POINT,
            **(use if code else {}),
        }
        api.create("/v1/plots", body)
    return codes


@pytest.mark.parametrize("wanted", ["sensitive", "other", "unknown"])
def test_plots_planned_for_homes_schools_or_care_are_told_apart(api, planned, wanted):
    found = {x["plot_code"] for x in read_all(api, "contaminated", planned=wanted)}
    assert found & set(planned.values()) == {planned[wanted]}


def test_the_file_of_a_register_holds_the_plots_asked_for(api, planned):
    asked = {"format": "csv", "planned": "sensitive"}
    answer = api.get("/v1/plot-lists/contaminated", params=asked)
    rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    codes = {row["plot_code"] for row in rows}
    assert planned["sensitive"] in codes and planned["other"] not in codes


def test_a_register_leaves_as_csv_and_geojson(api, listed):
    answer = api.get("/v1/plot-lists/rcr", params={"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    (row,) = [one for one in rows if one["plot_code"] == listed]
    assert (row["stage"], row["entered_on"]) == ("risk_control", "2024-03-01")
    shapes = api.get("/v1/plot-lists/rcr", params={"format": "geojson"}).json()
    (shape,) = [
        one for one in shapes["features"] if one["properties"]["plot_code"] == listed
    ]
    assert shape["geometry"] == POINT


@pytest.mark.parametrize("path", ["nothing", "rcr?format=doc", "rcr?limit=0"])
def test_a_list_that_cannot_be_asked_for_is_told(api, path):
    assert api.get(f"/v1/plot-lists/{path}").status_code == 422


def test_another_county_reads_its_own_lists_alone(api, listed):
    other = api.as_("planner_other_county")
    assert listed not in {one["plot_code"] for one in read_all(other, "rcr")}
    asked = {"division": OURS}
    answer = other.get("/v1/plot-lists/rcr", params=asked)
    assert answer.json()["items"] == []
    text = other.get("/v1/plot-lists/rcr", params={"format": "csv"}).text
    assert listed not in text
    assert other.get(f"/v1/plots/{listed}/dossier").status_code == 404


@pytest.mark.parametrize("path", ["plot-lists/rcr", "plots/P-X/dossier"])
def test_a_permit_system_reads_neither(api, path):
    assert api.as_("permit_system").get(f"/v1/{path}").status_code == 403


def test_a_dossier_holds_lists_papers_and_pollutants(offices, plot):
    happen(offices, plot, "listed", "survey_notified")
    row = {
        "code": f"{plot[10:]}-cd",
        "division_code": OURS,
        "plot_code": plot[10:],
        "analyte": "镉",
        "medium": "soil",
        "unit": "mg/kg",
        "maximum": 91.0,
        "valid_from": "2026-03-02",
    }
    offices.create("/v1/plot-pollutants", row, role="registrar")
    found = offices.as_("planner").get(f"{plot}/dossier").json()
    (member,) = found["lists"]
    assert (member["list"], member["entered_on"]) == ("suspected", "2026-03-02")
    papers = {one["document_type"] for one in found["documents"]}
    assert papers == {"listing_form", "notice"}
    (pollutant,) = found["pollutants"]
    assert (pollutant["maximum"], pollutant["analyte_text"]) == (91.0, "镉")
    english = offices.as_("planner", **{"Accept-Language": "en"})
    (pollutant,) = english.get(f"{plot}/dossier").json()["pollutants"]
    assert (pollutant["analyte"], pollutant["analyte_text"]) == ("镉", "cadmium")


def test_a_dossier_keeps_the_lists_a_plot_has_left(offices, plot):
    happen(offices, plot, "listed", "survey_notified", "survey_report_submitted")
    happen(offices, plot, "review_found_no_exceedance", on=date(2026, 3, 10))
    (member,) = offices.as_("planner").get(f"{plot}/dossier").json()["lists"]
    assert (member["entered_on"], member["left_on"]) == ("2026-03-02", "2026-03-10")


def test_a_dossier_is_read_as_of_a_day(offices, plot):
    happen(offices, plot, "listed")
    before = {"as_of": "2026-03-01"}
    found = offices.as_("planner").get(f"{plot}/dossier", params=before).json()
    assert found == {"lists": [], "documents": [], "pollutants": []}
