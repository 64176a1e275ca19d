"""How is a record turned into the bytes whose digest is kept? (core).

JSON Canonicalization Scheme (RFC 8785) for documents without floating-point numbers:
decimals travel as text, because two programs print one float in two ways. The library
used sorts keys by code point, which is the order of RFC 8785 for every character of the
basic plane; a test compares it with a reference implementation.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Any

import orjson

LARGEST_INTEGER = 2**53 - 1
"""Beyond this a JSON reader may lose digits (RFC 8785, section 3.2.2.3)."""


class NotCanonical(Exception):
    """The document holds what has no single written form."""


def canonical_bytes(document: Any) -> bytes:
    """Return the one written form of a document of texts, integers and booleans.

    Raises
    ------
    NotCanonical
        If it holds a value that JSON does not know, or an integer beyond 2⁵³ − 1.
        Floats are not looked for here: use `decimal_text` where a number is measured.
    """
    try:
        return orjson.dumps(
            document, option=orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
        )
    except orjson.JSONEncodeError as error:
        raise NotCanonical(str(error)) from error


@lru_cache(maxsize=4096)
def decimal_text(value: float, places: int) -> str:
    """Return a measured number as text with a fixed number of decimals.

    Rounded half to even from the number's exact binary value; minus zero is zero.

    Examples
    --------
    >>> decimal_text(1234.5, 2)
    '1234.50'
    >>> decimal_text(-0.0001, 2)
    '0.00'
    """
    exact = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    return f"{abs(exact) if exact == 0 else exact:f}"
