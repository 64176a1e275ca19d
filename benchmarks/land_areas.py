"""Farmland, restrictions, water and rivers of the invented county (core).

Sizes and numbers are invented; they are meant to weigh on a query as a real county's
do: farmland units in tens of thousands, permanent basic farmland in patches of many
vertices, ecological redlines as a few polygons of thousands of vertices.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.landscape import County, Places, blobs, scatter
from benchmarks.layer_rows import KEY_COLUMNS, LayerRows, pick, some_day
from benchmarks.tessellation import Tessellation, hash_unit

Rectangle = tuple[float, float, float, float]

FARMLAND_SIDE_M: Final = 120.0
BASIC_FARMLAND_SIDE_M: Final = 600.0
POLLUTANTS: Final = ("Cd", "Hg", "As", "Pb", "Cr", "Cu", "Ni", "Zn")


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme of `restriction_area`: how many per million parcels, how large."""

    name: str
    per_million: float
    radius_m: float
    points: int


THEMES: Final = (
    Theme("ecological_redline", 6, 2_800, 9_000),
    Theme("control_area", 40, 180, 60),
    Theme("crop_ban_area", 25, 450, 200),
    Theme("concentrated_priority_farmland", 25, 900, 300),
    Theme("pbf_concentrated_area", 12, 1_400, 600),
    Theme("ecological_sensitive_area", 10, 1_000, 800),
    Theme("dense_population_area", 30, 600, 150),
    Theme("yangtze_main_shoreline", 1, 1_500, 2_000),
    Theme("yangtze_tributary_shoreline", 2, 1_000, 1_500),
    Theme("yellow_river_shoreline_control", 3, 1_200, 2_000),
    Theme("scenic_area", 3, 2_000, 1_200),
    Theme("nature_reserve", 3, 2_200, 2_500),
    Theme("recharge_area", 6, 1_300, 500),
)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a division's features are made: all of it, or a strip at the border."""

    county: County
    division_code: str
    rectangle: Rectangle
    seed: int

    @property
    def share(self) -> float:
        """Area of the rectangle in shares of the county."""
        west, south, east, north = self.rectangle
        width, height = self.county.size_m
        return (east - west) * (north - south) / (width * height)

    def count(self, per_million: float) -> int:
        """Return how many objects lie here, at so many per million parcels."""
        return max(1, round(self.county.scaled(per_million) * self.share))

    def random(self, stream: int) -> np.random.Generator:
        """Return the generator of one layer; layers do not disturb each other."""
        return np.random.default_rng([self.seed, stream])

    def scatter(
        self, random: np.random.Generator, count: int, in_town: float = 0.0
    ) -> Places:
        """Return random places on this ground."""
        return scatter(
            self.county, random, count, in_town=in_town, rectangle=self.rectangle
        )


def area_layers(ground: Ground) -> Iterator[LayerRows]:
    """Yield farmland units, restriction areas, water sources with zones and rivers."""
    yield _farmland_units(ground)
    yield _basic_farmland(ground)
    yield from (
        _restrictions(ground, theme, stream) for stream, theme in enumerate(THEMES, 20)
    )
    yield from _water(ground)
    yield _rivers(ground)


def _farmland_cells(
    ground: Ground, side_m: float, points: int, share: float
) -> NDArray[Any]:
    """Return cells of a patchwork over the farming country, as MultiPolygons."""
    county = ground.county
    patchwork = Tessellation(side_m, points, county.seed + round(side_m))
    west, south, east, north = (ceil(edge / side_m) for edge in ground.rectangle)
    columns, rows = (
        grid.ravel()
        for grid in np.meshgrid(np.arange(west, east), np.arange(south, north))
    )
    farmed = county.is_farmland(patchwork.centres(columns, rows))
    farmed &= hash_unit(patchwork.seed, 9, columns, rows) < share
    rings = patchwork.rings(columns[farmed], rows[farmed])
    shapes = shapely.multipolygons(shapely.polygons(rings)[:, None])
    return county.to_degrees(shapes)


def _farmland_units(ground: Ground) -> LayerRows:
    random = ground.random(10)
    shapes = _farmland_cells(ground, FARMLAND_SIDE_M, 4, 1.0)
    rows = [_farmland_unit(ground, random, number) for number in range(len(shapes))]
    columns = (
        *KEY_COLUMNS,
        *("category", "land_use_scheme", "land_use_code", "crop", "target_pollutants"),
    )
    return LayerRows("farmland_unit", columns, rows, shapes)


def _farmland_unit(
    ground: Ground, random: np.random.Generator, number: int
) -> tuple[Any, ...]:
    chance = random.random()
    category = (
        "priority_protection"
        if chance < 0.70
        else "safe_use"
        if chance < 0.90
        else "strict_control"
        if chance < 0.94
        else "unclassified"
    )
    polluted = category in ("safe_use", "strict_control")
    return (
        f"{ground.division_code}NY{number + 1:08d}",
        ground.division_code,
        some_day(random, 2019, 4),
        category,
        "gbt21010_2017",
        pick(random, "0101", "0102", "0103", "0201"),
        pick(random, "小麦", "玉米", "水稻", "花生", "苹果"),
        [pick(random, *POLLUTANTS)] if polluted else None,
    )


_RESTRICTION_COLUMNS = (
    *KEY_COLUMNS,
    *("theme", "name", "category", "crops", "approval_document"),
)


def _restriction(
    ground: Ground, random: np.random.Generator, theme: str, number: int
) -> tuple[Any, ...]:
    crops = ["水稻", "小麦"] if theme == "crop_ban_area" else None
    return (
        f"{ground.division_code}-{theme}-{number + 1:05d}",
        ground.division_code,
        some_day(random, 2017, 7),
        theme,
        f"虚构区域{number + 1}",
        None,
        crops,
        f"虚构批〔{2017 + number % 7}〕{number + 1}号",
    )


def _basic_farmland(ground: Ground) -> LayerRows:
    random = ground.random(11)
    theme = "permanent_basic_farmland"
    shapes = _farmland_cells(ground, BASIC_FARMLAND_SIDE_M, 24, 0.8)
    rows = [_restriction(ground, random, theme, n) for n in range(len(shapes))]
    return LayerRows("restriction_area", _RESTRICTION_COLUMNS, rows, shapes)


def _restrictions(ground: Ground, theme: Theme, stream: int) -> LayerRows:
    random = ground.random(stream)
    count = ground.count(theme.per_million)
    centres = ground.scatter(random, count)
    radii_m = theme.radius_m * random.uniform(0.6, 1.4, count)
    shapes = ground.county.to_degrees(blobs(random, centres, radii_m, theme.points))
    rows = [_restriction(ground, random, theme.name, n) for n in range(count)]
    return LayerRows("restriction_area", _RESTRICTION_COLUMNS, rows, shapes)


def _water(ground: Ground) -> Iterator[LayerRows]:
    """Yield drinking-water sources and their zones, rings around each other.

    Every third source has a quasi-protection zone.
    """
    random = ground.random(12)
    count = ground.count(60)
    centres = ground.scatter(random, count)
    radii_m = random.uniform(40.0, 150.0, count)
    basins = blobs(random, centres, radii_m, 64)
    level_1 = blobs(random, centres, radii_m + 200.0, 64, roughness=0.05)
    level_2 = blobs(random, centres, radii_m + 500.0, 96, roughness=0.05)
    quasi = blobs(random, centres, radii_m + 1_200.0, 128, roughness=0.05)
    shapes = basins.copy()
    is_point = random.random(count) < 0.5
    shapes[is_point] = shapely.points(centres[is_point])
    yield LayerRows(
        "water_source",
        (*KEY_COLUMNS, "name", "source_type", "scale_class", "status", "accuracy_m"),
        [_water_source(ground, random, n, is_point[n]) for n in range(count)],
        ground.county.to_degrees(shapes),
    )
    zones = [
        ("level_1", level_1, 1),
        ("level_2", shapely.difference(level_2, level_1), 1),
        ("quasi", shapely.difference(quasi, level_2), 3),
    ]
    for level, zone_shapes, every in zones:
        yield _zones(ground, random, level, zone_shapes[::every], every)


def _water_source(
    ground: Ground, random: np.random.Generator, number: int, is_point: bool
) -> tuple[Any, ...]:
    return (
        f"{ground.division_code}SY{number + 1:04d}",
        ground.division_code,
        some_day(random, 2015, 8),
        f"虚构水源{number + 1}",
        pick(random, "river", "lake", "reservoir", "groundwater"),
        pick(random, "city_county", "qiandunwanren", "township", "scattered"),
        pick(random, "in_use", "in_use", "in_use", "backup", "planned", "withdrawn"),
        20.0 if is_point else None,
    )


def _zones(
    ground: Ground,
    random: np.random.Generator,
    level: str,
    shapes: NDArray[Any],
    every: int,
) -> LayerRows:
    rows = [
        (
            f"{ground.division_code}BHQ-{level}-{number * every + 1:04d}",
            ground.division_code,
            some_day(random, 2015, 8),
            f"{ground.division_code}SY{number * every + 1:04d}",
            level,
            pick(random, "approved", "approved", "hj338_default"),
        )
        for number in range(len(shapes))
    ]
    parts = [shapely.get_parts(shape) for shape in shapes]
    return LayerRows(
        "water_zone",
        (*KEY_COLUMNS, "source_code", "level", "basis"),
        rows,
        ground.county.to_degrees(
            np.array([shapely.MultiPolygon(list(p)) for p in parts])
        ),
    )


def _rivers(ground: Ground) -> LayerRows:
    """Return reaches of 2 to 5 km that wander; every fifth ends a river."""
    random = ground.random(13)
    count = ground.count(400)
    starts = ground.scatter(random, count)
    heading = random.uniform(0.0, 2.0 * np.pi, (count, 1))
    turns = np.cumsum(random.normal(0.0, 0.15, (count, 80)), axis=1) + heading
    length_m = random.uniform(25.0, 60.0, (count, 1))
    steps = np.stack([np.cos(turns), np.sin(turns)], axis=2) * length_m[:, :, None]
    lines = shapely.linestrings(starts[:, None] + np.cumsum(steps, axis=1))
    rows = [
        (
            f"{ground.division_code}HL{number + 1:06d}",
            ground.division_code,
            some_day(random, 2015, 3),
            f"虚构河{number // 5 + 1}",
            int(random.integers(1, 5)),
            None if number % 5 == 4 else f"{ground.division_code}HL{number + 2:06d}",
        )
        for number in range(count)
    ]
    shapes = ground.county.to_degrees(shapely.multilinestrings(lines[:, None]))
    columns = (*KEY_COLUMNS, "name", "stream_order", "downstream_code")
    return LayerRows("river", columns, rows, shapes)
