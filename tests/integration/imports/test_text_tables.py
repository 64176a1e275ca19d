"""Text tables: what separates their values, and where they begin."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.integration.imports.import_steps import values

SHEET: Mapping[str, Any] = {
    "name": "a.csv",
    "layer": "monitoring_point",
    "crs": 4490,
    "encoding": "utf-8",
}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_whatever_alone_stands_between_the_names_separates(read, separator):
    data = f"DWBM{separator}MC\nP1{separator}x\n".encode()
    _, batch = read(data, **SHEET)
    assert values(batch) == {"DWBM": ["P1"], "MC": ["x"]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "DWBM,MC;别名\nP1,x\nP2,y;z\n",
            {"DWBM": ["P1", "P2"], "MC;别名": ["x", "y;z"]},
        ),
        ("DWBM;长,宽\nP1;1,5\nP2;2\n", {"DWBM": ["P1", "P2"], "长,宽": ["1,5", "2"]}),
        ('DWBM;"MC,x"\nP1;2\n', {"DWBM": ["P1"], "MC,x": ["2"]}),
        ("sep=;\r\nDWBM;长,宽\r\nP1;1,5\r\n", {"DWBM": ["P1"], "长,宽": ["1,5"]}),
    ],
)
def test_lines_or_the_file_tell_which_of_two_signs_separates(read, text, expected):
    _, batch = read(text.encode(), **SHEET)
    assert values(batch) == expected


@pytest.mark.parametrize(
    ("text", "reason", "named"),
    [
        ("DWBM;a,MC\nP1;b,x\n", "separator_unclear", "comma, semicolon"),
        ("DWBM，MC\nP1，x\n", "separator_other", "full-width comma"),
        ("sep=x\nDWBMxMC\n", "separator_other", "'x'"),
    ],
)
def test_a_separator_that_cannot_be_told_is_refused_by_name(
    refused, text, reason, named
):
    assert named in refused(text.encode(), reason, **SHEET).en


def test_titles_and_blank_lines_above_the_names_are_passed_over(read):
    data = "净土县监测点位表,,\n\n,,\nDWBM,MC,BZ\nP1,x,\n".encode()
    raw, batch = read(data, **SHEET)
    assert raw.fields == ("DWBM", "MC", "BZ")
    assert (batch.rows.tolist(), values(batch)["MC"]) == ([1], ["x"])


def test_a_field_name_may_go_over_two_lines(read):
    raw, batch = read('DWBM,"MC\n（全称）"\nP1,x\n'.encode(), **SHEET)
    assert raw.fields == ("DWBM", "MC\n（全称）")
    assert (batch.rows.tolist(), values(batch)["DWBM"]) == ([1], ["P1"])


def test_a_line_of_very_many_characters_leaves_the_names_as_they_are(read):
    data = b"DWBM,MC\nP1," + b"x" * 300_000 + b"\n"
    raw, batch = read(data, **SHEET)
    assert raw.fields == ("DWBM", "MC")
    assert len(values(batch)["MC"][0]) == 300_000


@pytest.mark.parametrize("data", [b"DWBM,MC\n", b"DWBM,MC", b"\n\n\n"])
def test_names_without_a_row_below_are_no_rows(refused, data):
    refused(data, "no_rows", **SHEET)


@pytest.mark.parametrize("begin", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])
@pytest.mark.parametrize("name", ["a.csv", "a.txt"])
def test_a_workbook_that_was_only_renamed_is_none(refused, begin, name):
    refused(begin + b",x\n1,2\n", "format_mismatch", **{**SHEET, "name": name})


def test_two_byte_order_marks_are_none_of_the_first_name(read):
    raw, _ = read("\ufeff\ufeffDWBM,MC\nP1,x\n".encode(), **SHEET)
    assert raw.fields == ("DWBM", "MC")


CHINESE = "点位编码,经度,纬度,名称\r\nP1,114.05,34.75,上甸村一组\r\n"
UNMARKED = ["utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("order", UNMARKED)
@pytest.mark.parametrize("text", [CHINESE, "DWBM,JD,WD\nP1,114.05,34.75\n"])
def test_utf_16_without_its_mark_is_proposed(read, order, text):
    raw, batch = read(text.encode(order), **{**SHEET, "encoding": None})
    (found,) = raw.findings
    assert (found.value, found.origin) == ("utf-16", "guessed")
    assert found.evidence[0].kind == "byte_order"
    assert raw.fields == tuple(text.splitlines()[0].split(","))
    assert len(batch) == 1


@pytest.mark.parametrize("order", UNMARKED)
def test_utf_16_that_was_declared_needs_no_mark(read, order):
    declared = {**SHEET, "encoding": "utf-16"}
    _, batch = read(CHINESE.encode(order), **declared)
    assert values(batch)["名称"] == ["上甸村一组"]


@pytest.mark.parametrize("declared", ["utf-8", "gb18030"])
@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be", "utf-16"])
def test_utf_16_declared_as_another_encoding_is_refused_by_name(
    refused, order, declared
):
    found = refused(
        CHINESE.encode(order), "text_is_utf_16", **{**SHEET, "encoding": declared}
    )
    assert declared.upper() in found.zh
    assert "UTF-16" in found.en


def test_utf_16_that_was_cut_inside_a_character_is_told(refused):
    data = CHINESE.encode("utf-16-le")[:-1]
    told = refused(data, "file_damaged", **{**SHEET, "encoding": None})
    assert "UTF-16 文字在最后一个字符中间断开" in told.zh


@pytest.mark.parametrize("order", UNMARKED)
def test_boundary_points_in_utf_16_without_its_mark_are_read(read, order):
    text = "[地块坐标]\n3,0.1,1,甲,面,,,,@\nJ1,1,10,20\nJ2,1,30,20\nJ3,1,10,40\n"
    raw, batch = read(text.encode(order), name="a.txt", encoding="utf-16")
    assert raw.has_geometry
    assert values(batch)["地块名称"] == ["甲"]


def test_a_text_declared_as_utf_16_that_is_none_is_told(refused):
    declared = {**SHEET, "encoding": "utf-16"}
    assert "UTF-16" in refused(CHINESE.encode(), "text_undecodable", **declared).zh
