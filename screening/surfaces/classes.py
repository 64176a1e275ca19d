"""In which steps is a surface shown on a map? (core): its cells by value.

Values and deviations in five steps that hold about a fifth of the cells each, ends at
three significant digits; probabilities in steps of 20 %. The steps serve the eye: they
are no limits of any standard, and a surface sets no category.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from parcels.crs import transform_to_storage
from screening.surfaces.surface import Cells, Grid
from screening.surfaces.variogram import Floats

Band = Literal["value", "deviation", "probability"]
BANDS: Final[tuple[Band, ...]] = ("value", "deviation", "probability")
_SHARES: Final = (0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True, slots=True)
class Step:
    """Cells whose value is above `low` and up to `high`; the first holds `low` too.

    `geometry` in degrees; `place` counts the steps from the lowest, 0 to 4.
    """

    place: int
    low: float
    high: float
    cells: int
    geometry: BaseGeometry


def known_bands(cells: Cells) -> tuple[Band, ...]:
    """Return the bands that say something: inverse distance knows values alone."""
    return tuple(one for one in BANDS if np.isfinite(getattr(cells, one)).any())


def gather_steps(cells: Cells, grid: Grid, srid: int, band: Band) -> list[Step]:
    """Return the cells of a band by steps, the lowest first, without empty ones."""
    values: Floats = getattr(cells, band)
    ends = _inner_ends(values, band)
    lows, highs = _outer_ends(values, ends, band)
    step = np.searchsorted(ends, values, side="left")
    return [
        Step(
            place,
            float(lows[place]),
            float(highs[place]),
            int(here.sum()),
            _outline(cells, grid, srid, here),
        )
        for place in range(len(ends) + 1)
        if (here := (step == place) & np.isfinite(values)).any()
    ]


def _inner_ends(values: Floats, band: Band) -> Floats:
    if band == "probability":
        return np.array(_SHARES)
    known = values[np.isfinite(values)]
    rounded = [_plain(one) for one in np.quantile(known, _SHARES)]
    ends: Floats = np.unique(np.array(rounded))
    inner: Floats = ends[(ends >= known.min()) & (ends < known.max())]
    return inner


def _outer_ends(values: Floats, ends: Floats, band: Band) -> tuple[Floats, Floats]:
    if band == "probability":
        least, most = 0.0, 1.0
    else:
        least, most = _plain(np.nanmin(values)), _plain(np.nanmax(values))
    return np.array([least, *ends]), np.array([*ends, most])


def _plain(value: float) -> float:
    """Return a figure with three significant digits."""
    return float(f"{value:.3g}")


def _outline(cells: Cells, grid: Grid, srid: int, here: np.ndarray) -> BaseGeometry:
    """Return cells as one shape; joined by their whole numbers, so that edges meet."""
    east, south = cells.column[here], -cells.row[here] - 1
    joined = shapely.coverage_union_all(shapely.box(east, south, east + 1, south + 1))
    corner = np.array([grid.west_m, grid.north_m])
    placed = shapely.transform(joined, lambda xy: xy * grid.cell_m + corner)
    whole: BaseGeometry = transform_to_storage(placed, srid)
    return shapely.multipolygons(shapely.get_parts(whole))
