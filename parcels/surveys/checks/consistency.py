"""Do the values of a row fit each other? (core): order of days and depths, results.

What is told here holds for single rows of any layer, with or without geometry.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from parcels.register.possible_values import ALWAYS_POSITIVE, NEVER_NEGATIVE, ORDERED
from parcels.surveys.candidates import Candidates, places_of
from parcels.surveys.checks.land_classes import BUILT
from parcels.surveys.issues import Issues

OBSERVED: Final = {
    "plot_document": "dated_on",
    "sample_result": "sampled_on",
    "theme_coverage": "data_date",
}
"""Day on which what a row says was seen; it cannot hold before."""


def check_consistency(candidates: Candidates, valid_from: date) -> Iterator[Issues]:
    """Give an issue for each row whose values contradict each other.

    Parameters
    ----------
    valid_from
        Day from which rows hold that name no day of their own.
    """
    for first, second in ORDERED.get(candidates.layer.name, ()):
        yield from _reversed(candidates, first, second)
    for name, values in candidates.values.items():
        if name in NEVER_NEGATIVE:
            yield from _too_small(candidates, name, pc.less(values, 0), "≥ 0")
        elif name in ALWAYS_POSITIVE:
            yield from _too_small(candidates, name, pc.less_equal(values, 0), "> 0")
    yield from _seen_later(candidates, valid_from)
    if candidates.layer.name == "sample_result":
        yield from _results(candidates)
    if candidates.layer.name == "farmland_unit":
        yield from _no_farmland(candidates)


def _reversed(candidates: Candidates, first: str, second: str) -> Iterator[Issues]:
    if first not in candidates.values or second not in candidates.values:
        return
    late = pc.greater(candidates.values[first], candidates.values[second])
    indices = places_of(late)
    yield from _tell(
        candidates,
        "order_reversed",
        second,
        indices,
        other_field=candidates.fields[first],
        other_value=candidates.shown(first, indices),
    )


def _too_small(
    candidates: Candidates, name: str, small: pa.Array, expected: str
) -> Iterator[Issues]:
    indices = places_of(small)
    yield from _tell(candidates, "number_too_small", name, indices, expected=expected)


def _seen_later(candidates: Candidates, valid_from: date) -> Iterator[Issues]:
    name = OBSERVED.get(candidates.layer.name)
    if name is None or name not in candidates.values:
        return
    begun = pc.coalesce(candidates.valid_from, pa.scalar(valid_from, pa.date32()))
    indices = places_of(pc.greater(candidates.values[name], begun))
    days = begun.take(pa.array(indices)).to_pylist()
    yield from _tell(
        candidates,
        "date_after_validity",
        name,
        indices,
        valid_from=[day.isoformat() for day in days],
    )


def _results(candidates: Candidates) -> Iterator[Issues]:
    """Tell results without a number, and non-detects (未检出) without their limit."""
    count = len(candidates)
    value = candidates.values.get("value", pa.nulls(count, pa.float64()))
    limit = candidates.values.get("detection_limit", pa.nulls(count, pa.float64()))
    absent = candidates.values.get("non_detect", pa.nulls(count, pa.bool_()))
    absent = pc.fill_null(absent, False)
    # What is written but no number has its fault already.
    written = candidates.raw.get("value", value).is_valid()
    nothing = pc.and_(value.is_null(), pc.invert(pc.or_(absent, written)))
    yield from _tell(candidates, "result_missing", "value", places_of(nothing))
    silent = places_of(pc.and_(absent, limit.is_null()))
    yield from _tell(candidates, "detection_limit_missing", "detection_limit", silent)


def _no_farmland(candidates: Candidates) -> Iterator[Issues]:
    """Tell units of farmland whose own class is construction land."""
    if not {"land_use_scheme", "land_use_code"} <= set(candidates.values):
        return
    scheme = candidates.values["land_use_scheme"]
    code = candidates.values["land_use_code"]
    for name, pattern in BUILT.items():
        built = pc.match_substring_regex(code, pattern)
        indices = places_of(pc.and_(pc.equal(scheme, name), built))
        yield from _tell(candidates, "unit_class_built", "land_use_code", indices)


def _tell(
    candidates: Candidates,
    kind: str,
    key: str,
    indices: npt.NDArray[np.int64],
    **details: Any,
) -> Iterator[Issues]:
    if len(indices):
        yield Issues(
            kind,
            candidates.rows[indices],
            candidates.fields.get(key),
            candidates.shown(key, indices),
            details,
        )
