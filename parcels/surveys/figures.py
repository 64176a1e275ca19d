"""How is a figure that a check found kept and written? (core)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from math import isfinite


def round_found(value: float, places: int = 2) -> float:
    """Return a figure to so many decimals; a smaller one to two significant digits.

    A fault that is there is not told as nought.

    Examples
    --------
    >>> round_found(12.3456), round_found(0.00123), round_found(0.0)
    (12.35, 0.0012, 0.0)
    """
    return round(float(value), places) or float(f"{value:.2g}")


def round_all(values: Iterable[float], places: int = 2) -> list[float]:
    """Return figures as `round_found` does."""
    return [round_found(one, places) for one in values]


def write_figure(value: float) -> str:
    """Return a figure for people: in thousands, without exponent or idle decimals.

    Examples
    --------
    >>> write_figure(12345.0), write_figure(1234.5), write_figure(1.2e-05)
    ('12,345', '1,234.5', '0.000012')
    """
    if not isfinite(value):
        return str(value)
    text = f"{Decimal(repr(value)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
