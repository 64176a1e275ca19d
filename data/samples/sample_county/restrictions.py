"""Where land is restricted: basic farmland, redline, control and other areas."""

from __future__ import annotations

from typing import Any

import shapely
from shapely import affinity
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from sample_county.farmland import STRICT, is_farmland
from sample_county.ground import Ground, town_area
from sample_county.plane import (
    MILLIMETRE,
    as_multipolygon,
    blob,
    on_grid,
    patch,
    polygons_of,
)
from sample_county.records import Record
from sample_county.survey import Parcel, inset

Area = tuple[str, str, str, BaseGeometry, str | None]
"""Theme, letters of the code, name, shape, approval."""

BASIC_FARMLAND = [
    [(4750, 900), (6800, 1000), (6850, 2750), (5950, 2850), (4800, 2300)],
    [(2100, 900), (4350, 1000), (4350, 2500), (2750, 2450), (2150, 2300)],
    [(4900, 6750), (5250, 8100), (3300, 8100), (3300, 7950), (4500, 7350)],
    [(1400, 4950), (2250, 5150), (1950, 5700), (1250, 5300)],
    [(7500, 800), (9500, 1200), (9700, 3000), (8900, 3500), (7500, 2500)],
    [(8850, 5500), (9850, 5500), (9900, 7300), (9000, 7900), (8800, 6900)],
]
SECOND_DELIMITATION = [(5560, 1480), (6500, 1500), (6480, 2300), (5600, 2280)]


def make_restrictions(
    ground: Ground, parcels: list[Parcel], sites: dict[str, Parcel]
) -> list[Record]:
    """Return the areas of every restriction theme."""
    shapes: list[Area] = [
        *_basic_farmland(parcels, sites),
        *_nature(ground),
        *_control(sites),
        *_farmland_concentrations(),
        (
            "dense_population_area",
            "DP",
            "县城人口集中区",
            town_area().buffer(-70.0),
            None,
        ),
        (
            "flood_detention_area",
            "FX",
            "净水河行洪区",
            ground.rivers["JS"].buffer(110.0, 4),
            None,
        ),
        (
            "recharge_area",
            "BG",
            "清溪水源补给区",
            blob(1500, 2500, 900, "recharge", 30),
            None,
        ),
        *_far_corners(),
    ]
    records: list[Record] = []
    for theme, letters, name, shape, document in shapes:
        for county, land in ground.counties.items():
            part = as_multipolygon(on_grid(shape.intersection(land)))
            if part.area < 500.0:
                continue
            serial = 1 + sum(
                r.division == county and r.values["theme"] == theme for r in records
            )
            values: dict[str, Any] = {
                "theme": theme,
                "name": name,
                "approval_document": document,
            }
            if theme == "crop_ban_area":
                values["crops"] = ["水稻", "小麦", "叶菜类"]
            code = f"{county}-{letters}{serial:02d}"
            records.append(Record(code, county, values, part))
    return records


def _basic_farmland(parcels: list[Parcel], sites: dict[str, Parcel]) -> list[Area]:
    """Return basic farmland along field boundaries, a second, overlapping delimitation.

    One field is protected in its western half only.
    """
    theme, document = "permanent_basic_farmland", "示范政土〔2019〕12号"
    kept_out = {sites[key] for key in ("priority", "strict", "unclassified")}
    found: list[Area] = []
    for number, ring in enumerate(BASIC_FARMLAND, 1):
        area = Polygon(ring)
        shapely.prepare(area)
        fields = [
            p.geometry
            for p in parcels
            if is_farmland(p)
            and p not in kept_out
            and area.contains(p.geometry.representative_point())
        ]
        shape = shapely.union_all(fields, grid_size=MILLIMETRE)
        found.append((theme, "NT", f"永久基本农田{number}片", shape, document))
    second = patch(SECOND_DELIMITATION, "second delimitation", 40.0)
    found.append((theme, "NT", "永久基本农田补划片", second, "示范政土〔2022〕5号"))
    half = _western_half(sites["pbf_half"])
    found.append((theme, "NT", "永久基本农田王寨零星片", half, document))
    return found


def _western_half(parcel: Parcel) -> BaseGeometry:
    west, south, east, north = parcel.geometry.bounds
    low, high = west, east
    for _ in range(40):
        middle = (low + high) / 2
        part = parcel.geometry.intersection(box(west, south, middle, north))
        low, high = (
            (middle, high) if part.area < parcel.geometry.area / 2 else (low, middle)
        )
    return on_grid(parcel.geometry.intersection(box(west, south, round(low, 3), north)))


def _nature(
    ground: Ground,
) -> list[Area]:
    forest = shapely.union_all(
        [
            blob(500.0, 7450.0, 700.0, "redline west", 34),
            blob(1300.0, 8150.0, 620.0, "redline north", 34),
            blob(300.0, 6600.0, 480.0, "redline south", 30),
        ]
    )
    wetland = ground.reservoir.buffer(60.0).difference(ground.reservoir.buffer(-30.0))
    scenic = blob(1900.0, 8100.0, 420.0, "scenic", 24)
    return [
        (
            "ecological_redline",
            "HX",
            "净水河源头水源涵养红线",
            forest,
            "示范政〔2021〕3号",
        ),
        ("ecological_sensitive_area", "MG", "净水水库湿地", wetland, None),
        ("scenic_area", "FJ", "岭北风景名胜区", scenic, "示范政〔2016〕8号"),
    ]


def _control(
    sites: dict[str, Parcel],
) -> list[Area]:
    plot, neighbour = sites["held_plot"], sites["in_control_area"]
    area = shapely.union_all(
        [inset(plot.geometry, 1.0), inset(neighbour.geometry, 1.0)]
    )
    fence = LineString([plot.geometry.centroid, neighbour.geometry.centroid])
    area = area.union(fence.buffer(15.0, cap_style="flat"))
    inside = shapely.union_all([plot.geometry, neighbour.geometry])
    area = area.intersection(inside.buffer(-0.9))
    return [
        ("control_area", "GK", "原化肥厂管控区域", area, "示范政〔2023〕17号"),
        (
            "crop_ban_area",
            "JC",
            "河湾冶炼厂周边特定农产品禁止生产区",
            affinity.scale(_strict_at_smelter(), 0.92, 0.92),
            "示范政〔2022〕9号",
        ),
    ]


def _strict_at_smelter() -> Polygon:
    return max(polygons_of(STRICT), key=lambda part: part.area)


def _far_corners() -> list[Area]:
    """Return what a county has on a great river; invented like the rest."""
    return [
        (
            "dense_population_area",
            "DP",
            "赵营人口集中区",
            blob(7990, 7470, 120, "zhaoying people", 24),
            None,
        ),
        (
            "yangtze_main_shoreline",
            "CJ",
            "长江干流岸线（虚构）",
            Polygon([(9200, 880), (9920, 1700), (9860, 1740), (9150, 930)]),
            None,
        ),
        (
            "yellow_river_shoreline_control",
            "HH",
            "黄河岸线管控范围（虚构）",
            blob(9690, 7540, 150, "yellow river", 24),
            None,
        ),
    ]


def _farmland_concentrations() -> list[Area]:
    return [
        (
            "concentrated_priority_farmland",
            "YX",
            "河湾优先保护类耕地集中区",
            patch(
                [(4800, 800), (6800, 900), (6800, 2400), (4850, 2300)],
                "hewan priority",
                70.0,
            ),
            None,
        ),
        (
            "pbf_concentrated_area",
            "JZ",
            "河湾永久基本农田集中区",
            patch(
                [(4850, 1000), (6700, 1100), (6750, 2700), (4900, 2250)],
                "hewan basic",
                70.0,
            ),
            None,
        ),
        (
            "concentrated_priority_farmland",
            "YX",
            "柳林优先保护类耕地集中区",
            patch(
                [(7600, 900), (9300, 1300), (9500, 2900), (7650, 2400)],
                "liulin priority",
                70.0,
            ),
            None,
        ),
    ]
