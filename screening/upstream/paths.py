"""Down which path does water run from a place, and what does it meet? (core).

流路. The river network comes first, then the terrain, as water_sources.md section 6 has
it; where neither knows the way there is no path, and a caller is left with the plain
distance. Of two ways that both break off the longer one is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import Literal

import numpy as np
import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points, substring

from parcels.local_plane import LocalPlane
from screening.upstream.flow import Flow, route, trace
from screening.upstream.network import Ends, Network, Way
from screening.upstream.terrain import Terrain

Method = Literal["network", "terrain", "straight"]


@dataclass(frozen=True, slots=True)
class FlowPath:
    """The way of water from a place.

    Attributes
    ----------
    line
        In the plane it was asked in, from the place downwards.
    method
        Whether river network or terrain was followed.
    ends
        Why it stops.
    offset_m
        How far the place lies from where the path begins.
    tolerance_m
        How far beside the path a thing may lie and still be met: half the diagonal of
        a cell, 0 for a river.
    assumed
        A direction rests on how a reach was drawn.
    """

    line: LineString
    method: Method
    ends: Ends
    offset_m: float
    tolerance_m: float
    assumed: bool = False

    @property
    def length_m(self) -> float:
        """How far the path is known."""
        return float(self.line.length)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where a path meets a thing: metres along it, and metres beside it."""

    along_m: float
    beside_m: float


class Hydrology:
    """Rivers and terrain around some places, for one plane.

    Terrain is worked through when it is first needed; whoever holds this object asks it
    from one thread.
    """

    def __init__(
        self, network: Network, terrain: Terrain | None, plane: LocalPlane
    ) -> None:
        self.terrain = terrain
        self.plane = plane
        self._network = network
        self._flow: Flow | None = None

    @property
    def flow(self) -> Flow | None:
        """The flow over the terrain; None without one."""
        if self._flow is None and self.terrain is not None:
            self._flow = route(self.terrain.heights, *self.terrain.cell_size_m)
        return self._flow

    def follow(
        self, place: BaseGeometry, within_m: float, most_m: float
    ) -> FlowPath | None:
        """Return the path of water from a place, EPSG:4490; None where none is known.

        Parameters
        ----------
        within_m
            How far from a river the place may lie and still drain into it.
        most_m
            How far the path is followed.
        """
        river = self._by_network(place, within_m, most_m)
        if river is not None and river.ends == "reach":
            return river
        ground = self._by_terrain(place, most_m)
        if river is None or ground is None:
            return river or ground
        longer = ground.ends == "reach" or ground.length_m > river.length_m
        return ground if longer else river

    def _by_network(
        self, place: BaseGeometry, within_m: float, most_m: float
    ) -> FlowPath | None:
        flat = self.plane.to_plane(place)
        way: Way | None = self._network.follow(flat, within_m, most_m)
        if way is None:
            return None
        return FlowPath(way.line, "network", way.ends, way.offset_m, 0.0, way.assumed)

    def _by_terrain(self, place: BaseGeometry, most_m: float) -> FlowPath | None:
        terrain, flow = self.terrain, self.flow
        if terrain is None or flow is None:
            return None
        start = lowest_cell(terrain, flow, place)
        if start is None:
            return None
        width, height = terrain.cell_size_m
        # No step is shorter than the shorter side of a cell.
        size = max(self.plane.to_plane(place).length, 0.0)
        most = int((most_m + size) / min(width, height)) + 3
        cells = trace(flow, start, most)
        xy = self.plane.coordinates_to_plane(terrain.centres(cells))
        line = LineString(np.repeat(xy, 2, axis=0) if len(xy) == 1 else xy)
        line = _from_boundary(line, self.plane.to_plane(place))
        tolerance_m = hypot(width, height) / 2
        if line.length >= most_m:
            whole = substring(line, 0.0, most_m)
            return FlowPath(whole, "terrain", "reach", 0.0, tolerance_m)
        ends = _why(terrain, flow, cells[-1])
        return FlowPath(line, "terrain", ends, 0.0, tolerance_m)


def lowest_cell(terrain: Terrain, flow: Flow, place: BaseGeometry) -> int | None:
    """Return the cell of a place at which its water leaves; None where none is known.

    The lowest of the filled ground, of equal ones the one most water runs to first.
    """
    cells = np.flatnonzero(terrain.cells_of(place) & np.isfinite(flow.level))
    if not len(cells):
        return None
    level = flow.level.ravel()[cells]
    lowest = set(cells[level == level.min()].tolist())
    cell = int(min(lowest))
    while (following := int(flow.down[cell])) != cell and following in lowest:
        cell = following
    return cell


def _from_boundary(line: LineString, place: BaseGeometry) -> LineString:
    """Return a path from where it leaves a polygon for the first time."""
    if shapely.get_dimensions(place) != 2:
        return line
    leaving = shapely.intersection(line, shapely.boundary(place))
    if shapely.is_empty(leaving):
        return line
    start = min(line.project(Point(xy)) for xy in shapely.get_coordinates(leaving))
    return substring(line, start, line.length)


def _why(terrain: Terrain, flow: Flow, cell: int) -> Ends:
    """Return why water leaves the terrain at a cell."""
    row, column = divmod(cell, terrain.shape[1])
    rows, columns = terrain.shape
    at_rim = row in (0, rows - 1) or column in (0, columns - 1)
    if not at_rim:
        return "no_height"
    return "ground" if terrain.at_edge else "edge"


def meet(path: FlowPath, thing: BaseGeometry, beside_m: float) -> Meeting | None:
    """Return where a path meets a thing, in the path's plane; None if it does not.

    Parameters
    ----------
    beside_m
        How far beside the path the thing may lie, on top of the path's tolerance.
    """
    gap = float(shapely.distance(path.line, thing))
    if gap > path.tolerance_m + beside_m:
        return None
    met = shapely.intersection(path.line, thing)
    if shapely.is_empty(met):
        places = [nearest_points(path.line, thing)[0]]
    else:
        places = [Point(xy) for xy in shapely.get_coordinates(met)]
    along = min(path.line.project(each) for each in places)
    return Meeting(round(along, 2), round(gap, 2))
