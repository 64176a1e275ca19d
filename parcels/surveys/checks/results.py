"""Do results of a file repeat each other, or lie far from the rest? (core, whole file).

Told and kept, never dropped: a hot spot is an outlier too. Far is beyond three times
the quartile distance of the logarithms on either side (Tukey's outer fence, project
default), asked where at least twelve numbers of an item were found.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from parcels.surveys.issues import Issues

KEY: Final = (
    "point_code",
    "medium",
    "sample_code",
    "sampled_on",
    "depth_from_m",
    "horizon",
    "analyte",
)
"""What makes two results results of the same thing."""
REMEMBERED: Final = (*KEY, "value", "unit")
_FENCE: Final = 3.0
_LEAST: Final = 12


def check_repeats(
    results: pa.Table, rows: npt.NDArray[np.int32], field: str | None
) -> Iterator[Issues]:
    """Give an issue for each result that another before it is of the same thing.

    `results` has the columns of `REMEMBERED`, one row a result; the item's `field`
    is named, or None.
    """
    texts = [pc.fill_null(results[name].cast(pa.string()), "\0") for name in KEY]
    key = pc.binary_join_element_wise(*texts, "\1").to_numpy(zero_copy_only=False)
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    again = np.flatnonzero(ordered[1:] == ordered[:-1]) + 1
    if not len(again):
        return
    starts = np.searchsorted(ordered, ordered[again])
    later, first = order[again], order[starts]
    by_row = np.argsort(rows[later], kind="stable")
    items = results["analyte"].take(pa.array(later[by_row])).to_pylist()
    others = rows[first[by_row]].tolist()
    yield Issues(
        "result_repeated", rows[later[by_row]], field, items, {"other_row": others}
    )


def check_outliers(
    results: pa.Table, rows: npt.NDArray[np.int32], field: str | None
) -> Iterator[Issues]:
    """Give an issue for each number far from the others of its item and unit."""
    value = results["value"].to_numpy().astype(np.float64)
    names = pc.binary_join_element_wise(
        pc.fill_null(results["analyte"], ""), pc.fill_null(results["unit"], ""), "\1"
    ).to_numpy(zero_copy_only=False)
    for name in np.unique(names).tolist():
        # pH is a logarithm already, and never far off: its bounds are checked by row.
        chosen = np.flatnonzero((names == name) & (value > 0))
        if len(chosen) >= _LEAST and not name.startswith("pH\1"):
            yield from _far(value[chosen], rows[chosen], field)


def _far(
    value: npt.NDArray[np.float64], rows: npt.NDArray[np.int32], field: str | None
) -> Iterator[Issues]:
    logs = np.log(value)
    low, high = np.quantile(logs, (0.25, 0.75))
    reach = _FENCE * (high - low)
    far = np.flatnonzero((logs < low - reach) | (logs > high + reach))
    if len(far):
        shown = [f"{one:g}" for one in value[far].tolist()]
        bounds = {"low": float(np.exp(low)), "high": float(np.exp(high))}
        yield Issues("value_outlying", rows[far], field, shown, bounds)
