"""Has the file one row for each code? (core, whole file)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from parcels.surveys.issues import Issues


def check_duplicates(
    code: pa.ChunkedArray,
    division_code: pa.ChunkedArray,
    rows: npt.NDArray[np.int32],
    field: str | None,
) -> Iterator[Issues]:
    """Give an issue for each row whose code another row of its division has before it.

    All three are columns of the whole file in its order; rows without a code are
    left out (they have an issue of their own).
    """
    if _ascends(code) or pc.count_distinct(code).as_py() == len(code) - code.null_count:
        return
    table = pa.table({"code": code, "division": division_code, "row": pa.array(rows)})
    table = table.filter(pc.is_valid(table["code"]))
    groups = table.group_by(["code", "division"]).aggregate(
        [("row", "min"), ("row", "count")]
    )
    repeated = groups.filter(pc.greater(groups["row_count"], 1))
    if not repeated.num_rows:
        return
    found = table.join(
        repeated.drop_columns("row_count"), ["code", "division"], join_type="inner"
    )
    later = found.filter(pc.greater(found["row"], found["row_min"]))
    later = later.sort_by("row")
    yield Issues(
        "code_duplicate",
        later["row"].to_numpy(),
        field,
        later["code"].to_pylist(),
        {"first_row": later["row_min"].to_pylist()},
    )


def _ascends(code: pa.ChunkedArray) -> bool:
    """Tell whether each code comes after the one before it, as offices sort them."""
    later = pc.less(code.slice(0, max(len(code) - 1, 0)), code.slice(1))
    return bool(pc.all(later, skip_nulls=False).as_py())
