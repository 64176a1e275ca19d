"""Raw columns become rows of the register, each in its county."""

from datetime import date

from tests.unit.parcels.surveys.candidate_rows import candidates, told

GOOD = "999901001001GB00001"


def test_parcel_belongs_to_the_county_its_code_begins_with():
    found, _ = candidates(ZDDM=[GOOD, "999902001001GB00001"])
    assert found.division_code.to_pylist() == ["999901", "999902"]


def test_other_rows_belong_to_the_county_the_file_was_sent_for():
    found, _ = candidates("plot_event", DKBM=["1"], SJ=["x"], SJBH=["a"])
    assert found.division_code.to_pylist() == ["999901"]


def test_file_for_a_prefecture_says_nothing_of_a_row_without_a_county():
    found, _ = candidates("plot_event", "9999", DKBM=["1"], SJ=["x"], SJBH=["a"])
    assert found.division_code.to_pylist() == [None]


def test_row_may_name_its_own_division_down_to_the_village():
    found, _ = candidates(
        "plot_event", "9999", DKBM=["1"], SJ=["x"], SJBH=["a"], XZQDM=["999902100201"]
    )
    assert found.division_code.to_pylist() == ["999902"]


def test_division_that_cannot_be_read_does_not_become_ours():
    found, _ = candidates(
        "plot_event", DKBM=["1"], SJ=["x"], SJBH=["a"], XZQDM=["净土县"]
    )
    assert found.division_code.to_pylist() == [None]


def test_file_for_a_township_holds_rows_of_that_township():
    found, _ = candidates("plot_event", "999901100", DKBM=["1"], SJ=["x"], SJBH=["a"])
    assert found.division_code.to_pylist() == ["999901100"]


def test_division_is_its_own_division():
    found, _ = candidates(
        "division", XZQDM=["999901", "999901100000"], XZQMC=["县", "镇"]
    )
    assert found.division_code.to_pylist() == ["999901", "999901100"]


def test_unreadable_values_are_null_and_told_with_their_field():
    found, issues = candidates(ZDDM=[GOOD, GOOD], ZDMJ=["100", "一百"])
    assert found.values["registered_area_m2"].to_pylist() == [100.0, None]
    assert told(issues) == {"number_unreadable": [2]}
    assert issues[0].field == "ZDMJ"
    assert issues[0].values == ["一百"]


def test_days_of_a_row_are_its_own():
    found, _ = candidates(ZDDM=[GOOD], 生效日期=["20200101"], 失效日期=[None])
    assert found.valid_from.to_pylist() == [date(2020, 1, 1)]
    assert found.valid_to.to_pylist() == [None]


def test_area_in_mu_becomes_square_metres_and_stays_as_written():
    found, _ = candidates("farmland_unit", LBBM=["1", "2"], SCMJM=["3.00", None])
    assert found.values["registered_area_m2"].to_pylist() == [2000.0, None]
    assert found.raw["registered_area_m2"].to_pylist() == ["3.00", None]
    assert found.in_mu == {"registered_area_m2"}
