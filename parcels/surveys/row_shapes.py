"""The geometries of some rows, made when one is asked for (core).

Nearly all rows are polygons of one ring, and nearly all questions about them are
answered by their vertices: a geometry is made of the few that need GEOS.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely import GeometryType

from parcels.surveys.checks.rings import Rings
from parcels.surveys.simple_polygons import (
    box_rings,
    keep_rings,
    make_polygons,
    take_rings,
)

Geometries = npt.NDArray[Any]
Indices = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Values = npt.NDArray[np.float64]

_NOBODY: Final = Rings(
    np.empty((0, 2)), np.zeros(1, np.int64), np.empty(0, np.int64), np.empty(0, bool)
)


class RowShapes:
    """Geometries of consecutive rows; nothing in it is ever changed.

    Attributes
    ----------
    rings
        The rows that are polygons of one closed ring; `owner` is the row's place,
        ascending.
    others
        `(n,)` geometries of the other rows; None for those in `rings` and for rows
        without geometry.
    kind
        What the rings are made into, `POLYGON` or `MULTIPOLYGON`.
    """

    def __init__(
        self,
        others: Geometries,
        rings: Rings | None = None,
        kind: GeometryType = GeometryType.POLYGON,
    ) -> None:
        self.others = others
        self.rings = _NOBODY if rings is None else rings
        self.kind = kind

    def __len__(self) -> int:
        return len(self.others)

    def __getitem__(self, chosen: Any) -> Any:
        """Return the geometries of rows, as an array would: of one row, it alone."""
        places = np.arange(len(self))[chosen]
        if np.ndim(places) == 0:
            return self[np.array([places])][0]
        geometries = self.others[places]
        ring = self._ring_of[places]
        drawn = np.flatnonzero(ring >= 0)
        if len(drawn):
            taken = take_rings(self.rings, ring[drawn])
            geometries[drawn] = make_polygons(taken, self.kind)
        return geometries

    def without(self, left_out: Mask) -> RowShapes:
        """Return the same rows, some of them without their geometry."""
        if not left_out.any():
            return self
        others = self.others.copy()
        others[left_out] = None
        rings = keep_rings(self.rings, ~left_out[self.rings.owner])
        return RowShapes(others, rings, self.kind)

    @cached_property
    def _ring_of(self) -> Indices:
        """`(n,)` the ring of each row, −1 for those in `others`."""
        ring = np.full(len(self), -1)
        ring[self.rings.owner] = np.arange(len(self.rings.owner))
        return ring

    @cached_property
    def present(self) -> Mask:
        """`(n,)` whether a row has a geometry."""
        present: Mask = ~shapely.is_missing(self.others)
        present[self.rings.owner] = True
        return present

    @cached_property
    def types(self) -> Indices:
        """`(n,)` `shapely.GeometryType` of each, −1 where there is none."""
        types: Indices = shapely.get_type_id(self.others).astype(np.int64)
        types[self.rings.owner] = int(self.kind)
        return types

    @cached_property
    def bounds(self) -> Values:
        """`(n, 4)` least and greatest coordinates, NaN where there is no geometry."""
        bounds: Values = shapely.bounds(self.others)
        bounds[self.rings.owner] = box_rings(self.rings)
        return bounds

    @cached_property
    def finite(self) -> Mask:
        """`(n,)` whether all coordinates are numbers; true where there are none."""
        finite = np.ones(len(self), dtype=bool)
        coordinates, owner = shapely.get_coordinates(self.others, return_index=True)
        finite[owner[~np.isfinite(coordinates).all(axis=1)]] = False
        if not np.isfinite(self.rings.coordinates).all():
            numbers = np.isfinite(self.rings.coordinates).all(axis=1)
            whole = np.logical_and.reduceat(numbers, self.rings.starts[:-1])
            finite[self.rings.owner] = whole
        return finite

    @cached_property
    def lengths(self) -> Values:
        """`(n,)` length of all lines and rings in the unit of the coordinates."""
        lengths: Values = np.nan_to_num(shapely.length(self.others))
        if len(self.rings.owner):
            steps = np.diff(self.rings.coordinates, axis=0, append=np.nan)
            length = np.hypot(steps[:, 0], steps[:, 1])
            length[self.rings.starts[1:] - 1] = 0.0
            lengths[self.rings.owner] = np.add.reduceat(length, self.rings.starts[:-1])
        return lengths


class FileShapes:
    """Geometries of rows out of several parts of a file; none is copied before asked.

    Parameters
    ----------
    parts
        The rows of the file, part after part.
    rows
        `(n,)` which of them are meant, counted through all parts.
    """

    def __init__(self, parts: Sequence[RowShapes], rows: Indices) -> None:
        self._parts, self._rows = parts, rows
        self._starts = np.cumsum([0, *map(len, parts)])

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, chosen: Any) -> Any:
        """Return the geometries of rows, as an array would: of one row, it alone."""
        rows = self._rows[chosen]
        if np.ndim(rows) == 0:
            return self[np.array([chosen])][0]
        geometries = np.empty(len(rows), dtype=object)
        part = np.searchsorted(self._starts, rows, side="right") - 1
        for one in np.unique(part).tolist():
            mine = part == one
            geometries[mine] = self._parts[one][rows[mine] - self._starts[one]]
        return geometries

    @cached_property
    def bounds(self) -> Values:
        """`(n, 4)` least and greatest coordinates, NaN where there is no geometry."""
        bounds = [np.empty((0, 4)), *(part.bounds for part in self._parts)]
        return np.concatenate(bounds)[self._rows]
