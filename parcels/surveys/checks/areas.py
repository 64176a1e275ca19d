"""Does the declared area agree with the drawn one? Is it a sliver? (core).

Land-survey areas are ellipsoidal areas in square metres (椭球面积). Agreement is within
the greater of two tolerances, a warning reaches up to a third, an error begins above
(`tolerances`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from parcels.area import SQUARE_METRES_PER_MU, measure_perimeter
from parcels.surveys.candidates import Candidates
from parcels.surveys.checks.parts import METRES_A_DEGREE
from parcels.surveys.checks.tolerances import TOLERANCES, Tolerances
from parcels.surveys.figures import round_all, write_figure
from parcels.surveys.issues import Issues

DECLARED: Final = "registered_area_m2"

_UNITS: Final = (
    (SQUARE_METRES_PER_MU, "亩", "mu"),
    (10_000.0, "公顷", "hectares"),
)

Values = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


def check_areas(
    candidates: Candidates, tolerances: Tolerances = TOLERANCES
) -> Iterator[Issues]:
    """Give an issue for each area that is a sliver or differs from what is declared."""
    if candidates.mapped_area_m2 is None:
        return
    yield from _slivers(candidates, candidates.mapped_area_m2, tolerances)
    if DECLARED in candidates.values:
        yield from _differences(candidates, candidates.mapped_area_m2, tolerances)


def _differences(
    candidates: Candidates, mapped: Values, tolerances: Tolerances
) -> Iterator[Issues]:
    declared = candidates.values[DECLARED].to_numpy(zero_copy_only=False)
    difference = np.abs(declared - mapped)
    agrees = np.maximum(
        tolerances.area_agrees_m2, tolerances.area_agrees_share * mapped
    )
    refused = tolerances.area_error_share * mapped
    beyond = difference > np.maximum(agrees, _mu_rounding(candidates))
    large = beyond & (difference > refused)
    told = np.zeros(len(mapped), dtype=bool)
    for unit_m2, zh, en in _UNITS:
        scaled = np.abs(declared * unit_m2 - mapped) <= refused
        unit = np.flatnonzero(large & scaled & ~told)
        told[unit] = True
        yield from _issue(candidates, "area_unit", unit, unit_zh=zh, unit_en=en)
    for kind, bad in (
        ("area_differs", large & ~told),
        ("area_differs_slightly", beyond & ~large),
    ):
        indices = np.flatnonzero(bad)
        share = difference[indices] / mapped[indices] * 100
        percent = [_digits(one, 3) for one in share]
        yield from _issue(candidates, kind, indices, percent=percent)


def _digits(value: float, count: int) -> str:
    """Return a figure to so many significant digits, for people."""
    return write_figure(float(f"{value:.{count}g}"))


def _mu_rounding(candidates: Candidates) -> Values:
    """Return half of the last digit of an area written in mu, in square metres.

    3.64 mu stand for 3.635 to 3.645: 3.3 m² either way. 0 for areas in square metres.
    """
    if DECLARED not in candidates.in_mu:
        return np.zeros(len(candidates))
    decimals = pc.replace_substring_regex(candidates.raw[DECLARED], r"^[^.]*\.?", "")
    count = pc.fill_null(pc.utf8_length(decimals), 0).to_numpy(zero_copy_only=False)
    rounding: Values = 0.5 * 10.0 ** -count.astype(np.float64) * SQUARE_METRES_PER_MU
    return rounding


def _issue(
    candidates: Candidates, kind: str, indices: Indices, **details: Any
) -> Iterator[Issues]:
    if len(indices):
        assert candidates.mapped_area_m2 is not None
        areas = round_all(candidates.mapped_area_m2[indices])
        if DECLARED in candidates.in_mu:
            details |= {"declared_unit_zh": "亩", "declared_unit_en": "mu"}
        yield Issues(
            kind,
            candidates.rows[indices],
            candidates.fields[DECLARED],
            candidates.shown(DECLARED, indices),
            {**details, "mapped_area_m2": areas},
        )


def _slivers(
    candidates: Candidates, mapped: Values, tolerances: Tolerances
) -> Iterator[Issues]:
    """Small, or narrow on average (2A/P), or only elongated (4πA/P²)."""
    assert candidates.stored is not None
    degrees = candidates.stored.lengths
    suspects = np.flatnonzero(_may_be_sliver(degrees, mapped, tolerances))
    area = mapped[suspects]
    stored = candidates.stored[suspects].tolist()
    perimeter = np.array([measure_perimeter(one) for one in stored])
    width = 2 * area / perimeter
    compactness = 4 * np.pi * area / perimeter**2
    sliver = (area < tolerances.sliver_area_m2) | (width < tolerances.sliver_width_m)
    elongated = ~sliver & (compactness < tolerances.elongated)
    for kind, chosen, name, figure in (
        ("geometry_sliver", sliver, "width_m", width),
        ("geometry_elongated", elongated, "compactness", compactness),
    ):
        if chosen.any():
            yield Issues(
                kind,
                candidates.rows[suspects[chosen]],
                details={
                    "area_m2": round_all(area[chosen]),
                    name: [_digits(one, 2) for one in figure[chosen]],
                },
            )


def _may_be_sliver(
    degrees: Values, mapped: Values, tolerances: Tolerances
) -> npt.NDArray[np.bool_]:
    """Tell what a sliver may be: degrees of perimeter are taken for the longest."""
    longest = degrees * METRES_A_DEGREE * 1.01
    narrow = 2 * mapped < tolerances.sliver_width_m * longest
    narrow |= 4 * np.pi * mapped < tolerances.elongated * longest**2
    suspect: npt.NDArray[np.bool_] = np.isfinite(mapped)
    suspect &= (mapped < tolerances.sliver_area_m2) | narrow
    return suspect
