"""Are all values there, and are they ones the layer allows? (core)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from parcels.register.layers import RESTRICTION_AREA, Attribute
from parcels.register.themes import KNOWN_THEMES, list_unknown
from parcels.surveys.candidates import Candidates, Mask
from parcels.surveys.issues import Issues

_SCHEME: Final = "land_use_scheme"
_CODE: Final = "land_use_code"
_THEME: Final = "theme"


def check_attributes(candidates: Candidates, valid_from: date) -> Iterator[Issues]:
    """Give an issue for each value that is missing, not allowed or contradictory.

    `valid_from` is the day from which rows hold that name no day of their own.
    """
    yield from _missing(candidates, "code")
    for attribute in candidates.layer.attributes:
        if attribute.name in candidates.values:
            if attribute.required:
                yield from _missing(candidates, attribute.name)
            yield from _not_allowed(candidates, attribute)
    yield from _themes_of_their_own(candidates)
    yield from _without_scheme(candidates)
    yield from _reversed_days(candidates, valid_from)


def _issues(
    candidates: Candidates, kind: str, key: str, bad: Mask, **details: object
) -> Iterator[Issues]:
    indices = np.flatnonzero(bad)
    if len(indices):
        yield Issues(
            kind,
            candidates.rows[indices],
            candidates.fields.get(key),
            candidates.shown(key, indices),
            details,
        )


def _missing(candidates: Candidates, key: str) -> Iterator[Issues]:
    # A value that is there but cannot be read has its own issue already.
    if key in candidates.raw:
        bad = candidates.raw[key].is_null().to_numpy(zero_copy_only=False)
        yield from _issues(candidates, "value_missing", key, bad)


def _not_allowed(candidates: Candidates, attribute: Attribute) -> Iterator[Issues]:
    if attribute.values:
        values = candidates.values[attribute.name]
        known = pc.is_in(values, pa.array(attribute.values, pa.string()))
        bad = pc.and_not(values.is_valid(), known).to_numpy(zero_copy_only=False)
        expected = ", ".join(attribute.values)
        yield from _issues(
            candidates, "value_not_allowed", attribute.name, bad, expected=expected
        )


def _themes_of_their_own(candidates: Candidates) -> Iterator[Issues]:
    if candidates.layer is RESTRICTION_AREA and _THEME in candidates.values:
        values = candidates.values[_THEME]
        unknown = list_unknown(values.drop_null().unique().to_pylist())
        bad = pc.is_in(values, pa.array(unknown, pa.string()))
        yield from _issues(
            candidates,
            "theme_unknown",
            _THEME,
            bad.to_numpy(zero_copy_only=False),
            expected=KNOWN_THEMES,
        )


def _without_scheme(candidates: Candidates) -> Iterator[Issues]:
    # The same digits mean different uses in different schemes.
    if _CODE in candidates.values:
        coded = candidates.values[_CODE].is_valid()
        if _SCHEME in candidates.values:
            coded = pc.and_(coded, candidates.values[_SCHEME].is_null())
        bad = coded.to_numpy(zero_copy_only=False)
        yield from _issues(candidates, "land_use_scheme_missing", _CODE, bad)


def _reversed_days(candidates: Candidates, valid_from: date) -> Iterator[Issues]:
    if "valid_to" in candidates.fields:
        begun = pc.coalesce(candidates.valid_from, pa.scalar(valid_from, pa.date32()))
        early = pc.less_equal(candidates.valid_to, begun)
        bad = pc.fill_null(early, False).to_numpy(zero_copy_only=False)
        days = [day.isoformat() for day in begun.filter(pa.array(bad)).to_pylist()]
        yield from _issues(
            candidates, "dates_reversed", "valid_to", bad, valid_from=days
        )
