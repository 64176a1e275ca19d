"""In which unit is a content given, and what is it in the register's? (core).

The register keeps soil and produce in mg/kg, waters in mg/L, pH without a unit. Units
are recognised as laboratories write them (mg/kg, μg/kg, ug/kg, 毫克/千克, mg·kg⁻¹) and
brought over exactly, in decimal; what is not recognised is not guessed (ppm may mean
either).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

Family = Literal["in_solids", "in_water", "none"]

CANONICAL: Final[dict[Family, str]] = {
    "in_solids": "mg/kg",
    "in_water": "mg/L",
    "none": "无量纲",
}
"""Unit the register keeps for each family."""

FAMILY_OF_MEDIUM: Final[dict[str, Family]] = {
    "soil": "in_solids",
    "crop": "in_solids",
    "irrigation": "in_water",
    "surface_water": "in_water",
    "ground_water": "in_water",
}
"""Medium → the family of units its contents are given in."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that is recognised: its family, and one of it in the canonical unit."""

    family: Family
    factor: Decimal


_SOLIDS: Final = {
    "mg/kg": "1", "ug/kg": "0.001", "ng/kg": "0.000001", "g/kg": "1000",
    "ug/g": "1", "ng/g": "0.001", "mg/g": "1000", "mg/100g": "10", "%": "10000",
}  # fmt: skip
_WATER: Final = {"mg/l": "1", "ug/l": "0.001", "ng/l": "0.000001", "g/l": "1000"}
_NONE: Final = (
    "无量纲",
    "ph",
    "ph值",
    "/",
    "-",
    "—",
    "无",
    "none",
    "dimensionless",
    "1",
)

_UNITS: Final[dict[str, Unit]] = {
    **{name: Unit("in_solids", Decimal(one)) for name, one in _SOLIDS.items()},
    **{name: Unit("in_water", Decimal(one)) for name, one in _WATER.items()},
    **{name: Unit("none", Decimal(1)) for name in _NONE},
}
_WORDS: Final = (
    ("毫克", "mg"), ("微克", "ug"), ("纳克", "ng"), ("千克", "kg"), ("公斤", "kg"),
    ("克", "g"), ("升", "l"), ("每", "/"), ("μ", "u"), ("µ", "u"), ("⁻¹", "-1"),
)  # fmt: skip


def find_unit(text: str) -> Unit | None:
    """Return the unit a text names, None for one that is not known.

    Examples
    --------
    >>> [find_unit(t).factor for t in ("mg/kg", "μg/kg", "微克/升", "mg·kg⁻¹")]
    [Decimal('1'), Decimal('0.001'), Decimal('0.001'), Decimal('1')]
    >>> find_unit("ppm") is None
    True
    """
    return _UNITS.get(_plain(text))


def _plain(text: str) -> str:
    for word, sign in _WORDS:
        text = text.replace(word, sign)
    plain = "".join(unicodedata.normalize("NFKC", text).split()).lower()
    plain = plain.replace("μ", "u").replace("−", "-")
    for dot in ("·", "•", "*", "."):
        plain = plain.replace(dot, " ")
    if plain.endswith("-1") and " " in plain:
        over, under = plain[:-2].split(" ", 1)
        plain = f"{over}/{under}"
    return plain


def convert(number: str, unit: Unit) -> str:
    """Return a number of a unit in the canonical unit of its family, as text.

    Decimal throughout: 350 μg/kg is 0.35 mg/kg to the last digit.

    Examples
    --------
    >>> convert("350", find_unit("ug/kg"))
    '0.350'
    """
    return format(Decimal(number) * unit.factor, "f")
