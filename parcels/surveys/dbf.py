"""What does the attribute table of a shapefile say, byte for byte? (shell).

Read here and not by GDAL because a survey's values must arrive as they were written:
GDAL turns ``12a`` into 12 and decodes text with the wrong table in silence. Format:
dBASE III as the ESRI shapefile description uses it (fixed records; field types C, N, F,
D, L). Asterisks in a number are how GDAL, and with it QGIS, writes null.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from parcels.surveys.decoding import decode_column
from parcels.surveys.encodings import TextFacts
from parcels.surveys.issues import Issues
from parcels.surveys.raw import BATCH_ROWS, SAMPLE_ROWS, RawBatch, number_rows
from parcels.surveys.refusals import FileRefused
from parcels.surveys.text_trial import TextTrial, decode_name

_HEADER: Final = 32
_DESCRIPTOR: Final = 32
_BLANK: Final = 0x20
_END: Final = 0x0D
_LAST_ASCII: Final = 0x7F
_DELETED: Final = 0x2A
_TYPES: Final = frozenset("CNFDL")
_NULLS: Final = {"D": ["00000000", "0"], "L": ["?"]}


@dataclass(frozen=True, slots=True)
class DbfField:
    """A field: its name as decoded and as written, type, and bytes within a record."""

    name: str
    raw_name: bytes
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

    def __init__(self, path: Path, shown_as: str, cpg: str | None = None) -> None:
        """Read the header; `cpg` is the text of the .cpg beside the table.

        Names and values are bytes until `use_encoding` says how they read.

        Raises
        ------
        FileRefused
            If the table is cut short or contradicts itself.
        """
        self._name = shown_as
        self._cpg = cpg
        self._encoding = "ascii"
        with path.open("rb") as file:
            header = file.read(_HEADER)
            if len(header) < _HEADER:
                raise self._damaged("文件头不完整。", "its header is incomplete.")
            self.count = int.from_bytes(header[4:8], "little")
            start = int.from_bytes(header[8:10], "little")
            width = int.from_bytes(header[10:12], "little")
            self._driver = header[29]
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
            if descriptor[0] == _END:
                break
            one = self._read_field(descriptor, start)
            fields.append(one)
            start += one.length
        if start != width or not fields:
            raise self._damaged(
                f"记录长度 {width} 与字段总长 {start} 不符。",
                f"records have {width} bytes, its fields {start}.",
            )
        return tuple(fields)

    def _read_field(self, descriptor: bytes, start: int) -> DbfField:
        raw = descriptor[:11].split(b"\0")[0]
        name = raw.decode("ascii", errors="backslashreplace")
        kind = chr(descriptor[11])
        if kind not in _TYPES:
            raise self._damaged(
                f"字段“{name}”的类型 {kind!r} 不属于 Shapefile。",
                f"field {name!r} has type {kind!r}, which shapefiles do not use.",
            )
        return DbfField(name, raw, kind, start, descriptor[16])

    def text_facts(self) -> TextFacts:
        """Try all text of the table in the encodings that could be meant."""
        trial = TextTrial()
        for one in self.fields:
            trial.add_name(one.raw_name)
        for first in range(0, self.count, BATCH_ROWS):
            block = np.asarray(self._records[first : first + BATCH_ROWS])
            rows = number_rows(first + 1, len(block))
            for one in self.fields:
                if one.kind == "C":
                    trial.add_column(one.name, rows, self._column(block, one))
        return trial.facts(self.sample, self._cpg, self._driver)

    def sample(self, encoding: str) -> list[dict[str, str | None]]:
        r"""Return up to five rows decoded, those with other than ASCII text first.

        What is no text in that encoding shows as ``\xNN``.
        """
        block = np.asarray(self._records[:BATCH_ROWS])
        foreign = (block > _LAST_ASCII).any(axis=1)
        chosen = np.sort(np.argsort(~foreign, kind="stable")[:SAMPLE_ROWS])
        return [
            {
                one.raw_name.decode(encoding, "backslashreplace"): _lenient(
                    row[one.start : one.start + one.length], encoding
                )
                for one in self.fields
            }
            for row in block[chosen]
        ]

    def use_encoding(self, encoding: str) -> None:
        """Read names and values in that encoding from now on.

        Raises
        ------
        FileRefused
            If two fields then have the same name, or it is UTF-16: values that are
            filled with blanks of one byte are not.
        """
        if encoding == "utf-16":
            raise FileRefused("dbf_in_utf_16", member=self._name)
        self._encoding = encoding
        self.fields = tuple(
            replace(one, name=_lenient_name(one.raw_name, encoding))
            for one in self.fields
        )
        names = [one.name.upper() for one in self.fields]
        for name in names:
            if names.count(name) > 1:
                raise FileRefused("field_twice", field=name)

    @staticmethod
    def _column(block: npt.NDArray[np.uint8], one: DbfField) -> pa.Array:
        return _trimmed(block[:, one.start : one.start + one.length])

    def _check_size(self, size: int, start: int, width: int) -> None:
        held = max(size - start, 0) // width
        if held < self.count:
            raise self._damaged(
                f"文件头写有 {self.count} 条记录，实有 {held} 条。",
                f"its header says {self.count} records, it holds {held}.",
            )

    def read(self, first: int, last: int) -> RawBatch:
        """Return records `first` to before `last` (0-based), deleted ones too."""
        block = np.asarray(self._records[first:last])
        rows = number_rows(first + 1, len(block))
        columns: dict[str, pa.Array] = {}
        issues: list[Issues] = []
        for one in self.fields:
            decoded = decode_column(self._column(block, one), self._encoding)
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


def read_field_names(head: bytes) -> list[str]:
    """Return the field names in the first bytes of a table, in its likely encoding."""
    names = []
    for place in range(_HEADER, len(head) - _DESCRIPTOR + 1, _DESCRIPTOR):
        if head[place] == _END:
            break
        raw = head[place : place + 11].split(b"\0")[0]
        names.append(decode_name(raw, "utf-8") or _lenient_name(raw, "gb18030"))
    return names


def _lenient(raw: npt.NDArray[np.uint8], encoding: str) -> str | None:
    text = raw.tobytes().split(b"\0")[0].decode(encoding, "backslashreplace")
    return text.strip() or None


def _lenient_name(raw: bytes, encoding: str) -> str:
    # Ten bytes cut a Chinese name inside a character as often as not.
    return raw.decode(encoding, errors="replace").rstrip("\ufffd").strip()


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
