"""Does each row belong to the division the file was sent for? (core).

Row-level security would stop a foreign row, too, but without saying which and why.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from parcels.codes import WHOLE_COUNTRY
from parcels.surveys.candidates import Candidates, places_of
from parcels.surveys.issues import Issues


def check_divisions(candidates: Candidates, division_code: str) -> Iterator[Issues]:
    """Give an issue for each row whose division is unknown, torn or foreign.

    Parameters
    ----------
    division_code
        Division the file was sent for, without trailing zeros.
    """
    division = candidates.division_code
    if candidates.layer.name != "division":
        yield from _told(candidates, "division_unknown", division.is_null())
    if candidates.layer.name == "parcel":
        yield from _conflicts(candidates)
    if division_code != WHOLE_COUNTRY:
        inside = pc.starts_with(division, pattern=division_code)
        foreign = pc.fill_null(pc.invert(inside), False)
        yield from _told(
            candidates, "division_outside", foreign, division=division_code
        )


def _conflicts(candidates: Candidates) -> Iterator[Issues]:
    if "division_code" not in candidates.fields:
        return
    county = pc.utf8_slice_codeunits(candidates.code, 0, 6)
    named = pc.utf8_slice_codeunits(candidates.division_code, 0, 6)
    indices = places_of(pc.not_equal(named, county))
    if len(indices):
        yield Issues(
            "division_conflict",
            candidates.rows[indices],
            candidates.fields["division_code"],
            candidates.shown("division_code", indices),
            {"code_county": county.take(pa.array(indices)).to_pylist()},
        )


def _told(
    candidates: Candidates, kind: str, bad: pa.Array, **details: object
) -> Iterator[Issues]:
    indices = places_of(bad)
    if len(indices):
        field = candidates.fields.get("division_code")
        values = candidates.division_code.take(pa.array(indices)).to_pylist()
        if kind == "division_unknown":
            values = candidates.shown("division_code", indices)
        yield Issues(kind, candidates.rows[indices], field, values, details)
