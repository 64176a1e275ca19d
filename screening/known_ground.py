"""Which county holds a place, and what does it cover? Remembered while true (core).

Boundaries of counties and what they say they cover change a few times a year, and are
asked with every question. `KnownGround` keeps them by tiles of a grid, as the register
gave them, under the time of the change that touched either last: what another snapshot
saw is never mixed in. It answers only where one county holds a place alone,
with what the register itself would have answered; elsewhere the register is asked.
Every caller may know all of it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from screening.distance import Bounds
from screening.grid import Grid, Tile
from screening.neighbourhood import County, Coverage

GRID: Final = Grid(side_deg=0.1, most=4)
"""Of some ten kilometres, four times as far as a question looks."""
_MOST_STATES: Final = 4
_MOST_KEPT: Final = 20_000

State = tuple[datetime, date]
Ground = tuple[tuple[County, ...], tuple[Coverage, ...]]
"""Counties, cut to what was asked for, and what each says it covers."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A county in one tile, and what it says of its whole and of parts of it."""

    county: County
    of_whole: tuple[Coverage, ...]
    of_parts: tuple[Coverage, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """One tile: its counties, and whether the only one fills it."""

    counties: tuple[_Held, ...]
    filled: bool


class KnownGround:
    """Tiles of ground for the latest states that were asked for.

    A state is the time of the last change to the ground and the day asked for.
    """

    def __init__(self) -> None:
        self._states: OrderedDict[State, dict[Tile, _Known]] = OrderedDict()

    def missing(self, state: State, bounds: Bounds) -> list[Tile]:
        """Return the tiles to be learned before a place can be found; [] when large."""
        known = self._states.get(state, {})
        return [tile for tile in GRID.tiles(bounds) if tile not in known]

    def learn(self, state: State, tile: Tile, ground: Ground) -> None:
        """Keep what the register says of a tile in that state."""
        held = tuple(_hold(county, ground[1]) for county in ground[0])
        box = shapely.box(*GRID.bounds(tile))
        filled = len(held) == 1 and shapely.covers(held[0].county.geometry, box)
        known = self._states.setdefault(state, {})
        if len(known) >= _MOST_KEPT:
            known.clear()
        known[tile] = _Known(held, bool(filled))
        while len(self._states) > _MOST_STATES:
            self._states.popitem(last=False)

    def find(self, state: State, bounds: Bounds) -> Ground | None:
        """Return the county that holds a place alone, and what it covers around it.

        None where several hold it, none does, or it is not known.
        """
        known = self._states.get(state)
        tiles = GRID.tiles(bounds)
        if not known or not tiles:
            return None
        found = [_holder(known.get(tile), tile, bounds) for tile in tiles]
        first = found[0]
        if first is None:
            return None
        parts: list[Coverage] = []
        for held in found:
            if held is None or held.county.division_code != first.county.division_code:
                return None
            parts += [
                part
                for part in held.of_parts
                if part.geometry
                and _meet(part.geometry.bounds, bounds)
                and part not in parts
            ]
        county = replace(first.county, geometry=shapely.box(*bounds))
        # Mostly there are no parts, and then it is one and the same tuple every time.
        return (county,), (*first.of_whole, *parts) if parts else first.of_whole


def _hold(county: County, coverage: Iterable[Coverage]) -> _Held:
    """Return what threads may ask of at once: nothing in it is written any more.

    So its geometries are not prepared: GEOS writes into a prepared geometry whenever it
    is asked, and two threads at once end the process. Bounds are kept at first asking.
    """
    own = [c for c in coverage if c.division_code == county.division_code]
    shapely.bounds([county.geometry, *(statement.geometry for statement in own)])
    return _Held(
        county,
        tuple(statement for statement in own if statement.geometry is None),
        tuple(statement for statement in own if statement.geometry is not None),
    )


def _holder(entry: _Known | None, tile: Tile, bounds: Bounds) -> _Held | None:
    """Return the county that alone meets, and covers, the place's part of a tile."""
    if entry is None:
        return None
    if entry.filled:
        return entry.counties[0]
    part = _common(GRID.bounds(tile), bounds)
    met = [h for h in entry.counties if shapely.intersects(h.county.geometry, part)]
    alone = len(met) == 1 and shapely.covers(met[0].county.geometry, part)
    return met[0] if alone else None


def _common(tile: Bounds, bounds: Bounds) -> BaseGeometry:
    west, south = max(tile[0], bounds[0]), max(tile[1], bounds[1])
    return shapely.box(west, south, min(tile[2], bounds[2]), min(tile[3], bounds[3]))


def _meet(one: Bounds, other: Bounds) -> bool:
    return (
        one[0] <= other[2]
        and other[0] <= one[2]
        and one[1] <= other[3]
        and other[1] <= one[3]
    )
