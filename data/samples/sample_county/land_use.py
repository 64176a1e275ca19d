"""What each piece of ground is used for, in the classes of the survey.

999901 is surveyed after GB/T 21010-2017, its neighbour after the land and sea use
classes of 2023: the same digits mean different things in the two.
"""

from __future__ import annotations

import math
from random import Random

from shapely.geometry import LineString, Point

from sample_county import plan
from sample_county.ground import Ground
from sample_county.plane import chance
from sample_county.tiling import Piece

GBT21010 = "gbt21010_2017"
YDYH = "ydyh_2023"

_TOWN_CENTRE = Point(4150, 5350)
_TO_YDYH = {
    "0101": "0101",
    "0102": "0102",
    "0103": "0103",
    "0201": "0201",
    "0307": "0304",
    "0404": "0403",
    "0501": "090101",
    "0601": "100101",
    "0604": "110101",
    "0701": "070102",
    "0702": "070301",
    "0801": "0801",
    "0803": "080403",
    "0805": "080602",
    "0806": "080701",
    "0807": "0803",
    "0809": "1302",
    "0810": "1401",
    "1003": "1202",
    "1004": "1207",
    "1006": "0601",
    "1101": "1701",
    "1103": "1703",
    "1104": "1704",
    "1201": "2301",
    "1202": "0602",
}
_TOWN_MIX = (
    ("0701", 52),
    ("0501", 13),
    ("0504", 4),
    ("0505", 3),
    ("0801", 5),
    ("0803", 4),
    ("0805", 2),
    ("0806", 1),
    ("0807", 2),
    ("0809", 2),
    ("0810", 4),
    ("0601", 3),
    ("0604", 3),
    ("1201", 4),
)
_VILLAGE_MIX = (
    ("0702", 90),
    ("0801", 1),
    ("0501", 2),
    ("0805", 1),
    ("0604", 1),
    ("1201", 4),
    ("0807", 1),
)
_PARK_MIX = (("0601", 74), ("0604", 12), ("1201", 12), ("0809", 2))
_OLD_MIX = (("0601", 66), ("0604", 14), ("1201", 16), ("0501", 4))
_HILL_MIX = (("0301", 70), ("0305", 18), ("0404", 12))


def assign_land_use(piece: Piece, ground: Ground) -> tuple[str, str]:
    """Return scheme and code of the piece's present use."""
    code = piece.land_use or _code(piece, ground)
    if piece.township.startswith(plan.NEIGHBOUR):
        return YDYH, _TO_YDYH[code]
    return GBT21010, code


def _code(piece: Piece, ground: Ground) -> str:
    point = piece.geometry.representative_point()
    dice = chance(f"use {round(point.x)} {round(point.y)}")
    if piece.kind == "field":
        return _field(piece, point, ground, dice)
    if piece.kind == "town":
        return _town(piece, point, dice)
    mix = {
        "village": _VILLAGE_MIX,
        "park": _PARK_MIX,
        "old_industry": _OLD_MIX,
        "hill": _HILL_MIX,
    }[piece.kind]
    return draw(mix, dice)


def draw(mix: tuple[tuple[str, int], ...], dice: Random) -> str:
    """Return one of the values, by weight."""
    values, weights = zip(*mix, strict=True)
    return str(dice.choices(values, weights)[0])


def _town(piece: Piece, point: Point, dice: Random) -> str:
    if piece.geometry.area > 15_000:
        return str(dice.choice(("0810", "0803", "0701", "0805", "0801")))
    if point.distance(_TOWN_CENTRE) < 420 and dice.random() < 0.45:
        return str(dice.choice(("0501", "0501", "0504", "0505", "0801", "0807")))
    return draw(_TOWN_MIX, dice)


def _field(piece: Piece, point: Point, ground: Ground, dice: Random) -> str:
    main: LineString = ground.rivers["JS"]
    if piece.geometry.area < 2_500 and dice.random() < 0.5:
        return str(dice.choice(("1202", "1104", "0307", "0404")))
    if _near_hills(point) and dice.random() < 0.75:
        return str(dice.choice(("0201", "0201", "0307")))
    wet = 470 + 160 * math.sin(point.x / 610.0)
    if main.distance(point) < wet:
        return "1104" if dice.random() < 0.03 else "0101"
    if dice.random() < 0.03:
        return str(dice.choice(("0404", "1202", "0307")))
    dry = math.sin(point.x / 900.0) + math.cos(point.y / 1300.0)
    return "0103" if dry > 0.9 else "0102"


def _near_hills(point: Point) -> bool:
    return any(
        math.dist((point.x, point.y), centre) < radius + 230
        for centre, radius, _ in plan.HILLS
    )
