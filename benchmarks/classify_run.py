"""How long does a division of farmland take, beside its joins in geopandas? (command).

Ours is the whole division: points to units, judgement of mixed units with their cuts,
produce, unsurveyed units by the longest shared boundary, worst of five. The peer does
only the joins and counts that need: points to units (`sjoin`), points by class of each
element (`groupby`), neighbours of the units without points (`sjoin`) with the length of
the boundary shared. Both count the same points, which is checked. Times are processor
time of one process, in turns.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

import geopandas
import numpy as np
import pandas as pd
import shapely

from parcels.analytes import FARMLAND_ELEMENTS
from parcels.area import measure_area
from screening.categories.division import Division, divide
from screening.categories.loader import read_settings
from screening.categories.material import Material, Points, Units, plane_at

WEST, SOUTH, SIDE_M = 113.5, 34.5, 150.0


@dataclass(frozen=True, slots=True)
class Size:
    """How much land, and how many points."""

    units: int
    points: int


def make_material(size: Size, seed: int = 7) -> Material:
    """Return units that tile the ground, and points whose classes lie in patches."""
    rng = np.random.default_rng(seed)
    columns = int(np.sqrt(size.units))
    rows = -(-size.units // columns)
    shapes = _tiles(columns, rows, rng)[: size.units]
    plane = plane_at(SOUTH)
    extent = np.array([columns * SIDE_M / plane.east_m, rows * SIDE_M / plane.north_m])
    soil = _points(rng, size.points, extent)
    return Material(
        _units(shapes),
        soil,
        _points(rng, size.points // 10, extent),
        np.empty(0, dtype=object),
    )


def _tiles(columns: int, rows: int, rng: np.random.Generator) -> np.ndarray:
    """Return quadrangles with shared corners, each corner moved a little."""
    plane = plane_at(SOUTH)
    x, y = np.meshgrid(np.arange(columns + 1.0), np.arange(rows + 1.0))
    corners = np.stack((x, y), axis=-1) + rng.uniform(-0.25, 0.25, (*x.shape, 2))
    corners *= SIDE_M / np.array([plane.east_m, plane.north_m])
    corners += (WEST, SOUTH)
    ring = (
        corners[:-1, :-1],
        corners[:-1, 1:],
        corners[1:, 1:],
        corners[1:, :-1],
        corners[:-1, :-1],
    )
    rings = np.stack(ring, axis=2).reshape(-1, 5, 2)
    made: np.ndarray = shapely.polygons(rings)
    return made


def _units(shapes: np.ndarray) -> Units:
    count = len(shapes)
    same = np.full(count, None, dtype=object)
    return Units(
        np.array([f"999901{number:06d}" for number in range(count)], dtype=object),
        shapes,
        measure_area(shapes),
        np.full(count, "999901", dtype=object),
        same,
        np.full(count, "unclassified", dtype=object),
        same,
    )


def _points(rng: np.random.Generator, count: int, extent: np.ndarray) -> Points:
    """Return points; classes follow waves over the ground, with noise."""
    place = rng.uniform(0, 1, (count, 2))
    elements = len(FARMLAND_ELEMENTS)
    turns = rng.uniform(2, 6, (elements, 2))
    waves = np.sin(place[:, 0:1] * turns[:, 0] * 6) + np.sin(
        place[:, 1:2] * turns[:, 1] * 6
    )
    level = waves + rng.normal(0, 0.25, (count, elements))
    classes = 1 + (level > 1.3).astype(np.int8) + (level > 1.8)
    return Points(
        np.array([f"P{number}" for number in range(count)], dtype=object),
        place * extent + (WEST, SOUTH),
        classes.astype(np.int8),
    )


def peer(material: Material) -> pd.DataFrame:
    """Do the joins and counts with geopandas; return points by unit and class."""
    units = geopandas.GeoDataFrame(geometry=material.units.geometry, crs=4490)
    points = geopandas.GeoDataFrame(
        material.soil.classes,
        columns=list(FARMLAND_ELEMENTS),
        geometry=shapely.points(material.soil.lonlat),
        crs=4490,
    )
    joined = geopandas.sjoin(points, units, predicate="intersects")
    joined = joined[~joined.index.duplicated()]
    counted = {
        element: joined.groupby(["index_right", element]).size().unstack(fill_value=0)
        for element in FARMLAND_ELEMENTS
    }
    flat = units.to_crs(4547)
    empty = flat[~flat.index.isin(joined["index_right"])]
    pairs = geopandas.sjoin(empty, flat, predicate="intersects")
    pairs = pairs[pairs.index != pairs["index_right"]]
    mine = flat.geometry.boundary.loc[pairs.index].to_numpy()
    other = flat.geometry.boundary.loc[pairs["index_right"]].to_numpy()
    pairs = pairs.assign(shared=shapely.length(shapely.intersection(mine, other)))
    pairs.sort_values("shared").groupby(level=0)["index_right"].last()
    return counted[FARMLAND_ELEMENTS[0]]


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Return the processor time of some work, and what it gave."""
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result


def check_counts(division: Division, counted: pd.DataFrame) -> None:
    """Stop when both did not count the same points."""
    ours = division.soil_counts[:, 0].sum(axis=0)
    theirs = counted.sum().to_numpy()
    if ours.tolist() != theirs.tolist():
        raise SystemExit(f"points by class differ: {ours} and {theirs}")


def main() -> None:
    """Print ours, the peer's and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--units", type=int, default=100_000)
    parser.add_argument("--points", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    material = make_material(Size(given.units, given.points))
    settings = read_settings()
    ours, theirs = [], []
    for _ in range(given.rounds):
        spent, division = timed(lambda: divide(material, settings))
        ours.append(spent)
        spent, counted = timed(lambda: peer(material))
        theirs.append(spent)
        assert isinstance(division, Division) and isinstance(counted, pd.DataFrame)
        check_counts(division, counted)
    split = len(division.pieces) - len(material.units)
    print(f"units {given.units}, points {given.points}, parts cut off {split}")
    print(f"ours, the whole division   {min(ours):6.1f} s of processor time")
    print(f"geopandas, joins alone     {min(theirs):6.1f} s")
    print(f"ratio                      {min(ours) / min(theirs):6.2f}")


if __name__ == "__main__":
    main()
