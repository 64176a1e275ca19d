"""Is an industry on one of the lists the law and the plans speak of? (core).

Industries are codes of GB/T 4754 (国民经济行业分类) with their edition: between 2002
and 2011 the same digits changed meaning (32 was ferrous smelting, then non-ferrous).
The lists themselves are data (`rule_sets/industry_lists.toml`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from parcels.codes import InvalidCode, normalise_industry_code
from parcels.texts import Text

Edition = Literal["2002", "2011", "2017"]

EDITIONS: Final[tuple[Edition, ...]] = ("2002", "2011", "2017")


@dataclass(frozen=True, slots=True)
class Industry:
    """One industry a place had or a project has; code as written, edition if known.

    Years are the first and last of the activity, None when not recorded.
    """

    code: str | None
    edition: Edition | None = None
    from_year: int | None = None
    to_year: int | None = None


@dataclass(frozen=True, slots=True)
class EditionCodes:
    """Codes of one list in one edition: prefixes that belong and that do not."""

    included: tuple[str, ...]
    excluded: tuple[str, ...] = ()

    def holds(self, prefix: str) -> bool | None:
        """Whether the industry with this prefix belongs; None for a coarser code."""
        if prefix.startswith(self.excluded):
            return False
        if prefix.startswith(self.included):
            return True
        coarser = any(member.startswith(prefix) for member in self.included)
        return None if coarser else False


@dataclass(frozen=True, slots=True, eq=False)
class IndustryList:
    """A named list of industries, by edition of the classification (行业清单).

    Lists are the same only when they are one object: answers are remembered by list.

    Attributes
    ----------
    name
        `H1` to `H6` as in `requirements_from_policy.md` section H, or several joined
        by `+`.
    """

    name: str
    title: Text
    codes: Mapping[Edition, tuple[EditionCodes, ...]]

    def holds(self, industry: Industry) -> bool | None:
        """Whether an industry is on the list.

        None when it cannot be told: no readable code, or a code that stops above the
        level of the list (`25` may or may not be coking). Without an edition every
        edition is tried and a hit in one counts.

        Examples
        --------
        >>> plating = {"2017": (EditionCodes(("336",)),)}
        >>> one = IndustryList("H6", Text("电镀", "plating"), plating)
        >>> one.holds(Industry("C3360", "2017")), one.holds(Industry("33", "2017"))
        (True, None)
        """
        return _holds(self, industry.code, industry.edition)


@lru_cache(maxsize=16_384)
def _holds(
    industries: IndustryList, code: str | None, edition: Edition | None
) -> bool | None:
    """Answer `IndustryList.holds`; a decision asks some sixty times for few codes."""
    prefix = industry_prefix(code)
    if prefix is None:
        return None
    return any_known(
        codes.holds(prefix)
        for tried in ((edition,) if edition in EDITIONS else EDITIONS)
        for codes in industries.codes.get(tried, ())
    )


def join_lists(lists: Iterable[IndustryList]) -> IndustryList:
    """Return the union of several lists under the name `A+B`."""
    members = tuple(lists)
    if len(members) == 1:
        return members[0]
    return IndustryList(
        "+".join(member.name for member in members),
        Text(
            "、".join(member.title.zh for member in members),
            "; ".join(member.title.en for member in members),
        ),
        {
            edition: tuple(
                codes for member in members for codes in member.codes.get(edition, ())
            )
            for edition in EDITIONS
        },
    )


def industry_prefix(code: str | None) -> str | None:
    """Return the digits that tell something, None when the code cannot be read.

    Zeros at the end only pad a division or group, or number a group's single class:
    `C3200` becomes `32`, `3360` becomes `336`.

    Examples
    --------
    >>> industry_prefix("C3212"), industry_prefix("3200"), industry_prefix("plating")
    ('3212', '32', None)
    """
    if code is None:
        return None
    try:
        digits = normalise_industry_code(code)
    except InvalidCode:
        return None
    return digits[:2] + digits[2:].rstrip("0")


def any_known(values: Iterable[bool | None]) -> bool | None:
    """Return True when one is true, else None when one is unknown, else False."""
    result: bool | None = False
    for value in values:
        if value:
            return True
        if value is None:
            result = None
    return result
