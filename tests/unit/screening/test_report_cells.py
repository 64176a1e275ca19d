"""A workbook is written whatever a name holds, and runs nothing of it."""

import io

import openpyxl
import pytest

from screening.reports.cells import Book


def written_and_read(value, unit=""):
    file = io.BytesIO()
    with Book(file) as book:
        book.add_sheet("表", [16]).add_row([(value, unit)])
    return openpyxl.load_workbook(file).active["A1"]


@pytest.mark.parametrize("character", ["\x01", "\x0b", "\x1f", "\ufffe", "\uffff"])
def test_a_character_that_xml_cannot_hold_keeps_no_workbook_from_being_written(
    character,
):
    assert written_and_read(f"化工{character}厂").value == "化工�厂"


@pytest.mark.parametrize("text", ["=1+1", "\x01=1+1", "@SUM(1)"])
def test_no_text_becomes_a_formula(text):
    assert written_and_read(text).data_type == "s"


@pytest.mark.parametrize(
    ("value", "unit", "format"),
    [
        (0.5, "share", "0.00%"),
        (1234.5, "m2", "#,##0.00"),
        (None, "m2", "General"),
        ("—", "m2", "General"),
        (3, "", "General"),
    ],
)
def test_a_number_is_shown_in_its_unit(value, unit, format):
    cell = written_and_read(value, unit)
    assert cell.number_format == format
    assert (cell.border.left.style, cell.alignment.wrap_text) == ("thin", True)


def test_a_text_too_long_for_a_cell_is_cut():
    assert len(written_and_read("厂" * 40_000).value) == 32_767


def test_the_heads_stay_and_the_rows_can_be_chosen_from():
    file = io.BytesIO()
    with Book(file) as book:
        sheet = book.add_sheet("表", [8, 16])
        sheet.add_head(["序号", "名称"], frozen_columns=1)
        sheet.add_row([(1, ""), ("甲", "")])
        sheet.add_filter(2)
    found = openpyxl.load_workbook(file).active
    assert (found.freeze_panes, found.auto_filter.ref) == ("B2", "A1:B2")
    assert [[cell.value for cell in row] for row in found] == [
        ["序号", "名称"],
        [1, "甲"],
    ]
    assert (found["A1"].font.bold, found.column_dimensions["B"].width) == (
        True,
        16.7109375,
    )
