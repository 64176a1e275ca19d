"""How is a number written in Chinese? (core)."""

from __future__ import annotations

from typing import Final

_DIGITS: Final = "零一二三四五六七八九"


def write_numeral(number: int) -> str:
    """Return a number from 0 to 99 in Chinese, as laws number their articles.

    Examples
    --------
    >>> write_numeral(8), write_numeral(10), write_numeral(61)
    ('八', '十', '六十一')
    """
    tens, units = divmod(number, 10)
    if tens == 0:
        return _DIGITS[units]
    head = "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[units] if units else "")
