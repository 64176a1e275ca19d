"""Workbooks as this service writes them: heads, grid, numbers (shell).

Row by row to the disk: a run may have a hundred thousand of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final

import xlsxwriter

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
_LONGEST: Final = 32_767
"""Characters a cell can hold (ECMA-376); what is longer is cut."""
_GRID: Final = {"border": 1, "border_color": "#B7C4BC"}
_HEAD: Final = {
    **_GRID,
    "bold": True,
    "font_color": "#FFFFFF",
    "bg_color": "#1F5C46",
    "text_wrap": True,
    "valign": "vcenter",
    "align": "center",
}
_BODY: Final = {**_GRID, "valign": "top", "text_wrap": True}
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


class Book:
    """A workbook under way; leaving its block writes the file."""

    def __init__(self, target: Path | BinaryIO) -> None:
        options = {**_OPTIONS, "in_memory": not isinstance(target, Path)}
        whole = f"{target}" if isinstance(target, Path) else target
        self._book = xlsxwriter.Workbook(whole, options)
        self.head = self._book.add_format(_HEAD)
        self.looks = {
            unit: self._book.add_format({**_BODY, "num_format": number})
            for unit, number in {"": "General", **NUMBERS}.items()
        }

    def __enter__(self) -> Book:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._book.close()

    def add_sheet(self, name: str, widths: Sequence[float]) -> Sheet:
        """Return a new sheet with so many columns; fill it before the next one."""
        sheet = self._book.add_worksheet(name)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        return Sheet(self, sheet)


class Sheet:
    """A sheet that is written from the top."""

    def __init__(self, book: Book, sheet: Any) -> None:
        self._book, self._sheet, self._rows = book, sheet, 0

    def add_head(self, titles: Sequence[str], *, frozen_columns: int = 0) -> None:
        """Write the heads of the columns; they stay where they are."""
        for place, title in enumerate(titles):
            self._sheet.write_string(0, place, _clean(title), self._book.head)
        self._sheet.freeze_panes(1, frozen_columns)
        self._rows = 1

    def add_row(self, values: Iterable[tuple[Any, str]]) -> None:
        """Write a row of values, each with its unit (a key of `NUMBERS`, or none).

        None, the empty text and NaN leave a cell empty. A text that a spreadsheet would
        run as a formula stays a text; for a character that a workbook cannot hold
        stands a question mark (�).
        """
        sheet, row, looks = self._sheet, self._rows, self._book.looks
        for place, (value, unit) in enumerate(values):
            if value is None or value == "" or value != value:
                sheet.write_blank(row, place, None, looks[""])
            elif isinstance(value, int | float):
                sheet.write_number(row, place, value, looks.get(unit, looks[""]))
            else:
                sheet.write_string(row, place, _clean(f"{value}"), looks[""])
        self._rows = row + 1

    def add_filter(self, columns: int) -> None:
        """Let the reader choose among the rows by these columns."""
        self._sheet.autofilter(0, 0, max(self._rows - 1, 0), columns - 1)


def _clean(text: str) -> str:
    return f"{harmless(_NOT_IN_XML.sub('�', text))}"[:_LONGEST]
