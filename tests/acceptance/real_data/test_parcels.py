"""County outlines and the parcels of Paris: what is told of them, and what loads."""

import numpy as np
import pytest
import shapely

from tests.real_surveys import (
    COUNTIES,
    COUNTY_FILE,
    LOCAL_SRID,
    REAL_DATA,
    XINZHENG,
    ZHONGMU,
    areal_scale,
    declare,
)

pytestmark = REAL_DATA


def test_county_outlines_load_as_they_are(registry):
    found = registry.rows(
        "select left(code, 4), count(*), sum(mapped_area_m2)"
        " from registry.division group by 1 order by 1"
    )
    assert [(code, count) for code, count, _ in found] == [("4101", 12), ("5134", 17)]
    assert found[0][2] / 1e6 == pytest.approx(7568, abs=5)


def test_county_file_sent_by_one_prefecture_names_every_foreign_row(registry):
    request = declare("division", "4101", 4490, mapping=COUNTY_FILE.mapping)
    data = COUNTIES.read_bytes()
    upload, issues = registry.load(data, "县界.geojson", request)
    assert upload.state == "checked"
    assert {(one.kind, one.value[:4]) for one in issues} == {
        ("division_outside", "5134")
    }
    assert sorted(one.row for one in issues) == list(range(13, 30))


def find_overlaps(frame):
    """Return codes (first row first), shared area and mean width of its widest part."""
    shapes, codes = frame.geometry.values, frame["code"].values
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    first, second = first[first < second], second[first < second]
    shared = shapely.intersection(shapes[first], shapes[second])
    return {
        (codes[i], codes[j]): (one.area, widest(one))
        for i, j, one in zip(first, second, shared, strict=True)
        if one.area > 0
    }


def widest(shared):
    """A film along a long boundary must not hide a part that is wider."""
    parts = shapely.get_parts(shared)
    areas, lengths = shapely.area(parts), shapely.length(parts)
    return max(2 * a / p for a, p in zip(areas, lengths, strict=True) if p > 0)


def test_every_sliver_overlap_is_reported_unless_thinner_than_a_millimetre(
    paris, paris_report, outlines
):
    assert outlines[XINZHENG].contains(shapely.box(*paris.total_bounds))
    _, issues = paris_report
    drawn = find_overlaps(paris)
    assert len(drawn) == 28
    told = {
        (one.details["other_code"], paris["code"][one.row - 1]): one
        for one in issues
        if one.kind.startswith("overlap")
    }
    assert set(told) == {pair for pair, (_, width) in drawn.items() if width > 0.001}
    for pair, one in told.items():
        area = drawn[pair][0]
        assert one.kind == ("overlap" if area > 1 else "overlap_slight")
        assert one.details["area_m2"] == pytest.approx(area, abs=0.006)
        assert one.lonlat is not None
    lost = [area for pair, (area, _) in drawn.items() if pair not in told]
    assert len(lost) == 2 and sum(lost) < 0.12


def test_registered_areas_that_do_not_fit_are_reported_one_by_one(paris, paris_report):
    upload, issues = paris_report
    assert upload.state == "checked"
    mapped = paris.area / areal_scale(paris)
    difference = (paris["contenance"] - mapped).abs()
    beyond = difference > np.maximum(1.0, 0.001 * mapped)
    large = beyond & (difference > 0.01 * mapped)
    rows = {
        severity: {
            one.row
            for one in issues
            if one.kind.startswith("area_") and one.severity == severity
        }
        for severity in ("error", "warning")
    }
    assert rows["error"] == set(np.flatnonzero(large) + 1)
    assert rows["warning"] == set(np.flatnonzero(beyond & ~large) + 1)


def test_all_parcels_are_in_the_register_with_their_area(
    registry, parcels, paris, paris_report
):
    found = registry.rows(
        "select legacy_code, mapped_area_m2, registered_area_m2, location, survey_srid"
        " from registry.parcel where division_code = :county",
        county=XINZHENG,
    )
    mapped = {one.legacy_code: one.mapped_area_m2 for one in found}
    assert len(mapped) == 6821 and set(mapped) == set(paris["id"])
    assert all("巴黎第十八区" in one.location for one in found)
    assert {one.survey_srid for one in found} == {LOCAL_SRID}
    _, issues = paris_report
    wrong = {paris["id"][i.row - 1] for i in issues if i.severity == "error"}
    unknown = {one.legacy_code for one in found if one.registered_area_m2 is None}
    assert unknown == wrong
    expected = (parcels.area / areal_scale(parcels)).set_axis(parcels["id"])
    differences = [abs(area / expected[key] - 1) for key, area in mapped.items()]
    assert max(differences) < 1e-5
    assert parcels.area.sum() == pytest.approx(4_477_447 - 3.34, abs=1)
    assert sum(mapped.values()) == pytest.approx(expected.sum(), rel=1e-6)
    ratios = [
        mapped[key] / area
        for key, area in zip(paris["id"], paris["contenance"], strict=True)
    ]
    assert np.quantile(ratios, [0.01, 0.5, 0.99]).round(3).tolist() == [
        0.951,
        1.0,
        1.062,
    ]


def test_parcel_answers_by_code_with_its_original_number(registry, parcels):
    one = parcels.iloc[1234]
    answer = registry.ask("GET", f"/v1/parcels/{one['code']}")
    assert answer.status_code == 200
    assert answer.json()["legacy_code"] == one["id"]
    assert registry.ask("GET", f"/v1/parcels/{one['code']}", ZHONGMU).status_code == 404
