"""Siting and drinking water over HTTP: what is read from beyond the subject."""

import pytest

from tests.api.bodies import OURS, THEIRS, entry, new_code, square

SITE = square(114.05, 34.68)
AT_BORDER = square(114.098, 34.66)
POND = {
    "facility": "tailings_pond",
    "industry_code": "0912",
    "industry_edition": "2017",
    "may_pollute_soil": False,
}
SMELTER = {"industry_code": "3212", "industry_edition": "2017"}


def add(register, path, division, code_name="code", **values):
    code = new_code()
    body = {code_name: code, "division_code": division, "valid_from": "2024-01-01"}
    register.create(f"/v1/{path}", {**body, **values})
    return code


@pytest.fixture(scope="module")
def shorelines(_register):
    """The Yangtze about 1.7 km west of our site, and over the border."""
    theme = {"theme": "yangtze_main_shoreline", "name": "长江干流岸线"}
    ours = square(114.03, 34.68, 0.0015)
    theirs = square(114.12, 34.66, 0.0015)
    add(_register, "restriction-areas", THEIRS, geometry=theirs, **theme)
    return add(_register, "restriction-areas", OURS, geometry=ours, **theme)


def finding(api, rule, geometry, transaction="siting", **body):
    question = {
        "transaction": transaction,
        "subject": {"geometry": geometry},
        "planned_use": {"scheme": "ydyh_2023", "code": "100101"},
        "dry_run": True,
        **body,
    }
    answer = api.post("/v1/gate/decisions", question)
    assert answer.status_code == 200, answer.text
    (found,) = [f for f in answer.json()["findings"] if f["rule"] == rule]
    return found


def test_a_tailings_pond_is_barred_by_a_shoreline_beyond_a_kilometre(api, shorelines):
    found = finding(api, "E07", SITE, project=POND)
    assert found["status"] == "matched"
    (evidence,) = found["evidence"]
    assert evidence["feature"] == shorelines
    assert 1000 < evidence["distance_m"] < 3000
    values = {p["id"]: p["value"] for p in found["parameters"]}
    assert values["yangtze_tailings_main_m"] == "3000.0"


def test_chemical_works_there_lie_beyond_their_kilometre(api, shorelines):
    works = {"industry_code": "2611", "industry_edition": "2017"}
    found = finding(api, "E06", SITE, project=works)
    assert found["status"] == "unknown"
    assert found["evidence"] == []


def test_a_smelter_is_not_asked_for_shorelines(api, shorelines):
    assert finding(api, "E07", SITE, project=SMELTER)["status"] == "not_matched"


def test_a_shoreline_over_the_border_is_asked_about_there(api, shorelines):
    found = finding(api, "E07", AT_BORDER, project=POND)
    assert found["status"] == "unknown"
    assert {"yangtze_shoreline"} == set(found["missing"])
    divisions = {piece["division_code"] for piece in found["evidence"]}
    assert divisions == {THEIRS}
    assert all(piece["feature"] is None for piece in found["evidence"])


def test_a_plot_in_a_zone_beside_the_land_asked_about_counts(api, _register):
    plot = add(
        _register,
        "plots",
        OURS,
        "plot_code",
        stage="contaminated",
        **entry("contaminated"),
        geometry=square(114.06, 34.69, 0.002),
    )
    zone = {"source_code": "S1", "level": "level_2", "basis": "approved"}
    beside = square(114.0615, 34.69, 0.002)
    code = add(_register, "water-zones", OURS, geometry=beside, **zone)
    part = square(114.06, 34.69, 0.001)
    found = finding(api, "G07", part, "take_back")
    assert found["status"] == "matched"
    assert [piece["feature"] for piece in found["evidence"]] == [plot]
    assert code in found["reason"]


def test_homes_down_the_river_on_record_bar_a_new_pond(api, _register):
    """E10: the network is read with everything else, and replayed with it."""
    site = square(114.02, 34.62)
    home = add(
        _register,
        "receptors",
        OURS,
        kind="residential",
        name="下游村",
        geometry=square(114.0215, 34.625),
    )
    assert finding(api, "E10", site, project=POND)["status"] == "unknown"
    # 50 m east of the site, north past the homes.
    reach(_register, "E10-A", [[114.0215, 34.615], [114.0215, 34.622]], "E10-B")
    reach(_register, "E10-B", [[114.0215, 34.622], [114.0215, 34.64]])
    found = finding(api, "E10", site, project=POND)
    assert (found["status"], found["outcome"]) == ("matched", "deny")
    assert [piece["feature"] for piece in found["evidence"]] == [home]
    shown = {one["id"] for one in found["parameters"]}
    assert {"overhead_pond_m", "flow_corridor_m", "flow_snap_m"} <= shown


def reach(register, code, line, down=None):
    body = {
        "code": code,
        "name": code,
        "downstream_code": down,
        "division_code": OURS,
        "valid_from": "2024-01-01",
        "geometry": {"type": "MultiLineString", "coordinates": [line]},
    }
    register.create("/v1/rivers", {k: v for k, v in body.items() if v is not None})
