"""Every registered plot with the decisions about its land, as workbook and PDF."""

import io
import itertools

import openpyxl
import pytest

from tests.api.bodies import OURS, entry, new_code, parcel, square

WEST, SOUTH = 114.024, 34.672
"""A corner of our county that no other test uses."""
_places = itertools.count()


@pytest.fixture
def asked_about(api):
    """A contaminated plot whose land was asked about, and its decision."""
    west = WEST + 0.002 * next(_places)
    code, land = f"P-DEAL-{next(_places)}", new_code()
    api.create("/v1/parcels", parcel(land, west, SOUTH))
    api.create("/v1/plots", plot_body(code, square(west, SOUTH)))
    body = {
        "transaction": "grant",
        "subject": {"parcel_code": land},
        "planned_use": {"scheme": "gbt21010_2017", "code": "0701"},
    }
    answer = api.post("/v1/gate/decisions", body)
    assert answer.status_code == 201, answer.text
    return code, answer.json()


def plot_body(code, geometry, **more):
    return {
        "plot_code": code,
        "division_code": OURS,
        "stage": "contaminated",
        **entry("contaminated"),
        "valid_from": "2024-03-01",
        "geometry": geometry,
        **more,
    }


def report(api, language="zh", **asked):
    """The sheets of the report after the first, each as rows of values."""
    path, params = "/v1/reports/plot_decisions", {"format": "xlsx", **asked}
    headers = {"Accept-Language": language}
    answer = api.get(path, params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    book = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True)
    return [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets[1:]]


def rows_of(sheet, code):
    return [row for row in sheet if row[0] == code]


def test_a_plot_is_told_with_every_decision_about_its_land(api, asked_about):
    code, decision = asked_about
    _, plots, decisions = report(api)
    (row,) = rows_of(decisions, code)
    assert row[1] == decision["certificate_number"]
    assert (row[2], row[3], row[5]) == ("出让", "城镇住宅用地 0701", "有效")
    (plot,) = rows_of(plots, code)
    assert (plot[3], plot[4], plot[8]) == ("污染地块名录", "污染地块", 1)
    assert row[10] == pytest.approx(plot[7], abs=0.02), "the parcel is all of the plot"


def test_a_plot_nobody_has_asked_about_is_listed_too(api):
    code = f"P-DEAL-{next(_places)}"
    point = {"type": "Point", "coordinates": [WEST, SOUTH + 0.006]}
    api.create("/v1/plots", plot_body(code, point))
    _, plots, decisions = report(api)
    (plot,) = rows_of(plots, code)
    assert plot[8] == 0 and not rows_of(decisions, code)


def test_what_became_of_a_decision_is_told(api, asked_about):
    code, decision = asked_about
    annulled = api.post(f"{decision['links']['self']}/annul", {"reason": "误办"})
    assert annulled.status_code == 200
    (row,) = rows_of(report(api, "en")[2], code)
    assert (row[2], row[5]) == ("Grant", "Annulled")


def test_the_period_is_that_of_the_decisions(api, asked_about):
    code, decision = asked_about
    day = decision["as_of"]
    assert rows_of(report(api, recorded_from=day, recorded_to=day)[2], code)
    _, plots, decisions = report(api, recorded_to="2020-12-31")
    assert rows_of(plots, code) and not rows_of(decisions, code)
    period = {"recorded_from": "2026-02-01", "recorded_to": "2026-01-31"}
    answer = api.get("/v1/reports/plot_decisions", params=period)
    assert answer.status_code == 422


def test_stages_are_summed_from_the_plots(api, asked_about):
    stages, plots, decisions = report(api)
    told = {row[0]: row[1:4] for row in stages[1:]}
    here = [row for row in plots[1:] if row[4] == "污染地块"]
    asked = [row for row in here if row[8]]
    assert told["污染地块"][:2] == (len(here), len(asked))
    assert sum(counts[2] for counts in told.values()) == len(decisions) - 1


def test_another_county_is_told_of_its_own_alone(api, asked_about):
    stranger = api.as_("planner_other_county")
    assert not rows_of(report(stranger)[1], asked_about[0])
    answer = stranger.get("/v1/reports/plot_decisions", params={"division": OURS})
    assert answer.status_code == 403


def test_it_is_printed(api, asked_about):
    answer = api.get("/v1/reports/plot_decisions", params={"format": "pdf"})
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
