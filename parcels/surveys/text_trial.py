"""Which encodings does a file's text fit? (core).

Every value is tried, strictly, in every encoding that could be meant: a set that is
mostly GBK and partly UTF-8 is not rare, and a sample would not show it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parcels.surveys.decoding import decode_column, join_values
from parcels.surveys.encodings import TRIALS, Encoding, TextFacts, Undecodable
from parcels.surveys.proposing import Row

NAME_LENGTH = 10
"""Bytes of a field name in a .dbf; longer names are cut, inside a character or not."""

_EAST_ASIAN = 0x2E80


class TextTrial:
    """Text of a file on trial; columns and names are added piece by piece."""

    def __init__(self) -> None:
        self._ascii = True
        self._faults: dict[Encoding, Undecodable] = {}
        self._beyond_ascii = 0
        self._east_asian = 0

    def add_name(self, raw: bytes) -> None:
        """Try a field name as the .dbf holds it, cut at `NAME_LENGTH` bytes."""
        if raw.isascii():
            return
        self._ascii = False
        for encoding in TRIALS:
            text = decode_name(raw, encoding)
            if text is None:
                shown = raw.decode("ascii", "backslashreplace")
                fault = Undecodable(None, shown, raw.hex(" "), 1)
                self._faults.setdefault(encoding, fault)
            elif encoding == "utf-8":
                self._count_letters(text)

    def add_column(
        self, name: str, rows: npt.NDArray[np.int32], column: pa.Array
    ) -> None:
        """Try a binary column without NUL bytes, with the row numbers of its values."""
        joined = join_values(column)
        if joined.isascii():
            return
        self._ascii = False
        for encoding in TRIALS:
            # What has failed once does not fit; counting on would cost seconds.
            if encoding not in self._faults:
                self._try(encoding, joined, name, rows, column)

    def _try(
        self,
        encoding: Encoding,
        joined: bytes,
        name: str,
        rows: npt.NDArray[np.int32],
        column: pa.Array,
    ) -> None:
        try:
            text = joined.decode(encoding)
        except UnicodeDecodeError:
            decoded = decode_column(column, encoding)
            row, raw = int(rows[decoded.bad[0]]), decoded.bad_bytes[0]
            self._faults[encoding] = Undecodable(row, name, raw, len(decoded.bad))
        else:
            if encoding == "utf-8":
                self._count_letters(text)

    def facts(
        self,
        sample: Callable[[Encoding], Sequence[Row]],
        cpg: str | None = None,
        driver: int | None = None,
    ) -> TextFacts:
        """Return what the trial showed; see `TextFacts` for the rest."""
        return TextFacts(
            ascii=self._ascii,
            faults=dict(self._faults),
            chinese=self._east_asian * 2 > self._beyond_ascii,
            sample=sample,
            cpg=cpg,
            driver=driver,
        )

    def _count_letters(self, text: str) -> None:
        letters = np.frombuffer(text.encode("utf-32-le"), "<u4")
        self._beyond_ascii += int((letters > 0x7F).sum())
        self._east_asian += int((letters >= _EAST_ASIAN).sum())


def decode_name(raw: bytes, encoding: str) -> str | None:
    """Return a field name, None where it is no text in that encoding.

    A name that fills its ten bytes may end inside a character, which then is left out.

    Examples
    --------
    >>> decode_name("土壤环境质量".encode()[:10], "utf-8")
    '土壤环'
    """
    most = 4 if len(raw) >= NAME_LENGTH else 1
    for cut in range(most):
        try:
            return raw[: len(raw) - cut].decode(encoding).strip()
        except UnicodeDecodeError:
            continue
    return None
