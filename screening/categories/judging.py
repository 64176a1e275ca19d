"""Of what class is a unit, by the points in it? (core): 单元评价.

All points of one class: the unit takes it (recalled, high). A dominant class of at
least 80 % gives the unit its class when the others stand alone; a class-3 point alone
then gets a unit of its own. Otherwise the unit is cut and each part judged by its own
points; a part with points of several classes takes the worst (proposed).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from screening.categories.boundaries import Shared, shared_lengths
from screening.categories.cells import patch_cells, thiessen_cells
from screening.categories.material import UNKNOWN, Classes, Geometries, Places, Plane
from screening.categories.settings import Settings

_FEW_PAIRS: Final = 400
"""Areas times places that are tried one by one, sooner than a tree is built."""
Verdict = Literal["uniform", "dominant", "isolate", "split"]


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """A unit in parts: geometry, and class by element of each, `(n, elements)`.

    `shared` are the boundaries between them.
    """

    geometry: Geometries
    classes: Classes
    shared: Shared


def count_classes(
    owner: npt.NDArray[np.int64], classes: Classes, units: int
) -> npt.NDArray[np.int64]:
    """Return `(units, elements, 3)` numbers of points of class 1, 2, 3.

    `owner` is the unit of each point, −1 outside all.
    """
    counts = np.zeros((units, classes.shape[1], 3), np.int64)
    for element in range(classes.shape[1]):
        known = (owner >= 0) & (classes[:, element] > UNKNOWN)
        places = (owner[known], classes[known, element] - 1)
        np.add.at(counts[:, element], places, 1)
    return counts


def uniform_classes(counts: npt.NDArray[np.int64]) -> Classes:
    """Return the class where all points agree, `UNKNOWN` where none or they do not."""
    agreed = (counts > 0).sum(axis=2) == 1
    return np.where(agreed, counts.argmax(axis=2) + 1, UNKNOWN).astype(np.int8)


def judge_mixed(
    unit: BaseGeometry,
    lonlat: Places,
    classes: Classes,
    patches: Geometries,
    plane: Plane,
    settings: Settings,
) -> Cells:
    """Return a unit whose points differ in some element, whole or in parts.

    Parameters
    ----------
    lonlat, classes
        Of the points in the unit.
    patches
        Those that meet the unit; may be none.
    """
    known = (classes > UNKNOWN).any(axis=1)
    lonlat, classes = lonlat[known], classes[known]
    once, of_place = np.unique(lonlat[:, 0] + 1j * lonlat[:, 1], return_inverse=True)
    places = np.column_stack((once.real, once.imag))
    around = thiessen_cells(unit, places, plane)
    shared = _between(around, plane)
    near = _adjacent(shared, of_place.reshape(-1), len(around))
    verdicts = [
        decide(classes[:, element], near, settings)
        for element in range(classes.shape[1])
    ]
    if not any(one in ("split", "isolate") for one in verdicts):
        whole = [_dominant(classes[:, e]) for e in range(classes.shape[1])]
        one = np.array([unit], dtype=object)
        return Cells(one, np.array([whole], np.int8), _between(one, plane))
    cells = around
    if settings.split_by == "patches" and len(patches):
        cells = patch_cells(unit, patches)
        shared = _between(cells, plane)
    return _judge_cells(cells, lonlat, classes, verdicts, shared)


def _between(cells: Geometries, plane: Plane) -> Shared:
    return shared_lengths(cells, np.arange(len(cells)), plane)


def decide(
    classes: npt.NDArray[np.int8],
    near: npt.NDArray[np.bool_],
    settings: Settings,
) -> Verdict:
    """Return how one element of a unit is settled by the classes of its points.

    Parameters
    ----------
    near
        `(points, points)`: whether two points are next to each other.
    """
    known = classes > UNKNOWN
    mine = classes[known]
    if not len(mine) or (mine == mine[0]).all():
        return "uniform"
    near = near[np.ix_(known, known)]
    dominant = _dominant(mine)
    if (mine == dominant).mean() < settings.dominant_share:
        return "split"
    others = np.flatnonzero(mine != dominant)
    if near[np.ix_(others, others)].any():
        return "split"
    alone = dominant < 3 and (mine[others] == 3).any()
    return "isolate" if alone and settings.isolate_class_3 else "dominant"


def _dominant(classes: npt.NDArray[np.int8]) -> int:
    """Return the class most points have; of two as frequent the stricter."""
    counts = np.bincount(classes[classes > UNKNOWN], minlength=4)
    counts[0] = 0
    return 0 if not counts.any() else 3 - int(counts[::-1].argmax())


def _adjacent(
    shared: Shared, of_place: npt.NDArray[np.int64], cells: int
) -> npt.NDArray[np.bool_]:
    """Return which points are next to each other: their cells share a boundary."""
    near = np.zeros((cells, cells), dtype=bool)
    near[shared.first, shared.second] = True
    points = near[np.ix_(of_place, of_place)]
    points |= of_place[:, None] == of_place[None, :]
    np.fill_diagonal(points, False)
    return points


def _judge_cells(
    cells: Geometries,
    lonlat: Places,
    classes: Classes,
    verdicts: list[Verdict],
    shared: Shared,
) -> Cells:
    """Return the cells with a class each, element by element."""
    owner = owners(cells, lonlat)
    counts = count_classes(owner, classes, len(cells))
    found = np.zeros((len(cells), classes.shape[1]), np.int8)
    for element, verdict in enumerate(verdicts):
        whole = _dominant(classes[:, element])
        if verdict in ("uniform", "dominant"):
            found[:, element] = whole
            continue
        worst = _worst(counts[:, element])
        if verdict == "isolate":
            found[:, element] = np.where(worst == 3, 3, whole)
        else:
            found[:, element] = _spread(worst, shared)
    return Cells(cells, found, shared)


def _worst(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int8]:
    """Return the strictest class any point has, `UNKNOWN` for none."""
    held = counts > 0
    return np.where(held.any(axis=1), 3 - held[:, ::-1].argmax(axis=1), 0).astype(
        np.int8
    )


def owners(areas: Geometries, lonlat: Places) -> npt.NDArray[np.int64]:
    """Return the area each place lies in, −1 for none; of several the first."""
    owner = np.full(len(lonlat), -1, np.int64)
    if 0 < len(areas) * len(lonlat) <= _FEW_PAIRS:
        hits = shapely.intersects(areas[:, None], shapely.points(lonlat)[None, :])
        return np.where(hits.any(axis=0), hits.argmax(axis=0), owner)
    tree = shapely.STRtree(areas)
    places, found = tree.query(shapely.points(lonlat), predicate="intersects")
    order = np.lexsort((found, places))[::-1]
    owner[places[order]] = found[order]
    return owner


def _spread(classes: npt.NDArray[np.int8], shared: Shared) -> npt.NDArray[np.int8]:
    """Give cells without points the class of the neighbour they share most with."""
    filled = classes.copy()
    while True:
        known = filled > UNKNOWN
        if known.all():
            return filled
        source = longest_known(~known, known, *shared)
        gained = source >= 0
        if not gained.any():
            return filled
        filled[gained] = filled[source[gained]]


def longest_known(
    open_ones: npt.NDArray[np.bool_],
    known: npt.NDArray[np.bool_],
    first: npt.NDArray[np.int64],
    second: npt.NDArray[np.int64],
    lengths: npt.NDArray[np.float64],
) -> npt.NDArray[np.int64]:
    """Return for each open one the known neighbour it shares most with, −1 for none.

    Of equally long boundaries the first neighbour counts.
    """
    source = np.full(len(open_ones), -1, np.int64)
    useful = open_ones[first] & known[second]
    one, two, long = first[useful], second[useful], lengths[useful]
    order = np.lexsort((-two, long))
    source[one[order]] = two[order]
    return source
