"""What does a CSV file or an Excel sheet say? (shell).

Every value arrives as text; `parsing` decides what it means. The first line with more
than one value holds the field names; the line after it is row 1. Blank lines of a sheet
keep their number, blank lines of a CSV file are not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.csv

from parcels.surveys.limits import Limits
from parcels.surveys.members import FoundLayer, choose_member
from parcels.surveys.raw import BATCH_ROWS, RawBatch, RawLayer, number_rows
from parcels.surveys.refusals import FileRefused
from parcels.surveys.request import UploadRequest
from parcels.surveys.separators import find_table
from parcels.surveys.text_files import read_text
from parcels.surveys.unpack import open_archive

_TITLE_LINES = 10
"""Lines of a sheet among which its field names are looked for."""
_EXACT_INTEGERS = 10**15
"""Excel keeps 15 digits; a whole number below this is shown without a point."""


def read_csv(path: Path, declared_encoding: str | None, limits: Limits) -> RawLayer:
    """Return the rows of a CSV file, whatever separates its values (`separators`).

    Raises
    ------
    FileRefused
        If it is no text in the encoding, its separator cannot be told, or a line has
        another number of values.
    """
    text, encoding = read_text(path.read_bytes(), declared_encoding)
    found = find_table(text)
    names = _check_header(found.names)
    lines = text[found.begin :]
    if not lines.strip("\r\n"):
        raise FileRefused("no_rows")
    table = _parse_csv(lines, names, found.separator)
    if table.num_rows > limits.rows:
        raise FileRefused("too_many_rows", found=table.num_rows, limit=limits.rows)
    return RawLayer(names, False, _table_batches(table), findings=(encoding,))


def _check_header(header: Sequence[str]) -> tuple[str, ...]:
    names = tuple(name.strip() for name in header)
    if not names or not any(names):
        raise FileRefused("no_rows")
    upper = [name.upper() for name in names if name]
    for name in upper:
        if upper.count(name) > 1:
            raise FileRefused("field_twice", field=name)
    return names


def _parse_csv(text: str, names: tuple[str, ...], delimiter: str) -> pa.Table:
    wrong: list[tuple[int | None, int, int]] = []

    def refuse(row: pyarrow.csv.InvalidRow) -> str:
        wrong.append((row.number, row.actual_columns, row.expected_columns))
        return "error"

    try:
        return pyarrow.csv.read_csv(
            pa.py_buffer(text.encode()),
            pyarrow.csv.ReadOptions(use_threads=False, column_names=[*_unique(names)]),
            pyarrow.csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=True,
                invalid_row_handler=refuse,
            ),
            pyarrow.csv.ConvertOptions(
                column_types={name: pa.string() for name in _unique(names)},
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid as error:
        if not wrong:
            raise FileRefused(
                "file_damaged",
                cause_zh="有一行或一处引号没有结束",
                cause_en="a row or a quotation does not end",
            ) from error
        number, found, expected = wrong[0]
        row = "?" if number is None else number
        raise FileRefused(
            "row_length", row=row, found=found, expected=expected
        ) from error


def _unique(names: Sequence[str]) -> list[str]:
    """Columns without a name get one that no field is called by."""
    return [name or f"\0{place}" for place, name in enumerate(names)]


def _table_batches(table: pa.Table) -> Iterator[RawBatch]:
    first = 1
    for chunk in table.combine_chunks().to_batches(max_chunksize=BATCH_ROWS):
        rows = number_rows(first, len(chunk))
        first += len(chunk)
        columns = dict(zip(chunk.schema.names, chunk.columns, strict=True))
        yield _without_blank(rows, columns)


def _without_blank(rows: np.ndarray, columns: dict[str, pa.Array]) -> RawBatch:
    """Drop rows in which every value is null, and columns without a name."""
    filled = np.zeros(len(rows), dtype=bool)
    for column in columns.values():
        filled |= column.is_valid().to_numpy(zero_copy_only=False)
    kept = pa.array(filled)
    return RawBatch(
        rows[filled],
        {
            name: column.filter(kept)
            for name, column in columns.items()
            if not name.startswith("\0")
        },
    )


def read_xlsx(path: Path, request: UploadRequest, limits: Limits) -> RawLayer:
    """Return the rows of a sheet of an Excel workbook (.xlsx).

    Formulas count with the value that was saved with them.

    Raises
    ------
    FileRefused
        If it is no workbook, or holds nothing.
    """
    with open_archive(path, limits):
        pass
    # By an open file: of a path openpyxl wants the extension.
    workbook = openpyxl.load_workbook(path.open("rb"), read_only=True, data_only=True)
    sheets = {sheet.title: sheet for sheet in workbook.worksheets}
    member = choose_member(_describe(sheets), request)
    lines = _without_title(sheets[member.value])
    header = [_as_text(value) for value in next(lines, ())]
    width = len(header)
    # What stands under no name is left out; a sheet may be touched far to the right.
    names = _check_header([name or "" for name in _without_end(header)])
    batches = _line_batches(lines, names, width, limits)
    return RawLayer(names, False, batches, findings=(member,))


def _describe(sheets: Mapping[str, Any]) -> list[FoundLayer]:
    """Return the sheets that hold anything, with the fields their first line names."""
    found = []
    for title, sheet in sheets.items():
        first = next(_without_title(sheet), None)
        if first:
            names = (_as_text(value) for value in first)
            found.append(FoundLayer(title, tuple(name for name in names if name)))
    if not found:
        raise FileRefused("no_rows")
    return found


def _without_title(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """Give the lines of a sheet from the one with the field names on.

    Titles above the table (界址点成果表) stand in one cell, often a merged one.
    """
    lines: Iterator[tuple[Any, ...]] = sheet.iter_rows(values_only=True)
    head = list(islice(lines, _TITLE_LINES))
    filled = [sum(_as_text(value) is not None for value in line) for line in head]
    titles = next((place for place, count in enumerate(filled) if count > 1), 0)
    return chain(head[titles:], lines)


def _line_batches(
    lines: Iterable[tuple[Any, ...]],
    names: tuple[str, ...],
    width: int,
    limits: Limits,
) -> Iterator[RawBatch]:
    first, block = 1, []
    for number, line in enumerate(lines, 1):
        if number > limits.rows:
            raise FileRefused("too_many_rows", found=number, limit=limits.rows)
        if any(value is not None for value in line[width:]):
            raise FileRefused("row_length", row=number, found=len(line), expected=width)
        block.append([_as_text(value) for value in line[: len(names)]])
        if len(block) == BATCH_ROWS:
            yield _block(first, block, names)
            first, block = number + 1, []
    if block:
        yield _block(first, block, names)


def _without_end(texts: list[str | None]) -> list[str | None]:
    """Return the cells of a line up to the last that says anything, in place."""
    while texts and texts[-1] is None:
        texts.pop()
    return texts


def _block(
    first: int, block: list[list[str | None]], names: tuple[str, ...]
) -> RawBatch:
    width = len(names)
    padded = [(line + [None] * width)[:width] for line in block]
    columns = {
        name: pa.array([line[place] for line in padded], pa.string())
        for place, name in enumerate(_unique(names))
    }
    return _without_blank(number_rows(first, len(block)), columns)


def _as_text(value: Any) -> str | None:
    """Return a cell as a person would read it; None for an empty one."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT_INTEGERS:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date().isoformat()
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value).strip() or None
