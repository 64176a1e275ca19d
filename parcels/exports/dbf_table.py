"""Exported rows as the attribute table of a shapefile, byte for byte (core).

Written here and not by GDAL, which cuts texts and rounds numbers without a word. Fields
have the names surveys use (ZDDM, DKMC), so the file is understood when it comes back.
dBASE III as shapefiles use it; text in GBK, which the .cpg and the header both say.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple

import pyarrow as pa

from parcels.exports.columns import Column, list_columns
from parcels.exports.dbf_numbers import write_numbers
from parcels.exports.not_held import NotHeld
from parcels.register.layers import Kind, Layer

ENCODING: Final = "gbk"
CPG: Final = b"GBK"
_GBK_DRIVER: Final = 0x4D
_LONGEST_NAME: Final = 10
_LONGEST_TEXT: Final = 254
_INTEGER_WIDTH: Final = 11
_DESCRIPTOR: Final = "<11sc4xBB14x"


class _Cells(NamedTuple):
    """A column of the table: its type, and a text of that width for each row."""

    kind: bytes
    width: int
    decimals: int
    cells: list[bytes]
    losses: list[NotHeld]


def name_fields(layer: Layer) -> dict[str, str]:
    """Return column → field of the .dbf, no two alike.

    Examples
    --------
    >>> from parcels.register.layers import PARCEL
    >>> name_fields(PARCEL)["parcel_code"], name_fields(PARCEL)["recorded_at"]
    ('ZDDM', 'recorded_a')
    """
    found: dict[str, str] = {}
    columns = [(one.name, _usual(layer, one)) for one in list_columns(layer)]
    # Names of surveys first: what is only cut gives way to them.
    for name, usual in sorted(columns, key=lambda one: one[1] is None):
        found[name] = _free(usual or name[:_LONGEST_NAME], found.values())
    return found


def _free(name: str, taken: Iterable[str]) -> str:
    upper = {one.upper() for one in taken}
    choices = (name, *(f"{name[: _LONGEST_NAME - 2]}_{n}" for n in range(1, 10)))
    return next(one for one in choices if one.upper() not in upper)


def _usual(layer: Layer, column: Column) -> str | None:
    """Return the first name a survey would use, None if there is none that fits."""
    known: Sequence[str] = ()
    if column.name == layer.code_name:
        known = layer.code_fields
    elif column.name == "division_code" and "XZQDM" not in layer.code_fields:
        known = ("XZQDM",)
    elif column.attribute is not None:
        known = column.attribute.survey_fields
    fitting = [one for one in known if one.isascii() and len(one) <= _LONGEST_NAME]
    return fitting[0] if fitting else None


def write_dbf(layer: Layer, rows: pa.Table, on: date) -> tuple[bytes, list[NotHeld]]:
    """Return the table of exported rows, and what it does not hold.

    Parameters
    ----------
    on
        Day for the header.
    """
    names = name_fields(layer)
    codes = rows.column(layer.code_name).to_pylist()
    columns, losses = [], []
    for one in list_columns(layer):
        field = names[one.name]
        if field != one.name:
            losses.append(NotHeld("name", one.name, field, count=len(codes)))
        cells = _write_column(one, field, rows.column(one.name), codes)
        losses += cells.losses
        columns.append((field, cells))
    return _assemble(columns, len(codes), on), losses


def _assemble(columns: list[tuple[str, _Cells]], count: int, on: date) -> bytes:
    width = 1 + sum(cells.width for _, cells in columns)
    head = struct.pack(
        "<B3BIHH17xB2x",
        3,
        on.year - 1900,
        on.month,
        on.day,
        count,
        33 + 32 * len(columns),
        width,
        _GBK_DRIVER,
    )
    fields = b"".join(
        struct.pack(_DESCRIPTOR, name.encode(), one.kind, one.width, one.decimals)
        for name, one in columns
    )
    cells = zip(*(one.cells for _, one in columns), strict=True)
    records = (b" " + b"".join(row) for row in cells)
    return head + fields + b"\r" + b"".join(records) + b"\x1a"


def _write_column(
    column: Column, field: str, values: pa.ChunkedArray, codes: list[str]
) -> _Cells:
    texts = values.to_pylist()
    written = _writer(column)(column, field, texts, codes)
    nulls = sum(one is None for one in texts)
    if nulls:
        written.losses.insert(0, NotHeld("null", column.name, field, count=nulls))
    return written


_Writer = Callable[[Column, str, list[Any], list[str]], _Cells]


def _writer(column: Column) -> _Writer:
    kind = column.type
    if pa.types.is_floating(kind):
        return _number_cells
    if pa.types.is_integer(kind):
        return _integer_cells
    if pa.types.is_boolean(kind):
        return _boolean_cells
    if pa.types.is_date(kind):
        return _day_cells
    return _time_cells if pa.types.is_timestamp(kind) else _text_cells


def _number_cells(
    column: Column, field: str, values: list[Any], codes: list[str]
) -> _Cells:
    numbers = write_numbers(values)
    cells = [(one or "").rjust(numbers.width).encode() for one in numbers.texts]
    losses = [
        NotHeld(
            "number",
            column.name,
            field,
            codes[place],
            repr(values[place]),
            numbers.texts[place],
        )
        for place in numbers.rounded
    ]
    return _Cells(b"N", numbers.width, numbers.decimals, cells, losses)


def _integer_cells(
    column: Column, field: str, values: list[Any], codes: list[str]
) -> _Cells:
    cells = [
        ("" if one is None else str(one)).rjust(_INTEGER_WIDTH).encode()
        for one in values
    ]
    return _Cells(b"N", _INTEGER_WIDTH, 0, cells, [])


def _boolean_cells(
    column: Column, field: str, values: list[Any], codes: list[str]
) -> _Cells:
    letters = {True: b"T", False: b"F", None: b"?"}
    return _Cells(b"L", 1, 0, [letters[one] for one in values], [])


def _day_cells(
    column: Column, field: str, values: list[Any], codes: list[str]
) -> _Cells:
    cells = [b" " * 8 if one is None else f"{one:%Y%m%d}".encode() for one in values]
    return _Cells(b"D", 8, 0, cells, [])


def _time_cells(
    column: Column, field: str, values: list[Any], codes: list[str]
) -> _Cells:
    texts = [None if one is None else _time(one) for one in values]
    written = _text_cells(column, field, texts, codes)
    loss = NotHeld("time", column.name, field, count=len(values))
    return written._replace(losses=[loss] if values else [])


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _text_cells(
    column: Column, field: str, values: list[Any], codes: list[str]
) -> _Cells:
    losses = []
    listed = column.attribute is not None and column.attribute.kind is Kind.TEXT_LIST
    lists = sum(one is not None for one in values) if listed else 0
    if lists:
        losses.append(NotHeld("list", column.name, field, count=lists))
    cells = []
    for place, text in enumerate(values):
        raw = (text or "").encode(ENCODING, "replace")
        held = _cut(raw)
        if text is not None:
            back = held.decode(ENCODING)
            if len(held) < len(raw):
                losses.append(
                    NotHeld("text", column.name, field, codes[place], text, back)
                )
            if raw.decode(ENCODING) != text:
                losses.append(
                    NotHeld("character", column.name, field, codes[place], text, back)
                )
        cells.append(held)
    width = max((len(one) for one in cells), default=1) or 1
    return _Cells(b"C", width, 0, [one.ljust(width) for one in cells], losses)


def _cut(raw: bytes) -> bytes:
    """Return at most 254 bytes of a text, no character halved."""
    if len(raw) <= _LONGEST_TEXT:
        return raw
    whole = raw[:_LONGEST_TEXT].decode(ENCODING, "ignore")
    return whole.encode(ENCODING)
