"""Where does a river of the register run on to? (core).

河网. Reaches name the one they flow into (`downstream_code`); which end of a line is
the lower one follows from that, not from how it was drawn. Only where nothing is named
does the drawn direction count, and the path says it was assumed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, nearest_points, substring

from parcels.local_plane import LocalPlane
from screening.neighbourhood import Feature

Ends = Literal["reach", "network", "loop", "gap", "ground", "no_height", "edge"]
"""Why a path stops: it is as long as was asked; the network on record ends; it comes
back to itself; two reaches do not meet; water leaves the terrain at its edge, beside
cells without height, or at the edge of the window."""

JOINED_M: Final = 50.0
"""Reaches that name each other and lie farther apart than this do not meet (choice)."""


@dataclass(frozen=True, slots=True)
class Way:
    """Where water runs from a place, in the metres of a plane (流路).

    `offset_m` is how far the place lies from where the way begins. `assumed` says that
    a direction rests on how a line was drawn.
    """

    line: LineString
    ends: Ends
    offset_m: float
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class _Reach:
    code: str
    division: str
    line: LineString
    downstream: str | None


class Network:
    """The reaches around a place, in one plane."""

    def __init__(self, rivers: Sequence[Feature], plane: LocalPlane) -> None:
        self._reaches: dict[tuple[str, str], _Reach] = {}
        for river in rivers:
            line = _one_line(plane.to_plane(river.geometry))
            if line is not None:
                key = river.division_code, river.code
                down = river.attributes.get("downstream_code")
                self._reaches[key] = _Reach(river.code, key[0], line, down)
        self._lines = [reach.line for reach in self._reaches.values()]
        self._keys = list(self._reaches)

    def follow(self, place: BaseGeometry, within_m: float, most_m: float) -> Way | None:
        """Return the way of water from a place near a river; None where none is near.

        Parameters
        ----------
        place
            In the plane. Where a reach runs through it, the way begins where it leaves.
        within_m
            How far from a reach the place may lie.
        most_m
            Length after which the way is cut off.
        """
        if not self._lines:
            return None
        gaps = shapely.distance(self._lines, place)
        nearest = int(np.argmin(gaps))
        if gaps[nearest] > within_m:
            return None
        key = self._keys[nearest]
        line, assumed = self._directed(key)
        start = _leaves_at(line, place)
        return self._go_on(key, line, start, assumed, float(gaps[nearest]), most_m)

    def _go_on(
        self,
        key: tuple[str, str],
        line: LineString,
        start: float,
        assumed: bool,
        offset_m: float,
        most_m: float,
    ) -> Way:
        parts: list[tuple[float, float]] = []
        seen = {key}
        ends: Ends
        while True:
            piece = substring(line, start, line.length)
            parts += list(shapely.get_coordinates(piece).tolist())
            if _length(parts) >= most_m:
                ends = "reach"
                break
            following = self._following(key)
            if following is None:
                ends = "network"
                break
            mouth = Point(line.coords[-1])
            line, turned = self._directed(following)
            if line.distance(mouth) > JOINED_M:
                ends = "gap"
                break
            if following in seen:
                ends = "loop"
                break
            seen.add(following)
            key, assumed = following, assumed or turned
            start = line.project(mouth)
        path = _line_of(parts)
        if ends == "reach":
            path = substring(path, 0.0, most_m)
        return Way(path, ends, round(offset_m, 2), assumed)

    def _following(self, key: tuple[str, str]) -> tuple[str, str] | None:
        code = self._reaches[key].downstream
        if code is None:
            return None
        if (key[0], code) in self._reaches:
            return key[0], code
        others = sorted(each for each in self._reaches if each[1] == code)
        return others[0] if others else None

    def _directed(self, key: tuple[str, str]) -> tuple[LineString, bool]:
        """Return a reach downwards, and whether its direction is assumed."""
        line = self._reaches[key].line
        first, last = Point(line.coords[0]), Point(line.coords[-1])
        following = self._following(key)
        if following is not None:
            other = self._reaches[following].line
            turned = other.distance(first) < other.distance(last)
            return (line.reverse() if turned else line), False
        mouths = [
            self._reaches[each].line
            for each in self._keys
            if each != key and self._following(each) == key
        ]
        if not mouths:
            return line, True
        above = shapely.union_all(mouths)
        turned = above.distance(last) < above.distance(first)
        return (line.reverse() if turned else line), False


def _one_line(shape: BaseGeometry) -> LineString | None:
    """Return a reach as one line; None where its parts do not join up."""
    parts = shapely.get_parts(shape)
    merged = parts[0] if len(parts) == 1 else linemerge(list(parts))
    good = isinstance(merged, LineString) and merged.length > 0
    return merged if good else None


def _leaves_at(line: LineString, place: BaseGeometry) -> float:
    """Return how far along a line it leaves a place for good, or is nearest to it."""
    met = shapely.intersection(line, place)
    if shapely.is_empty(met):
        return float(line.project(nearest_points(line, place)[0]))
    ends = shapely.points(shapely.get_coordinates(met))
    return float(shapely.line_locate_point(line, ends).max())


def _length(coordinates: list[tuple[float, float]]) -> float:
    xy = np.array(coordinates)
    return float(np.hypot(*np.diff(xy, axis=0).T).sum()) if len(xy) > 1 else 0.0


def _line_of(coordinates: list[tuple[float, float]]) -> LineString:
    kept = [
        each
        for number, each in enumerate(coordinates)
        if number == 0 or each != coordinates[number - 1]
    ]
    return LineString(kept * 2 if len(kept) == 1 else kept)
