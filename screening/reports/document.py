"""What does a report hold? (core): facts at its head, then tables, in one language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from parcels.refusal import Language
from parcels.texts import Text

Form = Literal["", "m2", "share", "count", "number"]
"""How the numbers of a column are written; empty for texts."""
YES_NO = {True: Text("是", "yes"), False: Text("否", "no")}


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column; `width` is its share of a printed line."""

    title: str
    form: Form = ""
    width: float = 1.0


def head(language: Language, *said: tuple[str, str, Form, float]) -> list[Heading]:
    """Return the heads of columns: title in Chinese and English, form, width.

    Examples
    --------
    >>> head("en", ("面积", "Area", "m2", 1.2))
    [Heading(title='Area', form='m2', width=1.2)]
    """
    return [
        Heading(Text(zh, en).of(language), form, width) for zh, en, form, width in said
    ]


def count_rows(total: int, printed: int) -> Text:
    """Say how many rows there are, and that not all of them are printed.

    Examples
    --------
    >>> count_rows(2, 2).en, count_rows(400, 300).en
    ('Rows: 2.', 'Rows: 400; the first 300 are printed, all are in the workbook.')
    """
    if printed >= total:
        return Text(f"共 {total} 行。", f"Rows: {total}.")
    return Text(
        f"共 {total} 行，列出前 {printed} 行；全部见电子表格。",
        f"Rows: {total}; the first {printed} are printed, all are in the workbook.",
    )


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `name` is that of its sheet (31 characters at most)."""

    name: str
    note: str
    headings: Sequence[Heading]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Document:
    """A report.

    Attributes
    ----------
    number
        What tells this report from another, printed on every page.
    made_at
        ISO 8601; the date inside the PDF.
    """

    language: Language
    title: str
    about: str
    number: str
    made_at: str
    facts: Sequence[tuple[str, str]]
    tables: Sequence[Table] = field(default_factory=tuple)
    closing: str = ""


def write_cell(value: Any, form: Form, language: Language) -> str:
    """Return a value as it is printed; nothing as a dash.

    Examples
    --------
    >>> write_cell(0.9375, "share", "zh"), write_cell(1234.5, "m2", "en")
    ('93.75%', '1,234.50')
    >>> write_cell(None, "", "zh")
    '—'
    """
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return YES_NO[value].of(language)
    if isinstance(value, int | float):
        formats = {"share": "{:.2%}", "m2": "{:,.2f}", "count": "{:,.0f}"}
        return formats.get(form, "{:,.6g}").format(value)
    return str(value)
