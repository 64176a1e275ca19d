"""Monitoring points and their results: plausible soil for the categories around.

Contents are drawn so that most points agree with the category of the unit they stand
in, by GB 15618-2018 (screening and intervention values by pH and paddy or other land).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from random import Random

import shapely
from shapely.geometry import Point

from sample_county.plane import chance, on_grid
from sample_county.records import Record

LABORATORIES = ("净土虚构检测中心", "邻界虚构检测评估有限公司")
CAMPAIGNS = (("2019年详查", date(2019, 9, 10)), ("2024年例行监测", date(2024, 10, 15)))
METHODS = {
    "pH": ("NY/T 1121.2", "无量纲"),
    "Cd": ("GB/T 17141", "mg/kg"),
    "Hg": ("GB/T 22105.1", "mg/kg"),
    "As": ("GB/T 22105.2", "mg/kg"),
    "Pb": ("GB/T 17141", "mg/kg"),
    "Cr": ("HJ 491", "mg/kg"),
    "Cu": ("HJ 491", "mg/kg"),
    "Zn": ("HJ 491", "mg/kg"),
    "Ni": ("HJ 491", "mg/kg"),
}
DETECTION_LIMIT = {
    "Cd": 0.01,
    "Hg": 0.002,
    "As": 0.01,
    "Pb": 0.1,
    "Cr": 4.0,
    "Cu": 1.0,
    "Zn": 1.0,
    "Ni": 3.0,
}
BACKGROUND = {
    "Cd": 0.10,
    "Hg": 0.030,
    "As": 9.0,
    "Pb": 21.0,
    "Cr": 58.0,
    "Cu": 23.0,
    "Zn": 66.0,
    "Ni": 26.0,
}
"""Invented background of the county, mg/kg."""

CADMIUM = {
    # land type: (upper pH, screening, intervention), GB 15618-2018 tables 1 and 3
    "paddy": (
        (5.5, 0.3, 1.5),
        (6.5, 0.4, 2.0),
        (7.5, 0.6, 3.0),
        (math.inf, 0.8, 4.0),
    ),
    "other": (
        (5.5, 0.3, 1.5),
        (6.5, 0.3, 2.0),
        (7.5, 0.3, 3.0),
        (math.inf, 0.6, 4.0),
    ),
}


@dataclass(frozen=True)
class Soil:
    """What the ground of a point is like: its category, land type and acidity."""

    category: str
    paddy: bool
    ph: float


def make_points(units: list[Record]) -> list[Record]:
    """Return monitoring points: three in a polluted unit, one in most others."""
    points = []
    serials: dict[str, int] = {}
    for unit in units:
        for point in _places(unit):
            serials[unit.division] = serials.get(unit.division, 0) + 1
            number = serials[unit.division]
            code = f"{unit.division}TR{number:04d}"
            values = {
                "name": f"{unit.values['township_code']}农用地点位{number}",
                "point_class": _point_class(unit),
                "level": ("national", "provincial", "city", "county")[number % 4],
                "medium": "soil",
                "accuracy_m": 5.0,
                "coord_source": "gnss",
            }
            points.append(Record(code, unit.division, values, point))
    return points


def _point_class(unit: Record) -> str:
    category = unit.values["category"]
    return "risk" if category in ("safe_use", "strict_control") else "basic"


def _places(unit: Record) -> list[Point]:
    dice = chance(f"points {unit.code}")
    wanted = {"strict_control": 3, "safe_use": 3, "unclassified": 0}.get(
        unit.values["category"], 1
    )
    if wanted == 1 and dice.random() < 0.3:
        wanted = 0
    if unit.values["category"] == "unclassified" and dice.random() < 0.4:
        wanted = 1
    assert unit.geometry is not None
    shape = unit.geometry.buffer(-8.0)
    if shape.is_empty:
        return []
    west, south, east, north = shape.bounds
    shapely.prepare(shape)
    places: list[Point] = []
    for _ in range(400):
        if len(places) == wanted:
            break
        point = Point(dice.uniform(west, east), dice.uniform(south, north))
        if shape.contains(point):
            places.append(on_grid(point))
    return places


def make_results(points: list[Record], units: list[Record]) -> list[Record]:
    """Return the results of every point; some have two campaigns or two depths."""
    tree = shapely.STRtree([unit.geometry for unit in units])
    results: list[Record] = []
    for point in points:
        unit = units[int(tree.query(point.geometry, "within")[0])]
        dice = chance(f"soil {point.code}")
        soil = _soil(unit, dice)
        campaigns = CAMPAIGNS if dice.random() < 0.12 else CAMPAIGNS[1:]
        for campaign in campaigns:
            results += _sample(point, soil, campaign, (0.0, 0.2), 1.0, dice)
            if dice.random() < 0.12:
                results += _sample(point, soil, campaign, (0.2, 0.4), 0.62, dice)
    return results


def _soil(unit: Record, dice: Random) -> Soil:
    paddy = unit.values["land_use_code"] == "0101"
    category = unit.values["category"]
    if category == "unclassified":
        category = dice.choice(("priority_protection",) * 5 + ("safe_use",))
    ph = round(dice.gauss(6.7 if paddy else 7.6, 0.45), 1)
    return Soil(category, paddy, min(max(ph, 4.9), 8.6))


def _sample(
    point: Record,
    soil: Soil,
    campaign: tuple[str, date],
    depth: tuple[float, float],
    share: float,
    dice: Random,
) -> list[Record]:
    name, begun = campaign
    day = date.fromordinal(begun.toordinal() + dice.randrange(25))
    sample = f"{point.code}-{day.year % 100}-{round(depth[1] * 100):02d}"
    rows = []
    for analyte, (method, unit) in METHODS.items():
        if analyte in ("Cu", "Zn", "Ni") and depth[0] > 0:
            continue
        value = soil.ph if analyte == "pH" else _content(analyte, soil, dice) * share
        rows.append(
            Record(
                f"{sample}-{analyte}",
                point.division,
                {
                    "point_code": point.code,
                    "sample_code": sample,
                    "campaign": name,
                    "sampled_on": day,
                    "depth_from_m": depth[0],
                    "depth_to_m": depth[1],
                    "analyte": analyte,
                    "unit": unit,
                    **_reading(analyte, value, dice),
                    "laboratory": LABORATORIES[point.division == "999902"],
                    "method": method,
                    "qc_status": "passed" if dice.random() > 0.01 else "flagged",
                },
            )
        )
    return rows


def _content(analyte: str, soil: Soil, dice: Random) -> float:
    value = BACKGROUND[analyte] * math.exp(dice.gauss(0.0, 0.28))
    if analyte == "Cd":
        return _cadmium(soil, dice)
    if analyte == "Pb" and soil.category != "priority_protection":
        value *= 2.1 if soil.category == "safe_use" else 6.0
    if analyte == "Hg" and dice.random() < 0.02:
        return 0.001
    return value


def _cadmium(soil: Soil, dice: Random) -> float:
    bands = CADMIUM["paddy" if soil.paddy else "other"]
    _, screening, intervention = next(band for band in bands if soil.ph <= band[0])
    if soil.category == "strict_control" and dice.random() < 0.85:
        return intervention * dice.uniform(1.08, 2.4)
    if soil.category in ("safe_use", "strict_control") and dice.random() < 0.92:
        return dice.uniform(screening * 1.1, intervention * 0.8)
    if dice.random() < 0.04:
        return 0.005
    return screening * dice.uniform(0.18, 0.82)


def _reading(analyte: str, value: float, dice: Random) -> dict[str, object]:
    """Return what the laboratory wrote: a number, or "<limit" below detection."""
    if analyte == "pH":
        return {"value": value, "non_detect": False, "raw_value": f"{value:.1f}"}
    limit = DETECTION_LIMIT[analyte]
    if value < limit:
        return {
            "non_detect": True,
            "detection_limit": limit,
            "raw_value": f"<{limit:g}",
        }
    digits = 3 if limit < 0.1 else 1
    written = f"{value:.{digits}f}"
    return {
        "value": float(written),
        "non_detect": False,
        "detection_limit": limit,
        "raw_value": written,
    }
