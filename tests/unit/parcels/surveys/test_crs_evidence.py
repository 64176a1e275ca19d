"""Declaration, file, coordinates, county: who is believed, and when a file stops."""

import numpy as np
import pytest
import shapely

from parcels.crs import DatumNotConvertible, UnknownCrs, get_crs, transform_from_storage
from parcels.surveys.coordinate_patterns import look_at
from parcels.surveys.crs_evidence import Words, decide_crs
from parcels.surveys.ground import Ground, make_ground
from parcels.surveys.refusals import FileRefused
from tests.unit.parcels.surveys.test_stated_crs import (
    BEIJING,
    CGCS2000,
    XIAN,
    projected,
)

COUNTY = shapely.box(113.5, 34.5, 114.0, 35.0)
GROUND = make_ground([("410122", "中牟县", "Zhongmu", shapely.to_wkb(COUNTY))])
NOWHERE = Ground()
NOTHING = Words(None)
PLACES = [(113.6, 34.6), (113.7, 34.7), (113.8, 34.8)]
ZONE_38 = Words(projected("CGCS2000_3_Degree_GK_Zone_38", CGCS2000, 114, 38_500_000))
MERIDIAN_114 = Words(projected("国家2000_114", CGCS2000, 114, 500_000))


def rows(srid, places=PLACES, swapped=False):
    """Return what rows at those places look like in a system."""
    points = [transform_from_storage(shapely.Point(*one), srid) for one in places]
    boxes = np.array([one.bounds for one in points])
    return look_at(boxes[:, [1, 0, 3, 2]] if swapped else boxes)


def mercator(places=PLACES):
    east = np.radians([x for x, _ in places]) * 6378137
    turned = np.radians([y for _, y in places])
    north = np.log(np.tan(np.pi / 4 + turned / 2)) * 6378137
    return look_at(np.column_stack((east, north, east, north)))


def decide(declared=None, words=NOTHING, seen=None, ground=GROUND):
    found = decide_crs(declared, words, seen, ground)
    return found.value, found.origin


def refusal(reason, declared=None, words=NOTHING, seen=None, ground=GROUND):
    with pytest.raises(FileRefused) as refused:
        decide_crs(declared, words, seen, ground)
    assert refused.value.reason == reason
    return refused.value


def kinds(finding):
    return [one.kind for one in finding.evidence]


def test_declared_system_that_fits_is_taken():
    assert decide(4526, NOTHING, rows(4526)) == (4526, "declared")


def test_stated_system_that_fits_needs_no_confirmation():
    assert decide(None, ZONE_38, rows(4526)) == (4526, "stated")
    assert decide(None, MERIDIAN_114, rows(4547)) == (4547, "stated")


def test_datum_that_is_not_named_must_be_confirmed():
    words = projected(
        "x", ("G", "D_unknown", "GRS_1980"), 114, 5e5, shape=(6378137.0, 298.257222101)
    )
    assert decide(None, Words(words), rows(4547)) == (4547, "guessed")


@pytest.mark.parametrize("srid", [4526, 4497, 4490])
def test_coordinates_that_carry_their_system_propose_it(srid):
    found = decide_crs(None, NOTHING, rows(srid), GROUND)
    assert (found.value, found.origin) == (srid, "guessed")
    assert kinds(found) == ["coordinates", "datum_assumed", "county"]
    assert found.evidence[2].numbers["share_inside"] == 1.0
    assert "中牟县" in found.evidence[2].zh and "Zhongmu" in found.evidence[2].en


def test_without_prefix_the_county_proposes_its_zone():
    found = decide_crs(None, NOTHING, rows(4547), GROUND)
    assert (found.value, found.origin) == (4547, "guessed")
    shares = {one["value"]: one["share_inside"] for one in found.alternatives}
    # 111°E and 117°E are meridians of both widths: one plane, named once.
    assert shares == {4546: 0.0, 4548: 0.0, 4507: 0.0}


def test_without_prefix_a_county_may_use_its_neighbours_zone():
    assert decide(None, NOTHING, rows(4546))[0] == 4546


def test_without_prefix_a_six_degree_zone_is_tried():
    western = make_ground(
        [("410122", "甲", None, shapely.to_wkb(shapely.box(113, 34, 114, 35)))]
    )
    assert decide(None, NOTHING, rows(4548), western)[0] == 4548


def test_without_prefix_and_without_outline_a_person_is_asked():
    assert decide(None, NOTHING, rows(4547), NOWHERE) == (None, "guessed")


def test_coordinates_with_prefix_need_no_outline():
    assert decide(None, NOTHING, rows(4526), NOWHERE) == (4526, "guessed")


def test_rows_without_coordinates_leave_nothing_to_decide():
    assert decide(None, NOTHING, None) == (None, "stated")
    assert decide(None, ZONE_38, None) == (4526, "stated")


@pytest.mark.parametrize("srid", [4490, 4526, 4497, 4547])
@pytest.mark.parametrize("declared", [None, 4526])
def test_swapped_axes_stop_with_both_ranges(srid, declared):
    told = refusal("axes_swapped", declared, NOTHING, rows(srid, swapped=True))
    assert "3 of 3 rows" in told.en and "坐标轴颠倒" in told.zh


def test_prefix_against_prj_stops_with_what_to_take_off():
    told = refusal("crs_contradicts_coordinates", None, MERIDIAN_114, rows(4526))
    assert "38,000,000" in told.zh and "38,000,000" in told.en
    assert "EPSG:4547" in told.en


def test_prj_of_another_zone_stops_with_both_zones():
    zone_39 = Words(projected("Zone_39", CGCS2000, 117, 39_500_000))
    told = refusal("crs_contradicts_coordinates", None, zone_39, rows(4526))
    assert "zone 38" in told.en and "zone 39" in told.en


def test_missing_prefix_stops():
    told = refusal("crs_contradicts_coordinates", 4526, NOTHING, rows(4547))
    assert "carry no zone" in told.en


def test_degrees_declared_as_metres_stop():
    refusal("crs_contradicts_coordinates", 4526, NOTHING, rows(4490))
    refusal("crs_contradicts_coordinates", 4490, NOTHING, rows(4526))


def test_declared_zone_outside_the_county_stops_and_names_the_right_one():
    told = refusal("outside_county", 4548, NOTHING, rows(4547))
    assert "410122 中牟县" in told.zh
    assert "410122 Zhongmu" in told.en
    assert "EPSG:4547" in told.en


def test_prj_of_another_meridian_stops_by_the_county():
    words = Words(projected("CGCS2000_3_Degree_GK_CM_111E", CGCS2000, 111, 500_000))
    assert "EPSG:4547" in refusal("outside_county", None, words, rows(4547)).en


def test_another_county_stops():
    refusal("outside_county", 4526, NOTHING, rows(4526, [(114.9, 34.7)]))
    refusal("outside_county", None, NOTHING, rows(4490, [(103.0, 27.9)]))


def test_county_border_is_not_sharp():
    assert decide(4526, NOTHING, rows(4526, [(114.03, 34.7)]))[0] == 4526


def test_one_row_inside_is_enough_for_the_whole():
    mixed = [(113.7, 34.7), (115.0, 34.7), (115.1, 34.7)]
    found = decide_crs(4526, NOTHING, rows(4526, mixed), GROUND)
    assert found.evidence[-1].numbers["share_inside"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(("words", "meridian"), [(XIAN, 114), (BEIJING, 114)])
def test_old_datum_stops(words, meridian):
    with pytest.raises(DatumNotConvertible):
        decide(None, Words(projected("x", words, meridian, 38_500_000)), rows(4526))


def test_users_choice_comes_before_an_old_datum_copied_along():
    words = Words(projected("x", XIAN, 114, 38_500_000))
    assert decide(4526, words, rows(4526)) == (4526, "declared")


def test_local_system_stops_with_its_parameters():
    words = Words(projected("某市独立坐标系", CGCS2000, 113.5, 500_000))
    told = refusal("crs_local", None, words, rows(4547))
    assert "113.5°" in told.zh and "某市独立坐标系" in told.zh


def test_foreign_system_stops_by_name():
    assert "Massachusetts" in refusal("crs_foreign", None, Words("EPSG:26986")).en


def test_web_mercator_stops():
    refusal("coordinates_web_mercator", None, NOTHING, mercator())
    refusal("crs_contradicts_coordinates", 4526, NOTHING, mercator())


def test_web_mercator_that_looks_like_a_six_degree_zone_stops_by_the_county():
    places = [(121.0, 31.0), (121.1, 31.1)]
    seen = mercator(places)
    assert seen.pattern.zone == 13
    shanghai = shapely.box(120.9, 30.9, 121.2, 31.2)
    ground = make_ground([("310118", "青浦区", None, shapely.to_wkb(shanghai))])
    refusal("coordinates_web_mercator", None, NOTHING, seen, ground)


def test_six_degree_zone_13_in_its_own_county_is_proposed():
    county = shapely.box(75.5, 39.0, 76.5, 40.0)
    ground = make_ground([("653101", "喀什市", None, shapely.to_wkb(county))])
    assert decide(None, NOTHING, rows(4491, [(76.0, 39.5)]), ground)[0] == 4491


def test_drawing_units_stop():
    boxes = np.array([[846.9, 465.2, 900.0, 500.0]])
    refusal("coordinates_small", None, NOTHING, look_at(boxes))


def test_unknown_numbers_stop():
    refusal("coordinates_other", None, NOTHING, look_at(np.array([[2.3, 48.9] * 2])))


def test_what_a_format_implies_is_no_statement_on_metres():
    implied = Words("EPSG:4326", implied=True)
    assert decide(None, implied, rows(4326)) == (4326, "stated")
    assert decide(None, implied, rows(4526)) == (4526, "guessed")


@pytest.mark.parametrize("text", ["garbage", 'LOCAL_CS["Undefined Cartesian SRS"]'])
def test_words_that_say_nothing_are_as_none(text):
    assert decide(None, Words(text), rows(4526)) == (4526, "guessed")


def test_declaration_of_no_known_system_is_refused():
    with pytest.raises(UnknownCrs):
        decide(3857)


def test_alternatives_say_where_the_rows_would_lie():
    found = decide_crs(None, NOTHING, rows(4547), GROUND)
    for other in found.alternatives:
        assert other["zh"] == get_crs(other["value"]).name_zh
        west, south, east, north = other["bounds"]
        assert west < east and south < north
