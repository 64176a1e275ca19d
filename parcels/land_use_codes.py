"""Is this a land-use class of its scheme? (core).

A class is a code in a named scheme: the same digits mean different things in different
schemes, so a code says nothing without its scheme. What the classes mean in law is not
decided here (`screening.land_use`).

Sources: GB/T 21010-2017 (list verified); the 2023 guide on land and sea use
(自然资发〔2023〕234号; second level verified where it is counted below, elsewhere any
two digits); GB 50137-2011 by its pattern. The third land survey works with classes of
its own beside GB/T 21010 (recalled).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

Scheme = Literal["gbt21010_2017", "ydyh_2023", "gb50137_2011"]

PARK_FLAG: Final = "G1:community_or_children_park"
"""GB 50137 code of a community or children's park; `G1` alone is any park."""

_ALIASES: Final[dict[str, Scheme]] = {
    "gbt21010_2017": "gbt21010_2017",
    "gb/t21010-2017": "gbt21010_2017",
    "gbt21010-2017": "gbt21010_2017",
    "土地利用现状分类": "gbt21010_2017",
    "currentlanduseclassification": "gbt21010_2017",
    "ydyh_2023": "ydyh_2023",
    "国土空间调查、规划、用途管制用地用海分类指南": "ydyh_2023",
    "用地用海分类指南": "ydyh_2023",
    "用地用海分类": "ydyh_2023",
    "自然资发〔2023〕234号": "ydyh_2023",
    "gb50137_2011": "gb50137_2011",
    "gb50137-2011": "gb50137_2011",
    "城市用地分类与规划建设用地标准": "gb50137_2011",
}
_GBT21010_SECOND_LEVEL: Final = {
    "01": 3,
    "02": 4,
    "03": 7,
    "04": 4,
    "05": 7,
    "06": 4,
    "07": 2,
    "08": 10,
    "09": 6,
    "10": 9,
    "11": 10,
    "12": 7,
}
_YDYH_SECOND_LEVEL: Final = {
    "01": 3,
    "02": 5,
    "06": 2,
    "07": 4,
    "08": 7,
    "09": 4,
    "10": 3,
    "11": 2,
}
_YDYH_CODE: Final = re.compile(r"(0[1-9]|1[0-9]|2[0-4])([0-9]{2}){0,2}")
_GB50137_CODE: Final = re.compile(r"[RABMWSUGHE][0-9]{0,2}")
_THIRD_SURVEY: Final = frozenset({"05H1", "0508", "08H1", "08H2"})
_SUFFIXED: Final = re.compile(r"([0-9]{4})[A-Z]")


def find_scheme(title: str) -> Scheme | None:
    """Return the scheme of an identifier or official title, None for any other.

    Examples
    --------
    >>> find_scheme("《土地利用现状分类》（GB/T 21010-2017）"), find_scheme("x")
    ('gbt21010_2017', None)
    """
    plain = unicodedata.normalize("NFKC", title).strip("《》 ")
    key = "".join(plain.split()).lower()
    # Titles are often quoted with the number of the standard behind them.
    return _ALIASES.get(key) or _ALIASES.get(re.split(r"[(》]", key)[0])


def clean_land_use_code(code: str) -> str:
    """Return a code without blanks, half-width, in upper case."""
    plain = "".join(unicodedata.normalize("NFKC", code).split())
    return PARK_FLAG if plain.lower() == PARK_FLAG.lower() else plain.upper()


def is_land_use_code(scheme: Scheme, code: str) -> bool:
    """Return whether a cleaned code is one of its scheme; the first level counts.

    Examples
    --------
    >>> is_land_use_code("gbt21010_2017", "0701")
    True
    >>> is_land_use_code("gbt21010_2017", "0703")
    False
    """
    if scheme == "gbt21010_2017":
        return _counted(code, _GBT21010_SECOND_LEVEL, only=True) and len(code) <= 4
    if scheme == "ydyh_2023":
        known = _YDYH_CODE.fullmatch(code) is not None
        return known and _counted(code, _YDYH_SECOND_LEVEL, only=False)
    return code == PARK_FLAG or _GB50137_CODE.fullmatch(code) is not None


def read_survey_code(scheme: Scheme, code: str) -> str | None:
    """Return the class behind a working code of the third land survey, None for none.

    ``0201K`` is an orchard that can be ploughed again (可调整), ``0810A`` a square: the
    letter is no part of the class. ``05H1``, ``0508``, ``08H1`` and ``08H2`` are
    classes of the survey that GB/T 21010 does not have; they stay as they are.

    Examples
    --------
    >>> read_survey_code("gbt21010_2017", "0201K")
    '0201'
    >>> read_survey_code("gbt21010_2017", "08H2")
    '08H2'
    >>> read_survey_code("ydyh_2023", "0201K") is None
    True
    """
    if scheme != "gbt21010_2017":
        return None
    if code in _THIRD_SURVEY:
        return code
    match = _SUFFIXED.fullmatch(code)
    if match is None or not is_land_use_code(scheme, match[1]):
        return None
    return match[1]


def _counted(code: str, second_level: dict[str, int], *, only: bool) -> bool:
    """Whether a code's second level is within the number of classes of its first.

    `only`: a first level that is not counted does not exist.
    """
    if not re.fullmatch(r"([0-9]{2})+", code):
        return False
    highest = second_level.get(code[:2])
    if highest is None:
        return not only
    return len(code) == 2 or 1 <= int(code[2:4]) <= highest
