"""Drinking-water sources, their protection zones, and the reaches of the rivers."""

from __future__ import annotations

from typing import Any

import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from sample_county import plan
from sample_county.ground import Ground
from sample_county.plane import as_multipolygon, blob, on_grid
from sample_county.records import Record

Zones = list[tuple[str, BaseGeometry]]
WELLS = ((1480.0, 2780.0), (1540.0, 2690.0), (1400.0, 2660.0))
TOWNSHIP_WELL = (2190.0, 7700.0)
NEIGHBOUR_INTAKE = (8905.0, 6100.0)
PLANNED_WELL = (9420.0, 4700.0)


def make_water(ground: Ground) -> tuple[list[Record], list[Record]]:
    """Return sources and zones of both counties."""
    sources = [
        _source(
            "999901SY001", "净水水库水源", "reservoir", "city_county", ground.reservoir
        ),
        _source(
            "999901SY002",
            "清溪地下水水源",
            "groundwater",
            "qiandunwanren",
            Point(WELLS[0]),
        ),
        _source(
            "999901SY003",
            "松坪村集中供水井",
            "groundwater",
            "township",
            Point(TOWNSHIP_WELL),
        ),
        _source(
            "999902SY001", "东溪水源", "river", "city_county", Point(NEIGHBOUR_INTAKE)
        ),
        _source(
            "999902SY002",
            "沙岗备用水源井",
            "groundwater",
            "township",
            Point(PLANNED_WELL),
            "planned",
        ),
    ]
    zones = [
        *_zones("999901SY001", _reservoir_zones(ground), ground),
        *_zones("999901SY002", _well_zones(), ground),
        *_zones("999902SY001", _river_zones(ground), ground),
    ]
    return sources, zones


def _source(
    code: str,
    name: str,
    kind: str,
    scale: str,
    shape: BaseGeometry,
    status: str = "in_use",
) -> Record:
    values: dict[str, Any] = {
        "name": name,
        "source_type": kind,
        "scale_class": scale,
        "status": status,
        "coord_source": "survey",
    }
    if isinstance(shape, Point):
        values["accuracy_m"] = 5.0
    return Record(code, code[:6], values, on_grid(shape))


def _reservoir_zones(ground: Ground) -> Zones:
    """Level 1 is the water and 200 m of shore, level 2 lies around it with a hole."""
    first = ground.reservoir.buffer(200.0, 8)
    second = blob(1350.0, 7350.0, 860.0, "reservoir level 2", 40).difference(first)
    upper = blob(900.0, 7700.0, 900.0, "reservoir quasi", 40)
    quasi = upper.difference(shapely.union_all([first, second]))
    return [("level_1", first), ("level_2", second), ("quasi", quasi)]


def _well_zones() -> Zones:
    """Medium sand: circles of 100 m round each well, the hull widened by 500 m."""
    wells = [Point(well) for well in WELLS]
    first = shapely.union_all([well.buffer(100.0, 16) for well in wells])
    hull = shapely.convex_hull(shapely.union_all(wells))
    return [("level_1", first), ("level_2", hull.buffer(500.0, 16).difference(first))]


def _river_zones(ground: Ground) -> Zones:
    """From 1,000 m above the intake to 100 m below it, 50 m of land on both sides."""
    river = ground.rivers["DX"]
    intake = river.project(Point(NEIGHBOUR_INTAKE))
    first = substring(river, intake - 1000.0, intake + 100.0).buffer(
        60.0, 8, cap_style="flat"
    )
    reach = substring(river, max(intake - 1900.0, 0.0), intake + 300.0)
    second = reach.buffer(380.0, 8, cap_style="flat").difference(first)
    return [("level_1", first), ("level_2", second)]


def _zones(source: str, zones: Zones, ground: Ground) -> list[Record]:
    land = ground.counties[source[:6]]
    return [
        Record(
            f"{source}-{level}",
            source[:6],
            {
                "source_code": source,
                "level": level,
                "basis": "approved",
                "approval_document": "示范政文〔2020〕31号",
            },
            as_multipolygon(on_grid(shape.intersection(land))),
        )
        for level, shape in zones
    ]


def make_rivers(ground: Ground) -> list[Record]:
    """Return the reaches of the network, cut at confluences and the border.

    Each reach names the one it flows into; stream order counts from the sources.
    """
    border = ground.counties[plan.COUNTY]
    mouths = _mouths(ground)
    records: list[Record] = []
    for river in plan.RIVERS:
        line = ground.rivers[river.code]
        stops = sorted({0.0, *mouths.get(river.code, []), line.length})
        if crossing := _crossing(line, border):
            stops = sorted({*stops, crossing})
        for number, (start, end) in enumerate(zip(stops, stops[1:], strict=False), 1):
            reach = on_grid(substring(line, start, end))
            records.append(_reach(river, number, reach, border, len(stops) - 1))
    _join(records, ground)
    return records


def _mouths(ground: Ground) -> dict[str, list[float]]:
    """Return where tributaries meet each river, metres from its source."""
    found: dict[str, list[float]] = {}
    for river in plan.RIVERS:
        if river.joins and river.code != "SY":
            mouth = Point(ground.rivers[river.code].coords[-1])
            found.setdefault(river.joins, []).append(
                ground.rivers[river.joins].project(mouth)
            )
    return found


def _crossing(line: LineString, county: BaseGeometry) -> float | None:
    inside = line.intersection(county)
    parts = [p for p in shapely.get_parts(inside) if p.length > 50]
    if not parts or abs(sum(p.length for p in parts) - line.length) < 50:
        return None
    return float(line.project(Point(parts[-1].coords[-1])))


def _reach(
    river: plan.River, number: int, reach: LineString, county: BaseGeometry, last: int
) -> Record:
    middle = reach.interpolate(0.5, normalized=True)
    division = plan.COUNTY if county.contains(middle) else plan.NEIGHBOUR
    order = 2 if river.code == "JS" and number > 1 else 1
    follows = f"{river.code}{number + 1:02d}" if number < last else None
    values = {"name": river.name, "stream_order": order, "downstream_code": follows}
    return Record(f"{river.code}{number:02d}", division, values, reach)


def _join(records: list[Record], ground: Ground) -> None:
    """Let the last reach of each tributary flow into the reach that begins there."""
    main = [record for record in records if record.code.startswith("JS")]
    for river in plan.RIVERS:
        if not river.joins:
            continue
        own = [record for record in records if record.code.startswith(river.code)]
        mouth = Point(ground.rivers[river.code].coords[-1])
        starts = [Point(shapely.get_coordinates(r.geometry)[0]) for r in main]
        nearest = main[int(shapely.distance(starts, mouth).argmin())]
        own[-1].values["downstream_code"] = nearest.code
