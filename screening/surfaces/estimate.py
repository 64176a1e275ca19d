"""What value is to be expected at a place? (core): 普通克里金, 反距离加权.

Ordinary kriging: sum_j l_j gamma(ij) + mu = gamma(i0), sum l = 1, by the sixteen
nearest points; inverse distance: weights d^-2 of the twelve nearest
(spatial_interpolation.md 2, proposed; formulas verified). Both are exact at the points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from screening.surfaces.variogram import Floats, Variogram, distances

Rows = npt.NDArray[np.int64]

KRIGING_POINTS: Final = 16
IDW_POINTS: Final = 12
IDW_LEAST: Final = 4
IDW_POWER: Final = 2.0
_AT_ONCE: Final = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """Values at places, `(n,)`; NaN where nothing may be said.

    Attributes
    ----------
    variance
        Kriging variance; NaN for inverse distance, which knows none.
    multiplier
        Lagrange multiplier mu of the system, for the way back from logarithms.
    """

    value: Floats
    variance: Floats
    multiplier: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Values at different places, `(n, 2)` metres."""

    places: Floats
    values: Floats

    def __len__(self) -> int:
        return len(self.values)


Estimator = Callable[[Samples, Floats, bool], Estimate]
"""Samples and places give an estimate; `True`: each place is the sample of its own
number and does not count for itself."""


def krige(variogram: Variogram) -> Estimator:
    """Return ordinary kriging with a variogram."""

    def estimate(samples: Samples, places: Floats, leave_out: bool) -> Estimate:
        made = [np.empty(len(places)) for _ in range(3)]
        for rows, near, apart in _near(samples, places, KRIGING_POINTS, leave_out):
            for column, found in zip(
                made, _solve(variogram, samples, near, apart), strict=True
            ):
                column[rows] = found
        return Estimate(*made)

    return estimate


def _solve(
    variogram: Variogram, samples: Samples, near: Rows, apart: Floats
) -> tuple[Floats, Floats, Floats]:
    many = near.shape[1]
    places = samples.places[near]
    between = np.hypot(
        places[:, :, None, 0] - places[:, None, :, 0],
        places[:, :, None, 1] - places[:, None, :, 1],
    )
    system = np.ones((len(near), many + 1, many + 1))
    system[:, :many, :many] = variogram.at(between)
    system[:, many, many] = 0.0
    wanted = np.ones((len(near), many + 1))
    wanted[:, :many] = variogram.at(apart)
    solved = np.linalg.solve(system, wanted[:, :, None])[:, :, 0]
    weights, multiplier = solved[:, :many], solved[:, many]
    value = (weights * samples.values[near]).sum(axis=1)
    variance = (weights * wanted[:, :many]).sum(axis=1) + multiplier
    return value, np.maximum(variance, 0.0), multiplier


def inverse_distance(most_m: float) -> Estimator:
    """Return inverse distance weighting; nothing farther than `most_m` counts."""

    def estimate(samples: Samples, places: Floats, leave_out: bool) -> Estimate:
        value = np.full(len(places), np.nan)
        for rows, near, apart in _near(samples, places, IDW_POINTS, leave_out):
            counts = apart <= most_m
            weights = np.where(counts, np.maximum(apart, 1e-9) ** -IDW_POWER, 0.0)
            enough = counts.sum(axis=1) >= min(IDW_LEAST, near.shape[1])
            total = np.where(enough, weights.sum(axis=1), np.nan)
            found = (weights * samples.values[near]).sum(axis=1) / total
            on = apart[:, 0] == 0
            value[rows] = np.where(on, samples.values[near[:, 0]], found)
        none = np.full(len(places), np.nan)
        return Estimate(value, none, none.copy())

    return estimate


def _near(
    samples: Samples, places: Floats, most: int, leave_out: bool
) -> Iterator[tuple[Rows, Rows, Floats]]:
    """Yield rows of places with their nearest samples and distances, nearest first."""
    many = min(most, len(samples) - leave_out)
    step = max(1, _AT_ONCE // len(samples))
    for start in range(0, len(places), step):
        rows = np.arange(start, min(start + step, len(places)))
        apart = distances(places[rows], samples.places)
        if leave_out:
            apart[np.arange(len(rows)), rows] = np.inf
        near = np.argpartition(apart, many - 1, axis=1)[:, :many]
        held = np.take_along_axis(apart, near, axis=1)
        # Of equal distances the sample that comes first, so that equal data give
        # equal values.
        order = np.lexsort((near, held), axis=1)
        yield (
            rows,
            np.take_along_axis(near, order, axis=1),
            np.take_along_axis(held, order, axis=1),
        )
