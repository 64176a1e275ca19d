"""What does a plain text file say, and in which encoding? (core).

A byte order mark states the encoding; else UTF-16 shows by its bytes (`utf_16`), and
for what is none every line is tried (`encodings`).
"""

from __future__ import annotations

import codecs
from functools import partial
from typing import Final

import pyarrow as pa

from parcels.surveys.encodings import TextFacts, decide_encoding
from parcels.surveys.proposing import Evidence, Finding
from parcels.surveys.raw import BATCH_ROWS, SAMPLE_ROWS, number_rows
from parcels.surveys.refusals import FileRefused
from parcels.surveys.text_trial import TextTrial
from parcels.surveys.utf_16 import find_byte_order

_UTF_16: Final = "utf-16"
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text(data: bytes, declared: str | None) -> tuple[str, Finding]:
    """Return the text, without its byte order mark, and how its encoding was found.

    Where no encoding fits, the text is shown as GB 18030 with the bytes that are none.

    Raises
    ------
    FileRefused
        If the text is none in the declared encoding, or UTF-16 and declared as another.
    """
    encoding = _decide(data, declared)
    if encoding.value is None:
        text = data.decode("gb18030", "backslashreplace")
    else:
        text = _decode(data, encoding.value)
    # Programs that add a mark to a file that had one leave two.
    return text.lstrip("\ufeff").replace("\0", "\ufffd"), encoding


def _decide(data: bytes, declared: str | None) -> Finding:
    for mark, name in _MARKS:
        if declared is None and data.startswith(mark):
            return Finding("encoding", name, "stated", (_told_by_mark(name),))
    if declared != _UTF_16 and _find_codec(data) is not None:
        if declared is not None:
            raise FileRefused("text_is_utf_16", declared=declared.upper())
        return Finding("encoding", _UTF_16, "guessed", (_TOLD_BY_ORDER,))
    return decide_encoding(declared, partial(_try, data))


def _find_codec(data: bytes) -> str | None:
    """Return the codec of a text in UTF-16, with or without its mark; else None."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name if name == _UTF_16 else None
    return find_byte_order(data)


_TOLD_BY_ORDER: Final = Evidence(
    "encoding",
    "byte_order",
    "文件没有字节序标记，但其中的零字节只能是 UTF-16 的：按 UTF-16 读出的文字合理。",
    "The file has no byte order mark, but its zero bytes are those of UTF-16: read so,"
    " it makes sense.",
    {"encoding": "utf-16"},
)


def _told_by_mark(name: str) -> Evidence:
    label = name.upper()
    return Evidence(
        "encoding",
        "byte_order_mark",
        f"文件以 {label} 的字节序标记开头。",
        f"The file begins with the byte order mark of {label}.",
        {"encoding": name},
    )


def _try(data: bytes) -> TextFacts:
    """Try every line; the first line, with the field names, is row 0."""
    trial = TextTrial()
    lines = data.replace(b"\0", b"").split(b"\n")
    for first in range(0, len(lines), BATCH_ROWS):
        block = pa.array(lines[first : first + BATCH_ROWS], pa.binary())
        trial.add_column("-", number_rows(first, len(block)), block)
    foreign = [line for line in lines if not line.isascii()][:SAMPLE_ROWS]

    def sample(encoding: str) -> list[dict[str, str | None]]:
        return [
            {"-": line.decode(encoding, "backslashreplace").strip()} for line in foreign
        ]

    return trial.facts(sample)


def _decode(data: bytes, encoding: str) -> str:
    codec = _find_utf_16(data) if encoding == _UTF_16 else encoding
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        if encoding == _UTF_16 and error.end == len(data):
            raise FileRefused(
                "file_damaged",
                cause_zh="UTF-16 文字在最后一个字符中间断开",
                cause_en="its text in UTF-16 ends inside a character",
            ) from error
        raise FileRefused(
            "text_undecodable", encoding=encoding.upper(), position=error.start + 1
        ) from error


def _find_utf_16(data: bytes) -> str:
    """Return the codec of a text that was declared as UTF-16."""
    found = _find_codec(data)
    if found is None and b"\0" not in data:
        # Any two bytes are a character in UTF-16, but a table has some with a zero.
        raise FileRefused("text_undecodable", encoding=_UTF_16.upper(), position=1)
    return found or _UTF_16
