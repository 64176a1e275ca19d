"""What value does this text stand for? (core).

Whole columns at once: numbers by Arrow, dates and yes/no once per distinct text. A
value that cannot be what its attribute needs is null here and told by its index; it
is never bent into something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from parcels.register.layer import LONGEST_TEXT, YEARS, Kind

INDICES = npt.NDArray[np.int64]
NOBODY: Final = np.empty(0, dtype=np.int64)

_NUMBER: Final = r"^-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_WITH_COMMA: Final = r"^-?[0-9.]*[,，][0-9.,，]*[0-9]$"
_DAMAGED: Final = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{fffd}]"
_LONG_PART: Final = rf"[^;]{{{LONGEST_TEXT + 1}}}"
_DATE: Final = re.compile(
    r"([0-9]{4})(?:[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))"
    r"(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_BOOLEANS: Final = {
    **dict.fromkeys(("1", "TRUE", "T", "Y", "YES", "是"), True),
    **dict.fromkeys(("0", "FALSE", "F", "N", "NO", "否"), False),
}
_NOT_STATED: Final = "?"
"""What dBASE writes for a logical value not given; GDAL hands it on as text."""
_INT32: Final = (-(2**31), 2**31 - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Parsed:
    """A column as values.

    Attributes
    ----------
    values
        string, int32, float64, bool or date32 by the attribute's kind; lists are text
        with ``;`` between the parts.
    faults
        Kind of issue → indices of the values it concerns; those are null.
    """

    values: pa.Array
    faults: dict[str, INDICES]


def parse_column(kind: Kind, column: pa.Array) -> Parsed:
    """Return the values of a column; empty text and null stay null.

    So does the mark of a yes or no that was not given.
    """
    if kind in (Kind.NUMBER, Kind.INTEGER):
        return _parse_numbers(kind, column)
    text = to_text(column)
    if kind is Kind.DATE:
        return _parse_distinct(text, parse_date, pa.date32(), "date_unreadable")
    if kind is Kind.BOOLEAN:
        text = pc.if_else(
            pc.equal(text, _NOT_STATED), pa.scalar(None, pa.string()), text
        )
        return _parse_distinct(text, parse_boolean, pa.bool_(), "boolean_unreadable")
    damaged = _indices(pc.match_substring_regex(text, _DAMAGED))
    text = _without(text, damaged)
    long = _find_long(text, kind)
    text = _without(text, long)
    if kind is Kind.TEXT_LIST:
        text = _tidy_lists(text)
    return Parsed(text, {"text_damaged": damaged, "text_too_long": long})


def _find_long(text: pa.Array, kind: Kind) -> INDICES:
    """Return the texts that are too long; of lists, those with such a part."""
    long = _indices(pc.greater(pc.utf8_length(text), LONGEST_TEXT))
    if kind is Kind.TEXT_LIST and len(long):
        parts = pc.match_substring_regex(text.take(pa.array(long)), _LONG_PART)
        long = long[_indices(parts)]
    return long


def to_text(column: pa.Array) -> pa.Array:
    """Return any column as trimmed text; empty becomes null.

    Whole numbers lose a trailing ``.0``, days are ISO 8601, lists are joined by ``;``.
    """
    kind = column.type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        column = pc.binary_join(column.cast(pa.list_(pa.string())), ";")
    elif pa.types.is_timestamp(kind):
        column = pc.strftime(column, format="%Y-%m-%dT%H:%M:%S")
        column = pc.replace_substring_regex(column, r"T00:00:00(\.0+)?$", "")
    elif pa.types.is_floating(kind):
        column = pc.replace_substring_regex(column.cast(pa.string()), r"\.0$", "")
    elif not pa.types.is_string(kind):
        column = column.cast(pa.string())
    text = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def parse_date(text: str) -> date | None:
    """Return the day a text names, None when it names none of 1900 to 2200.

    A time of day other than midnight is no day.

    Examples
    --------
    >>> parse_date("20240501") == parse_date("2024年5月1日") == date(2024, 5, 1)
    True
    """
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year = int(match[1])
    try:
        day = date(year, int(match[2] or match[4]), int(match[3] or match[5]))
    except ValueError:
        return None
    return day if year in YEARS else None


def parse_boolean(text: str) -> bool | None:
    """Return the answer a text gives, None when it is neither yes nor no."""
    return _BOOLEANS.get(text.upper())


def _parse_distinct(
    text: pa.Array,
    parse: Callable[[str], Any],
    result: pa.DataType,
    fault: str,
) -> Parsed:
    """Parse each distinct text once."""
    encoded = text.dictionary_encode()
    values = [parse(one) for one in encoded.dictionary.to_pylist()]
    parsed = pa.array(values, result).take(encoded.indices)
    bad = _indices(pc.and_(text.is_valid(), parsed.is_null()))
    return Parsed(parsed, {fault: bad})


def _parse_numbers(kind: Kind, column: pa.Array) -> Parsed:
    unreadable = commas = NOBODY
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        numbers = column.cast(pa.float64())
    else:
        text = pc.replace_substring_regex(to_text(column), r"^\+", "")
        unreadable = _indices(pc.invert(pc.match_substring_regex(text, _NUMBER)))
        numbers = _without(text, unreadable).cast(pa.float64())
        # A decimal sign or one between thousands: 1,234 could be either.
        told = text.take(pa.array(unreadable))
        commas = unreadable[_indices(pc.match_substring_regex(told, _WITH_COMMA))]
        unreadable = np.setdiff1d(unreadable, commas)
    wide = _indices(pc.invert(pc.is_finite(numbers)))
    numbers = _without(numbers, wide)
    faults = {
        "number_unreadable": unreadable,
        "number_comma": commas,
        "number_out_of_range": wide,
    }
    if kind is Kind.INTEGER:
        return _parse_integers(numbers, faults)
    return Parsed(numbers, faults)


def _parse_integers(numbers: pa.Array, faults: dict[str, INDICES]) -> Parsed:
    broken = _indices(pc.not_equal(pc.floor(numbers), numbers))
    numbers = _without(numbers, broken)
    low, high = _INT32
    wide = _indices(pc.or_(pc.less(numbers, low), pc.greater(numbers, high)))
    faults = {
        **faults,
        "integer_expected": broken,
        "number_out_of_range": np.union1d(faults["number_out_of_range"], wide),
    }
    return Parsed(_without(numbers, wide).cast(pa.int32()), faults)


def _tidy_lists(text: pa.Array) -> pa.Array:
    """Return lists with single half-width semicolons between trimmed parts."""
    text = pc.replace_substring_regex(text, r"\s*[;；]\s*", ";")
    text = pc.utf8_trim(pc.replace_substring_regex(text, ";{2,}", ";"), ";")
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def _indices(mask: pa.Array) -> INDICES:
    """Return where a mask is true; null counts as false."""
    filled = pc.fill_null(mask, False).to_numpy(zero_copy_only=False)
    return np.flatnonzero(filled)


def _without(values: pa.Array, indices: INDICES) -> pa.Array:
    """Return the values with null at the indices."""
    if not len(indices):
        return values
    mask = np.zeros(len(values), dtype=bool)
    mask[indices] = True
    return pc.if_else(pa.array(mask), pa.scalar(None, values.type), values)
