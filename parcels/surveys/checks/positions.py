"""How well is it known where a point lies? (core).

Points copied from web maps are shifted by 50 to 500 m in a way that no projection
undoes (GCJ-02, BD-09; survey conventions, section 1.3): they are kept, and shown with
the ring they may lie in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from parcels.crs import (
    srid_for_zone,
    transform_from_storage,
    transform_to_storage,
    zone_for,
)
from parcels.surveys.candidates import Candidates
from parcels.surveys.checks.tolerances import TOLERANCES, Tolerances
from parcels.surveys.issues import Issues

_SOURCE: Final = "coord_source"
_ACCURACY: Final = "accuracy_m"
_SHIFTED: Final = pa.array(["gcj02", "bd09"])
_VAGUE: Final = pa.array(["geocoded", "unknown"])
_MILLIMETRE_DEGREES: Final = 1e-8

Indices = npt.NDArray[np.int64]


def check_positions(
    candidates: Candidates, tolerances: Tolerances = TOLERANCES
) -> Iterator[Issues]:
    """Give an issue for each point that may lie elsewhere than it says."""
    if candidates.stored is None or _no_point_facts(candidates):
        return
    nothing = pa.nulls(len(candidates), pa.string())
    source = candidates.values.get(_SOURCE, nothing)
    point = candidates.stored.types == 0
    shifted = _mask(pc.is_in(source, _SHIFTED)) & point
    yield from _shifted(candidates, np.flatnonzero(shifted), tolerances)
    accuracy = _accuracy(candidates)
    bold = np.flatnonzero(shifted & (accuracy < tolerances.shifted_least_m))
    if len(bold):
        yield Issues(
            "accuracy_implausible",
            candidates.rows[bold],
            candidates.fields.get(_ACCURACY),
            candidates.shown(_ACCURACY, bold),
            {"expected_m": round(tolerances.shifted_least_m)},
        )
    vague = _mask(pc.is_in(source, _VAGUE)) & np.isnan(accuracy) & point
    if vague.any():
        yield Issues("accuracy_unknown", candidates.rows[vague])


def _no_point_facts(candidates: Candidates) -> bool:
    return all(one.name != _SOURCE for one in candidates.layer.attributes)


def _accuracy(candidates: Candidates) -> npt.NDArray[np.float64]:
    if _ACCURACY not in candidates.values:
        return np.full(len(candidates), np.nan)
    numbers: npt.NDArray[np.float64] = candidates.values[_ACCURACY].to_numpy(
        zero_copy_only=False
    )
    return numbers


def _mask(values: pa.Array) -> npt.NDArray[np.bool_]:
    mask: npt.NDArray[np.bool_] = values.to_numpy(zero_copy_only=False)
    return mask


def _shifted(
    candidates: Candidates, indices: Indices, tolerances: Tolerances
) -> Iterator[Issues]:
    if not len(indices):
        return
    assert candidates.stored is not None
    yield Issues(
        "coordinates_shifted",
        candidates.rows[indices],
        candidates.fields.get(_SOURCE),
        candidates.shown(_SOURCE, indices),
        {"shift_m": round(tolerances.shifted_m)},
        shapes=_rings(candidates.stored[indices], tolerances.shifted_m),
    )


def _rings(points: npt.NDArray[Any], radius_m: float) -> npt.NDArray[Any]:
    """Return the ground each point may lie on, to look at: exact to a percent."""
    middle = float(np.median(shapely.get_x(points)))
    srid = srid_for_zone(zone_for(middle))
    rings = shapely.buffer(transform_from_storage(points, srid), radius_m, quad_segs=8)
    shown: npt.NDArray[Any] = transform_to_storage(rings, srid)
    return shown


def check_repeated_points(
    places: npt.NDArray[np.float64], rows: npt.NDArray[np.int32]
) -> Iterator[Issues]:
    """Note rows that lie where a row before them lies, to a millimetre.

    Parameters
    ----------
    places
        `(n, 2)` longitude and latitude of all rows of a file, NaN where unknown.
    """
    known = np.flatnonzero(np.isfinite(places).all(axis=1))
    cells = np.round(places[known] / _MILLIMETRE_DEGREES).astype(np.int64)
    _, first, group = np.unique(cells, axis=0, return_index=True, return_inverse=True)
    group = group.ravel()
    repeated = first[group] != np.arange(len(known))
    if repeated.any():
        yield Issues(
            "point_repeated",
            rows[known[repeated]],
            details={"other_row": rows[known[first[group[repeated]]]]},
        )
