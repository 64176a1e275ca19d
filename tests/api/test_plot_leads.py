"""Plants that closed, moved or lost their permit, and key units year by year."""

import itertools

import pytest

from screening import leads
from tests.api.bodies import OURS, THEIRS, square

_places = itertools.count()


@pytest.fixture
def place():
    """A corner that no other test of this file is near to."""
    row, column = divmod(next(_places), 7)
    return 114.03 + 0.01 * column, 34.655 + 0.02 * row


def plant(api, place, code, **more):
    """A smelter on a square of its own."""
    body = {
        "code": code,
        "division_code": OURS,
        "valid_from": "2024-01-01",
        "name": f"{code}厂",
        "industry_code": "3211",
        "industry_edition": "2017",
        "status": "closed",
        "geometry": square(*place),
        **more,
    }
    return api.create("/v1/enterprises", body)


def lead_of(api, code):
    """The lead of an enterprise; None where it is none."""
    found, after = {}, None
    while True:
        asked = {"limit": 3} | ({"after": after} if after else {})
        page = api.get("/v1/plot-leads", params=asked).json()
        found |= {one["enterprise_code"]: one for one in page["items"]}
        after = page["next"]
        if after is None:
            return found.get(code)


@pytest.mark.parametrize("status", ["closed", "moved"])
def test_a_plant_that_closed_or_moved_is_a_lead(api, place, status):
    plant(api, place, f"E-{status}", status=status)
    lead = lead_of(api, f"E-{status}")
    assert (lead["reason"], lead["since"]) == (status, "2024-01-01")
    assert (lead["listed_industry"], lead["task"]) == ("yes", None)


def test_a_page_is_read_with_as_many_statements_for_many_as_for_one(
    api, place, monkeypatch
):
    asked = []

    def counting(name):
        ask = getattr(leads, name)
        return lambda *args, **more: asked.append(name) or ask(*args, **more)

    for name in ("fetch", "find_tasks_of"):
        monkeypatch.setattr(leads, name, counting(name))
    for number in range(3):
        plant(api, (place[0], place[1] + 0.002 * number), f"E-MANY-{number}")
    page = api.get("/v1/plot-leads", params={"limit": 200}).json()
    assert {f"E-MANY-{number}" for number in range(3)} <= {
        one["enterprise_code"] for one in page["items"]
    }
    assert asked == ["fetch", "fetch", "find_tasks_of"]


def test_a_plant_that_works_on_is_none(api, place):
    plant(api, place, "E-WORKS", status="active", permit_number="X-1")
    assert lead_of(api, "E-WORKS") is None


def test_a_plant_that_lost_its_permit_is_one(api, place):
    made = plant(api, place, "E-PERMIT", status="active", permit_number="X-2")
    later = {**made, "permit_number": None, "valid_from": "2025-06-01"}
    path = "/v1/enterprises/E-PERMIT"
    officer = api.as_("registrar")
    assert officer.put(path, later, headers={"If-Match": "*"}).status_code == 200
    lead = lead_of(api, "E-PERMIT")
    assert (lead["reason"], lead["since"]) == ("permit_lost", "2025-06-01")


@pytest.mark.parametrize(
    ("industry", "found"), [("1311", None), (None, "unknown"), ("3211", "yes")]
)
def test_only_listed_industries_and_those_unknown_are_told(api, place, industry, found):
    code = f"E-IND-{industry}"
    plant(api, place, code, industry_code=industry)
    lead = lead_of(api, code)
    assert (lead and lead["listed_industry"]) == found


def plot_on(api, place, code, **more):
    body = {
        "plot_code": code,
        "division_code": OURS,
        "stage": "candidate",
        "valid_from": "2024-06-01",
        "geometry": square(*place),
        **more,
    }
    api.create("/v1/plots", body)


def test_land_with_a_plot_is_no_lead_any_more(api, place):
    plant(api, place, "E-PLOT")
    assert lead_of(api, "E-PLOT")
    plot_on(api, place, "P-OF-E-PLOT")
    assert lead_of(api, "E-PLOT") is None


def test_a_plot_that_only_adjoins_takes_no_plant_off(api, place):
    plant(api, place, "E-BESIDE")
    plot_on(api, (place[0] + 0.001, place[1]), "P-BESIDE")
    assert lead_of(api, "E-BESIDE")["plots_near"] == []


def test_a_plot_that_cannot_be_placed_is_told_beside_the_lead(api, place):
    plant(api, place, "E-POINT")
    near = {"type": "Point", "coordinates": [place[0] - 0.0003, place[1]]}
    plot_on(api, place, "P-POINT-NEAR", geometry=near)
    assert lead_of(api, "E-POINT")["plots_near"] == ["P-POINT-NEAR"]


def test_a_lead_is_investigated_by_one_task(api, place):
    plant(api, place, "E-TASK")
    path = "/v1/plot-leads/E-TASK/investigation"
    first = api.as_("registrar").post(path, {})
    assert first.status_code == 201, first.text
    task = first.json()
    assert (task["kind"], task["bureau"]) == ("investigate_lead", "EE")
    assert "E-TASK厂" in task["title"]
    assert api.as_("registrar").post(path, {}).json()["id"] == task["id"]
    assert lead_of(api, "E-TASK")["task"] == {"id": task["id"], "state": "open"}


def test_what_is_no_lead_is_not_investigated(api, place):
    plant(api, place, "E-NONE", status="active", permit_number="X-3")
    for code in ("E-NONE", "E-NOWHERE"):
        answer = api.as_("registrar").post(f"/v1/plot-leads/{code}/investigation", {})
        assert (answer.status_code, answer.json()["reason"]) == (409, "not_a_lead")


def test_leads_of_another_county_are_not_told(api, place):
    plant(api, place, "E-OURS-ONLY")
    other = api.as_("planner_other_county")
    assert lead_of(other, "E-OURS-ONLY") is None
    answer = other.post("/v1/plot-leads/E-OURS-ONLY/investigation", {})
    assert (answer.status_code, answer.json()["reason"]) == (409, "not_a_lead")


@pytest.fixture(scope="module")
def key_units(bureau_of_lists):
    """Lists of 2093 (A, B) and 2094 (B, C) of ours, and one of theirs."""
    return bureau_of_lists


@pytest.fixture(scope="module")
def bureau_of_lists(_register, api_urls):
    import sqlalchemy as sa

    from app.migration import sqlalchemy_url
    from parcels.register.history import (
        insert_version,
        next_object_id,
        number_change,
        open_change,
    )
    from parcels.register.layers import KEY_UNIT_LIST

    rows = [("A", 2093), ("B", 2093), ("B", 2094), ("C", 2094)]
    listed = [(OURS, f"K-{unit}", year) for unit, year in rows]
    listed.append((THEIRS, "K-THEIRS", 2094))
    engine = sa.create_engine(sqlalchemy_url(api_urls.owner), poolclass=sa.NullPool)
    with engine.begin() as connection:
        for division, unit, year in listed:
            change = open_change(connection, actor="test", division_code=division)
            values = {
                "object_id": next_object_id(connection),
                "code": f"{unit}-{year}",
                "division_code": division,
                "valid_from": f"{year - 70}-01-01",
                "enterprise_code": unit,
                "year": year,
                "list_name": f"{year}年名录",
            }
            insert_version(connection, change, KEY_UNIT_LIST, values)
            number_change(connection, change)
    return _register


def test_years_are_told_with_their_units(key_units):
    found = key_units.get("/v1/key-unit-lists").json()["items"]
    years = {one["year"]: one["units"] for one in found}
    assert (years[2093], years[2094]) == (2, 2)


def compared(api, year, **asked):
    answer = api.get(f"/v1/key-unit-lists/{year}", params=asked)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return {one["enterprise_code"]: one["change"] for one in body["items"]}, body


def test_units_added_and_dropped_between_years_are_told(key_units):
    found, body = compared(key_units, 2094)
    assert found == {"K-A": "dropped", "K-B": "kept", "K-C": "added"}
    assert (body["compared_with"], body["next"]) == (2093, None)
    assert compared(key_units, 2093, compared_with=2094)[0]["K-A"] == "added"
    assert compared(key_units, 2094, change="dropped")[0] == {"K-A": "dropped"}


def test_key_units_go_on_page_by_page(key_units):
    told, after = [], None
    while True:
        asked = {"limit": 1} | ({"after": after} if after else {})
        page, body = compared(key_units, 2094, **asked)
        told += page
        after = body["next"]
        if after is None:
            break
    assert told == ["K-A", "K-B", "K-C"]


def test_key_units_of_another_county_are_not_told(key_units):
    other = key_units.as_("planner_other_county")
    assert compared(other, 2094)[0] == {"K-THEIRS": "added"}


@pytest.mark.parametrize("path", ["/soon", "/1800", "/2094?compared_with=x"])
def test_a_year_that_is_none_is_told(api, path):
    assert api.get(f"/v1/key-unit-lists{path}").status_code == 422
