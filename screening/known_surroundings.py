"""What lies around a place? Remembered while nothing around any land changes (core).

Most of what a question reads lies within a kilometre of its land, is read again for the
next parcel, and changes a few times a day. `KnownSurroundings` keeps it by tiles of a
grid, as the register gave it, under the time of the last change to any layer that is
read around land, the day asked for and the caller's part of the country: what another
snapshot saw, or another caller may see, is never mixed in. It finds what the register's
own test of boxes would have found, no more and no less.

A tile is worth reading whole only where questions come again, so it is learned after it
was asked for a few times.

Farmland units are not kept: they are as many as all else together, and only what lies
on the land itself is read of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from math import floor
from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from screening.distance import Bounds
from screening.grid import Grid, Tile
from screening.neighbourhood import Feature

GRID: Final = Grid(side_deg=0.05, most=4)
"""Of some five kilometres, twice as far as a question looks."""
_CELL_DEG: Final = 0.01
"""Side of the cells in which the register notes where a division has anything."""
_EVERYWHERE: Final = -1
_ASKED_BEFORE: Final = 4
"""Who asks five times about a tile mostly asks on."""
_TILE_COSTS: Final = 24
"""As many questions that the register has to be asked cost more than known ones by what
reading a tile whole costs. So learning never takes more than they do: a tile with each
group would double what a group takes as long as a large county is not known."""
_MOST_KEPT: Final = 200_000
"""Features kept in all, some 3 kB each."""

BOXES: Final = ("area_box", "plot_box", "wide_box")
"""Boxes in which kinds of layers are looked for."""

Boxes = Mapping[str, Bounds]
"""The boxes of a place by the names of `BOXES`, degrees; there may be others."""


class State(NamedTuple):
    """What was read holds for others who see the same.

    Attributes
    ----------
    changed_at
        When a layer that is read around land was last changed. Times only grow, also
        where a backup was restored.
    as_of
        Day in law.
    scope
        Division prefix under which rows were read.
    """

    changed_at: datetime
    as_of: date
    scope: str


class Read(NamedTuple):
    """A feature as it was read for a tile.

    Attributes
    ----------
    reach
        The box in which the register looks for it, degrees.
    box
        The place in `BOXES` of the box that it is looked for in.
    """

    feature: Feature
    reach: Bounds
    box: int


class Surroundings(NamedTuple):
    """What lies around a place.

    `border_clear`: other divisions have nothing near it, so that `border_hits` would
    look no farther.
    """

    features: list[Feature]
    border_clear: bool


class _Kept(NamedTuple):
    """A feature; with the written form of a geometry that threads may not share."""

    feature: Feature
    written: bytes | None

    def own(self) -> Feature:
        """Return the feature for one thread."""
        if self.written is None:
            return self.feature
        return replace(self.feature, geometry=shapely.from_wkb(self.written))


@dataclass(frozen=True, slots=True)
class _Known:
    """One tile: its features, where each is looked for (`(4, n)`) and in which box."""

    kept: list[_Kept]
    reaches: NDArray[np.float32]
    boxes: NDArray[np.intp]
    of_others: frozenset[int]

    def meeting(self, sought: NDArray[np.float32]) -> Iterator[_Kept]:
        """Yield what reaches into its box of a place, `(3, 4)`."""
        west, south, east, north = sought.T[:, self.boxes]
        own_west, own_south, own_east, own_north = self.reaches
        meets = own_west <= east
        meets &= own_east >= west
        meets &= own_south <= north
        meets &= own_north >= south
        for place in meets.nonzero()[0].tolist():
            yield self.kept[place]


@dataclass(slots=True)
class _Remembered:
    """What was learned in one state."""

    tiles: dict[Tile, _Known] = field(default_factory=dict)
    kept: dict[tuple[str, int], _Kept] = field(default_factory=dict)
    asked: Counter[Tile] = field(default_factory=Counter)
    asked_since: int = 0
    """Questions since a tile was learned, up to what one costs."""

    def find(self, bounds: Bounds, sought: NDArray[np.float32]) -> Surroundings | None:
        """Return what is found in the boxes of a place, `(3, 4)`, all in `bounds`."""
        found: dict[int, _Kept] = {}
        of_others: frozenset[int] = frozenset()
        tiles = [self.tiles.get(tile) for tile in GRID.tiles(bounds)]
        for known in tiles:
            if known is None:
                return None
            of_others |= known.of_others
            for kept in known.meeting(sought):
                found[id(kept)] = kept
        if not tiles:
            return None
        features = [kept.own() for kept in found.values()]
        return Surroundings(features, _is_clear(bounds, of_others))

    def count_questions(self, places: Sequence[Bounds]) -> Tile | None:
        """Count questions that were not known; return a tile to learn, or None.

        The one most asked for. None, too, as long as learning has had its share.
        """
        unknown = [
            tile
            for bounds in places
            for tile in GRID.tiles(bounds)
            if tile not in self.tiles
        ]
        self.asked.update(unknown)
        self.asked_since = min(self.asked_since + len(places), _TILE_COSTS)
        most = max(unknown, key=self.asked.__getitem__, default=None)
        often = most is not None and self.asked[most] > _ASKED_BEFORE
        if not often or self.asked_since < _TILE_COSTS:
            return None
        self.asked_since = 0
        return most

    def keep(self, features: Sequence[Feature]) -> list[_Kept]:
        """Keep each feature once, in however many tiles it lies."""
        return [
            self.kept.setdefault((each.feature.layer, each.feature.version_id), each)
            for each in _prepare(features)
        ]


class KnownSurroundings:
    """Tiles of surroundings as the last change left them, for every caller's part.

    Threads may ask and tell it at once: each step is one of a dictionary's own, and
    what two of them learn of a tile is the same.
    """

    def __init__(self) -> None:
        self._states: dict[State, _Remembered] = {}

    def find(self, state: State, places: Sequence[Boxes]) -> list[Surroundings | None]:
        """Return what the register would find around each place; None: ask it."""
        remembered = self._states.get(state)
        if remembered is None or not places:
            return [None] * len(places)
        asked = _single(np.array([[boxes[name] for name in BOXES] for boxes in places]))
        return [
            remembered.find(_around(boxes), sought)
            for boxes, sought in zip(places, asked, strict=True)
        ]

    def worth_learning(self, state: State, places: Iterable[Boxes]) -> Tile | None:
        """Return a tile that is not known and that is asked for often; or None.

        Every place counts as one question.
        """
        remembered = self._remember(state)
        if remembered is None or self._full():
            return None
        return remembered.count_questions([*map(_around, places)])

    def learn(
        self, state: State, tile: Tile, read: Sequence[Read], of_others: Iterable[int]
    ) -> None:
        """Keep what a tile holds in that state.

        Parameters
        ----------
        read
            Everything but farmland whose reach meets the tile.
        of_others
            Cells of `cells_box` in which other divisions have anything.
        """
        remembered = self._remember(state)
        if remembered is not None:
            reaches = np.array([each.reach for each in read]).reshape(-1, 4)
            remembered.tiles[tile] = _Known(
                remembered.keep([each.feature for each in read]),
                _single(reaches).T.copy(),
                np.array([each.box for each in read], dtype=np.intp),
                frozenset(of_others),
            )

    def _remember(self, state: State) -> _Remembered | None:
        """Return what is known in a state; None where it is no longer the latest.

        What a later change or day has left behind is forgotten.
        """
        states = [*self._states]
        if any(state[:2] < other[:2] for other in states):
            return None
        for other in states:
            if other[:2] < state[:2]:
                self._states.pop(other, None)
        return self._states.setdefault(state, _Remembered())

    def _full(self) -> bool:
        return sum(len(each.kept) for each in [*self._states.values()]) >= _MOST_KEPT


def cells_box(tile: Tile) -> Bounds:
    """Return the box in which the cells of others are to be known for a tile, degrees.

    A cell wider than the tile, so that rounding of its edge leaves none out.
    """
    west, south, east, north = GRID.bounds(tile)
    return (
        west - _CELL_DEG,
        south - _CELL_DEG,
        east + _CELL_DEG,
        north + _CELL_DEG,
    )


def _is_clear(bounds: Bounds, of_others: frozenset[int]) -> bool:
    """Return whether no cell that a box touches is another division's."""
    if not of_others:
        return True
    west, south, east, north = (floor(bound / _CELL_DEG) for bound in bounds)
    return _EVERYWHERE not in of_others and not any(
        x * 100_000 + y in of_others
        for x in range(west, east + 1)
        for y in range(south, north + 1)
    )


def _around(boxes: Boxes) -> Bounds:
    wests, souths, easts, norths = zip(*(boxes[name] for name in BOXES), strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def _single(bounds: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return boxes in single precision, rounded outwards, as PostGIS compares them."""
    single = bounds.astype(np.float32)
    low, high = single[..., :2], single[..., 2:]
    down, up = np.float32(-np.inf), np.float32(np.inf)
    np.nextafter(low, down, out=low, where=low > bounds[..., :2])
    np.nextafter(high, up, out=high, where=high < bounds[..., 2:])
    return single


def _prepare(features: Sequence[Feature]) -> list[_Kept]:
    """Return what threads may ask of at once.

    GEOS notes the bounds of a geometry's parts when they are first needed. Asking now
    settles it for all but holes; what has some is read anew for everyone.
    """
    shapes = np.array([feature.geometry for feature in features], dtype=object)
    shapely.bounds(shapes)
    parts, owners = shapely.get_parts(shapes, return_index=True)
    pierced = {*owners[shapely.get_num_interior_rings(parts) > 0].tolist()}
    return [
        _Kept(each, shapely.to_wkb(each.geometry) if place in pierced else None)
        for place, each in enumerate(features)
    ]
