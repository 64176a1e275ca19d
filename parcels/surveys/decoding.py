"""Which text do these bytes stand for? (core).

Strict: a byte sequence that is no text in the declared encoding is reported with its
row, never replaced. A column is decoded in one piece; value by value only when it
holds a fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_SEPARATOR = b"\0"
"""No value holds it, and no multi-byte character of GB 18030 or UTF-8 either."""


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """Text of a column; `bad` are indices of values that are no text.

    `bad_bytes` shows those values as hexadecimal; their text is null.
    """

    text: pa.Array
    bad: npt.NDArray[np.int64]
    bad_bytes: Sequence[str]


def decode_column(raw: pa.Array, encoding: str) -> Decoded:
    """Decode a binary column without NUL bytes; null stays null.

    Parameters
    ----------
    raw
        Array of type binary.
    encoding
        Python's name of the encoding.
    """
    nobody = np.empty(0, dtype=np.int64)
    joined = join_values(raw)
    if joined.isascii():
        return Decoded(raw.cast(pa.string()), nobody, ())
    try:
        texts = joined.decode(encoding).split("\0")[:-1]
    except UnicodeDecodeError:
        return _decode_each(raw, encoding)
    text = pa.array(texts, pa.string())
    return Decoded(_with_nulls(text, raw), nobody, ())


def join_values(raw: pa.Array) -> bytes:
    """Return the values of a binary column, a NUL after each; null counts as empty."""
    separator = pa.scalar(_SEPARATOR, pa.large_binary())
    filled = pc.fill_null(raw.cast(pa.large_binary()), b"")
    empty = pa.scalar(b"", pa.large_binary())
    values = pc.binary_join_element_wise(filled, separator, empty)
    data = values.buffers()[2]
    return b"" if data is None else data.to_pybytes()


def _with_nulls(text: pa.Array, raw: pa.Array) -> pa.Array:
    if raw.null_count == 0:
        return text
    return pc.if_else(raw.is_null(), pa.scalar(None, pa.string()), text)


def _decode_each(raw: pa.Array, encoding: str) -> Decoded:
    texts: list[str | None] = []
    bad: list[int] = []
    for index, value in enumerate(raw.to_pylist()):
        try:
            texts.append(None if value is None else value.decode(encoding))
        except UnicodeDecodeError:
            texts.append(None)
            bad.append(index)
    shown = [raw[index].as_py().hex(" ") for index in bad]
    return Decoded(pa.array(texts, pa.string()), np.array(bad, np.int64), shown)
