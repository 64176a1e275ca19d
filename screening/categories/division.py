"""Into which categories does the farmland of a county fall? (core): 类别划分.

1. Units are judged by the soil points in them, element by element (`judging`).
2. Produce adjusts each element of each part (`produce`).
3. A unit without points takes the class of the neighbour it shares the longest boundary
   with, and is marked for checking; so does an element nobody could judge there.
4. The worst element governs.
5. Slivers that a cut leaves are merged into a neighbour of the same category.

The pieces of a unit cover it exactly: its area is shared out among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from parcels.area import measure_area
from screening.categories.boundaries import shared_lengths
from screening.categories.cells import components, only_areas
from screening.categories.judging import (
    Cells,
    count_classes,
    judge_mixed,
    longest_known,
    owners,
    uniform_classes,
)
from screening.categories.material import (
    UNKNOWN,
    Classes,
    Geometries,
    Material,
    Plane,
    middle_latitude,
    plane_at,
)
from screening.categories.produce import adjust, combined, wants_around
from screening.categories.settings import Settings

_NONE: Final = np.empty(0, np.int64)
Origin = Literal["points", "part", "neighbour", "partly", "unknown"]
"""Judged by its points; a part of a mixed unit; taken from a neighbour altogether, or
for some elements; not known."""


@dataclass(slots=True, eq=False)
class Pieces:
    """What a division proposes, `(n,)` each (划分结果单元).

    Attributes
    ----------
    unit
        Index of the unit a piece is of.
    soil, final
        `(n, elements)` class by soil, and after produce.
    source
        Index of the piece an unsurveyed one was given its class from, −1 for none.
    merged
        How many slivers it has taken up.
    """

    unit: npt.NDArray[np.int64]
    geometry: Geometries
    area_m2: npt.NDArray[np.float64]
    soil: Classes
    final: Classes
    origin: npt.NDArray[np.object_]
    source: npt.NDArray[np.int64]
    merged: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.unit)

    @property
    def category(self) -> Classes:
        """Combined class: 1, 2, 3, or 0 where it is not known."""
        return combined(self.final)


@dataclass(frozen=True, slots=True, eq=False)
class Division:
    """Pieces, and the points that lie in each (划分方案).

    `soil_owner` and `produce_owner` are the piece of each point, −1 outside all;
    `category` is the combined class of each piece.
    """

    pieces: Pieces
    soil_owner: npt.NDArray[np.int64]
    produce_owner: npt.NDArray[np.int64]
    soil_counts: npt.NDArray[np.int64]
    produce_counts: npt.NDArray[np.int64]
    category: Classes


def divide(material: Material, settings: Settings) -> Division:
    """Return the division of some units; equal material gives equal pieces."""
    units = material.units
    plane = plane_at(middle_latitude(units.geometry))
    soil_owner = owners(units.geometry, material.soil.lonlat)
    produce_owner = owners(units.geometry, material.produce.lonlat)
    cut = _cut_mixed(material, soil_owner, plane, settings)
    pieces = _whole_units(material, soil_owner, produce_owner, cut, plane, settings)
    parts = {unit: cells for unit, cells in cut.items() if len(cells.geometry) > 1}
    for (unit, cells), drawn in zip(parts.items(), _drawn(parts), strict=True):
        here = np.flatnonzero(produce_owner == unit)
        _replace(pieces, material, unit, cells, drawn, here, settings)
    found = _joined(pieces, len(settings.elements))
    _fill_from_neighbours(found, plane)
    found = merge_slivers(found, material, plane, settings)
    return _with_points(found, material)


class _Part(NamedTuple):
    geometry: BaseGeometry
    area_m2: float
    soil: Classes
    final: Classes
    origin: Origin


@dataclass(slots=True)
class _Parts:
    """Pieces by unit, in the order of the units."""

    of_unit: list[list[_Part]]


def _cut_mixed(
    material: Material,
    owner: npt.NDArray[np.int64],
    plane: Plane,
    settings: Settings,
) -> dict[int, Cells]:
    """Return the cells of every unit whose points differ in some element."""
    units, soil = material.units, material.soil
    counts = count_classes(owner, soil.classes, len(units))
    mixed = np.flatnonzero(((counts > 0).sum(axis=2) > 1).any(axis=1))
    tree = shapely.STRtree(material.patches)
    by_unit = np.argsort(owner, kind="stable")
    bounds = np.searchsorted(owner[by_unit], (mixed, mixed + 1))
    found = {}
    for unit, first, last in zip(mixed.tolist(), *bounds.tolist(), strict=True):
        points = by_unit[first:last]
        geometry = units.geometry[unit]
        near = _NONE
        if len(material.patches):
            near = np.sort(tree.query(geometry, predicate="intersects"))
        found[unit] = judge_mixed(
            geometry,
            soil.lonlat[points],
            soil.classes[points],
            material.patches[near],
            plane,
            settings,
        )
    return found


def _whole_units(
    material: Material,
    soil_owner: npt.NDArray[np.int64],
    produce_owner: npt.NDArray[np.int64],
    cut: dict[int, Cells],
    plane: Plane,
    settings: Settings,
) -> _Parts:
    """Return every unit as one piece, judged by its points and produce."""
    units = material.units
    counts = count_classes(soil_owner, material.soil.classes, len(units))
    soil = uniform_classes(counts)
    for unit, cells in cut.items():
        soil[unit] = cells.classes[0]
    produce = count_classes(produce_owner, material.produce.classes, len(units))
    wanted = wants_around(soil, produce, settings)
    around = _count_around(produce, units.geometry, wanted, plane)
    final = adjust(soil, produce, settings, around)
    known: npt.NDArray[np.bool_] = np.any(soil > UNKNOWN, axis=1)
    return _Parts(
        [
            [
                _Part(
                    units.geometry[unit],
                    float(units.area_m2[unit]),
                    soil[unit],
                    final[unit],
                    "points" if known[unit] else "unknown",
                )
            ]
            for unit in range(len(units))
        ]
    )


def _count_around(
    produce: npt.NDArray[np.int64],
    geometry: npt.NDArray[Any],
    wanted: npt.NDArray[np.int64],
    plane: Plane,
) -> npt.NDArray[np.int64]:
    """Return the produce points of the units that share a boundary with each wanted."""
    around = np.zeros_like(produce)
    if len(wanted):
        first, second, _ = shared_lengths(geometry, wanted, plane)
        np.add.at(around, first, produce[second])
        np.add.at(around, second, produce[first])
    return around


def _replace(
    pieces: _Parts,
    material: Material,
    unit: int,
    cells: Cells,
    drawn: npt.NDArray[np.float64],
    produce_here: npt.NDArray[np.int64],
    settings: Settings,
) -> None:
    """Put the parts of a cut unit in its place, each judged by its own produce."""
    points = material.produce
    owner = owners(cells.geometry, points.lonlat[produce_here])
    produce = count_classes(owner, points.classes[produce_here], len(cells.geometry))
    first, second, _ = cells.shared
    final = cells.classes.copy()
    # Without produce nothing is adjusted.
    elements = range(final.shape[1] if produce.any() else 0)
    for element in elements:
        mine = cells.classes[:, element]
        same = mine[first] == mine[second]
        part = components(len(mine), first[same], second[same])
        together = np.zeros((len(mine), 1, 3), np.int64)
        np.add.at(together[:, 0], part, produce[:, element])
        adjusted = adjust(mine[:, None], together[part], settings)
        final[:, element] = adjusted[:, 0]
    # Cells sum to the unit's area as the register has it.
    areas = drawn * (material.units.area_m2[unit] / drawn.sum())
    pieces.of_unit[unit] = list(_dissolve(cells, final, areas, first, second))


def _drawn(parts: dict[int, Cells]) -> list[npt.NDArray[np.float64]]:
    """Return the drawn areas of the cells of each unit, measured at once."""
    every = [cells.geometry for cells in parts.values()]
    if not every:
        return []
    areas = measure_area(np.concatenate(every), "drawn")
    return np.split(areas, np.cumsum([len(one) for one in every])[:-1])


def _dissolve(
    cells: Cells,
    final: Classes,
    areas: npt.NDArray[np.float64],
    first: npt.NDArray[np.int64],
    second: npt.NDArray[np.int64],
) -> Iterator[_Part]:
    """Join neighbouring cells that agree in every class."""
    both = np.hstack((cells.classes, final))
    same = (both[first] == both[second]).all(axis=1)
    part = components(len(both), first[same], second[same])
    for one in np.unique(part):
        inside = np.flatnonzero(part == one)
        joined = cells.geometry[inside[0]]
        if len(inside) > 1:
            joined = only_areas(shapely.union_all(cells.geometry[inside]))
        known = (cells.classes[inside[0]] > UNKNOWN).any()
        origin: Origin = "part" if known else "unknown"
        area = float(areas[inside].sum())
        one_of = inside[0]
        yield _Part(joined, area, cells.classes[one_of], final[one_of], origin)


def _joined(parts: _Parts, elements: int) -> Pieces:
    unit = np.repeat(np.arange(len(parts.of_unit)), [len(p) for p in parts.of_unit])
    rows = [row for part in parts.of_unit for row in part]
    geometry = np.empty(len(rows), dtype=object)
    geometry[:] = [row.geometry for row in rows]
    return Pieces(
        unit.astype(np.int64),
        geometry,
        np.array([row.area_m2 for row in rows], np.float64),
        np.array([row.soil for row in rows], np.int8).reshape(len(rows), elements),
        np.array([row.final for row in rows], np.int8).reshape(len(rows), elements),
        np.array([row.origin for row in rows], dtype=object),
        np.full(len(rows), -1, np.int64),
        np.zeros(len(rows), np.int64),
    )


def _fill_from_neighbours(pieces: Pieces, plane: Plane) -> None:
    """Give what is not known the class of the neighbour with the longest boundary.

    Pieces with points come first; those beside a piece filled so follow, ring by ring.
    """
    wanted = np.flatnonzero((pieces.final == UNKNOWN).any(axis=1))
    if not len(wanted):
        return
    first, second, lengths = shared_lengths(pieces.geometry, wanted, plane)
    empty = (pieces.final == UNKNOWN).all(axis=1)
    touched = np.zeros(len(pieces), dtype=bool)
    for element in range(pieces.final.shape[1]):
        while True:
            known = pieces.final[:, element] > UNKNOWN
            source = longest_known(~known, known, first, second, lengths)
            gained = np.flatnonzero(source >= 0)
            if not len(gained):
                break
            for classes in (pieces.soil, pieces.final):
                classes[gained, element] = classes[source[gained], element]
            pieces.source[gained] = source[gained]
            touched[gained] = True
    pieces.origin[touched & empty] = "neighbour"
    pieces.origin[touched & ~empty] = "partly"


def merge_slivers(
    pieces: Pieces, material: Material, plane: Plane, settings: Settings
) -> Pieces:
    """Merge parts below the least area into a neighbour of their category.

    Only parts that a cut has left, and only within a township; a sliver without such a
    neighbour stays and is reported. The smallest goes first.
    """
    category = pieces.category
    township = material.units.township[pieces.unit]
    small = (pieces.origin == "part") & (pieces.area_m2 < settings.sliver_m2)
    slivers = np.flatnonzero(small)
    if not len(slivers):
        return pieces
    first, second, lengths = shared_lengths(pieces.geometry, slivers, plane)
    fits = (category[first] == category[second]) & (township[first] == township[second])
    first, second, lengths = first[fits], second[fits], lengths[fits]
    into = np.arange(len(pieces))
    for one in slivers[np.argsort(pieces.area_m2[slivers], kind="stable")].tolist():
        target = _host(one, into, first, second, lengths)
        if target >= 0:
            into[into == one] = target
    return _merged(pieces, into)


def _host(
    one: int,
    into: npt.NDArray[np.int64],
    first: npt.NDArray[np.int64],
    second: npt.NDArray[np.int64],
    lengths: npt.NDArray[np.float64],
) -> int:
    """Return the piece a sliver shares most boundary with, −1 for none."""
    mine = np.flatnonzero((first == one) & (into[second] != into[one]))
    if into[one] != one or not len(mine):
        return -1
    totals = np.bincount(into[second[mine]], weights=lengths[mine])
    return int(totals.argmax())


def _merged(pieces: Pieces, into: npt.NDArray[np.int64]) -> Pieces:
    kept = np.flatnonzero(into == np.arange(len(into)))
    geometry, area = pieces.geometry.copy(), pieces.area_m2.copy()
    merged = pieces.merged.copy()
    for one in np.flatnonzero(into != np.arange(len(into))).tolist():
        host = int(into[one])
        geometry[host] = only_areas(shapely.union(geometry[host], geometry[one]))
        area[host] += area[one]
        merged[host] += 1 + merged[one]
    place = np.full(len(into), -1, np.int64)
    place[kept] = np.arange(len(kept))
    source = pieces.source[kept]
    moved = np.where(source >= 0, place[into[source]], -1)
    return Pieces(
        pieces.unit[kept],
        geometry[kept],
        area[kept],
        pieces.soil[kept],
        pieces.final[kept],
        pieces.origin[kept],
        moved,
        merged[kept],
    )


def _with_points(pieces: Pieces, material: Material) -> Division:
    soil = owners(pieces.geometry, material.soil.lonlat)
    produce = owners(pieces.geometry, material.produce.lonlat)
    return Division(
        pieces,
        soil,
        produce,
        count_classes(soil, material.soil.classes, len(pieces)),
        count_classes(produce, material.produce.classes, len(pieces)),
        pieces.category,
    )
