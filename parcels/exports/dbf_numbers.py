"""How is a number written in a .dbf, and is it still the same number? (core).

A field has one width and one number of decimals for all its rows. Every digit is kept
where 24 characters and 15 decimals (what GDAL writes and common GIS read) allow it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple

WIDEST: Final = 24
MOST_DECIMALS: Final = 15


class NumberField(NamedTuple):
    """A column of numbers as text.

    `texts` are None for null and for what is too long to be written; `rounded` are the
    indices of numbers that are not read back as they are.
    """

    width: int
    decimals: int
    texts: list[str | None]
    rounded: list[int]


def write_numbers(values: Sequence[float | None]) -> NumberField:
    """Return numbers as texts of one number of decimals.

    Examples
    --------
    >>> write_numbers([1.5, None, 20.25]).texts
    ['1.50', None, '20.25']
    """
    plain = [_plain(one) for one in values]
    places = [_digits(one) for one in plain if one is not None]
    whole = max((one for one, _ in places), default=1)
    room = max(WIDEST - whole - 1, 0)
    decimals = min(max((one for _, one in places), default=0), MOST_DECIMALS, room)
    texts = [None if one is None else _fitting(one, decimals) for one in plain]
    rounded = [
        place
        for place, (value, text) in enumerate(zip(values, texts, strict=True))
        if value is not None and (text is None or float(text) != value)
    ]
    width = max((len(one) for one in texts if one), default=1)
    return NumberField(width, decimals, texts, rounded)


def _plain(value: float | None) -> Decimal | None:
    """Return the shortest decimal that is read back as the number."""
    if value is None or not math.isfinite(value):
        return None
    return Decimal(repr(value))


def _digits(number: Decimal) -> tuple[int, int]:
    """Return characters before and digits behind the decimal point."""
    whole, _, behind = f"{number:f}".partition(".")
    length = len(whole)
    # A number too long for any field decides nothing for the others.
    return (length if length <= WIDEST else 1), len(behind.rstrip("0"))


def _fitting(number: Decimal, decimals: int) -> str | None:
    text = f"{number:.{decimals}f}"
    return text if len(text) <= WIDEST else None
