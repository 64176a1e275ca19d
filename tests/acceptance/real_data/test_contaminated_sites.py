"""Contaminated sites of Swiss airfields on the parcels of Paris."""

import numpy as np
import pytest
import shapely

from tests.real_surveys import (
    CADASTRE,
    REAL_DATA,
    XINZHENG,
    as_stored,
    declare,
    sheet,
)

pytestmark = REAL_DATA

SAMPLED = 25
BARE_POINT_M = 50.0
"""How far a point without stated area or accuracy may reach (project default)."""
FAR_M = 200.0
HOMES = {"scheme": "gbt21010_2017", "code": "0701"}


@pytest.fixture(scope="module")
def areas(plots):
    """Sites whose outline is known."""
    return plots[plots.geom_type != "Point"]


@pytest.fixture(scope="module")
def points(plots):
    """Sites known as points only."""
    return plots[plots.geom_type == "Point"]


@pytest.fixture(scope="module")
def sampled(parcels, areas, points):
    """Parcels that meet a site, that hold a point, that are near, and far ones.

    Those on the two sites of rare status are all among them.
    """
    ground, spots = areas.union_all(), points.union_all()
    rare = areas[areas["stage"].isin(["suspected", "candidate"])].union_all()
    met, holding = parcels.intersects(ground), parcels.intersects(spots)
    near = parcels.dwithin(shapely.union(ground, spots), FAR_M)
    groups = (met, holding & ~met, near & ~met & ~holding, ~near)
    random = np.random.default_rng(18)
    chosen = [
        random.choice(parcels.index[group], min(SAMPLED, group.sum()), replace=False)
        for group in groups
    ]
    assert min(map(len, chosen)) >= 10, [len(group) for group in chosen]
    chosen.append(parcels.index[parcels.intersects(rare)])
    return parcels.loc[np.unique(np.concatenate(chosen))]


def test_every_site_is_in_the_register_with_its_stage(registry, plots):
    found = registry.rows(
        "select stage, geometrytype(geom) as kind, count(*) as number"
        " from registry.plot group by 1, 2"
    )
    number = {(one.stage, one.kind): one.number for one in found}
    assert number == {
        ("cleared", "MULTIPOLYGON"): 36,
        ("risk_acceptable", "MULTIPOLYGON"): 19,
        ("suspected", "MULTIPOLYGON"): 1,
        ("candidate", "MULTIPOLYGON"): 1,
        ("cleared", "POINT"): 40,
        ("risk_acceptable", "POINT"): 11,
    }


def codes(items, relation=None):
    return {i["code"] for i in items if relation in (None, i["relation"])}


def test_extracts_of_sampled_parcels_measure_the_real_sites(registry, sampled, areas):
    stored = as_stored(areas)
    ground = stored.union_all()
    for one in as_stored(sampled).itertuples():
        plot = registry.extract(one.code)["plot"]
        told = plot["share"] + plot["sliver_area_m2"] / one.geometry.area
        common = one.geometry.intersection(ground).area
        assert told == pytest.approx(common / one.geometry.area, abs=1e-5), one.code
        expected = set(stored["code"][stored.intersection(one.geometry).area > 1e-4])
        found = codes(plot["items"], "on") | codes(plot["items"], "sliver")
        assert expected <= found
        assert plot["status"] == "concerned" or plot["area_m2"] == 0


def test_sites_without_outline_are_on_the_parcel_or_imprecise(
    registry, sampled, points
):
    seen = set()
    for one in sampled.itertuples():
        plot = registry.extract(one.code)["plot"]
        spots = [item for item in plot["items"] if item["point_only"]]
        inside = set(points["code"][points.within(one.geometry)])
        reaching = set(points["code"][points.dwithin(one.geometry, BARE_POINT_M)])
        assert codes(spots, "on") == inside
        assert codes(spots, "imprecise") == reaching - inside
        assert all(item["area_m2"] == 0 for item in spots)
        if inside:
            assert plot["status"] == "concerned"
        elif reaching:
            assert plot["status"] in ("concerned", "imprecise")
        seen.add(plot["status"])
    assert seen == {"concerned", "imprecise", "clear"}


def test_no_parcel_on_a_site_passes_the_gate_and_every_far_one_does(
    registry, sampled, plots
):
    """A foreign register names no soil class, so what was found there is unknown."""
    for one in sampled.itertuples():
        decision = registry.decide(one.code)
        distance = plots.distance(one.geometry).min()
        if distance == 0:
            assert decision["outcome"] != "allow", one.code
        elif distance > FAR_M:
            assert decision["outcome"] == "allow", one.code


@pytest.mark.parametrize("transaction", ["grant", "use_change"])
def test_homes_on_the_suspected_site_need_an_investigation(
    registry, sampled, areas, transaction
):
    site = areas.geometry[areas["stage"] == "suspected"].iloc[0]
    on = sampled[sampled.intersection(site).area > 1]
    assert len(on)
    for code in on["code"]:
        decision = registry.decide(
            code, transaction=transaction, planned_use=HOMES, declared={}
        )
        assert decision["outcome"] == "require_investigation"
        matched = {f["rule"] for f in decision["findings"] if f["status"] == "matched"}
        assert "C01" in matched


def test_every_listed_site_came_by_an_entry_that_names_its_register(registry, plots):
    found = registry.rows(
        "select e.plot_code, e.to_stage, e.details ->> 'source' as source,"
        " m.list from registry.plot_event e"
        " left join registry.plot_list_membership m on m.plot_code = e.plot_code"
        " and m.closed_by is null and m.valid_to is null"
        " where e.event = 'published_entry' and e.closed_by is null"
    )
    listed = plots[plots["stage"] != "candidate"]
    assert {(one.plot_code, one.to_stage) for one in found} == set(
        zip(listed["code"], listed["stage"], strict=True)
    )
    assert {one.source for one in found} == {CADASTRE}
    # Of cleared and acceptable sites the registers speak no more.
    assert {one.list for one in found} == {None, "suspected"}


def test_a_site_lives_on_under_the_guards(registry, plots, sampled, areas):
    """The suspected site is notified of its survey; the gate answers by what it is."""
    site = areas.geometry[areas["stage"] == "suspected"].iloc[0]
    land = sampled["code"][sampled.intersection(site).area > 1].iloc[0]
    assert registry.decide(land, transaction="take_back")["outcome"] != "deny"
    code = plots["code"][plots["stage"] == "suspected"].iloc[0]
    path = f"/v1/plots/{code}"
    refused = registry.ask("POST", f"{path}/events", json={"event": "reopened"})
    assert refused.status_code == 403
    officer = registry.officer()
    notice = {
        "event": "survey_notified",
        "on": "2024-03-04",
        "documents": [{"document_type": "notice", "dated_on": "2024-03-01"}],
        "details": {"notice_number": "新环函〔2024〕1号", "served_on": "2024-03-04"},
    }
    bare = {**notice, "details": {}}
    assert registry.send(officer, f"{path}/events", bare).status_code == 409
    made = registry.send(officer, f"{path}/events", notice)
    assert made.status_code == 201, made.text
    assert made.json()["to_stage"] == "initial_survey"
    assert "2024-09-04" in {term["due_on"] for term in made.json()["deadlines"]}
    shown = registry.ask("GET", path).json()
    assert shown["required_activity_served_on"] == "2024-03-04"
    assert shown["stage"] == "initial_survey"
    before = registry.ask("GET", path, params={"as_of": "2024-03-03"}).json()
    assert before["stage"] == "suspected"
    # Zhengzhou takes no land back whose survey is overdue (ZZ 三(三)2).
    assert registry.decide(land, transaction="take_back")["outcome"] == "deny"
    homes = {"planned_use": HOMES, "declared": {}}
    answer = registry.decide(land, transaction="grant", **homes)
    assert answer["outcome"] == "require_investigation"


def dms(degrees):
    """An angle as published lists write it: degrees, minutes, seconds to 0.0001."""
    minutes, seconds = divmod(round(degrees * 3600, 4), 60)
    whole, minutes = divmod(int(minutes), 60)
    return f"{whole}°{minutes:02d}′{seconds:07.4f}″"


def test_a_published_list_in_degrees_minutes_seconds_lives_on(registry, sampled, plots):
    """A register is published as text; its plot is then surveyed in detail."""
    far = sampled[sampled.distance(plots.union_all()) > FAR_M]
    land = far["code"].iloc[0]
    lon_lat = registry.rows(
        "select st_x(p) as lon, st_y(p) as lat from (select st_pointonsurface(geom)"
        " as p from registry.parcel where code = :code and closed_by is null) q",
        code=land,
    )[0]
    place = f"{dms(lon_lat.lat)} N {dms(lon_lat.lon)} E"
    head = ["DKBM", "JD", "LRML", "LRPC", "LRWJ", "LRRQ", "中心坐标", "MJ"]
    row = ["DMS-1", "contaminated", "污染地块名录", "2024年第1批", "公告〔2024〕3号"]
    data = sheet(head, [*row, "20240110", place, 900])
    request = declare("plot", XINZHENG, crs=4490, encoding="gbk")
    registry.take(data, "名录.csv", request, "registrar")
    homes = {"planned_use": HOMES, "declared": {}}
    assert registry.decide(land, transaction="grant", **homes)["outcome"] == "deny"
    path = "/v1/plots/DMS-1"
    shown = registry.ask("GET", path).json()
    x, y = shown["geometry"]["coordinates"]
    # 0.0001 of a second is 3 mm.
    assert (x, y) == pytest.approx((lon_lat.lon, lon_lat.lat), abs=2e-8)
    notice = {
        "event": "detailed_survey_notified",
        "on": "2024-03-04",
        "documents": [{"document_type": "notice", "dated_on": "2024-03-01"}],
    }
    made = registry.send(registry.officer("41"), f"{path}/events", notice)
    assert made.status_code == 201, made.text
    assert made.json()["to_stage"] == "detailed_survey"
    decision = registry.decide(land, transaction="grant", **homes)
    matched = {f["rule"] for f in decision["findings"] if f["status"] == "matched"}
    assert decision["outcome"] == "deny" and any(one[0] == "B" for one in matched)
    events = registry.ask("GET", f"{path}/events").json()["items"]
    assert [one["event"] for one in events] == [
        "published_entry",
        "detailed_survey_notified",
    ]
