"""Plots split and merged: successors take over lists and history."""

from datetime import date

import pytest
import shapely

from tests.api.bodies import OURS, entry, square
from tests.api.plot_lives import TO_REGISTER, happen

DAY = "2026-05-01"


@pytest.fixture
def field(offices, request):
    """A candidate plot with a boundary, 0.002 by 0.001 degrees; its code."""
    code = f"P-FIELD-{request.node.name}"[:90]
    offices.create("/v1/plots", plot_body(code, wide(114.02)))
    return code


def wide(west, width=0.002):
    """A rectangle 0.001 degrees high."""
    box = shapely.box(west, 34.62, west + width, 34.621)
    return shapely.geometry.mapping(box)


def plot_body(code, geometry, **more):
    return {
        "plot_code": code,
        "division_code": OURS,
        "stage": "candidate",
        "valid_from": "2020-01-01",
        "geometry": geometry,
        **more,
    }


def halves(code):
    return [
        {"plot_code": f"{code}-W", "geometry": square(114.02, 34.62)},
        {"plot_code": f"{code}-E", "geometry": square(114.021, 34.62)},
    ]


def succeed(api, predecessors, successors, role="registrar-province"):
    body = {"predecessors": predecessors, "successors": successors}
    body |= {"on": DAY, "reason": "宗地分割"}
    return api.as_(role).post("/v1/plots/successions", body)


def test_both_halves_take_over_stage_lists_papers_and_history(offices, field):
    happen(offices, f"/v1/plots/{field}", *TO_REGISTER)
    answer = succeed(offices, [field], halves(field))
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["kind"], made["stage"]) == ("split", "rcr_listed")
    assert made["lists"] == ["contaminated", "rcr"]
    officer = offices.as_("registrar")
    for code in made["successors"]:
        path = f"/v1/plots/{code}"
        steps = officer.get(f"{path}/next-steps").json()
        assert steps["lists"] == ["contaminated", "rcr"]
        assert steps["disagreements"] == []
        events = [one["event"] for one in officer.get(f"{path}/events").json()["items"]]
        assert events == [*TO_REGISTER, "split_into", "split_from"]
        assert officer.get(path).json()["pollutants"] is None
    assert officer.get(f"/v1/plots/{field}").status_code == 404
    before = officer.get(f"/v1/plots/{field}", params={"as_of": "2026-04-30"})
    assert before.json()["stage"] == "rcr_listed"


def test_life_goes_on_after_a_split(offices, field):
    happen(offices, f"/v1/plots/{field}", "listed")
    succeed(offices, [field], halves(field))
    path = f"/v1/plots/{field}-W"
    after = happen(offices, path, "survey_notified", on=date(2026, 5, 2))
    assert (after["from_stage"], after["lists"]) == ("suspected", ["suspected"])


def test_a_merge_keeps_the_stricter_values(offices, field):
    beside = f"{field}-2"
    geometry = square(114.022, 34.62)
    body = plot_body(beside, geometry, held=True, pollutants=["砷"])
    body |= entry("suspected")
    offices.create("/v1/plots", body)
    whole = {"plot_code": f"{field}-M", "geometry": wide(114.02, 0.003)}
    answer = succeed(offices, [field, beside], [whole])
    assert answer.status_code == 201, answer.text
    merged = offices.as_("registrar").get(f"/v1/plots/{field}-M").json()
    assert (merged["held"], merged["pollutants"]) == (True, ["砷"])


def found_of(api, code, day=DAY):
    """Analytes and parties on record of a plot on a day."""
    officer, asked = api.as_("registrar"), {"as_of": day}
    dossier = officer.get(f"/v1/plots/{code}/dossier", params=asked).json()
    parties = officer.get(f"/v1/plots/{code}/parties", params=asked).json()["items"]
    return (
        [one["analyte"] for one in dossier["pollutants"]],
        [one["liable_party"] for one in parties],
    )


def enter_findings(api, code, analyte, party):
    """A pollutant and a liable party of a plot."""
    own = {"plot_code": code, "division_code": OURS, "valid_from": "2024-01-01"}
    found = {"code": f"{code}-{analyte}", "analyte": analyte, "unit": "mg/kg"}
    found |= {"medium": "soil", "maximum": 80.0}
    api.create("/v1/plot-pollutants", {**own, **found}, role="registrar")
    parties = {**own, "liable_party": party}
    api.create("/v1/plot-parties", parties, role="registrar")


def test_pollutants_and_parties_go_to_both_halves(offices, field):
    enter_findings(offices, field, "cd", "甲厂")
    made = succeed(offices, [field], halves(field)).json()
    for code in made["successors"]:
        assert found_of(offices, code) == (["cd"], ["甲厂"])
    assert found_of(offices, field, "2026-04-30") == (["cd"], ["甲厂"])
    left = offices.as_("registrar").get(f"/v1/plot-pollutants?plot_code={field}")
    assert left.json()["items"] == []


def test_a_merge_names_every_pollutant_and_party(offices, field):
    beside = f"{field}-2"
    offices.create("/v1/plots", plot_body(beside, square(114.022, 34.62)))
    enter_findings(offices, field, "cd", "甲厂")
    enter_findings(offices, beside, "as", "乙厂")
    whole = {"plot_code": f"{field}-M", "geometry": wide(114.02, 0.003)}
    answer = succeed(offices, [field, beside], [whole])
    assert answer.status_code == 201, answer.text
    analytes, parties = found_of(offices, f"{field}-M")
    assert (sorted(analytes), parties) == (["as", "cd"], ["甲厂；乙厂"])


def reason_of(answer):
    assert answer.status_code == 409, answer.text
    return answer.json()["reason"]


def test_no_ground_is_lost(offices, field):
    west, east = halves(field)
    east["geometry"] = square(114.0211, 34.62)
    assert reason_of(succeed(offices, [field], [west, east])) == "ground_lost"


def test_successors_do_not_overlap(offices, field):
    west, east = halves(field)
    west["geometry"] = wide(114.02)
    assert reason_of(succeed(offices, [field], [west, east])) == "successors_overlap"


def test_one_plot_does_not_become_one(offices, field):
    one = {"plot_code": f"{field}-X", "geometry": wide(114.02)}
    assert reason_of(succeed(offices, [field], [one])) == "neither_split_nor_merge"


def test_the_keeper_of_the_list_decides(offices, field):
    happen(offices, f"/v1/plots/{field}", *TO_REGISTER)
    answer = succeed(offices, [field], halves(field), role="registrar-city")
    assert reason_of(answer) == "level"


def test_a_taken_code_is_refused(offices, field):
    west, east = halves(field)
    offices.create("/v1/plots", plot_body(east["plot_code"], wide(114.03)))
    answer = succeed(offices, [field], [west, east])
    assert answer.json()["type"].endswith("already-registered")


def test_plots_of_two_stages_are_not_merged(offices, field):
    beside = f"{field}-2"
    geometry = square(114.022, 34.62)
    body = plot_body(beside, geometry, stage="suspected", **entry("suspected"))
    offices.create("/v1/plots", body)
    whole = {"plot_code": f"{field}-M", "geometry": wide(114.02)}
    assert reason_of(succeed(offices, [field, beside], [whole])) == "stages_differ"


def test_a_successor_does_not_lie_far_beyond_the_county(offices, field):
    far = {"plot_code": f"{field}-FAR", "geometry": square(113.0, 34.62)}
    answer = succeed(offices, [field], [*halves(field), far])
    assert answer.status_code == 422, answer.text
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["reason"]) == (
        "/successors/2/geometry",
        "outside_county",
    )
