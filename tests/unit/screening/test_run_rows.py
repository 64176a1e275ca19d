"""Rows of screening runs on land whose answers can be done in the head."""

import dataclasses
from datetime import date

import pytest
import shapely

from parcels.texts import Text
from screening.distance_rules import DISTANCE_RULES
from screening.neighbourhood import BorderHit
from screening.parameters import Parameter
from screening.runs.overlay_rows import OverlayMaterial, list_overlaps, tally_overlaps
from screening.runs.receptor_rows import ReceptorMaterial, list_receptors
from screening.runs.surrounding_rows import (
    RingOf,
    SurroundingMaterial,
    list_surroundings,
)
from screening.runs.water_rows import WaterMaterial, list_water_risks
from tests.builders import make_feature, multi, point, rectangle, square

TABLE = tuple(
    RingOf(rule, rule.reason) for rule in DISTANCE_RULES if rule.way == "straight"
)
TODAY = date(2026, 6, 1)


def feature(layer, code, geometry, category=None, **more):
    shape = multi(geometry) if geometry.geom_type == "Polygon" else geometry
    values = {"theme": layer, "layer": layer, "code": code, "category": category}
    values["version_id"] = abs(hash((layer, code))) % 10**9
    return make_feature(shape, **(values | more))


def smelter(geometry=None, **attributes):
    known = {"industry_code": "3212", "industry_edition": "2017", **attributes}
    shape = geometry if geometry is not None else square(200)
    return feature("enterprise", "E-1", shape, "active", attributes=known)


def pond(east_m=0.0):
    return feature("facility", "TP-1", square(20, east_m=east_m), "tailings_pond")


def around(source, *things, **changes):
    values = {
        "sources": [source],
        "things": list(things),
        "across": [],
        "rings": TABLE,
        "asked_rings": False,
        "industry_lists": {},
        "perimeter_m": 1000.0,
        "overdue_before": date(2025, 6, 1),
        "overdue_for_all": False,
    }
    return list_surroundings(SurroundingMaterial(**(values | changes)))


def rows_of(rows, kind):
    return [row for row in rows if row.values["row"] == kind]


def test_farmland_near_a_smelter_is_listed_with_distance_and_rule():
    field = feature("farmland_unit", "F-1", rectangle(600, -50, 700, 50), "safe_use")
    (row,) = rows_of(around(smelter(), field), "around")
    assert row.values["distance_m"] == pytest.approx(500, abs=0.05)
    assert row.values["ring_m"] == 1000
    assert "BUF_SMELTER_FARM" in row.values["rules"]
    assert row.values["area_in_ring_m2"] == pytest.approx(10_000, rel=2e-3)
    assert "HJ 964" in row.why.en


def test_farmland_beyond_the_ring_is_not_listed():
    field = feature("farmland_unit", "F-1", rectangle(1101, 0, 1200, 50), "safe_use")
    assert not rows_of(around(smelter(), field), "around")


def test_the_area_in_a_ring_is_that_part_of_the_field_which_lies_in_it():
    # The ring reaches 1,100 m east of the middle: half of the strip.
    field = feature("farmland_unit", "F-1", rectangle(1000, -5, 1200, 5), "safe_use")
    (row,) = rows_of(around(smelter(), field), "around")
    assert row.values["area_in_ring_m2"] == pytest.approx(1000, rel=3e-3)


def test_land_along_a_main_road_is_listed_for_monitoring():
    road = feature("restriction_area", "L-1", rectangle(0, 0, 10, 500), "main_road")
    road = dataclasses.replace(road, theme="main_road")
    near = feature("farmland_unit", "F-1", rectangle(60, 0, 90, 50), "safe_use")
    far = feature("farmland_unit", "F-2", rectangle(61, 100, 90, 150), "safe_use")
    found = around(road, near, far)
    (row,) = rows_of(found, "around")
    assert (row.values["code"], row.values["ring_m"]) == ("F-1", 50)
    assert "BUF_ROAD" in row.values["rules"]
    assert not rows_of(found, "monitoring_overdue"), "no law asks it of roads"


def test_a_source_no_rule_names_is_counted_and_not_passed_over():
    works = feature("facility", "W-1", square(50), "sewage_works")
    (row,) = around(works)
    assert row.values["row"] == "no_rule"


def test_an_industry_that_is_not_known_is_shown_as_it_may_matter():
    field = feature("farmland_unit", "F-1", rectangle(150, 0, 250, 50), "safe_use")
    source = smelter(industry_code=None)
    (row,) = rows_of(around(source, field), "around")
    assert row.values["certain"] == "industry_unknown"


def test_rings_of_the_askers_own_hold_for_every_source_and_object():
    works = feature("facility", "W-1", square(100), "sewage_works")
    home = feature("receptor", "R-1", rectangle(250, 0, 300, 50), "residential")
    origin = Text("自定", "own")
    rings = [RingOf(ring.rule, origin) for ring in TABLE[:1]]
    (row,) = rows_of(around(works, home, rings=rings, asked_rings=True), "around")
    assert row.values["distance_m"] == pytest.approx(200, abs=0.05)


def monitoring(days, medium="soil", east_m=300.0):
    return feature(
        "monitoring_point",
        "M-1",
        point(east_m),
        medium,
        attributes={"last_sampled_on": days},
        accuracy_m=5.0,
    )


@pytest.mark.parametrize(
    ("last", "medium", "east_m", "late"),
    [
        ("2025-06-01", "soil", 300, ["ground_water"]),
        ("2025-05-31", "soil", 300, ["soil", "ground_water"]),
        (None, "soil", 300, ["soil", "ground_water"]),
        ("2026-01-01", "ground_water", 300, ["soil"]),
        ("2026-01-01", "surface_water", 300, ["soil", "ground_water"]),
        ("2026-01-01", "soil", 1200, ["soil", "ground_water"]),
    ],
)
def test_soil_and_groundwater_around_a_key_unit_are_sampled_each_year(
    last, medium, east_m, late
):
    source = smelter(key_unit={"years": [2025]})
    rows = around(source, monitoring(last, medium, east_m))
    found = rows_of(rows, "monitoring_overdue")
    assert [row.values["type"] for row in found] == late
    lasts = {row.values["type"]: row.values["last_sampled_on"] for row in found}
    near_soil = (medium, east_m) == ("soil", 300)
    assert lasts.get("soil") == (last if near_soil and "soil" in late else None)


@pytest.mark.parametrize("kind", ["landfill", "informal_dump", "illegal_dump"])
def test_soil_surveyed_around_a_dump_is_listed_with_its_last_day(kind):
    dump = feature("facility", "D-1", square(20), kind)
    near = monitoring("2025-03-01", east_m=400)
    (row,) = rows_of(around(dump, near), "around")
    assert row.values["last_sampled_on"] == "2025-03-01"
    assert "BUF_LANDFILL" in row.values["rules"]
    assert not rows_of(around(dump, monitoring("2025-03-01", east_m=600)), "around")


def test_a_key_unit_with_both_media_sampled_in_time_is_not_late():
    source = smelter(key_unit={"years": [2025]})
    both = [monitoring("2026-01-01", one) for one in ("soil", "ground_water")]
    assert not rows_of(around(source, *both), "monitoring_overdue")


def test_others_are_to_be_sampled_around_when_asked():
    assert not rows_of(around(smelter()), "monitoring_overdue")
    assert rows_of(around(smelter(), overdue_for_all=True), "monitoring_overdue")


def test_a_point_source_is_widened_and_says_so():
    source = feature(
        "facility", "TP-1", point(0), "tailings_pond", stated_area_m2=31415.93
    )
    home = feature("receptor", "R-1", rectangle(300, -10, 320, 10), "residential")
    (row,) = rows_of(around(source, home), "around")
    assert row.values["distance_m"] == pytest.approx(200, abs=0.05)
    assert row.values["widened_by_m"] == pytest.approx(100, abs=0.01)
    assert "widened" in row.why.en


def test_what_a_point_may_reach_cannot_be_placed():
    source = feature("facility", "TP-1", point(0), "tailings_pond", accuracy_m=80.0)
    home = feature("receptor", "R-1", rectangle(60, -10, 80, 10), "residential")
    (row,) = rows_of(around(source, home), "around")
    assert row.values["ring"] == "cannot_be_placed"


def test_of_another_division_only_theme_relation_and_division_are_told():
    source = smelter()
    hit = BorderHit("receptor", "within", 500.0, "999902")
    rows = around(source, across=[(source, hit)])
    (row,) = rows_of(rows, "across_border")
    told = {name: value for name, value in row.values.items() if value is not None}
    assert told == {
        "row": "across_border",
        "source_theme": "enterprise",
        "source_code": "E-1",
        "division_code": "999901",
        "theme": "receptor",
        "ring": "within",
        "ask_division": "999902",
    }
    assert row.geometry is None


def zone(basis="approved", level="level_2", shape=None):
    return feature(
        "water_zone",
        "Z-1",
        shape if shape is not None else square(1000),
        level,
        attributes={"source_code": "S-1", "source_name": "水源", "basis": basis},
    )


def water(zones=(), sources=(), risks=(), extents=None):
    material = WaterMaterial(zones, sources, risks, [], extents or {})
    return list_water_risks(material)


def test_a_pond_half_inside_a_zone_is_listed_with_its_share_and_the_law():
    (row,) = water([zone()], risks=[pond(east_m=500)])
    assert row.values["overlap_share"] == pytest.approx(0.5, abs=1e-3)
    assert row.values["overlap_m2"] == pytest.approx(200, rel=2e-3)
    assert "Art. 66" in row.why.en and row.values["hint"] is False


def test_a_pond_that_only_touches_a_zone_is_not_inside():
    assert water([zone()], risks=[pond(east_m=510.01)]) == []


def test_a_zone_that_was_not_approved_is_a_hint_and_bars_nothing():
    (row,) = water([zone("hj338_default")], risks=[pond()])
    assert row.values["hint"] is True
    assert "Art. 6" not in row.why.en


def source(**attributes):
    known = {"status": "in_use", "scale_class": "qiandunwanren", "zone_bases": None}
    shape = point(0)
    return feature("water_source", "S-1", shape, "river", attributes=known | attributes)


EXTENT = Parameter(
    *("hj338_river_m", 1000.0, "m", None, None, "recalled"),
    Text("HJ 338（凭记忆）：上游", "HJ 338 (recalled): upstream"),
)


def test_a_source_without_a_zone_is_listed_and_its_default_extent_is_a_hint():
    rows = water(sources=[source()], risks=[pond(900)], extents={"river": EXTENT})
    without, hint = rows
    assert without.values["row"] == "without_zone"
    assert (hint.values["row"], hint.values["hint"]) == ("hint", True)
    assert hint.why.en.count("recalled") == hint.why.zh.count("凭记忆") == 1


@pytest.mark.parametrize(
    ("attributes", "listed"),
    [
        ({"zone_bases": ["approved"]}, False),
        ({"zone_bases": ["unknown"]}, True),
        ({"status": "withdrawn"}, False),
        ({"status": "backup"}, True),
        ({"status": None}, True),
    ],
)
def test_sources_in_use_planned_or_backup_need_an_approved_zone(attributes, listed):
    assert bool(water(sources=[source(**attributes)])) == listed


def overlaps(left, right, within_m=0.0, across=(), unmet=False):
    material = OverlayMaterial(left, right, across, within_m, 1.0, 0.1, unmet)
    return list_overlaps(material)


def area(code, geometry, category):
    return feature("restriction_area", code, geometry, category, theme=category)


def test_what_no_area_covers_is_told_whole_and_in_part():
    # Fields of 100 m: basic farmland covers the west 60 m of one, and none of another.
    one = feature("farmland_unit", "F-1", square(100), "priority_protection")
    other = feature(
        "farmland_unit", "F-2", rectangle(500, 0, 600, 100), "priority_protection"
    )
    basic = area("B", rectangle(-50, -50, 10, 50), "permanent_basic_farmland")
    rows = overlaps([one, other], [basic], unmet=True)
    (total,) = rows_of(rows, "total")
    assert total.values["rest_m2"] == pytest.approx(4000, rel=1e-4)
    (unmet,) = rows_of(rows, "unmet")
    assert unmet.values["code"] == "F-2"
    assert unmet.values["rest_m2"] == pytest.approx(10_000, rel=1e-4)
    assert tally_overlaps(unmet) == {"unmet": 1, "rest_m2": unmet.values["rest_m2"]}
    assert not rows_of(overlaps([one, other], [basic]), "unmet")


def test_land_that_another_county_meets_is_not_told_as_met_by_nothing():
    field = feature("farmland_unit", "F-1", square(100), "priority_protection")
    hit = BorderHit("permanent_basic_farmland", "on", None, "999902")
    rows = overlaps([field], [], across=[(field, hit)], unmet=True)
    assert [row.values["row"] for row in rows] == ["across_border"]


def test_pairs_classes_and_total_of_two_areas_that_overlap_each_other():
    # A field of 100 m; redline on its west 60 m, farmland on its east 60 m.
    field = feature("parcel", "P-1", square(100))
    red = area("A", rectangle(-50, -50, 10, 50), "ecological_redline")
    green = area("B", rectangle(-10, -50, 50, 50), "permanent_basic_farmland")
    rows = overlaps([field], [red, green])
    assert [row.values["row"] for row in rows] == [
        "pair",
        "pair",
        "class",
        "class",
        "total",
    ]
    shares = [row.values["share"] for row in rows]
    assert shares == pytest.approx([0.6, 0.6, 0.6, 0.6, 1.0], abs=1e-5)
    alone = [row.values["exclusive_share"] for row in rows_of(rows, "class")]
    assert alone == pytest.approx([0.4, 0.4], abs=1e-5)


def test_the_same_area_twice_counts_once():
    field = feature("parcel", "P-1", square(100))
    twice = [area(code, rectangle(-50, -50, 0, 50), "control_area") for code in "AB"]
    rows = overlaps([field], twice)
    total = rows_of(rows, "total")[0]
    assert total.values["share"] == pytest.approx(0.5, abs=1e-6)
    tallied = [tally_overlaps(row).get("area_m2", 0) for row in rows]
    assert sum(tallied) == pytest.approx(5000, rel=1e-3)


def test_a_sliver_is_reported_and_not_counted():
    field = feature("parcel", "P-1", square(100))
    film = area("A", rectangle(49.95, -50, 150, 50), "control_area")
    rows = overlaps([field], [film])
    assert {row.values["ring"] for row in rows} == {"sliver"}
    assert not any("area_m2" in tally_overlaps(row) for row in rows)


def test_what_shares_no_ground_is_listed_within_the_distance_asked():
    field = feature("parcel", "P-1", square(100))
    near = area("A", rectangle(80, -50, 90, 50), "control_area")
    assert overlaps([field], [near]) == []
    (row,) = overlaps([field], [near], within_m=50.0)
    assert row.values["distance_m"] == pytest.approx(30, abs=0.02)


def test_points_and_lines_are_met_without_a_made_up_area():
    field = feature("parcel", "P-1", square(100))
    well = feature("receptor", "R-1", point(10), "well")
    (row,) = overlaps([field], [well])
    assert row.values["ring"] == "on" and "area_m2" not in row.values


def test_a_layer_held_against_itself_leaves_each_one_out():
    one = feature("parcel", "P-1", square(100))
    other = feature("parcel", "P-2", square(100, east_m=50))
    rows = rows_of(overlaps([one, other], [one, other]), "pair")
    assert [(r.values["code"], r.values["other_code"]) for r in rows] == [
        ("P-1", "P-2"),
        ("P-2", "P-1"),
    ]


def test_receptors_come_nearest_first_and_people_are_counted_within_500_m():
    plot = feature("plot", "PL-1", square(100), "contaminated")
    near, far = (
        feature(
            "receptor",
            f"R-{east_m}",
            rectangle(east_m, 0, east_m + 10, 10),
            "school",
            attributes={"population": 100},
        )
        for east_m in (300, 800)
    )
    material = ReceptorMaterial([plot], [far, near], [], 1000.0, 500.0)
    rows = list_receptors(material)
    assert [row.values["code"] for row in rows] == ["R-300", "R-800"]
    assert [row.values["in_population_ring"] for row in rows] == [True, False]


def test_rows_do_not_depend_on_the_order_of_what_was_read():
    things = [
        feature("receptor", f"R-{n}", point(100 + n), "school", accuracy_m=1.0)
        for n in range(20)
    ]
    assert around(pond(), *things) == around(pond(), *reversed(things))
    assert not shapely.is_missing(
        [row.geometry for row in around(pond(), *things)]
    ).any()
