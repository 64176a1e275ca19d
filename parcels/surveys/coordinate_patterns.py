"""What do the coordinates themselves tell of their system? (core).

Table 1.4 of the survey conventions (ranges verified): degrees, Gauss-Krüger with or
without the zone before the easting, axes swapped, Web Mercator, drawing units. A datum
cannot be told from coordinates: Xian 1980 and Beijing 1954 look the same.

East comes first here. A file that gives north first is swapped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from parcels.crs import SurveyCrs

Kind = Literal[
    "degrees", "zone_3", "zone_6", "no_prefix", "web_mercator", "small", "other"
]

Bounds = tuple[float, float, float, float]

MILLION: Final = 1_000_000.0
_LONGITUDES: Final = (73.0, 136.0)
_LATITUDES: Final = (3.0, 54.0)
_NORTHINGS_M: Final = (1.9e6, 6.0e6)
_EASTINGS_M: Final = (0.1e6, 0.9e6)
_MERCATOR_M: Final = ((8.1e6, 15.2e6), (2.0e6, 7.2e6))
_ZONES: Final[tuple[tuple[Kind, tuple[int, int], tuple[float, float]], ...]] = (
    # A county keeps one zone though it reaches over its edge: wider than the table.
    ("zone_3", (25, 45), (0.25, 0.75)),
    ("zone_6", (13, 23), (0.15, 0.85)),
)
_SMALL: Final = 1e4


@dataclass(frozen=True, slots=True)
class Pattern:
    """What one coordinate looks like (坐标特征).

    `zone` is the number before the easting, None where there is none; `swapped` tells
    that north comes first.
    """

    kind: Kind
    zone: int | None = None
    swapped: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What most coordinates of a file look like.

    Attributes
    ----------
    pattern
        Of more rows than any other.
    share
        Share of the rows that look so, 0 to 1.
    rows
        Rows looked at, those with finite coordinates.
    bounds
        Lowest and highest of the first and of the second coordinate, as
        (first low, second low, first high, second high), of the rows that look so.
    points
        `(rows, 2) float64`, the middle of each row that looks so; of a row that one
        wild vertex stretches over several systems, the corner in a system.
    """

    pattern: Pattern
    share: float
    rows: int
    bounds: Bounds
    points: npt.NDArray[np.float64]


def look_at(boxes: npt.NDArray[np.float64]) -> Seen | None:
    """Return what most rows look like, None when no row has finite coordinates.

    Parameters
    ----------
    boxes
        `(n, 4) float64` bounds of each row; NaN or infinite where it has none.
    """
    boxes = boxes[np.isfinite(boxes).all(axis=1)]
    if not len(boxes):
        return None
    points, codes = _stand_for(boxes)
    values, counts = np.unique(codes, return_counts=True)
    most = values[np.argmax(counts)]
    alike = codes == most
    low, high = boxes[alike, :2].min(axis=0), boxes[alike, 2:].max(axis=0)
    bounds = float(low[0]), float(low[1]), float(high[0]), float(high[1])
    share = float(alike.mean())
    return Seen(_pattern(int(most)), share, len(boxes), bounds, points[alike])


def _stand_for(
    boxes: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return a point that stands for each row, and the number of its pattern.

    The middle of a row, if a corner of it looks alike: between a good vertex and a
    wild one lies a system that neither of them is in.
    """
    points = (boxes[:, :2] + boxes[:, 2:]) / 2
    codes = _classify(points)
    low, high = _classify(boxes[:, :2]), _classify(boxes[:, 2:])
    stretched = (codes == 0) | ((codes != low) & (codes != high))
    for corner, code in ((boxes[:, :2], low), (boxes[:, 2:], high)):
        known = stretched & (code > 0)
        points[known], codes[known] = corner[known], code[known]
    codes[stretched & (low == 0) & (high == 0)] = 0
    return points, codes


def fits(crs: SurveyCrs, pattern: Pattern) -> bool:
    """Return whether coordinates of that pattern can be in a system."""
    if pattern.swapped:
        return False
    if crs.zone is None:
        return pattern.kind == "degrees"
    if not crs.prefixed:
        return pattern.kind == "no_prefix"
    kind = "zone_3" if crs.zone_width == 3 else "zone_6"
    return pattern.kind == kind and pattern.zone == crs.zone


_KINDS: Final[tuple[Kind, ...]] = (
    "other",
    "degrees",
    "zone_3",
    "zone_6",
    "no_prefix",
    "web_mercator",
    "small",
)
_SWAPPED: Final = 10_000
_BY_ZONE: Final = 100


def _classify(points: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Return a number for the pattern of each point; `_pattern` reads it."""
    straight = _classify_straight(points)
    swapped = _classify_straight(points[:, ::-1])
    known = (swapped > 0) & (swapped // _BY_ZONE < _KINDS.index("web_mercator"))
    return np.where((straight == 0) & known, swapped + _SWAPPED, straight)


def _classify_straight(points: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    east, north = points[:, 0], points[:, 1]
    codes = np.zeros(len(points), dtype=np.int64)

    def mark(kind: Kind, where: npt.NDArray[np.bool_], zone: object = 0) -> None:
        code = _KINDS.index(kind) * _BY_ZONE + np.asarray(zone, dtype=np.int64)
        codes[:] = np.where((codes == 0) & where, code, codes)

    mark("degrees", _within(east, _LONGITUDES) & _within(north, _LATITUDES))
    northing = _within(north, _NORTHINGS_M)
    zones = np.floor(east / MILLION)
    for kind, numbers, offsets in _ZONES:
        rest = east / MILLION - zones
        where = _within(zones, numbers) & _within(rest, offsets) & northing
        mark(kind, where, np.where(where, zones, 0))
    mark("no_prefix", _within(east, _EASTINGS_M) & northing)
    east_range, north_range = _MERCATOR_M
    mark("web_mercator", _within(east, east_range) & _within(north, north_range))
    small = (np.abs(east) < _SMALL) & (np.abs(north) < _SMALL)
    degrees = (np.abs(east) <= 180.0) & (np.abs(north) <= 180.0)
    mark("small", small & ~degrees)
    return codes


def _within(
    values: npt.NDArray[np.float64], limits: tuple[float, float]
) -> npt.NDArray[np.bool_]:
    return (values >= limits[0]) & (values <= limits[1])


def _pattern(code: int) -> Pattern:
    swapped, code = code >= _SWAPPED, code % _SWAPPED
    return Pattern(_KINDS[code // _BY_ZONE], code % _BY_ZONE or None, swapped)
