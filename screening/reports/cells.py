"""Cells of a workbook as this service writes them: heads, grid, numbers (shell)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import (
    Alignment,
    Border,
    Font,
    NamedStyle,
    PatternFill,
    Side,
)

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
_GRID: Final = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_FONT, _POINTS = "Calibri", 11
_HEAD: Final[Mapping[str, Any]] = {
    "font": Font(name=_FONT, size=_POINTS, bold=True, color="FFFFFF"),
    "fill": PatternFill("solid", fgColor="1F5C46"),
    "border": _GRID,
    "alignment": Alignment(wrap_text=True, vertical="center", horizontal="center"),
}
_BODY: Final[Mapping[str, Any]] = {
    "font": Font(name=_FONT, size=_POINTS),
    "border": _GRID,
    "alignment": Alignment(vertical="top", wrap_text=True),
}


def head_cell(sheet: Any, title: str) -> WriteOnlyCell:
    """Return the head of a column."""
    return _cell(sheet, title, "jingtu head", _HEAD)


def body_cell(sheet: Any, value: Any, unit: str) -> WriteOnlyCell:
    """Return a cell; a text that a spreadsheet would run as a formula stays a text.

    For a character that a workbook cannot hold stands a question mark (�).
    """
    if isinstance(value, str):
        value = harmless(_NOT_IN_XML.sub("�", value))
    if isinstance(value, int | float) and unit in NUMBERS:
        return _cell(sheet, value, f"jingtu {unit}", _BODY, NUMBERS[unit])
    return _cell(sheet, value, "jingtu", _BODY)


def _cell(
    sheet: Any, value: Any, name: str, look: Mapping[str, Any], number: str = "General"
) -> WriteOnlyCell:
    """Return a cell in a named style of its workbook.

    Font, border and alignment set one by one cost more than all the rest of a cell.
    """
    if name not in sheet.parent.named_styles:
        style = NamedStyle(name, number_format=number, **look)
        sheet.parent.add_named_style(style)
    cell = WriteOnlyCell(sheet, value)
    cell.style = name
    return cell
