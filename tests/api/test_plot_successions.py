"""Plots split and merged: successors take over lists and history."""

from datetime import date

import pytest
import shapely

from tests.api.bodies import OURS, entry, square
from tests.api.test_plot_events import (  # noqa: F401
    TO_REGISTER,
    happen,
    offices,
)

DAY = "2026-05-01"


@pytest.fixture
def field(offices, request):  # noqa: F811
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


def test_both_halves_take_over_stage_lists_papers_and_history(offices, field):  # noqa: F811
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


def test_life_goes_on_after_a_split(offices, field):  # noqa: F811
    happen(offices, f"/v1/plots/{field}", "listed")
    succeed(offices, [field], halves(field))
    path = f"/v1/plots/{field}-W"
    after = happen(offices, path, "survey_notified", on=date(2026, 5, 2))
    assert (after["from_stage"], after["lists"]) == ("suspected", ["suspected"])


def test_a_merge_keeps_the_stricter_values(offices, field):  # noqa: F811
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


def reason_of(answer):
    assert answer.status_code == 409, answer.text
    return answer.json()["reason"]


def test_no_ground_is_lost(offices, field):  # noqa: F811
    west, east = halves(field)
    east["geometry"] = square(114.0211, 34.62)
    assert reason_of(succeed(offices, [field], [west, east])) == "ground_lost"


def test_successors_do_not_overlap(offices, field):  # noqa: F811
    west, east = halves(field)
    west["geometry"] = wide(114.02)
    assert reason_of(succeed(offices, [field], [west, east])) == "successors_overlap"


def test_one_plot_does_not_become_one(offices, field):  # noqa: F811
    one = {"plot_code": f"{field}-X", "geometry": wide(114.02)}
    assert reason_of(succeed(offices, [field], [one])) == "neither_split_nor_merge"


def test_the_keeper_of_the_list_decides(offices, field):  # noqa: F811
    happen(offices, f"/v1/plots/{field}", *TO_REGISTER)
    answer = succeed(offices, [field], halves(field), role="registrar-city")
    assert reason_of(answer) == "level"


def test_a_taken_code_is_refused(offices, field):  # noqa: F811
    west, east = halves(field)
    offices.create("/v1/plots", plot_body(east["plot_code"], wide(114.03)))
    answer = succeed(offices, [field], [west, east])
    assert answer.json()["type"].endswith("already-registered")


def test_plots_of_two_stages_are_not_merged(offices, field):  # noqa: F811
    beside = f"{field}-2"
    geometry = square(114.022, 34.62)
    body = plot_body(beside, geometry, stage="suspected", **entry("suspected"))
    offices.create("/v1/plots", body)
    whole = {"plot_code": f"{field}-M", "geometry": wide(114.02)}
    assert reason_of(succeed(offices, [field, beside], [whole])) == "stages_differ"
