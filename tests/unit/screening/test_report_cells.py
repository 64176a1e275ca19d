"""A workbook is written whatever a name holds, and runs nothing of it."""

import io

import openpyxl
import pytest

from screening.reports.cells import body_cell


def written_and_read(value, unit=""):
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.append([body_cell(sheet, value, unit)])
    file = io.BytesIO()
    workbook.save(file)
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
