"""What must be remembered of every row to check a file as a whole (core)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from parcels.surveys.candidates import ARROW_TYPES, Candidates
from parcels.surveys.checks.edges import Edges, find_unpaired, hash_edges
from parcels.surveys.checks.rings import list_rings
from parcels.surveys.row_shapes import FileShapes, RowShapes

Rows = npt.NDArray[np.int32]
Days = npt.NDArray[np.int64]
_POLYGONS = (3, 6)


@dataclass(slots=True)
class WholeFile:
    """Columns of all rows of a file, in its order, gathered batch by batch.

    Attributes
    ----------
    valid_from
        Day from which rows hold that name no day of their own.
    keeps_planes
        Whether the geometry of every row is remembered too (layers that tile).
    remembers
        Attributes whose values are remembered, one column each (`results`).
    heights
        Number of rows that had heights or measures.
    """

    valid_from: date
    keeps_planes: bool
    remembers: tuple[str, ...] = ()
    heights: int = 0
    _codes: list[pa.Array] = field(default_factory=list)
    _divisions: list[pa.Array] = field(default_factory=list)
    _rows: list[Rows] = field(default_factory=list)
    _places: list[npt.NDArray[np.float64]] = field(default_factory=list)
    _planes: list[RowShapes] = field(default_factory=list)
    _periods: list[Days] = field(default_factory=list)
    _edges: list[Edges] = field(default_factory=list)
    _values: list[pa.Table] = field(default_factory=list)

    def add(self, candidates: Candidates, edges: Sequence[Edges]) -> None:
        """Remember the next rows, and their edges by their place among them."""
        first = np.int32(len(self))
        self._edges += [Edges(one.hashes, one.owners + first) for one in edges]
        self._codes.append(candidates.code)
        self._divisions.append(candidates.division_code)
        self._rows.append(candidates.rows)
        self.heights += candidates.heights
        if self.remembers:
            self._values.append(self._remember(candidates))
        if candidates.stored is None:
            return
        bounds = candidates.stored.bounds
        self._places.append((bounds[:, :2] + bounds[:, 2:]) / 2)
        if self.keeps_planes and candidates.plane is not None:
            self._planes.append(candidates.plane)
            self._periods.append(self._days(candidates))

    def _remember(self, candidates: Candidates) -> pa.Table:
        """Return the remembered attributes; null where the file has no field."""
        kinds = {one.name: ARROW_TYPES[one.kind] for one in candidates.layer.attributes}
        return pa.table(
            {
                name: candidates.values.get(
                    name, pa.nulls(len(candidates), kinds[name])
                )
                for name in self.remembers
            }
        )

    @property
    def results(self) -> pa.Table | None:
        """What is remembered of every row in the order of `rows`; None for nothing."""
        return pa.concat_tables(self._values) if self._values else None

    def find_unmatched(self, group: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return places in a group of rows of those with an edge nobody else shares.

        Parameters
        ----------
        group
            Ascending places in the file; edges of other rows are left out.
        """
        member = np.zeros(len(self), dtype=bool)
        member[group] = True
        parts = []
        for edges in self._edges:
            ours = member[edges.owners]
            if not ours.all():
                edges = Edges(edges.hashes[ours], edges.owners[ours])
            parts.append(edges)
        return np.searchsorted(group, find_unpaired(parts))

    def _days(self, candidates: Candidates) -> Days:
        begin = candidates.valid_from.cast(pa.int32()).fill_null(_day(self.valid_from))
        end = candidates.valid_to.cast(pa.int32()).fill_null(_day(date.max))
        return np.column_stack((begin.to_numpy(), end.to_numpy())).astype(np.int64)

    def __len__(self) -> int:
        return sum(len(rows) for rows in self._rows)

    @property
    def rows(self) -> Rows:
        """`(n,) int32` row numbers, ascending."""
        return np.concatenate([np.empty(0, np.int32), *self._rows])

    @property
    def codes(self) -> pa.ChunkedArray:
        """Codes, null where missing or malformed."""
        return pa.chunked_array(self._codes, pa.string())

    @property
    def divisions(self) -> pa.ChunkedArray:
        """Division of each row, null where it is not known."""
        return pa.chunked_array(self._divisions, pa.string())

    @property
    def places(self) -> npt.NDArray[np.float64] | None:
        """`(n, 2)` middle of each row's box in EPSG:4490, NaN without geometry.

        None for layers without geometry.
        """
        return np.concatenate(self._places) if self._places else None

    def draw(self, group: npt.NDArray[np.int64]) -> FileShapes:
        """Return the usable geometry of some rows in the survey's plane, where kept.

        Parameters
        ----------
        group
            Places of rows that are `present`.
        """
        return FileShapes(self._planes, group)

    @property
    def present(self) -> npt.NDArray[np.bool_]:
        """`(n,)` whether a row has one; of no row if not kept."""
        return np.concatenate(
            [np.empty(0, bool), *(one.present for one in self._planes)]
        )

    @property
    def periods(self) -> Days:
        """`(n, 2)` day a row begins and day it ends, as numbers; open ends far off."""
        return np.concatenate([np.empty((0, 2), np.int64), *self._periods])


def list_edges(candidates: Candidates) -> list[Edges]:
    """Return the edges of all polygons, owners by their place among the rows."""
    assert candidates.plane is not None
    plane, found = candidates.plane, []
    if len(plane.rings.owner):
        found.append(hash_edges(plane.rings, candidates.clockwise))
    others = np.flatnonzero(np.isin(shapely.get_type_id(plane.others), _POLYGONS))
    if len(others):
        rings = list_rings(plane.others[others])
        found.append(hash_edges(rings._replace(owner=others[rings.owner])))
    return found


def _day(day: date) -> int:
    return (day - date(1970, 1, 1)).days
