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


@pytest.fixture
def report(runs):
    """The sheets of a report after the first, each as rows of values."""

    def ordered(api, language="zh", **asked):
        run = runs.done(api, "plot_decisions", **asked)
        assert run["state"] == "done", run["failure"]
        answer = printed(api, run, format="xlsx", language=language)
        assert answer.status_code == 200, answer.text
        book = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True)
        sheets = book.worksheets[1:]
        return [list(sheet.iter_rows(values_only=True)) for sheet in sheets]

    return ordered


def printed(api, run, *, format, language="zh"):
    params = {"run": run["id"], "format": format}
    headers = {"Accept-Language": language}
    return api.get("/v1/reports/plot_decisions", params=params, headers=headers)


def rows_of(sheet, code):
    return [row for row in sheet if row[0] == code]


def test_a_plot_is_told_with_every_decision_about_its_land(api, asked_about, report):
    code, decision = asked_about
    _, plots, decisions = report(api)
    (row,) = rows_of(decisions, code)
    assert row[1] == decision["certificate_number"]
    assert (row[2], row[3], row[5]) == ("出让", "城镇住宅用地 0701", "有效")
    (plot,) = rows_of(plots, code)
    assert (plot[3], plot[4], plot[8]) == ("污染地块名录", "污染地块", 1)
    assert row[10] == pytest.approx(plot[7], abs=0.02), "the parcel is all of the plot"


def test_a_plot_nobody_has_asked_about_is_listed_too(api, report):
    code = f"P-DEAL-{next(_places)}"
    point = {"type": "Point", "coordinates": [WEST, SOUTH + 0.006]}
    api.create("/v1/plots", plot_body(code, point))
    _, plots, decisions = report(api)
    (plot,) = rows_of(plots, code)
    assert plot[8] == 0 and not rows_of(decisions, code)


def test_what_became_of_a_decision_is_told(api, asked_about, report):
    code, decision = asked_about
    annulled = api.post(f"{decision['links']['self']}/annul", {"reason": "误办"})
    assert annulled.status_code == 200
    (row,) = rows_of(report(api, "en")[2], code)
    assert (row[2], row[5]) == ("Grant", "Annulled")


def test_the_period_is_that_of_the_decisions(api, asked_about, report):
    code, decision = asked_about
    day = decision["as_of"]
    assert rows_of(report(api, recorded_from=day, recorded_to=day)[2], code)
    _, plots, decisions = report(api, recorded_to="2020-12-31")
    assert rows_of(plots, code) and not rows_of(decisions, code)


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        (
            {"recorded_from": "2026-02-01", "recorded_to": "2026-01-31"},
            ("/parameters/recorded_to", "order_reversed"),
        ),
        ({"recorded_from": "20260201"}, ("/parameters/recorded_from", "date")),
        ({"recorded_to": "2026-02-30"}, ("/parameters/recorded_to", "date")),
    ],
)
def test_a_span_that_is_none_is_refused(api, asked, fault):
    body = {"kind": "plot_decisions", "parameters": asked}
    answer = api.post("/v1/screening/runs", body)
    assert answer.status_code == 422
    (told,) = answer.json()["errors"]
    assert (told["pointer"], told["reason"]) == fault


def test_stages_are_summed_from_the_plots(api, asked_about, report):
    stages, plots, decisions = report(api)
    told = {row[0]: row[1:4] for row in stages[1:]}
    here = [row for row in plots[1:] if row[4] == "污染地块"]
    asked = [row for row in here if row[8]]
    assert told["污染地块"][:2] == (len(here), len(asked))
    total = told.pop("合计")
    assert total == tuple(map(sum, zip(*told.values(), strict=True)))
    assert (total[0], total[2]) == (len(plots) - 1, len(decisions) - 1)


def test_another_county_is_told_of_its_own_alone(api, asked_about, report):
    stranger = api.as_("planner_other_county")
    assert not rows_of(report(stranger)[1], asked_about[0])
    body = {"kind": "plot_decisions", "parameters": {"division": OURS}}
    assert stranger.post("/v1/screening/runs", body).status_code == 403


def test_a_report_of_another_county_is_not_there(api, runs):
    run = runs.done(api, "plot_decisions")
    answer = printed(api.as_("planner_other_county"), run, format="pdf")
    assert answer.status_code == 404


def test_an_auditor_prints_what_others_have_ordered(api, runs):
    run = runs.done(api, "plot_decisions")
    answer = printed(api.as_("auditor"), run, format="pdf")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")


def test_a_run_of_another_kind_is_no_such_report(api, runs):
    run = runs.done(api.as_("registrar"), "receptors")
    answer = printed(api, run, format="pdf")
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("no-plot-decisions")


def test_the_run_counts_plots_and_decisions_as_the_report_does(api, report, runs):
    counts = runs.done(api, "plot_decisions")["summary"]["counts"]
    stages, plots, decisions = report(api)
    assert counts["plots"] == len(plots) - 1
    assert counts["plots_asked_about"] == sum(1 for row in plots[1:] if row[8])
    made = [many for name, many in counts.items() if name.startswith("decision.")]
    assert sum(made) == len(decisions) - 1


def test_a_repetition_reads_plots_as_they_were_known_then(api, asked_about, runs):
    first = runs.done(api, "plot_decisions")
    code = f"P-DEAL-{next(_places)}"
    point = {"type": "Point", "coordinates": [WEST, SOUTH + 0.006]}
    api.create("/v1/plots", plot_body(code, point))
    then, now = (runs.again(api, first, known) for known in ("then", "now"))
    assert then["result_sha256"] == first["result_sha256"]
    plots = first["summary"]["counts"]["plots"]
    assert now["summary"]["counts"]["plots"] == plots + 1


def test_a_report_that_is_not_done_yet_is_refused(api):
    body = {"kind": "plot_decisions", "parameters": {}}
    run = api.post("/v1/screening/runs", body).json()
    assert printed(api, run, format="pdf").status_code == 409
