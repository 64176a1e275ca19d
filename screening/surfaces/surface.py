"""Which surface suits the points, and how good is it? (core): 插值面与交叉验证.

Fewer than five points give none. Fewer than thirty, or no structure (nugget over three
quarters of the sill), are interpolated by inverse distance; else the variogram model of
least leave-one-out error is kriged, after logarithms where the skewness is over 1
(spatial_interpolation.md 2, proposed; no national parameters could be verified). Beyond
the buffered hull of the points nothing is said. A surface supports drawing and checking
and sets no class (verified in practice, S17).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, sqrt
from typing import Final

import numpy as np
import shapely

from parcels.refusal import Refusal
from screening.surfaces.estimate import (
    Estimate,
    Estimator,
    Samples,
    inverse_distance,
    krige,
)
from screening.surfaces.variogram import (
    MODELS,
    Floats,
    Variogram,
    distances,
    fit_variogram,
    measure_lags,
)

LEAST_POINTS: Final = 5
LEAST_TO_KRIGE: Final = 30
MOST_POINTS: Final = 20_000
MOST_NUGGET_RATIO: Final = 0.75
MOST_SKEWNESS: Final = 1.0
MOST_CELLS: Final = 200_000
_USUAL_CELLS: Final = 40_000
_IDW_REACH: Final = 3.0
"""Inverse distance reaches so many median gaps between points."""


class NoSurface(Refusal):
    """The points allow no surface, or none of that cell; it says why."""


@dataclass(frozen=True, slots=True)
class Validation:
    """What leaving out each point in turn gives, in the unit of the values."""

    mean_error: float
    rmse: float
    r2: float
    left_out: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """How the surface is made; `variogram` is None for inverse distance."""

    samples: Samples
    gap_m: float
    logarithms: bool
    variogram: Variogram | None
    validation: Validation

    @property
    def method(self) -> str:
        """The method by its name."""
        return "inverse_distance" if self.variogram is None else "ordinary_kriging"


@dataclass(frozen=True, slots=True)
class Grid:
    """Square cells of the plane; row 0 is the northernmost."""

    west_m: float
    north_m: float
    cell_m: float
    columns: int
    rows: int


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Cells that something is said of, by column and row of the grid.

    `deviation` and `probability` (of being above a threshold) are NaN where the method
    knows none.
    """

    column: np.ndarray
    row: np.ndarray
    value: Floats
    deviation: Floats
    probability: Floats


def choose_surface(samples: Samples) -> Surface:
    """Return the surface that suits the samples, with its cross-validation.

    Raises
    ------
    NoSurface
        If there are too few or too many points.
    """
    if len(samples) < LEAST_POINTS:
        raise NoSurface(
            "too_few_points",
            f"只有 {len(samples)} 个可用点位，少于 {LEAST_POINTS} 个不作插值。",
            f"{len(samples)} usable point(s): below {LEAST_POINTS} there is no"
            " surface.",
        )
    if len(samples) > MOST_POINTS:
        raise NoSurface(
            "too_many_points",
            f"点位超过 {MOST_POINTS} 个；请按行政区缩小范围。",
            f"more than {MOST_POINTS} points; narrow the run by division.",
        )
    gap_m = median_gap(samples.places)
    logarithms = bool(samples.values.min() > 0) and _skewed(samples.values)
    plain = Surface(samples, gap_m, False, None, _validate(samples, None, gap_m, False))
    if len(samples) < LEAST_TO_KRIGE or np.ptp(samples.values) == 0:
        return plain
    worked = np.log(samples.values) if logarithms else samples.values
    lags = measure_lags(samples.places, worked)
    fitted = [fit_variogram(lags, model) for model in MODELS]
    kriged = [
        Surface(
            samples, gap_m, logarithms, one, _validate(samples, one, gap_m, logarithms)
        )
        for one in fitted
        if one.nugget_ratio <= MOST_NUGGET_RATIO
    ]
    return min(kriged, key=lambda one: one.validation.rmse, default=plain)


def median_gap(places: Floats) -> float:
    """Return the median distance of a place to its nearest neighbour."""
    nearest = np.empty(len(places))
    step = max(1, 4_000_000 // len(places))
    for start in range(0, len(places), step):
        own = np.arange(start, min(start + step, len(places)))
        apart = distances(places[own], places)
        apart[np.arange(len(own)), own] = np.inf
        nearest[own] = apart.min(axis=1)
    return float(np.median(nearest))


def _skewed(values: Floats) -> bool:
    off = values - values.mean()
    spread = float(np.sqrt((off**2).mean()))
    return spread > 0 and float((off**3).mean()) / spread**3 > MOST_SKEWNESS


def _estimator(variogram: Variogram | None, gap_m: float) -> Estimator:
    return (
        inverse_distance(_IDW_REACH * gap_m) if variogram is None else krige(variogram)
    )


def _validate(
    samples: Samples, variogram: Variogram | None, gap_m: float, logarithms: bool
) -> Validation:
    worked = _worked(samples, logarithms)
    found = _estimator(variogram, gap_m)(worked, samples.places, True)
    left_out = _back(found, logarithms).value
    known = np.isfinite(left_out)
    errors = left_out[known] - samples.values[known]
    if not len(errors):
        return Validation(float("nan"), float("inf"), float("nan"), left_out)
    spread = float(((samples.values[known] - samples.values[known].mean()) ** 2).sum())
    r2 = 1.0 - float((errors**2).sum()) / spread if spread > 0 else float("nan")
    rmse = float(np.sqrt((errors**2).mean()))
    return Validation(float(errors.mean()), rmse, r2, left_out)


def _worked(samples: Samples, logarithms: bool) -> Samples:
    if not logarithms:
        return samples
    return Samples(samples.places, np.log(samples.values))


def _back(found: Estimate, logarithms: bool) -> Estimate:
    """Return an estimate of logarithms in the unit, as the mean of the lognormal."""
    if not logarithms:
        return found
    value = np.exp(found.value + found.variance / 2 - found.multiplier)
    variance = value**2 * np.expm1(found.variance)
    return Estimate(value, variance, found.multiplier)


def lay_grid(surface: Surface, cell_m: float | None) -> tuple[Grid, Cells]:
    """Return the grid over the buffered hull of the points, and its cells, empty yet.

    Without a cell, a quarter of the median gap between points, coarser where that gives
    too many. A cell is in when its middle is.

    Raises
    ------
    NoSurface
        If the cells are too many.
    """
    hull = shapely.MultiPoint(surface.samples.places).convex_hull.buffer(surface.gap_m)
    west, south, east, north = hull.bounds
    area = (east - west) * (north - south)
    if cell_m is None:
        finest = max(surface.gap_m / 4, sqrt(area / _USUAL_CELLS))
        cell_m = max(10.0, round(finest, -1))
    if area / cell_m**2 > MOST_CELLS:
        least = float(np.ceil(sqrt(area / MOST_CELLS)))
        raise NoSurface(
            "cell_too_small",
            f"像元过小，超过 {MOST_CELLS} 个像元；请取 {least:g} 米以上。",
            f"more than {MOST_CELLS} cells; take a cell of {least:g} m or more.",
        )
    west, north = np.floor(west / cell_m) * cell_m, np.ceil(north / cell_m) * cell_m
    columns = int(np.ceil((east - west) / cell_m))
    rows = int(np.ceil((north - south) / cell_m))
    grid = Grid(float(west), float(north), cell_m, columns, rows)
    row, column = np.divmod(np.arange(rows * columns), columns)
    inside = shapely.contains_xy(hull, *middles(grid, column, row).T)
    none = np.full(int(inside.sum()), np.nan)
    return grid, Cells(column[inside], row[inside], none, none, none)


def middles(grid: Grid, column: np.ndarray, row: np.ndarray) -> Floats:
    """Return the middle of cells, `(n, 2)` metres of the plane."""
    east = grid.west_m + (column + 0.5) * grid.cell_m
    north = grid.north_m - (row + 0.5) * grid.cell_m
    return np.column_stack([east, north])


def fill(surface: Surface, grid: Grid, cells: Cells, above: float | None) -> Cells:
    """Return the cells with what is to be expected there; those nothing is said of go.

    `above`: the threshold whose exceedance gets a probability.
    """
    places = middles(grid, cells.column, cells.row)
    worked = _worked(surface.samples, surface.logarithms)
    found = _estimator(surface.variogram, surface.gap_m)(worked, places, False)
    told = _back(found, surface.logarithms)
    probability = np.full(len(places), np.nan)
    if above is not None and surface.variogram is not None:
        limit = np.log(above) if surface.logarithms else above
        probability = _exceeds(found, float(limit))
    kept = np.isfinite(told.value)
    return Cells(
        cells.column[kept],
        cells.row[kept],
        told.value[kept],
        np.sqrt(told.variance[kept]),
        probability[kept],
    )


def _exceeds(found: Estimate, limit: float) -> Floats:
    """Return the probability of a value above a limit, by the normal distribution."""
    deviation = np.sqrt(found.variance)
    off = found.value - limit
    # At a point itself nothing is left to chance.
    certain = np.where(off > 0, np.inf, -np.inf)
    scaled = np.divide(off, deviation * sqrt(2.0), out=certain, where=deviation > 0)
    return np.array([0.5 * (1.0 + erf(one)) for one in scaled])
