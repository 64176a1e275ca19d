"""Every kind of fault has a sentence, in both languages, and a severity."""

import string

import numpy as np
import pytest
import shapely

from parcels.surveys import issues as catalogue
from parcels.surveys.issue_texts import TEXTS
from parcels.surveys.issues import Issue, Issues, combine, severity_of

KINDS = sorted(catalogue._SEVERITIES)


def placeholders(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_kinds_with_a_severity_are_the_kinds_with_a_text():
    assert set(KINDS) == set(TEXTS)


@pytest.mark.parametrize("kind", KINDS)
def test_both_languages_tell_the_same_parts(kind):
    text = TEXTS[kind]
    assert placeholders(text.zh) == placeholders(text.en)
    assert placeholders(text.advice_zh) == placeholders(text.advice_en)
    assert text.advice_zh and text.advice_en


@pytest.mark.parametrize("kind", KINDS)
def test_figures_of_ground_are_placed_as_they_are_written(kind):
    """Areas and lengths come to a sentence as text, in thousands."""
    text = TEXTS[kind]
    for template in (text.zh, text.en, text.advice_zh, text.advice_en):
        for _, name, form, _ in string.Formatter().parse(template):
            assert not (name and form and name.endswith(("_m", "_m2"))), template


def test_coordinates_of_a_web_map_are_told_with_their_shift():
    issue = Issue(
        1, "coordinates_shifted", "warning", 1, None, "gcj02", {"shift_m": 500}, None
    )
    assert "偏移达 500 m" in issue.message("zh")
    assert "may be 500 m off" in issue.message("en")


def test_message_says_row_field_value_and_what_was_expected():
    issue = Issue(
        1,
        "value_not_allowed",
        severity_of("value_not_allowed"),
        12,
        "JD",
        "x",
        {"expected": "a, b"},
        None,
    )
    assert issue.message("en") == (
        "Row 12, field JD: 'x' is not one of the allowed values (a, b)."
    )
    assert issue.message("zh") == "第 12 行字段 JD：值“x”不在允许范围内（应为：a、b）。"


def test_parts_that_differ_by_language_are_chosen():
    issue = Issue(
        1,
        "geometry_invalid",
        "error",
        3,
        None,
        None,
        {"reason_zh": "自相交", "reason_en": "Self-intersection", "x": "1", "y": "2"},
        shapely.Point(114.0, 34.0),
    )
    assert "自相交" in issue.message("zh")
    assert "Self-intersection at (1, 2)" in issue.message("en")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh", "登记面积 1,234,567.50 m² 与图形椭球面积 1,240,000.25 m² 相差 0.44%。"),
        (
            "en",
            "the declared area 1,234,567.50 m² differs from the ellipsoidal area"
            " 1,240,000.25 m² by 0.44 %.",
        ),
    ],
)
def test_areas_are_written_in_thousands(language, told):
    details = {"mapped_area_m2": 1240000.25, "percent": "0.44"}
    kind = "area_differs_slightly"
    issue = Issue(1, kind, "warning", 3, "ZDMJ", "1234567.50", details, None)
    assert issue.message(language).endswith(told)


def test_issues_come_in_the_order_of_the_rows():
    rows = np.array([5, 2], np.int32)
    table = combine(
        [Issues("value_missing", rows, "A"), Issues("geometry_missing", rows[:1])]
    )
    assert table["row"].to_pylist() == [2, 5, 5]


def test_long_values_are_shortened_in_the_report():
    rows = np.array([1], np.int32)
    table = Issues("text_damaged", rows, "A", ["字" * 500]).to_table()
    assert len(table["value"][0].as_py()) == 200


def test_file_without_faults_gives_an_empty_table():
    assert combine([]).num_rows == 0


def test_shape_of_a_fault_gives_its_place():
    square = shapely.box(114.0, 34.0, 114.002, 34.002)
    shapes = np.array([square], dtype=object)
    table = Issues("overlap", np.array([2], np.int32), shapes=shapes).to_table()
    assert shapely.from_wkb(table["geometry"][0].as_py()) == square
    assert table["longitude"][0].as_py() == pytest.approx(114.001)
    issue = Issue(1, "overlap", "error", 2, None, None, {}, square)
    assert issue.lonlat == pytest.approx((114.001, 34.001))


@pytest.mark.parametrize(
    ("area", "said"),
    [(0.0042, "0.0042"), (1.3e-06, "0.0000013"), (12345.6, "12,345.6"), (50.0, "50")],
)
def test_an_area_is_written_for_people(area, said):
    details = {"code": "a", "other_code": "b", "other_row": 2, "area_m2": area}
    relation = {"relation_zh": "部分重叠", "relation_en": "in part"}
    issue = Issue(
        1, "overlap_slight", "warning", 1, None, None, details | relation, None
    )
    assert f"重叠 {said} m²" in issue.message("zh")
    assert f"overlap by {said} m²" in issue.message("en")


@pytest.mark.parametrize(
    ("others", "zh", "en"),
    [
        (
            "2 (b), 3 (c)",
            "a 与相邻各行 2 (b), 3 (c) 之间有缝隙",
            "between a and rows 2",
        ),
        ("", "a 内部有缝隙", "on average, inside a."),
    ],
)
def test_a_gap_is_told_with_the_rows_around_it(others, zh, en):
    details = {"code": "a", "others": others, "area_m2": 0.0051, "width_m": 0.033}
    issue = Issue(1, "gap_narrow", "warning", 1, None, None, details, None)
    assert zh in issue.message("zh") and en in issue.message("en")


@pytest.mark.parametrize(
    ("area", "zh", "en"),
    [
        (12.5, "界线 30 m，界外 12.5 m²。", "(999901), 12.5 m² of it outside."),
        (0.0, "界线 30 m。", "(999901)."),
    ],
)
def test_a_point_beyond_its_county_has_no_area_outside(area, zh, en):
    division = {"division": "999901", "division_name_zh": "县", "division_name_en": "C"}
    details = {**division, "distance_m": 30.0, "area_m2": area}
    issue = Issue(1, "outside_county", "error", 1, None, None, details, None)
    assert issue.message("zh").endswith(zh) and issue.message("en").endswith(en)


def test_damaged_text_is_spelled_out_in_both_languages():
    severity = severity_of("text_damaged")
    issue = Issue(1, "text_damaged", severity, 1, "ZL", "甲\u202e村\x01", {}, None)
    assert "“甲\\u202e村\\x01”" in issue.message("zh")
    assert "'甲\\u202e村\\x01'" in issue.message("en")
