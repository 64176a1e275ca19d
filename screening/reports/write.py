"""A report as a workbook, and as PDF/A by typst (shell)."""

from __future__ import annotations

import io
from typing import Any, Final, Literal

from parcels.texts import Text
from screening.certificate.typesetting import Press
from screening.reports.cells import Book
from screening.reports.document import (
    YES_NO,
    Document,
    Table,
    count_rows,
    write_cell,
)

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
    out = io.BytesIO()
    with Book(out) as book:
        _write_facts(book, document)
        for table in document.tables:
            _write_sheet(book, table, document)
    return out.getvalue()


def _write_facts(book: Book, document: Document) -> None:
    sheet = book.add_sheet(_ABOUT.of(document.language), (28, 100))
    said = [
        (document.title, document.about),
        *document.facts,
        (document.number, document.closing),
    ]
    for name, value in said:
        sheet.add_row([(name, ""), (value, "")])


def _write_sheet(book: Book, table: Table, document: Document) -> None:
    widths = [_WIDE * heading.width for heading in table.headings]
    sheet = book.add_sheet(table.name[:31], widths)
    sheet.add_head([heading.title for heading in table.headings])
    for row in table.rows:
        sheet.add_row(
            (_said(value, document), heading.form)
            for heading, value in zip(table.headings, row, strict=True)
        )
    sheet.add_filter(len(table.headings))


def _said(value: Any, document: Document) -> Any:
    return YES_NO[value].of(document.language) if isinstance(value, bool) else value


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
    note = table.note
    if total > len(rows):
        note = f"{note} {count_rows(total, len(rows)).of(language)}".strip()
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
