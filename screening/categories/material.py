"""What is a division of farmland made of? (core): units, points, patches, plane.

Everything is arrays, one entry a unit or point; geometry is EPSG:4490, longitude and
latitude. Lengths and cells are measured in a plane that is the degrees of one county,
stretched: a cut made there and a cut made in degrees are the same cut, so the pieces of
a unit sum to the unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin, sqrt
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from parcels.crs import FLATTENING, SEMI_MAJOR_AXIS_M

Geometries = npt.NDArray[Any]
Classes = npt.NDArray[np.int8]
Places = npt.NDArray[np.float64]

UNKNOWN: Final = 0
"""Class of what could not be judged."""


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Evaluation units (评价单元) as they stand, `(n,)` each.

    Attributes
    ----------
    area_m2
        Mapped area in the register.
    category
        Category in force, a value of the register.
    land_use
        Code of land use, None where unknown.
    """

    code: npt.NDArray[np.object_]
    geometry: Geometries
    area_m2: npt.NDArray[np.float64]
    division: npt.NDArray[np.object_]
    township: npt.NDArray[np.object_]
    category: npt.NDArray[np.object_]
    land_use: npt.NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.code)


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Points with their classes by element (点位).

    Attributes
    ----------
    lonlat
        `(n, 2)` degrees.
    classes
        `(n, elements) int8`: 1, 2, 3, or `UNKNOWN`.
    """

    code: npt.NDArray[np.object_]
    lonlat: Places
    classes: Classes

    def __len__(self) -> int:
        return len(self.code)

    @property
    def geometry(self) -> Geometries:
        """Points as shapely geometries, degrees."""
        made: Geometries = shapely.points(self.lonlat)
        return made


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """All that one division rests on.

    Attributes
    ----------
    soil, produce
        Points of soil and of produce, judged by the same elements in the same order.
    patches
        Farmland patches (图斑) that mixed units may be cut along; may be empty.
    """

    units: Units
    soil: Points
    produce: Points
    patches: Geometries


@dataclass(frozen=True, slots=True)
class Plane:
    """Degrees stretched to metres about one latitude (拉伸平面)."""

    east_m: float
    north_m: float

    def to_plane(self, geometry: Any) -> Any:
        """Return a geometry, or an array of them, in metres."""
        return shapely.transform(geometry, lambda xy: xy * (self.east_m, self.north_m))

    def to_degrees(self, geometry: Any) -> Any:
        """Return a geometry of the plane in degrees."""
        return shapely.transform(geometry, lambda xy: xy / (self.east_m, self.north_m))


def plane_at(latitude: float) -> Plane:
    """Return the plane whose metres are right at a latitude, by the radii there.

    Examples
    --------
    >>> [round(one) for one in (plane_at(0.0).east_m, plane_at(60.0).east_m)]
    [111319, 55800]
    """
    squared = FLATTENING * (2 - FLATTENING)
    flat = 1 - squared * sin(radians(latitude)) ** 2
    vertical = SEMI_MAJOR_AXIS_M / sqrt(flat)
    meridian = SEMI_MAJOR_AXIS_M * (1 - squared) / flat**1.5
    return Plane(
        radians(1.0) * vertical * cos(radians(latitude)), radians(1.0) * meridian
    )


def middle_latitude(geometries: Geometries) -> float:
    """Return the latitude in the middle of some geometries; 0 for none."""
    if not len(geometries):
        return 0.0
    _, south, _, north = shapely.total_bounds(geometries)
    return float((south + north) / 2)
