"""Are the land-use classes of a survey classes of the scheme they name? (core).

Each distinct pair of scheme and code is looked at once. Working codes of the third
land survey are brought to their class, with a note.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parcels.land_use_codes import (
    Scheme,
    clean_land_use_code,
    is_land_use_code,
    read_survey_code,
)
from parcels.register.layers import LAND_USE_SCHEMES
from parcels.surveys.issues import Issues

SCHEME: Final = "land_use_scheme"
CODE: Final = "land_use_code"

Pair = tuple[str | None, str | None]


def normalise_land_use(
    values: Mapping[str, pa.Array], rows: npt.NDArray[np.int32], field: str
) -> tuple[pa.Array, list[Issues]]:
    """Return the codes of a batch as the register keeps them, and what is wrong.

    A code of another scheme is null. One without a scheme, or under a scheme that is
    not known, stays as it is: that has an issue of its own.
    """
    code = values[CODE]
    if SCHEME not in values:
        return code, []
    pairs, which = _distinct(values[SCHEME], code)
    kept = [_keep(*pair) for pair in pairs]
    result = pa.array([one for one, _ in kept], pa.string()).take(pa.array(which))
    issues = [
        _issues(kind, pairs, kept, which, rows, field)
        for kind in ("land_use_unknown", "land_use_of_survey")
    ]
    return result, [one for one in issues if len(one)]


def _distinct(
    scheme: pa.Array, code: pa.Array
) -> tuple[list[Pair], npt.NDArray[np.int64]]:
    """Return the distinct pairs, and for each row which of them it has."""
    schemes, codes = (one.dictionary_encode("encode") for one in (scheme, code))
    width = max(len(codes.dictionary), 1)
    first = schemes.indices.to_numpy().astype(np.int64)
    joined = first * width + codes.indices.to_numpy()
    distinct, which = np.unique(joined, return_inverse=True)
    names, classes = schemes.dictionary.to_pylist(), codes.dictionary.to_pylist()
    pairs = [(names[one // width], classes[one % width]) for one in distinct.tolist()]
    return pairs, which


def _keep(scheme: str | None, code: str | None) -> Pair:
    """Return the code to keep, and the kind of issue it makes if it makes one."""
    if scheme not in LAND_USE_SCHEMES or code is None:
        return code, None
    known = cast(Scheme, scheme)
    cleaned = clean_land_use_code(code)
    if is_land_use_code(known, cleaned):
        return cleaned, None
    found = read_survey_code(known, cleaned)
    return found, "land_use_unknown" if found is None else "land_use_of_survey"


def _issues(
    kind: str,
    pairs: Sequence[Pair],
    kept: Sequence[Pair],
    which: npt.NDArray[np.int64],
    rows: npt.NDArray[np.int32],
    field: str,
) -> Issues:
    told = np.array([one[1] == kind for one in kept], dtype=bool)
    found = np.flatnonzero(told[which]) if len(told) else np.empty(0, np.int64)
    of = which[found].tolist()
    return Issues(
        kind,
        rows[found],
        field,
        [pairs[one][1] for one in of],
        {
            "scheme": [pairs[one][0] for one in of],
            "kept": [kept[one][0] for one in of],
        },
    )
