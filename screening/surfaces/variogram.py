"""How alike are values, by how far apart they were sampled? (core): 半变异函数.

gamma(h) = C0 + C1 f(h/a) for h > 0, and 0 at h = 0. Spherical f = 1.5 u - 0.5 u^3 up
to u = 1, then 1; exponential f = 1 - exp(-3u); gaussian f = 1 - exp(-3u^2) (verified,
public note; spatial_interpolation.md 2). Lags and weights are project defaults: fifteen
lags up to half the largest distance, each weighted by its pairs over the square of its
lag.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Model = Literal["spherical", "exponential", "gaussian"]
MODELS: Final[tuple[Model, ...]] = ("spherical", "exponential", "gaussian")

LAGS: Final = 15
_PAIRS_AT_ONCE: Final = 4_000_000
_RANGES: Final = 120
"""Ranges tried; for each the nugget and sill are solved, not searched."""


@dataclass(frozen=True, slots=True)
class Variogram:
    """A fitted variogram (变异函数模型); `range_m` is `a`, the sill C0 + C1."""

    model: Model
    nugget: float
    partial_sill: float
    range_m: float

    @property
    def nugget_ratio(self) -> float:
        """C0 / (C0 + C1): 1 where nothing depends on distance."""
        sill = self.nugget + self.partial_sill
        return self.nugget / sill if sill > 0 else 1.0

    def at(self, distance_m: Floats) -> Floats:
        """Return gamma at distances; 0 at distance 0.

        Examples
        --------
        >>> Variogram("spherical", 1.0, 2.0, 10.0).at(np.array([0.0, 5.0, 10.0, 99.0]))
        array([0.   , 2.375, 3.   , 3.   ])
        """
        rise = self.partial_sill * shape_of(self.model, distance_m / self.range_m)
        return np.where(distance_m > 0, self.nugget + rise, 0.0)


def shape_of(model: Model, u: Floats) -> Floats:
    """Return f(u) of a model."""
    if model == "spherical":
        inside = np.minimum(u, 1.0)
        return 1.5 * inside - 0.5 * inside**3
    return 1.0 - np.exp(-3.0 * (u if model == "exponential" else u**2))


class Lags(NamedTuple):
    """The experimental variogram: mean distance, semivariance and pairs by lag."""

    distance_m: Floats
    semivariance: Floats
    pairs: Floats


def measure_lags(places: Floats, values: Floats) -> Lags:
    """Return the experimental variogram of values at places, `(n, 2)` metres."""
    spread = places.max(axis=0) - places.min(axis=0)
    most_m = float(np.hypot(*spread)) / 2
    sums = np.zeros((3, LAGS))
    step = max(1, _PAIRS_AT_ONCE // len(places))
    for start in range(0, len(places), step):
        own = np.arange(start, min(start + step, len(places)))
        apart = distances(places[own], places)
        wanted = (np.arange(len(places)) > own[:, None]) & (apart < most_m)
        first, second = np.nonzero(wanted)
        gaps = apart[first, second]
        halves = 0.5 * (values[own[first]] - values[second]) ** 2
        lag = (gaps / most_m * LAGS).astype(np.int64)
        for row, weights in zip(sums, (gaps, halves, None), strict=True):
            row += np.bincount(lag, weights, minlength=LAGS)
    held = sums[2] > 0
    return Lags(
        sums[0][held] / sums[2][held], sums[1][held] / sums[2][held], sums[2][held]
    )


def distances(one: Floats, other: Floats) -> Floats:
    """Return the distance of every place of one to every place of the other."""
    return np.hypot(
        one[:, None, 0] - other[None, :, 0], one[:, None, 1] - other[None, :, 1]
    )


def fit_variogram(lags: Lags, model: Model) -> Variogram:
    """Return the variogram of a model that fits the lags with the least error.

    Nugget and partial sill are never negative.
    """
    weights = lags.pairs / np.maximum(lags.distance_m, 1e-9) ** 2
    far = float(lags.distance_m.max())
    best = (np.inf, Variogram(model, float(lags.semivariance.mean()), 0.0, far))
    for range_m in np.geomspace(far / 50, far * 2, _RANGES):
        rise = shape_of(model, lags.distance_m / range_m)
        nugget, sill = _solve(rise, lags.semivariance, weights)
        left = lags.semivariance - nugget - sill * rise
        error = float((weights * left**2).sum())
        if error < best[0]:
            best = error, Variogram(model, nugget, sill, float(range_m))
    return best[1]


def _solve(rise: Floats, wanted: Floats, weights: Floats) -> tuple[float, float]:
    """Return nugget and partial sill of least error, neither below 0."""
    total, sr, srr = weights.sum(), (weights * rise).sum(), (weights * rise**2).sum()
    sw, srw = (weights * wanted).sum(), (weights * rise * wanted).sum()
    determinant = total * srr - sr**2
    if determinant > 0:
        nugget = (srr * sw - sr * srw) / determinant
        sill = (total * srw - sr * sw) / determinant
        if nugget >= 0 and sill >= 0:
            return float(nugget), float(sill)
        if sill < 0:
            return float(sw / total), 0.0
    return 0.0, float(srw / srr) if srr > 0 else 0.0
