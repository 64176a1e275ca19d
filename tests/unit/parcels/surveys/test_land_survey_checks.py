"""Rules that reviewers apply to land-use parcels: one row breaks one rule."""

import pytest

from parcels.surveys.checks.land_survey import check_land_survey, names_land_survey
from parcels.surveys.mapping import map_fields
from parcels.surveys.request import UploadRequest
from tests.survey_files import square_at
from tests.unit.parcels.surveys.candidate_rows import DAY, parcels, told, with_geometry


def check(**columns):
    count = len(next(iter(columns.values())))
    found = with_geometry(parcels(count, **columns), [square_at(0, 0, 100)] * count)
    return {one.kind: one for one in check_land_survey(found)}


def test_file_is_known_by_fields_only_land_use_parcels_have():
    declared = UploadRequest("parcel", "999901", DAY, 4526)
    assert names_land_survey(map_fields(("ZDDM", "DLBM", "TBBH"), declared))
    assert not names_land_survey(map_fields(("ZDDM", "DLBM"), declared))


def test_rules_are_asked_of_land_use_parcels_only():
    assert check(DLBM=["0701"]) == {}


@pytest.mark.parametrize(
    ("land_use", "town", "kind"),
    [
        ("0701", None, "land_survey_town_missing"),
        ("1005", None, "land_survey_town_missing"),
        ("0101", None, None),
        ("1006", None, None),
        ("0602", "203", "land_survey_town_contradicts"),
        ("0602", "204A", None),
        ("0901", "204", "land_survey_town_contradicts"),
        ("0901", "205", None),
        ("0701", "203", None),
    ],
)
def test_towns_and_villages_carry_their_attribute(land_use, town, kind):
    assert list(check(DLBM=[land_use], CZCSXM=[town])) == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("land_use", "refinement", "agrees"),
    [("0601", "GTGY", True), ("0701", "GTGY", False), ("0103", "HDGD", True)]
    + [("0301", "HDGD", False), ("0701", "LJTM", True)],
)
def test_refinement_agrees_with_its_class(land_use, refinement, agrees):
    found = check(DLBM=[land_use], TBXHDM=[refinement])
    assert (found == {}) is agrees


def test_what_is_planted_is_said_of_cultivated_land():
    found = check(DLBM=["0101", "0201"], TBBH=["1", "2"], ZZSXDM=["LS", "LS"])
    assert told(found.values()) == {"land_survey_refinement_contradicts": [2]}


def test_areas_add_up():
    found = check(
        TBBH=["1", "2"],
        TBMJ=["100.00", "100.00"],
        KCMJ=["10.00", "10.00"],
        TBDLMJ=["90.01", "90.02"],
    )
    assert told(found.values()) == {"land_survey_areas_disagree": [2]}
    assert found["land_survey_areas_disagree"].details["expected"] == ["90.00"]


def test_smallest_areas_follow_the_class():
    sides = (14.1, 14.2, 19.9, 20.1, 24.4, 24.6)
    classes = ["0701", "0701", "0101", "0101", "1204", "1204"]
    rows = parcels(6, DLBM=classes, TBBH=list("123456"))
    found = with_geometry(rows, [square_at(0, 0, side) for side in sides])
    assert told(check_land_survey(found)) == {"area_below_minimum": [1, 3, 5]}
