"""Which field of a file fills which attribute."""

from datetime import date

import pytest

from parcels.surveys.mapping import check_fields, map_fields
from parcels.surveys.refusals import FileRefused
from parcels.surveys.request import UploadRequest


def request(layer="parcel", **more):
    return UploadRequest(layer, "999901", date(2024, 1, 1), 4526, **more)


def test_usual_survey_names_are_known_in_any_case():
    mapping = map_fields(("zddm", "ZL", "Zdmj"), request())
    assert mapping.code == "zddm"
    assert mapping.attributes == {"location": "ZL", "registered_area_m2": "Zdmj"}
    assert mapping.unused == ()


def test_our_own_names_and_chinese_titles_are_known():
    mapping = map_fields(("parcel_code", "坐落", "registered_area_m2"), request())
    assert mapping.code == "parcel_code"
    assert set(mapping.attributes) == {"location", "registered_area_m2"}


def test_most_usual_name_wins_and_the_other_is_told_unused():
    mapping = map_fields(("ZDDM", "ZLDWDM", "XZDM"), request())
    assert mapping.attributes["township_code"] == "XZDM"
    assert mapping.unused == ("ZLDWDM",)


def test_what_the_uploader_says_comes_first():
    mapping = map_fields(
        ("ZDDM", "编号", "ZL"), request(mapping={"code": "编号", "legacy_code": "zddm"})
    )
    assert mapping.code == "编号"
    assert mapping.attributes["legacy_code"] == "ZDDM"


def test_mapping_to_a_field_that_is_not_there_is_refused():
    with pytest.raises(FileRefused) as refused:
        map_fields(("ZDDM",), request(mapping={"location": "DZ"}))
    assert refused.value.reason == "mapping_field_missing"


def test_computed_areas_are_never_taken_from_a_file():
    mapping = map_fields(("ZDDM", "mapped_area_m2"), request())
    assert mapping.unused == ("mapped_area_m2",)


FARMLAND_CATEGORIES = ("LBBM", "ZLLB", "DLBM", "MJ_MU", "CNZZNZW", "TRMBWRW", "ZLDWDM")


def test_fields_of_farmland_categories_are_known():
    mapping = map_fields(FARMLAND_CATEGORIES, request("farmland_unit"))
    assert mapping.code == "LBBM"
    assert mapping.attributes == {
        "category": "ZLLB",
        "land_use_code": "DLBM",
        "registered_area_m2": "MJ_MU",
        "crop": "CNZZNZW",
        "target_pollutants": "TRMBWRW",
        "township_code": "ZLDWDM",
    }
    assert mapping.in_mu == {"registered_area_m2"}


@pytest.mark.parametrize(
    ("layer", "fields", "code"),
    [
        ("parcel", ("BSM", "宗地编码"), "宗地编码"),
        ("restriction_area", ("BSM", "YJJBNTTBBH"), "YJJBNTTBBH"),
        ("restriction_area", ("BSM", "HXMC"), "BSM"),
        ("enterprise", ("统一社会信用代码",), "统一社会信用代码"),
        ("monitoring_point", ("点位编号",), "点位编号"),
    ],
)
def test_business_key_is_known_by_the_names_of_its_layer(layer, fields, code):
    assert map_fields(fields, request(layer)).code == code


def test_business_key_is_known_by_what_reports_call_it():
    assert map_fields(("编码", "名称"), request("receptor")).code == "编码"
    assert map_fields(("编码", "STDM"), request("receptor")).code == "STDM"


def test_area_in_mu_is_known_by_its_field():
    mapping = map_fields(("LBBM", "SCMJM"), request("farmland_unit"))
    assert mapping.attributes == {"registered_area_m2": "SCMJM"}
    assert mapping.in_mu == {"registered_area_m2"}


@pytest.mark.parametrize("field", ["实测面积(亩)", "实测面积（亩）", "合同面积亩"])
def test_area_in_mu_is_known_by_its_unit(field):
    declared = request("farmland_unit", mapping={"registered_area_m2": field})
    assert map_fields((field,), declared).in_mu == {"registered_area_m2"}


def test_square_metres_come_before_mu():
    mapping = map_fields(("SCMJM", "TBDLMJ"), request("farmland_unit"))
    assert mapping.attributes == {"registered_area_m2": "TBDLMJ"}
    assert mapping.in_mu == frozenset()


def test_uploader_may_name_coordinates_and_row_facts():
    fields = ("ZDDM", "E", "N", "县", "起", "止")
    declared = {
        "east": "E",
        "north": "n",
        "division_code": "县",
        "valid_from": "起",
        "valid_to": "止",
    }
    mapping = map_fields(fields, request(mapping=declared))
    assert mapping.coordinates == ("E", "N")
    assert (mapping.division, mapping.valid_from, mapping.valid_to) == (
        "县",
        "起",
        "止",
    )
    assert mapping.unused == () and mapping.attributes == {}


def test_row_days_and_division_have_fields_of_their_own():
    mapping = map_fields(("ZDDM", "XZQDM", "生效日期", "valid_to"), request())
    assert (mapping.division, mapping.valid_from, mapping.valid_to) == (
        "XZQDM",
        "生效日期",
        "valid_to",
    )


def test_every_missing_required_field_is_an_issue():
    mapping = map_fields(("QYMC",), request("enterprise"))
    issues = check_fields(mapping, request("enterprise").register_layer)
    assert [issue.kind for issue in issues] == ["field_missing"] * 2
    assert [issue.details["title_zh"] for issue in issues] == ["编码", "状态"]
