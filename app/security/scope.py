"""On which division does a caller act? On none outside his part of the country."""

from __future__ import annotations

from app.request_errors import OutsideDivision
from app.security.principals import Principal


def check_inside(asker: Principal, division: str) -> None:
    """Refuse a division that is not within the caller's: raises `OutsideDivision`."""
    if not asker.may_see(division):
        raise OutsideDivision(division, asker.scope)


def own_division(asker: Principal, division: str | None) -> str:
    """Return the division that is named, or the caller's whole part for None.

    Raises
    ------
    OutsideDivision
        If it is not within the caller's.
    """
    if division is None:
        return asker.scope
    check_inside(asker, division)
    return division
