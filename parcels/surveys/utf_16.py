"""Is this text UTF-16 without its byte order mark, and in which order? (core).

Excel and some programs leave the mark out. In UTF-16 every ASCII character (separator,
digit, line end) has a zero byte, which no text in UTF-8 or GB 18030 has; but a low byte
of a Chinese character may be zero, too, and a damaged text holds zeros anywhere. So the
characters must make sense: read in the other order, or as another text, they do not.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Order = Literal["utf-16-le", "utf-16-be"]

_TRIED: Final = 1 << 20
"""Bytes at the beginning that are looked at."""
_STRANGE: Final = 0.05
"""Share of characters that may be none of a survey's; a project default."""
_TAB, _LINE_FEED, _RETURN = 0x09, 0x0A, 0x0D
_ASCII: Final = (0x20, 0x7E)
_USUAL: Final = (
    (0xA0, 0x3FF),  # Latin, Greek
    (0x600, 0x6FF),  # Uyghur
    (0xF00, 0xFFF),  # Tibetan
    (0x1800, 0x18AF),  # Mongolian
    (0x2000, 0x27BF),  # punctuation, numbers in circles, signs, boxes
    (0x3000, 0x303F),  # Chinese punctuation
    (0x3200, 0x9FFF),  # units in one character, Chinese characters
    (0xA000, 0xA4CF),  # Yi
    (0xD800, 0xDFFF),  # halves of rarer characters
    (0xF900, 0xFAFF),  # compatible Chinese characters
    (0xFE30, 0xFE4F),  # upright punctuation
    (0xFF00, 0xFFEF),  # full width
)
"""First and last character of what stands in texts of Chinese offices."""


def find_byte_order(data: bytes) -> Order | None:
    r"""Return the order of the bytes of a table in UTF-16, None for any other text.

    Examples
    --------
    >>> find_byte_order("编码,名称\n1,上甸村\n".encode("utf-16-be"))
    'utf-16-be'
    >>> find_byte_order("编码,名称\n1,上甸村\n".encode()) is None
    True
    """
    head = data[: min(len(data), _TRIED) // 2 * 2]
    if b"\0" not in head:
        return None
    if _reads_well(np.frombuffer(head, "<u2")):
        return "utf-16-le"
    if _reads_well(np.frombuffer(head, ">u2")):
        return "utf-16-be"
    return None


def _reads_well(units: npt.NDArray[np.uint16]) -> bool:
    """Tell whether code units are a table: lines with ASCII, and usual characters."""
    feeds, returns = units == _LINE_FEED, units == _RETURN
    plain = _between(units, _ASCII) | (units == _TAB)
    lines = max(feeds.sum(), returns.sum())
    if not lines or plain.sum() < lines:
        return False
    # A zero or another control character stands in no text.
    known = feeds | returns | plain
    if (~known & (units < _USUAL[0][0])).any():
        return False
    for one in _USUAL:
        known |= _between(units, one)
    return bool((~known).mean() <= _STRANGE)


def _between(
    units: npt.NDArray[np.uint16], ends: tuple[int, int]
) -> npt.NDArray[np.bool_]:
    return (units >= ends[0]) & (units <= ends[1])
