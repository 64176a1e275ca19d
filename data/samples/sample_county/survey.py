"""Which code, name and place each parcel has.

Codes follow GB/T 37346: county, cadastral district (a township), sub-district (a square
of about 1.6 km), ownership and use letters, serial from north to south.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import shapely
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from sample_county import plan
from sample_county.ground import EAST_WEST, NORTH_SOUTH, Ground
from sample_county.land_use import assign_land_use
from sample_county.plane import chance
from sample_county.tiling import Piece

FIRST_SURVEY = date(2021, 1, 1)
SUB_DISTRICT_M = 1650.0


@dataclass(eq=False)
class Parcel:
    """A parcel of the register, in local metres.

    `kind` and `place` say what zone it lies in; `supplied` is None where supply makes
    no sense (fields, water).
    """

    township: str
    kind: str
    place: str
    scheme: str
    land_use: str | None
    geometry: BaseGeometry
    letters: str
    location: str
    supplied: bool | None
    code: str = ""
    legacy_code: str | None = None
    valid_from: date = FIRST_SURVEY
    valid_to: date | None = None
    taken: bool = False
    near: set[int] = field(default_factory=set)

    @property
    def division(self) -> str:
        """The county it lies in."""
        return self.township[:6]


def survey_parcels(pieces: list[Piece], ground: Ground) -> list[Parcel]:
    """Return every piece as a parcel without a code yet."""
    return [_parcel(piece, ground) for piece in pieces]


def _parcel(piece: Piece, ground: Ground) -> Parcel:
    scheme, land_use = assign_land_use(piece, ground)
    return Parcel(
        piece.township,
        piece.kind,
        piece.name,
        scheme,
        land_use,
        piece.geometry,
        _letters(piece, scheme, land_use),
        _location(piece),
        _supplied(piece, scheme, land_use),
    )


def _letters(piece: Piece, scheme: str, land_use: str) -> str:
    if piece.kind == "village":
        homestead = land_use in ("0702", "070301")
        return "JC" if homestead else "JB"
    if piece.kind in ("river", "reservoir"):
        return "GY"
    if piece.kind == "hill":
        return "JE"
    if piece.kind == "field":
        return "JA"
    if piece.kind == "lane":
        return "JB"
    return "GB"


def _supplied(piece: Piece, scheme: str, land_use: str) -> bool | None:
    if piece.kind not in ("town", "old_industry", "park", "smelter", "mine"):
        return None
    return land_use not in ("1201", "2301")


def _location(piece: Piece) -> str:
    county = plan.DIVISIONS[piece.township[:6]][0]
    place = county + plan.DIVISIONS[piece.township][0]
    point = piece.geometry.representative_point()
    number = 1 + chance(f"number {round(point.x)} {round(point.y)}").randrange(198)
    if piece.kind == "town":
        return f"{place}{_street(point)}{number}号"
    if piece.kind in ("old_industry", "park", "smelter", "mine", "tailings"):
        return f"{place}{piece.name}{number}号"
    if piece.kind in ("river", "road", "street", "reservoir"):
        return place + piece.name
    if piece.kind in ("village", "lane"):
        return f"{place}{piece.name}{1 + number % 12}组"
    return f"{place}{nearest_village(point, piece.township).name}{1 + number % 12}组"


def _street(point: Point) -> str:
    row = min(max(int((point.y - 4350) // 165), 0), len(EAST_WEST) - 1)
    column = min(max(int((point.x - 2900) // 200), 0), len(NORTH_SOUTH) - 1)
    return EAST_WEST[row] if round(point.x) % 2 else NORTH_SOUTH[column]


def nearest_village(point: Point, township: str) -> plan.Village:
    """Return the nearest village of the same county."""
    east = plan.NEIGHBOUR == township[:6]
    candidates = [v for v in plan.VILLAGES if (v.centre[0] > 7200) == east]
    return min(candidates, key=lambda v: math.dist(v.centre, (point.x, point.y)))


def number_parcels(parcels: list[Parcel], first: Parcel) -> None:
    """Give every parcel without one its code; serials run from north to south.

    `first` gets serial 00001 of its kind in its sub-district.
    """
    serials: dict[str, int] = {}
    if not first.code:
        first.code = f"{_stem(first)}00001"
    for parcel in (first, *parcels):
        if parcel.code:
            stem, serial = parcel.code[:14], int(parcel.code[14:])
            serials[stem] = max(serials.get(stem, 0), serial)
    for parcel in parcels:
        if not parcel.code:
            stem = _stem(parcel)
            serials[stem] = serials.get(stem, 0) + 1
            parcel.code = f"{stem}{serials[stem]:05d}"


def _stem(parcel: Parcel) -> str:
    districts = sorted(c for c in plan.TOWNSHIP_SEEDS if c[:6] == parcel.division)
    district = districts.index(parcel.township) + 1
    point = parcel.geometry.representative_point()
    cell = (int(point.x // SUB_DISTRICT_M), int(point.y // SUB_DISTRICT_M))
    sub_district = _cells_outwards(parcel.township).index(cell) + 1
    return f"{parcel.division}{district:03d}{sub_district:03d}{parcel.letters}"


@cache
def _cells_outwards(township: str) -> list[tuple[int, int]]:
    """Return the squares of the ground, the one of the township's seed first."""
    east, north = plan.TOWNSHIP_SEEDS[township]
    middle = (int(east // SUB_DISTRICT_M), int(north // SUB_DISTRICT_M))
    cells = [(column, row) for column in range(7) for row in range(6)]
    return sorted(cells, key=lambda c: (math.dist(c, middle), -c[1], c[0]))


def find_neighbours(parcels: list[Parcel]) -> None:
    """Fill `near` with the numbers of the parcels that touch each parcel."""
    shapes = [parcel.geometry for parcel in parcels]
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, "intersects")
    for a, b in zip(left.tolist(), right.tolist(), strict=True):
        if a != b:
            parcels[a].near.add(b)


def inset(geometry: BaseGeometry, distance_m: float) -> Polygon:
    """Return the ground a step inside a parcel, its largest part, to a millimetre."""
    shrunk = shapely.set_precision(
        geometry.buffer(-distance_m, join_style="mitre"), 0.001
    )
    return max(shapely.get_parts(shrunk), key=lambda part: part.area)
