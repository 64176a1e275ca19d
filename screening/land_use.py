"""What does a land-use class mean in law and in GB 36600? (core).

A class is a code in a named scheme: the same digits mean different things in different
schemes, so a code without its scheme is refused. The sets follow section 4 of the rule
table. Source of the mapping: GB/T 21010-2017, the 2023 guide on land and sea use
(自然资发〔2023〕234号), GB 50137-2011 with `gb36600_land_use_class.csv`. 07 and 08 as
homes and public service are verified; where the law names no code the mapping is a
project default.

Membership is by prefix: `0701` falls under `07`. A code known to one level only stays
on that level: `0804` without detail counts as a school.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from parcels.land_use_codes import (
    PARK_FLAG,
    Scheme,
    clean_land_use_code,
    find_scheme,
    is_land_use_code,
)
from parcels.refusal import Refusal
from parcels.texts import Text
from screening.vocabulary import LandClass

Group = Literal[
    "agricultural", "residential", "public", "commercial", "industrial", "other"
]
Sensitivity = Literal["sensitive", "other", "unknown"]
"""Whether people would live, trade, learn or be cared for there; see `sensitivity`."""
LandUseTest = Callable[["LandUse"], bool]

SCHEME_TITLES: Final[dict[Scheme, Text]] = {
    "gbt21010_2017": Text(
        "《土地利用现状分类》（GB/T 21010-2017）",
        "Current land use classification (GB/T 21010-2017)",
    ),
    "ydyh_2023": Text(
        "《国土空间调查、规划、用途管制用地用海分类指南》（自然资发〔2023〕234号）",
        "Guide on land and sea use classes for survey, planning and control (2023)",
    ),
    "gb50137_2011": Text(
        "《城市用地分类与规划建设用地标准》（GB 50137-2011）",
        "Urban land classes and planning standards of development land (GB 50137-2011)",
    ),
}
Prefixes = dict[Scheme, tuple[str, ...]]

_RESIDENTIAL: Final[Prefixes] = {
    "gbt21010_2017": ("07",),
    "ydyh_2023": ("07",),
    "gb50137_2011": ("R",),
}
_PUBLIC: Final[Prefixes] = {
    "gbt21010_2017": ("08",),
    "ydyh_2023": ("08",),
    "gb50137_2011": ("A",),
}
_COMMERCIAL: Final[Prefixes] = {
    "gbt21010_2017": ("05",),
    "ydyh_2023": ("09",),
    "gb50137_2011": ("B",),
}
_INDUSTRIAL_GROUP: Final[Prefixes] = {
    "gbt21010_2017": ("06",),
    "ydyh_2023": ("10", "11"),
    "gb50137_2011": ("M", "W"),
}
_INDUSTRIAL: Final[Prefixes] = {
    "gbt21010_2017": ("06",),
    "ydyh_2023": ("10", "1309"),
    "gb50137_2011": ("M",),
}
_AGRICULTURAL: Final[Prefixes] = {
    "gbt21010_2017": (
        *("01", "02", "03", "04"),
        *("1006", "1103", "1104", "1107", "1202", "1203"),
    ),
    "ydyh_2023": ("01", "02", "03", "04", "06", "1704"),
    "gb50137_2011": ("E2",),
}
_UNUSED: Final[Prefixes] = {
    "gbt21010_2017": (
        *("1101", "1102", "1105", "1106", "1108", "1110"),
        *("1204", "1205", "1206", "1207"),
    ),
    "ydyh_2023": ("05", "17", "18", "19", "20", "21", "22", "23", "24"),
    "gb50137_2011": ("E",),
}
_CULTIVATED: Final[Prefixes] = {
    "gbt21010_2017": ("01",),
    "ydyh_2023": ("01",),
    "gb50137_2011": ("E2",),
}
_FOREST_FRUIT_OR_POND: Final[Prefixes] = {
    "gbt21010_2017": ("0201", "03", "1104"),
    "ydyh_2023": ("0201", "03", "1704"),
    "gb50137_2011": ("E13",),
}
_FRUIT_WITHOUT_DETAIL: Final[Prefixes] = {
    "gbt21010_2017": ("02",),
    "ydyh_2023": ("02",),
    "gb50137_2011": (),
}
_ANY_KIND_OF_FARMING: Final[Prefixes] = {
    "gbt21010_2017": (),
    "ydyh_2023": (),
    "gb50137_2011": ("E2",),
}
_CLASS_1: Final[Prefixes] = {
    "gbt21010_2017": ("07", "0803", "0805", "0806", "0810"),
    "ydyh_2023": ("07", "080403", "080404", "0806", "0807", "1401"),
    "gb50137_2011": ("R", "A33", "A5", "A6", PARK_FLAG),
}
_CLASS_1_WITHOUT_DETAIL: Final[Prefixes] = {
    "gbt21010_2017": ("08",),
    "ydyh_2023": ("08", "0804", "14"),
    "gb50137_2011": ("A", "A3", "H", "H1", "H11", "H12", "H13", "H14"),
}
_HOMES_SCHOOLS_HOSPITALS: Final[Prefixes] = {
    "gbt21010_2017": ("07", "0803", "0805"),
    "ydyh_2023": ("07", "0804", "0806"),
    "gb50137_2011": ("R", "A31", "A32", "A33", "A34", "A5"),
}
_HOMES_SCHOOLS_HOSPITALS_WITHOUT_DETAIL: Final[Prefixes] = {
    "gbt21010_2017": ("08",),
    "ydyh_2023": ("08",),
    "gb50137_2011": ("A", "A3"),
}
_UTILITIES: Final[Prefixes] = {
    "gbt21010_2017": ("0809",),
    "ydyh_2023": (),
    "gb50137_2011": (),
}


class InvalidLandUse(Refusal):
    """A land-use class cannot be read: scheme not known, or no code of it."""


@dataclass(frozen=True, slots=True)
class LandUse:
    """A land-use class: a code in a named scheme (用途分类).

    `code` is upper case without blanks. Classes read from the register may carry codes
    the scheme does not know; they fit no class and are judged as the strictest one.
    """

    scheme: Scheme
    code: str

    def __str__(self) -> str:
        return f"{self.scheme} {self.code}"


def parse_land_use(scheme: str, code: str) -> LandUse:
    """Return the class of this code in this scheme (identifier or official title).

    Raises
    ------
    InvalidLandUse
        The scheme is not known, or the code is none of it.

    Examples
    --------
    >>> parse_land_use("GB/T 21010-2017", "0701")
    LandUse(scheme='gbt21010_2017', code='0701')
    """
    known = parse_scheme(scheme)
    cleaned = clean_land_use_code(code)
    if not is_land_use_code(known, cleaned):
        title = SCHEME_TITLES[known]
        raise InvalidLandUse(
            "land_use_code",
            f"“{code}”不是{title.zh}的分类代码；请按该分类填写代码。",
            f"{code!r} is no code of {title.en}; give a code of that scheme.",
        )
    return LandUse(known, cleaned)


def parse_scheme(scheme: str) -> Scheme:
    """Return the identifier of a scheme given by identifier or official title.

    Raises `InvalidLandUse`.
    """
    found = find_scheme(scheme)
    if found is None:
        raise InvalidLandUse(
            "land_use_scheme",
            f"不认识用途分类“{scheme}”；可用：{'、'.join(SCHEME_TITLES)}。",
            f"the scheme {scheme!r} is not known; use {', '.join(SCHEME_TITLES)}.",
        )
    return found


def is_residential_or_public(use: LandUse) -> bool:
    """Whether the use is homes or public service in law (住宅、公共管理与公共服务用地).

    Soil Law Art. 59, 61 (verified); codes 07 and 08 after a provincial notice.
    """
    return _within(use, _RESIDENTIAL) or _within(use, _PUBLIC)


def is_residential_or_public_today(use: LandUse) -> bool:
    """As `is_residential_or_public`, for a current use: utilities 0809 do not count."""
    return is_residential_or_public(use) and not _within(use, _UTILITIES)


def is_sensitive_wide(use: LandUse) -> bool:
    """Whether the use is homes, commerce, school, medical, elder care or other public.

    LS 12 and Order 42 Art. 3: wider than the law of 2018 by commercial land.
    """
    return is_residential_or_public(use) or _within(use, _COMMERCIAL)


def sensitivity(scheme: str | None, code: str | None) -> Sensitivity:
    """Tell whether a use on record is sensitive (`is_sensitive_wide`).

    拟开发居住、商业、学校、医疗和养老机构. Unknown where no use is on record, or its
    code is none of its scheme.

    Examples
    --------
    >>> sensitivity("gbt21010_2017", "0701"), sensitivity("gbt21010_2017", "0601")
    ('sensitive', 'other')
    >>> sensitivity(None, None)
    'unknown'
    """
    if not scheme or not code:
        return "unknown"
    try:
        use = parse_land_use(scheme, code)
    except InvalidLandUse:
        return "unknown"
    return "sensitive" if is_sensitive_wide(use) else "other"


def is_home_school_or_hospital(use: LandUse) -> bool:
    """Whether the use is homes, school or hospital (居住、学校、医院), LS 14."""
    return _within(use, _HOMES_SCHOOLS_HOSPITALS) or _exactly(
        use, _HOMES_SCHOOLS_HOSPITALS_WITHOUT_DETAIL
    )


def is_industrial(use: LandUse) -> bool:
    """Whether the use is industry, mining or waste (工矿、环卫)."""
    return _within(use, _INDUSTRIAL)


def is_agricultural(use: LandUse) -> bool:
    """Whether the use is agricultural (农用地)."""
    return _within(use, _AGRICULTURAL)


def is_cultivated(use: LandUse) -> bool:
    """Whether the use is arable land (耕地), or farming of a kind that is not told."""
    return _within(use, _CULTIVATED)


def is_forest_fruit_or_pond(use: LandUse) -> bool:
    """Whether the use is forest, fruit growing or a pond (林果业、挖塘养鱼).

    Land Management Law Art. 37(3); the codes are a project default. Garden land (园地)
    without detail counts as fruit growing.
    """
    return _within(use, _FOREST_FRUIT_OR_POND) or _exactly(use, _FRUIT_WITHOUT_DETAIL)


def is_farming_of_any_kind(use: LandUse) -> bool:
    """Whether the code stops above the level on which kinds of farming part."""
    return _exactly(use, _ANY_KIND_OF_FARMING)


def is_construction(use: LandUse) -> bool:
    """Whether the use is development land: neither agricultural nor unused."""
    return not is_agricultural(use) and not _within(use, _UNUSED)


def is_agricultural_or_residential(use: LandUse) -> bool:
    """Whether the use is farmland or homes: no plant can be expected there."""
    return is_agricultural(use) or _within(use, _RESIDENTIAL)


@lru_cache(maxsize=4096)
def land_class(use: LandUse) -> LandClass:
    """Return the class of GB 36600-2018; a use that fits none counts as class 1.

    The standard applies class-1 values where the planned use is not clear (clause
    5.3.1): so does a code that stops above the level on which the classes part
    (`08`, `A`). Agricultural and unused land fit neither class.

    Examples
    --------
    >>> land_class(LandUse("gb50137_2011", "A33"))
    'class_1'
    >>> land_class(LandUse("ydyh_2023", "09"))
    'class_2'
    """
    if _within(use, _CLASS_1) or _exactly(use, _CLASS_1_WITHOUT_DETAIL):
        return "class_1"
    if not is_land_use_code(use.scheme, use.code) or not is_construction(use):
        return "class_1"
    return "class_2"


@lru_cache(maxsize=4096)
def use_group(use: LandUse) -> Group:
    """Return the group by which a change of use is judged."""
    if is_agricultural(use):
        return "agricultural"
    if _within(use, _RESIDENTIAL):
        return "residential"
    if _within(use, _PUBLIC):
        return "public"
    if _within(use, _COMMERCIAL):
        return "commercial"
    return "industrial" if _within(use, _INDUSTRIAL_GROUP) else "other"


def is_change_of_use(planned: LandUse, current: LandUse) -> bool:
    """Whether the planned use changes the current one (改变用途).

    They fall in different groups, or class 2 becomes class 1.
    """
    if use_group(planned) != use_group(current):
        return True
    return land_class(planned) == "class_1" and land_class(current) == "class_2"


def same_or_contains(listed: LandUse, planned: LandUse) -> bool | None:
    """Whether a planned use falls under a listed class, None when it cannot be told.

    Within one scheme a planned use also counts when it is wider than the listed class,
    as the listed one may be what is built. Across schemes only whole groups (homes,
    public, commerce) can be compared; other codes of the same group cannot.
    """
    if listed.scheme == planned.scheme:
        shorter, longer = sorted((listed.code, planned.code), key=len)
        return longer.startswith(shorter)
    if use_group(listed) != use_group(planned):
        return False
    return True if listed.code in _WHOLE_GROUPS[listed.scheme] else None


_WHOLE_GROUPS: Final = {
    scheme: {
        *_RESIDENTIAL[scheme],
        *_PUBLIC[scheme],
        *_COMMERCIAL[scheme],
    }
    for scheme in SCHEME_TITLES
}


def _within(use: LandUse, prefixes: Prefixes) -> bool:
    return use.code.startswith(prefixes[use.scheme])


def _exactly(use: LandUse, codes: Prefixes) -> bool:
    return use.code in codes[use.scheme]
