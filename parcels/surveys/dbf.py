"""What does the attribute table of a shapefile say, byte for byte? (shell).

Read here and not by GDAL because a survey's values must arrive as they were written:
GDAL turns ``12a`` into 12 and decodes text with the wrong table in silence. Format:
dBASE III as the ESRI shapefile description uses it (fixed records; field types C, N, F,
D, L). Asterisks in a number are how GDAL, and with it QGIS, writes null.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from parcels.surveys.decoding import decode_column
from parcels.surveys.issues import Issues
from parcels.surveys.raw import RawBatch, number_rows
from parcels.surveys.refusals import FileRefused

_HEADER: Final = 32
_DESCRIPTOR: Final = 32
_BLANK: Final = 0x20
_DELETED: Final = 0x2A
_TYPES: Final = frozenset("CNFDL")
_NULLS: Final = {"D": ["00000000", "0"], "L": ["?"]}


@dataclass(frozen=True, slots=True)
class DbfField:
    """A field: its name as decoded, type letter, and bytes within a record."""

    name: str
    kind: str
    start: int
    length: int


class DbfTable:
    """An attribute table whose header has been found sound.

    Attributes
    ----------
    fields
        In the order of the file.
    count
        Records in the file, deleted ones included.
    deleted
        `(count,) bool`, records marked as deleted.
    """

    def __init__(self, path: Path, encoding: str, shown_as: str) -> None:
        """Read the header.

        Raises
        ------
        FileRefused
            If the table is cut short, contradicts itself or has a field twice.
        """
        self._name = shown_as
        self._encoding = encoding
        with path.open("rb") as file:
            header = file.read(_HEADER)
            if len(header) < _HEADER:
                raise self._damaged("文件头不完整。", "its header is incomplete.")
            self.count = int.from_bytes(header[4:8], "little")
            start = int.from_bytes(header[8:10], "little")
            width = int.from_bytes(header[10:12], "little")
            self.fields = self._read_fields(file.read(max(start - _HEADER, 0)), width)
        self._check_size(path.stat().st_size, start, width)
        self._records = (
            np.memmap(path, np.uint8, "r", start, (self.count, width))
            if self.count
            else np.empty((0, width), np.uint8)
        )
        self.deleted = np.asarray(self._records[:, 0] == _DELETED)

    def _damaged(self, zh: str, en: str) -> FileRefused:
        return FileRefused(
            "member_damaged", member=self._name, detail_zh=zh, detail_en=en
        )

    def _read_fields(self, block: bytes, width: int) -> tuple[DbfField, ...]:
        fields, start = [], 1
        for place in range(0, len(block) - _DESCRIPTOR + 1, _DESCRIPTOR):
            descriptor = block[place : place + _DESCRIPTOR]
            if descriptor[0] == 0x0D:
                break
            one = self._read_field(descriptor, start)
            fields.append(one)
            start += one.length
        if start != width or not fields:
            raise self._damaged(
                f"记录长度 {width} 与字段总长 {start} 不符。",
                f"records have {width} bytes, its fields {start}.",
            )
        names = [one.name.upper() for one in fields]
        for name in names:
            if names.count(name) > 1:
                raise FileRefused("field_twice", field=name)
        return tuple(fields)

    def _read_field(self, descriptor: bytes, start: int) -> DbfField:
        raw = descriptor[:11].split(b"\0")[0]
        # Ten bytes cut a Chinese name inside a character as often as not.
        name = raw.decode(self._encoding, errors="replace").rstrip("\ufffd").strip()
        kind = chr(descriptor[11])
        if kind not in _TYPES:
            raise self._damaged(
                f"字段“{name}”的类型 {kind!r} 不属于 Shapefile。",
                f"field {name!r} has type {kind!r}, which shapefiles do not use.",
            )
        return DbfField(name, kind, start, descriptor[16])

    def _check_size(self, size: int, start: int, width: int) -> None:
        held = max(size - start, 0) // width
        if held < self.count:
            raise self._damaged(
                f"文件头写有 {self.count} 条记录,实有 {held} 条。",
                f"its header says {self.count} records, it holds {held}.",
            )

    def read(self, first: int, last: int) -> RawBatch:
        """Return records `first` to before `last` (0-based), deleted ones too."""
        block = np.asarray(self._records[first:last])
        rows = number_rows(first + 1, len(block))
        columns: dict[str, pa.Array] = {}
        issues: list[Issues] = []
        for one in self.fields:
            raw = _trimmed(block[:, one.start : one.start + one.length])
            decoded = decode_column(raw, self._encoding)
            columns[one.name] = _with_nulls(decoded.text, one)
            if len(decoded.bad):
                issues.append(
                    Issues(
                        "text_undecodable",
                        rows[decoded.bad],
                        one.name,
                        decoded.bad_bytes,
                        {"encoding": self._encoding.upper()},
                    )
                )
        return RawBatch(rows, columns, None, tuple(issues))


def _trimmed(block: npt.NDArray[np.uint8]) -> pa.Array:
    """Return fixed-width values as binary, blanks trimmed; nothing after a NUL."""
    ended = block == 0
    if ended.any():
        block = np.where(np.maximum.accumulate(ended, axis=1), _BLANK, block)
    width = block.shape[1]
    data = pa.py_buffer(np.ascontiguousarray(block))
    fixed = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(width), len(block), [None, data]
    )
    # Blanks are never part of a multi-byte character in GB 18030 or UTF-8.
    text = pa.Array.from_buffers(
        pa.string(), len(block), fixed.cast(pa.binary()).buffers()
    )
    trimmed = pc.ascii_trim_whitespace(text)
    return pa.Array.from_buffers(pa.binary(), len(block), trimmed.buffers())


def _with_nulls(text: pa.Array, one: DbfField) -> pa.Array:
    empty = pa.array(["", *_NULLS.get(one.kind, [])], pa.string())
    if one.kind in "NF":
        text = pc.replace_substring_regex(text, r"^\*+$", "")
    return pc.if_else(pc.is_in(text, empty), pa.scalar(None, pa.string()), text)
