"""Which rings are valid for certain, seen from their middle? (core).

A ring whose every edge turns the same way around an inner point, once round in all, is
star-shaped: it cannot cross itself. Most parcels are, and the test costs a tenth of
GEOS's. What is not certain here may well be valid and is asked of GEOS.

It holds in degrees as well when every edge turns by more than the way to degrees can
bend. Over a ring of radius r metres that way is an affine map but for a shift of at
most 1.4 r²/R of any vertex (tan φ ≤ 1.4 below 54°N, R the earth's radius), which
changes twice the area of an edge's triangle by less than 3 r³/R; 8 is taken.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from parcels.surveys.checks.rings import Rings

_BLOCK_RINGS: Final = 2048
_BEND: Final = 8 / 6_350_000.0
_ROUNDING: Final = 1e-9
_ROUNDING_M: Final = 1e-8

Mask = npt.NDArray[np.bool_]
Values = npt.NDArray[np.float64]


class Turns(NamedTuple):
    """What the middle of each ring shows.

    Attributes
    ----------
    certain
        `(rings,)` whether it is star-shaped by a safe margin, here and in degrees.
    clockwise
        `(rings,)` its direction by its signed area.
    """

    certain: Mask
    clockwise: Mask


def find_star_shaped(rings: Rings, *, metric: bool) -> Turns:
    """Look at each ring from the mean of its vertices.

    Parameters
    ----------
    rings
        Closed rings of at least four vertices. With a NaN no ring is certain.
    metric
        Whether coordinates are metres, to be brought to degrees; else they are degrees
        and stay.
    """
    count = len(rings.starts) - 1
    certain, clockwise = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    for first in range(0, count, _BLOCK_RINGS):
        last = min(first + _BLOCK_RINGS, count)
        starts = rings.starts[first : last + 1]
        xy = rings.coordinates[starts[0] : starts[-1]]
        block = _look(xy, starts - starts[0], metric)
        certain[first:last], clockwise[first:last] = block
    return Turns(certain, clockwise)


def _look(xy: Values, starts: npt.NDArray[np.int64], metric: bool) -> Turns:
    begin, counts = starts[:-1], np.diff(starts)
    x = _from_middle(xy[:, 0], begin, counts)
    y = _from_middle(xy[:, 1], begin, counts)
    turn = np.empty(len(x))
    turn[:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
    ends = starts[1:] - 1
    turn[ends] = 0.0
    clockwise = np.add.reduceat(turn, begin) < 0
    sign = np.where(clockwise, -1.0, 1.0)
    turn *= np.repeat(sign, counts)
    turn[ends] = np.inf
    # Once round: the way upward through the horizontal is gone exactly once.
    upward = np.zeros(len(y), dtype=np.int8)
    upward[:-1] = (y[:-1] < 0) & (y[1:] >= 0)
    upward[ends] = 0
    once = np.add.reduceat(upward, begin, dtype=np.int64) == 1
    radius = np.sqrt(np.maximum.reduceat(x * x + y * y, begin))
    least = _ROUNDING * radius * radius
    if metric:
        least += _ROUNDING_M * radius + _BEND * radius**3
    return Turns(once & (np.minimum.reduceat(turn, begin) > least), clockwise)


def _from_middle(
    values: Values, begin: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]
) -> Values:
    middle = np.add.reduceat(values, begin) / counts
    moved: Values = values - np.repeat(middle, counts)
    return moved
