"""Values that are missing, not allowed or contradict each other."""

from datetime import date

from parcels.surveys.checks.attributes import check_attributes
from parcels.surveys.checks.divisions import check_divisions
from tests.unit.parcels.surveys.candidate_rows import (
    DAY,
    candidates,
    parcels,
    told,
)

EVENT = {"DKBM": ["1"], "SJ": ["listed"], "SJBH": ["a"]}


def check(found):
    return list(check_attributes(found, DAY))


def test_good_rows_have_no_issue():
    assert check(parcels(2, DLBM=["0601"] * 2, DLBZ=["gbt21010_2017"] * 2)) == []


def test_missing_code_and_missing_required_value_are_errors():
    found, _ = candidates("plot_event", **{**EVENT, "SJ": [None], "SJBH": [""]})
    issues = check(found)
    assert [(one.kind, one.field) for one in issues] == [
        ("value_missing", "SJBH"),
        ("value_missing", "SJ"),
    ]


def test_value_outside_the_list_names_what_is_allowed():
    found, _ = candidates("plot_event", **EVENT, XJD=["contaminatd"])
    (issue,) = check(found)
    assert issue.kind == "value_not_allowed"
    assert "contaminated" in issue.details["expected"]


def test_a_theme_that_no_rule_knows_is_told_and_may_be_kept():
    themes = ["ecological_redline", "ecological_redine", "生态保护红线", None]
    found, _ = candidates("restriction_area", code=list("abcd"), theme=themes)
    (issue,) = [one for one in check(found) if one.kind == "theme_unknown"]
    assert issue.severity == "warning"
    assert told([issue]) == {"theme_unknown": [2]}
    assert "ecological_redline" in issue.details["expected"]


def test_land_use_code_needs_its_scheme():
    found = parcels(2, DLBM=["0601", None])
    assert told(check(found)) == {"land_use_scheme_missing": [1]}


def test_unreadable_value_is_not_told_twice():
    found, issues = candidates("key_unit_list", MLBH=["1"], TYSHXYDM=["A"], ND=["今年"])
    assert told(issues) == {"number_unreadable": [1]}
    assert check(found) == []


def test_end_must_come_after_the_beginning_of_row_or_file():
    days = ["20240102", "20240101", "20231231", None]
    found = parcels(4, 失效日期=days)
    assert told(check(found)) == {"dates_reversed": [2, 3]}
    assert check(found)[0].details["valid_from"] == [date(2024, 1, 1).isoformat()] * 2


def test_rows_of_another_county_are_told_with_it():
    found, _ = candidates(ZDDM=["999901001001GB00001", "999902001001GB00001"])
    (issue,) = check_divisions(found, "999901")
    assert (issue.kind, issue.rows.tolist()) == ("division_outside", [2])
    assert issue.values == ["999902"]


def test_prefecture_may_send_rows_of_all_its_counties():
    found, _ = candidates(
        division="9999", ZDDM=["999901001001GB00001", "999902001001GB00001"]
    )
    assert list(check_divisions(found, "9999")) == []


def test_parcel_code_and_division_field_must_agree():
    found = parcels(2, XZQDM=["999901", "999902"])
    assert told(check_divisions(found, "9999")) == {"division_conflict": [2]}


def test_row_without_any_county_is_told():
    found, _ = candidates("plot_event", "9999", **EVENT)
    assert told(check_divisions(found, "9999")) == {"division_unknown": [1]}
