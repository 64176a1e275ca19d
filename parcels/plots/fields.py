"""Are the coded fields of a plot such as the register takes? (core).

Classes of use stand beside their scheme, those of a negative list (负面清单) as
``scheme:code``; names of fields to be made public are those that may be
(`parcels.register.values.PUBLISHABLE`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from parcels.land_use_codes import (
    clean_land_use_code,
    find_scheme,
    is_land_use_code,
)
from parcels.register.values import PUBLISHABLE

USES: Final = (
    ("current_use_scheme", "current_use_code"),
    ("planned_use_scheme", "planned_use_code"),
)


def is_use(scheme: str | None, code: str) -> bool:
    """Whether a code is a class of use of its scheme; without one it says nothing.

    Examples
    --------
    >>> is_use("ydyh_2023", "0701"), is_use("ydyh_2023", "99"), is_use(None, "0701")
    (True, False, False)
    """
    known = find_scheme(scheme) if scheme else None
    return known is not None and is_land_use_code(known, clean_land_use_code(code))


def find_unknown_uses(entries: Iterable[str]) -> list[str]:
    """Return the entries of a negative list that name no class of use.

    Examples
    --------
    >>> find_unknown_uses(["gbt21010_2017:0701", "homes", "ydyh_2023:9901"])
    ['homes', 'ydyh_2023:9901']
    """
    return [entry for entry in entries if not _is_listed_use(entry)]


def _is_listed_use(entry: str) -> bool:
    scheme, _, code = entry.partition(":")
    return is_use(scheme, code)


def find_unpublishable(names: Iterable[str]) -> list[str]:
    """Return the names that are none of a field that can be made public."""
    return [name for name in names if name not in PUBLISHABLE]


def find_faults(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return column and faulty value of everything a plot's coded fields get wrong."""
    faults = [
        (code, values[code])
        for scheme, code in USES
        if values.get(code) and not is_use(values.get(scheme), values[code])
    ]
    faults += [
        ("negative_list", one)
        for one in find_unknown_uses(values.get("negative_list") or ())
    ]
    faults += [
        ("published_fields", one)
        for one in find_unpublishable(values.get("published_fields") or ())
    ]
    return faults
