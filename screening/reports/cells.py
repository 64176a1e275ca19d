"""Cells of a workbook as this service writes them: heads, grid, numbers (shell)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from parcels.surveys.vector_files import harmless

NUMBERS: Final[Mapping[str, str]] = {
    "share": "0.00%",
    "m": "0.00",
    "m2": "#,##0.00",
    "count": "#,##0",
}
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters no XML document can hold (XML 1.0, production 2): one such in a name must
not keep a workbook from being written."""
_THIN: Final = Side(style="thin", color="B7C4BC")
_HEAD_FONT: Final = Font(bold=True, color="FFFFFF")
_HEAD_FILL: Final = PatternFill("solid", fgColor="1F5C46")
_HEAD_PLACE: Final = Alignment(wrap_text=True, vertical="center", horizontal="center")
_GRID: Final = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_TOP: Final = Alignment(vertical="top", wrap_text=True)


def head_cell(sheet: Any, title: str) -> WriteOnlyCell:
    """Return the head of a column."""
    cell = WriteOnlyCell(sheet, title)
    cell.font, cell.fill, cell.border = _HEAD_FONT, _HEAD_FILL, _GRID
    cell.alignment = _HEAD_PLACE
    return cell


def body_cell(sheet: Any, value: Any, unit: str) -> WriteOnlyCell:
    """Return a cell; a text that a spreadsheet would run as a formula stays a text.

    For a character that a workbook cannot hold stands a question mark (�).
    """
    if isinstance(value, str):
        value = harmless(_NOT_IN_XML.sub("�", value))
    cell = WriteOnlyCell(sheet, value)
    cell.border, cell.alignment = _GRID, _TOP
    if isinstance(value, int | float) and unit in NUMBERS:
        cell.number_format = NUMBERS[unit]
    return cell
