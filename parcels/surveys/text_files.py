"""What does a plain text file say, and in which encoding? (core).

A byte order mark states the encoding; else every line is tried (`encodings`).
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
        If the text is none in the declared encoding.
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
    return decide_encoding(declared, partial(_try, data))


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
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileRefused(
            "text_undecodable", encoding=encoding.upper(), position=error.start + 1
        ) from error
