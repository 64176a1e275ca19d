"""Which share of a piece of land is covered, in all and by each class? (core).

Several pieces of one restriction may overlap: they are united first, so that no ground
counts twice. Of each class two shares are told:

    inclusive   what the class covers, whatever else lies there
    exclusive   what it alone covers, and no other class

The exclusive shares and what several classes cover together sum to the share in all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parcels.area import measure_area
from screening.overlay import AROUND, Shapes, is_sliver, repair, unite
from screening.overlay_layers import Layer, Pairs


@dataclass(frozen=True, slots=True)
class ClassShare:
    """The part of one class (类别): shares 0 to 1, areas by the area of record."""

    name: str
    inclusive: float
    exclusive: float
    inclusive_m2: float
    exclusive_m2: float


@dataclass(frozen=True, slots=True)
class Covered:
    """What covers one geometry of the left layer.

    Attributes
    ----------
    left
        Its position in the layer.
    share, area_m2
        Of everything united.
    sliver
        The united ground is a sliver (碎面): reported, not counted as an overlap.
    classes
        In order of name.
    """

    left: int
    share: float
    area_m2: float
    sliver: bool
    classes: tuple[ClassShare, ...]


def measure_covered(
    pairs: Pairs,
    left: Layer,
    classes: Sequence[str],
    sliver_area_m2: float,
    sliver_width_m: float,
) -> list[Covered]:
    """Return for each left geometry that is met what covers it, in order.

    Parameters
    ----------
    pairs
        With pieces; all pairs of each left geometry they name.
    classes
        Class of each geometry of the right layer.
    sliver_area_m2, sliver_width_m
        See `screening.overlay.is_sliver`.
    """
    if not len(pairs):
        return []
    assert pairs.pieces is not None
    names = np.array([classes[index] for index in pairs.right.tolist()], dtype=object)
    found = []
    for index, place in _by_left(pairs.left):
        ground = _Ground(
            pairs.pieces[place],
            names[place],
            pairs.relations[place] == AROUND,
            repair(left.shapes[index : index + 1])[0],
        )
        area_m2 = float(left.areas_m2[index])
        share, united = ground.share_of(np.ones(len(place), dtype=bool))
        sliver = not ground.covers and is_sliver(
            united, share * area_m2, sliver_area_m2, sliver_width_m
        )
        parts = tuple(ground.classes(share, area_m2))
        found.append(Covered(index, share, share * area_m2, sliver, parts))
    return found


def _by_left(left: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.int64]]]:
    order = np.argsort(left, kind="stable")
    firsts, starts = np.unique(left[order], return_index=True)
    parts = np.split(order, starts[1:])
    yield from zip(firsts.tolist(), parts, strict=True)


class _Ground:
    """The pieces on one geometry, with their classes."""

    def __init__(
        self,
        pieces: Shapes,
        names: NDArray[np.object_],
        around: NDArray[np.bool_],
        whole: BaseGeometry,
    ) -> None:
        self._pieces, self._names, self._around = pieces, names, around
        self._whole = whole
        self._whole_m2 = float(measure_area(whole, edges="drawn"))
        self.covers = bool(around.any())

    def share_of(self, chosen: NDArray[np.bool_]) -> tuple[float, BaseGeometry]:
        """Return the share of the chosen pieces together, and their union."""
        if not chosen.any():
            return 0.0, shapely.Polygon()
        if (self._around & chosen).any():
            return 1.0, self._whole
        united = unite(self._pieces[chosen])
        area = float(measure_area(united, edges="drawn"))
        return min(area / self._whole_m2, 1.0), united

    def classes(self, total: float, area_m2: float) -> Iterator[ClassShare]:
        for name in sorted(set(self._names.tolist())):
            own = self._names == name
            if own.all():
                inclusive = exclusive = total
            else:
                inclusive = self.share_of(own)[0]
                exclusive = max(total - self.share_of(~own)[0], 0.0)
            yield ClassShare(
                name, inclusive, exclusive, inclusive * area_m2, exclusive * area_m2
            )
