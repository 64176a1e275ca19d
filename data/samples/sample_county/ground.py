"""The zones of the county, before they are cut into parcels.

Every zone is what is left after the ones before it: water, roads, mine, town, industry,
villages, hills, fields.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import shapely
from shapely import union_all
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.ops import polygonize

from sample_county import plan
from sample_county.plane import blob, chance, on_grid, polygons_of, smooth, wander

TOWN_ANGLE = math.radians(6.0)
TOWN_BLOCK_M = (215.0, 165.0)


@dataclass(frozen=True)
class Zone:
    """A piece of ground of one use.

    `kind` is what rules its parcels; `name` the river, road, street or village.
    """

    kind: str
    name: str
    geometry: Polygon
    land_use: str = ""


@dataclass
class Ground:
    """Divisions and zones, in local metres."""

    townships: dict[str, Polygon]
    counties: dict[str, Polygon]
    zones: list[Zone]
    rivers: dict[str, LineString]
    reservoir: Polygon
    streets: list[Zone] = field(default_factory=list)


def lay_ground() -> Ground:
    """Return the divisions and zones of both counties."""
    townships = _townships()
    counties = {
        county: polygons_of(
            on_grid(
                union_all([t for c, t in townships.items() if c.startswith(county)])
            )
        )[0]
        for county in (plan.COUNTY, plan.NEIGHBOUR)
    }
    land = on_grid(union_all(list(counties.values())))
    rivers = _rivers(land)
    reservoir = blob(*plan.RESERVOIR[0], plan.RESERVOIR[1], "reservoir", 40)
    layers = _layers(rivers, reservoir)
    return Ground(townships, counties, _cut(layers, land), rivers, reservoir)


def _townships() -> dict[str, Polygon]:
    lines = [wander(plan.OUTLINE, 60.0, 110.0, "outline")]
    lines.append(_reach(wander(plan.COUNTY_BORDER, 50.0, 90.0, "border"), lines[0]))
    for number, points in enumerate(plan.TOWNSHIP_BORDERS):
        line = wander(points, 45.0, 90.0, f"township {number}")
        lines.append(_reach(line, union_all(lines)))
    faces = list(polygonize(union_all(lines, grid_size=0.001)))
    found = {}
    for code, seed in plan.TOWNSHIP_SEEDS.items():
        found[code] = next(f for f in faces if f.contains(Point(seed)))
    return found


def _reach(line: LineString, others: shapely.Geometry) -> LineString:
    """Lengthen a line at both ends until it meets the lines it must end on."""
    coords = list(line.coords)
    for end, before in ((0, 1), (-1, -2)):
        (x, y), (bx, by) = coords[end], coords[before]
        if others.distance(Point(x, y)) > 0.0005:
            length = math.dist((x, y), (bx, by))
            coords[end] = (x + (x - bx) / length * 260, y + (y - by) / length * 260)
    return LineString(coords)


def _rivers(land: shapely.Geometry) -> dict[str, LineString]:
    """Return the courses of the rivers as far as the two counties reach."""
    rivers = {}
    for river in plan.RIVERS:
        inside = smooth(river.course, 55.0).intersection(land)
        rivers[river.code] = max(shapely.get_parts(inside), key=lambda p: p.length)
    return rivers


def _layers(
    rivers: dict[str, LineString], reservoir: Polygon
) -> list[tuple[str, str, str, shapely.Geometry]]:
    """Return kind, name, land use and full shape of each zone, first come first."""
    layers: list[tuple[str, str, str, shapely.Geometry]] = [
        ("reservoir", "净水水库", "1103", reservoir)
    ]
    for river in plan.RIVERS:
        shape = rivers[river.code].buffer(river.half_width_m, 4)
        layers.append(("river", river.name, "1101", shape))
    for name, land_use, half_width, course in plan.ROADS:
        shape = smooth(course, 75.0).buffer(half_width, 1, cap_style="flat")
        layers.append(("road", name, land_use, shape))
    layers += _mine()
    layers += _town()
    layers += _industry()
    for village in plan.VILLAGES:
        shape = blob(*village.centre, village.radius_m, village.name)
        lane = _village_lanes(village)
        layers.append(("lane", village.name, "1006", lane.intersection(shape)))
        layers.append(("village", village.name, "", shape))
    layers.append(("hill", "山地", "", _hills(reservoir)))
    return layers


def _mine() -> list[tuple[str, str, str, shapely.Geometry]]:
    mine = blob(*plan.MINE[0], plan.MINE[1], "mine", 18)
    pond = blob(*plan.TAILINGS[0], plan.TAILINGS[1], "tailings", 18)
    return [("tailings", "青石尾矿库", "0602", pond), ("mine", "青石矿", "0602", mine)]


def _town() -> list[tuple[str, str, str, shapely.Geometry]]:
    town = town_area()
    east_west, north_south = _street_lines(town)
    layers = []
    for number, line in enumerate(east_west):
        shape = line.buffer(9.0 if number % 2 else 7.0, cap_style="flat")
        layers.append(("street", EAST_WEST[number], "1004", shape.intersection(town)))
    for number, line in enumerate(north_south):
        shape = line.buffer(11.0 if number == 5 else 7.0, cap_style="flat")
        layers.append(("street", NORTH_SOUTH[number], "1004", shape.intersection(town)))
    return [*layers, ("town", "城区", "", town)]


def town_area() -> Polygon:
    """Return the built-up area of the county town."""
    ring = [*plan.TOWN, plan.TOWN[0]]
    return Polygon(wander(ring, 90.0, 150.0, "town edge"))


EAST_WEST = [
    "滨河路",
    "和平路",
    "文化路",
    "建设路",
    "解放路",
    "人民路",
    "育才路",
    "健康路",
    "北环路",
    "民生路",
    "康宁路",
    "新华路",
]
NORTH_SOUTH = [
    "西环路",
    "光明路",
    "团结路",
    "青年路",
    "友谊路",
    "中山街",
    "幸福路",
    "胜利路",
    "东风路",
    "东环路",
    "迎宾路",
    "朝阳路",
    "永安路",
]


def _street_lines(town: Polygon) -> tuple[list[LineString], list[LineString]]:
    """Return a slightly turned and uneven grid of streets over the town."""
    dice = chance("streets")
    middle = town.centroid
    deep, wide = TOWN_BLOCK_M
    cos, sin = math.cos(TOWN_ANGLE), math.sin(TOWN_ANGLE)

    def at(u: float, v: float) -> tuple[float, float]:
        return (middle.x + u * cos - v * sin, middle.y + u * sin + v * cos)

    rows, columns = [], []
    for row in range(-5, 7):
        v = row * wide + dice.uniform(-22, 22)
        bend = dice.uniform(-30, 30)
        rows.append(smooth([at(-1700, v), at(0, v + bend), at(1700, v)], 300.0))
    for column in range(-6, 7):
        u = column * deep + dice.uniform(-30, 30)
        bend = dice.uniform(-25, 25)
        columns.append(smooth([at(u, -1300), at(u + bend, 0), at(u, 1300)], 300.0))
    return rows, columns


def _industry() -> list[tuple[str, str, str, shapely.Geometry]]:
    layers = []
    for kind, name, ring in (
        ("old_industry", "老工业区", plan.OLD_INDUSTRY),
        ("park", "产业集聚区", plan.INDUSTRIAL_PARK),
    ):
        area = Polygon(ring)
        for line in _park_lanes(area, name):
            shape = line.buffer(6.0, cap_style="flat").intersection(area)
            layers.append(("street", name + "道路", "1004", shape))
        layers.append((kind, name, "", area))
    layers.append(("smelter", "河湾冶炼厂", "0601", Polygon(plan.SMELTER)))
    return layers


def _park_lanes(area: Polygon, part: str) -> list[LineString]:
    dice = chance("lanes " + part)
    west, south, east, north = area.bounds
    lean = dice.uniform(-60, 60)
    lanes = []
    for share in (0.33, 0.67):
        x = west + (east - west) * share
        lanes.append(LineString([(x - lean, south - 50), (x + lean, north + 50)]))
    y = (south + north) / 2
    lanes.append(LineString([(west - 50, y + lean), (east + 50, y - lean)]))
    return lanes


def _village_lanes(village: plan.Village) -> shapely.Geometry:
    dice = chance("lanes " + village.name)
    (x, y), reach = village.centre, village.radius_m * 1.4
    angle = dice.uniform(-0.3, 0.3)
    lanes = []
    for turn, offset in _lane_pattern(village.radius_m):
        a = angle + turn
        dx, dy = math.cos(a), math.sin(a)
        cx, cy = x - dy * offset, y + dx * offset
        lanes.append(
            smooth(
                [
                    (cx - dx * reach, cy - dy * reach),
                    (cx + dice.uniform(-9, 9), cy + dice.uniform(-9, 9)),
                    (cx + dx * reach, cy + dy * reach),
                ],
                70.0,
            ).buffer(2.75, cap_style="flat")
        )
    return union_all(lanes[:1] + [lane.difference(lanes[0]) for lane in lanes[1:]])


def _lane_pattern(radius_m: float) -> list[tuple[float, float]]:
    across = math.pi / 2
    if radius_m > 200:
        return [(across, 0.0), (0.0, -110.0), (0.0, 0.0), (0.0, 110.0)]
    return [(across, 0.0), (0.0, -50.0), (0.0, 50.0)]


def _hills(reservoir: Polygon) -> shapely.Geometry:
    tops = [
        blob(*centre, radius, f"hill {number}", 44)
        for number, (centre, radius, _) in enumerate(plan.HILLS[:5])
    ]
    return union_all(tops).difference(reservoir.buffer(90.0))


def _cut(
    layers: list[tuple[str, str, str, shapely.Geometry]], land: shapely.Geometry
) -> list[Zone]:
    """Take each zone from what is left of the land; the rest is fields."""
    zones = []
    left: shapely.Geometry = land
    for kind, name, land_use, shape in layers:
        taken = on_grid(shape.intersection(left))
        left = on_grid(left.difference(taken))
        zones += [Zone(kind, name, part, land_use) for part in polygons_of(taken, 1.0)]
    zones += [Zone("field", "", part) for part in polygons_of(left, 1.0)]
    return zones


def whole(zones: list[Zone], kind: str) -> MultiPolygon:
    """Return all ground of one kind."""
    return MultiPolygon(
        polygons_of(union_all([z.geometry for z in zones if z.kind == kind]))
    )
