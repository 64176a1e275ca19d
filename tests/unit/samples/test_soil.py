"""The soil samples agree with the categories of the units they stand in."""

import shapely
from sample_county.soil import CADMIUM, DETECTION_LIMIT


def top_results(records, analyte):
    """Return the latest top-soil result of each point."""
    return {
        record.values["point_code"]: record.values
        for record in records["sample_result"]
        if record.values["analyte"] == analyte and record.values["depth_from_m"] == 0
    }


def judge_cadmium(value, ph, paddy):
    """Return 1, 2 or 3 by GB 15618-2018."""
    bands = CADMIUM["paddy" if paddy else "other"]
    _, screening, intervention = next(band for band in bands if ph <= band[0])
    return 1 + (value > screening) + (value > intervention)


def classes_by_category(records):
    units = records["farmland_unit"]
    tree = shapely.STRtree([unit.geometry for unit in units])
    cadmium, acidity = top_results(records, "Cd"), top_results(records, "pH")
    found = {}
    for point in records["monitoring_point"]:
        unit = units[int(tree.query(point.geometry, "within")[0])]
        judged = judge_cadmium(
            cadmium[point.code].get("value") or 0.0,
            acidity[point.code]["value"],
            unit.values["land_use_code"] == "0101",
        )
        found.setdefault(unit.values["category"], []).append(judged)
    return found


def test_there_are_400_points_or_more_with_results(records):
    points = {record.code for record in records["monitoring_point"]}
    sampled = {record.values["point_code"] for record in records["sample_result"]}
    assert len(points) >= 400
    assert sampled == points


def test_priority_land_is_clean_and_strict_land_is_not(records):
    classes = classes_by_category(records)
    clean = classes["priority_protection"]
    assert clean.count(1) == len(clean)
    heavy = classes["strict_control"]
    assert heavy.count(3) >= 0.5 * len(heavy)
    middle = classes["safe_use"]
    assert middle.count(2) >= 0.8 * len(middle)
    assert 3 not in middle


def test_non_detects_are_written_as_such(records):
    hidden = [r.values for r in records["sample_result"] if r.values["non_detect"]]
    assert hidden
    for values in hidden:
        assert "value" not in values
        assert values["detection_limit"] == DETECTION_LIMIT[values["analyte"]]
        assert values["raw_value"] == f"<{values['detection_limit']:g}"


def test_some_points_have_two_depths_and_some_two_campaigns(records):
    depths, campaigns = {}, {}
    for record in records["sample_result"]:
        code = record.values["point_code"]
        depths.setdefault(code, set()).add(record.values["depth_to_m"])
        campaigns.setdefault(code, set()).add(record.values["campaign"])
    assert sum(len(found) > 1 for found in depths.values()) >= 20
    assert sum(len(found) > 1 for found in campaigns.values()) >= 20
