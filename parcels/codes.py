"""Is this code well formed, and what does it contain? (core).

Codes of the field, brought to one written form before anything compares them:

* division codes 行政区划代码 (GB/T 2260; six digits, township and village below it);
* parcel and real-estate unit codes 宗地代码, 不动产单元代码 (GB/T 37346-2019, structure
  verified against public data, number recalled);
* unified social credit codes 统一社会信用代码 (GB 32100-2015, recalled; the check
  character is tried against published codes);
* plot codes 地块编码 of the national site system (13 digits, verified);
* industry codes 国民经济行业代码 (GB/T 4754).

Everything that people type is first freed of blanks and full-width characters. A code
that cannot be right raises `InvalidCode`; nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

from parcels.refusal import Refusal

CodeKind = Literal["division", "parcel", "credit", "plot", "industry"]

WHOLE_COUNTRY: Final = "*"
"""Scope of the whole country (全国); contains every division."""

INVENTED_PROVINCE: Final = "99"
"""Province digits of invented sample divisions; GB/T 2260 does not use them."""

COUNTY_DIGITS: Final = 6
TOWNSHIP_DIGITS: Final = 9
"""Digits of a county (县级) and of a township (乡级) without the zeros below them."""

_PROVINCES: Final = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 "
    "50 51 52 53 54 61 62 63 64 65 71 81 82".split()
) | {INVENTED_PROVINCE}
_LENGTHS: Final = (2, 4, COUNTY_DIGITS, TOWNSHIP_DIGITS, 12)
"""Digits of a province, prefecture, county, township and village."""
_NAMES: Final[dict[CodeKind, tuple[str, str]]] = {
    "division": ("行政区划代码", "division code"),
    "parcel": ("宗地代码", "parcel code"),
    "credit": ("统一社会信用代码", "unified social credit code"),
    "plot": ("地块编码", "plot code"),
    "industry": ("行业代码", "industry code"),
}
_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "length": (
        "应为 {expected} 位，实为 {found} 位。",
        "must have {expected} characters, it has {found}.",
    ),
    "division_digits": (
        "应为 2、4、6、9 或 12 位数字；请按 GB/T 2260 核对。",
        "must have 2, 4, 6, 9 or 12 digits; check it against GB/T 2260.",
    ),
    "division_province": (
        "的前两位“{found}”不是省级代码；请按 GB/T 2260 核对。",
        "begins with {found}, which is no province; check it in GB/T 2260.",
    ),
    "division_gap": (
        "有下级代码却缺上级代码；请核对中间的零。",
        "names a lower level without the one above it; check the zeros inside.",
    ),
    "division_no_county": (
        "不含县级代码；请给出至少六位数字。",
        "names no county; give six digits at least.",
    ),
    "parcel_is_unit": (
        "是 28 位不动产单元代码；宗地代码为其前 19 位“{found}”。",
        "is a real-estate unit code; the parcel code is {found}.",
    ),
    "parcel_pattern": (
        "应为 12 位数字、所有权类型 G、J、Z，特征码 ABSXCDEFHGWY 之一，5 位顺序号。",
        "must be 12 digits, ownership G, J or Z, a feature letter of ABSXCDEFHGWY "
        "and a serial of 5 digits.",
    ),
    "parcel_serial": (
        "的顺序号不能为 00000；应为 00001 至 99999。",
        "has serial 00000; serials run from 00001 to 99999.",
    ),
    "credit_character": (
        "含不允许的字符“{found}”（不用 I、O、S、V、Z）。",
        "has the character {found!r}; only digits and letters without I, O, S, V, Z "
        "are used.",
    ),
    "credit_check": (
        "校验码应为 {expected}，实为 {found}；请核对是否有错字。",
        "should end with check character {expected}, not {found}; look for a typing "
        "error.",
    ),
    "plot_pattern": (
        "应为县级代码 6 位、类型 1 或 2、行业大类 2 位和 0001 起的顺序号 4 位。",
        "must be county (6 digits), type 1 or 2, industry division (2) and a serial of "
        "4 digits from 0001.",
    ),
    "industry_pattern": (
        "应为 2 至 4 位数字，前面可有门类字母 A 至 T（GB/T 4754）。",
        "must be 2 to 4 digits, with or without a letter A to T (GB/T 4754).",
    ),
}
_PARCEL: Final = re.compile(r"[0-9]{6}[0-9]{3}[0-9]{3}[GJZ][ABSXCDEFHGWY][0-9]{5}")
"""County (县级行政区), cadastral district (地籍区), its sub-district (地籍子区),
ownership (土地所有权类型: G state, J collective, Z undetermined), feature (宗地特征码)
and serial (宗地顺序号)."""
_PLOT: Final = re.compile(r"[0-9]{6}[12][0-9]{2}[0-9]{4}")
_INDUSTRY: Final = re.compile(r"[A-T]?([0-9]{2,4})")
_CREDIT_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class InvalidCode(Refusal):
    """A code of the field is not well formed (代码不合规).

    Attributes
    ----------
    kind
        Which code was expected.
    value
        The text as it came, before any cleaning.
    """

    def __init__(self, kind: CodeKind, value: str, reason: str, **parts: object):
        shown = value if len(value) <= 40 else value[:40] + "…"
        (name_zh, name_en), (zh, en) = _NAMES[kind], _TEXTS[reason]
        super().__init__(
            reason,
            f"{name_zh}“{shown}”{zh.format(**parts)}",
            f"{name_en[0].upper()}{name_en[1:]} {shown!r} {en.format(**parts)}",
        )
        self.kind = kind
        self.value = value


def clean_code(text: str) -> str:
    """Return the text without blanks, in half-width upper case.

    Full-width digits and letters (`５１`, `Ｇ`) become ASCII; blanks inside go too, as
    codes are often written in groups.

    Examples
    --------
    >>> clean_code(" 513425 001002　gb00012 ")
    '513425001002GB00012'
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def normalise_division(text: str) -> str:
    """Return a division code without the zeros of the levels below it.

    Accepts 2, 4, 6, 9 or 12 digits, padded with zeros or not. A township is 9 digits, a
    village 12. The whole country is `WHOLE_COUNTRY`, which stays as it is.

    Raises
    ------
    InvalidCode
        Other characters or lengths, unknown province digits, a gap between levels.

    Examples
    --------
    >>> normalise_division("513425000000"), normalise_division("510000")
    ('513425', '51')
    >>> normalise_division("441900003000")  # a township straight below a prefecture
    '441900003'
    """
    code = clean_code(text)
    if code == WHOLE_COUNTRY:
        return code
    if not re.fullmatch(r"[0-9]+", code) or len(code) not in _LENGTHS:
        raise InvalidCode("division", text, "division_digits")
    if code[:2] not in _PROVINCES:
        raise InvalidCode("division", text, "division_province", found=code[:2])
    return _strip_levels(code, text)


def _strip_levels(code: str, text: str) -> str:
    """Drop zeros level by level; zeros that belong to a code itself stay."""
    for shorter in (TOWNSHIP_DIGITS, COUNTY_DIGITS):
        if len(code) > shorter and not code[shorter:].strip("0"):
            code = code[:shorter]
    if code[6:9] == "000" or (code[2:4] == "00" and code[4:].strip("0")):
        raise InvalidCode("division", text, "division_gap")
    while len(code) in (4, 6) and code.endswith("00"):
        code = code[:-2]
    return code


def division_contains(scope: str, code: str) -> bool:
    """Return whether a division lies in a scope; both without trailing zeros.

    A division contains itself. The test is the prefix, as in row-level security.

    Examples
    --------
    >>> division_contains("5134", "513425100"), division_contains("513425", "5134")
    (True, False)
    """
    return scope == WHOLE_COUNTRY or code.startswith(scope)


def county_of(code: str) -> str:
    """Return the six county digits a division, parcel or unit code begins with.

    Raises
    ------
    InvalidCode
        If there are fewer than six digits at the beginning.
    """
    if re.match(r"[0-9]{6}", code):
        return code[:COUNTY_DIGITS]
    raise InvalidCode("division", code, "division_no_county")


def normalise_parcel_code(text: str) -> str:
    """Return a parcel code (宗地代码) as its 19 characters.

    Raises
    ------
    InvalidCode
        Wrong length (28 characters are a real-estate unit code), a character that does
        not fit its place, or serial 00000.

    Examples
    --------
    >>> normalise_parcel_code("513425 001002 ＧＢ00012")
    '513425001002GB00012'
    """
    code = clean_code(text)
    if len(code) == 28 and _PARCEL.fullmatch(code[:19]):
        raise InvalidCode("parcel", text, "parcel_is_unit", found=code[:19])
    _check_length("parcel", text, code, 19)
    if not _PARCEL.fullmatch(code):
        raise InvalidCode("parcel", text, "parcel_pattern")
    if code.endswith("00000"):
        raise InvalidCode("parcel", text, "parcel_serial")
    return code


def _check_length(kind: CodeKind, text: str, code: str, expected: int) -> None:
    if len(code) != expected:
        raise InvalidCode(kind, text, "length", expected=expected, found=len(code))


def normalise_credit_code(text: str) -> str:
    """Return a unified social credit code whose check character is right.

    Check character of GB 32100-2015: weights 3^i mod 31 over the first 17 characters,
    alphabet without I, O, S, V, Z. Raises `InvalidCode`.

    Examples
    --------
    >>> normalise_credit_code("91350100m000100y43")
    '91350100M000100Y43'
    """
    code = clean_code(text)
    _check_length("credit", text, code, 18)
    foreign = [c for c in code if c not in _CREDIT_ALPHABET]
    if foreign:
        raise InvalidCode("credit", text, "credit_character", found=foreign[0])
    expected = credit_check_character(code[:17])
    if code[17] != expected:
        raise InvalidCode(
            "credit", text, "credit_check", expected=expected, found=code[17]
        )
    return code


def credit_check_character(first_17: str) -> str:
    """Return the check character of a unified social credit code (GB 32100-2015)."""
    total = sum(
        _CREDIT_ALPHABET.index(character) * pow(3, place, 31)
        for place, character in enumerate(first_17)
    )
    return _CREDIT_ALPHABET[-total % 31]


def normalise_plot_code(text: str) -> str:
    """Return a plot code (地块编码) of the national site system as its 13 digits.

    County 6, type 1 (1 in production, 2 closed or moved), industry division 2, serial 4
    from 0001. Raises `InvalidCode`.
    """
    code = clean_code(text)
    _check_length("plot", text, code, 13)
    if not _PLOT.fullmatch(code) or code.endswith("0000"):
        raise InvalidCode("plot", text, "plot_pattern")
    return code


def normalise_industry_code(text: str) -> str:
    """Return an industry code of GB/T 4754 as four digits without its letter.

    Divisions and groups are padded with zeros (`C32` and `3200` are both `3200`). The
    edition is not in the code: keep it, and the raw text, beside it. Raises
    `InvalidCode`.

    Examples
    --------
    >>> normalise_industry_code("C3212"), normalise_industry_code("336")
    ('3212', '3360')
    """
    match = _INDUSTRY.fullmatch(clean_code(text))
    if match is None or match[1].startswith("00"):
        raise InvalidCode("industry", text, "industry_pattern")
    return match[1].ljust(4, "0")
