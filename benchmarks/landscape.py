"""How large is the invented county, and what is the country like at a place? (core).

The county is a square of parcels around 113.6°E 34.6°N. Places are plane metres east
and north of its south-west corner; `County.lonlat` turns them into EPSG:4490 by one
linear scale, so that shared edges stay shared bit by bit. Two smooth fields, sums of
waves with random direction and phase, say where farmland and towns lie.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil, cos, radians, sqrt
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.tessellation import Indices, Tessellation

Places = NDArray[np.float64]
"""Shape (…, 2): metres east and north of the county's south-west corner."""

SEED: Final = 20240601
CENTRE_LONLAT: Final = (113.6, 34.6)
PARCEL_SIDE_M: Final = 40.0
BLOCK_CELLS: Final = 100
"""Cells along a side of a cadastral sub-district (地籍子区)."""
TOWNSHIP_SPLIT: Final = 4
"""Townships along a side of the county."""
FARMLAND_SHARE: Final = 0.45
TOWN_SHARE: Final = 0.12

_M_PER_DEGREE_NORTH: Final = 110_946.0
_M_PER_DEGREE_EAST: Final = 111_413.0 * cos(radians(CENTRE_LONLAT[1]))
_WAVES: Final = 12


@dataclass(frozen=True)
class County:
    """The invented county and its size.

    Attributes
    ----------
    parcels
        Number of parcels, one grid cell each, row by row from the south-west.
    code
        Division code; province digits 99 are used for nothing real.
    """

    parcels: int
    code: str = "999801"
    seed: int = SEED

    @property
    def columns(self) -> int:
        """Parcels along a full row."""
        return ceil(sqrt(self.parcels))

    @property
    def size_m(self) -> tuple[float, float]:
        """Extent of the parcels east and north, metres."""
        rows = ceil(self.parcels / self.columns)
        return self.columns * PARCEL_SIDE_M, rows * PARCEL_SIDE_M

    @property
    def rectangle(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the parcels, metres."""
        return (0.0, 0.0, *self.size_m)

    @cached_property
    def tessellation(self) -> Tessellation:
        """The patchwork of parcels: rings of 21 points."""
        return Tessellation(PARCEL_SIDE_M, 4, self.seed)

    def scaled(self, per_million: float) -> int:
        """Return how many objects that makes here, at so many per million parcels."""
        return max(1, round(per_million * self.parcels / 1_000_000))

    def cells(self, indices: Indices) -> tuple[Indices, Indices]:
        """Return columns and rows of parcels by their running numbers."""
        return indices % self.columns, indices // self.columns

    def lonlat(self, places: Places) -> NDArray[np.float64]:
        """Return longitude and latitude, EPSG:4490."""
        half = np.array(self.size_m) / 2.0
        scale = np.array([_M_PER_DEGREE_EAST, _M_PER_DEGREE_NORTH])
        return np.asarray((places - half) / scale + np.array(CENTRE_LONLAT))

    def to_degrees(self, geometries: NDArray[Any]) -> NDArray[Any]:
        """Return plane geometries in EPSG:4490, with the SRID set."""
        turned = shapely.transform(geometries, self.lonlat)
        return np.asarray(shapely.set_srid(turned, 4490))

    @cached_property
    def farmland(self) -> Field:
        """Where farmland lies: above `farmland.level(FARMLAND_SHARE)`."""
        return Field(self.seed + 1, 3_000.0, 9_000.0)

    @cached_property
    def town(self) -> Field:
        """Where towns lie, among what is not farmland."""
        return Field(self.seed + 2, 2_500.0, 12_000.0)

    def is_farmland(self, places: Places) -> NDArray[np.bool_]:
        """Whether a place lies in farming country."""
        return np.asarray(self.farmland.at(places) > self.farmland.level_farmland)

    def is_town(self, places: Places) -> NDArray[np.bool_]:
        """Whether a place lies in a town (never in farming country)."""
        built = self.town.at(places) > self.town.level_town
        return np.asarray(built & ~self.is_farmland(places))

    def townships(self, places: Places) -> Indices:
        """Return the running number of the township, from 0."""
        share = places / np.array(self.size_m) * TOWNSHIP_SPLIT
        column, row = np.clip(share.astype(np.int64), 0, TOWNSHIP_SPLIT - 1).T
        return np.asarray(row * TOWNSHIP_SPLIT + column)


class Field:
    """A smooth random field over the plane; its values are near a normal's.

    Parameters
    ----------
    shortest_m, longest_m
        Range of its wavelengths.
    """

    def __init__(self, seed: int, shortest_m: float, longest_m: float) -> None:
        random = np.random.default_rng(seed)
        length = random.uniform(shortest_m, longest_m, _WAVES)
        direction = random.uniform(0.0, 2.0 * np.pi, _WAVES)
        self._waves = np.stack([np.cos(direction), np.sin(direction)]) / length
        self._phases = random.uniform(0.0, 2.0 * np.pi, _WAVES)

    def at(self, places: Places) -> NDArray[np.float64]:
        """Return the field's value at each place."""
        angles = places @ self._waves * (2.0 * np.pi) + self._phases
        return np.asarray(np.sin(angles).sum(axis=-1))

    @cached_property
    def level_farmland(self) -> float:
        """Value exceeded on `FARMLAND_SHARE` of the ground."""
        return self._level(FARMLAND_SHARE)

    @cached_property
    def level_town(self) -> float:
        """Value exceeded on `TOWN_SHARE` of what is left."""
        return self._level(TOWN_SHARE / (1.0 - FARMLAND_SHARE))

    def _level(self, share: float) -> float:
        random = np.random.default_rng(0)
        sample = random.uniform(0.0, 200_000.0, (50_000, 2))
        return float(np.quantile(self.at(sample), 1.0 - share))


def scatter(
    county: County,
    random: np.random.Generator,
    count: int,
    *,
    in_town: float = 0.0,
    rectangle: tuple[float, float, float, float] | None = None,
) -> Places:
    """Return random places; a share of them is drawn again until it lies in a town."""
    west, south, east, north = rectangle or county.rectangle

    def draw(number: int) -> Places:
        return random.uniform((west, south), (east, north), (number, 2))

    places = draw(count)
    wanted = random.random(count) < in_town
    for _ in range(30):
        missing = np.flatnonzero(wanted & ~county.is_town(places))
        if not len(missing):
            break
        places[missing] = draw(len(missing))
    return places


def blobs(
    random: np.random.Generator,
    centres: Places,
    radii_m: NDArray[np.float64],
    points: int,
    roughness: float = 0.25,
) -> NDArray[Any]:
    """Return star-shaped polygons of that many points around the centres.

    The radius is a sum of waves around the circle, so the outline is crooked on every
    scale the points can carry and never crosses itself.
    """
    angle = np.linspace(0.0, 2.0 * np.pi, points, endpoint=False)
    orders = np.unique(np.geomspace(2, max(3, points // 6), 10).astype(int))
    phases = random.uniform(0.0, 2.0 * np.pi, (len(centres), len(orders), 1))
    waves = np.sin(orders[:, None] * angle + phases) / orders[:, None] ** 0.8
    crooked = 1.0 + roughness * waves.sum(axis=1) / np.abs(waves).sum(axis=1).max()
    radius = radii_m[:, None] * crooked
    around = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    rings = centres[:, None] + radius[:, :, None] * around
    return np.asarray(shapely.multipolygons(shapely.polygons(rings)[:, None]))
