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
