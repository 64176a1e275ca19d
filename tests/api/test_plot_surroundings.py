"""From a plot back to the land it touches, exact and within the caller's divisions."""

import itertools

import pytest
import shapely
from pyproj import Geod

from tests.api.bodies import OURS, THEIRS, new_code, parcel, square

GEOD = Geod(ellps="GRS80")
_places = itertools.count()


@pytest.fixture
def place():
    """A corner that no other test of this file is near to."""
    row, column = divmod(next(_places), 7)
    return 114.02 + 0.01 * column, 34.644 - 0.009 * row


@pytest.fixture
def plot(api, place):
    """A plot of 0.001 by 0.001 degrees; its path."""
    return enter_plot(api, *place)


def enter_plot(api, west, south):
    code = f"P-AROUND-{west:.3f}-{south:.3f}"
    body = {
        "plot_code": code,
        "division_code": OURS,
        "stage": "candidate",
        "valid_from": "2024-01-01",
        "geometry": square(west, south),
    }
    api.create("/v1/plots", body)
    return f"/v1/plots/{code}"


def around(api, plot, **asked):
    answer = api.get(f"{plot}/surroundings", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def area_m2(west, south, east, north):
    """The area of a box by the geodesic of its vertices, edges far below 200 m."""
    ring = shapely.segmentize(shapely.box(west, south, east, north), 0.0001)
    return abs(GEOD.geometry_area_perimeter(ring)[0])


def test_a_parcel_is_told_with_the_ground_in_common(api, plot, place):
    west, south = place
    code = new_code()
    api.create("/v1/parcels", parcel(code, west + 0.0005, south))
    found = around(api, plot, theme="parcel")
    (one,) = [x for x in found["items"] if x["code"] == code]
    wanted = area_m2(west + 0.0005, south, west + 0.001, south + 0.001)
    assert (one["relation"], one["distance_m"]) == ("on", 0)
    assert one["area_m2"] == pytest.approx(wanted, abs=0.01)
    assert one["share"] == pytest.approx(0.5, abs=1e-6)
    assert found["counts"]["parcel"] == len(found["items"])


def test_what_adjoins_is_told_as_adjoining_and_what_lies_off_is_not(api, plot, place):
    west, south = place
    beside, off = new_code(), new_code()
    api.create("/v1/parcels", parcel(beside, west + 0.001, south))
    api.create("/v1/parcels", parcel(off, west - 0.0012, south))
    items = {x["code"]: x for x in around(api, plot, theme="parcel")["items"]}
    assert items[beside]["relation"] == "adjoining"
    assert items[beside]["area_m2"] == 0
    assert off not in items


def add(api, layer, code, geometry, **more):
    body = {"code": code, "division_code": OURS, "valid_from": "2024-01-01"}
    api.create(f"/v1/{layer}", {**body, "geometry": geometry, **more})


def test_every_theme_is_asked(api, plot, place):
    west, south = place
    name = plot[10:]
    inside = square(west + 0.0002, south + 0.0002, 0.0003)
    farmland = {"category": "safe_use"}
    add(api, "farmland-units", f"F-{name}", inside, **farmland)
    basic = {"theme": "permanent_basic_farmland"}
    add(api, "restriction-areas", f"B-{name}", inside, **basic)
    add(api, "restriction-areas", f"R-{name}", inside, theme="ecological_redline")
    zone = {"source_code": "S-1", "level": "level_2", "basis": "approved"}
    add(api, "water-zones", f"W-{name}", inside, **zone)
    school = {"name": "小学", "kind": "school", "accuracy_m": 1.0}
    at = {"type": "Point", "coordinates": [west + 0.003, south + 0.0005]}
    add(api, "receptors", f"K-{name}", at, **school)
    decision = api.post(
        "/v1/gate/decisions",
        {"transaction": "transfer", "subject": {"geometry": inside}},
    ).json()
    found = around(api, plot)
    told = {x["theme"]: x for x in found["items"]}
    assert {theme for theme, count in found["counts"].items() if count} == set(told)
    assert set(told) == {
        *("farmland_unit", "permanent_basic_farmland", "water_zone"),
        *("receptor", "decision"),
    }
    assert told["farmland_unit"]["category"] == "safe_use"
    assert told["decision"]["code"] == decision["certificate_number"]
    assert told["decision"]["decision"]["id"] == decision["id"]
    assert told["decision"]["share"] == pytest.approx(1)
    _, _, gap = GEOD.inv(west + 0.001, south + 0.0005, west + 0.003, south + 0.0005)
    assert told["receptor"]["distance_m"] == pytest.approx(gap - 1.0, abs=0.02)
    nearer = around(api, plot, theme="receptor", receptors_m=gap - 2)
    assert nearer["items"] == []


def test_a_decision_that_was_annulled_no_longer_stands(api, plot, place):
    body = {"transaction": "transfer", "subject": {"geometry": square(*place)}}
    decision = api.post("/v1/gate/decisions", body).json()
    assert around(api, plot, theme="decision")["counts"] == {"decision": 1}
    api.post(f"{decision['links']['self']}/annul", {"reason": "撤回"})
    assert around(api, plot, theme="decision")["counts"] == {"decision": 0}


def test_a_plot_known_as_a_point_reaches_as_far_as_its_area(api, place):
    west, south = place
    code = f"P-POINT-{west:.2f}"
    body = {
        "plot_code": code,
        "division_code": OURS,
        "stage": "candidate",
        "valid_from": "2024-01-01",
        "stated_area_m2": 31415.93,
        "geometry": {"type": "Point", "coordinates": [west, south]},
    }
    api.create("/v1/plots", body)
    near = new_code()
    api.create("/v1/parcels", parcel(near, west + 0.0008, south))
    (one,) = around(api, f"/v1/plots/{code}", theme="parcel")["items"]
    assert (one["code"], one["relation"]) == (near, "cannot_be_placed")
    assert one["widened_by_m"] == pytest.approx(100, abs=0.01)


def test_pages_tell_everything_once(api, plot, place):
    west, south = place
    for n in range(5):
        api.create("/v1/parcels", parcel(new_code(), west + 0.0001 * n, south))
    whole = [x["code"] for x in around(api, plot, theme="parcel")["items"]]
    told, after = [], 0
    while after is not None:
        page = around(api, plot, theme="parcel", limit=2, after=after)
        told += [x["code"] for x in page["items"]]
        after = page["next"]
    assert told == whole and len(whole) == 5


def test_the_past_is_asked_by_day(api, plot, place):
    code = new_code()
    api.create("/v1/parcels", parcel(code, *place, valid_from="2025-01-01"))
    assert around(api, plot, theme="parcel", as_of="2024-12-31")["items"] == []
    assert around(api, plot, theme="parcel")["counts"] == {"parcel": 1}


def test_nothing_of_another_division_is_told(api):
    plot = enter_plot(api, 114.099, 34.644)
    # As far over the border as a boundary that was drawn twice may reach.
    theirs = parcel(new_code().replace(OURS, THEIRS), 114.0997, 34.644)
    api.create("/v1/parcels", theirs)
    assert around(api, plot, theme="parcel")["items"] == []
    other = api.as_("planner_other_county")
    assert other.get(f"{plot}/surroundings").status_code == 404


@pytest.mark.parametrize(
    "asked", [{"theme": "gold"}, {"receptors_m": -1}, {"limit": 0}, {"after": "x"}]
)
def test_a_question_that_cannot_be_is_told(api, plot, asked):
    assert api.get(f"{plot}/surroundings", params=asked).status_code == 422


def test_a_permit_system_does_not_read_plots(api, plot):
    answer = api.as_("permit_system").get(f"{plot}/surroundings")
    assert answer.status_code == 403
