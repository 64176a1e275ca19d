"""Which parcels tile the ground, each edge shared exactly with its neighbour.

All boundaries are laid over each other on a millimetre grid, nodes put where they meet,
and the faces taken from that one network: two neighbours then have the very same points
along their common boundary.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from random import Random

import shapely
from shapely import STRtree
from shapely.geometry import LineString, Point, Polygon
from shapely.ops import polygonize

from sample_county import plan
from sample_county.ground import TOWN_ANGLE, Ground, Zone
from sample_county.plane import chance, on_grid, polygons_of
from sample_county.subdivide import Cutting, shorten_edges, subdivide
from sample_county.tidying import GRID_M, scatter_points

LONGEST_EDGE_M = 180.0
SMALLEST_M2 = {"village": 140.0, "town": 350.0}
SMALLEST_OTHER_M2 = 220.0


@dataclass
class Piece:
    """A face of the tiling before it gets a code.

    `kind`, `name` and `land_use` are those of its zone.
    """

    township: str
    kind: str
    name: str
    land_use: str
    geometry: Polygon
    near: set[int] = field(default_factory=set)


def tile(ground: Ground) -> list[Piece]:
    """Return pieces that tile both counties without gap or overlap."""
    intended = _intended(ground)
    faces = _faces([piece.geometry for piece in intended], ground)
    pieces = _claim(faces, intended)
    pieces = _tidy(_dissolve_small(pieces))
    return sorted(pieces, key=lambda p: (p.township, *_north_west(p.geometry)))


def _north_west(geometry: Polygon) -> tuple[float, float]:
    point = geometry.representative_point()
    return (-round(point.y, 2), round(point.x, 2))


def _intended(ground: Ground) -> list[Piece]:
    pieces = []
    cuttings = _cuttings(ground)
    for code, township in sorted(ground.townships.items()):
        shapely.prepare(township)
        for number, zone in enumerate(ground.zones):
            if not township.intersects(zone.geometry):
                continue
            shape = on_grid(zone.geometry.intersection(township))
            for part in polygons_of(shape, 1.0):
                dice = chance(f"cut {code} {number} {round(part.centroid.x)}")
                for parcel in _cut_zone(zone, part, cuttings, dice):
                    pieces.append(
                        Piece(code, zone.kind, zone.name, zone.land_use, parcel)
                    )
    return pieces


def _cut_zone(
    zone: Zone, part: Polygon, cuttings: dict[str, list[Cutting]], dice: Random
) -> list[Polygon]:
    parts = [part]
    for cutting in cuttings.get(zone.kind, []):
        coarse = _coarseness(zone, dice)
        cut = replace(cutting, target_m2=cutting.target_m2 * coarse)
        parts = [p for block in parts for p in subdivide(block, cut, dice)]
    return parts


def _coarseness(zone: Zone, dice: Random) -> float:
    """Town blocks differ: terraces, ordinary lots, compounds, one whole block."""
    if zone.kind != "town":
        return 1.0
    return dice.choices((0.55, 1.0, 2.2, 6.0), (2, 5, 3, 1))[0]


def _cuttings(ground: Ground) -> dict[str, list[Cutting]]:
    def along_river(point: Point) -> float:
        return _river_angle(ground, point)

    def along_streets(_: Point) -> float:
        return TOWN_ANGLE

    def along_grid(_: Point) -> float:
        return 0.0

    def along_lanes(point: Point) -> float:
        nearest = min(
            plan.VILLAGES, key=lambda v: math.dist(v.centre, (point.x, point.y))
        )
        return chance("lanes " + nearest.name).uniform(-0.3, 0.3)

    return {
        "field": [
            Cutting(130_000, 1.0, 9.0, along_river),
            Cutting(33_000, 2.6, 2.5, along_river),
        ],
        "town": [Cutting(4_800, 1.3, 0.4, along_streets)],
        "village": [Cutting(1_150, 1.4, 0.6, along_lanes)],
        "hill": [Cutting(120_000, 1.0, 22.0, along_river)],
        "old_industry": [Cutting(17_000, 1.2, 0.6, along_streets)],
        "park": [Cutting(24_000, 1.2, 0.4, along_streets)],
        "smelter": [Cutting(45_000, 1.2, 0.5, along_streets)],
        "road": [Cutting(26_000, 1.0, 0.0, along_grid)],
        "river": [Cutting(60_000, 1.0, 0.0, along_grid)],
    }


def _river_angle(ground: Ground, point: Point) -> float:
    """Return the direction of the nearest river, or of the plain far from one."""
    best, angle = 1200.0, 0.1
    for line in ground.rivers.values():
        distance = line.distance(point)
        if distance < best:
            best = distance
            at = line.project(point)
            a = line.interpolate(max(at - 150, 0))
            b = line.interpolate(min(at + 150, line.length))
            angle = math.atan2(b.y - a.y, b.x - a.x)
    return angle


def _faces(shapes: list[Polygon], ground: Ground) -> list[Polygon]:
    edges = [LineString(ring) for s in shapes for ring in _rings(s)]
    edges += [LineString(t.exterior) for t in ground.townships.values()]
    network = shapely.union_all(
        [shorten_edges(edge, LONGEST_EDGE_M) for edge in edges], grid_size=GRID_M
    )
    return list(polygonize(shapely.get_parts(network)))


def _rings(polygon: Polygon) -> list[object]:
    return [polygon.exterior, *polygon.interiors]


def _claim(faces: list[Polygon], intended: list[Piece]) -> list[Piece]:
    """Give each face the zone it was cut from; faces in no piece are gaps outside."""
    tree = STRtree([piece.geometry for piece in intended])
    claimed: dict[int, list[Polygon]] = {}
    strays: list[Polygon] = []
    for face in faces:
        inside = tree.query(face.representative_point(), "within")
        if len(inside):
            claimed.setdefault(int(min(inside)), []).append(face)
        else:
            strays.append(face)
    pieces = []
    for number, parts in sorted(claimed.items()):
        piece = intended[number]
        for shape in polygons_of(shapely.union_all(parts, grid_size=GRID_M)):
            pieces.append(
                Piece(piece.township, piece.kind, piece.name, piece.land_use, shape)
            )
    pieces += [_stray(face, intended, tree) for face in strays]
    return pieces


def _stray(face: Polygon, intended: list[Piece], tree: STRtree) -> Piece:
    nearest = intended[int(tree.nearest(face.representative_point()))]
    return Piece(nearest.township, nearest.kind, nearest.name, nearest.land_use, face)


def _dissolve_small(pieces: list[Piece]) -> list[Piece]:
    """Join remnants to the neighbour with the longest common boundary, one by one."""
    alive = dict(enumerate(pieces))
    tree = STRtree([piece.geometry for piece in pieces])
    for number, piece in alive.items():
        near = tree.query(piece.geometry, "intersects")
        piece.near = {int(n) for n in near if int(n) != number}
    order = sorted(alive, key=lambda n: alive[n].geometry.area)
    for number in order:
        piece = alive[number]
        if not _too_small(piece):
            continue
        host = _host(piece, alive)
        if host is None:
            continue
        _join(alive, number, host)
    return list(alive.values())


def _tidy(pieces: list[Piece]) -> list[Piece]:
    tidied = scatter_points([piece.geometry for piece in pieces])
    for piece, shape in zip(pieces, tidied, strict=True):
        piece.geometry = shape
    return pieces


def _too_small(piece: Piece) -> bool:
    shape = piece.geometry
    if shape.area < SMALLEST_M2.get(piece.kind, SMALLEST_OTHER_M2):
        return True
    width = 2 * shape.area / shape.length
    return piece.kind not in ("road", "street", "lane", "river") and width < 7.0


def _host(piece: Piece, alive: dict[int, Piece]) -> int | None:
    best, longest = None, 0.5
    for number in sorted(piece.near):
        other = alive[number]
        if other.township != piece.township:
            continue
        shared = piece.geometry.intersection(other.geometry).length
        if other.kind == piece.kind:
            shared *= 3
        if shared > longest:
            best, longest = number, shared
    return best


def _join(alive: dict[int, Piece], number: int, host: int) -> None:
    small, big = alive.pop(number), alive[host]
    joined = shapely.union_all([small.geometry, big.geometry], grid_size=GRID_M)
    parts = polygons_of(joined)
    big.geometry = max(parts, key=lambda p: p.area)
    big.near = (big.near | small.near) - {number, host}
    for other in small.near:
        if other in alive:
            alive[other].near.discard(number)
            if other != host:
                alive[other].near.add(host)
