"""The county's border, its four neighbours, and who knows what (core).

The border has about 1,000 vertices and runs 60 m outside the outermost parcels; the
neighbours share it point by point. Each neighbour keeps features of its own in a strip
along the border, with the county's density, so that answers near it must cross it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.land_areas import THEMES, Ground, Rectangle
from benchmarks.landscape import County, Places
from benchmarks.layer_rows import KEY_COLUMNS, LayerRows

MARGIN_M: Final = 60.0
CROOKED_M: Final = 35.0
SIDE_POINTS: Final = 250
STRIP_M: Final = 2_500.0
DEPTH_M: Final = 25_000.0

_OTHER_THEMES: Final = (
    *("plot", "farmland_unit", "permanent_basic_farmland", "water_zone", "former_use"),
    *("key_unit", "enterprise", "facility", "receptor", "water_source", "river"),
)
ALL_THEMES: Final = _OTHER_THEMES + tuple(theme.name for theme in THEMES)
_STALE: Final = "recharge_area"
_ABSENT: Final = "crop_ban_area"
_PARTLY: Final = "former_use"


def neighbour_codes(county: County) -> dict[str, str]:
    """Return the neighbours' division codes by the side they lie on."""
    first = int(county.code) + 1
    sides = ("east", "south", "west", "north")
    return {side: str(first + number) for number, side in enumerate(sides)}


def grounds(county: County) -> list[Ground]:
    """Return the county's own ground and the neighbours' strips along the border."""
    width, height = county.size_m
    gap = MARGIN_M + CROOKED_M
    strips: dict[str, Rectangle] = {
        "east": (width + gap, 0.0, width + gap + STRIP_M, height),
        "south": (0.0, -gap - STRIP_M, width, -gap),
        "west": (-gap - STRIP_M, 0.0, -gap, height),
        "north": (0.0, height + gap, width, height + gap + STRIP_M),
    }
    own = Ground(county, county.code, county.rectangle, county.seed)
    return [own] + [
        Ground(county, code, strips[side], county.seed + number)
        for number, (side, code) in enumerate(neighbour_codes(county).items(), 100)
    ]


def division_rows(county: County) -> LayerRows:
    """Return the county and its neighbours."""
    border = _border(county)
    shapes = [shapely.Polygon(np.concatenate(list(border.values())))]
    names = [("虚构基准县", "Invented Benchmark County")]
    for side in neighbour_codes(county):
        shapes.append(_neighbour(county, side, border[side]))
        names.append((f"虚构邻县({side})", f"Invented neighbour, {side}"))
    codes = [county.code, *neighbour_codes(county).values()]
    rows = [
        (code, code, date(2010, 1, 1), zh, en, True)
        for code, (zh, en) in zip(codes, names, strict=True)
    ]
    areas = np.array([shapely.MultiPolygon([shape]) for shape in shapes], dtype=object)
    columns = (*KEY_COLUMNS, "name_zh", "name_en", "invented")
    return LayerRows("division", columns, rows, county.to_degrees(areas))


def _border(county: County) -> dict[str, Places]:
    """Return the border by side, counter-clockwise from the south-west corner.

    A side begins with its first corner and ends before the next one.
    """
    width, height = county.size_m
    west, south, east, north = -MARGIN_M, -MARGIN_M, width + MARGIN_M, height + MARGIN_M
    random = np.random.default_rng([county.seed, 60])
    share = np.arange(SIDE_POINTS) / SIDE_POINTS
    corners = {
        "south": ((west, south), (east, south)),
        "east": ((east, south), (east, north)),
        "north": ((east, north), (west, north)),
        "west": ((west, north), (west, south)),
    }
    sides = {}
    for side, (start, end) in corners.items():
        points = np.array(start) + share[:, None] * (np.array(end) - np.array(start))
        shift = random.uniform(-CROOKED_M, CROOKED_M, SIDE_POINTS)
        shift[0] = 0.0
        points[:, 1 if side in ("south", "north") else 0] += shift
        sides[side] = points
    return sides


def _neighbour(county: County, side: str, points: Places) -> NDArray[Any]:
    """Return the neighbour on a side; those to the east and west reach no corner."""
    width, height = county.size_m
    west, south, east, north = -MARGIN_M, -MARGIN_M, width + MARGIN_M, height + MARGIN_M
    far: dict[str, list[tuple[float, float]]] = {
        "east": [(east, north), (east + DEPTH_M, north), (east + DEPTH_M, south)],
        "west": [(west, south), (west - DEPTH_M, south), (west - DEPTH_M, north)],
        "south": [
            *((east, south), (east + DEPTH_M, south)),
            *((east + DEPTH_M, south - DEPTH_M), (west - DEPTH_M, south - DEPTH_M)),
            (west - DEPTH_M, south),
        ],
        "north": [
            *((west, north), (west - DEPTH_M, north)),
            *((west - DEPTH_M, north + DEPTH_M), (east + DEPTH_M, north + DEPTH_M)),
            (east + DEPTH_M, north),
        ],
    }
    ring = np.concatenate([points, np.array(far[side])])
    polygon: NDArray[Any] = shapely.orient_polygons(shapely.Polygon(ring))
    return polygon


def coverage_rows(county: County) -> LayerRows:
    """Return what each county says it knows.

    The county itself knows all but one theme, one of the others is stale and one known
    for its western half only. Of the neighbours the second has stale data throughout
    and the third has said nothing of half the themes.
    """
    rows, shapes = [], []
    for number, code in enumerate([county.code, *neighbour_codes(county).values()]):
        for theme in ALL_THEMES:
            if not _says_something(number, theme):
                continue
            stale = number == 2 or (number == 0 and theme == _STALE)
            day = date(2019, 6, 30) if stale else date(2024, 6, 30)
            rows.append(
                (
                    f"{code}-{theme}",
                    code,
                    day,
                    theme,
                    day,
                    date(2021, 6, 30) if stale else date(2039, 6, 30),
                    "虚构",
                )
            )
            half = number == 0 and theme == _PARTLY
            shapes.append(_western_half(county) if half else None)
    columns = (*KEY_COLUMNS, "theme", "data_date", "stale_on", "data_source")
    return LayerRows("theme_coverage", columns, rows, np.array(shapes, dtype=object))


def _says_something(number: int, theme: str) -> bool:
    if number == 0:
        return theme != _ABSENT
    return number != 3 or ALL_THEMES.index(theme) % 2 == 0


def _western_half(county: County) -> Any:
    width, height = county.size_m
    half = shapely.box(-MARGIN_M, -MARGIN_M, width / 2, height + MARGIN_M)
    return county.to_degrees(np.array([shapely.MultiPolygon([half])]))[0]


def division_layers(county: County) -> Iterator[LayerRows]:
    """Yield divisions and coverage."""
    yield division_rows(county)
    yield coverage_rows(county)
