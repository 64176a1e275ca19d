"""A report as a workbook, and as PDF/A by typst (shell)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final, Literal

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from screening.certificate.typesetting import Press
from screening.reports.cells import body_cell, head_cell
from screening.reports.document import YES_NO, Document, Table, write_cell
from screening.texts import Text

ReportFormat = Literal["xlsx", "pdf"]
MEDIA_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
MOST_PRINTED: Final = 300
"""Rows of a table that are printed; the rest is in the workbook. A choice of layout."""
_UPRIGHT: Final = 8
"""Columns that an upright page bears; with more it lies on its side."""
_ABOUT: Final = Text("说明", "About")
_WIDE: Final = 16.0


def write_report(document: Document, form: ReportFormat, press: Press) -> bytes:
    """Return a report as bytes.

    Raises
    ------
    CannotTypeset
        If a PDF cannot be set, as without fonts.
    """
    if form == "xlsx":
        return write_workbook(document)
    return press.typeset(_page(document), "", "report")


def write_workbook(document: Document) -> bytes:
    """Return a workbook: facts on the first sheet, then a sheet a table."""
    book = Workbook(write_only=True)
    _write_facts(book, document)
    for table in document.tables:
        _write_sheet(book, table, document)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_facts(book: Workbook, document: Document) -> None:
    sheet = book.create_sheet(_ABOUT.of(document.language))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 28, 100
    said = [
        (document.title, document.about),
        *document.facts,
        (document.number, document.closing),
    ]
    for name, value in said:
        sheet.append([body_cell(sheet, name, ""), body_cell(sheet, value, "")])


def _write_sheet(book: Workbook, table: Table, document: Document) -> None:
    sheet = book.create_sheet(table.name[:31])
    for place, heading in enumerate(table.headings, start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = _WIDE * heading.width
    sheet.freeze_panes = "A2"
    sheet.append([head_cell(sheet, heading.title) for heading in table.headings])
    for row in table.rows:
        sheet.append(_cells(sheet, table, row, document))
    last = get_column_letter(len(table.headings))
    sheet.auto_filter.ref = f"A1:{last}{len(table.rows) + 1}"


def _cells(
    sheet: Any, table: Table, row: Sequence[Any], document: Document
) -> list[Any]:
    cells = []
    for heading, value in zip(table.headings, row, strict=True):
        said = YES_NO[value].of(document.language) if isinstance(value, bool) else value
        cells.append(body_cell(sheet, said, heading.form))
    return cells


def _page(document: Document) -> dict[str, Any]:
    return {
        "language": document.language,
        "title": document.title,
        "about": document.about,
        "number": document.number,
        "recorded_at": document.made_at,
        "facts": [list(one) for one in document.facts],
        "wide": any(len(one.headings) > _UPRIGHT for one in document.tables),
        "tables": [_printed(one, document) for one in document.tables],
        "closing": document.closing,
    }


def _printed(table: Table, document: Document) -> dict[str, Any]:
    language = document.language
    total, rows = len(table.rows), table.rows[:MOST_PRINTED]
    cut = Text(
        f"共 {total} 行，列出前 {MOST_PRINTED} 行；全部见电子表格。",
        f"{total} rows, the first {MOST_PRINTED} are listed; all in the workbook.",
    )
    note = f"{table.note} {cut.of(language)}" if total > len(rows) else table.note
    return {
        "name": table.name,
        "note": note,
        "titles": [one.title for one in table.headings],
        "widths": [one.width for one in table.headings],
        "numbers": [one.form != "" for one in table.headings],
        "rows": [
            [
                write_cell(value, heading.form, language)
                for heading, value in zip(table.headings, row, strict=True)
            ]
            for row in rows
        ],
    }
