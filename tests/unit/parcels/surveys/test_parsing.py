"""What text stands for, and what it cannot stand for."""

from datetime import date, datetime

import pyarrow as pa
import pytest

from parcels.register.layers import Kind
from parcels.surveys.parsing import parse_column, parse_date, to_text


def parse(kind, *values, arrow_type=None):
    """Return values, and kind of fault → indices."""
    parsed = parse_column(kind, pa.array(values, arrow_type or pa.string()))
    faults = {name: bad.tolist() for name, bad in parsed.faults.items() if len(bad)}
    return parsed.values.to_pylist(), faults


def test_numbers_are_read_with_sign_point_and_exponent():
    values, faults = parse(Kind.NUMBER, "1", " 2.50 ", "-3", "+4", ".5", "6.", "1e3")
    assert values == [1.0, 2.5, -3.0, 4.0, 0.5, 6.0, 1000.0]
    assert not faults


def test_empty_text_is_no_value_and_no_fault():
    assert parse(Kind.NUMBER, "", "  ", None) == ([None] * 3, {})


@pytest.mark.parametrize(
    "text", ["114,05", "1,234", "-3,846,000.5", "1.234,5", "114，05", ",5"]
)
def test_a_comma_in_a_number_is_told_and_never_read_one_way_or_the_other(text):
    for kind in (Kind.NUMBER, Kind.INTEGER):
        assert parse(kind, text) == ([None], {"number_comma": [0]})


@pytest.mark.parametrize(
    "text", ["12a", "1,5亩", "甲,乙", ",", "3.5亩", "１２", "--", "nan", "inf"]
)
def test_what_is_no_number_is_told_and_never_bent_into_one(text):
    assert parse(Kind.NUMBER, text) == ([None], {"number_unreadable": [0]})


def test_number_beyond_double_precision_is_out_of_range():
    assert parse(Kind.NUMBER, "1e400") == ([None], {"number_out_of_range": [0]})


def test_nan_of_a_typed_column_is_out_of_range():
    values, faults = parse(Kind.NUMBER, 1.0, float("nan"), arrow_type=pa.float64())
    assert values == [1.0, None]
    assert faults == {"number_out_of_range": [1]}


def test_integer_takes_whole_numbers_of_32_bits_only():
    values, faults = parse(Kind.INTEGER, "3", "3.0", "3.5", "2147483648")
    assert values == [3, 3, None, None]
    assert faults == {"integer_expected": [2], "number_out_of_range": [3]}


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-01",
        "20240501",
        "2024/5/1",
        "2024.5.1",
        "2024年5月1日",
        "2024-05-01T00:00:00",
    ],
)
def test_days_are_read_in_every_usual_spelling(text):
    assert parse_date(text) == date(2024, 5, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-30",
        "1899-12-31",
        "2201-01-01",
        "2024",
        "05/01/2024",
        "2024-05-01 08:00",
    ],
)
def test_what_is_no_day_is_told(text):
    assert parse(Kind.DATE, text) == ([None], {"date_unreadable": [0]})


def test_midnight_of_a_timestamp_column_is_a_day():
    column = pa.array([datetime(2024, 5, 1)], pa.timestamp("ms"))
    assert parse_column(Kind.DATE, column).values.to_pylist() == [date(2024, 5, 1)]


def test_yes_and_no_in_chinese_english_and_digits():
    values, faults = parse(Kind.BOOLEAN, "是", "否", "1", "0", "true", "N", "也许")
    assert values == [True, False, True, False, True, False, None]
    assert faults == {"boolean_unreadable": [6]}


def test_the_dbase_mark_of_a_yes_or_no_not_given_is_null():
    values, faults = parse(Kind.BOOLEAN, "?", "T", "? ", "??")
    assert values == [None, True, None, None]
    assert faults == {"boolean_unreadable": [3]}


def test_lists_have_single_half_width_semicolons():
    values, _ = parse(Kind.TEXT_LIST, "镉; 铅;砷", ";镉;;铅;", " ; ")
    assert values == ["镉;铅;砷", "镉;铅", None]


def test_text_with_control_or_replacement_characters_is_damaged():
    values, faults = parse(Kind.TEXT, "净土", "净\x00土", "净\ufffd", "两行\n文字")
    assert values == ["净土", None, None, "两行\n文字"]
    assert faults == {"text_damaged": [1, 2]}


def test_a_text_has_500_characters_at_most():
    values, faults = parse(Kind.TEXT, "字" * 500, "字\n" * 251)
    assert values == ["字" * 500, None]
    assert faults == {"text_too_long": [1]}


def test_each_part_of_a_list_has_500_characters_at_most():
    values, faults = parse(Kind.TEXT_LIST, "镉;" * 400, "镉;" + "砷" * 501)
    assert values[1] is None
    assert faults == {"text_too_long": [1]}


def test_whole_floats_are_text_without_a_point():
    assert to_text(pa.array([999901.0, 1.5])).to_pylist() == ["999901", "1.5"]


def test_list_columns_become_lists_of_text():
    column = pa.array([["镉", "铅"], None], pa.list_(pa.string()))
    assert to_text(column).to_pylist() == ["镉;铅", None]
