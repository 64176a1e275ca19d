"""Codes of a survey, brought to the one form the register keeps (core).

Well-formed codes pass a regular expression as a whole column; only the others are
looked at one by one, cleaned of blanks and full-width characters, and told why they
cannot be right. `parcels.codes` knows the forms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from parcels.codes import (
    InvalidCode,
    clean_code,
    normalise_credit_code,
    normalise_division,
    normalise_industry_code,
    normalise_parcel_code,
    normalise_plot_code,
)
from parcels.surveys.issues import Issues

_PARCEL: Final = (
    r"^[0-9]{12}[GJZ][ABSXCDEFHGWY]"
    r"([1-9][0-9]{4}|0[1-9][0-9]{3}|00[1-9][0-9]{2}|000[1-9][0-9]|0000[1-9])$"
)


def normalise_township(text: str) -> str:
    """Return the nine digits of the township a location code begins with.

    坐落单位代码 carries 12 digits of the village and zeros or group digits behind.

    Examples
    --------
    >>> normalise_township("5134251002010000000")
    '513425100'
    """
    code = clean_code(text)
    division = normalise_division(code[:12] if len(code) > 12 else code)
    if len(division) < 9:
        raise InvalidCode("division", text, "length", expected=9, found=len(division))
    return division[:9]


def _normalise_layer_division(text: str) -> str:
    """Return a division of the register: province to township."""
    code = normalise_division(text)
    if len(code) > 9 or code == "*":
        raise InvalidCode("division", text, "division_digits")
    return code


def _or_as_written(normalise: Callable[[str], str]) -> Callable[[str], str]:
    """Return a form for codes that refer to an object: told where they are defined."""

    def lenient(text: str) -> str:
        try:
            return normalise(text)
        except InvalidCode:
            return text

    return lenient


@dataclass(frozen=True, slots=True)
class CodeForm:
    """How one sort of code is recognised and repaired.

    Attributes
    ----------
    written
        Regular expression (RE2) that a code in its final form fits; None when every
        distinct value has to be looked at.
    normalise
        Brings a text to that form; raises `InvalidCode`.
    strict
        Whether a code that is not of this form keeps its row out. Bureaus number
        plots and enterprises in their own ways as well.
    """

    written: str | None
    normalise: Callable[[str], str]
    strict: bool = True


FORMS: Final[dict[tuple[str, str], CodeForm]] = {
    ("parcel", "code"): CodeForm(_PARCEL, normalise_parcel_code),
    ("plot_document", "parcel_code"): CodeForm(_PARCEL, normalise_parcel_code),
    ("parcel_lineage", "predecessor_code"): CodeForm(_PARCEL, normalise_parcel_code),
    ("parcel_lineage", "successor_code"): CodeForm(_PARCEL, normalise_parcel_code),
    ("division", "code"): CodeForm(None, _normalise_layer_division),
    ("plot", "code"): CodeForm(None, normalise_plot_code, strict=False),
    ("enterprise", "code"): CodeForm(None, normalise_credit_code, strict=False),
    ("plot_event", "plot_code"): CodeForm(None, _or_as_written(normalise_plot_code)),
    ("plot_document", "plot_code"): CodeForm(None, _or_as_written(normalise_plot_code)),
    ("plot_pollutant", "plot_code"): CodeForm(
        None, _or_as_written(normalise_plot_code)
    ),
    ("plot_list_membership", "plot_code"): CodeForm(
        None, _or_as_written(normalise_plot_code)
    ),
    ("key_unit_list", "enterprise_code"): CodeForm(
        None, _or_as_written(normalise_credit_code)
    ),
    ("attention_answer", "enterprise_code"): CodeForm(
        None, _or_as_written(normalise_credit_code)
    ),
    ("attention_correction", "enterprise_code"): CodeForm(
        None, _or_as_written(normalise_credit_code)
    ),
    ("enterprise", "industry_code"): CodeForm(None, normalise_industry_code),
    ("former_use", "industry_code"): CodeForm(None, normalise_industry_code),
    ("parcel", "township_code"): CodeForm(None, normalise_township),
    ("farmland_unit", "township_code"): CodeForm(None, normalise_township),
}
"""Layer and attribute → form; other codes are any text."""


def normalise_codes(
    form: CodeForm, text: pa.Array, rows: npt.NDArray[np.int32], field: str
) -> tuple[pa.Array, list[Issues]]:
    """Return a column of codes in their final form, and what is wrong with the rest.

    A code that cannot be right is null under a strict form and stays as it is
    otherwise. Null stays null.
    """
    pending = _pending(form, text)
    if not len(pending):
        return text, []
    fixed, faults = _normalise_distinct(form, text.take(pa.array(pending)))
    values = text.to_numpy(zero_copy_only=False).copy()
    values[pending] = fixed
    bad = np.array([fault is not None for fault in faults])
    result = pa.array(values, pa.string())
    if not bad.any():
        return result, []
    told = [fault for fault in faults if fault is not None]
    issue = Issues(
        "code_malformed" if form.strict else "code_unusual",
        rows[pending[bad]],
        field,
        [fault.value for fault in told],
        {
            "reason_zh": [fault.zh for fault in told],
            "reason_en": [fault.en for fault in told],
        },
    )
    return result, [issue]


def _pending(form: CodeForm, text: pa.Array) -> npt.NDArray[np.int64]:
    """Return the indices of codes that are not known to be in their final form."""
    if form.written is None:
        mask = text.is_valid()
    else:
        fits = pc.match_substring_regex(text, form.written)
        mask = pc.fill_null(pc.invert(fits), False)
    return np.flatnonzero(mask.to_numpy(zero_copy_only=False))


def _normalise_distinct(
    form: CodeForm, text: pa.Array
) -> tuple[list[str | None], list[InvalidCode | None]]:
    encoded = text.dictionary_encode()
    results: list[tuple[str | None, InvalidCode | None]] = []
    for value in encoded.dictionary.to_pylist():
        try:
            results.append((form.normalise(value), None))
        except InvalidCode as fault:
            results.append((None if form.strict else value, fault))
    order = encoded.indices.to_pylist()
    return [results[i][0] for i in order], [results[i][1] for i in order]
