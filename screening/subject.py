"""Can this polygon be asked about? (core).

What somebody draws or sends as a subject (查询对象) is refused when it cannot have one
meaning: the refusal names the coordinate and what to do (rule I04: answered with a
problem document, no decision). Nothing is repaired in silence: a bow-tie has two
readings and its sender must choose.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from parcels.area import measure_area
from parcels.crs import CHINA_BOUNDS
from parcels.refusal import Refusal
from parcels.validity import explain
from screening.edges import edges_of

Vertices = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOST_VERTICES: Final = 10_000
"""Vertices a subject may have (project default)."""

MOST_CROSSINGS: Final = 100_000
"""Places where its boundary may cross those of what lies there (project default).

Counted by boxes of edges. Roads of 9,000 vertices over 27 km of small fields have
2,000; a comb made to cross all it can takes 2 s with 100,000, a star a minute and more
with a million.
"""

LARGEST_M2: Final = 1e9
"""Largest subject, 1,000 km² (project default): a township, not a province."""

SMALLEST_M2: Final = 0.01
"""Smallest subject: areas are published to 0.01 m²."""

_EDGES_AT_ONCE: Final = 500
"""Edges of others that are counted in one go: memory of what is found."""

_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "not_a_polygon": (
        "查询对象应为面（Polygon 或 MultiPolygon），实为 {found}。",
        "The subject must be a Polygon or MultiPolygon, it is a {found}.",
    ),
    "empty": (
        "查询对象没有坐标；请给出至少一个面。",
        "The subject has no coordinates; give one polygon at least.",
    ),
    "too_many_vertices": (
        "查询对象有 {found} 个顶点，最多 {most} 个；请简化或分块查询。",
        "The subject has {found} vertices, {most} are allowed; simplify or divide it.",
    ),
    "too_intricate": (
        "查询对象的边界与当地图斑的边界可能有超过 {most} 处相交；"
        "请简化边界或分块查询。",
        "The boundary may cross those of what lies there at more than {most} places;"
        " simplify it, or ask in parts.",
    ),
    "not_finite": (
        "第 {found} 个顶点的坐标不是数值（NaN 或无穷大）。",
        "Vertex {found} has a coordinate that is no number (NaN or infinite).",
    ),
    "not_degrees": (
        "坐标 ({lon}, {lat}) 不是经纬度；请先转换为 CGCS2000 经纬度（EPSG:4490）"
        "或注明坐标系。",
        "Coordinate ({lon}, {lat}) is not in degrees; send CGCS2000 longitude and "
        "latitude (EPSG:4490) or name the coordinate system.",
    ),
    "swapped": (
        "坐标 ({lon}, {lat}) 似为纬度在前；请按经度、纬度的顺序提交。",
        "Coordinate ({lon}, {lat}) seems to have latitude first; send longitude, then "
        "latitude.",
    ),
    "outside_china": (
        "坐标 ({lon}, {lat}) 不在中国境内；请核对坐标。",
        "Coordinate ({lon}, {lat}) lies outside China; check the coordinates.",
    ),
    "too_small": (
        "查询对象的面积不足 {least} 平方米；请核对坐标。",
        "The subject has less than {least} m²; check the coordinates.",
    ),
    "too_large": (
        "查询对象的面积超过 {most} 平方千米；请分块查询。",
        "The subject has more than {most} km²; ask in parts.",
    ),
    "self_intersection": (
        "边界在 ({lon}, {lat}) 处自相交，或多个面在此重叠、有公共边；"
        "请修改为不自相交的面，相连的面请合并。",
        "The boundary crosses itself, or parts overlap or share an edge, at"
        " ({lon}, {lat}); draw it without crossing, and join parts that touch.",
    ),
    "ring_touches_itself": (
        "边界在 ({lon}, {lat}) 处与自身相接；请拆分为多个面或改用内环。",
        "The boundary touches itself at ({lon}, {lat}); use several polygons or holes.",
    ),
    "hole_outside": (
        "位于 ({lon}, {lat}) 的内环在外环之外；请删除或改正内环。",
        "The hole at ({lon}, {lat}) lies outside its polygon; remove or correct it.",
    ),
    "nested": (
        "({lon}, {lat}) 处的环互相包含或重复；请只保留一个。",
        "Rings lie in each other or repeat at ({lon}, {lat}); keep one.",
    ),
    "disconnected": (
        "内环在 ({lon}, {lat}) 处把面切断；请改为多个面。",
        "Holes cut the polygon apart at ({lon}, {lat}); use several polygons.",
    ),
    "invalid": (
        "查询对象在 ({lon}, {lat}) 处几何无效（{found_zh}）；请改正后重新提交。",
        "The subject is not valid at ({lon}, {lat}): {found_en}; correct it and send it"
        " again.",
    ),
}
_GEOS_REASONS: Final = {
    "Self-intersection": "self_intersection",
    "Ring Self-intersection": "ring_touches_itself",
    "Hole lies outside shell": "hole_outside",
    "Holes are nested": "nested",
    "Nested shells": "nested",
    "Duplicate Rings": "nested",
    "Interior is disconnected": "disconnected",
}


class InvalidSubjectGeometry(Refusal):
    """The polygon asked about cannot be used; reason and coordinate are named.

    Attributes
    ----------
    longitude, latitude
        Where, in degrees; None where no single coordinate is to blame.
    """

    def __init__(
        self,
        reason: str,
        longitude: float | None = None,
        latitude: float | None = None,
        **parts: object,
    ) -> None:
        zh, en = _TEXTS[reason]
        parts |= {"lon": _shown(longitude), "lat": _shown(latitude)}
        super().__init__(reason, zh.format(**parts), en.format(**parts))
        self.longitude = longitude
        self.latitude = latitude


def _shown(degrees: float | None) -> str:
    return "" if degrees is None else f"{degrees:.9g}"


def check_subject(
    geometry: BaseGeometry | None,
    *,
    most_vertices: int = MOST_VERTICES,
    largest_m2: float = LARGEST_M2,
) -> MultiPolygon:
    """Return the geometry as a valid MultiPolygon in two dimensions, or refuse it.

    Parameters
    ----------
    geometry
        EPSG:4490, longitude before latitude, degrees. Heights are dropped.

    Raises
    ------
    InvalidSubjectGeometry
        None or empty, no polygon, NaN, metres instead of degrees, latitude first,
        outside China, a boundary that crosses itself or any other fault of validity,
        too many vertices, too small, too large.
    """
    polygons = _as_multipolygon(geometry)
    vertices = shapely.get_coordinates(polygons)
    if len(vertices) > most_vertices:
        raise InvalidSubjectGeometry(
            "too_many_vertices", found=len(vertices), most=most_vertices
        )
    _check_coordinates(vertices)
    _check_validity(polygons)
    area_m2 = measure_area(polygons)
    if area_m2 < SMALLEST_M2:
        raise InvalidSubjectGeometry("too_small", least=SMALLEST_M2)
    if area_m2 > largest_m2:
        raise InvalidSubjectGeometry("too_large", most=f"{largest_m2 / 1e6:g}")
    return polygons


def check_crossings(
    subject: BaseGeometry,
    others: NDArray[np.object_],
    *,
    most_crossings: int = MOST_CROSSINGS,
) -> None:
    """Refuse a subject that cannot be laid over what is there in reasonable time.

    Parameters
    ----------
    subject
        Valid polygon or multipolygon, EPSG:4490.
    others
        What lies there, EPSG:4490; points cross nothing.

    Raises
    ------
    InvalidSubjectGeometry
        If its boundary may cross theirs at more places than `most_crossings`.
    """
    # No more than every edge can cross every other: so it is nearly always.
    vertices = shapely.get_num_coordinates(subject)
    if vertices * int(shapely.get_num_coordinates(others).sum()) <= most_crossings:
        return
    own = edges_of(np.array([subject], dtype=object))
    low, high = subject.bounds[:2], subject.bounds[2:]
    edges = edges_of(others)
    near = (edges.max(axis=1) >= low).all(axis=1) & (edges.min(axis=1) <= high).all(1)
    edges = edges[near]
    if len(own) * len(edges) <= most_crossings:
        return
    tree = shapely.STRtree(shapely.linestrings(own))
    found = 0
    for start in range(0, len(edges), _EDGES_AT_ONCE):
        some = shapely.linestrings(edges[start : start + _EDGES_AT_ONCE])
        found += tree.query(some).shape[1]
        if found > most_crossings:
            raise InvalidSubjectGeometry("too_intricate", most=most_crossings)


def _as_multipolygon(geometry: BaseGeometry | None) -> MultiPolygon:
    if geometry is None or shapely.is_empty(geometry):
        raise InvalidSubjectGeometry("empty")
    if geometry.geom_type == "Polygon":
        return MultiPolygon([shapely.force_2d(geometry)])
    if geometry.geom_type == "MultiPolygon":
        return shapely.force_2d(geometry)
    raise InvalidSubjectGeometry("not_a_polygon", found=geometry.geom_type)


def _check_coordinates(vertices: Vertices) -> None:
    finite = np.isfinite(vertices).all(axis=1)
    if not finite.all():
        raise InvalidSubjectGeometry("not_finite", found=int(np.argmin(finite)) + 1)
    west, south, east, north = CHINA_BOUNDS
    inside = _within(vertices, west, south, east, north)
    if inside.all():
        return
    longitude, latitude = vertices[int(np.argmin(inside))].tolist()
    if not _within(vertices, -180, -90, 180, 180).all():
        reason = "not_degrees"
    elif _within(vertices[:, ::-1], west, south, east, north).all():
        reason = "swapped"
    else:
        reason = "outside_china"
    raise InvalidSubjectGeometry(reason, longitude, latitude)


def _within(
    vertices: Vertices, west: float, south: float, east: float, north: float
) -> Flags:
    inside = (vertices >= (west, south)) & (vertices <= (east, north))
    return inside[:, 0] & inside[:, 1]


def _check_validity(polygons: MultiPolygon) -> None:
    if shapely.is_valid(polygons):
        return
    why = explain(shapely.is_valid_reason(polygons))
    where = _somewhere(polygons) if math.isnan(why.x) else (why.x, why.y)
    reason = _GEOS_REASONS.get(why.en, "invalid")
    raise InvalidSubjectGeometry(reason, *where, found_zh=why.zh, found_en=why.en)


def _somewhere(polygons: MultiPolygon) -> tuple[float, float]:
    longitude, latitude = shapely.get_coordinates(polygons)[0].tolist()
    return longitude, latitude
