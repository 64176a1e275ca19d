"""Receptors and facilities: who could be harmed, and by what."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from sample_county import plan
from sample_county.plane import as_multipolygon, blob, chance, on_grid
from sample_county.records import Record
from sample_county.survey import Parcel, inset

Row = tuple[str, str, str, int | None, BaseGeometry]
"""Kind, name, county, people, shape."""

_BY_USE = {
    "0803": ("school", "学校"),
    "080403": ("school", "小学"),
    "0805": ("hospital", "医院"),
    "080602": ("hospital", "卫生院"),
    "0806": ("elder_care", "敬老院"),
    "080701": ("elder_care", "养老院"),
}
WELLS = [
    (1480, 5560),
    (2250, 7480),
    (3500, 7500),
    (4330, 7100),
    (6250, 6400),
    (1000, 2050),
    (2450, 1620),
    (3230, 2760),
    (5420, 2700),
    (6230, 1650),
    (8080, 1580),
    (9330, 6500),
]


def make_receptors(parcels: list[Parcel]) -> list[Record]:
    """Return villages, compounds, schools, hospitals, homes for the old, wells."""
    found: list[Row] = []
    for village in plan.VILLAGES:
        homes = [
            p.geometry
            for p in parcels
            if p.place == village.name and p.land_use in ("0702", "070301")
        ]
        shape = shapely.union_all(homes).buffer(6.0).buffer(-6.0)
        county = plan.COUNTY if village.centre[0] < 7200 else plan.NEIGHBOUR
        people = round(len(homes) * 3.4)
        found.append(("residential", village.name, county, people, shape))
    found += _public_places(parcels)
    found += _town_homes(parcels)
    found += [
        (
            "well",
            f"机井{number}",
            plan.COUNTY if x < 7200 else plan.NEIGHBOUR,
            None,
            Point(x, y),
        )
        for number, (x, y) in enumerate(WELLS, 1)
    ]
    return [_receptor(number, *row) for number, row in enumerate(found, 1)]


def _public_places(
    parcels: list[Parcel],
) -> list[Row]:
    found: list[Row] = []
    for parcel in parcels:
        if parcel.land_use not in _BY_USE or parcel.geometry.area < 700:
            continue
        kind, word = _BY_USE[parcel.land_use]
        dice = chance(f"receptor {parcel.code}")
        if kind == "school" and dice.random() < 0.4:
            kind, word = "kindergarten", "幼儿园"
        if kind == "hospital" and parcel.geometry.area > 9_000:
            kind, word = "sanatorium", "疗养院"
        people = round(parcel.geometry.area / dice.uniform(14, 40), -1)
        name = f"{parcel.location[5:]}{word}"
        found.append(
            (kind, name, parcel.division, int(people), inset(parcel.geometry, 1.0))
        )
    return found


def _town_homes(
    parcels: list[Parcel],
) -> list[Row]:
    """Return the larger residential compounds of the town."""
    return [
        (
            "residential",
            f"{parcel.location[8:]}小区",
            parcel.division,
            round(parcel.geometry.area / 22),
            inset(parcel.geometry, 1.0),
        )
        for parcel in parcels
        if parcel.kind == "town"
        and parcel.land_use == "0701"
        and parcel.geometry.area > 6_000
    ]


def _receptor(
    number: int,
    kind: str,
    name: str,
    county: str,
    people: int | None,
    shape: BaseGeometry,
) -> Record:
    values: dict[str, Any] = {"name": name, "kind": kind, "population": people}
    if isinstance(shape, Point):
        values |= {"accuracy_m": 10.0, "coord_source": "gnss"}
    else:
        shape = as_multipolygon(shape)
    return Record(f"{county}-ST{number:03d}", county, values, on_grid(shape))


@dataclass(frozen=True)
class Facility:
    """A facility: what it is, where, and how large (0: known by a point)."""

    name: str
    kind: str
    place: tuple[float, float]
    radius_m: float
    status: str = "in_use"
    waste: str | None = None


FACILITIES = [
    Facility("青石尾矿库", "tailings_pond", plan.TAILINGS[0], plan.TAILINGS[1]),
    Facility("老青石尾矿库", "tailings_pond", (430.0, 2620.0), 60.0, "closed"),
    Facility(
        "示范县生活垃圾填埋场", "landfill", (3330.0, 8230.0), 95.0, waste="household"
    ),
    Facility(
        "旧垃圾堆放点", "informal_dump", (2780.0, 1020.0), 0.0, "closed", "household"
    ),
    Facility("河湾冶炼渣场", "waste_yard", (5790.0, 3330.0), 70.0, waste="industrial"),
    Facility(
        "老工业区废渣堆场",
        "waste_yard",
        (6560.0, 4560.0),
        45.0,
        "stopped",
        "industrial",
    ),
    Facility("示范县污水处理厂", "sewage_works", (5330.0, 4060.0), 80.0),
    Facility("柳林污水处理站", "sewage_works", (7720.0, 3620.0), 35.0),
    Facility("危险废物暂存库", "hazardous_waste_site", (6840.0, 4000.0), 0.0),
    Facility("废弃油库", "other", (4900.0, 7900.0), 30.0, "struck_off"),
    Facility("渡口砂石废料场", "waste_yard", (9560.0, 2420.0), 50.0),
]


def make_facilities() -> list[Record]:
    """Return tailings ponds, landfills, a dump, waste yards, works and others."""
    records = []
    for number, facility in enumerate(FACILITIES, 1):
        county = plan.COUNTY if facility.place[0] < 7200 else plan.NEIGHBOUR
        values: dict[str, Any] = {
            "name": facility.name,
            "kind": facility.kind,
            "status": facility.status,
            "waste": facility.waste,
            "coord_source": "survey",
        }
        shape: BaseGeometry = Point(facility.place)
        if facility.radius_m:
            part = (
                "tailings" if facility.radius_m == plan.TAILINGS[1] else facility.name
            )
            shape = blob(*facility.place, facility.radius_m, part, 18)
        else:
            values |= {
                "coord_source": "gnss",
                "accuracy_m": 15.0,
                "stated_area_m2": round(math.pi * 40.0**2),
            }
        records.append(
            Record(f"{county}-SS{number:03d}", county, values, on_grid(shape))
        )
    return records
