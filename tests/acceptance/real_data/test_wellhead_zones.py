"""Wellhead zones and parcels of Amherst: areas and distances with known answers."""

import geopandas
import pytest
import shapely

from tests.real_surveys import LOCAL_SRID, REAL_DATA, ZHONGMU

pytestmark = REAL_DATA


def test_parcels_on_the_zones_and_the_area_of_their_union(registry, amherst, outlines):
    zones, parcels = amherst
    assert outlines[ZHONGMU].contains(shapely.box(*zones.total_bounds))
    answers = [
        registry.extract(code, ZHONGMU)["water_zone"] for code in parcels["code"]
    ]
    concerned = [one for one in answers if one["status"] == "concerned"]
    assert len(concerned) == 4
    assert {one["status"] for one in answers} == {"concerned", "clear"}
    assert sum(one["area_m2"] for one in concerned) == pytest.approx(388_250, abs=5)


def test_ground_in_two_zones_counts_once(registry, amherst):
    zones, _ = amherst
    first, second = zones.sindex.query(zones.geometry, predicate="overlaps")
    shared = zones.geometry.values[first].intersection(zones.geometry.values[second])
    point = shared[shared.area.argmax()].representative_point()
    square = geopandas.GeoSeries([point.buffer(20, cap_style="square")], crs=LOCAL_SRID)
    body = {"geometry": shapely.geometry.mapping(square.to_crs(4490)[0])}
    answer = registry.ask("POST", "/v1/extracts", ZHONGMU, json=body)
    themes = {theme["theme"]: theme for theme in answer.json()["themes"]}
    items = themes["water_zone"]["items"]
    inside = set(zones["OBJECTID"][zones.contains(point.buffer(29))])
    assert {item["code"] for item in items} == {f"BHQ{one}" for one in inside}
    assert len(inside) >= 2
    assert sum(item["share"] for item in items) == pytest.approx(len(inside))
    assert themes["water_zone"]["share"] == 1.0


def test_parcels_within_500_and_1000_m_of_a_zone_by_the_distances_of_extracts(
    registry, amherst
):
    zones, parcels = amherst
    ground = zones.union_all()
    nearest = []
    for one in parcels.itertuples():
        source = registry.extract(one.code, ZHONGMU)["water_source"]
        distances = [item["distance_m"] for item in source["items"]]
        expected = one.geometry.distance(ground)
        nearest.append(min(distances, default=None))
        if expected <= 1000:
            assert nearest[-1] == pytest.approx(expected, abs=0.02)
        else:
            assert source["status"] == "clear"
    near = [one for one in nearest if one is not None]
    assert (sum(one <= 500 for one in near), len(near)) == (11, 18)


@pytest.mark.parametrize(("metres", "count"), [(500, 11), (1000, 18), (3000, 24)])
def test_parcels_within_a_distance_by_look_up(registry, amherst, metres, count):
    zones, _ = amherst
    around = zones.buffer(metres, quad_segs=64).union_all()
    degrees = geopandas.GeoSeries([around], crs=LOCAL_SRID).to_crs(4490)[0]
    body = {"geometry": shapely.geometry.mapping(degrees)}
    answer = registry.ask("POST", "/v1/parcels/lookup", ZHONGMU, json=body)
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["items"]) == count


def test_gate_decides_on_every_parcel_of_amherst(registry, amherst):
    for code in amherst[1]["code"]:
        registry.decide(code, ZHONGMU)
