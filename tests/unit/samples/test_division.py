"""The samples of the invented county give a division an agronomist would accept."""

from collections import Counter
from datetime import date

import numpy as np
import pytest
import shapely

from parcels.area import measure_area
from screening.categories.judging import owners
from screening.categories.loader import read_settings
from screening.categories.material import Material, Points, Units, plane_at
from screening.categories.rows import CATEGORIES, CategoryMaterial, propose
from screening.categories.samples import Result, judge_soil_points, land_of_unit
from screening.standards.loader import read_standards

COUNTY = "999901"
PLANE = plane_at(34.75)
DAY = date(2026, 6, 1)


def degrees(records):
    """Shapes of the generator's plane, put where the county lies."""
    shapes = np.array([one.geometry for one in records], dtype=object)
    moved = PLANE.to_degrees(shapes)
    return shapely.transform(moved, lambda xy: xy + (114.0, 34.75))


def objects(values):
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


@pytest.fixture(scope="module")
def material(records):
    units = [r for r in records["farmland_unit"] if r.division == COUNTY]
    shapes = degrees(units)
    made = Units(
        objects([one.code for one in units]),
        shapes,
        measure_area(shapes),
        objects([one.division for one in units]),
        objects([one.values["township_code"] for one in units]),
        objects([one.values["category"] for one in units]),
        objects([one.values["land_use_code"] for one in units]),
    )
    points = [r for r in records["monitoring_point"] if r.division == COUNTY]
    lonlat = shapely.get_coordinates(degrees(points))
    places = {p.code: xy for p, xy in zip(points, lonlat.tolist(), strict=True)}
    within = dict(zip(places, owners(shapes, lonlat).tolist(), strict=True))
    settings = read_settings()
    results = [
        result(one.values, places, made.land_use[within[one.values["point_code"]]])
        for one in records["sample_result"]
        if one.division == COUNTY
    ]
    standard = read_standards().on("farmland", DAY)
    soil = judge_soil_points(results, settings, standard)
    none = Points(objects([]), np.empty((0, 2)), np.empty((0, 5), np.int8))
    fields = [r for r in records["parcel"] if r.division == COUNTY]
    farmland = [
        r for r in fields if (r.values["land_use_code"] or "")[:2] in ("01", "02")
    ]
    return CategoryMaterial(
        COUNTY, Material(made, soil, none, degrees(farmland)), settings
    )


def result(values, places, land_use):
    point = values["point_code"]
    return Result(
        point,
        *places[point],
        land_of_unit(land_use),
        values["sample_code"],
        values["sampled_on"],
        values["depth_from_m"],
        values["depth_to_m"],
        None,
        values["analyte"],
        values.get("value"),
        values["non_detect"],
        values.get("detection_limit"),
        values["qc_status"],
    )


@pytest.fixture(scope="module")
def proposed(material):
    return [row for row in propose(material) if row.values["record"] == "unit"]


def area_between(rows, before, after):
    return sum(
        row.values["area_m2"]
        for row in rows
        if row.values["category_before"] == before and row.values["category"] == after
    )


def test_points_of_the_county_are_judged(material):
    soil = material.material.soil
    assert len(soil) >= 400
    assert (soil.classes > 0).mean() > 0.98


@pytest.mark.parametrize("category", CATEGORIES[1:])
def test_most_of_each_category_keeps_it(proposed, category):
    total = sum(area_between(proposed, category, one) for one in CATEGORIES)
    kept = area_between(proposed, category, category)
    assert kept / total > 0.75, Counter(
        {one: round(area_between(proposed, category, one)) for one in CATEGORIES}
    )


def test_little_clean_land_becomes_strictly_controlled(proposed):
    total = sum(row.values["area_m2"] for row in proposed)
    jumped = area_between(proposed, "priority_protection", "strict_control")
    assert jumped / total < 0.02


def test_cadmium_is_what_makes_the_categories(proposed):
    targets = Counter(
        one
        for row in proposed
        for one in (row.values["target_pollutants"] or "").split(";")
        if one
    )
    assert targets.most_common(1)[0][0] == "Cd"
    assert targets["Cd"] > 0.8 * sum(targets.values())


def test_areas_by_category_sum_to_the_farmland(proposed, material):
    units = material.material.units
    sums = Counter()
    for row in proposed:
        sums[row.values["unit_code"]] += row.values["area_m2"]
    errors = [abs(sums[c] - a) for c, a in zip(units.code, units.area_m2, strict=True)]
    merged = sum(row.values["slivers_merged"] for row in proposed)
    assert merged > 0 or max(errors) < 0.001
    assert abs(sum(sums.values()) - units.area_m2.sum()) < 0.001 * len(units)


def test_codes_of_the_division_are_its_own(proposed):
    codes = [row.values["new_code"] for row in proposed]
    assert len(codes) == len(set(codes))
    assert all(code.startswith(COUNTY) for code in codes)
